"""Rules and measures as read from YAML: what is judged, of whom, with which words. Expressions stay items with lines."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from planning_check.errors import Text
from planning_check.facts.dictionary import SUBJECTS
from planning_check.rulebook.nodes import Item, read_yaml
from planning_check.words import BUREAUS, CONSEQUENCES, LISTS, SEVERITIES

_KEYS = (
    "id", "subject", "list", "severity", "responsible", "title", "basis", "parameters", "judges_law", "applies_when", "exempt_when",
    "exempt_document", "due_when", "let", "violated_when", "status", "amounts", "consequence", "cure", "message", "trap", "background", "cases",
)  # fmt: skip
_ID = re.compile(r"[A-Z]{2}\d{2}")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
DEPARTMENTS = tuple(code for code in BUREAUS if code != "ordinance")


@dataclass(frozen=True)
class Condition:
    """One condition of scope and what is said of a subject that does not meet it."""

    when: Item
    otherwise: Text


@dataclass(frozen=True)
class Status:
    """How findings of a rule are classed: an expression giving one of ``values``; a class may lower the severity."""

    of: Item
    values: dict[str, Text]
    severities: dict[str, str]


@dataclass(frozen=True)
class Measure:
    """A quantity of a project that several rules share, defined once in rules/measures.yaml."""

    id: str
    unit: str
    title: Text
    of: Item
    cite: str


@dataclass(frozen=True)
class Tally:
    """How many governed projects of a community surely meet a condition; a number that rules on offices read."""

    id: str
    title: Text
    counts_where: Item
    cite: str


@dataclass(frozen=True)
class Rule:
    """One rule file. ``sha256`` is the file's digest; expressions are items, so that errors name their line."""

    id: str
    subject: str
    list: str
    severity: str
    responsible: str
    title: Text
    basis: tuple[str, ...]
    parameters: dict[str, Decimal]
    judges_law: bool
    applies_when: tuple[Condition, ...]
    exempt_when: Item | None
    exempt_document: Item | None
    due_when: Item | None
    let: dict[str, Item]
    violated_when: Item
    status: Status | None
    amounts: dict[str, Item]
    consequence: tuple[str, ...]
    cure: Text
    message: Text
    trap: Text
    item: Item = field(repr=False)
    path: Path = field(repr=False)
    sha256: str = ""


def read_rule(path: Path, name: str) -> Rule:
    """Read one rule file, its cases left unread. Raises RulebookError with file:line."""
    item = read_yaml(path, name=name, with_cases=False)
    item.mapping(_KEYS)
    rule_id = item.need("id")
    if not _ID.fullmatch(rule_id.text()) or not path.name.startswith(rule_id.text() + "_"):
        raise rule_id.fail(f"编号 {rule_id.value} 与文件名 {path.name} 不符", f"id {rule_id.value} does not fit the file name {path.name}")
    return Rule(
        id=rule_id.text(),
        subject=item.need("subject").text(tuple(SUBJECTS)),
        list=item.need("list").text(tuple(LISTS)),
        severity=item.need("severity").text(tuple(SEVERITIES)),
        responsible=item.need("responsible").text(DEPARTMENTS),
        title=item.need("title").bilingual(),
        basis=tuple(b.text() for b in item.need("basis").items()),
        parameters=_parameters(item.get("parameters")),
        judges_law=item.get("judges_law").boolean() if item.get("judges_law") else False,
        applies_when=_conditions(item.get("applies_when")),
        exempt_when=item.get("exempt_when"),
        exempt_document=item.get("exempt_document"),
        due_when=item.get("due_when"),
        let=_lets(item.get("let")),
        violated_when=item.need("violated_when"),
        status=_status(item.get("status")),
        amounts=item.get("amounts").mapping(("area_m2", "yuan", "yuan_min")) if item.get("amounts") else {},
        consequence=tuple(c.text(tuple(CONSEQUENCES)) for c in item.need("consequence").items()),
        cure=item.need("cure").bilingual(),
        message=item.need("message").bilingual(),
        trap=item.need("trap").bilingual(),
        item=item,
        path=path,
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
    )


def _parameters(item: Item | None) -> dict[str, Decimal]:
    if item is None:
        return {}
    read = {}
    for name, entry in item.mapping().items():
        _check_name(name, entry)
        entry.mapping(("value", "unit", "note"))
        entry.need("unit").text()
        read[name] = entry.need("value").number()
    return read


def _check_name(name: str, item: Item) -> None:
    if not _NAME.fullmatch(name):
        raise item.fail(f"名称 {name} 只能用小写字母、数字和下划线", f"the name {name} may only have lower-case letters, digits and _")


def _conditions(item: Item | None) -> tuple[Condition, ...]:
    unmet = Text("不符合适用条件", "the rule's condition of scope is not met")
    if item is None:
        return ()
    if not isinstance(item.value, list):
        return (Condition(item, unmet),)
    conditions = []
    for entry in item.items():
        entry.mapping(("when", "otherwise"))
        conditions.append(Condition(entry.need("when"), entry.need("otherwise").bilingual()))
    return tuple(conditions)


def _lets(item: Item | None) -> dict[str, Item]:
    if item is None:
        return {}
    for name, entry in item.mapping().items():
        _check_name(name, entry)
    return dict(item.value)


def _status(item: Item | None) -> Status | None:
    if item is None:
        return None
    item.mapping(("of", "values"))
    values, severities = {}, {}
    for code, entry in item.need("values").mapping().items():
        _check_name(code, entry)
        entry.mapping(("zh", "en", "severity"))
        values[code] = Text(entry.need("zh").text(), entry.need("en").text())
        if entry.get("severity"):
            severities[code] = entry.get("severity").text(tuple(SEVERITIES))
    return Status(item.need("of"), values, severities)


def read_measures(path: Path, name: str) -> list[Measure | Tally]:
    """Read a measures file: a list of id, unit, title, cite and ``of`` (a measure, which may use those above it) or
    ``counts_where`` (a tally of a community's projects)."""
    measures: list[Measure | Tally] = []
    for entry in read_yaml(path, name=name).items():
        entry.mapping(("id", "unit", "title", "of", "counts_where", "cite"))
        _check_name(entry.need("id").text(), entry)
        if entry.get("counts_where"):
            title, cite = entry.need("title").bilingual(), entry.need("cite").text()
            measures.append(Tally(entry.need("id").text(), title, entry.get("counts_where"), cite))
            continue
        unit = entry.get("unit")
        measures.append(
            Measure(
                id=entry.need("id").text(),
                unit=str(unit.value or "") if unit else "",
                title=entry.need("title").bilingual(),
                of=entry.need("of"),
                cite=entry.need("cite").text(),
            )
        )
    return measures
