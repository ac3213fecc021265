"""Judges the tables of a test: by the bundled rules that it names, as far as a question asks, and many cases in one city."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from planning_check import assess, pipeline
from planning_check.assess import Plan
from tests.facts.lazy import Lazy
from tests.facts.tables import connection

Tables = Mapping[str, list[dict[str, Any]]]
BOOK = pipeline.load_rules()
HOUSING = {
    "project_id": "P1", "project_name": "甲苑", "district_code": "990101", "uses": ["residential"], "community_code": "C1",
    "plan_approved_on": "2008-03-10", "completed_on": "2010-05-04", "planning_accepted_on": "2010-06-01", "survey_total_m2": 50000,
    "premises_register_complete": True,
}  # fmt: skip
#: A question that names one of the tables of a subject, and nothing made later, is answered without judging again or collecting.
_EARLY = re.compile(r"\b(?:(governing|lawful|judged)_(\w+)|(balance))\b")
_LATE = re.compile(r"\b(?:finding\w*|register\w*|robustness|exposure|doubt|(?:cited|told|evidence|named|reading|count)_\w+)\b")


@cache
def plan(*rules: str) -> Plan:
    """The plan of these rules; compiled once a process."""
    return BOOK.plan(rules)


def run(plan: Plan, **rows: Any) -> Judged:
    """These tables, judged by a plan as far as they are asked."""
    return Judged(connection(**rows), plan)


def together(cases: Mapping[Any, Tables]) -> dict[str, list[dict[str, Any]]]:
    """The tables of many cases as those of one city: the keys of each are its own (``case:P1``), so that no case meets another."""
    (names,) = {tuple(sorted(tables)) for tables in cases.values()}  # what one does not deliver, none does
    return {name: [_of_case(case, row) for case, tables in cases.items() for row in tables[name]] for name in names}


def _of_case(case: Any, row: dict[str, Any]) -> dict[str, Any]:
    own = {field for field in row if field.endswith("_id") or field in ("community_code", "receipt_no")}
    return {field: f"{case}:{value}" if field in own and value is not None else value for field, value in row.items()}


class Judged:
    """A connection that judges when asked: the subjects that a question names, or all of it as ``assess`` does."""

    def __init__(self, con: Lazy, plan: Plan):
        self._con, self._plan = con, plan
        self._governed: set[str] = set()
        self._judged: set[str] = set()
        self._is_whole = self._is_balanced = False

    def execute(self, text: str, *given: Any) -> Any:
        if _LATE.search(text) or not re.match(r"\s*(SELECT|FROM|WITH)\b", text):
            self.whole()
        elif not self._is_whole and (named := _EARLY.findall(text)):
            is_governed = all(made in ("governing", "lawful") for made, _, _ in named)
            self._early({"project", *(subject for _, subject, _ in named)}, is_governed, any(balance for *_, balance in named))
        return self._con.execute(text, *given)

    def whole(self) -> Judged:
        if not self._is_whole:
            there = assess.of_those_there(self._con, self._plan)
            assess.assess(self._con, there)
            assess.tell(self._con, there)
            self._is_whole = True
        return self

    def _early(self, named: set[str], is_governed: bool, is_balanced: bool) -> None:
        if new := tuple(s for s in self._plan.subjects if s in named - self._governed):
            for make in (assess.create_law, assess.govern, assess.base):
                make(self._con, replace(self._plan, subjects=new))
            self._governed |= set(new)
        if not is_governed and (new := tuple(s for s in self._plan.subjects if s in named - self._judged)):
            assess.judge(self._con, replace(self._plan, subjects=new))
            self._judged |= set(new)
        if is_balanced and not self._is_balanced:
            assess.balance(self._con, self._plan)
            self._is_balanced = True
