"""Pages generated from what the program itself reads: the rules, the data dictionary."""
