"""Like cases side by side: one outcome of a rule beside the nearest that came out, or were decided, the other way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from planning_check.assess.likeness import DAY, NUMBER, WORD, Near, nearest
from planning_check.cases import STATES
from planning_check.errors import Text
from planning_check.facts.dictionary import PROJECT
from planning_check.record.finding import Finding
from planning_check.record.run import StoredRun
from planning_check.report.told.facts import find_fact

_KINDS = dict.fromkeys(("area", "money", "number", "integer"), NUMBER) | {"date": DAY} | dict.fromkeys(("bool", "choice", "choices"), WORD)
_OPPOSITE = {"violation": ("pass",), "pass": ("violation",)}
_DECIDED = {
    "confirmed": ("dismissed",),
    "dismissed": ("confirmed", "reported", "closed"),
    "closed": ("dismissed",),
    "reported": ("dismissed",),
}
#: How it is told what near means.
MEASURE = Text(
    "按规则读的事实比：数值和日期看名次差，选项和是否看相同与否，取平均；一方不明的按完全不同计，都不明的不计；名称和编号不比",
    "By the facts that the rule reads: numbers and days by how far apart they rank, choices and yes or no by whether they are the same, "
    "the mean of them; what only one of them tells counts as wholly different, what neither tells does not count; names and codes are not "
    "compared",
)


@dataclass(frozen=True)
class Likeness:
    """``one``: the outcome that was asked for; ``near``: the nearest of the opposite outcome, ``decided``: the nearest of which the meeting
    decided the opposite; ``outcomes``: of all subjects of the rule. ``states``: fingerprint -> state of the case."""

    run: StoredRun
    one: Finding
    near: Sequence[tuple[Near, Finding]]
    decided: Sequence[tuple[Near, Finding]]
    outcomes: Counter[str]
    states: Mapping[str, str]

    @property
    def facts(self) -> list[str]:
        """What is compared, first what differs most often."""
        shown = [other for _, other in (*self.near, *self.decided)]
        names = list(kinds_of(self.one))
        apart = {name: sum(value(self.one, name) != value(other, name) for other in shown) for name in names}
        return sorted(names, key=lambda name: (-apart[name], names.index(name)))


def likeness(run: StoredRun, key: str, findings: Sequence[Finding], states: Mapping[str, str], most: int) -> Likeness:
    """``findings``: every outcome of the rule with its facts; ``key``: the subject that is asked for."""
    one = next(finding for finding in findings if finding["subject_key"] == key)
    opposite = _OPPOSITE.get(one["outcome"], ("violation", "pass"))
    decided = _DECIDED.get(states.get(one["fingerprint"], ""), ())
    rest = [finding for finding in findings if finding["subject_key"] != key]
    return Likeness(
        run, one, near=_nearest(one, [f for f in rest if f["outcome"] in opposite], most),
        decided=_nearest(one, [f for f in rest if states.get(f["fingerprint"], "") in decided], most),
        outcomes=Counter(finding["outcome"] for finding in findings), states=states,
    )  # fmt: skip


def _nearest(one: Finding, others: Sequence[Finding], most: int) -> list[tuple[Near, Finding]]:
    of_key = {finding["subject_key"]: finding for finding in others}
    kinds = kinds_of(one)
    facts = {key: {name: value(finding, name) for name in kinds} for key, finding in of_key.items()}
    return [(near, of_key[near.key]) for near in nearest({name: value(one, name) for name in kinds}, facts, kinds, most)]


def kinds_of(finding: Finding) -> dict[str, str]:
    """The facts of the rule that can be compared, and how; the governing ordinance is one of them."""
    kinds = {}
    for name in finding["facts"]:
        fact = find_fact(finding["subject"], name)
        if fact is None and name.startswith("phases."):
            fact = PROJECT.facts.get(name.removeprefix("phases."))
        if fact is not None and fact.type in _KINDS:
            kinds[name] = _KINDS[fact.type]
    return {"law": WORD} | kinds


def value(finding: Finding, name: str) -> str | None:
    """What a finding tells of a fact, or of the ordinance that governs it."""
    return finding["ordinance_id"] if name == "law" else finding["facts"].get(name)


def state_text(found: Likeness, finding: Finding) -> Text:
    """Where its case stands; nothing where nothing was done about it."""
    return STATES.get(found.states.get(finding["fingerprint"], ""), Text("", ""))
