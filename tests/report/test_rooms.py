"""Idle and closed public rooms, and own offices without title: path and reason, hours and capacity where told, unknown where not."""

import csv
import datetime as dt
import io
import json
from types import SimpleNamespace

import openpyxl
import pytest

from planning_check import pipeline
from planning_check.cli.main import run
from planning_check.errors import Text, UsageError
from planning_check.report.console.rooms import rooms_csv, rooms_json, rooms_lines
from planning_check.report.told.rooms import IDLE, UNTITLED, rooms
from planning_check.report.workbook.rooms import rooms_book

RUN = SimpleNamespace(id=3, as_of=dt.date(2011, 6, 30), digest="d", manifest={})
PATHS = {"open": Text("开放：甲", "open: a"), "exchange": Text("置换：乙", "exchange: b")}


def finding(key, path, outcome="violation", *, state="open", missing=(), **facts):
    words = PATHS.get(path, Text("", ""))
    return {
        "subject_key": key, "subject_name": f"{key}号", "district_name": "甲区", "district_code": None, "community_name": None,
        "outcome": outcome,
        "status": path,
        "status_zh": words.zh, "status_en": words.en, "case_state": state, "missing": list(missing),
        "facts": {"name": f"{key}校舍", "usable_m2": None, "opening_hours": None, "capacity_persons": None, "offered_path": None} | facts,
    }  # fmt: skip


FOUND = rooms(RUN, IDLE, PATHS, [
    finding("S1", "exchange", usable_m2="300.00", opening_hours="周末", capacity_persons="80"),
    finding("S2", "open", usable_m2="120.50", state="dismissed"), finding("S3", "exchange", usable_m2="900.00"), finding("S4", "exchange"),
    finding("S5", None, usable_m2="50.00"), finding("S6", None, "undetermined", missing=["use_rate"]),
])  # fmt: skip


def test_they_stand_by_path_the_largest_first_and_of_unknown_size_last():
    assert [room.key for room in FOUND.rooms] == ["S2", "S3", "S1", "S4", "S5"]
    assert FOUND.area("exchange") == (1200, 1), "what is not known is no zero, and is counted"
    assert (FOUND.open, FOUND.missing) == (1, ("use_rate",))


@pytest.mark.parametrize(("lang", "words"), [
    ("zh", ("置换：乙（3 处，1,200.00 ㎡，另有 1 处面积未知）", "途径不明", "可容纳人数：4 处没有报，不等于没有", "另有 1 处未能判定是否在内，缺：利用率",
            "会议不予认定的 1 处")),
    ("en", ("exchange: b (3, 1,200.00 ㎡, of 1 more it is unknown)", "no path", "capacity, persons: of 4 not reported, which is not none",
            "for want of: use rate", "dismissed 1")),
])  # fmt: skip
def test_the_page_says_path_reason_and_what_nobody_knows(lang, words):
    page = " ".join(" ".join(rooms_lines(FOUND, lang)).split())
    assert [word for word in words if word.replace(" ", "") not in page.replace(" ", "")] == []


def test_csv_json_and_workbook_say_unknown_for_what_is_not_told():
    rows = {row["id"]: row for row in csv.DictReader(io.StringIO("".join(rooms_csv(FOUND, "en")).removeprefix("\ufeff")))}
    assert (rows["S1"]["opening hours"], rows["S1"]["capacity, persons"], rows["S1"]["path proposed"]) == ("周末", "80", "exchange: b")
    assert (rows["S3"]["opening hours"], rows["S3"]["capacity, persons"], rows["S4"]["usable area ㎡"]) == ("unknown",) * 3
    assert rows["S5"]["path proposed"].startswith("no path")
    told = {room["key"]: room for room in json.loads("".join(rooms_json(FOUND)))["rooms"]}
    assert told["S3"]["capacity_persons"] is None and told["S1"]["path"] == "exchange" and told["S5"]["path"] is None
    cells = {row[0]: row for row in openpyxl.load_workbook(io.BytesIO(rooms_book(FOUND, "en")))["Idle rooms"].iter_rows(values_only=True)}
    assert (cells["S1"][5], cells["S1"][6], cells["S3"][6], cells["S4"][5]) == (300, 80, "unknown", "unknown"), "numbers are numbers"
    assert {key: cells[key][4] for key in rows} == {key: row["path proposed"] for key, row in rows.items()}


