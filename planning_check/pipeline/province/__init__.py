"""A province: planned, checked shard by shard on any number of machines, merged into one run, verified."""
