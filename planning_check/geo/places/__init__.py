"""Offices, rooms and idle facilities as points: near what, in which community, matched to whom."""
