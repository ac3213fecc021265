"""A ledger in its own words gets in by a mapping: proposed, edited, recorded with the run, and loud where it is stale."""

import csv
import datetime as dt
import io
import re
from pathlib import Path

import duckdb
import openpyxl
import pytest

from planning_check import pipeline
from planning_check.engine import opened
from planning_check.errors import UsageError
from planning_check.ingest.mapping import parse_mapping, read_mapping
from planning_check.pipeline import bundled
from planning_check.schema import TABLES
from tests import kept
from tests.widths import load

DAY = dt.date(2011, 6, 30)
DISTRICTS = "区县代码,区县名称\n990102,棠城区\n"
LEDGER = [
    ["棠城区住宅项目一览", None, None, None, None, None],
    ["栋", "小区", "性质", "面积（万平米）", "几时批的", "开发"],
    ["1#", "河畔苑", "R类", 1.5, "31/05/2009", "甲置业有限公司"],
    ["2#", "河畔苑", "R类", 1.5, "31/05/2009", "甲置业有限公司"],
    ["1#", "山前里", "R类", 2, "01/06/2009", "乙置业有限公司"],
]
MAPPING = """\
version: 1
sheets:
  - file: "*.xlsx"
    sheet: 一览
    table: projects
    columns:
      - {heading: 小区, field: project_name}
      - {heading: 性质, field: uses}
      - {heading: 面积（万平米）, field: plan_total_m2}
      - {heading: 几时批的, field: plan_approved_on}
      - {heading: 开发, field: developer_name}
      - {heading: 栋, field: ""}
    dates: dmy
    constants: {district_code: "990102"}
    ids: {project_id: [小区]}
    values: {uses: {R类: 住宅}}
    add_up: true
"""


def delivered(folder):
    folder.mkdir()
    (folder / "区县.csv").write_text(DISTRICTS, "utf-8")
    (folder / "折资.csv").write_text("缴款编号,项目编号,折资金额(元),到账日期\n", "utf-8")
    book = openpyxl.Workbook()
    book.active.title = "一览"
    for row in LEDGER:
        book.active.append(row)
    book.save(folder / "台账.xlsx")
    premises = "用房编号,项目编号,用房类别,规划面积(㎡)\nU1,河畔苑,社区用房,100\nU2,山前里,社区用房,200\n"
    (folder / "用房.csv").write_text(premises, "utf-8")
    return folder


@pytest.fixture
def delivery(tmp_path):
    return delivered(tmp_path / "报送")


@pytest.fixture(scope="module")
def once(tmp_path_factory):
    """The delivery as it was checked by a mapping that is not there any more, and the database of it; nobody writes into either."""
    folder = tmp_path_factory.mktemp("mapped")
    (folder / "mapping.yaml").write_text(MAPPING, "utf-8")
    asked = pipeline.Options([delivered(folder / "报送")], as_of=DAY, today=DAY, mapping=folder / "mapping.yaml")
    pipeline.check(asked, created_at=dt.datetime(2011, 7, 1, tzinfo=dt.UTC), db_url=str(folder / "runs.sqlite"))
    (folder / "mapping.yaml").unlink()
    return folder


@pytest.fixture
def mapped(once, tmp_path):
    """The delivery, with its database where the commands look for it."""
    (tmp_path / "planning_check.sqlite").write_bytes(kept.whole(once / "runs.sqlite"))
    return once / "报送"


@pytest.fixture
def mapping(tmp_path):
    def written(text=MAPPING):
        path = tmp_path / "mapping.yaml"
        path.write_text(text, "utf-8")
        return path

    return written


def found(call, *more):
    code, out, err = call("findings", "--rule", "AR01", "--format", "csv", "--wide", *more)
    assert code == 0, err
    return {row["subject_key"]: row for row in csv.DictReader(io.StringIO(out.lstrip("\ufeff")))}


def test_without_a_mapping_nothing_can_be_judged(call, delivery):
    assert call("check", delivery, "--as-of", "2011-06-30", "-q")[0] == 3


@pytest.mark.usefixtures("mapped")
def test_a_ledger_in_its_own_words_is_judged_by_a_mapping(call):
    one = found(call)
    assert set(one) == {"河畔苑"}, "30,000 m2 owe 300 and have 100; 20,000 owe 200 and have them"
    assert one["河畔苑"]["area_m2"] == "200.00"
    code, out, _ = call("explain", "AR01", "河畔苑", "--lang", "zh")
    assert code == 0 and "30,000.00" in out and "2009-05-31" in out
    assert '"R类"' in out and "住宅" in out, "the word of the cell, and what is read for it"


