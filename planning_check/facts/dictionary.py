"""The fact dictionary: every fact's type, unit, labels, owning bureau and the fields it is measured from.

A subject is what a rule judges. Its facts are one wide row in the table ``fact_<subject>``, made by
``<subject>.sql``. A date fact is two columns, ``<name>_lo`` and ``<name>_hi``. Fields of the subject's own table
take their type, label and owner from ``schema``.
"""

from __future__ import annotations

from dataclasses import dataclass

from planning_check.errors import Text
from planning_check.schema import BY_NAME, SQL_TYPES, Choice


@dataclass(frozen=True)
class Fact:
    """One measured value: ``reads`` are the ``table.field`` cells that it comes from, ``owner`` who must supply them."""

    name: str
    type: str
    label: Text
    unit: str
    owner: str
    reads: tuple[str, ...]
    choices: tuple[Choice, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        return (f"{self.name}_lo", f"{self.name}_hi") if self.type == "date" else (self.name,)

    @property
    def sql_type(self) -> str:
        return SQL_TYPES[self.type]


@dataclass(frozen=True)
class Subject:
    """What a rule judges: ``key`` identifies it; ``rows`` say how each table's rows belong to it (fact column = field)."""

    name: str
    label: Text
    key: str
    facts: dict[str, Fact]
    rows: dict[str, tuple[str, str]]
    law_by: str  # "project": its project's ordinance; "as_of": the ordinance in force on the day of the check


def _own(table: str, *names: str) -> list[Fact]:
    fields = [BY_NAME[table].field(n) for n in names]
    return [Fact(f.name, f.type, f.label, f.unit, f.owner, (f"{table}.{f.name}",), f.choices) for f in fields]


def _fact(name: str, type_: str, zh: str, en: str, owner: str, reads: str, choices_of: str = "") -> Fact:
    unit = {"area": "m2", "money": "yuan"}.get(type_, "m" if name.endswith("_m") else "")
    choices: tuple[Choice, ...] = ()
    if choices_of:
        table, field = choices_of.split(".")
        choices = BY_NAME[table].field(field).choices
    return Fact(name, type_, Text(zh, en), unit, owner, tuple(reads.split()), choices)


def _subject(name: str, zh: str, en: str, key: str, law_by: str, rows: dict[str, tuple[str, str]], *facts: Fact) -> Subject:
    named = {f.name: f for f in facts}
    if len(named) != len(facts):
        raise ValueError(f"a fact of {name} is named twice")
    return Subject(name, Text(zh, en), key, named, rows, law_by)


_PROJECT_FIELDS = [f.name for f in BY_NAME["projects"].fields if f.name != "premises_register_complete"]
_BY_PROJECT = dict.fromkeys(
    ("projects", "parcels", "premises", "handovers", "payments", "deposits", "demands"), ("project_id", "project_id")
)

PROJECT = _subject(
    "project", "开发项目", "development project", "project_id", "project", _BY_PROJECT,
    *_own("projects", *_PROJECT_FIELDS),
    _fact("is_housing", "bool", "含住宅", "has housing", "planning", "projects.uses"),
    _fact("is_filed", "bool", "已向民政备案", "filed with civil affairs", "civil_affairs", "projects.filed_on projects.filing_no"),
    _fact("community_rooms", "integer", "社区用房间数", "rooms of community premises", "real_estate", "premises.kind"),
    _fact("community_planned_m2", "area", "规划社区用房面积", "community premises, as planned", "planning",
          "premises.kind premises.planned_m2 projects.plan_states_area_m2 projects.premises_register_complete"),
    _fact("community_permitted_m2", "area", "许可社区用房面积", "community premises, as permitted", "planning",
          "premises.kind premises.permitted_m2 projects.premises_register_complete"),
    _fact("community_surveyed_m2", "area", "实测社区用房面积", "community premises, as surveyed", "real_estate",
          "premises.kind premises.surveyed_m2 projects.premises_register_complete"),
    _fact("in_lieu_agreed_m2", "area", "协议折资抵面积", "area agreed to be paid in lieu", "housing",
          "payments.amount_yuan payments.unit_price_yuan_per_m2 payments.agreement_no"),
    _fact("in_lieu_m2", "area", "折资抵面积", "area paid in lieu", "housing",
          "payments.amount_yuan payments.unit_price_yuan_per_m2 payments.received_on"),
    _fact("in_lieu_received_yuan", "money", "折资到账", "paid in lieu", "housing", "payments.amount_yuan payments.received_on"),
    _fact("price_yuan_per_m2", "money", "现行折资单价", "unit price in lieu", "housing", "unit_prices.price_yuan_per_m2"),
    _fact("handed_m2", "area", "已移交面积", "area handed over", "civil_affairs",
          "handovers.area_m2 handovers.handed_over_on handovers.premises_id"),
    _fact("first_handed_over_on", "date", "首次移交日期", "first handed over on", "civil_affairs", "handovers.handed_over_on"),
    _fact("last_handed_over_on", "date", "末次移交日期", "last handed over on", "civil_affairs", "handovers.handed_over_on"),
    _fact("last_agreed_on", "date", "移交协议日期", "handover agreed on", "civil_affairs", "handovers.agreed_on"),
    _fact("deposit_due_yuan", "money", "保证金应缴", "deposit due", "housing", "deposits.event deposits.amount_yuan deposits.event_on"),
    _fact("deposit_paid_yuan", "money", "保证金已缴", "deposit paid", "housing", "deposits.event deposits.amount_yuan deposits.event_on"),
    _fact("deposit_refunded_yuan", "money", "保证金已退", "deposit refunded", "housing", "deposits.event deposits.amount_yuan deposits.event_on"),
    _fact("deposit_forfeited_yuan", "money", "保证金已没收", "deposit forfeited", "housing", "deposits.event deposits.amount_yuan deposits.event_on"),
    _fact("deposit_offset_yuan", "money", "保证金已抵扣", "deposit offset", "housing", "deposits.event deposits.amount_yuan deposits.event_on"),
    _fact("deposit_balance_yuan", "money", "保证金余额", "deposit balance", "housing",
          "deposits.event deposits.amount_yuan deposits.event_on deposits.guarantee_expires_on"),
    _fact("forfeited_on", "date", "没收决定日期", "forfeited on", "housing", "deposits.event_on"),
    _fact("forfeiture_decision_no", "text", "没收决定文号", "forfeiture decision no.", "housing", "deposits.decision_no"),
    _fact("demands", "integer", "催告次数", "demands served", "housing", "demands.served_on"),
    _fact("demand_served_on", "date", "首次催告送达日期", "demand served on", "housing", "demands.served_on"),
    _fact("demand_deadline_on", "date", "催告期限", "demand's deadline", "housing", "demands.deadline_on demands.extended_to"),
)  # fmt: skip

PREMISES = _subject(
    "premises", "公益性用房", "premises", "premises_id", "project",
    {"premises": ("premises_id", "premises_id"), "projects": ("project_id", "project_id")},
    *_own("premises", "premises_id", "project_id", "kind", "planned_m2", "permitted_m2", "surveyed_m2", "building", "floor_from",
          "floor_to", "basement", "stilt", "own_entrance", "storey_height_m", "current_use", "use_changed_on", "use_changed_by",
          "title_no", "title_holder", "titled_on"),
)  # fmt: skip

HANDOVER = _subject(
    "handover", "移交", "handover", "handover_id", "project",
    {"handovers": ("handover_id", "handover_id"), "projects": ("project_id", "project_id")},
    *_own("handovers", "handover_id", "project_id", "premises_id", "community_code", "recipient_name", "recipient_kind", "area_m2",
          "agreed_on", "handed_over_on", "price_yuan"),
    _fact("receiver_is_designated", "bool", "接收社区即指定社区", "receiver is the designated community", "civil_affairs",
          "handovers.community_code projects.designated_community_code"),
)  # fmt: skip

DEPOSIT = _subject(
    "deposit", "保证金收支", "deposit event", "event_id", "project",
    {"deposits": ("project_id", "project_id"), "projects": ("project_id", "project_id"),
     "handovers": ("project_id", "project_id"), "payments": ("project_id", "project_id")},
    *_own("deposits", "event_id", "project_id", "event", "amount_yuan", "event_on", "decision_no", "legal_basis"),
    _fact("refunded_so_far_yuan", "money", "截至当日累计退还", "refunded so far", "housing", "deposits.event deposits.amount_yuan deposits.event_on"),
    _fact("paid_so_far_yuan", "money", "截至当日累计缴存", "paid so far", "housing", "deposits.event deposits.amount_yuan deposits.event_on"),
    _fact("handed_by_then_m2", "area", "截至当日移交面积", "handed over by then", "civil_affairs",
          "handovers.area_m2 handovers.handed_over_on"),
    _fact("in_lieu_by_then_m2", "area", "截至当日折资抵面积", "paid in lieu by then", "housing",
          "payments.amount_yuan payments.unit_price_yuan_per_m2 payments.received_on"),
)  # fmt: skip

OFFICE = _subject(
    "office", "社区办公用房", "community office", "office_id", "as_of",
    {"offices": ("office_id", "office_id"), "communities": ("community_code", "community_code"),
     "premises": ("plan_premises_id", "premises_id"), "idle_facilities": ("nearest_idle_id", "facility_id")},
    *_own("offices", "office_id", "community_code", "tenure", "tenure_text", "area_m2", "outdoor_m2", "since", "lease_end",
          "rent_yuan_per_year", "lessor", "title_no", "demolition_risk", "archive_search", "plan_project_id", "plan_premises_id",
          "resolution_path", "resolution_due_on", "resolved_on"),
    *_own("communities", "community_name", "district_code", "population"),
    _fact("community_kind", "choice", "社区类型", "kind of community", "civil_affairs", "communities.kind", "communities.kind"),
    _fact("plan_premises_use", "choice", "原规划用房现状用途", "present use of the planned premises", "real_estate",
          "premises.current_use", "premises.current_use"),
    _fact("plan_premises_changed_by", "choice", "原规划用房改变用途人", "who changed the planned premises", "real_estate",
          "premises.use_changed_by", "premises.use_changed_by"),
    _fact("in_renewal_area", "bool", "位于旧城改造范围", "inside a renewal area", "planning", "offices.geometry renewal_areas.geometry"),
    _fact("nearest_idle_id", "code", "最近可用闲置设施编号", "nearest fitting idle facility", "real_estate", "idle_facilities.facility_id"),
    _fact("nearest_idle_name", "text", "最近可用闲置设施", "its name", "real_estate", "idle_facilities.name"),
    _fact("nearest_idle_m", "number", "最近可用闲置设施距离", "distance to it", "real_estate", "offices.geometry idle_facilities.geometry"),
    _fact("nearest_idle_usable_m2", "area", "最近闲置设施可用面积", "its usable area", "real_estate", "idle_facilities.usable_m2"),
)  # fmt: skip

SUBJECTS = {s.name: s for s in (PROJECT, PREMISES, HANDOVER, DEPOSIT, OFFICE)}
