"""Ordinances: the law of a place and a time as one cited file; every clause value has its days."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from planning_check.clauses import CLAUSES, ClauseKind
from planning_check.errors import Text
from planning_check.facts.dictionary import PROJECT
from planning_check.rulebook.nodes import Item, read_yaml
from planning_check.sql import quoted

_KEYS = ("id", "title", "jurisdiction", "from", "to", "anchor", "verified", "example", "citation", "clauses", "cases")
FOREVER = dt.date(9999, 12, 31)


@dataclass(frozen=True)
class Clause:
    """One clause: its values from their first days on (a value of None is a repeal) and where the law says so."""

    name: str
    values: tuple[tuple[dt.date, Any], ...]
    cite: str
    line: int


@dataclass(frozen=True)
class Ordinance:
    """``jurisdiction`` is a division-code prefix; in force from ``begins`` to ``ends``, judged on the project's ``anchor`` day."""

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
    path: Path
    sha256: str

    def versions(self) -> list[tuple[dt.date, dt.date, dict[str, Any]]]:
        """The stretches of time with one set of clause values each: first day, last day, clause -> value."""
        starts = sorted({self.begins} | {day for c in self.clauses.values() for day, _ in c.values if self.begins < day <= self.ends})
        ends = [start - dt.timedelta(days=1) for start in starts[1:]] + [self.ends]
        return [
            (start, end, {name: _value_on(c, start) for name, c in self.clauses.items()}) for start, end in zip(starts, ends, strict=True)
        ]


def _value_on(clause: Clause, day: dt.date) -> Any:
    return [value for begins, value in clause.values if begins <= day][-1]


def read_ordinance(path: Path, name: str) -> Ordinance:
    """Read one ordinance file. Raises RulebookError (file:line) for an unknown clause, an undated or uncited value, a gap."""
    item = read_yaml(path, name=name, with_cases=False)
    item.mapping(_KEYS)
    begins = item.need("from").day()
    if begins is None:
        raise item.need("from").fail(
            "施行日期不能为空", "the first day must be given", fix_zh="写明第一天", fix_en="write the first day, as 2006-04-09"
        )
    ends_item = item.need("to")
    ends = ends_item.day() or FOREVER
    if ends < begins:
        raise ends_item.fail("止日早于起日", "the last day is before the first")
    anchors = tuple(f.name for f in PROJECT.facts.values() if f.type == "date")
    clauses = {key: _clause(key, value, begins) for key, value in item.need("clauses").mapping(tuple(CLAUSES)).items()}
    return Ordinance(
        id=item.need("id").text(),
        title=item.need("title").bilingual(),
        jurisdiction=_prefix(item.need("jurisdiction")),
        begins=begins,
        ends=ends,
        anchor=item.need("anchor").text(anchors),
        verified=_yes_no(item.need("verified")),
        example=_yes_no(told) if (told := item.get("example")) else False,
        clauses=clauses,
        file=name,
        path=path,
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
    )


def _prefix(item: Item) -> str:
    value = item.value if isinstance(item.value, str) else str(item.value)
    if value and not (value.isdigit() and len(value) in (2, 4, 6, 9, 12)):
        raise item.fail(
            f"行政区划代码前缀不对：{value}", f"not a division-code prefix: {value}", fix_zh='写 2、4、6、9 或 12 位数字并加引号，全国写 ""',
            fix_en='write 2, 4, 6, 9 or 12 digits in quotes, or "" for everywhere',
        )  # fmt: skip
    return value


def _yes_no(item: Item) -> bool:
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
