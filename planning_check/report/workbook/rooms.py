"""Idle and closed public rooms, and own offices without title, a sheet each."""

from __future__ import annotations

from planning_check.errors import Text
from planning_check.report.console.rooms import cells, heads, notes
from planning_check.report.told.cities import cities_of
from planning_check.report.told.numbers import number
from planning_check.report.told.pack import Pack
from planning_check.report.told.rooms import IDLE, Kind, Rooms
from planning_check.report.workbook.alone import alone
from planning_check.report.workbook.book import MOST_ROWS, Book, Column

_NAMES = {IDLE.rule_id: Text("闲置设施", "Idle rooms"), "": Text("无产权用房", "Without title")}
#: How wide a column is by the end of its name.
_WIDTHS = {
    "_m2": 12.0,
    "_m": 11.0,
    "_persons": 10.0,
    "_hours": 14.0,
    "_text": 18.0,
    "owner": 18.0,
    "_path": 12.0,
    "_residents": 9.0,
    "_rate": 9.0,
}


def write_rooms(book: Book, pack: Pack) -> None:
    """Both lists, those that hold anything."""
    for found in pack.rooms() if pack.rooms else ():
        if found.rooms or found.open:
            write_sheet(book, found)


def rooms_book(found: Rooms, lang: str) -> bytes:
    """A workbook of one of them alone."""
    return alone(
        found.kind.title.get(lang),
        found.run.digest,
        found.run.as_of,
        lang,
        lambda book: write_sheet(book, found),
        cities_of(found.run.manifest),
    )


def write_sheet(book: Book, found: Rooms) -> None:
    """A line a room by path, and below what is not known."""
    kind, lang = found.kind, book.lang
    named = heads(found, lang)
    city = book.city(10)
    widths = [10.0, 18.0, *(10.0 for _ in city), 10.0, 11.0, 26.0, *(_width(name) for name in kind.facts)]
    styles = ["code", *["text"] * (4 + len(city)), *(_style(kind, name) for name in kind.facts)]
    printed = [True] * (5 + len(city)) + [name not in kind.aside for name in kind.facts]
    columns = [Column(*one) for one in zip(named, widths, styles, printed, strict=True)]
    sheet = book.sheet(_NAMES.get(kind.rule_id, _NAMES[""]).get(lang), columns, heading=2, freeze=2)
    sheet.title(kind.title.get(lang), book.say(f"{number(len(found.rooms))} 处，途径由规则 {kind.rule_id} 拟定，由联席会议确定",
                                               f"{number(len(found.rooms))}; paths are proposed by the rule {kind.rule_id}, the joint "
                                               "meeting settles them"))  # fmt: skip
    sheet.heads()
    for room in found.rooms[:MOST_ROWS]:
        sheet.line(cells(found, room, lang))
    if (rest := len(found.rooms) - MOST_ROWS) > 0:
        sheet.text(book.say(f"另有 {number(rest)} 处：planning-check findings --rule {kind.rule_id} -o",
                            f"{number(rest)} more: planning-check findings --rule {kind.rule_id} -o"))  # fmt: skip
    sheet.row += 1
    for text in notes(found):
        sheet.note(text.get(lang))
    sheet.finish()


def _style(kind: Kind, name: str) -> str:
    if not kind.is_number(name):
        return "text"
    return "count" if name.endswith("_persons") else "area"


def _width(name: str) -> float:
    return next((width for end, width in _WIDTHS.items() if name.endswith(end)), 12.0)
