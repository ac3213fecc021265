"""The rulebook and its plan as they were made last time: loading and compiling take longer than checking a small city.

They are found by a hash of everything they were made from: every rule file, the program's own code and the versions under it (``keeping``).
"""

from __future__ import annotations

import io
import pickle
import sys
import zlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planning_check import keeping

if TYPE_CHECKING:
    from planning_check.assess import Plan
    from planning_check.rulebook.loading import Rulebook

_FILES_KEPT = 24  # those used last; a book and its plan are two
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
    return _kept(keeping.digest("rulebook", *_made_by(), *parts), lambda: load(folders))


def plan_kept(book: Rulebook, select: Sequence[str] = (), ignore: Sequence[str] = (), shown: Sequence[str] | None = None) -> Plan:
    """The plan of a rulebook, as ``Rulebook.plan`` compiles it (``shown``: its own default if None). Raises UsageError as that does."""
    options = {} if shown is None else {"shown": tuple(shown)}
    key = keeping.digest("plan", *_made_by(), pickle.dumps(book), repr((tuple(select), tuple(ignore), options)))
    return _kept(key, lambda: book.plan(select, ignore, **options))


def _kept(key: str, make: Callable[[], Any]) -> Any:
    folder = keeping.cache_folder()
    if folder is None:
        return make()
    path = folder / f"{key}.kept"
    with suppress(Exception):  # whatever is wrong with what was kept, it is made anew
        made = _OwnTypes(io.BytesIO(zlib.decompress(keeping.read(path, key)))).load()
        with suppress(OSError):
            path.touch()  # used last
        return made
    data = pickle.dumps(make(), protocol=pickle.HIGHEST_PROTOCOL)
    with suppress(OSError):  # a full disk or a folder that may not be written: then not
        keeping.write(path, key, zlib.compress(data, 1))
        keeping.drop_oldest(folder, ".kept", most_files=_FILES_KEPT)
    return pickle.loads(data)  # as it will be read next time, down to the order of its bytes: a plan is found by those of its book


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


@cache
def _made_by() -> tuple[str, ...]:
    """The program's code that reads and compiles rules, and the versions that it stands on."""
    return sys.version, version("sqlglot"), version("ruamel.yaml"), keeping.code_of("assess", "facts", "geo", "rulebook")
