"""The clerk's five projects: from ``template`` to the three lists in one round, without a mapping."""

import datetime as dt
import json

import openpyxl
import pytest

from tests.templates import fill

DAY = dt.datetime
#: What the law of the bundled rules asks of 30,000 m2 is 300 m2.
PROJECTS = [
    {"project_id": f"XM{n}", "project_name": name, "district_code": "东岸区", "developer_name": f"开发商{n}", "community_code": "SQ1",
     "uses": {"zh": "住宅", "en": "residential"}, "plan_total_m2": 30000, "permit_total_m2": 30000, "survey_total_m2": "3万㎡",
     "plan_approved_on": DAY(2008, 3, 1), "permitted_on": DAY(2008, 5, 1), "started_on": DAY(2008, 6, 1), "completed_on": "2009年9月",
     "planning_accepted_on": DAY(2009, 10, 1), "project_status": {"zh": "竣工", "en": "completed"},
     "premises_register_complete": {"zh": "是", "en": "yes"}}
    for n, name in enumerate(("滨江花园", "北湖小区", "东岸新城", "南苑", "西溪里"), 1)
]  # fmt: skip
RECORDS = {
    "projects": PROJECTS,
    "communities": [{"community_code": f"SQ{n}", "community_name": name, "district_code": "东岸区"}
                    for n, name in ((1, "滨江"), (2, "北湖"), (3, "南苑"))],
    "premises": [{"premises_id": "YF1", "project_id": "XM1", "kind": {"zh": "社区用房", "en": "community premises"}, "planned_m2": 300,
                  "permitted_m2": 300, "surveyed_m2": 320}],
    "handovers": [{"handover_id": "YJ1", "project_id": "XM1", "premises_id": "YF1", "community_code": "SQ1", "area_m2": 320,
                   "recipient_kind": {"zh": "社区居委会", "en": "residents' committee"},
                   "handed_over_on": DAY(2009, 11, 1), "receipt_no": "0001"}],
    "deposits": [{"event_id": "BZ1", "project_id": "XM2", "event": {"zh": "缴存", "en": "paid"}, "amount_yuan": 600000,
                  "event_on": DAY(2008, 5, 2),
                  "receipt_no": "0002"}],
    "demands": [{"demand_id": "CG1", "project_id": "XM2",
                 "served_on": DAY(2010, 1, 10), "deadline_on": DAY(2010, 3, 10), "document_no": "催1号"}],
    "offices": [{"office_id": "BG1", "community_code": "SQ1", "tenure": {"zh": "租用", "en": "rented"}, "area_m2": 80},
                {"office_id": "BG2", "community_code": "SQ2", "tenure": {"zh": "自有（有产权）", "en": "owned, titled"}, "area_m2": 300},
                {"office_id": "BG3", "community_code": "SQ3", "tenure": {"zh": "借用", "en": "borrowed"}, "area_m2": 60}],
}  # fmt: skip


def told(lang):
    return {table: [{f: v[lang] if isinstance(v, dict) else v for f, v in row.items()} for row in rows] for table, rows in RECORDS.items()}


def listed(call, name):
    """The rules and subjects of a list."""
    _, out, _ = call("findings", "--list", name, "--format", "json")
    return {(one["rule_id"], one["subject_key"]) for one in json.loads(out)["findings"] if one["outcome"] == "violation"}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_five_projects_get_from_the_template_to_the_three_lists_in_one_round(call, tmp_path, lang):
    (tmp_path / "报送").mkdir()
    path = tmp_path / "报送" / "t.xlsx"
    code, _, err = call("template", "-o", path, "--lang", lang)
    assert code == 0, err
    fill(path, lang, told(lang), none=["payments"])
    code, out, err = call("check", path.parent, "--as-of", "2011-06-30", "--lang", lang)
    assert code == 0, err
    shown = {name: listed(call, name) for name in ("violations", "deposits", "offices")}
    assert {key for rule, key in shown["violations"] if rule == "AR03"} == {"XM2", "XM3", "XM4", "XM5"}
    assert {key for rule, key in shown["deposits"]} == {"XM2"}
    assert {key for rule, key in shown["offices"]} == {"BG1", "BG3"}
    bare = "".join(out.split())
    assert {"zh": "上报统计、区县、名称对照", "en": "communityfacilities,confirmednames"}[lang] in bare
    assert {"zh": "折资：表里一条记录也没有，按“没有”采用", "en": "paymentsinlieu:thereisnotonerecord"}[lang] in bare


