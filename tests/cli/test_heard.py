"""What the meeting decided is heard: on the screen, in the lists, the next workbook, the exports and the sums."""

import csv
import datetime as dt
import json
import shutil

import openpyxl
import pytest

from planning_check import pipeline
from planning_check.cases import FIELDS, KEY, line_key
from planning_check.cli.main import run
from planning_check.pipeline.reporting import gather
from planning_check.report import workbook
from planning_check.store import Entry, Told, append, cases, head, load_run, open_store
from planning_check.store.connecting import writing
from tests import kept
from tests.store.tables import FINDINGS, fingerprint

AT = dt.datetime(2011, 7, 8, tzinfo=dt.UTC)
SERIES = "小城（虚构）"
AR03, HO01, MO05, OF01 = (fingerprint(rule, key) for rule, key in (("AR03", "P1"), ("HO01", "P1"), ("MO05", "P2"), ("OF01", "O1")))
DECIDED = [
    {"键": AR03, "会议结论": "不予认定", "备注": "查无此事"},
    {"键": HO01, "会议结论": "认定", "办理期限": "2011-05-01", "责任部门": "规划"},
    {"键": MO05, "会议结论": "认定", "决定金额": "80万元", "没收范围": "按比例", "办理期限": "2011-09-30"},
    {"键": OF01, "会议结论": "暂缓"},
]


