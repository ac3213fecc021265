"""What a reader hands on: sheets of cell texts, marks on cells, and the problem of a file that cannot be read. Data only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from planning_check.errors import Text


class FileProblem(Exception):
    """A file that cannot be read; ``code`` is a key of the problem catalogue, ``detail`` says what happened."""

    def __init__(self, code: str, detail: Text | None = None):
        self.code, self.detail = code, detail or Text("", "")
        super().__init__(code)


@dataclass
class Mark:
    """Something about one cell that its text does not say (``column`` None: about the whole row)."""

    row: int
    column: int | None
    code: str


@dataclass
class Sheet:
    """One sheet or CSV file: ``rows`` yields the cell texts of each row, the first one being row ``first_row``.

    ``marks`` grows while the rows are read. ``blocks``: merged cells, as first row, first column, last row, last column; the value
    of one column over several rows is already in each of them. ``notes``: problems of the whole sheet, by code and detail.
    """

    name: str
    rows: Iterator[list[str]]
    first_row: int = 1
    encoding: str | None = None
    delimited: bool = False
    marks: list[Mark] = field(default_factory=list)
    hidden: bool = False
    hidden_rows: frozenset[int] | set[int] = frozenset()
    blocks: list[tuple[int, int, int, int]] = field(default_factory=list)
    notes: list[tuple[str, Text]] = field(default_factory=list)
