"""What a finding is: its fields, each once. Columns of the store, exports, JSON Schema and layers are made from them.

A field more is one line of :class:`Finding`, and the expression that gives its value (``rulebook.finding_query``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Annotated, TypedDict, cast, get_args, get_type_hints

from planning_check.cases import FIELDS as DECIDED
from planning_check.cases import STATES, WHYS
from planning_check.words import BUREAUS, CONSEQUENCES, LAW_STATES, LISTS, OUTCOMES, ROBUSTNESS, SEVERITIES, SUBJECTS

#: The outcomes that are findings.
FOUND = tuple(code for code in OUTCOMES if code in ("violation", "undetermined", "error", "exempt"))


@dataclass(frozen=True)
class Field:
    """One field: its labels, where it is kept, and what may stand in it.

    ``kept``: with the finding itself, its subject, rule, status, what is unjudged, or its ordinance; ``told``: made when it is read;
    ``case``: what the log of the series says of it by now. That is not of the run: its root does not know it; ``waiver``: what the
    rules of the run say of a waiver in force.
    ``place``: of its column in the table ``finding``, which only grows at its end. ``column``: its name where it is kept,
    if that is another.
    ``kind``: text, key (a text that is always there), code, codes, names, decimal, flag, named (name -> value), readings or sources.
    ``codes``: all there are. ``unit``: m2 or yuan, both to 0.01. ``optional``: None where there is nothing to say.
    """

    zh: str
    en: str
    kept: str
    kind: str = "text"
    place: int | None = None
    column: str | None = None
    codes: tuple[str, ...] = ()
    unit: str = ""
    optional: bool = False

    def label(self) -> tuple[str, str]:
        return self.zh, self.en


def _own(zh: str, en: str, place: int, kind: str = "text", codes: Sequence[str] = (), unit: str = "") -> Field:
    """A field kept with the finding."""
    return Field(zh, en, "finding", kind, place, codes=tuple(codes), unit=unit)


def _of(kept: str, zh: str, en: str, kind: str = "text", codes: Sequence[str] = (), column: str | None = None) -> Field:
    return Field(zh, en, kept, kind, codes=tuple(codes), column=column)


def _decided(name: str, kind: str = "text", codes: Sequence[str] = (), unit: str = "") -> Field:
    """Something that the last decision of the meeting says; ``column``: the name that it has in the log (``cases.FIELDS``). Here it has
    another: an export to which somebody adds a column of conclusions must not bring the last meeting's day and number along."""
    of, label = DECIDED[name], DECIDED[name].label
    return Field(f"议定：{label.zh}", f"decided: {label.en}", "case", kind, column=name, codes=tuple(codes or of.choices), unit=unit)


class Reading(TypedDict):
    """Another reading of the law: clause, value, what the verdict would be, and by how much."""

    clause: str
    value: str
    outcome: str
    margin: str | None
    unit: str | None


class Source(TypedDict):
    """A row of the delivery."""

    table: str
    file: str
    sheet: str
    row: int


