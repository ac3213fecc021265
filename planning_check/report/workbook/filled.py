"""The columns that the meeting fills in: heads, and what may stand there."""

from __future__ import annotations

from typing import Any

from planning_check.cases import FIELDS, fields_of
from planning_check.report.workbook.book import Book, Column, Sheet
from planning_check.words import BUREAUS

#: How wide they are.
_WIDTHS = {"conclusion": 8, "responsible": 7, "due_on": 10, "resolution_no": 11, "note": 8, "scope": 7, "amount_yuan": 11, "account": 9,
           "measure": 10, "site": 12, "agreed": 7}  # fmt: skip
#: Not on the paper: the same for a whole meeting, or for a whole list.
_OFF_PAPER = {"resolution_no": ("violations", "deposits", "offices"), "responsible": ("deposits",)}
_STYLES = {"day": "day", "money": "sum"}


def to_fill(book: Book, list_code: str) -> list[Column]:
    """The columns of a list, in their order."""
    note = book.say("由会议填写", "for the meeting")
    fields = ((name, FIELDS[name]) for name in fields_of(list_code))
    return [
        Column(one.label.get(book.lang), _WIDTHS[name], _STYLES.get(one.kind, "typed"), list_code not in _OFF_PAPER.get(name, ()), note)
        for name, one in fields
    ]


def offer(book: Book, sheet: Sheet, first: int, list_code: str) -> None:
    """Drop-downs, and checks of days and sums, in the rows from ``first`` on; what else people type is refused with a word why."""
    last, say = sheet.row - 1, book.say
    if last < first:
        return
    places = {column.head: at for at, column in enumerate(sheet.columns)}
    for name in fields_of(list_code):
        one = FIELDS[name]
        at = places[one.label.get(book.lang)]
        words = {"choice": one.choices.values(), "bureau": (text for code, text in BUREAUS.items() if code != "ordinance")}.get(one.kind)
        rule: dict[str, Any] | None = None
        if words is not None:
            told = [word.get(book.lang) for word in words]
            rule = {"validate": "list", "source": told, "error_title": say("请从列表选择", "Choose from the list"),
                    "error_message": say("可填：", "It may be: ") + say("、", ", ").join(told)}  # fmt: skip
        elif one.kind == "day":
            rule = {"validate": "date", "criteria": ">=", "value": "=DATE(2000,1,1)", "error_title": say("不是日期", "No date"),
                    "error_message": say("写成 2011-06-30；“15个工作日”这样的，记入时会算出日期", "Such as 2011-06-30; of '15 working days' the "
                                         "day is told when it is read back"), "error_type": "warning"}  # fmt: skip
        elif one.kind == "money":
            rule = {"validate": "decimal", "criteria": ">=", "value": 0, "error_title": say("请填金额（元）", "Yuan, please"),
                    "error_message": say("写成 800000 或 800000.00", "Such as 800000 or 800000.00")}  # fmt: skip
        if rule:
            sheet.sheet.data_validation(first, at, last, at, rule)
