"""What could not be judged, one line a project: what is missing, from whom, and what is at stake."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from planning_check.errors import Text
from planning_check.record.finding import Finding, said
from planning_check.report.told.facts import missing_label

#: The outcomes of what could not be judged: rules that could not run come before all.
OPEN = ("error", "undetermined")
#: How the list of them is called.
TITLE = Text("未能判定", "Not determined")


@dataclass
class Opened:
    """The open verdicts about one project, or about one subject that is of none; the money is the largest of them, added once."""

    first: Finding
    missing: dict[str, None] = field(default_factory=dict)
    owners: dict[str, None] = field(default_factory=dict)
    rules: dict[str, None] = field(default_factory=dict)
    count: int = 0
    least: Decimal | None = None
    most: Decimal | None = None
    is_error: bool = False

    @property
    def name(self) -> str:
        """What the project or subject is called; '' where no verdict about itself says it, or it is called by its id."""
        first, key = self.first, key_of(self.first)
        return (first["subject_name"] or "") if first["subject_key"] == key != first["subject_name"] else ""


def opened(findings: Iterable[Finding], rules: Sequence[Any], lang: str) -> list[Opened]:
    """One for each project, in the order of what is at stake. ``rules``: of the run."""
    known = {rule.rule_id: rule for rule in rules}
    by_line: dict[tuple[str, str], Opened] = {}
    for f in findings:
        one = by_line.setdefault(line_of(f), Opened(f))
        if one.first["subject"] != "project" and f["subject"] == "project":
            one.first = f
        names = missing_labels(f, known[f["rule_id"]], lang)
        one.missing |= dict.fromkeys(names or [said(f, "reason", lang) or ""])
        one.owners |= dict.fromkeys(f["missing_owner"])
        one.rules |= {f["rule_id"]: None}
        one.count += 1
        one.is_error |= f["outcome"] == "error"
        one.least, one.most = _larger(one.least, f["exposure_min_yuan"]), _larger(one.most, f["exposure_max_yuan"])
    return sorted(by_line.values(), key=lambda one: (not one.is_error, -(one.most or 0), -one.count, key_of(one.first)))


def missing_labels(finding: Finding, rule: Any, lang: str) -> list[str]:
    """The facts without which the rule has no answer, as people call them."""
    return [missing_label(rule, name).get(lang) for name in finding["missing"]]


def line_of(finding: Finding) -> tuple[str, str]:
    """Whose line a finding belongs to: its project, or its own subject and key."""
    return ("project", finding["project_id"]) if finding["project_id"] else (finding["subject"], finding["subject_key"])


def key_of(finding: Finding) -> str:
    """The project that a finding is about, or its own subject."""
    return line_of(finding)[1]


def _larger(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return max((value for value in (one, other) if value is not None), default=None)
