"""Tables of a web page, which many systems export under the name .xls."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from planning_check.errors import Text
from planning_check.ingest.markup import MOST_BYTES, MOST_CELLS, MOST_COLUMNS, MOST_ROWS, TooLarge, letters
from planning_check.ingest.plain import WHITESPACE, is_blank, without_controls
from planning_check.ingest.sheets import FileProblem, Sheet
from planning_check.ingest.texts import whole

_HIDDEN = re.compile(r"display\s*:\s*none", re.I)
_NUMBER = re.compile(r"[+-]?[\d,]*\.?\d+")
_EXACT = re.compile(r"[+-]?\d+(?:\.\d+)?")
_GAP = re.compile(f"[{re.escape(WHITESPACE)}]+")


def read_html(path: Path) -> Iterator[Sheet]:
    """The tables of the page that hold anything, each a sheet; a table within a cell is one of its own."""
    page = _Page()
    page.feed(letters(whole(path, MOST_BYTES)))
    page.close()
    found = [table for table in [*page.done, *page.open] if any(not is_blank(cell) for row in table.rows for cell in row)]
    if page.open and not page.ended:
        raise FileProblem("unreadable_file", Text("网页在表格中间断了", "the page breaks off in the middle of a table"))
    if not found:
        raise FileProblem("empty_file")
    for number, table in enumerate(found, 1):
        name = table.caption.strip() or (f"{number}" if len(found) > 1 else "")
        yield Sheet(without_controls(name), iter(table.rows), hidden_rows=table.hidden, blocks=table.blocks)


class _Table:
    """One table: its cells laid out, blocks for what spans rows or columns."""

    def __init__(self) -> None:
        self.rows: list[list[str]] = []
        self.blocks: list[tuple[int, int, int, int]] = []
        self.hidden: set[int] = set()
        self.caption = ""
        self._taken: dict[int, int] = {}  # column -> last row that a cell above takes of it
        self._cells = 0

    def begin_row(self, hidden: bool) -> None:
        self.rows.append([])
        if hidden:
            self.hidden.add(len(self.rows))

    def add(self, text: str, across: int, down: int) -> None:
        if not self.rows:
            self.rows.append([])
        row, number = self.rows[-1], len(self.rows)
        while self._taken.get(len(row), 0) >= number:
            row.append("")
        column = len(row)
        self._cells += across
        if self._cells > MOST_CELLS:
            raise TooLarge
        row += [text, *[""] * (across - 1)]
        if across > 1 or down > 1:
            self.blocks.append((number, column, number + down - 1, column + across - 1))
            self._taken |= dict.fromkeys(range(column, column + across), number + down - 1) if down > 1 else {}


class _Page(HTMLParser):
    """Tables as they end; ``open``: those begun, from the outermost."""

    def __init__(self) -> None:
        super().__init__()
        self.done: list[_Table] = []
        self.open: list[_Table] = []
        self.ended = False
        self._cells: list[dict | None] = []
        self._quiet = 0
        self._caption = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag in ("script", "style", "head"):
            self._quiet += tag != "head"
        elif tag == "table":
            self.open.append(_Table())
            self._cells.append(None)
        elif tag == "br" and self.open and self._cells[-1]:
            self._cells[-1]["text"] += " "
        elif self.open and tag in ("tr", "td", "th", "caption"):
            self._end_cell()
            self._caption = tag == "caption"
            if tag == "tr":
                self.open[-1].begin_row(bool(_HIDDEN.search(told.get("style") or "")))
            elif tag != "caption":
                self._cells[-1] = {
                    "text": "", "across": _span(told.get("colspan"), MOST_COLUMNS), "down": _span(told.get("rowspan"), MOST_ROWS),
                    "exact": told.get("x:num"),
                }  # fmt: skip

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self._quiet = max(self._quiet - 1, 0)
        elif tag in ("td", "th", "tr", "table") and self.open:
            self._end_cell()
            if tag == "table":
                self.done.append(self.open.pop())
                self._cells.pop()
        elif tag == "caption":
            self._caption = False
        elif tag == "html":
            self.ended = True

    def handle_data(self, data: str) -> None:
        if self._quiet or not self.open:
            return
        if self._caption:
            self.open[-1].caption += data
        elif cell := self._cells[-1]:
            cell["text"] += data

    def _end_cell(self) -> None:
        cell = self._cells[-1]
        if cell is not None:
            text = without_controls(_GAP.sub(" ", cell["text"]).strip())
            exact = cell["exact"] or ""
            if _EXACT.fullmatch(exact) and _NUMBER.fullmatch(text):
                text = exact  # what is shown is rounded
            self.open[-1].add(text, cell["across"], cell["down"])
            self._cells[-1] = None


def _span(told: str | None, most: int) -> int:
    if told is None or not re.fullmatch(r"\s*\d{1,9}\s*", told):
        return 1
    if int(told) > most:
        raise TooLarge
    return max(int(told), 1)
