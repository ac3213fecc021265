"""A template reads back without a mapping; what nobody filled in is not delivered, and none is said, never guessed."""

import csv
import datetime as dt
import shutil
import subprocess

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planning_check import template
from planning_check.ingest.templated import as_form
from planning_check.schema import TABLES
from tests.templates import blank, fill

#: A value of every type, as it is typed, and what it is then.
TYPED = {
    "text": "东岸区", "code": "0012", "integer": 3, "number": 2.5, "area": 1200.5, "money": 36000, "date": dt.datetime(2010, 5, 31),
    "bool": {"zh": "是", "en": "yes"},
}  # fmt: skip
SQL = {
    "text": "东岸区",
    "code": "0012",
    "integer": 3,
    "number": 2.5,
    "area": 1200.5,
    "money": 36000,
    "date": dt.date(2010, 5, 31),
    "bool": True,
}


def typed(field, lang):
    if field.name == "use_rate":
        return 0.5
    if field.choices:
        return field.choices[0].label.get(lang)
    return TYPED[field.type][lang] if field.type == "bool" else TYPED[field.type]


def meant(field):
    if field.choices:
        return [field.choices[0].code] if field.type == "choices" else field.choices[0].code
    return 0.5 if field.name == "use_rate" else SQL[field.type]


def filled(path, lang, tables):
    blank(path, lang, *(t.name for t in tables))
    rows = {t.name: [{f.name: typed(f, lang) for f in template.fields(t)}] for t in tables}
    return fill(path, lang, rows)


def read(folder, table):
    names = [f.columns[0] for f in template.fields(table)]
    return dict(
        zip(
            [f.name for f in template.fields(table)],
            folder.one(f"SELECT {', '.join(names)} FROM {table.name} ORDER BY {names[0]} LIMIT 1"),
            strict=True,
        )
    )


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_column_of_a_filled_template_is_its_field(folder, lang):
    filled(folder.path / "填报.xlsx", lang, template.tables())
    folder.load()
    of_it = "FROM source LEFT JOIN source_column USING (source_id) WHERE file = '填报.xlsx' GROUP BY ALL"
    found = {name: rest for name, *rest in folder.rows(f"SELECT table_name, rows_read, rows_used, list(field) {of_it}")}
    assert set(found) == {table.name for table in template.tables()}
    for table in template.tables():
        read_, used, columns = found[table.name]
        assert (table.name, read_, used) == (table.name, 1, 1), folder.problems()
        assert set(columns) == {f.name for f in template.fields(table)} | ({"geometry"} if template.places(table) else set())
        assert read(folder, table) == {f.name: meant(f) for f in template.fields(table)}


def totals(folder):
    """Rows read, used and set aside of what is tried; beside it there is another table, for a delivery of nothing at all is refused."""
    return folder.rows("SELECT rows_read, rows_used, rows_quarantined FROM source WHERE table_name <> 'districts'")


@pytest.fixture
def folder(folder):
    return folder.csv("区县.csv", "区县代码,区县名称\n0012,东岸区\n")


PAYMENTS = next(t for t in TABLES if t.name == "payments")
ROW = {"payment_id": "ZJ1", "project_id": "0012", "amount_yuan": 36000, "received_on": "2010年5月"}


