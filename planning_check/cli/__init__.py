"""The front door: parse, one call, print."""
