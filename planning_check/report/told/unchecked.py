"""What a run could not judge, a line a rule."""

from __future__ import annotations

from dataclasses import dataclass

from planning_check.record.unchecked import OPEN, NotChecked, Unchecked
from planning_check.words import OUTCOMES

_JUDGED = tuple(code for code in OUTCOMES if code not in OPEN)


@dataclass(frozen=True)
class OfRule:
    """Subjects of one rule: with a verdict (``judged``), and without one by why. ``never``: of those without one, how many never had one
    in the series, ``before``: how many had one, ``days``: the least and the most days since then, None where none had one."""

    rule_id: str
    judged: int
    undetermined: int
    error: int
    not_delivered: int
    never: int
    before: int
    days: tuple[int, int] | None


def by_rule(found: Unchecked) -> list[OfRule]:
    """The rules that left something without a verdict, those that left most first."""
    of_rule: dict[str, list[NotChecked]] = {}
    for line in found.lines:
        of_rule.setdefault(line.rule_id, []).append(line)
    return [_of(rule_id, lines, found) for rule_id, lines in sorted(of_rule.items(), key=lambda pair: (-len(pair[1]), pair[0]))]


def judged_in_all(found: Unchecked) -> int:
    """How many rules x subjects came to a verdict."""
    return sum(count for (_, outcome), count in found.counts.items() if outcome in _JUDGED)


def days_since(line: NotChecked, found: Unchecked) -> int | None:
    """Days from the last verdict's check to this one's; None where there was none."""
    return (found.run.as_of - line.last.as_of).days if line.last else None


def _of(rule_id: str, lines: list[NotChecked], found: Unchecked) -> OfRule:
    days = [since for line in lines if (since := days_since(line, found)) is not None]
    counts = {code: sum(line.outcome == code for line in lines) for code in (*OPEN, "not_delivered")}
    judged = sum(found.counts[rule_id, outcome] for outcome in _JUDGED)
    return OfRule(rule_id, judged, **counts, never=len(lines) - len(days), before=len(days), days=(min(days), max(days)) if days else None)
