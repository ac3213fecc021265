"""What a check is asked to be made from, by its contents: known before anything is read."""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.metadata import requires, version
from pathlib import Path
from typing import TYPE_CHECKING

from planning_check import __version__
from planning_check.errors import ActionableError
from planning_check.pipeline.rules import rule_folder

if TYPE_CHECKING:
    from planning_check.pipeline.options import Options
    from planning_check.rulebook.loading import Rulebook

_PACKAGE = Path(__file__).parents[1]
#: The tool's own databases, which may lie beside what is delivered; all else in the folders counts, read or not.
_OWN = (".sqlite", ".sqlite-wal", ".sqlite-shm", ".sqlite-journal")


def asked(options: Options, book: Rulebook) -> str | None:
    """A hash of all that the run depends on, known before anything is read: every file of the delivery, the rules, the days, the options,
    the program. None where a file cannot be read, and so nobody can say that nothing has changed.
    """
    from planning_check.ingest.delivery import read_manifest

    paths = options.delivered
    try:
        told = {
            "files": list(_files(paths)),
            "paths": [str(path.resolve()) for path in paths],
            "as_of": options.as_of.isoformat() if options.as_of else None,
            "day": options.day(read_manifest(paths).get("as_of")).isoformat(),
            "rules": [
                book.hashes,
                book.off,
                book.overridden,
                [str(rule_folder(path).resolve()) for path in options.rule_dirs],
                book.proofs.demanded(book.rules),
            ],
            "options": [list(options.select), list(options.ignore), sorted(options.crs), options.series],
            "mapping": _mapping(options),
            "program": [__version__, sys.version, _libraries(), _code()],
        }
    except (OSError, ActionableError):  # the check itself says what is wrong
        return None
    return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode("utf-8", "surrogateescape")).hexdigest()


def _mapping(options: Options) -> str | None:
    if isinstance(options.mapping, Path):
        return options.mapping.read_bytes().decode("utf-8", "replace")
    return options.mapping.text if options.mapping else None


def _files(paths: Sequence[Path]) -> Iterator[tuple[str, str]]:
    """Everything that may be read, with a hash of what is in it: all in a folder, and of a file that is named those of its name beside it.

    Of what is no file, and of a link out of the delivery, only that it is there.
    """
    from planning_check.ingest.delivery import digest, leads_out

    roots = [os.path.realpath(path) for path in paths]
    for path in paths:
        is_folder = path.is_dir()
        for one in sorted(_everything(path) if is_folder else path.parent.glob("*")):
            beside = is_folder or one.name.split(".")[0] == path.name.split(".")[0]
            if beside and not one.name.endswith(_OWN):
                is_read = one.is_file() and not (is_folder and leads_out(one, roots))
                yield one.as_posix(), digest([one]) if is_read else ""


def _everything(top: Path) -> Iterator[Path]:
    """All that is in a folder, however deep. Links are there, and not looked into."""
    waiting = [top]
    while waiting:
        for one in waiting.pop().iterdir():
            yield one
            if one.is_dir() and not one.is_symlink():
                waiting.append(one)


@cache
def _libraries() -> list[tuple[str, str]]:
    """What the program stands on, by name and version: the same files read by another reader may give another result."""
    needed = [named[0] for line in requires("planning-check") or () if "extra ==" not in line and (named := re.match(r"[\w.-]+", line))]
    return [(name, version(name)) for name in sorted(needed)]


@cache
def _code() -> str:
    """The program's own code, by its contents."""
    whole = hashlib.sha256()
    for path in sorted(p for p in _PACKAGE.rglob("*") if p.suffix in (".py", ".sql")):
        whole.update(path.relative_to(_PACKAGE).as_posix().encode() + path.read_bytes())
    return whole.hexdigest()
