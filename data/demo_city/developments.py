"""The developments as the planning bureau knows them: names, uses, dates, floor areas. What became of them: ``situations``."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from random import Random

from .days import Month, between, later
from .ground import Place
from .names import OTHER_B, Developer, developers, estate_names
from .settings import AS_OF, DISTRICTS, ESTATE, RULE_FROM, stream, words
from .sites import COMPLETED, LEGACY, OPEN, Site

PLAN_YEARS = {
    LEGACY: (date(2003, 3, 3), date(2006, 4, 5)),
    COMPLETED: (date(2006, 4, 12), date(2008, 12, 19)),
    OPEN: (date(2008, 10, 6), date(2011, 5, 27)),
}
MONTH_ONLY = (date(2005, 8, 16), date(2005, 11, 3), date(2006, 3, 14), date(2006, 4, 6))
ON_THE_EDGE = {LEGACY: (*MONTH_ONLY, later(RULE_FROM, -1)), COMPLETED: (RULE_FROM,)}
NOT_HOUSING = {LEGACY: 5, COMPLETED: 9, OPEN: 5}
USES_UNKNOWN = {COMPLETED: 5, OPEN: 1}
ROADS = words("桂花路 江堤路 棠兴街 文澜街 育才路 兴农街 滨水路 枣林路 中兴街 石桥街 东环路 西环路 南环路 北环路 迎宾路 建设街")
NUMERALS = "一二三"


@dataclass
class Development:
    """One row of the register with what lies behind it; ``row`` has the field names of ``planning_check.schema``."""

    site: Site
    row: dict[str, object]
    plan_on: date
    completed_on: date | None
    accepted_on: date | None
    situation: str = ""
    rooms: list[str] = field(default_factory=list)

    @property
    def id(self) -> str:
        return str(self.row["project_id"])

    @property
    def is_housing(self) -> bool:
        return "residential" in (self.row["uses"] or ["residential"])

    def need_m2(self, stage: str = "survey") -> float:
        """One percent of the total floor area of a stage, half up: what the duty would ask."""
        total = self.row.get(f"{stage}_total_m2") or self.row["plan_total_m2"]
        return float((Decimal(str(total)) / 100).quantize(Decimal("0.01"), ROUND_HALF_UP))

    @property
    def full_m2(self) -> float:
        """The smallest whole room that is enough at every stage."""
        return float(int(max(self.need_m2(s) for s in ("plan", "permit", "survey"))) + 1)


def _plan_days(sites: list[Site], uses: list[list[str]]) -> list[date]:
    """The day of each plan approval; phases of one development follow each other; some on both sides of the first day."""
    rng = stream("plan approvals")
    days = [between(rng, *PLAN_YEARS[s.stage]) for s in sites]
    for stage, exact in ON_THE_EDGE.items():
        single = [i for i, s in enumerate(sites) if s.stage == stage and s.group is None and "residential" in uses[i]]
        for i, day in zip(single[4:], exact, strict=False):
            days[i] = day
    groups = {s.group for s in sites if s.group is not None}
    for group in sorted(groups):
        members = [i for i, s in enumerate(sites) if s.group == group]
        for i, day in zip(sorted(members, key=lambda i: sites[i].phase or (0, 0)), sorted(days[i] for i in members), strict=True):
            days[i] = day
    return days


def _dates(rng: Random, site: Site, plan_on: date) -> dict[str, date | None]:
    """From the land to the keys, in the usual order; nothing after the day of the delivery but a planned completion."""
    permitted = later(plan_on, rng.randint(35, 150))
    started = later(permitted, rng.randint(15, 80))
    completed = later(started, 330 + site.land_m2 * site.extra["far"] / 110 + rng.randint(0, 160))
    if site.stage == OPEN:
        completed = max(completed, between(rng, date(2011, 7, 18), date(2012, 11, 30)))
    else:
        completed = min(completed, between(rng, date(2011, 2, 1), date(2011, 6, 3)))
    known = {
        "land_acquired_on": later(plan_on, -rng.randint(50, 420)),
        "permitted_on": permitted,
        "started_on": started,
        "planning_accepted_on": later(completed, rng.randint(12, 80)),
        "completion_filed_on": later(completed, rng.randint(10, 50)),
        "delivered_on": later(completed, rng.randint(25, 150)),
    }
    known = {name: day if day <= AS_OF else None for name, day in known.items()}
    return {**known, "plan_approved_on": plan_on, "completed_on": completed if completed <= AS_OF or rng.random() < 0.75 else None}


def _areas(rng: Random, site: Site, uses: list[str], permitted: bool) -> dict[str, float | int]:
    """Floor areas by stage, consistent with the land, the floor area ratio and each other."""
    above = round(site.land_m2 * site.extra["far"] * rng.uniform(0.96, 1.0), 2)
    below = round(above * rng.choice((0, 0, 0.06, 0.09, 0.12, 0.16, 0.2)) * rng.uniform(0.9, 1.1), 2)
    homes = 0.0 if "residential" not in uses else rng.uniform(0.8, 0.92) if len(uses) > 1 else rng.uniform(0.965, 0.99)
    counted = rng.uniform(0.985, 1.0)
    found: dict[str, float | int] = {"land_area_m2": round(site.land_m2, 2), "far_permitted": site.extra["far"]}
    grown = {"plan": 1.0, "permit": rng.choice((1.0, rng.uniform(0.985, 1.012)))}
    if site.stage != OPEN:
        grown["survey"] = grown["permit"] * rng.uniform(0.996, 1.006)
    for stage, factor in grown.items():
        if stage == "permit" and not permitted:
            continue
        ground, basement = round(above * factor, 2), round(below * factor, 2)
        found[f"{stage}_total_m2"] = round(ground + basement, 2)
        found[f"{stage}_above_ground_m2"] = ground
        found[f"{stage}_residential_m2"] = round(ground * homes, 2)
        found[f"{stage}_counted_m2"] = round(ground * counted, 2)
    if homes:
        found["households"] = round(above * homes / rng.uniform(94, 114))
    return found


def _uses(sites: list[Site]) -> list[list[str]]:
    """Mostly housing, a third with shops; a few without any housing."""
    rng = stream("uses")
    found = [["residential"] if rng.random() < 0.66 else ["residential", "commercial"] for _ in sites]
    for stage, count in NOT_HOUSING.items():
        single = [i for i, s in enumerate(sites) if s.stage == stage and s.group is None and s.second_place is None]
        for i in rng.sample(single, count):
            found[i] = rng.choice((["commercial"], ["commercial"], ["commercial", "office"], ["office"], ["industrial"]))
    return found


def _name(rng: Random, uses: list[str], fresh: list[str], site: Site, named: dict[int, str]) -> str:
    if "residential" not in uses:
        return fresh.pop()[:-2] + rng.choice(OTHER_B[uses[-1]])
    if site.group is None:
        return fresh.pop()
    whole = named.setdefault(site.group, fresh.pop())
    return f"{whole}{NUMERALS[site.phase[0] - 1]}期" if site.phase else whole


def _far(rng: Random, kind: str, uses: list[str]) -> float:
    low, high = (0.9, 1.5) if uses == ["industrial"] else (1.5, 2.9) if kind == ESTATE else (1.8, 3.5)
    return round(rng.uniform(low, high), 1)


def _builders(sites: list[Site], places: list[Place]) -> list[Developer]:
    """Who builds what: phases of one development are built by one developer, some developers build much."""
    rng = stream("developers")
    firms = developers(rng, DISTRICTS)
    by_group: dict[int, Developer] = {}
    found = []
    for site in sites:
        at_work = firms[places[site.place].district.code]
        firm = at_work[min(int(rng.expovariate(3.2 / len(at_work))), len(at_work) - 1)]
        found.append(by_group.setdefault(site.group, firm) if site.group is not None else firm)
    return found


def developments(places: list[Place], sites: list[Site]) -> list[Development]:
    """All developments, numbered in the order of their plan approvals."""
    rng = stream("developments")
    fresh, named = estate_names(rng), {}
    uses, firms = _uses(sites), _builders(sites, places)
    plan_days = _plan_days(sites, uses)
    found = []
    for site, plan_on, use, firm in zip(sites, plan_days, uses, firms, strict=True):
        place = places[site.place]
        site.extra["far"] = _far(rng, place.kind, use)
        dates = _dates(rng, site, plan_on)
        row = {
            "project_name": _name(rng, use, fresh, site, named),
            "developer_name": firm.name,
            "developer_code": firm.code,
            "district_code": place.district.code,
            "address": f"{place.district.name}{rng.choice(ROADS)}{rng.randint(2, 288)}号",
            "uses": use,
            **dates,
            **_areas(rng, site, use, dates["permitted_on"] is not None),
        }
        found.append(Development(site, row, plan_on, dates["completed_on"], dates["planning_accepted_on"]))
    return _numbered(found)


def _numbered(found: list[Development]) -> list[Development]:
    """Project numbers by plan approval, development numbers for phases, permit numbers by permit."""
    found.sort(key=lambda d: (d.plan_on, d.row["project_name"]))
    groups: dict[int, str] = {}
    for serial, one in enumerate(found, start=1):
        one.row["project_id"] = f"XM{one.plan_on.year}{serial:03d}"
        if one.site.group is not None and one.site.phase:
            one.row["development_id"] = groups.setdefault(one.site.group, f"ZT{len(groups) + 1:03d}")
            one.row["phase_no"], one.row["phase_count"] = one.site.phase
        if one.row["permitted_on"]:
            one.row["permit_no"] = f"{one.row['district_code']}{one.row['permitted_on'].year}{serial:05d}"
    return found


def blur(found: list[Development]) -> None:
    """Gaps of the ledgers: uses nobody wrote down, plan dates missing, days known only to the month."""
    rng = stream("gaps")
    housing = [d for d in found if d.is_housing and d.site.group is None]
    common = ("nothing", "short_kept", "kept", "open_nothing", "open_unfiled")
    for stage, count in USES_UNKNOWN.items():
        for one in rng.sample([d for d in housing if d.site.stage == stage and d.situation in common], count):
            one.row["uses"] = None
    plain = [d for d in housing if d.situation == "nothing" and d.row["uses"] and d.plan_on != RULE_FROM]
    for one in plain[:3]:
        one.row["plan_approved_on"] = None
    for one in plain[3:9]:
        one.row["plan_approved_on"] = Month.of(one.plan_on)
    for one in plain[9:14]:
        one.row["completed_on"] = Month.of(one.completed_on)
    for one in found:
        if one.plan_on in MONTH_ONLY:
            one.row["plan_approved_on"] = Month.of(one.plan_on)
