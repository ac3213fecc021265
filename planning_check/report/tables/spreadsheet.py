"""Findings as CSV for a spreadsheet: what people read of them, in one language, one column a thing, with codes that stay what they are.

A spreadsheet reads 919901024735226001 as a number and keeps fifteen digits of it, 1-2 as a day, 12e4 as 120000. Such a cell ends in a tab:
spreadsheets keep it as text, and whoever reads the file back cuts blanks off. Columns for programs: ``exports``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, cast

from planning_check.errors import Place, Text
from planning_check.record.finding import Finding, said
from planning_check.report.tables.exports import BOM, safe
from planning_check.report.told.cities import DISTRICT, NO_CITIES, Cities
from planning_check.report.told.facts import fact_label
from planning_check.report.told.standing import state_text
from planning_check.words import BUREAUS, LISTS, OUTCOMES, ROBUSTNESS, SEVERITIES, label

#: What a spreadsheet would make another value of: digits without end or with a zero before them, days, powers of ten.
_TAKEN_AMISS = re.compile(r"0\d+|\d{12,}|\d+[eE][+-]?\d+|\d{1,4}[-/.]\d{1,2}([-/.]\d{1,4})?")


def _coded(name: str, words: Mapping[str, Text]) -> Callable[[Finding, str], str]:
    return lambda finding, lang: label(dict(words), cast("Mapping[str, Any]", finding)[name], lang)


def _text(name: str) -> Callable[[Finding, str], str]:
    return lambda finding, lang: kept_as_text(cast("Mapping[str, Any]", finding)[name] or "")


def _amount(name: str) -> Callable[[Finding, str], str]:
    def told(finding: Finding, _lang: str) -> str:
        value = cast("Mapping[str, Any]", finding)[name]
        return "" if value is None else str(value)

    return told


def _said(name: str) -> Callable[[Finding, str], str]:
    return lambda finding, lang: said(finding, name, lang) or ""


def _lacking(finding: Finding, lang: str) -> str:
    """Why it could not be judged, or was not: the reason, and the facts that are wanting with who owes them."""
    join = Text("、", ", ").get(lang)
    facts = join.join(fact_label(finding["subject"], name).get(lang) for name in finding["missing"])
    owners = join.join(label(BUREAUS, code, lang) for code in finding["missing_owner"])
    wanting = Text(f"缺：{facts}（{owners}）", f"lacks: {facts} ({owners})").get(lang) if facts else ""
    return Text("；", "; ").get(lang).join(part for part in (said(finding, "reason", lang), wanting) if part)


def _sources(finding: Finding, lang: str) -> str:
    return Text("；", "; ").get(lang).join(Place(one["file"], one["sheet"] or None, one["row"]).get(lang) for one in finding["sources"])


#: Head and cell. None of the heads but the key is one that ``decide`` fills a decision from.
_COLUMNS: tuple[tuple[Text, Callable[[Finding, str], str]], ...] = (
    (Text("名单", "list"), _coded("list", LISTS)),
    (Text("规则", "rule"), _text("rule_id")),
    (Text("问题类型", "kind of finding"), _said("rule_title")),
    (Text("结论", "outcome"), _coded("outcome", OUTCOMES)),
    (Text("程度", "severity"), _coded("severity", SEVERITIES)),
    (Text("类别", "class"), _said("status")),
    (DISTRICT, _text("district_name")),
    (Text("社区", "community"), _text("community_name")),
    (Text("项目编号", "project id"), _text("project_id")),
    (Text("对象编号", "subject key"), _text("subject_key")),
    (Text("对象名称", "subject"), _text("subject_name")),
    (Text("开发企业", "developer"), _text("developer_name")),
    (Text("开发企业代码", "developer (code)"), _text("developer_code")),
    (Text("面积（㎡）", "area (㎡)"), _amount("area_m2")),
    (Text("最低金额（元）", "lowest amount (yuan)"), _amount("yuan_min")),
    (Text("金额（没收案为最高，元）", "amount (forfeitures: highest, yuan)"), _amount("yuan")),
    (Text("查出的事实", "what was found"), _said("message")),
    (Text("未能判定的原因", "why it could not be judged"), _lacking),
    (Text("整改", "cure"), _said("cure")),
    (Text("部门", "bureau"), _coded("responsible", BUREAUS)),
    (Text("稳健", "robustness"), _coded("robustness", ROBUSTNESS)),
    (Text("案件", "case"), state_text),
    (Text("来源", "sources"), _sources),
    (Text("键", "key"), _text("fingerprint")),
)  # fmt: skip


#: Before which of them the city stands.
_CITY = next(place for place, (head, _) in enumerate(_COLUMNS) if head == DISTRICT)


def kept_as_text(cell: str) -> str:
    """The cell with a tab behind it where a spreadsheet would make another value of it."""
    return f"{cell}\t" if _TAKEN_AMISS.fullmatch(cell) else cell


def sheet_head(lang: str, cities: Cities = NO_CITIES) -> str:
    """The byte order mark by which Excel knows UTF-8, and the heads; where there are ``cities``, theirs stands before that of districts."""
    return BOM + _row(_with([head.get(lang) for head, _ in _COLUMNS], cities.column(lang)))


def sheet_line(finding: Finding, lang: str, cities: Cities = NO_CITIES) -> str:
    """A finding as one line."""
    return _row(_with([cell(finding, lang) for _, cell in _COLUMNS], cities.cell(finding["district_code"], lang)))


def _with(cells: list[str], city: list[str]) -> list[str]:
    return [*cells[:_CITY], *city, *cells[_CITY:]]


def _row(cells: Any) -> str:
    """Every cell in quotes, so that no program takes the tab of one for the end of it."""
    quoted = (safe(cell).replace('"', '""') for cell in cells)
    return ",".join(f'"{cell}"' if cell else "" for cell in quoted) + "\r\n"
