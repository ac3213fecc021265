"""The rulebook and its plan as they were made last time, kept in the user's cache folder: loading and compiling take longer than checking a small city.

What is kept is found by a hash of everything it was made from: every rule file, the program's own code and the versions under it. A changed word, a
changed program, a damaged or foreign file is a miss, and what is missing is made anew. ``PLANNING_CHECK_CACHE`` names another folder; ``off`` keeps nothing.
"""

from __future__ import annotations

import hashlib
import io
import os
import pickle
import sys
import tempfile
import zlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from planning_check.assess import Plan
    from planning_check.rulebook.loading import Rulebook

VARIABLE = "PLANNING_CHECK_CACHE"
_OFF = "off"
_FILES_KEPT = 24  # a book and its plan are two; the oldest go
_PACKAGE = Path(__file__).parents[1]
_CODE = ("assess", "facts", "geo", "rulebook")  # and what lies on the ground beside them
_PLAIN = {("decimal", "Decimal"), ("datetime", "date"), *(("pathlib", f"{name}Path") for name in ("", "Posix", "Windows"))}


def load_kept(folders: Sequence[Path]) -> Rulebook:
    """The rulebook of these folders, as ``loading.load`` reads it. Raises RulebookError and UsageError as that does."""
    from planning_check.rulebook.loading import load, rule_files

    parts: list[str | bytes] = []
    for folder in folders:
        parts += [f"folder {folder}"]
        for path in rule_files(folder):
            if path.is_file():
                parts += [path.as_posix(), path.read_bytes()]
    return _kept(_digest("rulebook", *parts), lambda: load(folders))


def plan_kept(book: Rulebook, select: Sequence[str] = (), ignore: Sequence[str] = (), shown: Sequence[str] | None = None) -> Plan:
    """The plan of a rulebook, as ``Rulebook.plan`` compiles it (``shown``: its own default if None). Raises UsageError as that does."""
    options = {} if shown is None else {"shown": tuple(shown)}
    key = _digest("plan", pickle.dumps(book), repr((tuple(select), tuple(ignore), options)))
    return _kept(key, lambda: book.plan(select, ignore, **options))


def cache_folder() -> Path | None:
    """Where things are kept: ``PLANNING_CHECK_CACHE``, else the system's place for what can be made again; None if nothing is to be kept."""
    named = os.environ.get(VARIABLE)
    if named is not None:
        return None if named.strip().lower() in ("", _OFF) else Path(named)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "planning_check" / "cache"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "planning_check"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "planning_check"


def _kept(key: str, make: Callable[[], Any]) -> Any:
    try:
        folder = cache_folder()
    except RuntimeError:  # no home folder
        folder = None
    if folder is None:
        return make()
    path = folder / f"{key}.kept"
    with suppress(Exception):  # whatever is wrong with what was kept, it is made anew
        return _read(path, key)
    data = pickle.dumps(make(), protocol=pickle.HIGHEST_PROTOCOL)
    with suppress(OSError):  # a full disk or a folder that may not be written: then not
        _write(path, key, zlib.compress(data, 1))
    return pickle.loads(data)  # as it will be read next time, down to the order of its bytes: a plan is found by those of its book


def _read(path: Path, key: str) -> Any:
    with path.open("rb") as file:
        if hasattr(os, "getuid") and os.fstat(file.fileno()).st_uid != os.getuid():
            raise PermissionError(path)
        seal, packed = file.read(64), file.read()
    if seal.decode("ascii") != _seal(key, packed):
        raise ValueError(path)
    return _OwnTypes(io.BytesIO(zlib.decompress(packed))).load()


def _write(path: Path, key: str, packed: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".new")  # readable by nobody else
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(_seal(key, packed).encode("ascii") + packed)
        Path(name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise
    _drop_oldest(path.parent)


def _drop_oldest(folder: Path) -> None:
    files = sorted((p for p in folder.glob("*.kept")), key=lambda p: p.stat().st_mtime, reverse=True)
    for old in files[_FILES_KEPT:]:
        old.unlink(missing_ok=True)


def _seal(key: str, packed: bytes) -> str:
    return hashlib.sha256(key.encode("ascii") + packed).hexdigest()


class _OwnTypes(pickle.Unpickler):
    """Reads nothing but this package's own classes and a few plain ones, so that a foreign file cannot run anything."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) in _PLAIN:
            return super().find_class(module, name)
        if module.startswith("planning_check.") and "." not in name:
            found = super().find_class(module, name)
            if isinstance(found, type) and found.__module__ == module:
                return found
        raise pickle.UnpicklingError(f"{module}.{name}")


def _digest(kind: str, *parts: str | bytes) -> str:
    whole = hashlib.sha256()
    for part in (kind, *_made_by(), *parts):
        data = part if isinstance(part, bytes) else part.encode("utf-8", "surrogateescape")
        whole.update(len(data).to_bytes(8, "big") + data)
    return whole.hexdigest()


@cache
def _made_by() -> tuple[str, ...]:
    """The program's code that reads and compiles rules, and the versions that it stands on."""
    code = hashlib.sha256()
    files = [*_PACKAGE.glob("*.py"), *(p for room in _CODE for p in (_PACKAGE / room).rglob("*") if p.suffix in (".py", ".sql"))]
    for path in sorted(files):
        code.update(path.read_bytes())
    return sys.version, version("sqlglot"), version("ruamel.yaml"), code.hexdigest()
