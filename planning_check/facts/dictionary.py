"""The fact dictionary: every fact's type, unit, labels, owning bureau and the fields it is measured from.

A subject is what a rule judges. Its facts are one wide row in the table ``fact_<subject>``, made by
``<subject>.sql``. A date fact is two columns, ``<name>_lo`` and ``<name>_hi``. Fields of the subject's own table
take their type, label and owner from ``schema``. Facts and subjects of a city's own tables stand among the others while they are
in force (``following``).
"""

from __future__ import annotations

from dataclasses import replace

from planning_check import following
from planning_check.errors import Text
from planning_check.facts.kinds import Fact, Subject, fact, own, subject
from planning_check.facts.own_subjects import with_own
from planning_check.schema import BUNDLED, BY_NAME, FACILITY_KINDS, OFFERED_PATHS, Choice

__all__ = ["SUBJECTS", "Fact", "Subject", "cell_label", "cell_owner"]

LIVES = (
    Choice("open", Text("仍负义务", "owes by itself")),
    Choice("cancelled", Text("已撤销", "cancelled")),
    Choice("merged", Text("已并入其他项目", "merged into another project")),
    Choice("split", Text("已分立为其他项目", "split into other projects")),
    Choice("status_unclear", Text("状态不明", "its status cannot be read")),
    Choice("day_unclear", Text("状态日期不明", "since when is not known")),
    Choice("successor_unclear", Text("由谁承继不明", "who carries the duty on is not known")),
)
CONTRADICTIONS = (
    Choice("accepted", Text("规划验收", "planning acceptance")),
    Choice("completed", Text("竣工", "completion")),
    Choice("delivered", Text("交付", "delivery to buyers")),
    Choice("surveyed", Text("竣工实测面积", "as-built floor area")),
    Choice("handed_over", Text("用房移交", "premises handed over")),
    Choice("permitted", Text("此后发证", "a permit after it")),
    Choice("started", Text("此后开工", "start of building after it")),
    Choice("deposit_paid", Text("此后缴存保证金", "a deposit paid after it")),
)
SUCCESSOR_DOUBTS = (
    Choice("not_named", Text("没有写明承继项目", "no successor is named")),
    Choice("not_in_ledger", Text("承继项目不在台账内", "a successor is not in the ledger")),
    Choice("ended_itself", Text("承继项目自身已撤销、并入或分立", "a successor is cancelled, merged or split itself")),
    Choice("smaller", Text("承继项目面积小于各原项目之和", "the successors are smaller than what they took over")),
    Choice(
        "area_unknown",
        Text("面积未报，不能核对是否承继全部", "floor areas are not known, so that it cannot be seen whether all was taken over"),
    ),
)
_PROJECT_FIELDS = [f.name for f in BY_NAME["projects"].fields if f.name != "premises_register_complete"]
_BY_PROJECT = dict.fromkeys(
    ("projects", "parcels", "premises", "handovers", "payments", "deposits", "demands", "decisions"), ("project_id", "project_id")
) | {"unit_prices": ("price_zone", "zone", "is_price_of(use, from_on_hi, to_on_hi, getvariable('as_of')::DATE)")}

