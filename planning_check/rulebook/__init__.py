"""Ordinances and rules: YAML read strictly, expressions compiled to SQL, worked cases run."""
