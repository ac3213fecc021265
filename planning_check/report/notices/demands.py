"""What a notice demands: of one shortage that several stages see, one sum. The stages before it are told in an annex, without a demand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from planning_check.record.finding import Finding
from planning_check.report.told.summary import ListLine
from planning_check.report.told.verdict import is_marginal

#: They see the same missing square metres; the last of those that may be paid for says what is demanded.
_MAKE_UP, _PAY = "order_make_up", "pay_in_lieu"


def demanded(findings: Sequence[Finding], line: ListLine | None) -> tuple[list[Finding], list[Finding]]:
    """The findings that something is demanded for, and those that are earlier stages of the same shortage, both in their order.

    ``line``: of the project on its list, which says what the missing is worth. Where nothing is missing any more, what was short in the
    plan or the permit demands nothing. Without a line all is demanded.
    """
    if line is None:
        return list(findings), []
    payable = [f for f in findings if f["subject"] == "project" and _PAY in f["consequence"]]
    last = next((f for f in reversed(payable) if f["yuan"] == line.yuan), None)
    same = [f for f in findings if _PAY in f["consequence"] or (f["subject"] == "project" and _MAKE_UP in f["consequence"])]
    earlier = [f for f in (same if last else payable) if f is not last]
    held = {id(f) for f in earlier}
    return [f for f in findings if id(f) not in held], earlier


def all_marginal(findings: Sequence[Finding], rules: Mapping[str, str | None]) -> bool:
    """Whether all of them are marginal. ``rules``: rule id -> its severity."""
    return all(is_marginal(f["severity"], rules.get(f["rule_id"])) for f in findings)