_EXTENSIONS = (
    Choice("none", Text("没有", "none")),
    Choice("approved", Text("有批准文号，期限已延", "approved, the deadline is moved")),
    Choice("no_document", Text("没有批准文号，期限不变", "without a document, the deadline stays")),
)
PROJECT = subject(
    "project", "开发项目", "development project", "project_id", "project", _BY_PROJECT,
    *own("projects", *_PROJECT_FIELDS),
    fact("life_state", "choice", "项目是否仍负义务", "whether the project still owes by itself", "planning",
         "projects.project_status projects.project_status_on projects.status_document_no projects.successor_project_ids", choices=LIVES),
    fact("status_contradicted_by", "choice", "与项目状态矛盾的记录", "record that contradicts the status", "planning",
         "projects.project_status projects.project_status_on projects.completed_on projects.planning_accepted_on projects.delivered_on "
         "projects.completion_filed_on projects.survey_total_m2 projects.permitted_on projects.started_on handovers.handed_over_on "
         "deposits.event_on",
         choices=CONTRADICTIONS),
    fact("successor_doubt", "choice", "承继项目的疑点", "what is wrong with the successors", "planning",
         "projects.project_status projects.successor_project_ids", choices=SUCCESSOR_DOUBTS),
    fact("is_housing", "bool", "含住宅", "has housing", "planning", "projects.uses"),
    fact("is_filed", "bool", "已向民政备案", "filed with civil affairs", "civil_affairs", "projects.filed_on projects.filing_no"),
    fact("community_rooms", "integer", "社区用房间数", "rooms of community premises", "real_estate", "premises.kind"),
    fact("rooms_are_known", "bool", "社区用房逐间在册", "rooms for the community are in the register one by one", "real_estate",
         "premises.kind premises.counts_toward"),
    fact("community_planned_m2", "area", "规划社区用房面积", "community premises, as planned", "planning",
          "premises.kind premises.planned_m2 projects.plan_states_area_m2 projects.premises_register_complete"),
    fact("community_permitted_m2", "area", "许可社区用房面积", "community premises, as permitted", "planning",
          "premises.kind premises.permitted_m2 projects.premises_register_complete"),
    fact("community_surveyed_m2", "area", "实测社区用房面积", "community premises, as surveyed", "real_estate",
          "premises.kind premises.surveyed_m2 projects.premises_register_complete"),
    fact("in_lieu_agreed_m2", "area", "协议折资抵面积", "area agreed to be paid in lieu", "housing",
          "payments.amount_yuan payments.unit_price_yuan_per_m2 payments.price_approval_no payments.agreement_no"),
    fact("in_lieu_m2", "area", "折资抵面积", "area paid in lieu", "housing",
          "payments.amount_yuan payments.unit_price_yuan_per_m2 payments.price_approval_no payments.received_on payments.refunded_on"),
    fact("in_lieu_received_yuan", "money", "折资到账", "paid in lieu", "housing", "payments.amount_yuan payments.received_on"),
    fact("price_yuan_per_m2", "money", "现行折资单价", "unit price in lieu", "housing", "unit_prices.price_yuan_per_m2"),
    fact("price_zone", "text", "价格片区", "zone of the price", "housing", "unit_prices.zone"),
    fact("handed_m2", "area", "已移交面积", "area handed over", "civil_affairs",
          "handovers.area_m2 handovers.handed_over_on handovers.premises_id"),
    fact("first_handed_over_on", "date", "首次移交日期", "first handed over on", "civil_affairs", "handovers.handed_over_on"),
    fact("deposit_due_yuan", "money", "保证金应缴", "deposit due", "housing", "deposits.event deposits.amount_yuan deposits.event_on"),
    fact("deposit_paid_yuan", "money", "保证金已缴", "deposit paid", "housing", "deposits.event deposits.amount_yuan deposits.event_on"),
    fact("deposit_refunded_yuan", "money", "保证金已退", "deposit refunded", "housing", "deposits.event deposits.amount_yuan deposits.event_on"),
    fact("deposit_forfeited_yuan", "money", "保证金已没收", "deposit forfeited", "housing",
         "deposits.event deposits.amount_yuan deposits.event_on"),
    fact("deposit_offset_yuan", "money", "保证金已抵扣", "deposit offset", "housing", "deposits.event deposits.amount_yuan deposits.event_on"),
    fact("deposit_balance_yuan", "money", "保证金余额", "deposit balance", "housing",
          "deposits.event deposits.amount_yuan deposits.event_on deposits.guarantee_expires_on deposits.receipt_no deposits.guarantee_no "
          "deposits.renews_no"),
    fact("forfeited_on", "date", "没收决定日期", "forfeited on", "housing", "deposits.event_on"),
    fact("forfeiture_decision_no", "text", "没收决定文号", "forfeiture decision no.", "housing", "deposits.decision_no"),
    fact("demands", "integer", "催告次数", "demands served", "housing", "demands.served_on"),
    fact("demand_served_on", "date", "首次催告送达日期", "demand served on", "housing", "demands.served_on"),
    fact("demand_deadline_on", "date", "催告期限", "demand's deadline", "housing",
         "demands.deadline_on demands.extended_to demands.extension_no"),
    fact("demand_extension", "choice", "催告延期", "extension of the demand", "housing", "demands.extended_to demands.extension_no",
         choices=_EXTENSIONS),
    fact("deposit_expired_yuan", "money", "已过期保函金额", "guarantees that have expired", "housing",
         "deposits.event deposits.amount_yuan deposits.guarantee_expires_on"),
    fact("fund_in_yuan", "money", "应拨付社区的来款", "money for the community that came in", "housing",
         "deposits.event deposits.amount_yuan deposits.event_on payments.amount_yuan payments.received_on payments.refunded_on"),
    fact("fund_credited_yuan", "money", "已拨付社区", "credited to a community", "housing",
         "deposits.event deposits.amount_yuan deposits.event_on deposits.booked_to payments.amount_yuan payments.credited_on"),
    fact("fund_elsewhere_yuan", "money", "拨给不相干社区", "credited to a community that is none of the project's", "housing",
         "deposits.community_code deposits.amount_yuan payments.credited_community_code projects.community_code "
         "projects.designated_community_code"),
    fact("fund_diverted_yuan", "money", "拨付后用于别处", "credited, and used for something else", "civil_affairs",
         "deposits.spent_on deposits.amount_yuan"),
    fact("fund_waiting_since", "date", "最早未拨付款到账日期", "oldest money not credited, since", "housing",
         "deposits.event_on payments.received_on"),
    fact("fund_parts", "text", "拨付明细（社区、年度、金额）", "credits (community, year, yuan)", "housing",
         "deposits.community_code deposits.amount_yuan deposits.event_on payments.credited_community_code payments.credited_on"),
    fact("guarantee_ends_on", "date", "保函最早到期日", "first guarantee ends on", "housing", "deposits.guarantee_expires_on"),
    fact("handed_elsewhere_m2", "area", "移交面积中已由别的项目申报的", "handed over, but claimed by another project first", "civil_affairs",
         "handovers.area_m2 handovers.premises_id premises.unit_code premises.building premises.floor_from"),
    fact("in_lieu_twice_m2", "area", "折资抵面积中票据重复的", "paid in lieu on a receipt used before", "housing",
         "payments.receipt_no payments.amount_yuan payments.unit_price_yuan_per_m2"),
    fact("later_days", "integer", "晚于报送日的日期个数", "days after that of the delivery", "planning",
         "projects.planning_accepted_on premises.titled_on handovers.handed_over_on payments.received_on deposits.event_on "
         "demands.served_on"),
    fact("later_days_zh", "text", "晚于报送日的日期", "days after that of the delivery (Chinese)", "planning", "projects.planning_accepted_on"),
    fact("later_days_en", "text", "晚于报送日的日期（英文）", "days after that of the delivery", "planning", "projects.planning_accepted_on"),
    fact("forfeiture_is_dismissed", "bool", "联席会议不予没收", "the joint meeting dismissed the forfeiture", "housing",
         "decisions.conclusion decisions.decided_on decisions.matter demands.served_on"),
    fact("forfeiture_dismissed_on", "date", "不予没收的会议日期", "forfeiture dismissed on", "housing", "decisions.decided_on"),
    fact("forfeiture_minutes_no", "code", "不予没收的会议纪要号", "minutes of the dismissal", "housing", "decisions.minutes_no"),
    fact("developer_was_changed", "bool", "建设单位有变更", "the developer was changed", "housing",
         "projects.developer_changed_on projects.previous_developer_name"),
    fact("names_under_code", "integer", "同一信用代码下的企业名称数", "company names under its credit code", "housing",
         "projects.developer_code projects.developer_name"),
    fact("other_names", "text", "同一信用代码下的其他企业名称", "other names under its credit code", "housing",
         "projects.developer_code projects.developer_name"),
    fact("same_permit_project_id", "code", "工规证号相同的项目", "project with the same planning permit", "planning", "projects.permit_no"),
    fact("same_name_project_id", "code", "企业与名称相同的项目", "project of the same developer and name", "planning",
         "projects.developer_code projects.project_name"),
    fact("name_says_phase", "bool", "名称含“期”", "the name says phase", "planning", "projects.project_name"),
    fact("is_last_phase_accepted", "bool", "整体开发末期已规划验收", "the last phase of the development is accepted", "planning",
         "projects.planning_accepted_on projects.phase_count"),
    fact("development_active_on", "date", "整体开发最近建设活动日期", "last activity in the development on", "housing",
         "projects.permitted_on projects.started_on projects.completed_on projects.planning_accepted_on"),
    fact("is_development_stated_stalled", "bool", "台账载明整体开发停建", "the ledger says that building of the development has stopped", "planning",
         "projects.project_status projects.project_status_on"),
    fact("phases_delivered", "integer", "整体开发已报期数", "phases of the development delivered", "planning",
         "projects.development_id projects.phase_no"),
    fact("phases_total_m2", "area", "各期总建筑面积之和", "floor area of all phases delivered", "planning",
         "projects.development_id projects.plan_total_m2"),
    fact("cluster_ids", "choices", "疑似拆分组", "groups that may be one development", "planning",
         "projects.developer_code projects.permitted_on parcels.geometry"),
    fact("parcels", "integer", "宗地数", "parcels", "planning", "parcels.project_id"),
    fact("parcel_area_m2", "area", "宗地量算面积", "area of its parcels as measured", "planning", "parcels.geometry"),
    fact("communities_touched", "integer", "跨社区数", "communities that its parcels touch", "planning",
         "parcels.geometry communities.geometry"),
    fact("community_by_map", "code", "按图所在社区", "community by the map", "planning", "parcels.geometry communities.geometry"),
    fact("largest_share", "number", "按图最大份额", "largest share by the map", "planning", "parcels.geometry communities.geometry"),
    fact("designated_is_touched", "bool", "指定接收社区在项目用地上", "the designated community is among those of its land", "civil_affairs",
         "projects.designated_community_code parcels.geometry communities.geometry"),
    fact("community_shares", "text", "各社区份额", "shares of the communities", "planning", "parcels.geometry communities.geometry"),
    fact("recorded_community_code", "code", "所载社区（或其继任）", "community on record, or its successor", "civil_affairs",
         "projects.community_code communities.successor_code"),
    fact("recorded_is_touched", "bool", "所载社区在项目用地上", "the community on record is among those of its land", "civil_affairs",
         "projects.community_code parcels.geometry communities.geometry"),
    fact("alike_project_id", "code", "名称相近企业的相邻项目", "neighbouring project of a developer with a name alike", "planning",
         "projects.developer_name parcels.geometry"),
    fact("alike_developer_name", "text", "名称相近的企业", "developer with a name alike", "planning", "projects.developer_name parcels.geometry"),
    fact("alike_m", "number", "与该项目间距", "distance to that project", "planning", "parcels.geometry"),
    fact("share_parts", "text", "各社区份额（百万分之一）", "shares of the communities, in millionths", "planning",
         "parcels.geometry communities.geometry"),
)  # fmt: skip

