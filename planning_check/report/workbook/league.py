"""The cities of a province as a sheet: a row a city, the worst first, those that were not checked last, the sums below."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from planning_check.errors import Text
from planning_check.report.console.league import told
from planning_check.report.told.cities import HEAD
from planning_check.report.told.league import FIGURES, SORTS, CityLine, Figure, League
from planning_check.report.told.pack import Pack
from planning_check.report.workbook.alone import alone
from planning_check.report.workbook.book import Book, Column, Sheet

_TITLE = Text("各城市", "League of cities")
_WIDTHS = {"count": 10, "share": 11, "area": 15, "money": 17}


def write_league(book: Book, pack: Pack) -> None:
    """The sheet of a province's run; nothing in that of one delivery."""
    if found := pack.league() if pack.league else None:
        write_sheet(book, found)


def league_book(found: League, lang: str) -> bytes:
    """A workbook of it alone."""
    return alone(_TITLE.get(lang), found.run.digest, found.run.as_of, lang, lambda book: write_sheet(book, found))


def write_sheet(book: Book, found: League) -> None:
    """The cities that were checked, those that were not with the reason, and sums as formulas."""
    say, lang = book.say, book.lang
    columns = [
        Column(HEAD.get(lang), 18),
        *(_column(figure, lang) for figure in FIGURES),
        Column(say("为什么没有检查", "why not checked"), 30),
    ]
    sheet = book.sheet(say("各城市", "Cities"), columns, heading=2, freeze=1, tab="about")
    sheet.title(_TITLE.get(lang), say(
        f"次序：{SORTS[found.sort][0].zh}；没有检查的城市没有数，不在合计内；planning-check province league",
        f"Order: {SORTS[found.sort][0].en}; a city that was not checked has no figures and is in no sum; planning-check province league",
    ))  # fmt: skip
    sheet.heads()
    first = sheet.row
    for line in found.lines:
        sheet.line([line.name.get(lang), *(_value(figure, line, lang) for figure in FIGURES), None])
    last = sheet.row - 1
    for one in found.failed:
        blank = [None] * (len(FIGURES) - 1)
        why = one.why.get(lang) if one.why else "—"
        sheet.line([one.name.get(lang), say("没有检查", "not checked"), *blank, why], ["text", "text", *["text"] * len(FIGURES)])
    _total(sheet, found, lang, first, last)
    sheet.rows = len(found.lines) + len(found.failed)
    sheet.finish()


def _column(figure: Figure, lang: str) -> Column:
    unit = Text(" 元", ", yuan").get(lang) if figure.kind == "money" else ""
    note = figure.note.get(lang) if figure.note else ""
    return Column(figure.head.get(lang) + unit, _WIDTHS[figure.kind], figure.kind, note=note)


def _value(figure: Figure, line: CityLine, lang: str) -> Any:
    """A number as it is, exact; a share as its text; a dash where it is not known."""
    value = figure.of(line)
    if figure.kind == "share" or value is None:
        return told(figure, line, lang)
    return value


def _total(sheet: Sheet, found: League, lang: str, first: int, last: int) -> None:
    """What adds up as a formula with its value, a share as its text."""
    values: list[Any] = []
    for figure in FIGURES:
        value = figure.of(found.total)
        exact = value.quantize(Decimal("0.01"), ROUND_HALF_UP) if isinstance(value, Decimal) else value
        values.append(told(figure, found.total, lang) if figure.kind == "share" or value is None else exact)
    sheet.sums([found.total.name.get(lang), *values, ""], first, last)
