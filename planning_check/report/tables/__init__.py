"""Findings as files for other programs: CSV, JSON, JSON Lines, their JSON Schema, GeoJSON."""