_LIKENESSES = tuple(
    Choice(code, Text(zh, en))
    for code, zh, en in (
        ("same_unit", "不动产单元号相同而位置等不符", "one real-estate unit, but facts that contradict it"),
        ("same_title", "产权证号相同而位置等不符", "one title, but facts that contradict it"),
        ("same_building", "社区、楼栋、楼层、面积相同", "one community, building, floor and area"),
        ("same_number", "所填证号相同，但不是完整的产权证号", "one number that is no complete title"),
    )
)
PREMISES = subject(
    "premises", "公益性用房", "premises", "premises_id", "project",
    {"premises": ("premises_id", "premises_id"), "projects": ("project_id", "project_id"), "parcels": ("project_id", "project_id"),
     "handovers": ("premises_id", "premises_id"), "decisions": ("premises_id", "premises_id")},
    *own("premises", "premises_id", "project_id", "kind", "planned_m2", "permitted_m2", "surveyed_m2", "building", "floor_from",
          "floor_to", "basement", "stilt", "own_entrance", "storey_height_m", "current_use", "use_changed_on", "use_changed_by",
          "title_no", "title_holder", "titled_on",
         "has_lift", "daylit", "temporary", "off_site_approval_no", "counts_toward", "filed_m2", "filed_building", "filed_floor",
         "title_holder_kind", "title_use", "encumbrance", "vacant_since", "unit_code"),
    fact("is_titled", "bool", "已办产权登记", "the title is registered", "real_estate", "premises.title_no"),
    fact("is_handed_over", "bool", "已移交", "handed over", "civil_affairs", "handovers.premises_id handovers.handed_over_on"),
    fact("handed_over_on", "date", "移交日期", "handed over on", "civil_affairs", "handovers.premises_id handovers.handed_over_on"),
    fact("same_room_premises_id", "code", "同一处用房的另一编号", "the same room under another id", "real_estate",
         "premises.unit_code premises.title_no premises.building premises.floor_from premises.surveyed_m2 premises.geometry"),
    fact("same_room_project_id", "code", "申报同一处用房的项目", "the project that reports the same room", "real_estate",
         "premises.unit_code premises.title_no premises.building premises.floor_from premises.surveyed_m2 premises.geometry"),
    fact("is_claimed_elsewhere", "bool", "已由别处先行申报", "claimed elsewhere first", "real_estate",
         "premises.unit_code premises.title_no premises.building premises.floor_from premises.surveyed_m2 handovers.handed_over_on"),
    fact("is_dismissed", "bool", "联席会议不予认定", "dismissed by the joint meeting", "housing",
         "decisions.conclusion decisions.decided_on decisions.matter decisions.premises_id premises.use_changed_on"),
    fact("dismissed_on", "date", "不予认定的会议日期", "dismissed on", "housing", "decisions.decided_on"),
    fact("dismissal_minutes_no", "code", "不予认定的会议纪要号", "minutes of the dismissal", "housing", "decisions.minutes_no"),
    fact("is_recorded_returned", "bool", "登记为已归还", "recorded as returned", "housing", "decisions.fulfilled_on decisions.premises_id"),
    fact("recorded_returned_on", "date", "登记的归还日期", "recorded as returned on", "housing", "decisions.fulfilled_on"),
    fact("return_minutes_no", "code", "责令归还的会议纪要号", "minutes of the order to return", "housing", "decisions.minutes_no"),
    fact("resembling_premises_id", "code", "疑似同一处的用房", "room that may be the same", "real_estate",
         "premises.unit_code premises.title_no premises.building premises.floor_from premises.surveyed_m2 premises.geometry"),
    fact("resembling_project_id", "code", "疑似同一处用房的项目", "its project", "real_estate",
         "premises.unit_code premises.title_no premises.building premises.floor_from premises.surveyed_m2 premises.geometry"),
    fact("resembling_by", "choice", "疑似的依据", "what the two have in common", "real_estate",
         "premises.unit_code premises.title_no premises.building premises.floor_from premises.surveyed_m2 premises.geometry",
         choices=_LIKENESSES),
    fact("outside_parcel_m", "number", "距本项目宗地", "distance from its project's parcels", "planning", "premises.geometry parcels.geometry"),
    fact("outside_communities_m", "number", "距本项目所在社区", "distance from the communities of its project", "planning",
         "premises.geometry communities.geometry parcels.geometry"),
    fact("farthest_m", "number", "到本项目用地最远处", "distance to the farthest point of its project's land", "planning",
         "premises.geometry parcels.geometry"),
    fact("compactness", "number", "平面紧凑度", "compactness of its plan", "planning", "premises.geometry"),
    fact("community_by_map", "code", "按图所在社区", "community by the map", "planning", "premises.geometry communities.geometry"),
    fact("rooms_of_project", "integer", "本项目社区用房间数", "rooms of community premises of its project", "real_estate", "premises.kind"),
)  # fmt: skip

