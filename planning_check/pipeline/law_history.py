"""The law over time, as the ordinances on file state it: the dated values of a clause, and which law governs a place on a day."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planning_check.clauses import CLAUSES
from planning_check.errors import Text, UsageError
from planning_check.pipeline.rules import load_rules

if TYPE_CHECKING:
    from planning_check.report.told.governing import Governing
    from planning_check.report.told.law_history import History

_CODE = re.compile(r"\d{2}(\d{2}){0,2}(\d{3}){0,2}")


def law_history(clause: str, district: str | None = None, rule_dirs: Sequence[Path] = ()) -> History:
    """The dated values of a clause, for a place those that govern it. Raises UsageError for a clause that there is not, or what is no
    division code; RulebookError as ``load_rules``."""
    from planning_check.report.told.law_history import history

    ordinances = _ordinances(rule_dirs)
    return history(ordinances, _clause(clause), _place(district, ordinances) if district is not None else None)


def law_on(day: dt.date, district: str, rule_dirs: Sequence[Path] = ()) -> Governing:
    """Which law governs a place on a day, and why the others do not. Raises as ``law_history``."""
    from planning_check.report.told.governing import on_day, weigh

    ordinances = _ordinances(rule_dirs)
    return weigh(ordinances, _place(district, ordinances), on_day(day), on=Text(str(day), str(day)))


def _ordinances(rule_dirs: Sequence[Path]) -> list[dict[str, Any]]:
    from planning_check.rulebook.texts import ordinance_record

    return [ordinance_record(one) for one in load_rules(rule_dirs).ordinances]


def _clause(asked: str) -> str:
    """A clause by its name or its words."""
    from planning_check.rulebook.nodes import hint

    name = asked.strip().removeprefix("law.").lower()
    found = next((one.name for one in CLAUSES.values() if name in (one.name, one.label.zh, one.label.en.lower())), None)
    if found is None:
        near = hint(name, CLAUSES)
        raise UsageError(Text(f"没有条款“{asked}”", f"no clause {asked}"), fix=Text(f"可用：{near}", f"there are {near}"))
    return found


def _place(district: str, ordinances: Sequence[dict[str, Any]]) -> str:
    """A division code as it was given."""
    code = district.strip()
    if not _CODE.fullmatch(code):
        places = sorted({str(one["jurisdiction"]) for one in ordinances if one["jurisdiction"]})
        told = (
            Text(f"；收录的办法管 {'、'.join(places)}", f"; the ordinances on file are of {', '.join(places)}") if places else Text("", "")
        )
        raise UsageError(
            Text(f"“{district}”不是行政区划代码", f"{district} is no division code"),
            fix=Text(f"写 6 位区县代码，如 990103{told.zh}", f"write the 6 digits of the district, such as 990103{told.en}"),
        )
    return code
