"""A workbook in one language: its formats, and sheets set up to be read on a screen and printed on A4."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from planning_check.errors import Text
from planning_check.report.told.cities import NO_CITIES, Cities
from planning_check.report.workbook.measure import leading, lines

#: So many rows of a sheet an office PC opens, sorts and filters at once; the rest is counted on the last line and stands in the tables.
MOST_ROWS = 20_000
_FONT = {"zh": "宋体", "en": "Arial"}
#: How much wider bold letters are; of how many points a title is.
_BOLD, _TITLE = 1.1, 18
_INK, _LINE, _HEAD, _TYPED, _STOOD = "#1F2933", "#9AA5B1", "#E4EAF0", "#FFF8E1", "#ECEEF0"
#: The colours of tabs: what is decided, what stands beside it, and what tells of the workbook itself.
TABS = {"decide": "#C0392B", "beside": "#B7791F", "about": "#52606D"}


@dataclass(frozen=True)
class Column:
    """``width`` in characters of Latin text; ``style``: text, code, area, money, count, share, typed (for people to fill in) or stood
    (what was decided before: grey, not to fill in).

    ``printed`` false: to the right of the paper, for sorting and filtering on the screen and for programs. ``note``: what it is and where
    from, for the sheet that tells of columns; '' where the head says it.
    """

    head: str
    width: float
    style: str = "text"
    printed: bool = True
    note: str = ""


def like_its_text(lang: str) -> dict[str, Any]:
    """An option of the workbook: columns are measured by the font that their text is in, and are as wide on paper in every program."""
    return {"default_format_properties": {"font_name": _FONT[lang], "font_size": 10}}


class Book:
    """The workbook being written."""

    def __init__(self, made: Any, lang: str, title: str, size: int = 10, mark: str = "", cities: Cities = NO_CITIES) -> None:
        """``size``: of its text in points, on the screen; paper is smaller, by what the columns of a sheet need. ``mark``: printed on every
        page, such as which check it is of. ``cities``: of a province's run."""
        self.made, self.lang, self.title, self.size, self.mark, self.cities = made, lang, title, size, mark, cities
        base = {"font_name": _FONT[lang], "font_size": size, "font_color": _INK, "valign": "top"}
        cell = base | {"border": 1, "border_color": _LINE}
        number = cell | {"align": "right", "indent": 1}
        kinds = {
            "plain": base, "title": base | {"font_size": _TITLE, "bold": True, "valign": "vcenter", "text_wrap": True},
            "head2": base | {"font_size": 12, "bold": True},
            "note": base | {"text_wrap": True, "font_color": "#52606D"}, "text": cell | {"text_wrap": True}, "share": number,
            "code": cell | {"num_format": "@"}, "area": number | {"num_format": "#,##0.00"}, "money": number | {"num_format": "#,##0.00"},
            "count": number | {"num_format": "#,##0"}, "typed": cell | {"text_wrap": True, "bg_color": _TYPED, "locked": False},
            "sum": number | {"num_format": "#,##0.00", "bg_color": _TYPED, "locked": False},
            "day": cell | {"num_format": "yyyy-mm-dd", "bg_color": _TYPED, "locked": False},
            "stood": cell | {"text_wrap": True, "bg_color": _STOOD},
            "head": cell | {"bold": True, "bg_color": _HEAD, "text_wrap": True, "valign": "vcenter", "align": "center"},
            "link": cell | {"font_color": "#0B5CAD", "underline": 1},
            "total": number | {"bold": True, "num_format": "#,##0.00", "top": 2},
            "total_count": number | {"bold": True, "num_format": "#,##0", "top": 2},
            "total_text": cell | {"bold": True, "top": 2, "indent": 1},
        }  # fmt: skip
        self.formats = {name: made.add_format(look) for name, look in kinds.items()}
        #: Every sheet that has columns, in order.
        self.sheets: list[Sheet] = []

    def say(self, zh: str, en: str) -> str:
        """The text in the language of the reader."""
        return Text(zh, en).get(self.lang)

    def city(self, width: float = 9, style: str = "text", *, printed: bool = True) -> list[Column]:
        """The column that stands before that of the district: one in a province's workbook, else none."""
        return [Column(head, width, style, printed=printed) for head in self.cities.column(self.lang)]

    def city_of(self, district_code: str | None) -> list[str]:
        """What stands in that column."""
        return self.cities.cell(district_code, self.lang)

    def sheet(self, name: str, columns: Sequence[Column], *, heading: int = 0, freeze: int = 0, tab: str = "") -> Sheet:
        """A sheet of columns; ``heading``: its row of heads, repeated on every page; ``tab``: of :data:`TABS`."""
        sheet = Sheet(self, self.made.add_worksheet(name), columns, heading, freeze)
        if tab:
            sheet.sheet.set_tab_color(TABS[tab])
        self.sheets.append(sheet)
        return sheet


