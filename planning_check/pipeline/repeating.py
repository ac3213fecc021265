"""A check asked for again where nothing has changed: the run on record answers, after its rows were hashed again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from planning_check import __version__
from planning_check.errors import ActionableError, Text

if TYPE_CHECKING:
    from planning_check.pipeline.options import Options
    from planning_check.pipeline.running import CheckResult
    from planning_check.rulebook.loading import Rulebook

_PACKAGE = Path(__file__).parents[1]
#: The tool's own databases, which may lie beside what is delivered; all else in the folders counts, read or not.
_OWN = (".sqlite", ".sqlite-wal", ".sqlite-shm", ".sqlite-journal")


def asked(options: Options, book: Rulebook) -> str | None:
    """A hash of all that the run depends on, known before anything is read: every file of the delivery, the rules, the days, the options, the
    program. None where a file cannot be read, and so nobody can say that nothing has changed.
    """
    import duckdb

    from planning_check.ingest.delivery import digest, read_manifest
    from planning_check.pipeline.running import bundled, rule_folder

    paths = list(options.paths) or [bundled("data") / "demo"]
    try:
        told = {
            "files": [(path.as_posix(), digest([path])) for path in _files(paths)],
            "paths": [str(path.resolve()) for path in paths],
            "as_of": options.as_of.isoformat() if options.as_of else None,
            "day": options.day(read_manifest(paths).get("as_of")).isoformat(),
            "rules": [book.hashes, book.off, book.overridden, [str(rule_folder(path).resolve()) for path in options.rule_dirs]],
            "options": [list(options.select), list(options.ignore), sorted(options.crs), options.series],
            "program": [__version__, duckdb.__version__, _code()],
        }
    except (OSError, ActionableError):  # the check itself says what is wrong
        return None
    return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode("utf-8", "surrogateescape")).hexdigest()


def repeated(
    options: Options, db_url: str, *, full: bool = False, told: Callable[[Text], None] | None = None
) -> CheckResult | None:  # fmt: skip
    """The latest run on record, if a check with these options would be made from the very same things; None if not, or if there is none.

    The run is hashed again first: one that is no longer as it was recorded is told, and is no answer. Raises RulebookError as ``check`` does.
    """
    from planning_check.pipeline.running import CheckResult, load_rules
    from planning_check.report.console.lists import MOST_LINES
    from planning_check.report.told.summarising import summarise
    from planning_check.store import totals
    from planning_check.store.checking import checked, reading
    from planning_check.store.runs import load_run

    book = load_rules(options.rule_dirs)
    try:
        with reading(db_url) as store:
            run = load_run(store)
            if run.manifest.get("asked") is None or run.manifest["asked"] != asked(options, book):
                return None
            if (state := checked(store, run)).differs or not state.has_root:
                if told:
                    told(_changed(run.id))
                return None
            return CheckResult(run.id, summarise(totals(store, run.id, told=None if full else MOST_LINES)), [])
    except ActionableError:  # no database yet, an older one, a damaged one: the check itself makes, upgrades or refuses it
        return None


def _changed(run_id: int) -> Text:
    return Text(
        f"第 {run_id} 次检查的记录与当初记下的不一样（planning-check db check 说是哪里），所以重新检查",
        f"run {run_id} is no longer as it was recorded (planning-check db check says where), so everything is checked anew",
    )


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    """Every file that may be read: all in a folder, and of a file that is named those of its name beside it."""
    for path in paths:
        found = path.rglob("*") if path.is_dir() else path.parent.glob("*")
        for one in sorted(found):
            beside = path.is_dir() or one.name.split(".")[0] == path.name.split(".")[0]
            if beside and one.is_file() and not one.name.endswith(_OWN):
                yield one


@cache
def _code() -> str:
    whole = hashlib.sha256()
    for path in sorted(p for p in _PACKAGE.rglob("*") if p.suffix in (".py", ".sql")):
        whole.update(path.relative_to(_PACKAGE).as_posix().encode() + path.read_bytes())
    return whole.hexdigest()