@pytest.mark.usefixtures("mapped")
def test_a_pass_is_explained_by_the_mapping_that_was_recorded(call):
    """Its file is not there any more."""
    code, out, _ = call("explain", "AR01", "山前里", "--lang", "zh")
    assert code == 0 and "20,000.00" in out


def test_the_same_delivery_by_another_mapping_is_another_check(call, mapped, mapping):
    _, _, err = call("check", mapped, "--as-of", "2011-06-30", "--mapping", mapping(), "--lang", "en")
    assert "Nothing has changed" in err
    other = mapping(MAPPING.replace("field: plan_total_m2}", "field: plan_total_m2, unit: 公顷}").replace("R类: 住宅", "R类: 商业"))
    _, _, err = call("check", mapped, "--as-of", "2011-06-30", "--mapping", other)
    assert "Nothing has changed" not in err and "什么都没有变" not in err
    _, out, _ = call("runs", "--lang", "en")
    assert out.count("2011-06-30") >= 2


def test_a_stale_mapping_is_loud(call, delivery, mapping):
    stale = MAPPING.replace("几时批的", "批准日").replace('"*.xlsx"', '"台账*"') + MAPPING[MAPPING.index("  - file") :].replace(
        "一览", "二览"
    )
    code, out, _ = call("check", delivery, "--as-of", "2011-06-30", "--mapping", mapping(stale), "--lang", "en")
    flat = "".join(out.split())  # lines are broken anywhere
    assert code == 3, "no approval day, no law, no verdict"
    assert "台账.xlsx>一览:themappingnamesheadingsthatarenothere:line3:'批准日'" in flat
    assert "mapping.yaml:thispartofthemappingisaboutnosheetorlayerofthedelivery:line18,*.xlsx>二览" in flat


def test_nothing_of_the_mapping_fits_and_the_sheet_is_not_read_as_something_else(call, delivery, mapping):
    other = "version: 1\nsheets:\n  - {file: 台账.xlsx, sheet: 一览, table: projects, columns: [{heading: 项目, field: project_id}]}\n"
    code, out, _ = call("inspect", delivery, "--mapping", mapping(other), "--lang", "zh")
    assert code == 0 and "台账.xlsx > 一览（5 行）：对照表说到的表头，这里没有：第 3 行：“项目”" in out.replace("\n    ", "")


def test_what_inspect_proposes_is_a_mapping_that_reads_the_same(call, delivery, tmp_path):
    written = tmp_path / "proposed.yaml"
    assert call("inspect", delivery, "--write-mapping", written, "-q")[0] == 0
    told = parse_mapping(str(written), written.read_text("utf-8"))
    assert {(one.file, one.table) for one in told.sheets} >= {("区县.csv", "districts"), ("用房.csv", "premises"), ("折资.csv", "payments")}
    before = call("inspect", delivery, "--format", "csv")[1]
    after = call("inspect", delivery, "--mapping", written, "--format", "csv")[1]
    read = [
        {(r["file"], r["header"]): (r["field_zh"], r["unit"]) for r in csv.DictReader(io.StringIO(t.lstrip("\ufeff"))) if r["field_zh"]}
        for t in (before, after)
    ]
    assert read[0].items() <= read[1].items()
    code, _, err = call("inspect", delivery, "--write-mapping", written, "--lang", "en")
    assert code == 2 and "--force" in err, "nobody's edits are written over"


def test_rows_that_differ_in_more_than_sums_are_not_added_up(call, delivery, mapping):
    text = MAPPING.replace('{heading: 栋, field: ""}', "{heading: 栋, field: address}")
    _, out, _ = call("check", delivery, "--as-of", "2011-06-30", "--mapping", mapping(text), "--lang", "en", "-v")
    assert "30,000.00" not in out
    assert "台账.xlsx > 一览 > row 3: 河畔苑 has several rows" in " ".join(out.split()), "said to differ, and not joined"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("version: 1", "version: 9", "expected version: 1"), ("table: projects", "table: project", "no table 'project'"),
        ("field: uses}", "field: use}", "line 8|:8"), ("dates: dmy", "dates: dym", "ymd, dmy or mdy"),
        ("field: plan_total_m2}", "field: plan_total_m2, unit: 坪}", "no unit known"), ("add_up: true", "add_up: perhaps", "true or false"),
        ("ids: {project_id: [小区]}", "ids: {project_name: [小区]}", "is given twice"), ("    dates: dmy", "    date: dmy", "unknown 'date'"),
        ("sheets:", "sheets: [", "not valid YAML"), ("values: {uses: {R类: 住宅}}", "values: {uses: 住宅}", "word in the sheet"),
    ],
)  # fmt: skip
def test_a_wrong_mapping_is_told_with_its_line(call, delivery, mapping, old, new, said):
    assert old in MAPPING
    code, out, err = call("check", delivery, "--mapping", mapping(MAPPING.replace(old, new, 1)), "--lang", "en")
    assert code == 2 and out == "" and "the mapping is wrong" in err and any(part in err for part in said.split("|")), err