class Finding(TypedDict):
    """One subject that failed one rule, could not be judged, or is exempt. The order is that of the columns of an export."""

    list: Annotated[str, _of("rule", "清单", "list", "code", tuple(LISTS))]
    rule_id: Annotated[str, _own("规则", "rule", 2, "key")]
    rule_title_zh: Annotated[str | None, _of("rule", "问题类型（中文）", "kind of finding (zh)", column="title_zh")]
    rule_title_en: Annotated[str | None, _of("rule", "问题类型（英文）", "kind of finding (en)", column="title_en")]
    outcome: Annotated[str, _own("结论", "outcome", 4, "code", FOUND)]
    severity: Annotated[str, _own("程度代码", "severity (code)", 5, "code", tuple(SEVERITIES))]
    status: Annotated[str | None, _own("状态代码", "status (code)", 8)]
    status_zh: Annotated[str | None, _of("status", "状态（中文）", "status (zh)", column="label_zh")]
    status_en: Annotated[str | None, _of("status", "状态（英文）", "status (en)", column="label_en")]
    district_code: Annotated[str | None, _of("subject", "区县代码", "district (code)")]
    district_name: Annotated[str | None, _of("subject", "区县", "district")]
    community_code: Annotated[str | None, _of("subject", "社区代码", "community (code)")]
    community_name: Annotated[str | None, _of("subject", "社区", "community")]
    subject: Annotated[str, _of("subject", "对象类型", "kind of subject", "code", tuple(SUBJECTS))]
    subject_key: Annotated[str, _own("对象编号", "subject key", 3, "key")]
    subject_name: Annotated[str | None, _of("subject", "对象名称", "subject")]
    project_id: Annotated[str | None, _of("subject", "项目编号", "project id")]
    developer_name: Annotated[str | None, _of("subject", "开发企业", "developer")]
    developer_code: Annotated[str | None, _of("subject", "开发企业代码", "developer (code)")]
    area_m2: Annotated[Decimal | None, _own("面积（㎡）", "area (㎡)", 9, "decimal", unit="m2")]
    yuan: Annotated[Decimal | None, _own("金额（没收案为最高，元）", "amount (forfeitures: highest, yuan)", 10, "decimal", unit="yuan")]
    yuan_min: Annotated[Decimal | None, _own("最低金额（元）", "lowest amount (yuan)", 11, "decimal", unit="yuan")]
    message_zh: Annotated[str | None, _of("told", "事实（中文）", "what was found (zh)")]
    message_en: Annotated[str | None, _of("told", "事实（英文）", "what was found (en)")]
    reason_zh: Annotated[str | None, _of("unjudged", "原因（中文）", "reason (zh)")]
    reason_en: Annotated[str | None, _of("unjudged", "原因（英文）", "reason (en)")]
    missing: Annotated[Sequence[str], _of("unjudged", "缺少的事实", "missing facts", "names")]
    missing_owner: Annotated[Sequence[str], _of("unjudged", "由谁补", "who owes them", "codes", tuple(BUREAUS))]
    cure_zh: Annotated[str | None, _of("told", "整改（中文）", "cure (zh)")]
    cure_en: Annotated[str | None, _of("told", "整改（英文）", "cure (en)")]
    remedy_hand_over_m2: Annotated[Decimal | None, _own("最少应移交（㎡）", "least to hand over (㎡)", 12, "decimal", unit="m2")]
    remedy_pay_yuan: Annotated[Decimal | None, _own("最少应缴（元）", "least to pay (yuan)", 13, "decimal", unit="yuan")]
    remedy_document: Annotated[str | None, _own("应补文件", "document to supply", 14)]
    robustness: Annotated[str | None, _own("稳健", "robustness", 15, "code", tuple(ROBUSTNESS))]
    alternatives: Annotated[Sequence[Reading], _of("told", "换一种读法", "other readings", "readings")]
    exposure_area_min_m2: Annotated[Decimal | None, _own("最少涉及（㎡）", "at best (㎡)", 16, "decimal", unit="m2")]
    exposure_area_max_m2: Annotated[Decimal | None, _own("最多涉及（㎡）", "at worst (㎡)", 17, "decimal", unit="m2")]
    exposure_min_yuan: Annotated[Decimal | None, _own("最少涉及（元）", "at best (yuan)", 18, "decimal", unit="yuan")]
    exposure_max_yuan: Annotated[Decimal | None, _own("最多涉及（元）", "at worst (yuan)", 19, "decimal", unit="yuan")]
    consequence: Annotated[Sequence[str], _of("rule", "后果", "consequence", "codes", tuple(CONSEQUENCES))]
    responsible: Annotated[str, _of("rule", "责任部门", "responsible bureau", "code", tuple(BUREAUS))]
    law_state: Annotated[str | None, _own("适用状态", "state of the law", 6, "code", (*LAW_STATES, "no_project"))]
    ordinance_id: Annotated[str | None, _own("办法", "ordinance", 7)]
    ordinance_verified: Annotated[bool | None, _of("ordinance", "办法是否核实", "ordinance verified", "flag")]
    facts: Annotated[Mapping[str, str | None], _of("told", "事实", "facts", "named")]
    law: Annotated[Mapping[str, str | None], _of("told", "法规取值", "clauses", "named")]
    numbers: Annotated[Mapping[str, str | None], _of("told", "参数与算得的数", "parameters and numbers", "named")]
    sources: Annotated[Sequence[Source], _of("told", "来源", "sources", "sources")]
    fingerprint: Annotated[str, _own("问题编号", "fingerprint", 1, "key")]
    rule_sha256: Annotated[str | None, _of("rule", "规则摘要", "digest of the rule", column="sha256")]
    ordinance_sha256: Annotated[str | None, _of("ordinance", "办法摘要", "digest of the ordinance")]
    case_state: Annotated[str, _of("case", "案件状态", "state of the case", "code", tuple(STATES))]
    case_why: Annotated[str | None, _of("case", "为何再议", "why it is to decide again", "code", tuple(WHYS))]
    case_changed: Annotated[Mapping[str, str | None], _of("case", "此后变了的事实", "facts that changed since", "named")]
    decision: Annotated[str | None, _decided("conclusion", "code")]
    decision_on: Annotated[str | None, _decided("decided_on")]
    decision_no: Annotated[str | None, _decided("resolution_no")]
    decision_scope: Annotated[str | None, _decided("scope", "code")]
    decision_yuan: Annotated[Decimal | None, _decided("amount_yuan", "decimal", unit="yuan")]
    decision_account: Annotated[str | None, _decided("account")]
    decision_measure: Annotated[str | None, _decided("measure", "code")]
    decision_site: Annotated[str | None, _decided("site")]
    decision_responsible: Annotated[str | None, _decided("responsible", "code", tuple(BUREAUS))]
    decision_due_on: Annotated[str | None, _decided("due_on")]
    decision_agreed: Annotated[Sequence[str], _decided("agreed", "codes", tuple(BUREAUS))]
    decision_note: Annotated[str | None, _decided("note")]
    waived_from: Annotated[str | None, _of("waiver", "豁免自", "waived from")]
    waived_until: Annotated[str | None, _of("waiver", "豁免至", "waived until")]
    waived_by: Annotated[str | None, _of("waiver", "豁免批准人", "waived by")]
    waived_why: Annotated[str | None, _of("waiver", "豁免理由", "why it is waived")]
    waived_risk: Annotated[str | None, _of("waiver", "豁免的风险", "risk of the waiver")]


def _fields() -> dict[str, Field]:
    hints = get_type_hints(Finding, include_extras=True)
    return {name: replace(hint.__metadata__[0], optional=type(None) in get_args(hint.__origin__)) for name, hint in hints.items()}


#: Every field by its name, in the order of an export.
FIELDS: dict[str, Field] = _fields()
#: The columns of the table ``finding``, in their order there.
OWN = tuple(sorted((name for name, field in FIELDS.items() if field.kept == "finding"), key=lambda name: FIELDS[name].place or 0))


def said(finding: Finding, field: str, lang: str) -> str | None:
    """A text of the finding in one language: ``said(f, "message", "zh")``."""
    return cast("str | None", cast("Mapping[str, object]", finding)[f"{field}_{lang}"])