HANDOVER = subject(
    "handover", "移交", "handover", "handover_id", "project",
    {"handovers": ("handover_id", "handover_id"), "projects": ("project_id", "project_id"), "premises": ("premises_id", "premises_id")},
    *own("handovers", "handover_id", "project_id", "premises_id", "community_code", "recipient_name", "recipient_kind", "area_m2",
          "agreed_on", "handed_over_on", "price_yuan", "building", "floor", "approval_no", "condition"),
    fact("room_is_known", "bool", "移交用房在用房台账内", "the room is in the register of premises", "civil_affairs", "handovers.premises_id"),
    fact("room_handed_m2", "area", "该用房累计移交面积", "area of the room handed over in all", "civil_affairs",
         "handovers.premises_id handovers.area_m2"),
    fact("room_filed_m2", "area", "该用房备案面积", "area of the room as filed", "civil_affairs", "premises.filed_m2"),
    fact("room_filed_building", "text", "该用房备案楼栋", "building of the room as filed", "civil_affairs", "premises.filed_building"),
    fact("room_filed_floor", "integer", "该用房备案楼层", "floor of the room as filed", "civil_affairs", "premises.filed_floor"),
    fact("receiver_is_designated", "bool", "接收社区即指定社区", "receiver is the designated community", "civil_affairs",
          "handovers.community_code projects.designated_community_code"),
    fact("is_handed_again", "bool", "该用房后又移交", "the same room was handed over again later", "civil_affairs",
          "handovers.premises_id handovers.handed_over_on"),
    fact("later_recipient_kind", "choice", "该用房最后接收单位类别", "kind of the room's last recipient", "civil_affairs",
          "handovers.recipient_kind", choices_of="handovers.recipient_kind"),
    fact("later_receiver_is_designated", "bool", "该用房最后接收社区即指定社区", "the room's last receiver is the designated community", "civil_affairs",
          "handovers.community_code projects.designated_community_code"),
    fact("later_price_yuan", "money", "该用房最后移交价款", "price of the room's last handover", "civil_affairs", "handovers.price_yuan"),
    fact("later_condition", "choice", "该用房最后移交附加条件", "condition of the room's last handover", "civil_affairs",
         "handovers.condition", choices_of="handovers.condition"),
)  # fmt: skip

#: What an expression on a handover can name beside the facts of its room:
#: name -> the cell that is missing where it is unknown, type, column.
HANDED = {
    "handovers.has_taken_place": ("handovers.handed_over_on", "bool", "counts"),
    "handovers.handed_over_on": ("handovers.handed_over_on", "date", "handed_over_on"),
    "handovers.agreed_on": ("handovers.agreed_on", "date", "agreed_on"),
    "handovers.area_m2": ("handovers.area_m2", "area", "area_m2"),
    "handovers.recipient_kind": ("handovers.recipient_kind", "choice", "recipient_kind"),
    "handovers.price_yuan": ("handovers.price_yuan", "money", "price_yuan"),
    "handovers.names_room": ("handovers.premises_id", "bool", "names_room"),
    "handovers.is_claimed_elsewhere": ("handovers.handed_over_on", "bool", "elsewhere"),
}

DEPOSIT = subject(
    "deposit", "保证金收支", "deposit event", "event_id", "project",
    {"deposits": ("project_id", "project_id"), "projects": ("project_id", "project_id"),
     "handovers": ("project_id", "project_id"), "payments": ("project_id", "project_id")},
    *own("deposits", "event_id", "project_id", "event", "amount_yuan", "event_on", "decision_no", "legal_basis",
          "basis_kind", "booked_to", "notice_on", "hearing_offered", "guarantee_expires_on", "receipt_no", "community_code"),
    fact("held_before_yuan", "money", "此前余额", "held before the event", "housing", "deposits.event deposits.amount_yuan deposits.event_on"),
    fact("refunded_so_far_yuan", "money", "截至当日累计退还", "refunded so far", "housing",
         "deposits.event deposits.amount_yuan deposits.event_on"),
    fact("paid_so_far_yuan", "money", "截至当日累计缴存", "paid so far", "housing", "deposits.event deposits.amount_yuan deposits.event_on"),
    fact("in_lieu_by_then_m2", "area", "截至当日折资抵面积", "paid in lieu by then", "housing",
          "payments.amount_yuan payments.unit_price_yuan_per_m2 payments.price_approval_no payments.received_on payments.refunded_on"),
)  # fmt: skip

