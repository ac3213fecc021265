"""One shard, checked as one delivery by the same pipeline: pure and repeatable, on any machine that reaches the files."""

from __future__ import annotations

from planning_check.record.province import Commit, Task


def check_shard(task: Task) -> Commit:
    """Check a shard and keep its result below ``task.out``. A result that is there with an equal digest is returned, not made again.

    Raises ActionableError where the delivery cannot be read or judged, or is not the one that was planned; MemoryError and
    duckdb.OutOfMemoryException where the memory was too little; OSError where the disk was.
    """
    raise NotImplementedError
