"""The programme's order as a workbook: one list."""

from __future__ import annotations

from planning_check.report.told import programme as told
from planning_check.report.workbook.alone import alone
from planning_check.report.workbook.book import MOST_ROWS, Book, Column
from planning_check.report.workbook.lists import finish
from planning_check.siting.kinds import PARTS
from planning_check.siting.programme import Programme


def programme_xlsx(found: Programme, lang: str) -> bytes:
    """The order as a workbook, the same bytes for the same order."""
    name = found.title.get(lang) if found.title else ""
    return alone(told.title(found).get(lang), name, found.as_of, lang, lambda book: _write(book, found))


def _write(book: Book, found: Programme) -> None:
    say, lang = book.say, book.lang
    columns = [
        Column(say("序", "no."), 6, "count"), Column(say("社区代码", "community code"), 16, "code"), Column(say("社区", "community"), 14),
        Column(say("区县", "district"), 12), Column(say("得分（最低）", "score (least)"), 10, "area"),
        Column(say("得分（最高）", "score (most)"), 10, "area"),
        *(Column(f"{PARTS[part].get(lang)} × {found.weights[part].value}", 13, "share") for part in PARTS),
        Column(say("规则", "rules"), 18), Column(say("会议意见", "the meeting's view"), 20, "typed"),
    ]  # fmt: skip
    sheet = book.sheet(say("先后", "Order"), columns, heading=2, freeze=3, tab="decide")
    sheet.title(told.title(found).get(lang), say("。", ". ").join(text.get(lang) for text in told.basis(found)))
    sheet.heads()
    first = sheet.row
    for place, line in enumerate(found.lines[:MOST_ROWS], 1):
        parts = [told.part_text(line.parts[part]) for part in PARTS]
        sheet.line([place, line.code, line.name, line.district, line.least, line.most, *parts, ", ".join(line.rules), None])
    finish(book, sheet, first, len(found.lines), len(columns))
