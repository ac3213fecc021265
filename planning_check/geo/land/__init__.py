"""Parcels and communities: borders, shares, overlaps, neighbours, and the rooms on the land."""
