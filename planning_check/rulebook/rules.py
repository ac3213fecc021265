"""Rules as read from YAML: what is judged, of whom, with which words. Expressions stay items with lines."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from planning_check.clauses import CLAUSES
from planning_check.errors import Text
from planning_check.facts.dictionary import SUBJECTS
from planning_check.rulebook.nodes import Item, check_name, read_yaml
from planning_check.rulebook.ordinances import Placed, read_value
from planning_check.words import BUREAUS, CONSEQUENCES, LISTS, REMEDY_DOCUMENTS, SEVERITIES

_KEYS = (
    "id", "subject", "list", "severity", "severity_when", "responsible", "title", "basis", "parameters", "judges_law", "judges_ended",
    "applies_when", "exempt_when",
    "exempt_document", "exempt_reason", "due_when",
    "let", "violated_when", "alternatives", "status", "act", "amounts", "remedy",
    "consequence", "cure", "message", "trap", "background", "cases",
)  # fmt: skip
_ID = re.compile(r"[A-Z]{2}\d{2}")
#: The list of what bureaus themselves let pass.
CONTROLS = "controls"
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
class Act:
    """What a bureau did, or had to do, that the rule watches: ``on`` names the day that gives its year, a fact or a ``let``. ``classes``:
    which violations are the bureau's own; none named: all of them."""

    on: Item
    title: Text
    classes: tuple[str, ...]


@dataclass(frozen=True)
class Remedy:
    """The least that would cure a finding: area to hand over, or money to pay, and (or) a document to supply."""

    amounts: dict[str, Item]  # hand_over_m2, pay_yuan
    document: str | None


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
    parameters: dict[str, Decimal | dt.date]
    judges_law: bool
    judges_ended: bool  # also projects that were cancelled, merged or split
    applies_when: tuple[Condition, ...]
    exempt_when: Item | None
    exempt_document: Item | None
    exempt_reason: Text | None  # what is said of a subject that is exempt
    due_when: Item | None
    let: dict[str, Item]
    violated_when: Item
    alternatives: dict[str, tuple[Any, ...]]  # clause -> other values under which a violation is judged again
    status: Status | None
    act: Act | None  # of the bureau that is responsible; every rule on the list of controls has one
    severity_when: dict[str, Item]  # a severity and the condition under which a violation has it, whatever its class
    amounts: dict[str, Item]
    remedy: Remedy
    consequence: tuple[str, ...]
    cure: Text
    message: Text
    trap: Text
    item: Item = field(repr=False)
    path: Path = field(repr=False)
    sha256: str = ""
    placed: dict[str, tuple[Placed, ...]] = field(default_factory=dict)  # parameter -> its other values in places and times

    def values_of(self, parameter: str) -> tuple[Any, ...]:
        """Every value that a parameter has anywhere; nothing where the rule has no such parameter."""
        own = (self.parameters[parameter],) if parameter in self.parameters else ()
        return (*own, *(one.value for one in self.placed.get(parameter, ())))


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
        judges_law=told.boolean() if (told := item.get("judges_law")) else False,
        judges_ended=told.boolean() if (told := item.get("judges_ended")) else False,
        applies_when=_conditions(item.get("applies_when")),
        exempt_when=item.get("exempt_when"),
        exempt_document=item.get("exempt_document"),
        exempt_reason=told.bilingual() if (told := item.get("exempt_reason")) else None,
        due_when=item.get("due_when"),
        let=_lets(item.get("let")),
        violated_when=item.need("violated_when"),
        alternatives=_alternatives(item),
        status=(status := _status(item.get("status"))),
        act=_act(item, status),
        severity_when=told.mapping(tuple(SEVERITIES)) if (told := item.get("severity_when")) else {},
        amounts=told.mapping(("area_m2", "yuan", "yuan_min")) if (told := item.get("amounts")) else {},
        remedy=_remedy(item.get("remedy")),
        consequence=tuple(c.text(tuple(CONSEQUENCES)) for c in item.need("consequence").items()),
        cure=item.need("cure").bilingual(),
        message=item.need("message").bilingual(),
        trap=item.need("trap").bilingual(),
        item=item,
        path=path,
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
    )


def _parameters(item: Item | None) -> dict[str, Decimal | dt.date]:
    """Numbers, or days (such as the first day of a national rule), each with its unit; a note says where it comes from."""
    if item is None:
        return {}
    read: dict[str, Decimal | dt.date] = {}
    for name, entry in item.mapping().items():
        check_name(name, entry)
        entry.mapping(("value", "unit", "note"))
        entry.need("unit").text()
        value = entry.need("value")
        read[name] = value.value if isinstance(value.value, dt.date) else value.number()
    return read


def _alternatives(rule: Item) -> dict[str, tuple[Any, ...]]:
    """``alternatives: {base: [residential, counted]}``: clauses of the law and the values to judge a violation by as well."""
    item = rule.get("alternatives")
    if item is None:
        return {}
    if rule.need("subject").text() != "project":
        raise item.fail("只有对开发项目的规则可以写 alternatives", "only a rule on projects can have alternatives")
    return {
        clause: tuple(read_value(CLAUSES[clause], value) for value in values.items())
        for clause, values in item.mapping(tuple(CLAUSES)).items()
    }


def _remedy(item: Item | None) -> Remedy:
    if item is None:
        return Remedy({}, None)
    entries = item.mapping(("hand_over_m2", "pay_yuan", "document"))
    document = item.get("document")
    amounts = {name: entry for name, entry in entries.items() if name != "document"}
    return Remedy(amounts, document.text(tuple(REMEDY_DOCUMENTS)) if document else None)


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
        check_name(name, entry)
    return dict(item.value)


def _status(item: Item | None) -> Status | None:
    if item is None:
        return None
    item.mapping(("of", "values"))
    values, severities = {}, {}
    for code, entry in item.need("values").mapping().items():
        check_name(code, entry)
        entry.mapping(("zh", "en", "severity"))
        values[code] = Text(entry.need("zh").text(), entry.need("en").text())
        if told := entry.get("severity"):
            severities[code] = told.text(tuple(SEVERITIES))
    return Status(item.need("of"), values, severities)


def _act(rule: Item, status: Status | None) -> Act | None:
    item = rule.get("act")
    if item is None:
        if rule.need("list").text() != CONTROLS:
            return None
        raise rule.need("list").fail(
            f"名单 {CONTROLS}（部门履职）的规则要写 act：查的是部门的哪一种办理，按哪个日期归年",
            f"a rule on the list {CONTROLS} needs act: which act of a bureau it watches, and which day gives the year of it",
            fix_zh="加一行，例如 act: {on: planning_accepted_on, zh: 规划验收, en: planning acceptances}",
            fix_en="add a line such as act: {on: planning_accepted_on, zh: 规划验收, en: planning acceptances}",
        )
    item.mapping(("on", "zh", "en", "classes"))
    title = Text(item.need("zh").text(), item.need("en").text())
    named = item.get("classes")
    if named and status is None:
        raise named.fail("规则没有 status，写不了 classes", "the rule has no status, so there are no classes to name")
    classes = tuple(one.text(tuple(status.values)) for one in named.items()) if named and status else ()
    return Act(item.need("on"), title, classes)