def test_no_text_is_a_crash():
    for text in ("", "- 1", "sheets: 3", "version: 1\nsheets: [3]", "version: 1\nsheets: [{table: projects, columns: 4}]"):
        with pytest.raises(UsageError):
            parse_mapping("m.yaml", text)


def loaded(paths, mapping=None):
    from tests.widths import load

    con = duckdb.connect()
    load(con, paths, mapping=mapping)
    return con


def test_coordinates_and_units_are_read_the_same_by_what_is_proposed(call, tmp_path):
    (folder := tmp_path / "报送").mkdir()
    (folder / "区县.csv").write_text(DISTRICTS, "utf-8")
    offices = "办公用房编号,社区代码,用房性质,面积（万平方米）,经度,纬度\nF1,990102001001,租用,0.02,109.01,32.01\n"
    (folder / "办公用房.csv").write_text(offices, "utf-8")
    written = tmp_path / "proposed.yaml"
    assert call("inspect", folder, "--write-mapping", written, "-q")[0] == 0
    plain, mapped = loaded([folder]), loaded([folder], parse_mapping(str(written), written.read_text("utf-8")))
    told = "SELECT office_id, area_m2, geometry, geometry_crs FROM offices"
    [(office, area, place, _)] = plain.execute(told).fetchall()
    assert (office, float(area)) == ("F1", 200) and place is not None
    assert mapped.execute(told).fetchall() == plain.execute(told).fetchall()


@pytest.mark.long  # with small deliveries: the tests beside it
def test_the_bundled_city_read_by_what_is_proposed_is_the_same_city(call, tmp_path):
    """Coordinates, units, names in place of ids: what a proposal left out would be gone without a word."""
    written = tmp_path / "proposed.yaml"
    assert call("inspect", "--write-mapping", written, "-q")[0] == 0
    city = [bundled("data") / "demo"]
    plain, mapped = loaded(city), loaded(city, parse_mapping(str(written), written.read_text("utf-8")))
    assert plain.execute("SELECT file, sheet, rows_read, rows_used FROM source ORDER BY ALL").fetchall() == (
        mapped.execute("SELECT file, sheet, rows_read, rows_used FROM source ORDER BY ALL").fetchall()
    )
    for table in TABLES:
        told = f"SELECT * EXCLUDE (row_ids) FROM {table.name} ORDER BY ALL"
        assert plain.execute(told).fetchall() == mapped.execute(told).fetchall(), table.name
    assert mapped.execute("SELECT DISTINCT code FROM problem WHERE code LIKE '%mapping'").fetchall() == []


def test_names_in_place_of_ids_stay_names(call, delivery, tmp_path):
    (delivery / "开发项目.csv").write_text("项目编号,项目名称,区县代码,用途\nXM1,河畔苑,990102,住宅\n", "utf-8")
    (delivery / "用房.csv").write_text("用房编号,项目名称,用房类别,规划面积(㎡)\nU1,河畔苑,社区用房,100\n", "utf-8")
    (delivery / "台账.xlsx").unlink()
    written = tmp_path / "proposed.yaml"
    call("inspect", delivery, "--write-mapping", written, "-q")
    con = loaded([delivery], parse_mapping(str(written), written.read_text("utf-8")))
    assert con.execute("SELECT project_id FROM premises").fetchall() == [("XM1",)]


@pytest.mark.parametrize("odd", ["-1.5", "1,5", "约1.5", ""])
def test_what_is_no_plain_amount_is_not_added_up(delivery, odd):
    book = openpyxl.load_workbook(delivery / "台账.xlsx")
    book.active.cell(4, 4, odd)
    book.save(delivery / "台账.xlsx")
    con = loaded([delivery], parse_mapping("m.yaml", MAPPING))
    assert con.execute("SELECT project_id FROM projects").fetchall() == [("山前里",)], "two rows that differ, neither of them the whole"


