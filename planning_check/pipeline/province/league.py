"""The league of cities of a province's run on record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planning_check.errors import Text, UsageError
from planning_check.pipeline.recorded import letters

if TYPE_CHECKING:
    from planning_check.report.told.league import League


def league(db_url: str, run: int | str | None = None, *, sort: str = "left") -> League:
    """The cities of a run (the latest if none is named). ``sort``: one of ``told.league.SORTS``.

    Raises UsageError where the run is of one delivery: it has no cities.
    """
    from planning_check import store
    from planning_check.report.told import league as told

    with store.reading(db_url) as engine:
        stored = store.load_run(engine, run)
        if not stored.manifest.get("cities"):
            raise UsageError(
                Text(f"第 {stored.id} 次检查不是全省的，没有各城市可比", f"run {stored.id} is not of a province: it has no cities to compare"),
                fix=Text("用 --run province 看全省最近的一次；planning-check province merge 记入一次",
                         "--run province reads the latest of a province; planning-check province merge records one"),
            )  # fmt: skip
        return told.league(stored, store.league_rows(engine, stored.id, letters()), sort)
