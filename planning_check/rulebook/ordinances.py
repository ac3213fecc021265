"""Ordinances: the law of a place and a time as one cited file; every clause value has its days."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from planning_check.clauses import CLAUSES, ClauseKind
from planning_check.errors import Text
from planning_check.facts.dictionary import PROJECT
from planning_check.rulebook.nodes import Item, read_yaml
from planning_check.sql import quoted

_KEYS = (
    "id", "based_on", "title", "jurisdiction", "from", "to", "anchor", "verified", "example", "citation", "clauses",
    "replaces_cases", "cases",
)  # fmt: skip
FOREVER = dt.date(9999, 12, 31)


@dataclass(frozen=True)
class Placed:
    """A value that holds in a place (a division-code prefix, "" everywhere) from its first to its last day, where the law says so
    (``cite``) and where the city wrote it down (``where``: file:line)."""

    jurisdiction: str
    begins: dt.date
    ends: dt.date
    value: Any
    cite: str
    verified: bool
    where: str

    def holds(self, place: str, day: dt.date) -> bool:
        """Whether it holds at a place, written as a division code or prefix, on a day."""
        return place.startswith(self.jurisdiction) and self.begins <= day <= self.ends


@dataclass(frozen=True)
class Clause:
    """One clause: its values from their first days on (a value of None is a repeal) and where the law says so. ``origin``: the ordinance
    that states it, where it is inherited; ``placed``: other values in places and times, those that go first before others."""

    name: str
    values: tuple[tuple[dt.date, Any], ...]
    cite: str
    line: int
    origin: str = ""
    placed: tuple[Placed, ...] = ()

    def placed_on(self, place: str, day: dt.date) -> Placed | None:
        """What goes before its values at a place on a day: of several the narrowest, if any."""
        return max((one for one in self.placed if one.holds(place, day)), key=lambda one: len(one.jurisdiction), default=None)

    def value_on(self, place: str, day: dt.date) -> Any:
        """Its value at a place on a day, not before its first."""
        placed = self.placed_on(place, day)
        return placed.value if placed else [value for begins, value in self.values if begins <= day][-1]


@dataclass(frozen=True)
class Ordinance:
    """``jurisdiction`` is a division-code prefix; in force from ``begins`` to ``ends``, judged on the project's ``anchor`` day.
    ``base``: the ordinance that it builds on; where it governs, it goes before it."""

    id: str
    title: Text
    jurisdiction: str
    begins: dt.date
    ends: dt.date
    anchor: str
    verified: bool
    example: bool
    clauses: dict[str, Clause]
    file: str
    line: int  # of its clauses
    path: Path
    sha256: str
    base: Ordinance | None = None

    @property
    def based_on(self) -> tuple[str, ...]:
        """The ids of those that it builds on, the nearest first."""
        return (self.base.id, *self.base.based_on) if self.base else ()

    def places(self) -> tuple[str, ...]:
        """Its own place, and those within it where a clause has another value."""
        placed = {one.jurisdiction for c in self.clauses.values() for one in c.placed if one.jurisdiction.startswith(self.jurisdiction)}
        return (self.jurisdiction, *sorted(placed - {self.jurisdiction}))

    def versions(self, place: str | None = None) -> list[tuple[dt.date, dt.date, dict[str, Any]]]:
        """The stretches of time with one set of clause values each at a place (its own if none): first day, last day, clause -> value."""
        at = self.jurisdiction if place is None else place
        days = {day for c in self.clauses.values() for day, _ in c.values}
        for one in (one for c in self.clauses.values() for one in c.placed if at.startswith(one.jurisdiction)):
            days |= {one.begins} | ({one.ends + dt.timedelta(days=1)} if one.ends < FOREVER else set())
        starts = sorted({self.begins} | {day for day in days if self.begins < day <= self.ends})
        ends = [start - dt.timedelta(days=1) for start in starts[1:]] + [self.ends]
        return [
            (start, end, {name: c.value_on(at, start) for name, c in self.clauses.items()}) for start, end in zip(starts, ends, strict=True)
        ]


def read_ordinance(path: Path, name: str, base: Ordinance | None = None) -> Ordinance:
    """Read one ordinance file; ``base``: the ordinance that it builds on, whose clauses it has where it does not state its own.

    Raises RulebookError (file:line) for an unknown clause, an undated or uncited value, a gap.
    """
    item = read_yaml(path, name=name, with_cases=False)
    item.mapping(_KEYS)
    begins, ends = _days(item, base)
    anchors = tuple(f.name for f in PROJECT.facts.values() if f.type == "date")
    stated = _told(item, "clauses", base)
    own = {key: _clause(key, value, begins) for key, value in stated.mapping(tuple(CLAUSES)).items()} if stated else {}
    inherited = {n: _inherited(c, begins, base, item) for n, c in base.clauses.items() if n not in own} if base else {}
    return Ordinance(
        id=item.need("id").text(),
        title=told.bilingual() if (told := _told(item, "title", base)) else _of(base).title,
        jurisdiction=read_prefix(told) if (told := _told(item, "jurisdiction", base)) else _of(base).jurisdiction,
        begins=begins,
        ends=ends,
        anchor=told.text(anchors) if (told := _told(item, "anchor", base)) else _of(base).anchor,
        verified=yes_no(told) if (told := _told(item, "verified", base)) else False,
        example=yes_no(told) if (told := item.get("example")) else False,
        clauses={n: c for n in CLAUSES if (c := own.get(n) or inherited.get(n))} if base else own,
        file=name,
        line=(stated or item).line,
        path=path,
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        base=base,
    )


def _told(item: Item, key: str, base: Ordinance | None) -> Item | None:
    """What a file says of itself; what it builds on may say it instead."""
    return item.get(key) if base else item.need(key)


def _of(base: Ordinance | None) -> Ordinance:
    assert base is not None, "only what builds on another may leave it out"
    return base


def _days(item: Item, base: Ordinance | None) -> tuple[dt.date, dt.date]:
    """Its first and its last day."""
    from_item, to_item = _told(item, "from", base), _told(item, "to", base)
    begins = from_item.day() if from_item else _of(base).begins
    if begins is None:
        raise item.need("from").fail(
            "施行日期不能为空", "the first day must be given", fix_zh="写明第一天", fix_en="write the first day, as 2006-04-09"
        )
    ends = to_item.day() or FOREVER if to_item else _of(base).ends
    if ends < begins:
        raise (to_item or from_item or item).fail("止日早于起日", "the last day is before the first")
    return begins, ends


def _inherited(clause: Clause, begins: dt.date, base: Ordinance, item: Item) -> Clause:
    """A clause of the ordinance that another builds on, as that has it: its days before the other's first are cut."""
    if clause.values[0][0] > begins:
        raise (item.get("from") or item).fail(
            f"所承的办法 {base.id} 自 {base.begins} 起才有值，{begins} 起没有 {clause.name}",
            f"{base.id}, on which it builds, has values from {base.begins} only: there is no {clause.name} from {begins}",
            fix_zh="把 from 改到那一天以后，或自己写明这一条", fix_en="let from be that day or later, or state the clause itself",
        )  # fmt: skip
    return inherited(clause, begins, base.id)