def test_notes_stay_notes_beside_constants(delivery):
    book = openpyxl.load_workbook(delivery / "台账.xlsx")
    for row in (["合计", None, None, 5], ["填报人：", "张三", "审核人：", "李四"], ["注：面积按规划条件"]):
        book.active.append(row)
    book.save(delivery / "台账.xlsx")
    con = loaded([delivery], parse_mapping("m.yaml", MAPPING))
    assert con.execute("SELECT project_id FROM projects ORDER BY 1").fetchall() == [("山前里",), ("河畔苑",)]
    assert con.execute("SELECT rows_read, rows_used, rows_quarantined FROM source WHERE sheet = '一览'").fetchall() == [(5, 2, 3)]


@pytest.mark.parametrize(
    ("title", "head", "note", "unit", "read"),
    [
        ("一览（单位：万平方米）", "多大", "", "", "30000.00"),
        ("一览", "多大", "注：面积单位为万平方米", "", "30000.00"),
        ("一览（单位：万平方米）", "多大", "", "m2", "3.00"),  # what the mapping says goes before
        ("一览（单位：万平方米）", "多大（公顷）", "", "", "30000.00"),  # what the heading says goes before the corner
        ("一览", "多大/公顷", "", "", "30000.00"),
        ("一览", "多大（km²）", "", "", "3000000.00"),
        ("一览", "多大（坪）", "", "", ""),  # a unit that is not known makes the column unknown, and is named
        ("一览（单位：坪）", "多大", "", "", ""),
        ("一览", "多大（栋）", "", "", ""),  # of something else
        ("一览", "多大（含车库）", "", "", "3.00"),  # no unit
        ("一览", "多大", "", "", "3.00"),
    ],
)
def test_a_mapped_column_is_in_the_unit_that_the_sheet_states(call, tmp_path, title, head, note, unit, read):
    """A heading that only the mapping knows: 3 of 10,000 m2 read as 3 m2 would owe nobody anything."""
    rows = [title, f"编号,名称,区,{head}", "P1,河畔苑,990102,3", note]
    (tmp_path / "一览.csv").write_text("\n".join(rows), "utf-8")
    said = f", unit: {unit}" if unit else ""
    fields = {"编号": "project_id", "名称": "project_name", "区": "district_code", head: f"plan_total_m2{said}"}
    columns = "".join(f"      - {{heading: '{heading}', field: {field}}}\n" for heading, field in fields.items())
    mapped = tmp_path / "m.yaml"
    mapped.write_text(f"version: 1\nsheets:\n  - file: 一览.csv\n    table: projects\n    columns:\n{columns}", "utf-8")
    with opened() as con:
        load(con, [tmp_path / "一览.csv"], None, mapping=read_mapping(mapped))
        ((area,),) = con.execute("SELECT plan_total_m2 FROM projects").fetchall()
        unknown = con.execute("SELECT count(*) FROM problem WHERE code = 'unknown_unit'").fetchall()[0][0]
    assert (f"{area:.2f}" if area is not None else "") == read and unknown == (not read)


def test_a_constant_is_as_the_mapping_says_whatever_the_corner_says(tmp_path):
    (tmp_path / "一览.csv").write_text("一览（单位：万平方米）\n编号,名称,区,多大\nP1,河畔苑,990102,3", "utf-8")
    text = """version: 1
sheets:
  - file: 一览.csv
    table: projects
    columns: [{heading: 编号, field: project_id}, {heading: 名称, field: project_name}, {heading: 区, field: district_code},
              {heading: 多大, field: plan_total_m2}]
    constants: {plan_states_area_m2: "300"}
"""
    (tmp_path / "m.yaml").write_text(text, "utf-8")
    with opened() as con:
        load(con, [tmp_path / "一览.csv"], None, mapping=read_mapping(tmp_path / "m.yaml"))
        assert [float(x) for x in con.execute("SELECT plan_total_m2, plan_states_area_m2 FROM projects").fetchall()[0]] == [30_000, 300]


