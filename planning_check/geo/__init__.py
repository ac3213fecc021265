"""Geometry: coordinate systems, what lies near, what lies within. Vectorised; never a loop over rows."""
