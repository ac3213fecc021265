"""How much memory a check takes where nobody said: what such a delivery usually needs, so that an office PC keeps room for its other
programs, and where that was too little, once more with what the engine takes of itself."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    import duckdb

    from planning_check.pipeline.options import Options

Made = TypeVar("Made")

_LEAST_BYTES = 600_000_000
_TIMES = 2  # of what is delivered; measured on invented deliveries of 10,000 to 1,000,000 projects
#: What is packed in its file, and about how many times smaller for it.
_PACKED = {".xlsx": 8, ".xlsm": 8, ".xlsb": 8, ".ods": 8, ".zip": 8, ".kmz": 8, ".parquet": 4}


def usually_enough(paths: Sequence[Path]) -> str:
    """The memory that a delivery of these files and folders usually needs, as the engine takes it: ``612MB``."""
    delivered = sum(_unpacked_bytes(file) for path in paths for file in _inside(path))
    return f"{(_LEAST_BYTES + _TIMES * delivered) // 1_000_000}MB"


def _inside(path: Path) -> Iterator[Path]:
    """The file itself, or the files in a folder, however deep; of what is neither nothing is known here."""
    yield path
    for root, _, names in os.walk(path):
        yield from (Path(root, name) for name in names)


def _unpacked_bytes(file: Path) -> int:
    try:
        return file.stat().st_size * _PACKED.get(file.suffix.lower(), 1)
    except OSError:  # said where it is read
        return 0


def in_engine(options: Options, work: Callable[[duckdb.DuckDBPyConnection], Made]) -> Made:
    """What ``work`` makes in an engine with the limits that were asked for. It is begun anew where memory that nobody limited was
    too little."""
    from planning_check.engine import lacked_memory, opened

    if options.memory is None:
        try:
            with opened(threads=options.threads, memory=usually_enough(options.paths)) as con:
                return work(con)
        except Exception as error:
            if not lacked_memory(error):
                raise  # else the engine is closed before the next one is opened
    with opened(threads=options.threads, memory=options.memory) as con:
        return work(con)
