"""What is said, as lines of text laid out by display width."""
