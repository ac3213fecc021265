"""What stands about a finding besides what was found, in words: the state of its case, what was decided last, why it is to decide again."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from planning_check.cases import FIELDS, STATES, Case
from planning_check.errors import Text
from planning_check.record.finding import FIELDS as FINDING
from planning_check.record.finding import Finding
from planning_check.report.told.followed import why_reopened
from planning_check.report.told.numbers import number
from planning_check.words import BUREAUS, label

#: The states in which nobody is accused: told in a part of their own, and in every sum as a part of it.
DISMISSED = ("dismissed",)
_ENDED = ("closed", "dismissed")
#: All the others.
ACCUSED = tuple(state for state in STATES if state not in DISMISSED)
#: How the last entry of the log is called where it is printed (``Pack.head``).
LOG_HEAD = Text("日志末尾", "Head of the log")
_OF_DECISION = {one.column: name for name, one in FINDING.items() if one.kept == "case" and one.column}


def state_text(finding: Finding, lang: str) -> str:
    """The state of its case, why it is to decide again, and until when it is waived."""
    state, why = label(STATES, finding["case_state"], lang), again_text(finding, lang)
    told = f"{state}{Text('：', ': ').get(lang)}{why}" if why else state
    return Text("；", "; ").get(lang).join(part for part in (told, waived_text(finding, lang)) if part)


def waived_text(finding: Finding, lang: str) -> str:
    """That a waiver marks it, and until when; '' where none does."""
    until = finding["waived_until"]
    return Text(f"豁免至 {until}", f"waived until {until}").get(lang) if until else ""


def again_text(finding: Finding, lang: str) -> str:
    """Why it is to decide again, with the facts that changed; '' where it is not."""
    if not finding["case_why"]:
        return ""
    changed = {name: (values or "").split(" -> ") for name, values in finding["case_changed"].items()}
    facts = {name: [None if value == "?" else value for value in values] for name, values in changed.items()}
    return why_reopened({"why": finding["case_why"], "facts": facts}, finding["subject"], lang)


def not_done(cases: Mapping[str, Case]) -> tuple[str, ...]:
    """The cases that were confirmed or deferred and are neither struck off nor dismissed since, those that were reopened too: where they
    still fail, the next meeting opens with them."""
    held = {key: case.decision.body.get("conclusion") for key, case in cases.items() if case.decision and case.state not in _ENDED}
    return tuple(sorted(key for key, conclusion in held.items() if conclusion in ("confirmed", "deferred")))


def overdue(finding: Finding, as_of: dt.date) -> int | None:
    """Days since the day by which it was to be done, by the day of the check: negative before it, None where no day was set."""
    return (as_of - dt.date.fromisoformat(finding["decision_due_on"])).days if finding["decision_due_on"] else None


def decision(finding: Finding) -> Mapping[str, Any]:
    """What was decided last, by the names of ``cases.FIELDS``."""
    held = cast("Mapping[str, Any]", finding)
    return {name: held[_OF_DECISION[name]] for name in FIELDS}


def stood_last(finding: Finding, lang: str) -> str:
    """State, why it is to decide again, until when it is waived, and the last decision, in a cell; '' where none of it is."""
    decided, waived = decided_text(finding, lang), waived_text(finding, lang)
    if finding["case_state"] == "open" and not decided:
        return waived
    if not finding["case_why"] and finding["decision"] == finding["case_state"]:
        return "\n".join(part for part in (decided, waived) if part)  # the decision begins with the state
    last = Text(f"上次：{decided}", f"last: {decided}").get(lang) if decided else ""
    return "\n".join(part for part in (state_text(finding, lang), last) if part)


def decided_text(finding: Finding, lang: str) -> str:
    """The last decision in one sentence; '' where nothing was decided."""
    return decision_text(decision(finding), lang) if finding["decision"] else ""


def decision_text(body: Mapping[str, Any], lang: str) -> str:
    """A decision in one sentence: conclusion first, then what else it says, by the labels of the workbook."""
    parts = []
    for name, one in FIELDS.items():
        value = body.get(name)
        if value in (None, "", []):
            continue
        shown = told_value(name, value, lang)
        if name == "due_on" and (days := body.get("due_workdays")):
            shown = Text(f"{shown}（{days} 个工作日）", f"{shown} ({days} working day{'s' * (days > 1)})").get(lang)
        parts.append(shown if name == "conclusion" else f"{one.label.get(lang)} {shown}")
    return Text("；", "; ").get(lang).join(parts)


def told_value(name: str, value: Any, lang: str) -> str:
    """One thing that a decision says, as people read it."""
    one = FIELDS[name]
    if one.kind == "choice":
        return one.choices[value].get(lang) if value in one.choices else str(value)
    if one.kind == "bureau":
        return label(BUREAUS, value, lang)
    if one.kind == "bureaus":
        return Text("、", ", ").get(lang).join(label(BUREAUS, code, lang) for code in value)
    return str(value)


@dataclass(frozen=True)
class Stands:
    """What stands decided about some findings: how many are in which state (those that nothing was decided about are in none), how many of
    the open ones were reopened, the decision that was taken last, and how many a waiver marks."""

    states: tuple[tuple[str, int], ...] = ()
    reopened: int = 0
    last: Mapping[str, Any] = field(default_factory=dict)
    waived: int = 0

    def of(self, state: str) -> int:
        """How many are in a state."""
        return dict(self.states).get(state, 0)

    def told(self) -> Text:
        """The states with their numbers; '' where nothing was decided."""
        parts = [Text(f"{STATES[s].zh} {number(n)}", f"{STATES[s].en} {number(n)}") for s, n in self.states if s != "open"]
        if self.reopened:
            parts.append(Text(f"重新立案待议 {number(self.reopened)}", f"to decide again {number(self.reopened)}"))
        if self.waived:
            parts.append(Text(f"豁免中 {number(self.waived)}", f"waived {number(self.waived)}"))
        return Text("，".join(p.zh for p in parts), ", ".join(p.en for p in parts))


def stands(cases: Iterable[Case], waived: int = 0) -> Stands:
    """Of the cases of findings about which something was decided or done; ``waived``: how many findings a waiver marks."""
    held = list(cases)
    counts = Counter(case.state for case in held)
    last = max((case.decision for case in held if case.decision), key=lambda d: (str(d.body.get("decided_on") or ""), d.seq), default=None)
    again = sum(case.state == "open" and bool(case.reason) for case in held)
    return Stands(tuple((state, counts[state]) for state in STATES if counts[state]), again, last.body if last else {}, waived)


def stood_text(stood: Stands, lang: str) -> str:
    """What stands about the findings of one line: how many in which state, and what was decided last; '' where nothing was."""
    told = stood.told().get(lang)
    last = decision_text(stood.last, lang) if stood.last else ""
    return Text("；上次议定：", "; decided last: ").get(lang).join(part for part in (told, last) if part)


def stood_short(stood: Stands) -> Text:
    """The same in a few words, for a column: the states, without how many."""
    parts = [STATES[state] for state, _ in stood.states if state != "open"]
    parts += [Text("重新立案", "reopened")] if stood.reopened else []
    parts += [Text("豁免", "waived")] if stood.waived else []
    return Text("、".join(p.zh for p in parts), ", ".join(p.en for p in parts))
