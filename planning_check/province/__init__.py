"""Many cities, one engine: what is kept of a shard and where it lies, which cities reach across, the workers. The pipeline checks."""
