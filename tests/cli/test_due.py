"""``due``: what falls due by bureau, overdue first, with the cell or log entry that tells it; an unknown day is listed as one."""

import csv
import io
import json
import shutil

import openpyxl
import pytest

from planning_check.words import UNKNOWN

REGISTERS = {
    "住建局/项目.csv": "项目编号,项目名称,区县,用途\nP1,甲苑,610102,住宅\nP2,乙苑,610102,住宅\n",
    "住建局/催告.csv": "催告编号,项目编号,送达日期,限期,催告文号,延期至,延期文号\nC1,P1,2011-03-01,2011-06-20,催1号,,\nC2,P2,2011-03-01,2011-05-01,催2号,2011-07-10,延1号\n"
    "C3,P1,2011-01-01,2011-02-01,催0号,,\n",
    "住建局/折资.csv": "缴款编号,项目编号,折资金额,应缴日期,到账日期\nZ1,P1,1000.50,2011-08,\nZ2,P1,500,2011-05-05,2011-05-04\nZ3,P2,700,,\n",
    "住建局/保证金.csv": "流水号,项目编号,事项,金额,日期,保函号,保函到期日\nB1,P1,缴存,900,2010-01-01,保1,2011-07-31\n"
    "B2,P2,应缴,300,2011-06-29,,\nB3,P2,缴存,100,2011-06-01,,\nB4,P2,缴存,50,2010-01-01,保2,2011-07-02\nB5,P2,退还,50,2011-02-01,保2,\n",
    "住建局/决定.csv": "决定编号,项目编号,决定事由,会议结论,会议日期,会议纪要号,办理期限,办结日期,信用档案记录日期\n"
    "J1,P1,责令归还,认定,2011-01-10,纪1,2011-06-30,,\nJ2,P1,擅改用途,认定,2011-06-10,纪2,,,\nJ3,P2,责令归还,认定,2011-01-10,纪3,2011-03-01,2011-02-01,\n"
    "J4,P2,擅改用途,认定,2011-01-10,纪4,,,2011-01-20\n",
    "民政局/社区.csv": "社区代码,社区名称,区县\n610102001001,槐社区,610102\n",
    "民政局/办公用房.csv": "办公用房编号,社区代码,用房性质,租期至,处置期限,处置完成日期\nF1,610102001001,租用,2011-09-30,2011-06-29,\n"
    "F2,610102001001,租用,,,\nF3,610102001001,租用,2011-07-15,,2011-06-01\nF4,610102001001,借用,,,\n",
}


@pytest.fixture(scope="module")
def checked(tmp_path_factory):
    """A delivery of two estates and the database of its check, as of 2011-06-30; made once."""
    from planning_check.cli.main import run

    folder = tmp_path_factory.mktemp("due")
    for name, text in REGISTERS.items():
        path = folder / "报送" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    arguments = ("check", folder / "报送", "--db", folder / "x.sqlite", "--as-of", "2011-06-30", "--series", "城", "-q", "--lang", "en")
    assert run([str(a) for a in arguments]) == 0
    return folder


@pytest.fixture
def due(checked, call):
    def told(*arguments):
        code, out, err = call("due", "--db", checked / "x.sqlite", "--format", "json", "--lang", "en", *arguments)
        assert code == 0, err
        return json.loads(out)

    return told


def shown(told):
    return [(one["kind"], one["key"], one["state"], one["first"], one["days_left"]) for one in told["due"]]


