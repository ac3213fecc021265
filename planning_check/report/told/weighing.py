"""For one finding: why this version of the law and not the others, from what its run recorded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from planning_check.assess.law import MILESTONES, possible_days
from planning_check.errors import Text
from planning_check.facts.dictionary import SUBJECTS
from planning_check.record.evidence import Evidence
from planning_check.report.told.governing import Governing, Version, differing, on_day, weigh


@dataclass(frozen=True)
class Choice:
    """The versions that were weighed (none where the days of the project are not known any more), and what that comes to.

    ``between``: the versions that it may be, or that contradict each other; ``differ``: the clauses that the rule reads in which these say
    different things: name, and the value of each. ``contract``: the version in force that fills in for the project's own contract.
    """

    governing: Governing | None
    between: tuple[Version, ...] = ()
    differ: tuple[tuple[str, tuple[Any, ...]], ...] = ()
    contract: Version | None = None
    is_contract: bool = False


def _law_by(evidence: Evidence) -> str:
    """Whose law a finding was judged by; none where it is not judged by law."""
    finding, subject = evidence.finding, SUBJECTS.get(evidence.rule.subject)
    if finding is None or subject is None or finding["law_state"] in (None, "no_project"):
        return "none"
    return subject.law_by


def needs_days(evidence: Evidence) -> bool:
    """Whether the days of a project are needed to say which law governs."""
    return _law_by(evidence) == "project"


def choice_of(evidence: Evidence) -> Choice | None:
    """Which version of the law governs a finding, of all that its run had on file; None for one that no law is read for."""
    finding, ordinances = evidence.finding, evidence.run.manifest.get("ordinances", ())
    by = _law_by(evidence)
    if finding is None or by == "none" or not ordinances:
        return None
    as_of = evidence.run.as_of
    checked = Text(f"检查日 {as_of}", f"the day of the check {as_of}")
    if by == "as_of":
        found = weigh(ordinances, finding["district_code"], on_day(as_of), on=checked)
    elif evidence.project is None:
        return Choice(None)
    else:
        days = {name: (evidence.project[f"{name}_lo"], evidence.project[f"{name}_hi"]) for name in MILESTONES}
        found = weigh(ordinances, evidence.project["district_code"], lambda anchor: possible_days(anchor, days))
    between = tuple(found.having("may", "conflict"))
    clauses = (evidence.rule.text or {}).get("clauses", ()) or _all_clauses(between)
    differ = tuple((name, tuple(values)) for name, values in differing(between, clauses)) if len(between) > 1 else ()
    is_contract = finding["law_state"] in ("contract", "contract_unclear")
    now = weigh(ordinances, found.place, on_day(as_of)).having("governs") if is_contract else []
    return Choice(found, between, differ, now[0] if now else None, is_contract)


def _all_clauses(versions: tuple[Version, ...]) -> list[str]:
    records: list[Mapping[str, Any]] = [version.record["clauses"] for version in versions]
    return list(dict.fromkeys(name for record in records for name in record))
