"""Keeps in the user's cache folder what takes long to make, sealed, found by a hash of everything that it was made from.

A changed byte of what it was made from, another program, a damaged or foreign file is a miss, and what is missing is made anew.
``PLANNING_CHECK_CACHE`` names another folder; ``off`` keeps nothing.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

from planning_check.leftovers import left, mark

VARIABLE = "PLANNING_CHECK_CACHE"
_OFF = "off"
_PACKAGE = Path(__file__).parent


def cache_folder() -> Path | None:
    """Where things are kept: ``PLANNING_CHECK_CACHE``, else the system's place for what can be made again;
    None if nothing is to be kept."""
    named = os.environ.get(VARIABLE)
    if named is not None:
        return None if named.strip().lower() in ("", _OFF) else Path(named)
    try:
        if sys.platform == "win32":
            return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "planning_check" / "cache"
        if sys.platform == "darwin":
            return Path.home() / "Library" / "Caches" / "planning_check"
        return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "planning_check"
    except RuntimeError:  # no home folder
        return None


@contextmanager
def nothing_kept() -> Iterator[None]:
    """Within the block nothing is kept, and nothing that was kept is read: what is proved must not rest on it."""
    before = os.environ.get(VARIABLE)
    os.environ[VARIABLE] = _OFF
    try:
        yield
    finally:
        if before is None:
            del os.environ[VARIABLE]
        else:
            os.environ[VARIABLE] = before


def digest(*parts: str | bytes) -> str:
    """A hash of the parts, each apart from the next."""
    whole = hashlib.sha256()
    for part in parts:
        data = part if isinstance(part, bytes) else part.encode("utf-8", "surrogateescape")
        whole.update(len(data).to_bytes(8, "big") + data)
    return whole.hexdigest()


@cache
def code_of(*rooms: str) -> str:
    """A hash of the program's code in these rooms, and of what lies on the ground beside them."""
    files = [*_PACKAGE.glob("*.py"), *(p for room in rooms for p in (_PACKAGE / room).rglob("*") if p.suffix in (".py", ".sql"))]
    return digest(*(part for path in sorted(files) for part in (path.relative_to(_PACKAGE).as_posix(), path.read_bytes())))


def read(path: Path, key: str) -> bytes:
    """What is kept there under the key. Raises OSError or ValueError where it is not there, not one's own, or not as it was written."""
    with path.open("rb") as file:
        if hasattr(os, "getuid") and os.fstat(file.fileno()).st_uid != os.getuid():
            raise PermissionError(path)
        sealed, packed = file.read(64), file.read()
    if sealed.decode("ascii") != seal(key, packed):
        raise ValueError(path)
    return packed


def write(path: Path, key: str, packed: bytes) -> None:
    """Keep it, whole or not at all. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    for unfinished in left(path.parent, "unfinished"):
        with suppress(OSError):
            unfinished.unlink()
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f"unfinished.{mark()}.")  # readable by nobody else
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(seal(key, packed).encode("ascii") + packed)
        Path(name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise


def drop_oldest(folder: Path, ending: str, *, most_files: int | None = None, most_bytes: int | None = None) -> None:
    """Of the files there with this ending the newest stay, no more than so many and so much. Raises OSError where there is no folder."""
    found = []
    with os.scandir(folder) as entries:  # a fifth of what ``glob`` takes
        for entry in entries:
            with suppress(OSError):  # another program took it away
                if entry.name.endswith(ending):
                    told = entry.stat()
                    found.append((told.st_mtime, told.st_size, Path(entry.path)))
    total = 0
    for number, (_, size, path) in enumerate(sorted(found, reverse=True), 1):
        total += size
        if (most_files is not None and number > most_files) or (most_bytes is not None and total > most_bytes):
            with suppress(OSError):
                path.unlink(missing_ok=True)


def seal(key: str, packed: bytes) -> str:
    return hashlib.sha256(key.encode("ascii") + packed).hexdigest()
