"""Where to build next: who lives where, what serves them already, which sites there are, and which few of them serve the most. Pure."""
