"""``workdays.yaml``: holidays and make-up days of work that a city tells itself; strictly read.

``years``: the years that it tells whole; ``holidays``, ``workdays``: days, or ``{from, to}``; ``cite``: the notice that arranged them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from planning_check.rulebook.nodes import Item, read_yaml
from planning_check.workdays import FILE, Workdays, library_years

_KEYS = ("years", "holidays", "workdays", "cite")
_YEARS = (1949, 2200)
_LONGEST = 60  # days of one holiday


def workdays_of(folders: Sequence[Path]) -> Workdays:
    """What the folders say, a later one before an earlier one, day by day and year by year. Raises RulebookError with file:line."""
    found = Workdays()
    for folder in folders:
        path = folder / FILE
        if path.exists():
            found = _over(found, read_workdays(path, f"{folder.name}/{path.name}"))
    return found


def read_workdays(path: Path, name: str) -> Workdays:
    """One file. Raises RulebookError (file:line) for a day that is told twice, or of a year of which nothing else is known."""
    item = read_yaml(path, name=name)
    given = item.mapping(_KEYS)
    item.need("cite").text()
    years = [_year(one) for one in given["years"].items()] if "years" in given else []
    told: dict[dt.date, bool] = {}
    for key in ("holidays", "workdays"):
        for one in given[key].items() if key in given else ():
            for day in _days(one):
                if day in told:
                    raise one.fail(f"{day} 写了两次", f"{day} is told twice")
                if day.year not in years and day.year not in library_years():
                    raise one.fail(
                        f"不知道 {day.year} 年的其他节假日", f"the other holidays of {day.year} are not known",
                        fix_zh=f"写全这一年，并写 years: [{day.year}]", fix_en=f"tell the whole year, and write years: [{day.year}]",
                    )  # fmt: skip
                told[day] = key == "workdays"
    off, on = (tuple(sorted(day for day, worked in told.items() if worked is wanted)) for wanted in (False, True))
    for one, year in zip(given["years"].items() if "years" in given else (), years, strict=True):
        if not any(day.year == year for day in off):
            raise one.fail(
                f"{year} 年一个节假日也没有写", f"not one holiday of {year} is told", fix_zh="写全 holidays", fix_en="tell its holidays"
            )
    return Workdays(tuple(sorted(set(years))), off, on)


def _year(item: Item) -> int:
    value = item.number()
    if value != int(value) or not _YEARS[0] <= value <= _YEARS[1]:
        raise item.fail(f"不是年份：{value}", f"not a year: {value}")
    return int(value)


def _days(item: Item) -> list[dt.date]:
    if isinstance(item.value, dict):
        item.mapping(("from", "to"))
        first, last = item.need("from").day(), item.need("to").day()
        if first is None or last is None or not first <= last < first + dt.timedelta(days=_LONGEST):
            raise item.fail(f"from 应不晚于 to，至多 {_LONGEST} 天", f"from should not be after to, {_LONGEST} days at most")
        return [first + dt.timedelta(days=n) for n in range((last - first).days + 1)]
    day = item.day()
    if day is None:
        raise item.fail("此处应为日期，如 2027-02-05", "a date is expected here, such as 2027-02-05")
    return [day]


def _over(before: Workdays, now: Workdays) -> Workdays:
    """``now`` where it says something, else ``before``."""
    told = {*now.off, *now.on}
    kept = [[day for day in days if day not in told and day.year not in now.years] for days in (before.off, before.on)]
    years = tuple(sorted({*before.years, *now.years}))
    return Workdays(years, tuple(sorted({*kept[0], *now.off})), tuple(sorted({*kept[1], *now.on})))
