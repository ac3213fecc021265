"""The summary of a meeting on one page: the three lists by district, whether they add up with their sheets, and what else there is."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from planning_check.report.told.numbers import number
from planning_check.report.told.pack import Pack
from planning_check.report.told.summary import Summary, Sums
from planning_check.report.told.verdict import MAIN, verdict
from planning_check.report.workbook.book import Book, Column, Sheet
from planning_check.report.workbook.case_lines import amounts
from planning_check.report.workbook.lists import list_name
from planning_check.words import BUREAUS, LISTS, label, labels

#: How many cities that were not checked are named.
_MOST_LEFT_OUT = 12
#: How many missing facts are named.
_MOST_ASKED = 5


def begin(book: Book) -> Sheet:
    """The sheet, in its place before the lists; it is filled in when they are written."""
    columns = [Column(book.cities.group.get(book.lang), 20)]
    for code in MAIN:
        columns.append(Column(f"{list_name(book, code)} {book.say('行', 'lines')}", 11, "count"))
        columns += [each.column for each in amounts(book, code)]
    columns.append(Column(book.say("核对", "check"), 12))
    return book.sheet(book.say("汇总", "Summary"), columns, heading=2 + bool(book.cities.failed), tab="about")


def fill(book: Book, sheet: Sheet, pack: Pack, cells: Mapping[str, Mapping[str, str]]) -> None:
    """``cells``: the amounts on the sheets of the lists, which the sums are held against."""
    summary, say = pack.summary, book.say
    sheet.title(say("汇总", "Summary"), verdict(summary).get(book.lang))
    if left_out := summary.cities.left_out(_MOST_LEFT_OUT):
        sheet.note(left_out.get(book.lang))
    sheet.heads()
    _districts(book, sheet, summary, cells)
    sheet.row += 1
    judged, asked = number(summary.register.total), number(sum(u.subjects for u in summary.unjudged))
    at_stake = say("，最少至最多涉及 ", "; at stake in them: ") + summary.exposed.money.get(book.lang) if summary.exposed else ""
    notes = [say(f"结论 {judged} 个，其中未能判定 {asked} 个", f"{judged} outcomes, {asked} of them not determined") + at_stake]
    notes += [say("先补：", "ask first for: ") + told for told in [_asked(summary, book)] if told]
    others = [(label(LISTS, code, book.lang), summary.of(code).accused) for code in LISTS if code not in MAIN]
    rest = say("，", ", ").join(f"{name} {number(sums.lines)}" for name, sums in others if sums.lines)
    notes += [say(f"另见附册（项目数）：{rest}", f"In the annex (lines): {rest}")] if rest else []
    notes += [summary.remedy.get(book.lang)] if summary.remedy else []
    notes += [say(f"已议定、豁免的：{told}", f"Decided or waived: {told}") for told in [summary.stands.told().get(book.lang)] if told]
    notes.append(say("一个项目在一份名单上占一行；面积和金额取一条问题的，不重复相加；不知道的不计入合计",
                     "A project is one line of a list; its area and money are those of one finding, never added twice; what is unknown is "
                     "in no sum"))  # fmt: skip
    for note in notes:
        sheet.note(note)
    sheet.finish()


def _asked(summary: Summary, book: Book) -> str:
    """The missing facts that would settle most, and who has them."""
    told = []
    for one in [one for one in summary.ask_first if one.is_first][:_MOST_ASKED]:
        owner = f"{book.say('（', ' (')}{labels(BUREAUS, one.owner, book.lang)}{book.say('）', ')')}" if one.owner else ""
        settled = f"{number(one.settled_yuan)} {book.say('元', 'yuan')}"
        told.append(
            f"{one.label.get(book.lang)}{owner} {book.say(f'可判明 {one.settles} 个，{settled}', f'settles {one.settles}, {settled}')}"
        )
    return book.say("；", "; ").join(told)


def _fields(code: str, book: Book) -> list[str]:
    return [each.sums for each in amounts(book, code)]


def _values(book: Book, sums: Mapping[str, Sums]) -> list[Any]:
    """Lines and amounts of every list, in the order of the columns."""
    values: list[Any] = []
    for code in MAIN:
        one = sums.get(code)
        values += [one.lines if one else None, *(getattr(one, name) if one else None for name in _fields(code, book))]
    return values


def _districts(book: Book, sheet: Sheet, summary: Summary, cells: Mapping[str, Mapping[str, str]]) -> None:
    say, first = book.say, sheet.row
    by_district: dict[str, dict[str, Sums]] = {}
    for code in MAIN:
        for name, sums in summary.of(code).by_place(book.lang):
            by_district.setdefault(name, {})[code] = sums
    for name in sorted(by_district, key=lambda name: not name):  # what is not known stands last
        sheet.line([name or say("区县不明", "not known"), *_values(book, by_district[name]), None])
    total = _values(book, {code: summary.of(code).total for code in MAIN})
    last = sheet.row - 1
    sheet.sums([say("合计", "total"), *("" if value is None else value for value in total), ""], first, last)
    for told, of in (
        (say("其中不予认定", "of which dismissed"), "dismissed"),
        (say("其中豁免（仍列）", "of which waived (kept)"), "waived"),
    ):
        parts: dict[str, Sums] = {code: one for code in MAIN if (one := getattr(summary.of(code), of)).lines}
        if parts:
            sheet.line([told, *_values(book, parts), None])
    _held_against(book, sheet, summary, cells)


def _held_against(book: Book, sheet: Sheet, summary: Summary, cells: Mapping[str, Mapping[str, str]]) -> None:
    """What the sheets of the lists add up to, as formulas over them, and whether that is what is accused."""
    say, row = book.say, sheet.row
    sheet.sheet.write_string(row, 0, say("各名单页合计", "the lists' own sums"), book.formats["total_text"])
    at, tests, agrees = 1, [], True
    for code in MAIN:
        sums = summary.of(code).accused
        lines = summary.of(code).accused_lines
        agrees &= len(lines) == sums.lines
        sheet.sheet.write_number(row, at, len(lines), book.formats["total_count"])
        for name in _fields(code, book):
            at += 1
            known = [value for line in lines if (value := getattr(line, name)) is not None]
            agrees &= sum(known, Decimal(0)) == (getattr(sums, name) or 0)
            if name in cells.get(code, {}):
                sheet.sheet.write_formula(row, at, f"=SUM({cells[code][name]})", book.formats["total"], float(sum(known, Decimal(0))))
                tests.append(f"ROUND({sheet.span(at, row, row).split('!')[1].split(':')[0]},2)={getattr(sums, name) or 0}")
            else:
                sheet.sheet.write_blank(row, at, None, book.formats["total_text"])
        at += 1
    right, wrong = say("相符", "adds up"), say("不符", "does not add up")
    told = right if agrees else wrong
    if tests:
        sheet.sheet.write_formula(row, at, f'=IF(AND({",".join(tests)}),"{right}","{wrong}")', book.formats["total_text"], told)
    else:
        sheet.sheet.write_string(row, at, told, book.formats["total_text"])
    sheet.row += 1
