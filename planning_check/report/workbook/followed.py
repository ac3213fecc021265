"""The cases of a series as a workbook: where each stands, what was decided, how old it is, why it was reopened."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from planning_check.cases import STATES
from planning_check.errors import Text
from planning_check.report.told.cities import cities_of
from planning_check.report.told.followed import days_open, why_reopened
from planning_check.report.told.standing import decision_text
from planning_check.report.workbook.alone import alone
from planning_check.report.workbook.book import MOST_ROWS, Book, Column
from planning_check.report.workbook.lists import finish
from planning_check.words import BUREAUS, LISTS, label


def cases_xlsx(found: Any, lang: str) -> bytes:
    """The list (``pipeline.CaseList``) as a workbook, oldest first; the same bytes for the same log."""
    run = found.run
    title = Text("办理过的案件", "Cases").get(lang)
    return alone(title, f"{run.series} {run.digest}", run.as_of, lang, lambda book: _write(book, found, title), cities_of(run.manifest))


def _write(book: Book, found: Any, title: str) -> None:
    say, run = book.say, found.run
    columns = [
        Column(say("键", "key"), 18, "code"), Column(say("状态", "state"), 13), Column(say("名单", "list"), 14),
        Column(say("规则", "rule"), 7, "code"), Column(say("编号", "id"), 13, "code"), Column(say("名称", "name"), 18),
        *book.city(), Column(say("区县", "district"), 10), Column(say("开发企业", "developer"), 18), Column(say("责任部门", "responsible"), 12),
        Column(say("立案 天", "days open"), 8, "count"), Column(say("会议决定", "decided"), 34), Column(say("期限", "due on"), 11),
        Column(say("决定金额 元", "yuan decided"), 14, "money"), Column(say("报称办结", "reported done"), 11),
        Column(say("重开 次", "times reopened"), 9, "count"), Column(say("最近一次重新立案的原因", "why it was reopened last"), 30),
    ]  # fmt: skip
    sheet = book.sheet(say("案件", "Cases"), columns, heading=2, freeze=1)
    shown = len(found.lines)
    counted = say(f"{run.series}：立案办理的 {found.of} 件，列出 {shown} 件（截至第 {run.id} 次检查，{run.as_of}）；",
                  f"{run.series}: {found.of} cases, {shown} listed (by run {run.id}, as of {run.as_of}); ")  # fmt: skip
    sheet.title(title, counted + say("天数从首次判为违规的检查算起", "days since the first check in which it was a violation"))
    sheet.heads()
    first = sheet.row
    for line in found.lines[:MOST_ROWS]:
        sheet.line(_row(line, found, book))
    finish(book, sheet, first, shown, len(columns), rest="planning-check case list -o cases.csv")


def _row(line: Any, found: Any, book: Book) -> list[Any]:
    lang = book.lang
    case, finding = line.case, line.finding or {}
    body = case.decision.body if case.decision else {}
    bureau = body.get("responsible") or finding.get("responsible")
    amount = body.get("amount_yuan")
    return [
        case.fingerprint, STATES[case.state].get(lang), label(LISTS, finding.get("list"), lang), finding.get("rule_id"),
        finding.get("subject_key"), finding.get("subject_name"), *book.city_of(finding.get("district_code")),
        finding.get("district_name") or finding.get("district_code"),
        finding.get("developer_name"), label(BUREAUS, bureau, lang), days_open(case, found.run.as_of), decision_text(body, lang),
        body.get("due_on"), None if amount is None else Decimal(amount), case.done_on, case.reopened or None,
        why_reopened(case.reason, finding.get("subject", ""), lang),
    ]  # fmt: skip