def inherited(clause: Clause, begins: dt.date, base_id: str) -> Clause:
    """A clause of an ordinance as one that builds on it, and begins not before the clause, has it."""
    values = ((begins, [value for day, value in clause.values if day <= begins][-1]), *(v for v in clause.values if v[0] > begins))
    return replace(clause, values=values, origin=clause.origin or base_id)


def read_prefix(item: Item) -> str:
    """A division-code prefix: the place that something holds in."""
    value = item.value if isinstance(item.value, str) else str(item.value)
    if value and not (value.isdigit() and len(value) in (2, 4, 6, 9, 12)):
        raise item.fail(
            f"行政区划代码前缀不对：{value}", f"not a division-code prefix: {value}", fix_zh='写 2、4、6、9 或 12 位数字并加引号，全国写 ""',
            fix_en='write 2, 4, 6, 9 or 12 digits in quotes, or "" for everywhere',
        )  # fmt: skip
    return value


def yes_no(item: Item) -> bool:
    """Yes or no, or a truth value."""
    if isinstance(item.value, bool):
        return item.value
    return item.text(("yes", "no")) == "yes"


def _clause(name: str, item: Item, begins: dt.date) -> Clause:
    kind = CLAUSES[name]
    item.mapping(("value", "values", "unit", "cite"))
    cite = item.need("cite").text()
    unit = item.get("unit")
    if unit is not None and str(unit.plain()) != kind.unit:
        raise unit.fail(
            f"{name} 的单位应为 {kind.unit or '无'}", f"the unit of {name} is {kind.unit or 'none'}, not {unit.plain()}"
        )  # fmt: skip
    if (item.get("value") is None) == (item.get("values") is None):
        raise item.fail(f"{name} 须写 value 或 values 之一", f"{name} needs either value or values")
    if item.get("value") is not None:
        return Clause(name, ((begins, read_value(kind, item.need("value"))),), cite, item.line)
    dated = [_dated(kind, entry) for entry in item.need("values").items()]
    days = [day for day, _ in dated]
    if days != sorted(set(days)):
        raise item.fail(f"{name} 的日期须先后相接、不重复", f"the days of {name} must ascend without repeats")
    if not days or days[0] > begins:
        raise item.need("values").fail(
            f"{name} 在 {begins} 至 {days[0] if days else '…'} 之间没有值", f"{name} has no value from {begins} to {days[0] if days else '…'}",
            fix_zh="补上施行首日的值；没有此项规定时写 value: null", fix_en="give the value of the first day; write value: null where the law said nothing",
        )  # fmt: skip
    return Clause(name, tuple(dated), cite, item.line)


