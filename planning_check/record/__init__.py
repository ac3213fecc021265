"""What a run is, as pure data: what the store gives back and the report tells."""
