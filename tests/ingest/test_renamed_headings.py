"""Every heading of every sheet of the bundled city renamed, one at a time: the same field, or the column is named as not used."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from itertools import islice
from pathlib import Path

import pytest

from planning_check.ingest.headers import Header
from planning_check.ingest.kinds import kind_of
from planning_check.ingest.layers import read_layers
from planning_check.ingest.readers import read_sheets
from planning_check.ingest.recognise import HEADER_ROWS, recognise
from planning_check.ingest.traditional import simple_forms
from planning_check.schema import BY_NAME

pytestmark = pytest.mark.long
DEMO = Path(__file__).parents[2] / "data" / "demo"

_OLD = {simple: chr(old) for old, simple in simple_forms().items()}
#: How a clerk may write a heading otherwise.
SAME: dict[str, Callable[[str], str]] = {
    "footnote mark": "{}①".format, "star": "*{}".format, "note": "{}（注2）".format, "full width": "　{}　".format, "numbered": "3.{}".format,
    "traditional": lambda heading: "".join(_OLD.get(c, c) for c in heading),
}  # fmt: skip
#: What makes it another thing, or nothing anybody knows.
OTHER = {"planned": "计划{}", "agreed": "{}（约定）", "old": "原{}", "nonsense": "甲乙丙丁", "part": "{}（不含地下）", "estimate": "预计{}"}


class Read:
    """The head of one sheet, or the attributes of one layer, and how it is read as it is."""

    def __init__(self, path: Path, name: str, head: list[list[str]], attributes: str | None):
        self.path, self.name, self.head, self.attributes = path, name, head, attributes
        header = self.header()
        assert header is not None
        self.whole = header

    def header(self, index: int = -1, heading: str = "") -> Header | None:
        """As it is, or with another heading in one column."""
        head = [list(row) for row in self.head]
        if index >= 0:
            head[self.whole.row][index] = heading
        geometry = self.attributes is not None
        return recognise(head, self.name, self.path.stem, geometry=geometry, attributes=self.attributes).header

    def headings(self) -> list[str]:
        return self.head[self.whole.row]


def _read() -> Iterator[Read]:
    for path in sorted(p for p in DEMO.rglob("*") if p.suffix in (".xlsx", ".csv", ".gpkg")):
        if path.suffix == ".gpkg":
            for layer in read_layers(path, kind_of(path)):
                yield Read(path, layer.name, [layer.table.column_names[:-1]], "")
        else:
            for sheet in read_sheets(path, kind_of(path)):
                yield Read(path, sheet.name, list(islice(sheet.rows, HEADER_ROWS)), None)


@cache
def every_sheet() -> tuple[Read, ...]:
    return tuple(_read())


def test_all_sheets_are_there():
    assert {read.whole.table for read in every_sheet()} >= {
        "projects",
        "premises",
        "deposits",
        "offices",
        "communities",
        "parcels",
        "handovers",
    }
    assert sum(len(read.whole.columns) for read in every_sheet()) > 150


@pytest.mark.parametrize("way", SAME)
def test_the_same_heading_in_another_dress_is_the_same_field(way: str):
    for read in every_sheet():
        for column in read.whole.columns.values():
            header = read.header(column.index, SAME[way](read.headings()[column.index]))
            assert header is not None and header.table == read.whole.table, f"{read.path.name} {read.name} {column.header}"
            assert header.columns[column.field].index == column.index, f"{read.path.name} {read.name} {column.header}"
            assert header.columns[column.field].factor == column.factor


@pytest.mark.parametrize("way", OTHER)
def test_another_heading_is_another_field_or_named(way: str):
    for read in every_sheet():
        for column in read.whole.columns.values():
            renamed = OTHER[way].format(read.headings()[column.index])
            header = read.header(column.index, renamed)
            if header is None:
                continue  # the whole sheet is named as one that nobody recognised
            where = f"{read.path.name} {read.name} {renamed}"
            field = {c.index: c.field for c in header.columns.values()}.get(column.index)
            clashing = {c.index for same in header.clashes.values() for c in same}
            named = (
                column.index in clashing
                or column.letter in {u.letter for u in header.unused}
                or renamed in {u.letter for u in header.unused}
            )
            assert named or field is not None, f"{where}: neither read nor named"
            if header.table == read.whole.table and field == column.field:
                spec = BY_NAME[header.table].field(field)
                assert spec.type in ("text", "code", "choice", "choices") and way == "part", f"{where}: still {field}"