def test_everything_open_is_listed_overdue_first_and_what_is_done_is_not(due):
    told = due()
    assert (told["on"], told["within_days"]) == ("2011-06-30", 60)
    assert [one for one in shown(told) if one[0] in ("lease", "office")] == [
        ("office", "F1", "overdue", "2011-06-29", -1), ("lease", "F2", "unknown", None, None),
    ]  # fmt: skip
    assert [one for one in shown(told) if one[0] not in ("lease", "office")] == [
        ("demand", "P1", "overdue", "2011-06-20", -10), ("deposit", "P2", "overdue", "2011-06-29", -1),
        ("return", "P1", "due", "2011-06-30", 0), ("credit", "P1", "due", "2011-07-10", 10), ("demand", "P2", "due", "2011-07-10", 10),
        ("guarantee", "P1", "due", "2011-07-31", 31), ("payment", "P1", "due", "2011-08-01", 32), ("payment", "P2", "unknown", None, None),
    ]  # fmt: skip
    assert told["later"] == 1, "the lease that ends on 30 September"


def test_where_no_rule_says_how_long_a_credit_entry_may_take_its_day_is_unknown(checked, due, tmp_path):
    (tmp_path / "overrides.yaml").write_text("off: {US04: 本市不核}\n", "utf-8")
    told = [one for one in shown(due("--rules", tmp_path)) if one[0] == "credit"]
    assert told == [("credit", "P1", "unknown", None, None)]


def test_how_far_it_looks_which_bureau_and_from_which_day(due):
    assert due("--within", "100d")["later"] == 0 and due("--within", "92")["later"] == 0 and due("--within", "91天")["later"] == 1
    assert {one["bureau"] for one in due("--bureau", "civil_affairs")["due"]} == {"civil_affairs"}
    (payment,) = [one for one in due("--on", "2011-08-15")["due"] if one["kind"] == "payment" and one["key"] == "P1"]
    assert (payment["state"], payment["first"], payment["last"], payment["days_left"]) == ("perhaps", "2011-08-01", "2011-08-31", -14)


def test_each_has_its_source_and_working_days_by_the_holidays(due, checked, call):
    of = {(one["kind"], one["key"]): one for one in due()["due"]}
    assert "住建局/催告.csv > row 3 > column F" in of["demand", "P2"]["source_en"], "the extension, not the first deadline"
    assert of["demand", "P2"]["workdays_left"] == 6 and of["guarantee", "P1"]["yuan"] == "900.00"
    code, out, _ = call("due", "--db", checked / "x.sqlite", "--lang", "zh")
    assert code == 0 and "住建局/催告.csv > 第 3 行 > F 列" in out and "期限不明" in out and "已逾期" in out
    code, out, _ = call("due", "--db", checked / "x.sqlite", "--lang", "en", "--on", "2003-06-30", "--within", "3000d")
    assert "? among working days: the holidays of 2003 are not known" in " ".join(out.split())
    (never,) = [one for one in due("--on", "2003-06-30", "--within", "3000d")["due"] if one["kind"] == "office"]
    assert (never["days_left"], never["workdays_left"]) == (2921, None), "unknown is no number of weekdays"
    csv_rows = list(csv.DictReader(io.StringIO(call("due", "--db", checked / "x.sqlite", "--format", "csv")[1].removeprefix("\ufeff"))))
    assert len(csv_rows) == len(due()["due"]) and csv_rows[0]["state"] == "overdue"


def test_a_decision_of_the_log_falls_due_at_the_bureau_that_it_names(checked, call, due):
    _, out, _ = call("findings", "--db", checked / "x.sqlite", "--format", "json", "--outcome", "violation", "--rule", "OF01")
    key = next(one["fingerprint"] for one in json.loads(out)["findings"] if one["subject_key"] == "F1")
    one = ("--case", key, "--conclusion", "认定", "--due-on", "15个工作日", "--responsible", "规划")
    meeting = ("--meeting-on", "2011-07-01", "--resolution-no", "纪要9号", "--by", "王", "--yes", "--db", checked / "x.sqlite")
    assert call("decide", *one, *meeting)[0] == 0
    (told,) = due("--bureau", "planning")["due"]
    assert (told["kind"], told["key"], told["number"], told["first"]) == ("resolution", "F1", "纪要9号", "2011-07-22")
    assert "log entry" in told["source_en"]