PAYMENT = subject(
    "payment", "折资缴款", "payment in lieu", "payment_id", "project",
    {"payments": ("payment_id", "payment_id"), "projects": ("project_id", "project_id"), "unit_prices": ("price_zone", "zone")},
    *own("payments", "payment_id", "project_id", "amount_yuan", "due_on", "received_on", "agreement_no", "agreed_on",
         "unit_price_yuan_per_m2", "price_approval_no", "receipt_no", "account", "credited_community_code", "credited_on", "spent_on",
         "refunded_on"),
    fact("listed_price_yuan_per_m2", "money", "当日公布单价", "price listed for that day", "housing",
         "unit_prices.price_yuan_per_m2 unit_prices.from_on payments.agreed_on payments.received_on"),
    fact("counts_at_yuan_per_m2", "money", "折抵单价", "price at which it counts as area", "housing",
         "payments.unit_price_yuan_per_m2 payments.price_approval_no unit_prices.price_yuan_per_m2 unit_prices.from_on payments.agreed_on"),
    fact("price_zone", "text", "价格片区", "zone of the price", "housing", "unit_prices.zone"),
    fact("same_receipt_payment_id", "code", "先用此票据的缴款", "payment that used the receipt before", "housing", "payments.receipt_no"),
)  # fmt: skip

DECISION = subject(
    "decision", "联席会议决定", "joint meeting's decision", "decision_id", "project",
    {"decisions": ("decision_id", "decision_id"), "projects": ("project_id", "project_id"), "premises": ("premises_id", "premises_id")},
    *own("decisions", "decision_id", "project_id", "premises_id", "matter", "conclusion", "decided_on", "minutes_no", "due_on",
         "fulfilled_on", "credit_recorded_on", "credit_record_no"),
    fact("premises_m2", "area", "所涉用房面积", "area of the room", "real_estate",
         "premises.surveyed_m2 premises.permitted_m2 premises.planned_m2"),
    fact("premises_use", "choice", "所涉用房现状用途", "present use of the room", "real_estate", "premises.current_use", "premises.current_use"),
)  # fmt: skip

DEVELOPMENT = subject(
    "development", "整体开发", "development", "development_id", "project",
    {"projects": ("development_id", "development_id")},
    fact("development_id", "code", "整体开发编号", "development id", "planning", "projects.development_id"),
    fact("project_id", "code", "首个适用办法的期的项目编号", "project of the first phase under the law", "planning",
         "projects.project_id projects.phase_no"),
    fact("phases", "integer", "已报期数", "phases delivered", "planning", "projects.phase_no"),
    fact("phase_count", "integer", "总期数", "phases in all", "planning", "projects.phase_count"),
    fact("phases_accepted", "integer", "已规划验收期数", "phases accepted", "planning", "projects.planning_accepted_on"),
    fact("is_last_accepted", "bool", "末期已规划验收", "the last phase is accepted", "planning",
         "projects.planning_accepted_on projects.phase_count"),
    fact("first_accepted_on", "date", "首次规划验收日期", "first accepted on", "planning", "projects.planning_accepted_on"),
    fact("last_accepted_on", "date", "最近规划验收日期", "last accepted on", "planning", "projects.planning_accepted_on"),
    fact("last_activity_on", "date", "最近建设活动日期", "last activity on", "housing",
         "projects.permitted_on projects.started_on projects.completed_on projects.planning_accepted_on"),
    fact("phase_plan_no", "code", "分期移交计划文号", "phase plan document no.", "planning", "projects.phase_plan_no"),
    fact("is_stated_stalled", "bool", "台账载明停建", "the ledger says that building has stopped", "planning",
         "projects.project_status projects.project_status_on"),
)  # fmt: skip

CLUSTER = subject(
    "cluster", "疑似拆分的项目组", "group that may be one development", "cluster_id", "project",
    {"projects": ("project_id", "project_id")},
    fact("cluster_id", "code", "疑似拆分组", "group", "planning", "projects.developer_code"),
    fact("project_id", "code", "首个项目编号", "first project", "planning", "projects.project_id"),
    fact("projects", "integer", "项目数", "projects", "planning", "projects.project_id"),
    fact("members", "text", "组内项目", "members", "planning", "projects.project_id"),
    fact("within_m", "number", "分组间距（规则的 near_m）", "grouped within (the rule's near_m)", "planning", "parcels.geometry"),
    fact("farthest_m", "number", "相邻宗地最大间距", "largest gap between neighbours", "planning", "parcels.geometry"),
    *(fact(f"plan_{kind}_m2", "area", f"合计规划{zh}", f"plan {en}, together", "planning", f"projects.plan_{kind}_m2")
      for kind, zh, en in (("total", "总建筑面积", "total floor area"), ("above_ground", "地上建筑面积", "floor area above ground"),
                           ("residential", "住宅建筑面积", "residential floor area"), ("counted", "计容建筑面积", "counted floor area"))),
    fact("households", "integer", "合计规划户数", "planned households, together", "planning", "projects.households"),
    fact("first_permitted_on", "date", "最早工规证日期", "first permit", "planning", "projects.permitted_on"),
    fact("last_permitted_on", "date", "最晚工规证日期", "last permit", "planning", "projects.permitted_on"),
)  # fmt: skip

