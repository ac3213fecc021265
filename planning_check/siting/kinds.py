"""What a kind of facility is: its reach, whom it serves, how large it is and what it costs, each number with where it is from. Data
only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from planning_check.errors import Text

#: Kinds of site, and what they are: the register that each comes from is ``siting.candidates``'s.
SITES = {
    "idle": Text("闲置设施改用", "an idle facility reused"),
    "parcel": Text("公共用地新建", "new on public land"),
    "renewal": Text("旧城改造片区内新建", "new in a renewal area"),
    "premises": Text("追回未移交用房", "premises recovered that were not handed over"),
}
#: Whether a facility is in rooms or on open ground.
SETTINGS = ("indoor", "outdoor")
#: Minutes of the living circles.
LEVELS = (5, 10, 15)
#: The table of a pack that tells of facilities by place, area and capacity, beside the bundled ``community_facilities``.
OWN_TABLE = "service_facilities"


@dataclass(frozen=True)
class Figure:
    """One number of ``facilities.yaml``: its unit, where it is from, whether anybody held it against that, and where it stands."""

    value: Decimal
    unit: str
    cite: str
    verified: bool
    where: str


@dataclass(frozen=True)
class FacilityKind:
    """``reach_m``: straight-line distance within which people are served. ``serves_per_m2``: of all who live there, people a square metre
    serves; ``serves_per_place``: the same of a place, of what is reckoned in places (parking).
    ``least_m2``: smaller is none; ``usual_m2``: what is built where there is room. ``costs``: kind of site -> yuan a m2; others are no
    sites. ``land_uses``: uses of public land that may be built on. ``present``: register -> its kinds that count as this one."""

    code: str
    label: Text
    level: int
    setting: str
    reach_m: Figure
    serves_per_m2: Figure
    least_m2: Figure
    usual_m2: Figure
    costs: Mapping[str, Figure]
    land_uses: tuple[str, ...]
    present: Mapping[str, tuple[str, ...]]
    serves_per_place: Figure | None = None

    def figures(self) -> dict[str, Figure]:
        """All of its numbers, by name."""
        own = {name: getattr(self, name) for name in ("reach_m", "serves_per_m2", "serves_per_place", "least_m2", "usual_m2")}
        return {name: one for name, one in own.items() if one} | {f"cost_yuan_per_m2.{site}": one for site, one in self.costs.items()}


@dataclass(frozen=True)
class Facilities:
    """``facilities.yaml`` of all folders, one laid over the other. ``spacing_m``, ``points_at_most``: how the people of a community are
    spread over it. ``persons_per_household``: of a community that does not tell its own. ``available_within_days``: an idle facility that
    is free later is no site. ``weights``: of the programme's order, by part; ``lease_days``: a lease that ends within them ends soon."""

    kinds: Mapping[str, FacilityKind]
    spacing_m: Figure
    points_at_most: Figure
    persons_per_household: Figure
    available_within_days: Figure
    lease_days: Figure
    weights: Mapping[str, Figure]

    def figures(self) -> dict[str, Figure]:
        """The numbers that are not of one kind."""
        names = ("spacing_m", "points_at_most", "persons_per_household", "available_within_days")
        return {name: getattr(self, name) for name in names}


#: Parts of the score by which the programme is ordered, each a share from 0 to 1.
PARTS = {
    "no_premises": Text("没有用房", "no premises"),
    "ending": Text("面临拆迁或租期将满", "demolition, or the lease ends"),
    "unserved": Text("未服务人口占比", "share of people unserved"),
    "area_gap": Text("办公用房面积缺口", "area short of the standard"),
}
