"""The clauses that an ordinance can state: type, unit and labels. Values are law and stand in rules/ordinances/."""

from __future__ import annotations

from dataclasses import dataclass

from planning_check.errors import Text
from planning_check.schema import RECIPIENTS, TITLE_HOLDERS, USES
from planning_check.words import CLAUSE_VALUES


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
    ("area_rounding", "choice", "", "面积取整", "rounding of areas", "half_up down"),
    ("benchmark_per_100_households_m2", "number", "m2", "每百户参考面积", "benchmark area per hundred households", ""),
    ("room_minimum_m2", "number", "m2", "单处最小面积", "smallest area of one room", ""),
    ("places_maximum", "number", "", "最多处数", "most places", ""),
    ("floor_minimum", "number", "", "最低楼层", "lowest floor", ""),
    ("floor_maximum", "number", "", "最高楼层", "highest floor", ""),
    ("floor_maximum_without_lift", "number", "", "无电梯最高楼层", "highest floor without a lift", ""),
    ("basement_allowed", "bool", "", "可用地下室", "basement allowed", ""),
    ("stilt_allowed", "bool", "", "可用架空层", "stilt floor allowed", ""),
    ("storey_height_minimum_m", "number", "m", "最低层高", "lowest storey height", ""),
    ("own_entrance_required", "bool", "", "须有独立出入口", "own entrance required", ""),
    ("daylight_required", "bool", "", "须有采光通风", "daylight and ventilation required", ""),
    ("shared_counting", "bool", "", "可与其他义务合计", "rooms of another duty count", ""),
    ("in_lieu", "choice", "", "折资方式", "money in lieu", "no whole_only mixed"),
    ("in_lieu_agreement_required", "bool", "", "折资须有协议", "agreement required for money in lieu", ""),
    ("in_lieu_accounts", "list", "", "折资指定账户", "accounts named for money in lieu", ""),
    ("consideration", "choice", "", "移交对价", "consideration for handover", "free buyback"),
    ("phases", "choice", "", "分期口径", "phases", "cumulative first_phase end"),
    ("handover_gate", "choice", "", "移交时点", "handover gate",
     "before_planning_acceptance agreement_before_planning_acceptance within_days_after_completion"),
    ("handover_days", "number", "days", "移交期限天数", "days for handover", ""),
    ("recipient_kinds", "list", "", "合格接收单位", "who may receive", " ".join(c.code for c in RECIPIENTS)),
    ("title_days", "number", "days", "产权登记期限天数", "days for the title", ""),
    ("title_holder_kinds", "list", "", "合格产权人", "who may hold the title", " ".join(c.code for c in TITLE_HOLDERS)),
    ("applies_to_uses", "list", "", "适用用途", "uses that bear the duty", " ".join(c.code for c in USES)),
    ("exemption_kinds", "list", "", "免除类别", "kinds of exemption", ""),
    ("plan_must_state", "bool", "", "详规须载明位置、楼层、面积", "plan must state place, floor and area", ""),
    ("filing_required", "bool", "", "须向民政备案", "filing required", ""),
    ("filing_grace_days", "number", "days", "备案宽限天数", "days of grace for filing", ""),
    ("deposit_required", "bool", "", "设保证金", "deposit required", ""),
    ("forfeit_scope", "choice", "", "没收范围", "scope of forfeiture", "whole proportional manual"),
    ("credit_days", "number", "days", "拨付社区期限天数", "days for crediting the community", ""),
    ("tolerance_m2", "number", "m2", "面积容差", "tolerance of area", ""),
    ("tolerance_share_by_area", "steps", "1", "分档容差比例", "tolerance as a share, by area", ""),
    ("office_minimum_m2", "number", "m2", "社区办公用房面积标准", "standard area of an office", ""),
    ("outdoor_minimum_m2", "number", "m2", "室外活动场地面积标准", "standard area of an outdoor ground", ""),
)  # fmt: skip

CLAUSES = {name: ClauseKind(name, type_, unit, Text(zh, en), tuple(choices.split())) for name, type_, unit, zh, en, choices in _KINDS}
#: The words for the codes that a clause can hold.
CODES = {c.code: c.label for c in (*USES, *TITLE_HOLDERS, *RECIPIENTS)} | CLAUSE_VALUES
