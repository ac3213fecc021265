"""Worked cases as short texts, for the rule reference."""

from __future__ import annotations

from typing import Any

from planning_check.rulebook.cases import Case, read_cases
from planning_check.rulebook.ordinances import Ordinance
from planning_check.rulebook.rules import Rule


def case_records(owner: Rule | Ordinance) -> list[dict[str, Any]]:
    """Each case: ``it``, ``given`` (without the background) and ``expect`` as one line, ``outcome``, the ``clauses`` that it varies."""
    return [_record(case) for case in read_cases(owner)]


def _record(case: Case) -> dict[str, Any]:
    own = case.item.need("given").plain()
    expect = {name: item.plain() for name, item in case.expect.items()}
    law = own.get("law") or {}
    clauses = tuple(law) if "law" in own else tuple(expect)  # an ordinance's case states the clause values that it expects
    return {"it": case.it, "given": _flat(own), "expect": _flat(expect), "outcome": str(expect.get("outcome", "")), "clauses": clauses}


def _flat(values: dict[str, Any]) -> str:
    return ", ".join(f"{name}: {value_text(value)}" for name, value in values.items()) or "-"


def value_text(value: Any) -> str:
    """A value as a case writes it."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k}: {value_text(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(value_text, value)) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    return "unknown" if value is None else str(value)
