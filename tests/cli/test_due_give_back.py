"""``due``: a deposit or guarantee still held though nothing is owed any more goes back, where the register says both for certain."""

import datetime as dt
import json
from decimal import Decimal

import pytest

from planning_check.pipeline import due
from tests.estates import check, in_order, write

KINDS = ("guarantee", "give_back")


def deposits(project, *rows):
    """Rows of (event, amount, day, and what else is told); the deposit due is 800,000."""
    told = [{"事项": "应缴", "金额": 800000, "日期": "2008-06-01"}]
    told += [{"事项": event, "金额": amount, "日期": day, **more} for event, amount, day, more in rows]
    return [{"流水号": f"{project}-{n}", "项目编号": project, **row} for n, row in enumerate(told, 1)]


PAID = ("缴纳", 800000, "2008-06-01", {"票据号": "NO1"})
GUARANTEE = ("缴纳", 800000, "2008-06-01", {"保函号": "保函9"})
HELD = {
    "P01": [PAID],
    "P02": [PAID, ("退还", 800000, "2010-09-01", {"票据号": "NO1"})],
    "P03": [(*GUARANTEE[:3], {"保函号": "保函9", "保函到期日": "2011-08-01"})],
    "P04": [(*GUARANTEE[:3], {"保函号": "保函9", "保函到期日": "2011-05-01"})],
    "P05": [(*GUARANTEE[:3], {"保函号": "保函9", "保函到期日": "2011-08-01"})],
    "P06": [PAID],
    "P07": [PAID, ("缴纳", 800000, "2008-06-01", {"票据号": "NO2"}), ("退还", 800000, "2010-09-01", {})],
    "P08": [PAID, ("退还", "", "2010-09-01", {"票据号": "NO1"})],
    "P09": [PAID, ("退还", 300000, "2010-09-01", {"票据号": "NO1"})],
    "P10": [PAID],
}


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    tables = in_order(len(HELD))
    tables["保证金"] = [row for project, rows in HELD.items() for row in deposits(project, *rows)]
    tables["移交"] = [row for row in tables["移交"] if row["项目编号"] != "P05"]  # owes its room still
    decided = {"决定事由": "没收保证金", "会议日期": "2010-01-10", "会议纪要号": "纪1"}
    tables["决定"] = [{"决定编号": "J1", "项目编号": "P06", "会议结论": "认定", **decided},
                    {"决定编号": "J2", "项目编号": "P10", "会议结论": "不予认定", **decided}]  # fmt: skip
    checked = check(write(tmp_path_factory.mktemp("held") / "报送", tables))
    return due(checked.url).dues


def test_what_is_still_held_goes_back_once_nothing_is_owed(told):
    found = {(one.kind, one.key): one for one in told if one.kind in KINDS}
    assert {key: one.yuan for key, one in found.items()} == {
        ("give_back", "P01"): Decimal(800000),
        ("give_back", "P03"): Decimal(800000),  # before it ends; that it ends is of no interest any more
        ("guarantee", "P05"): Decimal(800000),  # the room is owed
        ("give_back", "P09"): Decimal(500000),
        ("give_back", "P10"): Decimal(800000),  # the meeting dismissed the forfeiture
    }
    one = found["give_back", "P03"]
    assert (one.number, one.bureau, one.state(dt.date(2011, 6, 30))) == ("保函9", "housing", "unknown"), "no rule says by which day"
    assert "保证金.csv" in one.source.zh and one.source.zh.endswith("列")


@pytest.mark.parametrize("project", ["P02", "P04", "P06", "P07", "P08"])
def test_what_was_returned_has_ended_is_before_the_meeting_or_is_not_known_is_not_told_to_go_back(told, project):
    assert not [one for one in told if one.kind == "give_back" and one.key == project]


def test_what_the_meeting_confirmed_by_the_log_to_be_forfeited_is_not_told_to_go_back(call, tmp_path):
    tables = in_order(2)
    room = [row for row in tables["移交"] if row["项目编号"] == "P01"]
    tables["移交"] = [row for row in tables["移交"] if row["项目编号"] != "P01"]
    tables["催告"] = [{"催告编号": "C1", "项目编号": "P01", "送达日期": "2011-01-01", "限期": "2011-02-01", "催告文号": "催1号"}]
    folder, db = tmp_path / "报送", ("--db", tmp_path / "x.sqlite")

    def checked(day):
        write(folder, tables)
        assert call("check", folder, "--as-of", day, "--series", "城", "-q", *db)[0] == 0

    def goes_back():
        code, out, _ = call("due", "--format", "json", *db)
        return code, {one["key"] for one in json.loads(out)["due"] if one["kind"] == "give_back"}

    checked("2011-06-30")
    assert goes_back() == (0, {"P02"})
    (key,) = [one["fingerprint"] for one in json.loads(call("findings", "--rule", "MO05", "--format", "json", *db)[1])["findings"]]
    decided = ("--conclusion", "认定", "--amount", "800000", "--meeting-on", "2011-07-01", "--resolution-no", "2号", "--yes", "--by", "王")
    assert call("decide", "--case", key, *decided, *db)[0] == 0
    tables["移交"] += [row | {"移交日期": "2011-07-20", "移交协议日期": "2011-07-20"} for row in room]
    checked("2011-07-31")
    assert goes_back() == (0, {"P02"}), (
        "the room came after the meeting had confirmed the forfeiture: it stands until the meeting says otherwise"
    )
    again = ("--conclusion", "不予认定", "--meeting-on", "2011-07-30", "--resolution-no", "3号", "--yes", "--by", "王")
    call("decide", "--case", key, *again, "--run", "1", *db)
    assert goes_back() == (0, {"P01", "P02"})
