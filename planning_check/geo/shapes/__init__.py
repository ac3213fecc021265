"""What is a polygon, what is wrong with one that is not, and its repair within limits."""
