"""What falls due as a workbook: one list, the bureaus one after the other, overdue first."""

from __future__ import annotations

from typing import Any

from planning_check.errors import Text
from planning_check.report.told.due import STATES, Due, Falling, days_span
from planning_check.report.workbook.alone import alone
from planning_check.report.workbook.book import MOST_ROWS, Book, Column
from planning_check.report.workbook.lists import finish
from planning_check.words import BUREAUS, DUE, UNKNOWN, label


def due_xlsx(found: Falling, lang: str) -> bytes:
    """The list as a workbook, the same bytes for the same day and log."""
    return alone(Text("期限", "What falls due").get(lang), found.series, found.on, lang, lambda book: _write(book, found))


def _write(book: Book, found: Falling) -> None:
    say, lang = book.say, book.lang
    columns = [
        Column(say("部门", "bureau"), 12), Column(say("期限", "due on"), 15), Column(say("状况", "state"), 11),
        Column(say("还有 天", "days left"), 8, "count"), Column(say("还有 工作日", "working days left"), 9, "count"),
        Column(say("事项", "what"), 13), Column(say("编号", "id"), 14, "code"), Column(say("名称", "name"), 20),
        Column(say("文号", "number"), 18, "code"), Column(say("金额 元（租期为年租金）", "yuan (of a lease: a year)"), 16, "money"),
        Column(say("写在哪里", "where it is told"), 44),
    ]  # fmt: skip
    told = [
        Text(f"{found.on} 起 {found.within} 天之内到期的和已逾期的（第 {found.run_id} 次检查，{found.series}）",
             f"What is overdue or falls due within {found.within} days of {found.on} (run {found.run_id}, {found.series})"),
        *found.notes,
    ]  # fmt: skip
    if found.later:
        told.append(Text(f"{found.within} 天之后的 {found.later} 件没有列出", f"{found.later} after {found.within} days are not listed"))
    if years := ", ".join(map(str, found.unknown_years)):
        told.append(
            Text(f"不知道 {years} 年的节假日，工作日写作未知", f"the holidays of {years} are not known: working days are unknown there")
        )
    sheet = book.sheet(say("期限", "Due"), columns, heading=2, freeze=1)
    sheet.title(say("什么快到期、已逾期", "What falls due"), Text("。", ". ").get(lang).join(text.get(lang) for text in told))
    sheet.heads()
    first = sheet.row
    for due in found.dues[:MOST_ROWS]:
        sheet.line(_row(due, found, lang))
    finish(book, sheet, first, len(found.dues), len(columns), rest="planning-check due -o due.csv",
           empty=say("没有到期的", "Nothing falls due"))  # fmt: skip


def _row(due: Due, found: Falling, lang: str) -> list[Any]:
    unknown = UNKNOWN.get(lang)
    days, workdays = due.days(found.on), due.workdays(found.on, found.table)
    return [
        label(BUREAUS, due.bureau, lang), days_span(due) or unknown, STATES[due.state(found.on)].get(lang),
        unknown if days is None else days, unknown if workdays is None else workdays, DUE[due.kind][0].get(lang), due.key, due.name,
        due.number, unknown if due.sum_unknown else due.yuan, due.source.get(lang),
    ]  # fmt: skip
