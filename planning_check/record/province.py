"""A province's check, as data: its cities, what links them, the shards that are checked each by itself, and what came of each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from planning_check.errors import Text

#: Why the cities of a shard are checked together.
ALONE, LINKED, JOINED = "alone", "linked", "joined"
#: Shards of fewer projects are joined: a check costs about as much as 3,000 projects before it begins.
JOIN_BELOW = 3_000
#: What two cities share, so that what is found in the one may rest on what the other has: kind of link -> what people call it.
LINKS = {
    "ids": Text("同一编号", "ids in both"),
    "receipts": Text("同一票据", "one receipt"),
    "titles": Text("同一产权证号", "one title"),
    "units": Text("同一不动产单元", "one real-estate unit"),
    "permits": Text("同一工规证号", "one planning permit"),
    "names": Text("同一企业的同名项目", "one developer's project of one name"),
    "developers": Text("同一企业（名称不一或项目相邻）", "one developer (several names, or near projects)"),
    "overlap": Text("图形重叠", "land or boundaries that overlap"),
    "inside": Text("落在对方的社区里", "lies in the other's communities"),
    "edges": Text("交界边线不重合", "borders that do not meet"),
    "offices": Text("办公用房与对方的闲置设施、旧改片区相近", "offices near the other's facilities or renewal areas"),
    "rooms": Text("用房在同一位置", "rooms in one place"),
    "districts": Text("同一区县", "one district"),
}


@dataclass(frozen=True)
class City:
    """One city's delivery as the plan found it.

    ``label``: what it is called in the plan, and what the names of its files begin with: the name of its folder, with as many of those
    above as tell it from others. ``folder``: where it lies, absolute. ``digest``: over names and contents of its files. ``districts``:
    code and name. ``registers``: the tables of which something was delivered, and ``table.field`` for columns that say what there is not.
    ``planes``: the coordinate systems that it is measured
    in. ``is_whole``: nothing in it is unread, and every row is somebody's. ``has_whole_figures``: a bureau reports figures of the city as
    a whole. ``as_of``: the day that it states as its own, ``notice``: what it says of itself. ``problem``: why it cannot be read; then
    nothing else is known of it.
    """

    label: str
    folder: str
    digest: str
    bytes: int
    projects: int = 0
    title: Text | None = None
    districts: tuple[tuple[str, str | None], ...] = ()
    registers: tuple[str, ...] = ()
    planes: tuple[str, ...] = ()
    is_whole: bool = False
    has_whole_figures: bool = False
    as_of: dt.date | None = None
    notice: Text | None = None
    problem: Text | None = None


@dataclass(frozen=True)
class Link:
    """Why two cities reach across: ``kind`` (a word of ``LINKS``), in how many keys or places, and one of them.

    ``apart``: why they are checked each by itself all the same; none where they are checked together.
    """

    one: str
    other: str
    kind: str
    count: int
    example: str
    apart: Text | None = None


@dataclass(frozen=True)
class Shard:
    """What is checked as one delivery. ``code``: its name in the results. ``why``: alone, linked or joined (small ones, that the fixed cost
    of a check is paid once). ``digest``: over the deliveries, rules, day and options: equal digests, equal results."""

    code: str
    cities: tuple[str, ...]
    why: str
    projects: int
    bytes: int
    digest: str


@dataclass(frozen=True)
class ProvincePlan:
    """All that a run over a province depends on. ``digest``: over it; ``rules_digest``: over the rule files.

    ``crs``, ``rule_dirs``, ``select`` and ``ignore`` as in ``pipeline.Options``.
    """

    as_of: dt.date
    tool_version: str
    rules_digest: str
    cities: tuple[City, ...]
    links: tuple[Link, ...]
    shards: tuple[Shard, ...]
    rule_dirs: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    crs: tuple[str, ...] = ()
    digest: str = ""

    def city(self, label: str) -> City:
        return next(city for city in self.cities if city.label == label)

    def shard(self, code: str) -> Shard:
        return next(shard for shard in self.shards if shard.code == code)

    def cities_of(self, shard: Shard) -> list[City]:
        return [city for city in self.cities if city.label in shard.cities]


@dataclass(frozen=True)
class Kept:
    """One table of a shard's result: its rows, the hash over what they say (row numbers aside, whatever their order), and its file's."""

    rows: int
    content: str
    sha256: str


@dataclass(frozen=True)
class Commit:
    """What a shard came to: its result is whole. ``root``: over the contents of its tables. ``inputs``: name of each file -> its sha256.
    ``highest``: the highest number of its sources, rows, problems (``source_id`` ...) and of what is numbered in one table."""

    shard: str
    digest: str
    root: str
    tool_version: str
    duckdb_version: str
    as_of: dt.date
    inputs: dict[str, str]
    tables: dict[str, Kept] = field(default_factory=dict)
    highest: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Task:
    """All that a worker needs to check a shard. ``out``: the folder of results, a path or a URL. ``inputs``: city -> the digest that its
    delivery had when it was planned. ``threads`` and ``memory`` as in ``pipeline.Options``."""

    shard: Shard
    cities: tuple[City, ...]
    run_digest: str
    rules_digest: str
    tool_version: str
    as_of: dt.date
    out: str
    rule_dirs: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    crs: tuple[str, ...] = ()
    threads: int | None = None
    memory: str | None = None


@dataclass(frozen=True)
class Failure:
    """A shard that has no result: its cities and why; ``trace``: of a bug, where in the program."""

    shard: str
    cities: tuple[str, ...]
    why: Text
    kind: str  # delivery (it cannot be read or judged), machine (memory, disk, a worker lost), changed (since it was planned), bug
    tries: int = 1
    trace: str = ""


def tasks(
    plan: ProvincePlan, out: str, *, only: Iterable[str] | None = None, threads: int | None = None, memory: str | None = None
) -> list[Task]:
    """A task for each shard of the plan, or for those of ``only``; the largest first, so that none is left for the end."""
    wanted = None if only is None else set(only)
    chosen = [shard for shard in plan.shards if wanted is None or shard.code in wanted]
    return [
        Task(
            shard, tuple(plan.cities_of(shard)), plan.digest, plan.rules_digest, plan.tool_version, plan.as_of, out,
            plan.rule_dirs, plan.select, plan.ignore, plan.crs, threads, memory,
        )
        for shard in sorted(chosen, key=lambda shard: (-shard.bytes, shard.code))
    ]  # fmt: skip
