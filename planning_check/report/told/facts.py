"""Facts, clauses and numbers by the words people know them by, and their values as people read them."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from planning_check.clauses import CLAUSES
from planning_check.errors import Text
from planning_check.facts.dictionary import PROJECT, SUBJECTS, Fact, cell_label, cell_owner
from planning_check.report.told.numbers import number
from planning_check.schema import BY_NAME, Choice, is_year
from planning_check.words import UNITS, UNKNOWN, label

#: A whole number without unit and as long as this is the code of a community, a parcel or an enterprise.
_CODE_DIGITS = 9
_YES_NO = {"true": Text("是", "yes"), "false": Text("否", "no")}
_LAW = Text("适用办法", "the governing ordinance")


def find_fact(subject: str, name: str) -> Fact | None:
    """The fact of that name as a rule on ``subject`` sees it: its own, or ``project.`` its project's."""
    if name.startswith("project."):
        return PROJECT.facts.get(name.removeprefix("project."))
    return SUBJECTS[subject].facts.get(name) if subject in SUBJECTS else None


def fact_label(subject: str, name: str) -> Text:
    """What people call a fact, or a clause of the ordinance (``law.share``)."""
    if name in ("law", "law_state"):
        return _LAW
    fact = find_fact(subject, name)
    table, _, field = name.rpartition(".")
    if table == "law" and field in CLAUSES:
        clause = CLAUSES[field].label
        return Text(f"办法的{clause.zh}", f"the ordinance's {clause.en}")
    if table == "phases":
        other = fact_label("project", field)
        return Text(f"整体开发其他期：{other.zh}", f"other phases: {other.en}")
    return fact.label if fact else cell_label(table, field) if table in BY_NAME else Text(name, name)


def missing_label(rule: Any, name: str) -> Text:
    """What people call something that a verdict lacks. ``rule``: of the run; a measure that its rules share is called as its steps say."""
    label = fact_label(rule.subject, name)
    steps = (rule.text or {}).get("steps", ()) if label.zh == name else ()
    return next((Text(**step["label"]) for step in steps if step["name"] == name), label)


def fact_owner(subject: str, name: str) -> str:
    """The bureau that can supply it."""
    fact = find_fact(subject, name)
    table, _, field = name.rpartition(".")
    if table == "phases":
        return fact_owner("project", field)
    return fact.owner if fact else cell_owner(table, field) if table in BY_NAME else "ordinance"


def fact_value(fact: Fact | None, value: str | None, lang: str) -> str:
    """A recorded value as people read it: 62,000.00 ㎡, labels for codes, 是/否, unknown for none."""
    if value is None:
        return UNKNOWN.get(lang)
    if fact is None:
        return value
    if fact.type == "bool":
        return label(_YES_NO, value, lang)
    if fact.choices:
        return Text("、", ", ").get(lang).join(_choice(fact.choices, code, lang) for code in value.split(","))
    if fact.type in ("area", "money", "number", "integer") and not is_year(fact.name):
        return with_unit(value, fact.unit, lang)
    return value


def with_unit(value: str | None, unit: str, lang: str) -> str:
    """A number as text with thousands separated and its unit; any other text, and the digits of a code, as it is."""
    if value is None:
        return UNKNOWN.get(lang)
    if not unit and value.isdigit() and len(value) >= _CODE_DIGITS:
        return value
    try:
        exact = Decimal(value)
    except InvalidOperation:
        return label(_YES_NO, value, lang)
    to_the_cent = unit in ("m2", "yuan") and -int(exact.as_tuple().exponent) < 2
    shown = number(exact, 2 if to_the_cent else None)
    return f"{shown} {label(UNITS, unit, lang)}".rstrip()


def _choice(choices: tuple[Choice, ...], code: str, lang: str) -> str:
    return next((c.label.get(lang) for c in choices if c.code == code), code)
