"""Coverage of communities: counted by community or district, so that every column adds up to the whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from planning_check.errors import Text
from planning_check.record.run import StoredRun
from planning_check.report.told.cities import CITY, cities_of


@dataclass(frozen=True)
class Covered:
    """One community, a district, or all. Counts of communities, but for the three counts of functions and the people.

    ``*_enough``, ``*_short``, ``*_unknown`` add up to ``communities``; ``has``, ``lacks``, ``not_known`` to eight times as many.
    ``out_of_reach``: communities that lie wholly outside; ``reach_unknown``: those whose share outside or population is not known.
    ``outside_people`` is an estimate (population spread evenly) over the others; none where there is no other.
    """

    code: str
    name: str
    communities: int
    has: int
    lacks: int
    not_known: int
    missing: str
    office_enough: int
    office_short: int
    office_unknown: int
    outdoor_enough: int
    outdoor_short: int
    outdoor_unknown: int
    out_of_reach: int
    reach_unknown: int
    outside_people: int | None


@dataclass(frozen=True)
class Coverage:
    """A run's coverage by community, district or city, and the whole. ``names``: of a province's run, what districts or cities are called,
    by their codes or labels."""

    run_id: int
    as_of: str
    by: str
    radius_m: int | None
    groups: list[Covered]
    total: Covered
    names: Mapping[str, Text] = field(default_factory=dict)
    whole: Text = CITY

    def called(self, one: Covered, lang: str) -> str:
        """The name of a group."""
        return self.names[one.code].get(lang) if one.code in self.names else one.name


def covered(stored: StoredRun, lines: Sequence[Any], by: str) -> Coverage:
    """``lines``: rows of the table ``coverage_line``; ``by``: community, district, or city, which is district where there are none."""
    cities = cities_of(stored.manifest)
    by = "district" if by == "city" and not cities else by
    groups: dict[str, list[Any]] = {}
    for line in lines:
        code = cities.label(line.district_code) if by == "city" else line.community_code if by == "community" else line.district_code
        groups.setdefault(code or "", []).append(line)
    names = {k: (own[0].community_name if by == "community" else own[0].district_name) or k for k, own in groups.items()}
    each = [_sum(key, names[key], own) for key, own in sorted(groups.items())]
    radius = stored.manifest.get("service_radius_m")
    called = cities.called({code: names[code] for code in groups}, by)
    return Coverage(stored.id, stored.as_of.isoformat(), by, radius, each, _sum("", "", lines), called, cities.whole)


def _sum(code: str, name: str, lines: Sequence[Any]) -> Covered:
    office = [_enough(x.office_m2, x.office_need_m2) for x in lines]
    outdoor = [_enough(x.outdoor_m2, x.outdoor_need_m2) for x in lines]
    missing = sorted({function for x in lines for function in _split(x.lacks)})
    has, lacks, not_known = (sum(len(_split(getattr(x, column))) for x in lines) for column in ("has", "lacks", "not_known"))
    return Covered(
        code, name, len(lines), has, lacks, not_known, ",".join(missing),
        office.count(True), office.count(False), office.count(None), outdoor.count(True), outdoor.count(False), outdoor.count(None),
        sum(x.outside_share == 1 for x in lines), sum(x.outside_people is None for x in lines),
        sum(x.outside_people for x in lines if x.outside_people is not None) if any(x.outside_people is not None for x in lines) else None,
    )  # fmt: skip


def _enough(area: Any, need: Any) -> bool | None:
    return None if area is None or need is None else area >= need


def _split(joined: str | None) -> list[str]:
    return joined.split(",") if joined else []
