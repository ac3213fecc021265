"""planning_check: what developers owe a community, checked against dated and cited rules."""

__version__ = "0.1.0"
