"""What the corrections of a delivery change: it is read and judged once more as it came, so that none of them changes an outcome unseen."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from planning_check.sql import create_with

if TYPE_CHECKING:
    import duckdb

    from planning_check.assess import Plan

#: (rule, subject, key) -> outcome, area in m2, money in yuan.
Judged = dict[tuple[str, str, str], tuple[str | None, Decimal | None, Decimal | None]]
#: The columns of ``outcome_without``, which every run has.
OUTCOME_WITHOUT = dict.fromkeys(
    ("cause", "rule_id", "subject", "subject_key", "outcome", "area_m2", "yuan", "without", "area_without_m2", "yuan_without"), "VARCHAR"
)


def note_outcomes_without(con: duckdb.DuckDBPyConnection, plan: Plan, read_again: Callable[[str, int], Judged]) -> None:
    """Make ``outcome_without``: the outcomes, areas and sums that turn on corrections, or on who goes before whom. ``read_again`` judges
    the delivery anew: without corrections, or with the value of the next in the order; asked only where one was applied or settled."""
    causes = [("corrections", 0)] if con.execute("SELECT 1 FROM correction WHERE state = 'applied' LIMIT 1").fetchall() else []
    told = con.execute("SELECT max(json_array_length(told)) FROM disagreement WHERE starts_with(why, 'precedence:')").fetchall()[0][0]
    causes += [("precedence", choice) for choice in range(1, told or 1)]
    now = judged_of(con, plan) if causes else {}
    rows = {tuple(row.values()): row for cause, choice in causes for row in _differing(cause, now, read_again(cause, choice))}
    create_with(con, "outcome_without", OUTCOME_WITHOUT, list(rows.values()))


def judged_of(con: duckdb.DuckDBPyConnection, plan: Plan) -> Judged:
    """Every outcome of a delivery that was judged, with what its finding comes to."""
    from planning_check.assess import OUTCOMES

    named = {letter: outcome for outcome, letter in OUTCOMES.items()}
    rules = {subject: sorted(rule.id for rule in plan.of(subject)) for subject in plan.subjects}
    judged: Judged = {
        (rule, subject, key): (named.get(letter), None, None)
        for subject, key, letters in con.execute("SELECT subject, subject_key, outcomes FROM register").fetchall()
        for rule, letter in zip(rules[subject], letters, strict=True)
    }
    for rule, subject, key, outcome, *amounts in con.execute(
        "SELECT rule_id, subject, subject_key, outcome, area_m2, yuan FROM finding_head WHERE outcome = 'violation'"
    ).fetchall():
        judged[rule, subject, key] = (outcome, *amounts)
    return judged


def _differing(cause: str, now: Judged, without: Judged) -> Iterable[dict[str, Any]]:
    """What is not the same, or of a subject that is only there with the corrections or without them."""
    nothing = (None, None, None)
    for rule, subject, key in sorted({*now, *without}):
        one, other = now.get((rule, subject, key), nothing), without.get((rule, subject, key), nothing)
        if one != other:
            told = zip(list(OUTCOME_WITHOUT)[4:], (*one, *other), strict=True)
            own = {"cause": cause, "rule_id": rule, "subject": subject, "subject_key": key}
            yield own | {name: None if value is None else str(value) for name, value in told}