class Sheet:
    """Rows from the top down (they are written as they come, so that a hundred thousand cost no memory)."""

    def __init__(self, book: Book, sheet: Any, columns: Sequence[Column], heading: int, freeze: int) -> None:
        self.book, self.sheet, self.columns, self.row = book, sheet, columns, 0
        self.told, self.rows = "", 0  # its title, and how many rows of a register there are: for the contents
        for number, column in enumerate(columns):
            sheet.set_column(number, number, column.width)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.25, right=0.25, top=0.6, bottom=0.6)
        sheet.repeat_rows(heading)
        sheet.set_footer(book.say("&L&8&F　&A&R&8第 &P 页　共 &N 页", "&L&8&F  &A&R&8Page &P of &N"))
        sheet.set_header(f"&L&8{book.title.replace('&', '&&')[:100]}&R&8{book.mark}")
        sheet.hide_gridlines(2)
        if heading:
            sheet.freeze_panes(heading + 1, freeze)

    def title(self, text: str, note: str = "") -> None:
        """A title and a note under it, over the first columns."""
        self.told = text
        room = self._paper() * 10 / _TITLE / _BOLD
        self.sheet.set_row(self.row, 30 * lines(text, room, _FONT[self.book.lang]))
        self._over(text, "title")
        if note:
            self.note(note)
        else:
            self.row += 1

    def note(self, text: str) -> None:
        """A note over the first columns, as high as it needs."""
        self.sheet.set_row(self.row, self.tall(text, self._paper()))
        self._over(text, "note")

    def _paper(self) -> float:
        """How wide the columns are that are printed."""
        return sum(column.width for column in self.columns if column.printed)

    def _over(self, text: str, style: str) -> None:
        """A text over all columns that are printed."""
        self.sheet.merge_range(self.row, 0, self.row, max(1, sum(c.printed for c in self.columns) - 1), text, self.book.formats[style])
        self.row += 1

    def heads(self, names: Iterable[str] | None = None) -> None:
        """A row of heads, as high as the longest needs; by default those of the columns."""
        names = list(names) if names is not None else [c.head for c in self.columns]
        tall = max((self.tall(name, c.width / _BOLD) for name, c in zip(names, self.columns, strict=False)), default=0)
        self.sheet.set_row(self.row, tall + 4)
        for number, name in enumerate(names):
            self.sheet.write_string(self.row, number, name, self.book.formats["head"])
        self.row += 1

    def line(self, values: Sequence[Any], styles: Sequence[str] | None = None) -> None:
        """One row: text as text (a leading = or - runs nothing), numbers as numbers, None as an empty cell."""
        styles = styles or [c.style for c in self.columns]
        tall = 0.0
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
                    tall = max(tall, self.tall(text, self.columns[number].width if number < len(self.columns) else 10))
        if tall > self.tall("一", 10):  # of one line a row has its height by itself
            self.sheet.set_row(self.row, min(400, tall))
        self.row += 1

    def tall(self, text: str, width: float) -> float:
        """How many points high a row must be for a text that is wrapped in this width, which is one of letters of 10 points."""
        size, font = self.book.size, _FONT[self.book.lang]
        return leading(text) * size * lines(text, width * 10 / size - 0.5, font) + 3

    def finish(self) -> None:
        """What is printed: everything so far, of the columns that are for the paper."""
        self.sheet.print_area(0, 0, max(self.row - 1, 1), sum(c.printed for c in self.columns) - 1)

    def one_page(self) -> None:
        """All of it on one page."""
        self.sheet.fit_to_pages(1, 1)

    def text(self, text: str, style: str = "plain") -> None:
        """A line of text in the first column."""
        self.sheet.write_string(self.row, 0, text, self.book.formats[style])
        self.row += 1

    def link(self, column: int, to: str, text: str) -> None:
        """A link to another sheet of the workbook, in the row that is being written."""
        place = to.replace("'", "''")
        self.sheet.write_url(self.row, column, f"internal:'{place}'!A1", self.book.formats["link"], text)

    def filtered(self, text: str, values: Mapping[int, Decimal | int | None], last: int) -> None:
        """A row above the heads: how many of the rows below the heads, down to ``last``, a filter shows, and the sums of those; the values
        beside are of all. A column whose value is None has no sum."""
        first = self.row + 3
        sums = {number: value for number, value in values.items() if value is not None}
        for number in range(sum(c.printed for c in self.columns)):
            self.sheet.write_blank(self.row, number, None, self.book.formats["total_text"])
        for number, value in sums.items():
            letter = _letter(number)
            how, style = (109, "total") if isinstance(value, Decimal) else (103, "total_count")
            formula = f"=SUBTOTAL({how},{letter}{first}:{letter}{last + 1})" if last + 1 >= first else "=0"
            self.sheet.write_formula(self.row, number, formula, self.book.formats[style], float(value))
        self.sheet.merge_range(self.row, 1, self.row, min([n for n in sums if n > 1], default=4) - 1, text, self.book.formats["total_text"])
        self.row += 1

    def span(self, number: int, first: int, last: int) -> str:
        """The cells of a column from row to row, as a formula on another sheet names them."""
        name = self.sheet.get_name().replace("'", "''")
        return f"'{name}'!{_letter(number)}{first + 1}:{_letter(number)}{last + 1}"

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
