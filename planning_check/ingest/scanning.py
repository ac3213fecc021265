"""Whether a pattern is anywhere in many bytes: by RE2, which goes through them several times as fast as Python's own patterns."""

from __future__ import annotations

from array import array


def holds(data: bytes | memoryview, pattern: str) -> bool:
    """Whether ``pattern`` (as RE2 writes it, a sign for each byte) is anywhere in ``data``, which is not copied."""
    import pyarrow as pa
    import pyarrow.compute as pc

    ends = pa.py_buffer(array("q", (0, len(data))))
    value = pa.Array.from_buffers(pa.large_binary(), 1, [None, ends, pa.py_buffer(data)])
    return bool(pc.match_substring_regex(value, pattern)[0].as_py())