def test_where_the_rule_did_not_judge_nobody_is_said_to_have_none():
    page = "\n".join(rooms_lines(rooms(RUN, UNTITLED, {}, (), was_judged=False), "zh"))
    assert "有没有不知道" in page and "共 0" not in page


#: A delivery with what the bundled city's bureaus never told.
COMMUNITIES = "社区代码,社区名称,区县代码\n990101001001,甲社区,990101\n"
OFFICES = (
    "办公用房编号,社区代码,用房性质,建筑面积,面临拆迁,产权证号,经度,纬度\n"
    "B1,990101001001,租用,80,,,108.0000,33.6000\nB2,990101001001,自有（无产权）,320,是,,108.0200,33.6000\n"
)
IDLE_ROOMS = (
    "设施编号,设施名称,权属单位,权属单位类别,可用面积,利用率,是否开放,开放时间,可容纳人数（人）,权属单位意向,经度,纬度\n"
    "S1,旧校舍,甲局,学校,420,0,否,周末 9:00-17:00,80,置换、开放,108.0030,33.6000\n"
    "S2,旧礼堂,乙局,事业单位,200,0.8,否,,,,108.1000,33.7000\n"
    "S3,旧仓房,丙厂,国有企业,900,0.1,是,,,共建共享,108.1000,33.7000\n"
)


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    folder = tmp_path_factory.mktemp("rooms")
    delivery = folder / "报送"
    delivery.mkdir()
    for name, text in (("社区名录.csv", COMMUNITIES), ("办公用房.csv", OFFICES), ("闲置设施.csv", IDLE_ROOMS)):
        (delivery / name).write_text(text, "utf-8-sig")
    url = f"sqlite:///{(folder / 'x.db').as_posix()}"
    assert run(["check", str(delivery), "--as-of", "2011-06-30", "--db", url]) == 0
    return url


def test_a_delivery_that_tells_hours_capacity_and_offer_is_read_to_the_list(url):
    found = pipeline.idle(url)
    told = {
        room.key: (room.path, room.facts["opening_hours"], room.facts["capacity_persons"], room.facts["offered_path"])
        for room in found.rooms
    }
    assert told == {
        "S1": ("exchange_offered", "周末 9:00-17:00", "80", "exchange,open"), "S2": ("open", None, None, None),
        "S3": ("co_build_offered", None, None, "co_build"),
    }  # fmt: skip
    assert {room.key: room.facts["nearest_office_id"] for room in found.rooms} == dict.fromkeys(("S1", "S2", "S3"), "B1")
    assert 250 < float(next(room for room in found.rooms if room.key == "S1").facts["nearest_office_m"]) < 300
    assert "置换、开放" in "".join(rooms_csv(found, "zh"))


def test_the_office_without_title_that_faces_demolition_has_its_path(url):
    [room] = pipeline.untitled(url).rooms
    assert (room.key, room.path, room.facts["nearest_idle_name"]) == ("B2", "demolition", "旧校舍")


def test_a_choice_of_paths_and_a_wrong_one(url):
    assert [room.key for room in pipeline.idle(url, paths=["open", "co_build_offered"]).rooms] == ["S2", "S3"]
    for word in ("置换", "exchange", "exchange_offered"):
        assert [room.key for room in pipeline.idle(url, paths=[word]).rooms] == ["S1"]
    assert pipeline.idle(url, paths=["open_offered"]).rooms == []
    with pytest.raises(UsageError) as caught:
        pipeline.idle(url, paths=["sell"])
    assert "knows no path sell" in caught.value.render("en") and "exchange_offered" in caught.value.render("zh")


@pytest.mark.parametrize("command", ["idle", "untitled", "controls"])
def test_each_command_writes_a_table_csv_json_and_a_workbook(url, tmp_path, command):
    assert run([command, "--db", url]) == 0
    for ending in ("csv", "json", "xlsx"):
        path = tmp_path / f"{command}.{ending}"
        assert run([command, "--db", url, "-o", str(path)]) == 0 and path.stat().st_size > 20
    assert run([command, "--db", url, "-o", str(tmp_path / "x.xls")]) == 2