def test_a_delivery_that_has_changed_is_said_and_not_read(checked, call):
    path = checked / "报送" / "住建局" / "催告.csv"
    before = path.read_text("utf-8")
    path.write_text(before + "C9,P1,2011-05-01,2011-07-01,催9号,,\n", "utf-8")
    code, out, _ = call("due", "--db", checked / "x.sqlite", "--lang", "en")
    path.write_text(before, "utf-8")
    assert code == 3 and "not those that were checked" in " ".join(out.split()) and "C9" not in out


def test_a_delivery_that_was_moved_is_named_and_another_is_refused(checked, call, due, tmp_path):
    as_it_was = due()
    (checked / "报送").rename(checked / "存档")
    try:
        code, out, _ = call("due", "--db", checked / "x.sqlite", "--lang", "zh")
        assert code == 3 and "用--inputs指明" in "".join(out.split()) and "催1号" not in out
        assert due("--inputs", checked / "存档") == as_it_was
        shutil.copytree(checked / "存档", tmp_path / "另一份")
        (tmp_path / "另一份" / "住建局" / "催告.csv").write_text("催告编号,项目编号,送达日期,限期\n", "utf-8")
        code, _, err = call("due", "--db", checked / "x.sqlite", "--inputs", tmp_path / "另一份", "--lang", "zh")
        assert code == 2 and "指明的不是第 1 次检查所用的" in err and "文件 住建局/催告.csv：不是当时检查的那一个" in err
    finally:
        (checked / "存档").rename(checked / "报送")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_workbook_has_the_lines_of_the_json_and_says_what_is_unknown(checked, due, call, tmp_path, lang):
    code, _, err = call("due", "--db", checked / "x.sqlite", "-o", tmp_path / "due.xlsx", "--lang", lang)
    assert code == 0 and "due.xlsx" in err
    sheet = openpyxl.load_workbook(tmp_path / "due.xlsx").active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]
    told = due()["due"]
    assert [(row[1], row[6]) for row in rows] == [((one["first"] and days(one)) or UNKNOWN.get(lang), one["key"]) for one in told]
    assert [row[3] for row in rows] == [UNKNOWN.get(lang) if one["days_left"] is None else one["days_left"] for one in told]
    lease = next(row for row, one in zip(rows, told, strict=True) if one["kind"] == "lease")
    assert lease[9] == UNKNOWN.get(lang), "a rent that nobody told is no blank"
    assert sum(row[9] for row in rows if isinstance(row[9], int | float)) == sum(float(one["yuan"]) for one in told if one["yuan"])
    assert (sheet.print_title_rows, sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("$3:$3", "landscape", 9)


def days(one):
    return one["first"] if one["first"] == one["last"] else f"{one['first']}/{one['last']}"


def test_a_file_is_what_its_name_says(checked, call, tmp_path):
    for command, name in (
        ("due", "due.ods"),
        ("due", "due.jsonl"),
        ("findings", "f.xlsx"),
        ("coverage", "c.xlsx"),
        ("unchecked", "u.xlsx"),
    ):
        code, _, err = call(command, "--db", checked / "x.sqlite", "-o", tmp_path / name)
        assert (code, ".csv" in err, (tmp_path / name).exists()) == (2, True, False)
    assert call("due", "--db", checked / "x.sqlite", "--format", "csv", "-o", tmp_path / "due.xlsx")[0] == 2, "Excel refuses such a file"
    code, _, err = call("due", "--db", checked / "x.sqlite", "--format", "xlsx", "--lang", "en")
    assert code == 2 and "-o NAME.xlsx" in err
    assert call("due", "--db", checked / "x.sqlite", "--format", "xlsx", "-o", tmp_path / "d")[0] == 0
    assert openpyxl.load_workbook((tmp_path / "d").open("rb")).sheetnames == ["Due"]
    assert call("unchecked", "--db", checked / "x.sqlite", "-o", tmp_path / "u.txt")[0] == 0