@pytest.mark.parametrize(
    ("words", "uses"),
    [
        (["住宅", "商业"], ["commercial", "residential"]),
        (["住宅", "住宅"], ["residential"]),
        (["", ""], []),
        (["商业", ""], None),  # the blank one may be housing: not added up, and set aside as two rows of one key
    ],
)
def test_a_project_of_several_buildings_has_the_uses_of_all(tmp_path, words, uses):
    lines = [f"河畔苑,{word},{area}" for word, area in zip(words, ("1000.5", "2000"), strict=True)]
    (tmp_path / "一览.csv").write_text("\n".join(["小区,性质,多大", *lines]), "utf-8")
    text = """version: 1
sheets:
  - file: 一览.csv
    table: projects
    columns: [{heading: 小区, field: project_name}, {heading: 性质, field: uses}, {heading: 多大, field: plan_total_m2}]
    ids: {project_id: [小区]}
    constants: {district_code: "990102"}
    add_up: true
"""
    (tmp_path / "m.yaml").write_text(text, "utf-8")
    with opened() as con:
        load(con, [tmp_path / "一览.csv"], None, mapping=read_mapping(tmp_path / "m.yaml"))
        found = con.execute("SELECT uses, plan_total_m2 FROM projects").fetchall()
        ((used, aside),) = con.execute("SELECT rows_used, rows_quarantined FROM source").fetchall()
    if uses is None:
        assert found == [] and (used, aside) == (0, 2)
    else:
        ((told, area),) = found
        assert sorted(told or []) == uses and float(area) == 3000.5 and (used, aside) == (1, 0)


def test_a_field_that_there_is_not_is_said_with_what_is_like_it(tmp_path):
    text = "version: 1\nsheets:\n  - {table: projects, columns: [{heading: 面积, field: permit_above_m2}]}\n"
    with pytest.raises(UsageError) as error:
        parse_mapping("m.yaml", text)
    assert "permit_above_ground_m2" in error.value.why.zh and "permit_above_ground_m2" in error.value.why.en


def test_a_sheet_that_is_like_no_table_is_proposed_to_be_filled_in(call, tmp_path):
    """The headings are there to be filled in, and nothing of it is said by the program."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "s106.csv").write_text("Planning Ref,Ward\n07/1,Eastgate\n07/2,Westfield\n", "utf-8")
    written = tmp_path / "m.yaml"
    assert call("inspect", tmp_path / "in", "--write-mapping", written, "-q")[0] == 0
    text = written.read_text("utf-8")
    whole = re.sub(r"table: projects\|[a-z|]+", "table: projects", text.replace("  # ", "  "))
    whole = whole.replace("一个表头都不认得", "# 一个表头都不认得")
    with pytest.raises(UsageError) as error:
        parse_mapping("m.yaml", whole)
    assert error.value.why.en == "no column says its field"
    told = parse_mapping("m.yaml", whole.replace('"Planning Ref", field: ""', '"Planning Ref", field: project_id'))
    assert [(c.heading, c.field) for c in told.sheets[0].columns] == [("Planning Ref", "project_id")]
    assert told.sheets[0].ignored == {"Ward"}


JOURNAL = [["凭证号", "项目", "记账日", "收入", "支出"], ["J1", "P1", "2010-01-05", 500, None], ["J2", "P1", "2010-03-05", None, 200],
           ["J3", "P1", "2010-04-05", None, None]]  # fmt: skip


def test_the_journal_of_the_manual_gets_in_and_every_row_is_told(call, tmp_path):
    (folder := tmp_path / "报送").mkdir()
    book = openpyxl.Workbook()
    book.active.title = "保证金日记账"
    for row in JOURNAL:
        book.active.append(row)
    book.save(folder / "台账.xlsx")
    manual = (Path(__file__).parents[2] / "docs" / "mapping.md").read_text("utf-8")
    told = [block for block in re.findall("```yaml\n(.*?)```", manual, re.S) if "parts:" in block]
    (path := tmp_path / "mapping.yaml").write_text(told[0], "utf-8")
    con = loaded([folder], read_mapping(path))
    query = "SELECT event_id, event, amount_yuan FROM deposits ORDER BY ALL"
    assert con.execute(query).fetchall() == [("J1", "paid", 500), ("J2", "refunded", 200)]
    code, out, _ = call("inspect", folder, "--mapping", path, "--format", "csv")
    assert code == 0
    rows = list(csv.DictReader(io.StringIO(out.lstrip("\ufeff"))))
    assert sorted({(r["table_en"], r["rows_read"], r["rows_used"]) for r in rows if r["table_en"]}) == [("deposits (events)", "1", "1")]
    assert {(r["header"], r["field_en"]) for r in rows} >= {("收入", "amount"), ("支出", "amount")}
    _, out, _ = call("inspect", folder, "--mapping", path, "--lang", "zh")
    assert "没有一部分取这些行，没有采用：1 行（第 4 行）" in out.replace("\n    ", "").replace("\n", ""), out
