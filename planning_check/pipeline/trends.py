"""How a series went from run to run."""

from __future__ import annotations

from planning_check.record.trend import Trend


def trends(db_url: str, run: int | str | None = None, *, by: str = "list") -> Trend:
    """The lists of every run of the series of a run (the latest if none is named), by list, district or developer; and since when what that
    run found has been known. Raises UsageError as every reading of a run."""
    from planning_check import store
    from planning_check.store.trends import aged, trend_rows

    with store.reading(db_url) as engine:
        stored = store.load_run(engine, run)
        runs = sorted((one for one in store.runs(engine) if one.series == stored.series), key=lambda one: (one.as_of, one.id))
        return Trend(by, stored, runs, trend_rows(engine, [one.id for one in runs], by), aged(engine, stored.id, stored.series))
