"""Waivers: findings that two persons agreed not to pursue for a time. A waived finding is marked and stays in every list and sum."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from planning_check.errors import Text

Told = TypeVar("Told")
#: Where they are written, in a folder of rules.
FILE = "waivers.yaml"
#: What has become of a waiver in a check: it marks a finding, or why it marks none.
STATES = {
    "active": Text("有效", "in force"),
    "expired": Text("已到期，问题重新列出", "expired, its finding stands again"),
    "not_begun": Text("尚未开始", "not begun"),
    "no_subject": Text("没有用上：本次检查没有这个对象", "unused: the check has no such subject"),
    "not_judged": Text("没有用上：这条规则没有启用", "unused: its rule did not judge"),
    "no_finding": Text("没有用上：没有违规可豁免", "unused: there is no violation to waive"),
}
#: Those that somebody should look at: the rules file says something that is no longer so.
UNUSED = ("no_subject", "not_judged", "no_finding")


@dataclass(frozen=True)
class Waiver:
    """One waiver: of a rule for one subject (its key), from ``first`` to ``last`` with both days, agreed by two different persons."""

    rule_id: str
    subject_key: str
    reason: str
    approved_by: str
    second_approved_by: str
    first: dt.date
    last: dt.date
    risk: str
    where: str

    def state(self, as_of: dt.date, judged: Collection[str], subjects: Collection[str], violated: Collection[tuple[str, str]]) -> str:
        """Of :data:`STATES`, in a check as of a day that judged these rules, about these subjects, with these violations."""
        if self.rule_id not in judged:
            return "not_judged"
        if self.subject_key not in subjects:
            return "no_subject"
        if as_of < self.first:
            return "not_begun"
        if (self.rule_id, self.subject_key) not in violated:
            return "no_finding"
        return "expired" if self.last < as_of else "active"

    def record(self, state: str, fingerprint: str | None) -> dict[str, Any]:
        """As the manifest of a run keeps it; ``fingerprint``: of the violation that it is about, if there is one."""
        return {
            "rule": self.rule_id, "subject": self.subject_key, "reason": self.reason, "approved_by": self.approved_by,
            "second_approved_by": self.second_approved_by, "from": self.first.isoformat(), "to": self.last.isoformat(), "risk": self.risk,
            "where": self.where, "state": state, "finding": fingerprint,
        }  # fmt: skip


def in_force(manifest: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Fingerprint -> the waiver that marks that finding, of a run's manifest."""
    return {one["finding"]: one for one in manifest.get("waivers", ()) if one["state"] == "active"}


def judging(rules: Mapping[str, Told]) -> dict[str, Told]:
    """The files of rules with what is told of each, without those that only say what is waived: no verdict turns on them."""
    return {name: told for name, told in rules.items() if not name.endswith(f"/{FILE}")}


def fields_of(waiver: Mapping[str, Any] | None) -> dict[str, Any]:
    """What a waiver says of a finding, under the names of ``record.finding``."""
    if waiver is None:
        return dict.fromkeys(("waived_from", "waived_until", "waived_by", "waived_why", "waived_risk"))
    return {
        "waived_from": waiver["from"], "waived_until": waiver["to"],
        "waived_by": f"{waiver['approved_by']} / {waiver['second_approved_by']}",
        "waived_why": waiver["reason"], "waived_risk": waiver["risk"],
    }  # fmt: skip


def told(waivers: Sequence[Mapping[str, Any]]) -> list[Text]:
    """What the first screen says of the waivers of a run: how many are in force, and each that is not, with its place."""
    active = sum(one["state"] == "active" for one in waivers)
    lines = [Text(f"豁免：有效 {active} 件，仍计入名单和合计", f"Waivers in force: {active}; their findings stay in every list and sum")]
    for one in waivers:
        if one["state"] != "active":
            state, days = STATES[one["state"]], f"{one['from']}/{one['to']}"
            lines.append(Text(f"豁免 {one['rule']} {one['subject']}（{days}，{one['where']}）：{state.zh}",
                              f"Waiver {one['rule']} {one['subject']} ({days}, {one['where']}): {state.en}"))  # fmt: skip
    return lines if waivers else []
