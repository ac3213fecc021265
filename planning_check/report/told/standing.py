"""What stands about a finding besides what was found, in words: the state of its case, what was decided last, why it is to decide again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from planning_check.cases import FIELDS, STATES, WHYS, Case
from planning_check.errors import Text
from planning_check.record.finding import FIELDS as FINDING
from planning_check.record.finding import Finding
from planning_check.report.told.facts import fact_label, fact_value, find_fact
from planning_check.report.told.numbers import number
from planning_check.words import BUREAUS, label

#: The states in which nobody is accused: told in a part of their own, and in every sum as a part of it.
DISMISSED = ("dismissed",)
#: All the others.
ACCUSED = tuple(state for state in STATES if state not in DISMISSED)
#: Decided, and still failing: what the next meeting opens with.
NOT_DONE = ("confirmed", "deferred", "reported")
_OF_DECISION = {one.column: name for name, one in FINDING.items() if one.kept == "case" and one.column}


def state_text(finding: Finding, lang: str) -> str:
    """The state of its case, why it is to decide again, and until when it is waived."""
    state = label(STATES, finding["case_state"], lang)
    told = f"{state}{Text('：', ': ').get(lang)}{why}" if (why := again_text(finding, lang)) else state
    return Text("；", "; ").get(lang).join(part for part in (told, waived_text(finding, lang)) if part)


def waived_text(finding: Finding, lang: str) -> str:
    """That a waiver marks it, and until when; '' where none does."""
    until = finding["waived_until"]
    return Text(f"豁免至 {until}", f"waived until {until}").get(lang) if until else ""


def again_text(finding: Finding, lang: str) -> str:
    """Why it is to decide again, with the facts that changed; '' where it is not."""
    if not finding["case_why"]:
        return ""
    changed = [_changed(finding, name, values or "", lang) for name, values in finding["case_changed"].items()]
    told = Text("；", "; ").get(lang).join(changed)
    why = label(WHYS, finding["case_why"], lang)
    return f"{why}{Text(f'（{told}）', f' ({told})').get(lang)}" if told else why


def _changed(finding: Finding, name: str, values: str, lang: str) -> str:
    fact = find_fact(finding["subject"], name)
    shown = (fact_value(fact, None if value == "?" else value, lang) for value in values.split(" -> "))
    return f"{fact_label(finding['subject'], name).get(lang) if fact else name} {' → '.join(shown)}"


def decision(finding: Finding) -> Mapping[str, Any]:
    """What was decided last, by the names of ``cases.FIELDS``."""
    held = cast("Mapping[str, Any]", finding)
    return {name: held[_OF_DECISION[name]] for name in FIELDS}


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
