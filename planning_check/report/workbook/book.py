"""A workbook in one language: its formats, and sheets set up to be read on a screen and printed on A4."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from planning_check.errors import Text
from planning_check.report.console.layout import display_width

#: So many rows of a sheet an office PC opens, sorts and filters at once; the rest is counted on the last line and stands in the tables.
MOST_ROWS = 20_000
_FONT = {"zh": "宋体", "en": "Arial"}
_INK, _LINE, _HEAD, _TYPED, _STOOD = "#1F2933", "#9AA5B1", "#E4EAF0", "#FFF8E1", "#ECEEF0"


@dataclass(frozen=True)
class Column:
    """``width`` in characters of Latin text; ``style``: text, code, area, money, count, share, typed (for people to fill in) or stood
    (what was decided before: grey, not to fill in).

    ``printed`` false: to the right of the paper, for sorting and filtering on the screen and for programs.
    """

    head: str
    width: float
    style: str = "text"
    printed: bool = True


class Book:
    """The workbook being written."""

    def __init__(self, made: Any, lang: str, title: str) -> None:
        self.made, self.lang, self.title = made, lang, title
        base = {"font_name": _FONT[lang], "font_size": 10, "font_color": _INK, "valign": "top"}
        cell = base | {"border": 1, "border_color": _LINE}
        number = cell | {"align": "right", "indent": 1}
        kinds = {
            "plain": base, "title": base | {"font_size": 18, "bold": True, "valign": "vcenter"},
            "head2": base | {"font_size": 12, "bold": True},
            "note": base | {"text_wrap": True, "font_color": "#52606D"}, "text": cell | {"text_wrap": True}, "share": number,
            "code": cell | {"num_format": "@"}, "area": number | {"num_format": "#,##0.00"}, "money": number | {"num_format": "#,##0.00"},
            "count": number | {"num_format": "#,##0"}, "typed": cell | {"text_wrap": True, "bg_color": _TYPED, "locked": False},
            "sum": number | {"num_format": "#,##0.00", "bg_color": _TYPED, "locked": False},
            "day": cell | {"num_format": "yyyy-mm-dd", "bg_color": _TYPED, "locked": False},
            "stood": cell | {"text_wrap": True, "bg_color": _STOOD},
            "head": cell | {"bold": True, "bg_color": _HEAD, "text_wrap": True, "valign": "vcenter", "align": "center"},
            "total": number | {"bold": True, "num_format": "#,##0.00", "top": 2},
            "total_count": number | {"bold": True, "num_format": "#,##0", "top": 2},
            "total_text": cell | {"bold": True, "top": 2, "indent": 1},
        }  # fmt: skip
        self.formats = {name: made.add_format(look) for name, look in kinds.items()}

    def say(self, zh: str, en: str) -> str:
        """The text in the language of the reader."""
        return Text(zh, en).get(self.lang)

    def sheet(self, name: str, columns: Sequence[Column], *, heading: int = 0, freeze: int = 0) -> Sheet:
        """A sheet of columns; ``heading``: its row of heads, repeated on every page."""
        return Sheet(self, self.made.add_worksheet(name), columns, heading, freeze)


class Sheet:
    """Rows from the top down (they are written as they come, so that a hundred thousand cost no memory)."""

    def __init__(self, book: Book, sheet: Any, columns: Sequence[Column], heading: int, freeze: int) -> None:
        self.book, self.sheet, self.columns, self.row = book, sheet, columns, 0
        for number, column in enumerate(columns):
            sheet.set_column(number, number, column.width)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
        sheet.repeat_rows(heading)
        sheet.set_footer(book.say("&L&8&F　&A&R&8第 &P 页　共 &N 页", "&L&8&F  &A&R&8Page &P of &N"))
        sheet.set_header(f"&L&8{book.title.replace('&', '&&')[:100]}")
        sheet.hide_gridlines(2)
        if heading:
            sheet.freeze_panes(heading + 1, freeze)

    def title(self, text: str, note: str = "") -> None:
        """A title and a note under it, over the first columns."""
        self.sheet.set_row(self.row, 30)
        self.sheet.write_string(self.row, 0, text, self.book.formats["title"])
        self.row += 1
        if note:
            self.note(note)
        else:
            self.row += 1

    def note(self, text: str) -> None:
        """A note over the first columns, as high as it needs."""
        width = int(sum(c.width for c in self.columns if c.printed))
        self.sheet.set_row(self.row, 15 * max(1, -(-display_width(text) // width)) + 3)
        self.sheet.merge_range(self.row, 0, self.row, max(1, sum(c.printed for c in self.columns) - 1), text, self.book.formats["note"])
        self.row += 1

    def heads(self, names: Iterable[str] | None = None) -> None:
        """A row of heads, as high as the longest needs; by default those of the columns."""
        names = list(names) if names is not None else [c.head for c in self.columns]
        lines = max([-(-display_width(name) // max(1, int(c.width) - 1)) for name, c in zip(names, self.columns, strict=False)], default=1)
        self.sheet.set_row(self.row, 16 * max(1, lines) + 4)
        for number, name in enumerate(names):
            self.sheet.write_string(self.row, number, name, self.book.formats["head"])
        self.row += 1

    def line(self, values: Sequence[Any], styles: Sequence[str] | None = None) -> None:
        """One row: text as text (a leading = or - runs nothing), numbers as numbers, None as an empty cell."""
        styles = styles or [c.style for c in self.columns]
        tall = 1
        for number, (value, style) in enumerate(zip(values, styles, strict=False)):
            look = self.book.formats[style]
            if value is None or value == "":
                self.sheet.write_blank(self.row, number, None, look)
            elif isinstance(value, int | float | Decimal) and style not in ("text", "code", "share"):
                self.sheet.write_number(self.row, number, value, look)
            else:
                text = str(value)[:32_000]
                self.sheet.write_string(self.row, number, text, look)
                if style in ("text", "stood"):
                    width = max(1, self.columns[number].width - 1) if number < len(self.columns) else 10
                    tall = max(tall, sum(max(1, -(-display_width(part) // int(width))) for part in text.split("\n")))
        if tall > 1:
            self.sheet.set_row(self.row, min(400, 14.5 * tall + 3))
        self.row += 1

    def finish(self) -> None:
        """What is printed: everything so far, of the columns that are for the paper."""
        self.sheet.print_area(0, 0, max(self.row - 1, 1), sum(c.printed for c in self.columns) - 1)

    def text(self, text: str, style: str = "plain") -> None:
        """A line of text in the first column."""
        self.sheet.write_string(self.row, 0, text, self.book.formats[style])
        self.row += 1

    def sums(self, values: Sequence[Any], first: int, last: int) -> None:
        """A row of totals: a text as it is, a number as the SUM of the rows ``first`` to ``last`` with its value beside it."""
        for number, value in enumerate(values):
            if isinstance(value, int | Decimal):
                letter = _letter(number)
                style = "total" if isinstance(value, Decimal) else "total_count"
                formula = f"=SUM({letter}{first + 1}:{letter}{last + 1})" if last >= first else "=0"
                self.sheet.write_formula(self.row, number, formula, self.book.formats[style], float(value))
            else:
                self.sheet.write_string(self.row, number, value or "", self.book.formats["total_text"])
        self.row += 1


def _letter(number: int) -> str:
    from xlsxwriter.utility import xl_col_to_name

    return xl_col_to_name(number)
