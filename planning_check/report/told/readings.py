"""Clauses of the law and other readings of them, as people read them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from planning_check.clauses import CLAUSES
from planning_check.record.finding import Finding, Reading
from planning_check.report.told.facts import with_unit
from planning_check.report.told.numbers import number
from planning_check.schema import RECIPIENTS, TITLE_HOLDERS, USES
from planning_check.words import CLAUSE_VALUES, REMEDY_DOCUMENTS, UNITS, label, labels

_CODES = {c.code: c.label for c in (*USES, *TITLE_HOLDERS, *RECIPIENTS)} | CLAUSE_VALUES


def clause_value(value: Any, unit: str, lang: str) -> str:
    """A clause as people read it; an ordinance that leaves it open says nothing on it."""
    if value is None:
        return "未规定" if lang == "zh" else "nothing laid down"
    if isinstance(value, bool):
        return ("是" if value else "否") if lang == "zh" else ("yes" if value else "no")
    if isinstance(value, list) or value == "":
        return labels(_CODES, ",".join(value), lang) or ("无" if lang == "zh" else "none")
    if isinstance(value, dict):
        return "; ".join(f">= {number_text(k)}: {number_text(v)}" for k, v in value.items())
    if str(value).split(",")[0] in _CODES:
        return labels(_CODES, str(value), lang)
    return with_unit(str(value), unit, lang)


def number_text(value: Any) -> str:
    return with_unit(str(value), "", "en")


def reading_text(clause: str, value: str, lang: str) -> str:
    """One other reading: ``计算基数取地上建筑面积``, ``base: floor area above ground``."""
    kind = CLAUSES[clause]
    shown = clause_value(value, kind.unit, lang)
    return f"{kind.label.zh}取{shown}" if lang == "zh" else f"{kind.label.en}: {shown}"


def margin_text(reading: Reading, lang: str) -> str:
    """By how much: what is still missing, or how much more than enough there is."""
    if (told := reading["margin"]) is None or reading["outcome"] not in ("violation", "pass"):
        return ""
    margin, unit = Decimal(told), label(UNITS, reading["unit"], lang)
    if reading["outcome"] == "violation":
        return f"，差 {abs(margin):,} {unit}".rstrip() if lang == "zh" else f", by {abs(margin):,} {unit}".rstrip()
    return f"，余 {abs(margin):,} {unit}".rstrip() if lang == "zh" else f", {abs(margin):,} {unit} to spare".rstrip()


def remedy_text(finding: Finding, lang: str) -> str:
    """The least that cures a finding: ``移交 37.20 ㎡ 或缴 148,800.00 元；另补 移交凭证``; empty where there is none."""
    area, money, document = finding["remedy_hand_over_m2"], finding["remedy_pay_yuan"], finding["remedy_document"]
    zh = lang == "zh"
    parts = []
    if area is not None:
        parts.append(f"移交 {number(area)} ㎡" if zh else f"hand over {number(area)} ㎡")
    if money is not None:
        parts.append(f"缴 {number(money)} 元" if zh else f"pay {number(money)} yuan")
    least = ("，或" if zh else ", or ").join(parts)
    if document:
        paper = label(REMEDY_DOCUMENTS, document, lang)
        least = f"{least}{'；补' if zh else '; supply '}{paper}" if least else f"{'补' if zh else 'supply '}{paper}"
    return least