@pytest.fixture(scope="module")
def heard(tmp_path_factory):
    """The folder of the tiny run after a meeting, with the workbook of the next one; nobody writes into it."""
    folder = tmp_path_factory.mktemp("heard")
    engine = kept.store(folder / "runs.sqlite")
    heads = list(dict.fromkeys(name for row in DECIDED for name in row))
    with (folder / "会议.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, heads)
        writer.writeheader()
        writer.writerows(DECIDED)
    told = ("--meeting-on", "2011-04-08", "--resolution-no", "纪要〔2011〕3号", "--by", "王秘书", "--yes")
    assert run(["decide", "--db", engine.url.database, str(folder / "会议.csv"), *told]) == 0
    with Told(1) as texts:
        workbook.write(gather(engine, load_run(engine), texts), folder, "zh")
    engine.dispose()
    return folder


@pytest.fixture
def db(heard, tmp_path):
    """The tiny run after a meeting."""
    (tmp_path / "runs.sqlite").write_bytes(kept.whole(heard / "runs.sqlite"))
    return open_store(str(tmp_path / "runs.sqlite"))


@pytest.fixture
def book(heard, tmp_path):
    """The pack of the meeting; beside it stands the annex."""
    return openpyxl.load_workbook(shutil.copy(heard / "会议材料.xlsx", tmp_path))


@pytest.fixture
def annex(heard, tmp_path):
    return openpyxl.load_workbook(shutil.copy(heard / "附册.xlsx", tmp_path))


def rows(sheet):
    """Key -> the row of a sheet by its heads."""
    every = list(sheet.iter_rows(values_only=True))
    top = next(n for n, row in enumerate(every) if KEY.zh in row)
    found = (dict(zip(every[top], values, strict=False)) for values in every[top + 1 :])
    return {row[KEY.zh]: row for row in found if row.get(KEY.zh)}


def test_the_next_workbook_has_what_was_decided_and_is_not_done(book):
    assert book.sheetnames[:8] == ["封面", "汇总", "违规", "拟没收保证金", "租借办公用房", "未能判定", "上次议定、尚未办结", "不予认定"]
    sheet = book["上次议定、尚未办结"]
    found = rows(sheet)
    assert list(found) == [HO01, MO05, OF01], "by deadline, without one last; what was dismissed is done with"
    assert [row["逾期 天"] for row in found.values()] == [60, None, None]
    assert [row["期限"] for row in found.values()] == ["2011-05-01", "2011-09-30", "没有定"]
    assert found[HO01]["由谁办"] == "规划" and "决定金额 元 800000.00" in found[MO05]["当时议定"]
    assert "3 件，其中逾期 1 件（算到 2011-06-30）" in sheet["A2"].value


def test_the_lists_show_the_last_decision_in_grey_and_leave_the_yellow_columns_empty(book, annex):
    line = rows(book["违规"])[line_key("violations", "project", "P1")]
    assert line["上次议定"].startswith("不予认定 1，已认定 1；上次议定：认定；责任部门 规划") and line["注意"] == "不稳、不予认定、已认定"
    assert all(line[one.label.zh] is None for one in FIELDS.values() if one.label.zh in line)
    book = annex
    found = rows(book["违规"])
    assert AR03 not in found and found[HO01]["上次议定"].startswith("认定；责任部门 规划；办理期限 2011-05-01")
    assert (found[HO01]["案件状态"], found[HO01]["上次结论"], found[HO01]["上次会议"]) == ("已认定", "认定", "2011-04-08")
    assert found[HO01]["上次决议"] == "纪要〔2011〕3号"
    assert all(row[one.label.zh] is None for row in found.values() for one in FIELDS.values() if one.label.zh in row)
    grey = {cell.fill.fgColor.rgb for cell in book["违规"][4] if book["违规"].cell(3, cell.column).value == "上次议定"}
    yellow = {cell.fill.fgColor.rgb for cell in book["违规"][4] if book["违规"].cell(3, cell.column).value == "会议结论"}
    assert len(grey) == len(yellow) == 1 and grey != yellow


def test_what_was_dismissed_has_a_sheet_of_its_own_and_its_part_in_the_sums(book, annex):
    assert list(rows(book["不予认定"])) == [AR03]
    book = annex
    for name in ("违规", "口径敏感", "规划", "住建", "民政", "房管"):
        assert AR03 not in rows(book[name]), name
    summary = [row for row in book["汇总"].iter_rows(values_only=True) if row[1] == "其中不予认定"]
    assert [row[2:4] for row in summary] == [(0, 1)], "one finding of a line that stands"


def test_the_head_of_the_log_is_on_the_cover(book, db):
    last = head(db, SERIES)
    told = [cell.value for row in book["封面"].iter_rows() for cell in row if cell.value]
    assert f"{SERIES}:{last.seq}:{last.hash}" in told


def test_the_next_workbook_read_back_untouched_decides_nothing_and_filled_in_it_decides_anew(book, db, call, tmp_path):
    untouched = call("decide", "--db", db.url.database, tmp_path / "会议材料.xlsx", "--yes", "--lang", "en")
    assert untouched[0] == 0 and "Nothing to write" in untouched[2]
    sheet = book["不予认定"]
    heads = [cell.value for cell in sheet[3]]
    sheet.cell(4, heads.index("会议结论") + 1, "认定")
    book.save(tmp_path / "again.xlsx")
    told = ("--meeting-on", "2011-07-08", "--resolution-no", "5", "--yes")
    assert call("decide", "--db", db.url.database, tmp_path / "again.xlsx", *told)[0] == 0
    assert {key: case.state for key, case in cases(db, SERIES).items()} == {
        AR03: "confirmed", HO01: "confirmed", MO05: "confirmed", OF01: "deferred",
    }  # fmt: skip


def test_a_workbook_before_any_meeting_has_neither_sheet(tmp_path):
    engine = kept.store(tmp_path / "new.sqlite")
    with Told(1) as texts:
        workbook.write(gather(engine, load_run(engine), texts), tmp_path, "zh")
    made = openpyxl.load_workbook(tmp_path / "会议材料.xlsx")
    assert not {"上次议定、尚未办结", "不予认定"} & set(made.sheetnames)
    assert "上次议定" not in [cell.value for cell in made["违规"][4]]


def test_findings_are_listed_by_state_and_exported_with_it(db, call, tmp_path):
    code, out, _ = call("findings", "--db", db.url.database, "--state", "dismissed", "--lang", "zh")
    assert code == 0 and [line.split()[0] for line in out.splitlines()[:2]] == ["规则", "AR03"] and "不予认定" in out
    out = call("findings", "--db", db.url.database, "--state", "confirmed", "--state", "deferred", "--format", "jsonl")[1]
    found = {one["fingerprint"]: one for one in map(json.loads, out.splitlines())}
    assert set(found) == {HO01, MO05, OF01}
    told = found[MO05]
    assert (told["case_state"], told["decision"], told["decision_scope"], told["decision_yuan"]) == (
        "confirmed", "confirmed", "proportional", "800000.00",
    )  # fmt: skip
    assert call("findings", "--db", db.url.database, "--state", "closed", "--lang", "en")[2].strip().endswith("no findings of that choice")


@pytest.mark.parametrize(
    ("lang", "told"), [("zh", "不予认定；决议文号 纪要〔2011〕3号；备注 查无此事"), ("en", "dismissed; resolution no.")]
)
def test_explain_tells_the_case(db, call, lang, told):
    _, out, _ = call("explain", "AR03", "P1", "--db", db.url.database, "--lang", lang)
    assert told in out and f"planning-check case show {AR03}" in out


def test_an_export_to_which_conclusions_are_added_brings_no_day_or_number_of_the_last_meeting_along(db, call, tmp_path):
    call("findings", "--db", db.url.database, "--wide", "-o", tmp_path / "f.csv")
    with (tmp_path / "f.csv").open(encoding="utf-8-sig", newline="") as file:
        found = list(csv.DictReader(file))
    new = next(row["fingerprint"] for row in found if row["outcome"] == "violation" and row["case_state"] == "open")
    with (tmp_path / "g.csv").open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, [*found[0], "会议结论"])
        writer.writeheader()
        writer.writerows(row | {"会议结论": "认定" if row["fingerprint"] == new else ""} for row in found)
    code, out, _ = call("decide", "--db", db.url.database, tmp_path / "g.csv", "--yes", "--lang", "zh")
    assert code == 3 and "还要写明：决议文号、会议日期" in out


def test_the_balance_says_what_of_it_was_decided_and_its_sums_stay(db, call, tmp_path):
    def sums(name):
        assert call("balance", "--db", db.url.database, "--by", "project", "-o", tmp_path / name)[0] == 0
        return (tmp_path / name).read_text("utf-8-sig")

    before = sums("before.csv")
    told = pipeline.balance(db.url.database, by="project")
    assert [(state, group.projects) for state, group in told.decided] == [("confirmed", 1)], (
        "one of its violations is dismissed, one stands"
    )
    violations = [f["fingerprint"] for f in FINDINGS if f["outcome"] == "violation" and f["list"] == "violations"]
    with writing(db) as writer:
        told = {"resolution_no": "5", "decided_on": "2011-07-08", "conclusion": "dismissed", "facts": {}}
        append(writer, SERIES, AT, "王", [Entry("dismiss", "chair", told, key, 1) for key in violations])
    [(state, group)] = pipeline.balance(db.url.database, by="project").decided
    assert (state, group.projects) == ("dismissed", 1)
    code, out, _ = call("balance", "--db", db.url.database, "--lang", "zh")
    assert code == 0 and "其中会议不予认定的项目 1 个，逾期 " in out
    assert sums("after.csv") == before and before.count("\n") > 1
