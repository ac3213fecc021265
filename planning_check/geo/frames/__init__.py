"""Which coordinates a layer's numbers are, and the plane that they are measured in."""
