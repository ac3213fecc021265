"""Several ways to do the same work: this program's, and those of its peers. One module a way; each runs in a process of its own."""
