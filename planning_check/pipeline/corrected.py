"""What the corrections of a delivery change: it is read and judged once more as it came, so that none of them changes an outcome unseen."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from planning_check.engine import beside
from planning_check.sql import create_with, quoted

if TYPE_CHECKING:
    import duckdb

    from planning_check.assess import Plan

#: The columns of ``outcome_without``, which every run has.
OUTCOME_WITHOUT = dict.fromkeys(
    ("cause", "rule_id", "subject", "subject_key", "outcome", "area_m2", "yuan", "without", "area_without_m2", "yuan_without"), "VARCHAR"
)
#: Where the delivery stands as it is judged once more.
_OTHER = "without"


def note_outcomes_without(
    con: duckdb.DuckDBPyConnection, plan: Plan, judge_again: Callable[[duckdb.DuckDBPyConnection, str, int], None]
) -> None:  # fmt: skip
    """Make ``outcome_without``: the outcomes, areas and sums that turn on corrections, or on who goes before whom. ``judge_again`` reads
    and judges the delivery anew in a database beside it: without corrections, or with the value of the next in the order; asked only
    where one was applied or settled."""
    causes = [("corrections", 0)] if con.execute("SELECT 1 FROM correction WHERE state = 'applied' LIMIT 1").fetchall() else []
    told = con.execute("SELECT max(json_array_length(told)) FROM disagreement WHERE starts_with(why, 'precedence:')").fetchall()[0][0]
    causes += [("precedence", choice) for choice in range(1, told or 1)]
    create_with(con, "outcome_without", OUTCOME_WITHOUT, [])
    for cause, choice in causes:
        with beside(con, _OTHER) as other:
            judge_again(other, cause, choice)
            con.execute(f"INSERT INTO outcome_without {_differing(cause, plan)} EXCEPT FROM outcome_without ORDER BY ALL")


def _differing(cause: str, plan: Plan) -> str:
    """The query for what is not the same, or of a subject that is only there now or only there without: of subjects with other outcomes,
    or with findings that come to something else, and there of every rule."""
    return f"""
    WITH unlike AS (
        SELECT subject, subject_key FROM register n FULL JOIN {_OTHER}.register w USING (subject, subject_key)
        WHERE n.outcomes IS DISTINCT FROM w.outcomes
        UNION SELECT subject, subject_key FROM (({_HEADS} FROM finding_head EXCEPT {_HEADS} FROM {_OTHER}.finding_head)
              UNION ALL ({_HEADS} FROM {_OTHER}.finding_head EXCEPT {_HEADS} FROM finding_head))
    ), {_judged("now", "", plan)}, {_judged(_OTHER, f"{_OTHER}.", plan)}
    SELECT '{cause}', rule_id, subject, subject_key, n.outcome, n.area_m2, n.yuan, w.outcome, w.area_m2, w.yuan
    FROM judged_now n FULL JOIN judged_{_OTHER} w USING (rule_id, subject, subject_key)
    WHERE (n.outcome, n.area_m2, n.yuan) IS DISTINCT FROM (w.outcome, w.area_m2, w.yuan)"""


_HEADS = "SELECT subject, subject_key, rule_id, outcome, area_m2, yuan"


def _judged(which: str, database: str, plan: Plan) -> str:
    """``judged_<which>``: an outcome of every rule for what is ``unlike``, with what its finding comes to, as text."""
    from planning_check.assess import OUTCOMES

    rules = ", ".join(f"{quoted(of)}: [{', '.join(quoted(rule) for rule in sorted(r.id for r in plan.of(of)))}]" for of in plan.subjects)
    named = ", ".join(f"{quoted(letter)}: {quoted(outcome)}" for outcome, letter in OUTCOMES.items())
    return f"""judged_{which} AS (
        SELECT subject, subject_key, o.rule_id, coalesce(h.outcome, MAP {{{named}}}[o.letter]) AS outcome,
               CAST(h.area_m2 AS VARCHAR) AS area_m2, CAST(h.yuan AS VARCHAR) AS yuan
        FROM (SELECT subject, subject_key, unnest(MAP {{{rules}}}[subject]) AS rule_id, unnest(string_split(outcomes, '')) AS letter
              FROM {database}register SEMI JOIN unlike USING (subject, subject_key)) o
        LEFT JOIN (FROM {database}finding_head WHERE outcome = 'violation') h USING (subject, subject_key, rule_id))"""
