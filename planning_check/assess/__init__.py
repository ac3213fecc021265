"""Facts held against compiled rules: one outcome for every rule and subject, findings with evidence, a register that adds up.

Pure: no clock, files or network. It runs what ``rulebook`` compiled (:class:`Plan`) on the tables that ``facts`` made.
"""

from planning_check.assess.collecting import collect, imbalance
from planning_check.assess.judging import judge, reads_tally
from planning_check.assess.law import base, create_law, govern
from planning_check.assess.plan import LAW_STATES, NAMED, OUTCOMES, SHOWN, Bound, Plan, RulePlan, TallyPlan

__all__ = [
    "LAW_STATES", "NAMED", "OUTCOMES", "SHOWN", "Bound", "Plan", "RulePlan", "TallyPlan", "base", "collect", "create_law", "govern", "imbalance",
    "judge", "reads_tally",
]  # fmt: skip
