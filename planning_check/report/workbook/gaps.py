"""Movements of money that do not match, each with its cell, as a sheet for the auditors."""

from __future__ import annotations

from typing import Any

from planning_check.report.console.funds import left_out
from planning_check.report.console.gaps import GAP_HEADS, gap_notes, gap_row
from planning_check.report.told.funds import Span
from planning_check.report.told.gaps import Gap
from planning_check.report.told.pack import Pack
from planning_check.report.workbook.book import MOST_ROWS, Book, Column
from planning_check.report.workbook.lists import finish

#: Width and style of the columns of ``GAP_HEADS``.
_LOOKS = ((12, "code"), (16, "text"), (8, "text"), (11, "code"), (15, "money"), (12, "text"), (26, "text"), (16, "money"), (16, "money"),
          (36, "text"))  # fmt: skip


def write_gaps(book: Book, pack: Pack) -> None:
    """By why they do not match, the largest first; nothing where all match."""
    found, say = pack.fund_gaps, book.say
    if not found:
        return
    columns = [Column(head.get(book.lang), width, style) for head, (width, style) in zip(GAP_HEADS, _LOOKS, strict=True)]
    sheet = book.sheet(say("对不上的款项", "Money unmatched"), columns, heading=2, freeze=1)
    told = [
        say("先来的款先拨，对不上的部分是没有着落的那一部分；项目差额 = 来款 - 已拨付", "What came in first is credited first; unmatched is what nothing covers; "
            "left in the project = came in - credited"),
        *gap_notes(found, book.lang), *left_out(pack.funds[0], book.lang),
    ]  # fmt: skip
    sheet.title(say("对不上的款项", "Movements of money that do not match"), say("。", ". ").join(told))
    sheet.heads()
    first = sheet.row
    for gap in found[:MOST_ROWS]:
        sheet.line(_row(gap, book.lang))
    finish(book, sheet, first, len(found), len(columns), rest="planning-check funds --gaps -o gaps.csv")


def _row(gap: Gap, lang: str) -> list[Any]:
    """The sums as numbers, where there is one and no range."""
    *told, part, left, where = gap_row(gap, lang)
    return [*told, _sum(gap.part, part), _sum(gap.left, left), where]


def _sum(span: Span | None, text: str) -> Any:
    return span.least if span is not None and span.exact else text
