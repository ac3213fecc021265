"""Clauses of the law and other readings of them, as people read them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from planning_check.clauses import CLAUSES, CODES
from planning_check.errors import Text
from planning_check.record.finding import Finding, Reading
from planning_check.report.told.facts import with_unit
from planning_check.report.told.numbers import number
from planning_check.words import REMEDY_DOCUMENTS, UNITS, label, labels


def clause_value(value: Any, unit: str, lang: str) -> str:
    """A clause as people read it; an ordinance that leaves it open says nothing on it."""
    if value is None:
        return Text("未规定", "nothing laid down").get(lang)
    if isinstance(value, bool):
        return Text("是" if value else "否", "yes" if value else "no").get(lang)
    if isinstance(value, list) or value == "":
        return labels(CODES, ",".join(value), lang) or Text("无", "none").get(lang)
    if isinstance(value, dict):
        return "; ".join(f">= {number_text(k)}: {number_text(v)}" for k, v in value.items())
    if str(value).split(",")[0] in CODES:
        return labels(CODES, str(value), lang)
    return with_unit(str(value), unit, lang)


def number_text(value: Any) -> str:
    """A number as it is shown without its unit."""
    return with_unit(str(value), "", "en")


def reading_text(clause: str, value: str, lang: str) -> str:
    """One other reading: ``计算基数取地上建筑面积``, ``base: floor area above ground``."""
    kind = CLAUSES[clause]
    shown = clause_value(value, kind.unit, lang)
    return Text(f"{kind.label.zh}取{shown}", f"{kind.label.en}: {shown}").get(lang)


def margin_text(reading: Reading, lang: str) -> str:
    """By how much: what is still missing, or how much more than enough there is."""
    if (told := reading["margin"]) is None or reading["outcome"] not in ("violation", "pass"):
        return ""
    margin, unit = Decimal(told), label(UNITS, reading["unit"], lang)
    if reading["outcome"] == "violation":
        return Text(f"，差 {abs(margin):,} {unit}".rstrip(), f", by {abs(margin):,} {unit}".rstrip()).get(lang)
    return Text(f"，余 {abs(margin):,} {unit}".rstrip(), f", {abs(margin):,} {unit} to spare".rstrip()).get(lang)


def remedy_text(finding: Finding, lang: str) -> str:
    """The least that cures a finding: ``移交 37.20 ㎡ 或缴 148,800.00 元；另补 移交凭证``; empty where there is none."""
    area, money, document = finding["remedy_hand_over_m2"], finding["remedy_pay_yuan"], finding["remedy_document"]
    parts = []
    if area is not None:
        parts.append(Text(f"移交 {number(area)} ㎡", f"hand over {number(area)} ㎡").get(lang))
    if money is not None:
        parts.append(Text(f"缴 {number(money)} 元", f"pay {number(money)} yuan").get(lang))
    least = Text("，或", ", or ").get(lang).join(parts)
    if document:
        paper = label(REMEDY_DOCUMENTS, document, lang)
        least = (
            Text(f"{least}；补{paper}", f"{least}; supply {paper}").get(lang) if least else Text(f"补{paper}", f"supply {paper}").get(lang)
        )
    return least
