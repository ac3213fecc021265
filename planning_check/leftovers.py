"""What a program that was killed left beside its work: it bears the number of its process,
so that the next one knows it and takes it away."""

from __future__ import annotations

import hashlib
import os
import platform
import time
from collections.abc import Iterator
from pathlib import Path

BEGINS = ".planning_check_"
_BEGUN = time.time()  # what bears this process's own number and is older was left by another one of that number
_UNKNOWN_SECONDS = 24 * 3600  # older than this it is left, where nobody here can say whether its program still runs


def mark(number: int | None = None) -> str:
    """What a name ends in before its last point, for this process or another one of this computer."""
    return f"{_computer()}-{os.getpid() if number is None else number}"


def beside(path: Path) -> str:
    """What begins the name of that which is to take the place of a file or folder: short, whatever the length of its own."""
    return BEGINS + hashlib.sha256(os.fsencode(path.name)).hexdigest()[:12]


def left(folder: Path, begins: str) -> Iterator[Path]:
    """What begins so, in that folder, and is of no program that still works."""
    for path in sorted(folder.glob(f"{begins}.*-*.*")):
        if not _is_at_work(path):
            yield path


def _is_at_work(path: Path) -> bool:
    computer, _, number = path.name.rsplit(".", 2)[1].rpartition("-")
    if not number.isdigit():
        return True
    if computer == _computer() and int(number) == os.getpid():
        return _changed(path) >= _BEGUN - 1  # disks tell time less finely
    if computer != _computer() or os.name == "nt":  # on Windows a signal of 0 would end it
        return time.time() - _changed(path) < _UNKNOWN_SECONDS
    try:
        os.kill(int(number), 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        pass
    return True


def _changed(path: Path) -> float:
    """When it changed last, in seconds as ``time.time`` counts them; now, where it cannot be asked or is gone."""
    try:
        return path.lstat().st_mtime
    except OSError:
        return time.time()


def _computer() -> str:
    """Several may share a disk, and programs in containers have numbers of their own."""
    return hashlib.sha256(platform.node().encode()).hexdigest()[:6]
