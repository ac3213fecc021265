"""The kinds of notices, which findings each is for, and the fields its template may use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from planning_check.errors import Text
from planning_check.record.finding import Finding
from planning_check.report.notices.resolved import is_confirmed

#: What a developer is ordered to put right within a deadline; returning rooms has a paper of its own.
_TO_RECTIFY = frozenset(
    ("order_make_up", "order_handover", "order_file", "amend_plan", "replace_rooms", "pay_in_lieu", "top_up_deposit", "register_title")
)


@dataclass(frozen=True)
class Kind:
    """One kind of paper. ``wants`` says of a violation whether it belongs on it; papers that aren't about cases have none."""

    code: str
    title: Text
    wants: Callable[[Finding], bool] | None


def _rectify(finding: Finding) -> bool:
    is_order = finding["list"] == "violations" and finding["severity"] not in ("lead", "data", "info")
    return is_order and bool(_TO_RECTIFY & set(finding["consequence"]))


#: Classes of a case of which a forfeiture is on record: its paper tells what was taken, not what is still open.
DECIDED = ("partly_decided", "decided")


def _forfeit(*statuses: str) -> Callable[[Finding], bool]:
    return lambda finding: "propose_forfeit" in finding["consequence"] and finding["status"] in statuses


def _return(finding: Finding) -> bool:
    """A lead (nobody knows who changed the use) is followed up first and ordered of no one."""
    return "order_return" in finding["consequence"] and finding["severity"] != "lead"


def _record(finding: Finding) -> bool:
    """Only what the joint meeting has confirmed: by the register of conduct, or by its decision in the log."""
    confirmed = finding["facts"].get("conclusion") == "confirmed" or is_confirmed(finding)
    return "credit_record" in finding["consequence"] and confirmed


KINDS = (
    Kind("rectification", Text("限期改正通知书", "Notice to rectify"), _rectify),
    Kind("intended_forfeiture", Text("拟没收保证金事先告知书", "Notice of intended forfeiture"), _forfeit("ready_for_decision")),
    Kind("forfeiture_decision", Text("没收保证金决定书", "Forfeiture decision"), _forfeit("ready_for_decision", *DECIDED)),
    Kind("return_order", Text("责令归还社区用房通知书", "Order to return community premises"), _return),
    Kind("credit_record", Text("记入信用档案建议书", "Proposal for the credit record"), _record),
    Kind("return_to_source", Text("数据退回补正函", "Letter returning data for correction"), None),
    Kind("minutes", Text("联席会议纪要", "Minutes of the joint meeting"), None),
)

_COMMON = ("title", "city", "as_of", "as_of_words", "ordinances", "data_notice", "digest", "tool_version", "log_head")
_CASE = (
    "developer", "developer_code", "project", "project_id", "district", "community", "bureaus", "items", "basis", "cautions", "area",
    "amount", "amount_words", "amount_told", "draft", "decision_no", "decided_on", "minutes_no", "due_on", "demands", "demand_deadline_on",
    "decisions", "deadline", "confirmed", "resolved_on", "resolution_no", "taken", "earlier",
)  # fmt: skip
_ITEM = ("number", "rule_id", "title", "status", "message", "cure", "severity", "bureau", "fingerprint", "area", "amount")
#: Kind -> the names its template may use.
FIELDS: dict[str, tuple[str, ...]] = {kind.code: _COMMON + _CASE for kind in KINDS} | {
    "return_to_source": (*_COMMON, "recipient", "items", "total", "omitted"),
    "minutes": (*_COMMON, "items", "rest", "total", "omitted", "sums", "unjudged", "dismissed"),
}
#: Kind -> the names of one of its ``items`` (or ``sums``): ``item.title``.
PARTS: dict[str, tuple[str, ...]] = {kind.code: _ITEM for kind in KINDS} | {
    "return_to_source": ("number", "place", "subject", "what", "fix"),
    "minutes": (
        "number", "list", "name", "key", "district", "developer", "status", "severity", "area", "amount", "message", "rules",
        "stood", "told", "lines", "findings",
    ),
}  # fmt: skip
