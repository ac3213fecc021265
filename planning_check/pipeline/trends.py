"""How a series went from run to run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from planning_check.errors import Text
from planning_check.record.run import StoredRun
from planning_check.record.trend import Trend, TrendRow


def trends(db_url: str, run: int | str | None = None, *, by: str = "list") -> Trend:
    """The lists of every run of the series of a run (the latest if none is named), by list, district, city (of a province;
    else district) or developer; and since when what that
    run found has been known. Raises UsageError as every reading of a run."""
    from planning_check import store
    from planning_check.report.told.cities import cities_of
    from planning_check.store.totals import by_district
    from planning_check.store.trends import aged, trend_rows

    with store.reading(db_url) as engine:
        stored = store.load_run(engine, run)
        runs = sorted((one for one in store.runs(engine) if one.series == stored.series), key=lambda one: (one.as_of, one.id))
        numbers, old = [one.id for one in runs], aged(engine, stored.id, stored.series)
        if by in ("district", "city") and cities_of(stored.manifest):
            with engine.connect() as connection:
                called = {row.district_code or "": row.district_name or "" for row in connection.execute(by_district(stored.id))}
            rows, names = _by_place(runs, trend_rows(engine, numbers, "district_code"), by, called)
            return Trend(by, stored, runs, rows, old, names)
        by = "district" if by == "city" else by
        return Trend(by, stored, runs, trend_rows(engine, numbers, by), old)


def _by_place(
    runs: Sequence[StoredRun], rows: Sequence[TrendRow], by: str, called: Mapping[str, str]
) -> tuple[list[TrendRow], dict[str, Text]]:
    """The rows of a province's series by city, or by district with its city, each run by the cities that it had; and what these are
    called. ``called``: the districts by their codes, as the latest run names them."""
    from planning_check.report.told.cities import cities_of

    cities = {run.id: cities_of(run.manifest) for run in runs}
    found: dict[tuple[int, str, str], TrendRow] = {}
    names: dict[str, Text] = {}
    for row in rows:
        of = cities[row.run_id]
        group = of.label(row.group) if by == "city" else row.group
        name = called.get(row.group) or row.group
        names[group] = of.name(row.group) if by == "city" else Text(*(of.place(row.group, name, lang) for lang in ("zh", "en")))
        held = found.get((row.run_id, row.list, group))
        if held is None:
            found[row.run_id, row.list, group] = replace(row, group=group)
        else:
            area, yuan = _added(held.area_m2, row.area_m2), _added(held.yuan, row.yuan)
            found[row.run_id, row.list, group] = replace(held, lines=held.lines + row.lines, area_m2=area, yuan=yuan)
    return list(found.values()), names


def _added(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return one if other is None else (one or Decimal(0)) + other
