"""What the siting of a facility found: communities, what is there, sites, who stays unserved, and what could not be counted. Data only."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from planning_check.errors import Place, Text
from planning_check.siting.kinds import FacilityKind, Figure

if TYPE_CHECKING:
    import shapely

#: Whose people are served: those of today, or with those who will live in what is approved.
POPULATIONS = {"now": Text("现状人口", "population now"), "planned": Text("规划人口", "population as planned")}
#: Registers that something may be left out of.
REGISTERS = {
    "communities": Text("社区", "communities"),
    "projects": Text("已批项目", "approved projects"),
    "facilities": Text("现有设施", "facilities that are there"),
    "idle": Text("闲置设施", "idle facilities"),
    "parcel": Text("公共用地", "public land"),
    "renewal": Text("旧城改造片区", "renewal areas"),
    "premises": Text("未移交用房", "premises not handed over"),
}
#: Why something was left out or counts apart.
WHYS = {
    "no_population": Text("没有报人口", "no population"),
    "no_boundary": Text("没有可用的边界", "no usable boundary"),
    "no_households": Text("没有报户数", "no number of households"),
    "approval_unknown": Text("不知道是否已批", "not known whether approved"),
    "delivery_unknown": Text("已竣工，不知道是否已交付入住", "completed, and not known whether people moved in"),
    "no_place": Text("没有位置", "no place"),
    "no_crs": Text("坐标系不明", "no coordinate system"),
    "no_area": Text("面积不明", "area not known"),
    "no_capacity": Text("面积、服务能力都不明", "neither area nor capacity known"),
    "open_unknown": Text("不知道是否向居民开放", "not known whether open to residents"),
    "not_open": Text("不向居民开放", "not open to residents"),
    "told_twice": Text("两份台账都报了，按明细台账算一次", "told by two registers: counted once, by the finer one"),
    "no_kind": Text("类别不明", "kind not known"),
    "too_small": Text("面积不够", "too small"),
    "in_use": Text("利用率高，不算闲置", "in use too much to be idle"),
    "not_available": Text("期限内不可用", "not available in time"),
    "use_unknown": Text("用地性质看不懂", "land use not understood"),
    "project_unknown": Text("不知道是否属于某个项目", "not known whether it is of a project"),
    "overlaps": Text("与项目宗地重叠", "overlaps a project's land"),
    "handover_unknown": Text("不知道是否已移交", "not known whether handed over"),
    "same_room": Text("同一处用房的另一条记录", "another record of the same room"),
}


@dataclass(frozen=True)
class LeftOut:
    """One row that does not count, or counts apart. ``register`` of :data:`REGISTERS`, ``why`` of :data:`WHYS`."""

    register: str
    why: str
    key: str
    name: str = ""


@dataclass(frozen=True)
class Lost:
    """Rows of a register that were set aside; ``label``: what it is called."""

    register: str
    label: Text
    rows: int


@dataclass(frozen=True)
class Community:
    """``population``, ``households``: None where not told."""

    code: str
    name: str
    district: str
    population: int | None
    households: int | None


@dataclass(frozen=True)
class Facility:
    """Something that serves already. ``capacity`` in people, None where unknown: then ``why`` says of it what is. ``x``, ``y``: metres."""

    key: str
    name: str
    community: str
    capacity: int | None
    x: float
    y: float
    why: str = ""


@dataclass(frozen=True)
class Site:
    """Where something could be built. ``m2``: what would be built; ``capacity``: people it serves at most; ``register``: kind of site.
    ``x``, ``y``: metres; ``source``: the row that tells of it; ``note``: what must be seen to."""

    register: str
    key: str
    name: str
    community: str
    m2: Decimal
    capacity: int
    yuan: Decimal
    x: float
    y: float
    source: Place | None = None
    note: Text | None = None


@dataclass(frozen=True)
class Ranked:
    """A site with what it does. ``alone``: people newly served if it were the only one; ``order``: its place among those chosen, from 1,
    0 of others; ``serves``: people whom a chosen one serves beside the others, 0 of others; ``longitude``, ``latitude`` in degrees."""

    site: Site
    alone: int
    order: int
    serves: int
    longitude: float
    latitude: float

    @property
    def people(self) -> int:
        """Newly served: beside the other chosen ones, of a site that was not chosen by itself."""
        return self.serves if self.order else self.alone

    @property
    def per_10k_yuan(self) -> Decimal | None:
        """People newly served for 10,000 yuan, to 0.1; None of what costs nothing."""
        return None if not self.site.yuan else (Decimal(self.people) * 10_000 / self.site.yuan).quantize(Decimal("0.1"))

    @property
    def per_m2(self) -> Decimal:
        """People newly served by a square metre, to 0.01."""
        return (Decimal(self.people) / self.site.m2).quantize(Decimal("0.01"))


@dataclass(frozen=True)
class Line:
    """A community or district: its people, and how many of them are served by nothing within reach now, and with the chosen sites."""

    code: str
    name: str
    district: str
    people: int
    unserved_now: int
    unserved: int


@dataclass(frozen=True)
class Siting:
    """The whole answer. ``bound``: more than so many people no choice serves newly, and ``is_proven`` says that the choice serves them;
    ``greedy``: order -> (people newly served, keys of its sites). ``unsure``: facilities of unknown capacity: if each served everybody
    within its reach, ``served_at_most`` would be served now and the chosen sites would still serve ``people_at_least`` newly. ``shapes``:
    of communities, by code, and ``points``: of ``known`` and ``unsure``, by key, in degrees (CGCS2000). ``is_told``: whether a register
    that tells of such facilities was delivered; where none was, nobody knows how many are served now, and the choice is made as if nobody
    were. ``planned``: people of approved projects in ``people``; ``lost``: rows set aside of the registers that tell of such facilities."""

    title: Text | None
    notice: Text | None
    as_of: dt.date
    kind: FacilityKind
    population: str
    at_most: int
    budget_yuan: Decimal | None
    seconds: float
    people: int
    planned: int
    is_told: bool
    served_now: int
    known: Sequence[Facility]
    ranked: Sequence[Ranked]
    bound: int
    is_proven: bool
    is_greedy: bool
    greedy: dict[str, tuple[int, tuple[str, ...]]]
    communities: Sequence[Line]
    unsure: Sequence[Facility]
    served_at_most: int
    people_at_least: int
    left_out: Sequence[LeftOut]
    lost: Sequence[Lost]
    figures: dict[str, Figure]
    shapes: dict[str, shapely.Geometry]
    points: dict[str, shapely.Geometry]

    @cached_property
    def chosen(self) -> list[Ranked]:
        """The sites to build, that which serves most first."""
        return sorted((one for one in self.ranked if one.order), key=lambda one: one.order)

    @property
    def newly(self) -> int:
        return sum(one.serves for one in self.chosen)

    @property
    def yuan(self) -> Decimal:
        return sum((one.site.yuan for one in self.chosen), Decimal(0))

    @property
    def unserved(self) -> int:
        return self.people - self.served_now - self.newly

    @property
    def gap(self) -> float:
        """What is missing to the bound, as a share of it."""
        return (self.bound - self.newly) / self.bound if self.bound else 0.0

    @cached_property
    def names(self) -> dict[str, str]:
        """Code -> name of the communities with people."""
        return {line.code: line.name for line in self.communities}

    @cached_property
    def districts(self) -> list[Line]:
        """The communities added up by district, in the order of their codes; people of no community come last."""
        sums: dict[str, list[int]] = {}
        for one in self.communities:
            held = sums.setdefault(one.district, [0, 0, 0])
            for at, number in enumerate((one.people, one.unserved_now, one.unserved)):
                held[at] += number
        return [Line("", name, name, *held) for name, held in sums.items()]

    @cached_property
    def counted_out(self) -> list[tuple[str, str, int]]:
        """Register, why, how many: what was left out, in the order of the words."""
        counts: Counter[tuple[Any, ...]] = Counter((one.register, one.why) for one in self.left_out)
        return [(register, why, counts[register, why]) for register in REGISTERS for why in WHYS if counts[register, why]]