def _dated(kind: ClauseKind, entry: Item) -> tuple[dt.date, Any]:
    entry.mapping(("from", "value"))
    from_item = entry.get("from")
    day = from_item.day() if from_item else None
    if day is None:
        raise entry.fail("缺少起始日期", "an undated value", fix_zh="写 from: 日期", fix_en="write from: with its first day")
    return day, read_value(kind, entry.need("value"))


def read_value(kind: ClauseKind, item: Item) -> Any:
    """The value as Decimal, bool, str, list of str or list of (at_least, gives)."""
    if item.value is None:
        return None
    if kind.type == "number":
        return item.number()
    if kind.type == "bool":
        return item.boolean()
    if kind.type == "choice":
        return item.text(kind.choices)
    if kind.type == "list":
        return [entry.text(kind.choices or None) for entry in item.items()]
    steps = []
    for key, value in item.mapping().items():
        if not key.replace(".", "", 1).isdigit():
            raise value.fail(f"分档下限应为数字：{key}", f"a step must begin with a number: {key}")
        steps.append((Decimal(key), value.number()))
    if not steps or [s for s, _ in steps] != sorted({s for s, _ in steps}) or steps[0][0] != 0:
        raise item.fail("分档须从 0 开始，由低到高", "steps must begin at 0 and ascend")
    return steps


def sql_value(value: Any) -> Any:
    """A clause value as DuckDB takes it as a parameter."""
    if isinstance(value, list) and value and isinstance(value[0], tuple):
        return [{"at_least": low, "gives": gives} for low, gives in value]
    return value


def sql_literal(value: Any) -> str:
    """A clause value as SQL of the clause's own type."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, list):
        if value and isinstance(value[0], tuple):
            steps = ", ".join(f"{{'at_least': {low}::DECIMAL(18, 6), 'gives': {gives}::DECIMAL(18, 6)}}" for low, gives in value)
            return f"[{steps}]"
        return f"[{', '.join(sql_literal(v) for v in value)}]::VARCHAR[]"
    return f"{value}::DECIMAL(18, 6)"