PARCEL = subject(
    "parcel", "宗地", "parcel", "parcel_id", "none",
    {"parcels": ("parcel_id", "parcel_id"), "projects": ("project_id", "project_id")},
    *own("parcels", "parcel_id", "project_id", "unit_code", "land_area_m2", "land_use_code", "far_permitted"),
    fact("names_project", "bool", "写明所属项目", "names its project", "planning", "parcels.project_id"),
    fact("project_is_known", "bool", "所属项目在台账内", "its project is in the ledger", "planning", "parcels.project_id projects.project_id"),
    fact("has_crs", "bool", "有坐标系", "has a CRS", "planning", "parcels.geometry"),
    fact("is_polygon", "bool", "为面状图形", "is a polygon", "planning", "parcels.geometry"),
    fact("is_valid", "bool", "图形有效", "the geometry is valid", "planning", "parcels.geometry"),
    fact("invalid_reason", "text", "图形问题", "what is wrong with the geometry", "planning", "parcels.geometry"),
    fact("drawn_m2", "area", "修复前面积", "area before any repair", "planning", "parcels.geometry"),
    fact("repair_refused", "bool", "修复改变面积过大", "the repair would change the area too much", "planning", "parcels.geometry"),
    fact("measured_m2", "area", "量算面积", "area as measured", "planning", "parcels.geometry"),
    fact("overlap_m2", "area", "与其他项目宗地重叠面积", "overlap with parcels of other projects", "planning", "parcels.geometry"),
    fact("overlap_parcel_id", "code", "重叠最多的宗地", "parcel that overlaps most", "planning", "parcels.geometry"),
    fact("overlap_project_id", "code", "重叠宗地所属项目", "its project", "planning", "parcels.geometry parcels.project_id"),
    fact("overlap_most_m2", "area", "与该宗地重叠面积", "overlap with that parcel", "planning", "parcels.geometry"),
    fact("overlap_union_m2", "area", "两宗地合计占地", "land of the two together", "planning", "parcels.geometry"),
    fact("own_overlap_m2", "area", "与本项目其他宗地重叠面积", "overlap with its own project's parcels", "planning",
         "parcels.geometry parcels.project_id"),
    fact("own_overlap_parcel_id", "code", "与之重叠的本项目宗地", "its own project's parcel it overlaps", "planning",
         "parcels.geometry parcels.parcel_id"),
    fact("outside_city_m2", "area", "超出本市范围面积", "area outside the city", "planning", "parcels.geometry communities.geometry"),
    fact("unmatched_edge_m", "number", "与邻宗地不重合的边长", "edge that runs along a neighbour without meeting it", "planning", "parcels.geometry"),
)  # fmt: skip

_READINGS = tuple(
    Choice(code, Text(zh, en))
    for code, zh, en in (
        ("degrees", "CGCS2000 经纬度", "CGCS2000 degrees"), ("zone_plain", "CGCS2000 3 度带，不带带号", "CGCS2000 3-degree zone without zone number"),
        ("zone_prefixed", "CGCS2000 3 度带，带号在前", "CGCS2000 3-degree zone with zone number"), ("web_mercator", "Web 墨卡托", "Web Mercator"),
        ("gcj02", "GCJ-02 偏移坐标（高德、腾讯）", "GCJ-02 offset (Gaode, Tencent)"), ("bd09", "BD-09 偏移坐标（百度）", "BD-09 offset (Baidu)"),
        ("other", "其他", "other"),
    )
)  # fmt: skip
_COMPARED = tuple(
    Choice(code, Text(zh, en))
    for code, zh, en in (("linked", "台账上应在一处的记录", "records that belong together"), ("extent", "其他图层的范围", "extent of the other layers"),
                         ("size", "坐标值大小", "size of the coordinates"))
)  # fmt: skip
LAYER = subject(
    "layer", "图层", "layer", "layer_id", "none", {},
    fact("layer_id", "code", "图层", "layer", "planning", "parcels.geometry"),
    fact("table_name", "choice", "数据表", "table", "planning", "parcels.geometry", choices=tuple(Choice(t.name, t.label) for t in BUNDLED)),
    fact("features", "integer", "有图形的记录数", "records with geometry", "planning", "parcels.geometry"),
    fact("has_crs", "bool", "有坐标系", "has a CRS", "planning", "parcels.geometry"),
    fact("crs", "text", "所载坐标系", "CRS as stated", "planning", "parcels.geometry"),
    fact("in_reach_share", "number", "落在该坐标系范围内的比例", "share within the reach of that CRS", "planning", "parcels.geometry"),
    fact("is_usable", "bool", "坐标可用", "its coordinates can be used", "planning", "parcels.geometry"),
    fact("compared_by", "choice", "比照依据", "compared with", "planning", "parcels.geometry communities.geometry offices.geometry",
         choices=_COMPARED),
    fact("compared", "integer", "比照记录数", "records compared", "planning", "parcels.geometry communities.geometry offices.geometry"),
    fact("fit_as_stated", "integer", "按所载坐标系相符数", "of them that fit as stated", "planning", "parcels.geometry communities.geometry"),
    fact("fit_as_proposed", "integer", "按建议读法相符数", "of them that fit as proposed", "planning", "parcels.geometry communities.geometry"),
    fact("proposed", "text", "建议读法", "reading proposed", "planning", "parcels.geometry communities.geometry"),
    fact("proposed_kind", "choice", "建议读法类别", "kind of reading proposed", "planning", "parcels.geometry", choices=_READINGS),
    fact("other_readings", "text", "分不出高下的读法", "readings that nothing tells apart", "planning", "parcels.geometry"),
    fact("typed", "text", "指定读法时键入", "what to type to read it so", "planning", "parcels.geometry"),
)  # fmt: skip

