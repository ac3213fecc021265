"""What bureaus let pass, of a run on record, by bureau and year."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

from planning_check.errors import Text, UsageError

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from planning_check.record.run import StoredRun
    from planning_check.report.told.controls import Controls
    from planning_check.store import Told


def controls(
    db_url: str, run: int | str | None = None, *, bureau: str | None = None, year: int | None = None, district: str | None = None,
    by_district: bool = False, by_city: bool = False,
) -> Controls:  # fmt: skip
    """What each bureau let pass in a run (the latest if none is named), or one of them, in one year, in one district (its name or code), or
    in each, or in each city of a province.

    Raises UsageError for a year or district in which nothing was done.
    """
    from planning_check import store

    with store.reading(db_url) as engine:
        stored = store.load_run(engine, run)
        code = _district(stored, district)
        found = controls_of(engine, stored, store.rules_of(engine, stored.id), district=code, by_district=by_district, by_city=by_city)
    known = [str(one) for one in found.chosen(bureau, None).years if one is not None]
    if year is not None and str(year) not in known:
        there = ", ".join(known)
        raise UsageError(
            Text(f"{year} 年没有部门的办理", f"no bureau did anything in {year}"),
            fix=Text(f"有记录的年份：{there}", f"years on record: {there}") if known else None,
        )
    return found.chosen(bureau, year)


def _district(stored: StoredRun, told: str | None) -> str | None:
    """The code of the district that a name or code means, among those in which anything was done."""
    if told is None:
        return None
    there = {row[3]: row[4] or row[3] for rows in stored.manifest.get("acts", {}).values() for row in rows if row[3]}
    found = [code for code, name in there.items() if told in (code, name)]
    if len(found) != 1:
        known = ", ".join(f"{name} {code}" for code, name in sorted(there.items()))
        raise UsageError(
            Text(f"没有区县 {told} 的办理" if not found else f"有几个区县叫 {told}",
                 f"nothing was done in district {told}" if not found else f"several districts are called {told}"),
            fix=Text(f"有办理的区县：{known}", f"districts on record: {known}") if known else None,
        )  # fmt: skip
    return str(found[0])


def controls_of(
    engine: Engine, stored: StoredRun, rules: Sequence[Any], told: Told | None = None, *, district: str | None = None,
    by_district: bool = False, by_city: bool = False,
) -> Controls:  # fmt: skip
    """The same of a run that was loaded already, with its rules."""
    from planning_check import store
    from planning_check.report.told.controls import controls as made
    from planning_check.report.told.controls import watching

    found = (store.findings(engine, stored.id, store.Filters(rule=rule_id), told) for rule_id in watching(rules))
    return made(
        stored, rules, chain.from_iterable(found), store.led(engine, stored.id), district=district, by_district=by_district, by_city=by_city
    )
