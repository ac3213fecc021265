"""Every estate has a building no. 1: likeness accuses nobody, one room told twice still counts once.
And what the joint meeting said is heard."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planning_check import pipeline
from tests import estates
from tests.facts.tables import connection

ACCUSING = ("AR01", "AR02", "AR03", "AR08", "HO01", "HO03", "MO05")
UNIT = "990102001001GB00001F00010001"


def test_a_hundred_and_twenty_estates_in_order_accuse_nobody(tmp_path):
    tables = estates.in_order(120, 40)
    for n, room in enumerate(tables["用房"]):
        room["产权证号"] = ("办理中", "见附件", "0001", "", "无")[n % 5]
    for n, paid in enumerate(tables["保证金"]):
        paid["票据号"] = ("见附件", "0001", "1")[n % 3]
    found = estates.check(estates.write(tmp_path / "innocent", tables), select=(*ACCUSING, "AR12"))
    assert not found.of(*ACCUSING)
    assert not found.of(*ACCUSING, outcome="undetermined")
    assert len(found.of("AR12")) == 80  # of three in a community the later two are leads
    assert {f["severity"] for f in found.findings if f["rule_id"] == "AR12"} == {"lead"}


def test_one_room_told_twice_counts_once_however_it_is_known(tmp_path):
    tables = estates.in_order(8)
    rooms, handed = tables["用房"], tables["移交"]
    for n, room in enumerate(rooms):
        room["楼栋"] = room["备案楼栋"] = handed[n]["移交楼栋"] = f"{n + 1}号楼"
    rooms[0]["不动产单元号"] = rooms[1]["不动产单元号"] = UNIT
    rooms[2]["产权证号"] = rooms[3]["产权证号"] = "陕（2010）示例市不动产权第0001234号"
    rooms[4] |= {"经度": 109.001, "纬度": 32.001}
    rooms[5] |= {"经度": 109.00102, "纬度": 32.001, "楼栋": rooms[4]["楼栋"]}  # two metres off
    rooms[6] |= {"不动产单元号": UNIT[:-1] + "2", "经度": 109.002, "纬度": 32.001}
    rooms[7] |= {"不动产单元号": UNIT[:-1] + "2", "经度": 109.011, "纬度": 32.001}  # a kilometre off: one of the two is wrong
    for n in (1, 3, 5):
        handed[n]["移交日期"] = handed[n]["移交协议日期"] = "2010-05-02"
    found = estates.check(estates.write(tmp_path / "twice", tables), select=("AR08", "AR12", "HO01", "MO05"))
    assert found.of("AR08") == {("AR08", f"P{n:02d}-Y1") for n in (2, 4, 6)}
    assert found.of("HO01", "MO05") == {(rule, f"P{n:02d}") for rule in ("HO01", "MO05") for n in (2, 4, 6)}
    assert found.of("AR12") == {("AR12", "P08-Y1")}
    assert found.one("AR12", "P08-Y1")["status"] == "same_unit"


def test_the_meeting_is_heard(tmp_path):
    tables = estates.in_order(3)
    for room in tables["用房"]:
        room |= {"现状用途": "商铺", "改变用途日期": "2010-09-01", "改变用途人": "开发企业"}
    meeting = {"会议结论": "认定", "会议日期": "2010-11-10", "会议纪要号": "纪要〔2010〕9号"}
    tables["联席会议决定"] = [
        {
            "决定编号": "HY1",
            "项目编号": "P01",
            "用房编号": "P01-Y1",
            "决定事由": "擅改用途",
            **meeting,
            "会议结论": "不予认定",
            "会议日期": "2011-03-10",
        },
        {"决定编号": "HY2", "项目编号": "P02", "用房编号": "P02-Y1", "决定事由": "责令归还", **meeting, "办结日期": "2010-12-20"},
    ]
    folder = estates.write(tmp_path / "meeting", tables)
    found = estates.check(folder)
    assert found.of("US01", outcome="exempt") == {("US01", "P01-Y1")}
    assert "2011-03-10" in found.one("US01", "P01-Y1")["reason_zh"]
    assert {f["subject_key"]: f["status"] for f in found.findings if f["rule_id"] == "US01" and f["outcome"] == "violation"} == {
        "P02-Y1": "closed_on_paper", "P03-Y1": "changed",
    }  # fmt: skip
    pipeline.report(found.url, folder=tmp_path / "papers", parts=("notices",))
    letters = "".join(path.name for path in (tmp_path / "papers").rglob("*.docx"))
    assert "P02-Y1" in letters
    assert "P01-Y1" not in letters
    before = estates.check(folder, as_of=estates.dt.date(2011, 3, 9), select=("US01",))  # the meeting's day is still to come
    assert not before.of("US01", outcome="exempt")


ROOM = st.fixed_dictionaries({
    "project_id": st.sampled_from(["P1", "P2", "P3"]),
    "unit_code": st.sampled_from([None, UNIT, UNIT[:-1] + "2", UNIT[:19], "见附件"]),
    "title_no": st.sampled_from([None, "办理中", "0001", "示例房权证示城字第2009012345号", "00123456"]),
    "building": st.sampled_from([None, "1号楼", "1#", "2号楼"]),
    "floor_from": st.sampled_from([None, 1]),
    "surveyed_m2": st.sampled_from([None, 200, 300]),
})  # fmt: skip
BOUNDED = settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


def claimed(rooms: list[dict], *more_projects: str) -> tuple[list, list]:
    projects = [
        {"project_id": p, "project_name": p, "district_code": "990101", "community_code": "C1"} for p in ("P1", "P2", "P3", *more_projects)
    ]
    con = connection(projects=projects, premises=[{"kind": "community", **room} for room in rooms])
    return con.execute("FROM room_claim ORDER BY 1").fetchall(), con.execute("FROM room_alike ORDER BY 1").fetchall()


@BOUNDED
@given(st.lists(ROOM, min_size=2, max_size=8), st.randoms(use_true_random=False))
def test_claims_do_not_depend_on_the_order_of_rows_nor_on_an_estate_elsewhere(rooms, random):
    rooms = [{"premises_id": f"R{n}", **room} for n, room in enumerate(rooms)]
    found = claimed(rooms)
    random.shuffle(rooms)
    assert claimed(rooms) == found
    elsewhere = {"premises_id": "R9", "project_id": "P9", "building": "9号楼", "floor_from": 3, "surveyed_m2": 999, "title_no": "办理中"}
    assert claimed([*rooms, elsewhere], "P9") == found


@BOUNDED
@given(st.lists(ROOM, min_size=2, max_size=8))
def test_nobody_s_room_is_claimed_without_a_number_or_a_parcel_in_common(rooms):
    rooms = [{"premises_id": f"R{n}", **room} for n, room in enumerate(rooms)]
    known = {room["premises_id"]: room for room in rooms}
    for room_id, other_id, project_id, _ in claimed(rooms)[0]:
        room, other = known[room_id], known[other_id]
        assert project_id == other["project_id"] != room["project_id"]
        unit, title = ({room[name], other[name]} for name in ("unit_code", "title_no"))
        one_title = title == {"示例房权证示城字第2009012345号"}
        one_parcel = all((code or "").startswith(UNIT[:19]) for code in unit)
        assert one_parcel or one_title


def test_a_developer_is_another_or_the_same_by_a_code_and_not_by_a_word():
    def told(one: str | None, other: str | None) -> tuple:
        projects = [
            {"project_id": p, "project_name": p, "district_code": "990101", "developer_name": name, "developer_code": code}
            for p, name, code in (("P1", "恒远置业有限公司", one), ("P2", "恒远地产有限公司", other))
        ]
        con = connection(
            projects=projects,
            project_near=[{"project_id": "P1", "other_id": "P2", "metres": 5}],
            project_alike=[{"project_id": "P1", "other_id": "P2", "metres": 5}],
        )
        row = "SELECT alike_project_id, names_under_code, same_name_project_id, len(cluster_ids) FROM fact_project ORDER BY project_id"
        return con.execute(row).fetchone()

    code, another = "91610000MA6TXX1234", "91610000MA6TXX9999"
    for filler in (None, "0001", "见附件", "办理中"):
        assert told(filler, filler) == (None, None, None, None)
        assert told(filler, code)[0] == "P2"
        assert told(filler, "0002") == (None, None, None, None)
    assert told(code, another) == ("P2", 1, None, None)
    assert told(code, code) == (None, 2, None, 1)