OFFICE = subject(
    "office", "社区办公用房", "community office", "office_id", "as_of",
    {"offices": ("office_id", "office_id"), "communities": ("community_code", "community_code"),
     "premises": ("plan_premises_id", "premises_id"), "idle_facilities": ("nearest_idle_id", "facility_id")},
    *own("offices", "office_id", "community_code", "tenure", "tenure_text", "area_m2", "outdoor_m2", "since", "lease_end",
          "rent_yuan_per_year", "lessor", "title_no", "shared_m2", "relocation_plan_no", "demolition_risk", "archive_search",
          "plan_project_id", "plan_premises_id", "resolution_path", "resolution_due_on", "resolved_on"),
    *own("communities", "community_name", "district_code", "population"),
    fact("community_kind", "choice", "社区类型", "kind of community", "civil_affairs", "communities.kind", "communities.kind"),
    fact("community_founded_on", "date", "所属社区设立日期", "its community founded on", "civil_affairs", "communities.valid_from"),
    fact("community_ended_on", "date", "所属社区撤销日期", "its community abolished on", "civil_affairs", "communities.valid_to"),
    fact("plan_premises_use", "choice", "原规划用房现状用途", "present use of the planned premises", "real_estate",
          "premises.current_use", "premises.current_use"),
    fact("plan_premises_changed_by", "choice", "原规划用房改变用途人", "who changed the planned premises", "real_estate",
          "premises.use_changed_by", "premises.use_changed_by"),
    fact("plan_premises_is_dismissed", "bool", "原规划用房经联席会议不予认定", "the planned premises' change of use was dismissed", "housing",
         "decisions.conclusion decisions.decided_on"),
    fact("in_renewal_area", "bool", "位于旧城改造范围", "inside a renewal area", "planning", "offices.geometry renewal_areas.geometry"),
    fact("community_by_map", "code", "按图所在社区", "community by the map", "civil_affairs", "offices.geometry communities.geometry"),
    fact("off_community_m", "number", "距所属社区", "distance from its community", "civil_affairs", "offices.geometry communities.geometry"),
    fact("nearest_idle_id", "code", "最近可用闲置设施编号", "nearest fitting idle facility", "real_estate", "idle_facilities.facility_id"),
    fact("nearest_idle_name", "text", "最近可用闲置设施", "its name", "real_estate", "idle_facilities.name"),
    fact("nearest_idle_m", "number", "最近可用闲置设施距离", "distance to the idle facility", "real_estate",
         "offices.geometry idle_facilities.geometry"),
    fact("nearest_idle_usable_m2", "area", "最近闲置设施可用面积", "its usable area", "real_estate", "idle_facilities.usable_m2"),
)  # fmt: skip

IDLE_FACILITY = subject(
    "idle_facility", "闲置公共设施", "idle public facility", "facility_id", "none",
    {"idle_facilities": ("facility_id", "facility_id"), "offices": ("nearest_office_id", "office_id")},
    *own("idle_facilities", "facility_id", "name", "owner", "owner_kind", "kind", "area_m2", "usable_m2", "outdoor_m2", "use_rate",
         "open_to_residents", "opening_hours", "capacity_persons", "offered_path", "available_from"),
    *(fact(f"offers_{c.code}", "bool", f"权属单位愿意{c.label.zh}", f"its owner offers: {c.label.en}", "real_estate",
           "idle_facilities.offered_path") for c in OFFERED_PATHS),
    fact("community_by_map", "code", "按图所在社区", "community by the map", "civil_affairs", "idle_facilities.geometry communities.geometry"),
    fact("nearest_office_id", "code", "最近的租借办公用房编号", "nearest rented or borrowed office", "civil_affairs", "offices.office_id"),
    fact("nearest_office_name", "text", "最近的租借办公用房所属社区", "the community of that office", "civil_affairs",
         "communities.community_name"),
    fact("nearest_office_m", "number", "距最近的租借办公用房", "distance to the rented office", "civil_affairs",
         "idle_facilities.geometry offices.geometry"),
)  # fmt: skip

_EIGHT = ("party_office", "committee_office", "police_room", "library", "social_security_station", "health_station",
          "culture_sports_station", "outdoor_ground")  # fmt: skip
EIGHT = tuple(c for c in FACILITY_KINDS if c.code in _EIGHT)

COMMUNITY = subject(
    "community", "社区", "community", "community_code", "as_of",
    {"communities": ("community_code", "community_code"), "community_facilities": ("community_code", "community_code")},
    *own("communities", "community_code", "community_name", "kind", "district_code", "street", "population", "households",
         "project_supported", "valid_from", "valid_to", "successor_code"),
    *(fact(f"has_{c.code}", "bool", f"有{c.label.zh}", f"has {c.label.en}", "civil_affairs", "community_facilities.kind") for c in EIGHT),
    fact("functions", "integer", "一部三室三站一场已有项数", "of the eight functions, how many", "civil_affairs", "community_facilities.kind"),
    fact("missing_functions", "choices", "一部三室三站一场缺项", "functions missing", "civil_affairs", "community_facilities.kind", choices=EIGHT),
    fact("is_polygon", "bool", "边界为面状图形", "its boundary is a polygon", "civil_affairs", "communities.geometry"),
    fact("is_valid", "bool", "边界图形有效", "its boundary is valid", "civil_affairs", "communities.geometry"),
    fact("invalid_reason", "text", "边界图形问题", "what is wrong with its boundary", "civil_affairs", "communities.geometry"),
    fact("drawn_m2", "area", "边界修复前面积", "area within its boundary before any repair", "civil_affairs", "communities.geometry"),
    fact("boundary_m2", "area", "边界内面积", "area within its boundary", "civil_affairs", "communities.geometry"),
    fact("boundary_overlap_m2", "area", "与其他社区重叠面积", "overlap with other communities", "civil_affairs", "communities.geometry"),
    fact("boundary_overlap_code", "code", "重叠最多的社区", "community that overlaps most", "civil_affairs", "communities.geometry"),
    fact("boundary_edge_m", "number", "与邻社区不重合的边长", "border that runs along a neighbour's without meeting it", "civil_affairs",
         "communities.geometry"),
)  # fmt: skip

