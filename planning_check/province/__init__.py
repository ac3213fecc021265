"""Many cities, one engine: what is kept of a shard, where it lies, which cities reach across, and the workers. The checking is the pipeline's."""
