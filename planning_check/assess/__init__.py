"""Facts held against compiled rules: one outcome for every rule and subject, findings with evidence, a register that adds up.

Pure: no clock, files or network. It runs what ``rulebook`` compiled (:class:`Plan`) on the tables that ``facts`` made.
"""

import duckdb

from planning_check.assess.acts import Acts, acts_of, keep_acts
from planning_check.assess.again import judge_again
from planning_check.assess.alone import WHOLE
from planning_check.assess.balance import balance
from planning_check.assess.bunching import Threshold, bunching
from planning_check.assess.collecting import collect, count_register, imbalance, tell
from planning_check.assess.comparing import Comparison, compare, keep_reading
from planning_check.assess.doubt import keep_standing, mark_doubt
from planning_check.assess.judging import judge, reads_tally
from planning_check.assess.law import base, create_law, govern
from planning_check.assess.leading import lead
from planning_check.assess.needed import of_those_there, only_needed
from planning_check.assess.plan import (
    ENDED_SQL,
    ENDED_STATES,
    JUDGED_SQL,
    JUDGED_STATES,
    LAW_STATES,
    NAMED,
    OUTCOMES,
    SHOWN,
    UNCLEAR_LIVES,
    HandedPlan,
    Leading,
    Plan,
    RulePlan,
    TallyPlan,
)
from planning_check.progress import Parts, Told


def assess(con: duckdb.DuckDBPyConnection, plan: Plan, *, doubted: bool = False, told: Told | None = None) -> dict[str, str]:
    """Judge the facts by the plan: law, outcomes, alternatives and bounds, balance, findings, register. Returns rules that could not run.

    ``doubted``: :func:`keep_standing` was called before, on the facts measured in doubt. ``told`` hears how much is done.
    Raises AssertionError if the outcomes do not add up to rules x subjects.
    """
    parts = Parts(len(plan.subjects) + 5, told)
    create_law(con, plan)
    govern(con, plan)
    base(con, plan)
    parts.next()
    broken = judge(con, plan, parts.next)
    mark_doubt(con, plan, tried=doubted)
    parts.next()
    judge_again(con, plan, broken)
    parts.next()
    balance(con, plan)
    parts.next()
    collect(con, plan)
    lead(con, plan)
    parts.next()
    wrong = imbalance(con, plan)
    if wrong:
        raise AssertionError(f"outcomes do not add up to rules x subjects: {wrong}")
    return broken


__all__ = [
    "ENDED_SQL",
    "ENDED_STATES",
    "JUDGED_SQL",
    "JUDGED_STATES",
    "LAW_STATES",
    "NAMED",
    "OUTCOMES",
    "SHOWN",
    "UNCLEAR_LIVES",
    "WHOLE",
    "Acts",
    "Comparison",
    "HandedPlan",
    "Leading",
    "Plan",
    "RulePlan",
    "TallyPlan",
    "Threshold",
    "acts_of",
    "assess",
    "balance",
    "base",
    "bunching",
    "collect",
    "compare",
    "count_register",
    "create_law",
    "govern",
    "imbalance",
    "judge",
    "judge_again",
    "keep_acts",
    "keep_reading",
    "keep_standing",
    "of_those_there",
    "only_needed",
    "reads_tally",
    "tell",
]  # fmt: skip
