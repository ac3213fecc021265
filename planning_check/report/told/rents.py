"""What waiting costs: the rent that offices without a place of their own have paid so far, by year, and how soon each path pays for itself.

Of the offices that OF01 found unresolved, at the rent that the register tells now (what was paid before a change of rent nobody delivered).
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from planning_check.errors import Text
from planning_check.record.finding import Finding
from planning_check.record.run import StoredRun
from planning_check.report.told.cities import Cities, cities_of
from planning_check.report.told.facts import fact_value, find_fact
from planning_check.report.told.funds import Span

#: The paths that OF02 proposes, which cost nothing to those who rent: the developer owes the room.
OWED = ("return_by_developer", "enforce_duty")
#: Those that cost what nobody delivers: it is asked for by the square metre.
COSTED = ("idle_reuse", "renewal", "livelihood_project")
_SINCE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_FEN = Decimal("0.01")


@dataclass(frozen=True)
class Rent:
    """One office. ``per_year``: its rent, None where none is told; ``paid``: at that rent since it is used, from the latest to the earliest
    day that this can be; None where rent or day is not known. ``by_year``: the same by calendar year. ``path``: which OF02 proposes, else
    the one that was settled, and its label; ``payback``: years of rent that it costs, 0 where the developer owes the room, None
    where nobody knows."""

    key: str
    name: str
    district: str
    tenure: str | None
    area_m2: Decimal | None
    per_year: Decimal | None
    since: str | None
    paid: Span | None
    by_year: Mapping[int, Span]
    path: str | None
    path_label: Text
    payback: Decimal | None
    city: Text


@dataclass(frozen=True)
class Rents:
    """The offices, the dearest first. ``undetermined``: offices of which nobody knows whether they are rented: in no sum."""

    run: StoredRun
    offices: Sequence[Rent]
    undetermined: int

    @property
    def paid(self) -> Span:
        """Of those of which it is known."""
        return sum((one.paid for one in self.offices if one.paid is not None), Span())

    @property
    def by_year(self) -> dict[int, Span]:
        years = sorted({year for one in self.offices for year in one.by_year})
        return {year: sum((one.by_year[year] for one in self.offices if year in one.by_year), Span()) for year in years}


def rents(run: StoredRun, unresolved: Iterable[Finding], paths: Iterable[Finding], costs: Mapping[str, Decimal]) -> Rents:
    """``unresolved``: the findings of OF01; ``paths``: those of OF02; ``costs``: path -> yuan per m2, as somebody told it."""
    of_office = {finding["subject_key"]: finding for finding in paths}
    found, cities = list(unresolved), cities_of(run.manifest)
    offices = [_rent(run.as_of, one, of_office.get(one["subject_key"]), costs, cities) for one in found if one["outcome"] == "violation"]
    offices.sort(key=lambda one: (one.paid is None, -(one.paid.most if one.paid else 0), one.key))
    return Rents(run, offices, sum(one["outcome"] != "violation" for one in found))


def _rent(as_of: dt.date, one: Finding, path: Finding | None, costs: Mapping[str, Decimal], cities: Cities) -> Rent:
    facts = one["facts"]
    per_year, area = (Decimal(text) if (text := facts.get(name)) is not None else None for name in ("rent_yuan_per_year", "area_m2"))
    since, code = facts.get("since"), path["status"] if path else None
    begins = _days(since)
    by_year = _by_year(per_year, begins, as_of) if per_year is not None and begins else {}
    paid = sum(by_year.values(), Span()) if per_year is not None and begins else None
    label = Text(path["status_zh"] or "", path["status_en"] or "") if path else _settled(facts.get("resolution_path"))
    return Rent(
        one["subject_key"], one["subject_name"] or "", one["district_name"] or "", facts.get("tenure"), area, per_year, since, paid,
        by_year, code, label, _payback(code, per_year, area, costs), cities.name(one["district_code"]),
    )  # fmt: skip


def _settled(path: str | None) -> Text:
    """What a path that was settled is called."""
    fact = find_fact("office", "resolution_path")
    return Text(*(fact_value(fact, path, lang) for lang in ("zh", "en"))) if path else Text("", "")


def _payback(path: str | None, per_year: Decimal | None, area: Decimal | None, costs: Mapping[str, Decimal]) -> Decimal | None:
    if path in OWED:
        return Decimal(0)
    if path is None or path not in costs or area is None or not per_year:
        return None
    return (costs[path] * area / per_year).quantize(Decimal("0.1"))


def _days(since: str | None) -> tuple[dt.date, dt.date] | None:
    """The first and the last day that a day, a month or a year can be."""
    told = _SINCE.fullmatch(since or "")
    if told is None:
        return None
    year, month, day = (int(part) if part else None for part in told.groups())
    if year is None:
        return None
    first = dt.date(year, month or 1, day or 1)
    last = month or 12
    return first, dt.date(year, last, day or calendar.monthrange(year, last)[1])


def _by_year(per_year: Decimal, begins: tuple[dt.date, dt.date], as_of: dt.date) -> dict[int, Span]:
    """The rent of each year by the days of it, from the first day of use to the day of the check."""
    found = {}
    for year in range(begins[0].year, as_of.year + 1):
        whole = 366 if calendar.isleap(year) else 365
        least, most = (
            (per_year * max(0, (min(as_of, dt.date(year, 12, 31)) - max(begun, dt.date(year, 1, 1))).days + 1) / whole).quantize(_FEN)
            for begun in reversed(begins)
        )
        found[year] = Span(least, most)
    return found
