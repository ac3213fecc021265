"""A workbook is unpacked once, its merged cells put first, only its odd cells looked at twice: that comes to what the long way comes to."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from planning_check.ingest import workbook_package
from planning_check.ingest.cells import CellTexts
from planning_check.ingest.kinds import KINDS, kind_of
from planning_check.ingest.readers import read_sheets
from planning_check.ingest.sheets import FileProblem
from planning_check.ingest.shown import SheetNotes
from planning_check.ingest.workbook_package import MAIN, Package, merged_first
from planning_check.ingest.workbook_xml import element_notes, is_usual, usual_notes
from tests.ingest.typing_cells import QUICK

ROOT = Path(__file__).parents[2]
OWN = MAIN.strip("{}")
STYLES = {"3": "month", "12": "percent"}


def sheet(rows: str, head: str = f'<worksheet xmlns="{OWN}" xmlns:r="r">', tail: str = "") -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{head}<sheetData>{rows}</sheetData>{tail}</worksheet>'.encode()


def both(part: bytes) -> tuple[SheetNotes, SheetNotes]:
    return usual_notes(part, STYLES), element_notes(io.BytesIO(part), STYLES)


texts = st.text(st.sampled_from("甲A1 &<>\"'=/#"), max_size=6).map(
    lambda text: "".join({"&": "&amp;", "<": "&lt;", ">": "&#62;"}.get(c, c) for c in text)
)
formulas = st.one_of(
    texts.map("<f>{}</f>".format), texts.map('<f t="shared" ref="A1:B2" si="0">{}</f>'.format), st.just('<f t="shared" si="0"/>'),
    st.just("<f></f>"), st.just("<f/>"), texts.map('<f xml:space="preserve">{}</f>\n'.format),
)  # fmt: skip
values = st.one_of(st.just(""), st.just("<v/>"), st.just("<v></v>"), texts.map("<v>{}</v>".format), texts.map("<is><t>{}</t></is>".format))
attributes = st.tuples(
    st.sampled_from(["", ' s="3"', ' s="12"', ' s="1"', ' s="33"']),
    st.sampled_from(["", *(f' t="{kind}"' for kind in ("s", "n", "b", "e", "str", "inlineStr", "d"))]),
    st.sampled_from(["", ' cm="1"']),
).flatmap(st.permutations)
content = st.one_of(st.none(), st.tuples(st.just("") | formulas, values).map("".join))
hidden = st.sampled_from(["", ' hidden="1"', ' hidden="true"', ' hidden="0"', ' spans="1:3" hidden="1" ht="3"'])


@st.composite
def sheets(draw) -> bytes:
    rows = []
    for number in range(1, draw(st.integers(1, 4)) + 1):
        cells = []
        for letter in draw(st.lists(st.sampled_from(["A", "B", "Z", "AA", "XFD"]), unique=True, max_size=5)):
            told, inside = "".join(draw(attributes)), draw(content)
            begin = draw(st.sampled_from([f'<c r="{letter}{number}"{told}', f'<c{told} r="{letter}{number}"']))
            cells.append(f"{begin}/>" if inside is None else f"{begin}>{inside}</c>")
        rows.append(f'<row r="{number}"{draw(hidden)}>{draw(st.sampled_from(["", " "])).join(cells)}</row>')
    return sheet("".join(rows))


@QUICK
@given(sheets())
def test_odd_cells_that_are_taken_out_are_those_of_the_whole_xml(part):
    quick, slow = both(part)
    assert not is_usual(part) or (quick == slow and quick.rows == slow.rows)


def test_each_kind_of_odd_cell_is_taken_out():
    part = sheet(
        '<row r="1"><c r="A1" s="3"><v>39934</v></c><c r="B1" s="1"><v>1</v></c><c r="C1" s="3"/><c r="D1" t="s" s="3"><v>0</v></c></row>'
        '<row r="2" hidden="1"><c r="A2"><f>B1&amp;"x"</f></c><c r="B2"><f>1+1</f><v>2</v></c>'
        '<c r="C2" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>'
        '<row r="3"><c r="AA3" s="12"><f>B2</f><v>0.5</v></c><c r="AB3" t="str"><f>A1</f><v></v></c></row>'
    )
    assert is_usual(part)
    for notes in both(part):
        assert notes.shown == {(1, 0): "month", (3, 26): "percent"} and notes.hidden_rows == {2}
        assert notes.formulas == {(2, 0): '=B1&"x"'} and notes.errors == {(2, 2): "#DIV/0!"}


ODD = {
    "other quotes": ("""<row r="1"><c r='A1' s='3'><v>1</v></c></row>""", {}),
    "a gap": ('<row r="1"><c r="A1" s = "3"><v>1</v></c></row>', {}),
    "a comment": ('<row r="1"><c r="A1" s="3"><!--</c>--><v>1</v></c></row>', {}),
    "a formula behind its value": ('<row r="1"><c r="A1" s="3"><v>1</v><f>2</f></c></row>', {}),
    "a prefix": (
        '<x:row r="1"><x:c r="A1" s="3"><x:v>1</x:v></x:c></x:row>',
        {"head": f'<worksheet xmlns="{OWN}" xmlns:x="{OWN}">'},
    ),
    "another name for the space": ('<row r="1"><c r="A1" s="3"><v>1</v></c></row>', {"head": f'<worksheet xmlns:x="{OWN}" xmlns="x">'}),
}


@pytest.mark.parametrize("rows", ODD.values(), ids=ODD.keys())
def test_a_sheet_that_is_not_written_as_usual_goes_the_long_way(rows):
    assert not is_usual(sheet(rows[0], **rows[1]))


def test_so_does_one_in_another_encoding():
    part = sheet('<row r="1"><c r="A1" t="inlineStr"><is><t>甲</t></is></c></row>')
    assert is_usual(part) and not is_usual(part.replace(b'"UTF-8"', b'"GB18030"'))


MERGED = '<mergeCells count="1"><mergeCell ref="A1:A2"/></mergeCells>'


def test_merged_cells_are_put_before_the_rows():
    rows, none = "<row r='1'/>", "<mergeCells></mergeCells>"
    assert b"".join(merged_first(sheet(rows, tail=f"<a/>{MERGED}<b/>"))) == sheet(rows, tail="<a/><b/>").replace(
        b"<sheetData>", f"{MERGED}<sheetData>".encode()
    )
    assert b"".join(merged_first(sheet(rows))) == sheet(rows).replace(b"<sheetData>", f"{none}<sheetData>".encode())


@pytest.mark.parametrize(
    "part",
    [
        sheet("", tail=f"<!--{MERGED}-->"), sheet("", tail="<mergeCells/>"), sheet("", tail=MERGED.replace("mergeCells", "x:mergeCells")),
        sheet("", head=f'<worksheet xmlns="{OWN}"><!-- -->'), sheet("", head=f'<worksheet xmlns="{OWN}">{MERGED}'),
        sheet("")[:-30], sheet("").decode().encode("utf-16"), b"<sst/>", b"",
    ],
)  # fmt: skip
def test_what_is_no_usual_sheet_stays_as_it_is(part):
    assert merged_first(part) == [part]


def told(path: Path) -> list[tuple] | str:
    """All that is read of a workbook."""
    found: list[tuple] = []
    try:
        for one in read_sheets(path, kind_of(path), meetings=True):
            rows = list(one.rows)
            found.append((one.name, rows, one.hidden, set(one.hidden_rows), one.blocks, one.marks))
    except FileProblem as problem:
        return f"{problem.code} {problem.detail.en} {found}"
    return found


def made(path: Path) -> None:
    """As the two usual programs write one: texts in a list of their own or in their cells, days, months, errors, blocks, truth values."""
    with xlsxwriter.Workbook(path / "a.xlsx") as book:
        one, month = book.add_worksheet("甲"), book.add_format({"num_format": 'yyyy"年"m"月"'})
        one.merge_range("A2:A3", "合并")
        one.write_row(0, 1, ["乙", 1, True, 0.1 + 0.2, 2009.1, 1e16, -0.0, 1e-7])
        one.write_datetime(3, 1, dt.datetime(2009, 5, 1), month)
        one.write_datetime(3, 2, dt.datetime(2009, 5, 1, 12, 30), book.add_format({"num_format": "yyyy-mm-dd hh:mm"}))
        one.write_formula(4, 1, "=1/0", None, "#DIV/0!")
        one.write_formula(4, 2, "=1+1", None, "")
        one.set_row(4, None, None, {"hidden": True})
        book.add_worksheet("空").hide()
    book = openpyxl.Workbook()
    for row in (["项目", 1, False, None, 2.5], [dt.date(2009, 5, 1), "x\ny", "=A1"]):
        book.active.append(row)
    book.active.merge_cells("A4:B5")
    book.save(path / "b.xlsx")


def test_a_package_that_is_held_is_read_as_the_file_is(tmp_path, monkeypatch):
    made(tmp_path)
    paths = [*tmp_path.glob("*.xlsx"), *sorted(p for p in (ROOT / "tests").rglob("*.xlsx") if p.is_file())]
    paths = [path for path in paths if kind_of_or_none(path) == "xlsx"]
    held = {path: told(path) for path in paths}
    assert sum(Package(path).held is not None for path in paths) > 2
    monkeypatch.setattr(workbook_package, "MOST_BYTES", 0)
    assert all(Package(path).held is None for path in paths)
    assert {path: told(path) for path in paths} == held
    (name, rows, _, rows_hidden, blocks, marks), *_ = held[tmp_path / "a.xlsx"]
    assert (name, rows_hidden, blocks) == ("甲", {5}, [(2, 0, 3, 0)])
    assert rows[0][1:] == ["乙", "1", "TRUE", "0.3", "2009.1", "10000000000000000", "0", "0.0000001"]
    assert rows[3][1:3] == ["2009-05", "2009-05-01 12:30:00"] and rows[4][1] == "#DIV/0!"
    assert sorted((m.row, m.column, m.code) for m in marks) == [
        (1, 5, "ambiguous_month"), (1, 6, "code_lost_digits"), (5, 1, "error_value"), (5, 2, "formula_without_value"),
    ]  # fmt: skip


def kind_of_or_none(path: Path) -> str:
    try:
        return kind_of(path).name
    except FileProblem:
        return ""


def test_a_package_with_two_parts_of_one_name_or_damaged_is_not_held(tmp_path):
    made(tmp_path)
    data = (tmp_path / "b.xlsx").read_bytes()
    with zipfile.ZipFile(tmp_path / "b.xlsx", "a") as package, pytest.warns(UserWarning):
        package.writestr("xl/workbook.xml", "")
    assert Package(tmp_path / "b.xlsx").held is None
    (tmp_path / "b.xlsx").write_bytes(data[: len(data) // 2])
    assert Package(tmp_path / "b.xlsx").held is None
    with pytest.raises(FileProblem):
        list(read_sheets(tmp_path / "b.xlsx", KINDS["xlsx"]))


def test_a_text_of_a_value_is_never_that_of_another():
    texts = CellTexts()
    assert [texts[value] for value in (-0.0, 0.0, 1.0, 1, 2.5, dt.date(2009, 5, 1), dt.datetime(2009, 5, 1))] == [
        "0", "0", "1", "1", "2.5", "2009-05-01", "2009-05-01",
    ]  # fmt: skip
    assert not texts.doubtful and texts[2009.1] == "2009.1" and texts.doubtful
    texts.doubtful = False
    assert texts[2009.1] == "2009.1" and texts.doubtful, "each time it comes"


def test_few_texts_are_kept(monkeypatch):
    monkeypatch.setattr("planning_check.ingest.cells._MOST_TEXTS", 10)
    texts = CellTexts()
    assert [texts[float(n)] for n in range(100)] == [str(n) for n in range(100)] and len(texts) <= 10
