"""Deliveries that are told in YAML: what was sent, and what the right answer is."""
