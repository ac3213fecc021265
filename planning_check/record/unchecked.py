"""What a run could not judge, rule by subject, and when it was judged last."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from planning_check.record.run import StoredRun

#: Outcomes that are none: for want of facts, or by a fault of the rule.
OPEN = ("undetermined", "error")


@dataclass(frozen=True)
class Last:
    """An outcome that an earlier run had: of which run, as of which day."""

    run_id: int
    as_of: dt.date
    outcome: str


@dataclass(frozen=True)
class NotChecked:
    """One rule and subject without a verdict. ``outcome``: undetermined, error, or not_delivered: the register of the run before has it and
    this one has not. ``last``: the last verdict in the series, None where no run of it came to one."""

    rule_id: str
    subject: str
    subject_key: str
    outcome: str
    last: Last | None


@dataclass(frozen=True)
class Unchecked:
    """``counts``: (rule, outcome) -> subjects, of all outcomes of the run; ``lines``: what is without a verdict, by rule and subject."""

    run: StoredRun
    rules: Mapping[str, str]
    counts: Counter[tuple[str, str]]
    lines: list[NotChecked]
