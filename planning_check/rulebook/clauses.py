"""The clauses that an ordinance can state: type, unit and labels. Values are law and stand in rules/ordinances/."""

from __future__ import annotations

from dataclasses import dataclass

from planning_check.errors import Text
from planning_check.schema import RECIPIENTS, USES


@dataclass(frozen=True)
class ClauseKind:
    """``type`` is number, bool, choice, list or steps; ``choices`` the closed list of a choice or list, empty if free."""

    name: str
    type: str
    unit: str
    label: Text
    choices: tuple[str, ...] = ()

    @property
    def sql_type(self) -> str:
        return {
            "number": "DECIMAL(18, 6)",
            "bool": "BOOLEAN",
            "choice": "VARCHAR",
            "list": "VARCHAR[]",
            "steps": "STRUCT(at_least DECIMAL(18, 6), gives DECIMAL(18, 6))[]",
        }[self.type]


_KINDS = (
    ("share", "number", "1", "配建比例", "share of floor area", ""),
    ("base", "choice", "", "计算基数", "base", "total above_ground residential counted"),
    ("minimum_m2", "number", "m2", "最低面积", "minimum area", ""),
    ("tiers", "steps", "m2", "分档面积", "stepped area by base floor area", ""),
    ("per_100_households_m2", "number", "m2", "每百户面积", "area per hundred households", ""),
    ("in_lieu", "choice", "", "折资方式", "money in lieu", "no whole_only mixed"),
    ("phases", "choice", "", "分期口径", "phases", "cumulative first_phase end"),
    ("handover_gate", "choice", "", "移交时点", "handover gate",
     "before_planning_acceptance agreement_before_planning_acceptance within_days_after_completion"),
    ("handover_days", "number", "days", "移交期限天数", "days for handover", ""),
    ("recipient_kinds", "list", "", "合格接收单位", "who may receive", " ".join(c.code for c in RECIPIENTS)),
    ("applies_to_uses", "list", "", "适用用途", "uses that bear the duty", " ".join(c.code for c in USES)),
    ("exemption_kinds", "list", "", "免除类别", "kinds of exemption", ""),
    ("plan_must_state", "bool", "", "详规须载明位置、楼层、面积", "plan must state place, floor and area", ""),
    ("filing_required", "bool", "", "须向民政备案", "filing required", ""),
    ("filing_grace_days", "number", "days", "备案宽限天数", "days of grace for filing", ""),
    ("deposit_required", "bool", "", "设保证金", "deposit required", ""),
    ("forfeit_scope", "choice", "", "没收范围", "scope of forfeiture", "whole proportional manual"),
    ("tolerance_m2", "number", "m2", "面积容差", "tolerance of area", ""),
    ("office_minimum_m2", "number", "m2", "社区办公用房面积标准", "standard area of an office", ""),
    ("outdoor_minimum_m2", "number", "m2", "室外活动场地面积标准", "standard area of an outdoor ground", ""),
)  # fmt: skip

CLAUSES = {name: ClauseKind(name, type_, unit, Text(zh, en), tuple(choices.split())) for name, type_, unit, zh, en, choices in _KINDS}
