"""What bureaus let pass, as a sheet: a rule and year a row, bureau by bureau, and below what the list comes to."""

from __future__ import annotations

from typing import Any

from planning_check.errors import Text
from planning_check.report.console.controls import acts_text, notes, place_text, share_text, year_text
from planning_check.report.told.controls import LIST, Control, Controls
from planning_check.report.told.pack import Pack
from planning_check.report.workbook.alone import alone
from planning_check.report.workbook.book import Book, Column
from planning_check.words import BUREAUS, LISTS, label

_TITLE = Text("部门履职：放过了什么", "What bureaus let pass")


def write_controls(book: Book, pack: Pack) -> None:
    """The sheet of a run's annex; nothing where no rule watches a bureau."""
    found = pack.controls() if pack.controls else None
    if found is not None and found.lines:
        write_sheet(book, found)


def controls_book(found: Controls, lang: str) -> bytes:
    """A workbook of it alone."""
    return alone(_TITLE.get(lang), found.run.digest, found.run.as_of, lang, lambda book: write_sheet(book, found))


def write_sheet(book: Book, found: Controls) -> None:
    """The lines with how many acts there were, the sums of each bureau, and how to read them."""
    say = book.say
    columns = [
        Column(say("部门", "bureau"), 10), Column(say("年度", "year"), 9), Column(say("放过了什么", "what was let pass"), 24),
        Column(say("规则", "rule"), 8, "code"), Column(say("办理", "act"), 20), Column(say("名单", "list"), 12),
        Column(say("放过", "let pass"), 9, "count", note=say("查出而没有不予认定的问题", "findings that the meeting did not dismiss")),
        Column(say("办理数", "of acts"), 10, "share", note=say("这一年这种办理的件数；有年份不明的，写最少到最多",
               "how many acts of the kind that year; least to most where the year of some is unknown")),
        Column(say("占比", "share"), 17, "share", note=say("放过占办理数；最低到最高：未判定的都没有放过、都放过了",
               "let pass of all acts; lowest to highest: none or all of what is open")),
        Column(say("未判定", "open"), 8, "count"), Column(say("不予认定", "dismissed"), 9, "count"),
        Column(say("面积 ㎡", "area ㎡"), 12, "area"), Column(say("金额 元", "yuan"), 15, "money"),
        Column(say("名单面积 ㎡", "on the list, ㎡"), 13, "area", note=say("名单上按项目只计一次的面积，可以相加",
               "area of the lines of the list, each project's once: it adds up")),
        Column(say("名单金额 元", "on the list, yuan"), 15, "money", note=say("名单上按项目只计一次的金额，可以相加",
               "money of the lines of the list, each project's once: it adds up")),
    ]  # fmt: skip
    if found.is_by_district:
        columns.insert(1, Column(found.group.get(book.lang), 10))
    sheet = book.sheet(say("部门履职分年", "Controls by year"), columns, heading=2, freeze=1)
    sheet.title(_TITLE.get(book.lang), say("各部门每年放过了多少，占多少；planning-check controls，docs/controls.md",
                                  "What each bureau let pass in each year, and of how many acts; planning-check controls, "
                                  "docs/controls.md"))  # fmt: skip
    sheet.heads()
    for bureau in found.bureaus:
        _bureau(book, sheet, found, bureau)
    sheet.row += 1
    for text in notes(found):
        sheet.note(text.get(book.lang))
    sheet.finish()


def _bureau(book: Book, sheet: Any, found: Controls, bureau: str) -> None:
    """Its lines, and the sum of those on the list of controls."""
    for line in found.of(bureau):
        sheet.line(_row(book, found, line))
    listed = found.on_list(found.of(bureau))
    name = label(BUREAUS, bureau, book.lang)
    total = [
        name, book.say("各年", "all years"), book.say(f"名单“{LISTS[LIST].zh}”合计", f"on the list '{LISTS[LIST].en}'"), None, None, None,
        listed.passed, None, None, None, listed.dismissed, None, None, listed.area_m2, listed.yuan,
    ]  # fmt: skip
    text, count, money = "total_text", "total_count", "total"
    formats = [text, text, text, text, text, text, count, text, text, text, count, text, text, money, money]
    if found.is_by_district:
        total.insert(1, None)
        formats.insert(1, text)
    sheet.line(total, formats)


def _row(book: Book, found: Controls, line: Control) -> list[Any]:
    lang, listed = book.lang, found.on_list([line])
    district = [place_text(line, found, lang)] if found.is_by_district else []
    return [
        label(BUREAUS, line.bureau, lang), *district, year_text(line.year, lang), line.title.get(lang), line.rule_id,
        line.act.get(lang), label(LISTS, line.list, lang),
        line.passed, acts_text(line, lang), share_text(line, lang), line.open, line.dismissed, line.area_m2, line.yuan, listed.area_m2,
        listed.yuan,
    ]  # fmt: skip