ENDINGS = ("xlsx", "ods", "xls", "csv")


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """A folder with a folder of each ending, in it what LibreOffice made of a template in each language: it starts once an ending."""
    if shutil.which("soffice") is None:
        pytest.skip("LibreOffice is not installed")
    top = tmp_path_factory.mktemp("saved")
    paths = []
    for lang, tenure in (("zh", "租用"), ("en", "rented")):
        sheets = {"payments": [ROW], "offices": [{"office_id": "BG1", "community_code": "07", "tenure": tenure}]}
        blank(top / f"{lang}.xlsx", lang, *sheets, "demands", "deposits")
        paths.append(fill(top / f"{lang}.xlsx", lang, sheets, none=["deposits"]))
    for ending in ENDINGS:
        to = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1" if ending == "csv" else ending
        office = f"-env:UserInstallation=file://{top / 'office'}"
        command = ["soffice", office, "--headless", "--convert-to", to, "--outdir", top / ending, *paths]
        subprocess.run(command, check=True, capture_output=True)
    return top


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_reads_back_as_other_programs_save_it(folder, saved, lang, ending):
    made = [path for path in (saved / ending).iterdir() if path.name.startswith(lang)]
    for path in made:
        shutil.copy(path, folder.path)
    folder.load()
    found = folder.rows("SELECT table_name, rows_read, rows_used FROM source WHERE table_name <> 'districts' ORDER BY 1")
    assert found == [("deposits", 0, 0), ("offices", 1, 1), ("payments", 1, 1)]
    wanted = ("ZJ1", "0012", 36000, dt.date(2010, 5, 1), dt.date(2010, 5, 31))
    assert folder.one("SELECT payment_id, project_id, amount_yuan, received_on_lo, received_on_hi FROM payments") == wanted
    assert sorted(p["code"] for p in folder.problems("template%")) == ["template_guide", "template_guide", "template_untouched"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_sheet_that_nobody_filled_in_is_not_delivered_and_one_that_says_none_is(folder, lang):
    fill(blank(folder.path / "t.xlsx", lang, "payments", "demands", "deposits"), lang, {"deposits": []}, none=["payments"])
    folder.load()
    assert folder.rows("SELECT DISTINCT table_name FROM delivered ORDER BY 1") == [("districts",), ("payments",)]
    labels = [t.label.get(lang) for t in TABLES if t.name in ("demands", "deposits")]
    assert sorted(p["sheet"] for p in folder.problems("template_untouched")) == sorted(labels)
    assert [p["table_name"] for p in folder.problems("empty_register")] == ["payments"]


@pytest.mark.parametrize(
    ("answer", "code"),
    [("是", "empty_register"), ("√", "empty_register"), ("YES", "empty_register"), ("无", "template_untouched"), ("有", "template_untouched"),
     ("否", "template_untouched"), ("没有", "template_untouched"), ("？", "template_untouched"), ("", "template_untouched")],
)  # fmt: skip
def test_none_is_said_in_one_word_only(folder, answer, code):
    path = blank(folder.path / "t.xlsx", "zh", "payments")
    book = openpyxl.load_workbook(path)
    book["折资"]["B2"] = answer
    book.save(path)
    (found,) = [p for p in folder.load().problems() if p["code"] != "template_guide"]
    assert found["code"] == code
    assert (answer in found["what_zh"]) or code == "empty_register" or not answer


def test_records_below_an_answer_that_there_are_none_are_used_and_it_is_told(folder):
    fill(blank(folder.path / "t.xlsx", "zh", "payments"), "zh", {"payments": [ROW]}, none=["payments"])
    folder.load()
    assert totals(folder) == [(1, 1, 0)]
    assert folder.problems("none_but_rows")[0]["what_zh"] == "写着“确无记录”（是），下面却有记录；按有记录采用"


HEADS = [template.heading(f).zh for f in template.fields(PAYMENTS)]
EXAMPLES = [template.example(f).zh for f in template.fields(PAYMENTS)]


def save(folder, *rows):
    with (folder.path / "折资.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return folder.load()


def test_an_example_without_its_title_is_no_register_either(folder):
    save(folder, HEADS, EXAMPLES)
    assert totals(folder) == []
    assert [p["code"] for p in folder.problems()] == ["template_untouched"]


def test_headings_alone_say_that_there_are_none_and_it_is_told(folder):
    save(folder, HEADS)
    assert totals(folder) == [(0, 0, 0)]
    assert [(p["code"], p["table_name"]) for p in folder.problems()] == [("empty_register", "payments")]


@pytest.mark.parametrize("row", ["合计,,0", "填报人：张某,,", "注：本年没有折资,,"])
def test_nothing_but_notes_says_that_there_are_none_and_it_is_told(folder, row):
    folder.csv("折资.csv", f"缴款编号,项目编号,折资金额\n{row}\n").load()
    assert totals(folder) == [(1, 0, 1)]
    assert [p["code"] for p in folder.problems("empty%")] == ["empty_register"]


def test_a_row_that_was_set_aside_is_not_none(folder):
    folder.csv("折资.csv", "缴款编号,项目编号,折资金额\n,P1,5\n").load()
    assert totals(folder) == [(1, 0, 1)] and folder.problems("empty%") == []


def test_the_mark_of_a_guide_hides_no_records(folder):
    folder.csv("折资.csv", f"{template.GUIDE_MARK.zh},,\n缴款编号,项目编号,折资金额\nZ1,P1,5\n").load()
    assert totals(folder) == [(1, 1, 0)] and folder.problems() == []


@pytest.mark.parametrize(("answer", "found"), [("", [("template_untouched", None)]), ("是", [("empty_register", "payments")])])
def test_a_template_read_by_a_mapping_is_one_too(folder, answer, found):
    path = blank(folder.path / "t.xlsx", "zh", "payments")
    book = openpyxl.load_workbook(path)
    book["折资"]["B2"] = answer or None
    book.save(path)
    told = "version: 1\nsheets:\n- file: t.xlsx\n  sheet: 折资\n  table: payments\n  columns:\n"
    told += "".join(f"  - {{heading: '{template.heading(f).zh}', field: {f.name}}}\n" for f in template.fields(PAYMENTS))
    folder.mapped(told).load()
    assert [(p["code"], p["table_name"]) for p in folder.problems() if p["code"] != "template_guide"] == found


def test_a_layer_without_records_says_so_too(folder):
    import geopandas
    from shapely import Polygon

    empty = geopandas.GeoDataFrame({"宗地编号": [], "项目编号": []}, geometry=[], crs="EPSG:4545")
    empty.to_file(folder.path / "宗地.gpkg", layer="宗地", geometry_type="Polygon")
    folder.load()
    assert [p["code"] for p in folder.problems("empty_register")] == ["empty_register"]
    assert not Polygon()


def test_an_example_that_was_moved_below_the_records_is_a_note(folder):
    row = ["ZJ1", "P1", "36000", *[""] * (len(HEADS) - 3)]
    save(folder, HEADS, row, EXAMPLES)
    assert totals(folder) == [(2, 1, 1)]
    assert [p["code"] for p in folder.problems()] == ["total_row"]


@given(st.sets(st.integers(0, len(HEADS) - 1), min_size=1, max_size=len(HEADS) - 1))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_an_example_of_which_a_part_was_overwritten_is_never_a_record(tmp_path_factory, places):
    from tests.ingest.conftest import Folder

    folder = Folder(tmp_path_factory.mktemp("delivery")).csv("区县.csv", "区县代码,区县名称\n0012,东岸区\n")
    typed_over = ["ZJ9", "P9", "36000", *["1"] * (len(HEADS) - 3)]
    save(folder, HEADS, [typed_over[i] if i in places else EXAMPLES[i] for i in range(len(HEADS))])
    assert totals(folder) == [(1, 0, 1)]
    assert [p["code"] for p in folder.problems()] == ["example_row"]
    assert folder.one("SELECT count(*) FROM payments") == (0,)


def test_words_that_only_begin_like_an_example_are_words(folder):
    folder.csv("开发项目.csv", "项目编号,项目名称,区县,地址\nP1,例：一号院,0012,1 号\n").load()
    assert totals(folder) == [(1, 1, 0)]


@given(st.lists(st.lists(st.sampled_from(["", " ", "例：001", "e.g. 001", "例：滨江花园"]), min_size=2, max_size=4), max_size=4))
def test_blanks_and_examples_are_no_records(rows):
    form = as_form([], rows)
    assert form.is_empty
    assert all("".join(r).strip() == "" for r in form.rows)
    assert form.is_untouched is any("".join(r).strip() for r in rows)


def test_what_a_sheet_of_a_bureau_holds_is_the_bureaus(folder):
    for owner in ("planning", "housing", "civil_affairs", "real_estate"):
        for table in template.tables(owner):
            told = template.fields(table, owner)
            assert all(f.need or f.owner == owner for f in told)
            assert {f.name for f in table.fields if f.need} <= {f.name for f in told}
    every = {(t.name, f.name) for o in ("planning", "housing", "civil_affairs", "real_estate") for t in template.tables(o)
             for f in template.fields(t, o)}  # fmt: skip
    assert every == {(t.name, f.name) for t in template.tables() for f in template.fields(t)}