REFERENCE = subject(
    "reference", "台账所引项目编号", "project id that registers refer to", "project_id", "none",
    dict.fromkeys(("projects", "parcels", "premises", "handovers", "payments", "deposits", "demands", "decisions"),
                  ("project_id", "project_id")),
    fact("project_id", "code", "项目编号", "project id", "planning", "projects.project_id"),
    fact("is_in_ledger", "bool", "在开发项目台账内", "in the ledger of projects", "planning", "projects.project_id"),
    fact("tables", "choices", "引用它的台账", "registers that refer to it", "planning",
         "parcels.project_id premises.project_id handovers.project_id payments.project_id deposits.project_id demands.project_id "
         "decisions.project_id",
         choices=tuple(Choice(x.name, x.label) for x in BUNDLED)),
    fact("rows", "integer", "引用行数", "rows that refer to it", "planning",
         "parcels.project_id premises.project_id handovers.project_id payments.project_id deposits.project_id demands.project_id "
         "decisions.project_id"),
    fact("handed_m2", "area", "所涉移交面积", "area handed over under it", "civil_affairs", "handovers.area_m2"),
    fact("money_yuan", "money", "所涉折资与保证金", "money booked under it", "housing", "payments.amount_yuan deposits.amount_yuan"),
)  # fmt: skip

_CODE_KINDS = (
    Choice("credit_code", Text("统一社会信用代码", "credit code")),
    Choice("parcel_code", Text("宗地代码", "parcel code")),
    Choice("unit_code", Text("不动产单元号", "real-estate unit code")),
    Choice("community_code", Text("社区代码", "community code")),
    Choice("district_code", Text("区县代码", "district code")),
)
CODE = subject(
    "code", "编码", "code", "code_key", "none",
    {"projects": ("code_value", "developer_code"), "parcels": ("code_value", "parcel_id"), "premises": ("code_value", "unit_code"),
     "communities": ("code_value", "community_code"), "districts": ("code_value", "district_code")},
    fact("code_key", "code", "编码键", "key", "planning", "projects.developer_code"),
    fact("code_kind", "choice", "编码类别", "kind of code", "planning", "projects.developer_code", choices=_CODE_KINDS),
    fact("code_value", "code", "编码", "code", "planning",
         "projects.developer_code parcels.parcel_id premises.unit_code communities.community_code districts.district_code"),
    fact("is_well_formed", "bool", "格式正确", "well formed", "planning",
         "projects.developer_code parcels.parcel_id premises.unit_code communities.community_code districts.district_code"),
    fact("check_digit_is_right", "bool", "校验位正确", "check character is right", "planning", "projects.developer_code"),
    fact("uses", "integer", "出现行数", "rows with it", "planning",
         "projects.developer_code parcels.parcel_id premises.unit_code communities.community_code districts.district_code"),
)  # fmt: skip

CONFLICT = subject(
    "conflict", "部门数据冲突", "disagreement between sources", "conflict_id", "none",
    {t.name: ("record_key", t.key[0]) for t in BUNDLED if t.name not in ("community_facilities", "unit_prices")},
    fact("conflict_id", "code", "冲突编号", "conflict id", "planning", "projects.project_id"),
    fact("table_name", "choice", "数据表", "table", "planning", "projects.project_id",
         choices=tuple(Choice(t.name, t.label) for t in BUNDLED)),
    fact("record_key", "code", "记录编号", "record", "planning", "projects.project_id"),
    fact("field_zh", "text", "字段", "field (Chinese)", "planning", "projects.project_id"),
    fact("field_en", "text", "字段（英文）", "field", "planning", "projects.project_id"),
    fact("told_zh", "text", "各处所报", "what each says (Chinese)", "planning", "projects.project_id"),
    fact("told_en", "text", "各处所报（英文）", "what each says", "planning", "projects.project_id"),
    fact("lost_the_row", "bool", "该行因此不能用", "the row cannot be used for it", "planning", "projects.project_id"),
    fact("is_unit_apart", "bool", "相差一个单位", "a unit apart", "planning", "projects.project_id"),
)  # fmt: skip

FIGURE = subject(
    "figure", "上报数字", "figure as reported", "figure_id", "none",
    {"reported_figures": ("figure_id", "figure_id")},
    *own("reported_figures", "figure_id", "figure", "district_code", "stated", "source"),
    fact("is_percent", "bool", "为百分数", "is a percentage", "civil_affairs", "reported_figures.figure"),
    fact("computed", "number", "按台账算得", "as computed from the records", "civil_affairs",
         "communities.community_code communities.population communities.project_supported offices.tenure"),
    fact("districts_sum", "number", "各区县上报数之和", "sum of what the districts report", "civil_affairs", "reported_figures.stated"),
)  # fmt: skip

_ALL = (
    PROJECT,
    DEVELOPMENT,
    CLUSTER,
    PARCEL,
    LAYER,
    PREMISES,
    HANDOVER,
    PAYMENT,
    DEPOSIT,
    DECISION,
    OFFICE,
    IDLE_FACILITY,
    COMMUNITY,
    REFERENCE,
    CODE,
    CONFLICT,
    FIGURE,
)
SUBJECTS = {s.name: s for s in _ALL}
_BUNDLED = {s.name: replace(s, facts=dict(s.facts), rows=dict(s.rows)) for s in _ALL}


def _take_in() -> None:
    """The subjects as the own tables in force have them; those that ship keep being the same objects, such as ``PROJECT``."""
    made = with_own(_BUNDLED, following.current())
    for bundled in _ALL:
        whole = made.pop(bundled.name)
        bundled.facts.clear()
        bundled.facts.update(whole.facts)
        bundled.rows.clear()
        bundled.rows.update(whole.rows)
    SUBJECTS.clear()
    SUBJECTS.update({s.name: s for s in _ALL} | made)


following.follow(_take_in)


def cell_label(table: str, field: str) -> Text:
    """What people call a cell that a sum lacks: ``handovers.recipient_kind``, ``premises.kind``; of a fact measured on a room, the fact."""
    known = {f.name: f.label for f in BY_NAME[table].fields}
    label = known.get(field) or SUBJECTS[table].facts[field].label
    return Text(f"{BY_NAME[table].label.zh}：{label.zh}", f"{BY_NAME[table].label.en}: {label.en}")


def cell_owner(table: str, field: str) -> str:
    """The bureau that can supply such a cell."""
    known = {f.name: f.owner for f in BY_NAME[table].fields}
    return known.get(field) or SUBJECTS[table].facts[field].owner
