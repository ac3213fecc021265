"""The database of runs itself: what it holds, whether it still holds it, and bringing it to this version's shape."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from planning_check.errors import Text, UsageError

if TYPE_CHECKING:
    from planning_check.store import Broken, Checked, Head, RunLine, Upgraded


def runs_list(db_url: str) -> list[RunLine]:
    """Every run on record, oldest first, with how many violations and open verdicts it holds."""
    from planning_check import store

    with store.reading(db_url) as engine:
        return store.run_lines(engine)


def read_of_several(db_url: str) -> Text | None:
    """Whose run the latest is, where runs of several series are on record; none where none is (a rule is explained without one)."""
    from planning_check import store

    try:
        with store.reading(db_url) as engine:
            latest = store.latest_of_series(engine)
    except UsageError:
        return None
    if len(latest) < 2:
        return None
    (read, run), *others = latest
    return Text(
        f"读的是最近一次检查：第 {run} 次，系列“{read}”；另有系列：{'、'.join(name for name, _ in others)}（--run 系列名 另选）",
        f"this is the latest run, {run}, of the series '{read}'; there are also: {', '.join(name for name, _ in others)} "
        "(--run SERIES chooses another)",
    )


def check_database(db_url: str) -> list[Checked]:
    """Every run hashed again and compared with what was recorded; damage that keeps it from being read is an error of its own."""
    from planning_check import store

    with store.reading(db_url) as engine:
        return list(store.check_runs(engine))


def check_log(db_url: str, papers: Sequence[Head] = ()) -> list[Broken]:
    """What is wrong in the logs of the series; ``papers``: heads of logs as they stand on paper."""
    from planning_check import store

    with store.reading(db_url) as engine:
        return list(store.check_log(engine, papers))


def upgrade_database(db_url: str, told: Callable[[Text], None] | None = None) -> Upgraded | None:
    """Bring a database to this version's shape; none if it has it already."""
    from planning_check import store

    return store.upgrade(db_url, told)


def back_up_database(db_url: str, copy: Path) -> None:
    """A whole copy of the database in a file, made while others may write. Raises UsageError for one on a server."""
    from planning_check import store

    with store.reading(db_url) as engine:
        store.back_up(engine, copy)


def shown_address(db_url: str) -> str:
    """The address as people may see it, without passwords."""
    from planning_check.store.address import parsed, shown

    return shown(parsed(db_url))
