"""What waiting costs, as a sheet for the auditors: the rent of each office and of each year."""

from __future__ import annotations

from typing import Any

from planning_check.report.console.rents import notes, tenure_text
from planning_check.report.told.cities import beside
from planning_check.report.told.numbers import number
from planning_check.report.told.pack import Pack
from planning_check.report.told.rents import Rent, Rents
from planning_check.report.workbook.book import MOST_ROWS, Book, Column, Sheet
from planning_check.words import UNKNOWN


def write_rents(book: Book, pack: Pack) -> None:
    """The offices, the dearest first, and below the total its years; nothing where no office is rented and of none it is unknown."""
    found = pack.rents() if pack.rents else None
    if found is None or not (found.offices or found.undetermined):
        return
    say = book.say
    columns = [
        Column(say("编号", "id"), 12, "code"), Column(say("名称", "name"), 18), Column(say("年租金 元", "rent a year"), 14, "money"),
        Column(say("已付租金 最低", "paid, lowest"), 16, "money"), Column(say("已付租金 最高", "paid, highest"), 16, "money"),
        Column(say("使用起始", "since"), 12), Column(say("性质", "tenure"), 12), *book.city(11), Column(say("区县", "district"), 11),
        Column(say("面积 ㎡", "area, m2"), 11, "area"), Column(say("拟定途径", "path proposed"), 22),
        Column(say("回收年数", "years to pay back"), 10, "share"),
    ]  # fmt: skip
    sheet = book.sheet(say("等待的代价", "Cost of waiting"), columns, heading=2, freeze=1)
    sheet.title(say("等待的代价：已付租金", "The cost of waiting: rent paid"),
                say(f"没有解决的租借用房从使用起始到 {found.run.as_of} 付的租金（元），planning-check rents",
                    f"What offices without a solution paid from their first day to {found.run.as_of}, yuan; planning-check "
                    "rents"))  # fmt: skip
    sheet.heads()
    _offices(book, sheet, found)
    sheet.row += 1
    for text in notes(found):
        sheet.text(text.get(book.lang))
    sheet.finish()


def _offices(book: Book, sheet: Sheet, found: Rents) -> None:
    first, shown, say = sheet.row, found.offices[:MOST_ROWS], book.say
    for one in shown:
        sheet.line(_row(one, book.lang))
    last = sheet.row - 1
    if len(found.offices) > len(shown):
        rest = number(len(found.offices) - len(shown))
        sheet.text(say(f"另有 {rest} 处，在合计内：planning-check rents -o", f"{rest} more, in the total: planning-check rents -o"))
    if len(shown) == len(found.offices):
        sheet.sums(
            [say("已知合计", "known in all"), "", "", found.paid.least, found.paid.most, *[""] * (len(sheet.columns) - 5)], first, last
        )
    else:
        sheet.line([say("已知合计", "known in all"), None, None, found.paid.least, found.paid.most])
    for year, span in found.by_year.items():
        sheet.line([None, say(f"其中 {year} 年", f"of it in {year}"), None, span.least, span.most, *[None] * (len(sheet.columns) - 5)])


def _row(one: Rent, lang: str) -> list[Any]:
    unknown = UNKNOWN.get(lang)
    least, most = (one.paid.least, one.paid.most) if one.paid else (unknown, unknown)
    return [
        one.key, one.name, unknown if one.per_year is None else one.per_year, least, most, one.since or unknown, tenure_text(one, lang),
        *beside(one.city, lang), one.district, unknown if one.area_m2 is None else one.area_m2, one.path_label.get(lang) or unknown,
        unknown if one.payback is None else number(one.payback),
    ]  # fmt: skip