def test_what_a_missing_register_blocks_is_told_with_how_to_say_that_there_is_none(call, tmp_path):
    (tmp_path / "报送").mkdir()
    path = tmp_path / "报送" / "t.xlsx"
    call("template", "-o", path, "--lang", "zh")
    fill(path, "zh", told("zh"))
    _, out, _ = call("check", path.parent, "--as-of", "2011-06-30", "--lang", "zh")
    bare = "".join(out.split())
    assert "有记录的请交来；核实确实没有的，在填报模板（planning-checktemplate）该表的“本表确无记录”旁填“是”" in bare
    assert "没有交来的表：" in bare and "折资" in bare.split("没有交来的表：")[1].split("。")[0]
    assert not {key for rule, key in listed(call, "violations") if rule == "AR03"}
    code, _, err = call("report", "-o", tmp_path / "out", "--lang", "both", "--only", "page", "--only", "workbook")
    assert code == 0, err
    pages = {p.name: p.read_text("utf-8") for p in (tmp_path / "out").rglob("*.html")}
    assert pages and all("本表确无记录" in text or "There is none" in text for text in pages.values())
    books = list((tmp_path / "out").rglob("*.xlsx"))
    assert books and all(_says(path, "本表确无记录", "There is none") for path in books)


def _says(path, *words):
    cells = (str(cell) for sheet in openpyxl.load_workbook(path).worksheets for row in sheet.iter_rows(values_only=True) for cell in row)
    return any(word in cell for cell in cells for word in words)


def test_a_workbook_for_each_bureau_and_nothing_is_overwritten(call, tmp_path):
    code, _, err = call("template", "-o", tmp_path / "四部门", "--lang", "zh")
    assert code == 0, err
    assert {p.name for p in (tmp_path / "四部门").iterdir()} == {"规划.xlsx", "住建.xlsx", "民政.xlsx", "房管.xlsx"}
    before = {p: p.read_bytes() for p in (tmp_path / "四部门").iterdir()}
    code, _, err = call("template", "-o", tmp_path / "四部门", "--lang", "zh")
    assert code == 2 and "没有覆盖" in err
    assert before == {p: p.read_bytes() for p in (tmp_path / "四部门").iterdir()}


@pytest.mark.parametrize(("name", "said"), [("折资单", "是不是“折资单价”"), ("parcels", "只能交图层"), ("☃", "没有“☃”这种表")])
def test_a_table_that_there_is_not_is_refused_with_the_nearest(call, name, said):
    code, _, err = call("template", "--table", name, "--lang", "zh")
    assert (code, said in err) == (2, True), err


def test_only_the_tables_asked_for(call, tmp_path):
    code, _, err = call("template", "-o", "t.xlsx", "--table", "payments", "--table", "保证金台账", "--lang", "en")
    assert code == 0, err
    assert openpyxl.load_workbook("t.xlsx").sheetnames == ["Read me first", "Words to choose", "payments in lieu", "deposits (events)"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_columns_have_notes_lists_and_checks(call, lang):
    call("template", "-o", "t.xlsx", "--lang", lang)
    book = openpyxl.load_workbook("t.xlsx")
    for sheet in book.worksheets[2:]:
        heads = [cell for cell in sheet[3] if cell.value]
        assert all(cell.comment and cell.comment.text for cell in heads)
        assert sheet.freeze_panes is not None and all(str(cell.value).startswith(("例：", "e.g. ")) for cell in sheet[4] if cell.value)
        for asked in sheet.data_validations.dataValidation:
            if asked.type == "list" and "!" in asked.formula1:
                named, cells = asked.formula1.strip("=").rsplit("!", 1)
                words = [cell.value for row in book[named.strip("'")][cells.replace("$", "")] for cell in row]
                assert words and all(words)
