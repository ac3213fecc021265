"""A column whose cells are all as nearly all are written is read off at once: cell by cell, that comes to what the formula comes to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning_check.ingest.blanks import BLANKS
from planning_check.ingest.values import DITTO, LIMITS, Cell, is_as_written_sql, typing_query
from planning_check.schema import TABLES
from planning_check.sql import name
from tests.ingest.conftest import Folder
from tests.ingest.typing_cells import CON, QUICK, script

#: One field of every formula that has a short way.
FIELDS = list({Cell(f).kind: f for t in TABLES for f in t.fields if f.type != "geometry" and is_as_written_sql(Cell(f))}.values())
NASTY = [
    "", " ", "0", "-0", "00", "-1", "+1", "1.", ".5", "1.0", "1.005", "1.0050000000000000000001", "2.675", "1e3", "1E+05", "1_000", "1,000",
    "1 000", "1\u2009000", "１２", "٣", "12㎡", "1.5万", "¥3", "999999999.995", "1000000000", "1000000000.01", "9" * 17, "9" * 40,
    "9999999999999.99", "2009-05-12", "2009-02-30", "2009-13-01", "1979-12-31", "1980-01-01", "2099-12-31", "2100-12-31", "2101-01-01",
    "9999-12-31", "1900-01-01", "2009-5-12", "2009-05-12 ", "2009-05-12T00:00:00Z", "٢٠٠٩-٠٥-١٢", "2009.1", "2009.10", "05/12/2009",
    "200905",
    "二〇〇九年五月", "3-1", "1-Mar", "Mar-1", "3月1日", "=\"0012\"", "'0012", "=A1", "1.23E+15", "建字第12号", "建字第〇号", "无编号", "P01①",
    "P 01", "P\u00a001",
    "P\u200b01", "P－01", "P‐01", "甲\n乙", " 甲", "甲\u3000", "⾦", "金", "金", "\"甲\"", "“”", "见附件", "办理中", "详见附件", "nan", "NULL",
    "true", "—", "/",
    "a\x1fb", "\U000e0101", "x" * 300, "1" + "0" * 300, "Inf", "-inf", "1-2", "10%", "0.305", "305",
    *DITTO, *sorted(BLANKS),
]  # fmt: skip
FACTORS = [("1", "1"), ("10000", "1"), ("2000", "3"), ("1", "10000"), ("NULL", "NULL"), ("CASE source_id WHEN 1 THEN 666 ELSE 1 END", "1")]


def compared(cell: Cell, texts: list[str | None]) -> list[str]:
    """The texts that are taken as written, each of which both ways come to the same."""
    CON.execute("CREATE OR REPLACE TABLE cells (row_id BIGINT, source_id INTEGER, cell VARCHAR)")
    CON.execute("INSERT INTO cells SELECT i, i % 2, ?[i] FROM range(1, ?) r(i)", [texts, len(texts) + 1])
    rows = f"SELECT row_id, source_id, cell AS {name(cell.field.name)} FROM cells"
    written = f"SELECT * FROM ({rows}) WHERE {name(cell.field.name)} IS NULL OR coalesce({is_as_written_sql(cell)}, false)"
    direct = Cell(cell.field, cell.times, cell.over, direct=True)
    quick, slow = (CON.execute(f"{typing_query([c], written)} ORDER BY row_id").fetchall() for c in (direct, cell))
    types = [CON.sql(typing_query([c], written)).types for c in (direct, cell)]
    assert quick == slow and types[0] == types[1]
    return [texts[row[0] - 1] for row in quick if texts[row[0] - 1] is not None]


@pytest.mark.parametrize("field", FIELDS, ids=lambda f: f"{f.type} {f.name}")
def test_nasty_cells_are_read_as_by_the_formula(field):
    for times, over in FACTORS if field.type in LIMITS else FACTORS[:1]:
        taken = compared(Cell(field, times, over), [None, *NASTY, *NASTY])
        assert not {"", " ", " 甲", "甲\u3000", '="0012"', "P\u200b01", "同上"} & set(taken)
        assert not {"12㎡", "2009-02-30"} & set(taken) or field.type in ("text", "code")


#: One of each type; the nasty cells above are tried with every formula.
EVERY_DAY = {f.type: f.name for f in reversed(FIELDS)}.values()
ANY = [f if f.name in EVERY_DAY else pytest.param(f, marks=pytest.mark.long) for f in FIELDS]


@pytest.mark.parametrize("field", ANY, ids=lambda f: f"{f.type} {f.name}")
@QUICK
@given(st.data())
def test_any_cells_are_read_as_by_the_formula(field, data):
    digits = st.from_regex(r"[0-9]{1,20}(\.[0-9]{1,20})?|[0-9]{4}-[0-9]{2}-[0-9]{2}|[A-Za-z]{0,3}[0-9]{1,4}(-[A-Z][0-9])?", fullmatch=True)
    texts = data.draw(st.lists(st.none() | script | digits | st.sampled_from(NASTY), min_size=1, max_size=40))
    compared(Cell(field, *data.draw(st.sampled_from(FACTORS))), texts)


PLAIN = {"area": "12.50", "money": "12.50", "number": "2.5", "integer": "3", "date": "2009-05-12", "code": "建字第1号", "text": "第1花园"}


@pytest.mark.parametrize("field", FIELDS, ids=lambda f: f"{f.type} {f.name}")
def test_what_nearly_all_columns_are_like_goes_the_short_way(field):
    text = PLAIN[field.type]
    assert compared(Cell(field), [text, None]) == [text]


def test_one_odd_cell_sends_its_column_the_long_way(folder: Folder):
    """And is read there as ever, the others beside it too."""
    rows = ["P1,甲,610102,2009-05-12,100", "P2,乙,610102,2009年5月,1万㎡", " P3 ,丙,610102,不详,３００", "P4,丁,610102,,"]
    folder.csv("项目.csv", "\n".join(["项目编号,项目名称,区县,土地出让日期,总建筑面积(㎡)", *rows, ""])).load()
    told = folder.rows(
        "SELECT project_id, land_acquired_on_lo::VARCHAR, land_acquired_on_hi::VARCHAR, plan_total_m2::INTEGER FROM projects ORDER BY 1"
    )
    assert told == [
        ("P1", "2009-05-12", "2009-05-12", 100), ("P2", "2009-05-01", "2009-05-31", 10000),
        ("P3", "0001-01-01", "9999-12-31", 300), ("P4", None, None, None),
    ]  # fmt: skip
    assert [(p["row"], p["code"]) for p in folder.problems() if p["row"]] == [(4, "not_told")]
