"""Two cities reach across where they share one thing, and then their findings together are others than alone; beside each, what only looks
like it links nothing and changes nothing."""

import pytest
import shapely

from planning_check.pipeline.province.planning import plan_province
from tests.province import pairs
from tests.province.pairs import SIDE, SOUTH, WEST, Mapped

CODE = "91110000625703402U"
TITLE, UNIT, PARCEL = "陕(2009)安康市不动产权第0001234号", "610902001001GB00001F00010001", "610902001001GB00001"


def both(table, **cells):
    """The first row of a table of both cities."""

    def share(*cities):
        for one in cities:
            one[table][0].update(cells)

    return share


def not_received(share):
    """The same, where the other city's room was not handed over: a community of its own received it, which tells it from the first."""

    def also(one, other):
        share(one, other)
        del other["移交"][0]
        for room in other["用房"][1:]:
            room["楼栋"] = "7号楼"  # or the two of one estate were more alike

    return also


def paid(receipt, account="社区建设专户", amount=400_000, on="2010-03-05"):
    """A payment in each city, the same but for its id and project."""

    def share(*cities):
        for one in cities:
            project = one["项目"][0]["项目编号"]
            one["折资"].append({
                "缴款编号": f"{project}-Z", "项目编号": project, "折资金额": amount, "应缴日期": on, "到账日期": on, "折资协议号": f"折{project}号",
                "折资协议日期": "2008-03-01", "折资单价": 4000, "票据号": receipt, "收款账户": account,
            })  # fmt: skip

    return share


def developed(code, *names, called=None):
    """The first project of each city has this developer, by these names, and is ``called`` so."""

    def share(*cities):
        for one, name in zip(cities, names, strict=True):
            one["项目"][0] |= {"统一社会信用代码": code, "开发企业": name} | ({"项目名称": called} if called else {})
            one["项目"][1] |= {"统一社会信用代码": ""}

    return share


def named_over_there(one, other):
    """A room of the second city is booked under a project of the first."""
    other["用房"][0]["项目编号"] = one["项目"][0]["项目编号"]


def of_their_district(one, other):
    other["区县"].append(dict(one["区县"][0]))
    other["项目"][0]["区县"] = one["区县"][0]["区县代码"]


def word_for_a_room(*cities):
    for one in cities:
        one["移交"][0]["用房编号"] = "见附件"


#: What two cities are given -> the kinds of link that it makes: none where it only looks like one.
SHARED = {
    "a room under the other's project": (named_over_there, {"ids"}),
    "a word in place of a room": (word_for_a_room, set()),
    "one receipt": (paid("财综2010003456"), {"receipts"}),
    "a word in place of a receipt": (paid("见附件"), set()),
    "a bare number of a receipt": (paid("0001"), set()),
    "one title": (both("用房", 产权证号=TITLE), {"titles"}),
    "one number that is no title": (not_received(both("用房", 产权证号="2009-0001234")), {"titles"}),
    "a word in place of a title": (both("用房", 产权证号="见附件"), set()),
    "one real-estate unit": (both("用房", 不动产单元号=UNIT), {"units"}),
    "one parcel, building, floor and area": (not_received(both("用房", 不动产单元号=PARCEL)), {"units"}),
    "a word in place of a unit": (both("用房", 不动产单元号="无"), set()),
    "one permit": (both("项目", 工规证号="建字第610000200800123号"), {"permits"}),
    "a word in place of a permit": (both("项目", 工规证号="办理中"), set()),
    "one developer's project of one name": (developed(CODE, "远大置业有限公司", "远大置业有限公司", called="远大城"), {"names"}),
    "one developer by two names": (developed(CODE, "远大置业有限公司", "宏图置业有限公司"), {"developers"}),
    "a national developer by one name": (developed(CODE, "远大置业有限公司", "远大置业有限公司"), set()),
    "a word in place of a code": (developed("办理中", "远大置业有限公司", "宏图置业有限公司"), set()),
    "one district": (of_their_district, {"districts"}),
}
#: What the bundled law draws no conclusion from (a city's own may: tiers by the size of a development, figures of a district).
QUIET = {"one district", "one developer's projects close together"}


def plan_of(folders):
    return plan_province(folders, pairs.AS_OF, join_below=0)


def proven(folders, kinds):
    """The plan links them by these kinds; and together they are judged otherwise than alone if and only if they are linked."""
    plan = plan_of(folders)
    assert {link.kind for link in plan.links} == kinds and not [link for link in plan.links if link.apart]
    assert len(plan.shards) == (1 if kinds else 2)
    return pairs.heads(folders), pairs.heads(folders[:1]) + pairs.heads(folders[1:])


@pytest.mark.parametrize("what", SHARED)
def test_keys(tmp_path, what):
    share, kinds = SHARED[what]
    one, other = pairs.pair()
    share(one, other)
    together, alone = proven(pairs.write(tmp_path, A=one, B=other), kinds)
    assert (together != alone) == (bool(kinds) and what not in QUIET)


def over_the_border(mapped):
    mapped.shapes["宗地"]["A|ZA1"] = shapely.box(WEST + SIDE - 100, SOUTH + 300, WEST + SIDE + 400, SOUTH + 400)


def into_the_other(mapped):
    mapped.shapes["宗地"]["A|ZA1"] = shapely.box(WEST + SIDE - 100, SOUTH + 1000, WEST + SIDE + 100, SOUTH + 1100)


def touching(mapped):
    mapped.shapes["宗地"]["A|ZA1"] = shapely.box(WEST + SIDE - 200, SOUTH + 300, WEST + SIDE, SOUTH + 400)
    mapped.shapes["宗地"]["B|ZB0"] = shapely.box(WEST + SIDE, SOUTH + 300, WEST + SIDE + 200, SOUTH + 400)


def overlapping(mapped):
    mapped.shapes["社区"]["A|990111001001"] = shapely.box(WEST, SOUTH, WEST + SIDE + 50, SOUTH + SIDE)


def office_over_there(mapped):
    mapped.shapes["社区办公用房"]["A|BA"] = shapely.Point(WEST + SIDE + 1900, SOUTH + 1900)


def near_the_facility(mapped):
    mapped.shapes["闲置设施"]["B|XB"] = shapely.Point(WEST + SIDE + 100, SOUTH + 1500)
    mapped.shapes["社区办公用房"]["A|BA"] = shapely.Point(WEST + SIDE - 100, SOUTH + 1500)


def renewal(mapped, reach):
    for letter, number in (("A", 0), ("B", 1)):
        west = WEST + number * SIDE
        mapped.add("旧城改造范围", letter, f"G{letter}", {"改造片区编号": f"G{letter}", "改造片区名称": f"{letter}市片区"},
                   shapely.box(west + 1900, SOUTH + 1900, west + 1990, SOUTH + 1990))  # fmt: skip
    mapped.shapes["旧城改造范围"]["B|GB"] = shapely.box(WEST + SIDE + 100 - reach, SOUTH + 1400, WEST + SIDE + 200, SOUTH + 1600)
    mapped.shapes["社区办公用房"]["A|BA"] = shapely.Point(WEST + SIDE - 200, SOUTH + 1500)


def developed_near(metres, *names):
    """The last project of the west and the first of the east, of one code or by names alike, so far from each other."""

    def move(mapped):
        half = metres / 2
        mapped.shapes["宗地"]["A|ZA1"] = shapely.box(WEST + SIDE - 200 - half, SOUTH + 300, WEST + SIDE - half, SOUTH + 400)
        mapped.shapes["宗地"]["B|ZB0"] = shapely.box(WEST + SIDE + half, SOUTH + 300, WEST + SIDE + 200 + half, SOUTH + 400)
        codes = [CODE, CODE if names[0] == names[1] else "91440300279449377L"]
        for letter, n, name, code in zip("AB", (1, 0), names, codes, strict=True):
            mapped.tables[letter]["项目"][n] |= {"统一社会信用代码": code, "开发企业": name}
            mapped.tables[letter]["项目"][1 - n] |= {"统一社会信用代码": ""}

    return move


def rooms(metres):
    """Rooms of one building, floor and area, so far from each other."""

    def place(mapped):
        for letter, east in (("A", -metres / 2), ("B", metres / 2)):
            row = mapped.tables[letter]["用房"].pop(0)
            mapped.add("用房", letter, row["用房编号"], row, shapely.Point(WEST + SIDE + east, SOUTH + 1700))
        del mapped.tables["B"]["移交"][0]

    return place


#: What is moved on the map of two cities side by side -> the kinds of link.
MAPPED = {
    "side by side": (lambda _: None, set()),
    "a parcel on the other's parcel": (over_the_border, {"overlap", "inside"}),
    "a parcel in the other's community": (into_the_other, {"inside"}),
    "parcels that touch": (touching, set()),
    "communities that overlap": (overlapping, {"overlap"}),
    "an office in the other's community": (office_over_there, {"inside"}),
    "an office near the other's facility": (near_the_facility, {"offices"}),
    "an office in the other's renewal area": (lambda m: renewal(m, 400), {"offices"}),
    "an office beside the other's renewal area": (lambda m: renewal(m, 200), set()),
    "one developer's projects close together": (developed_near(20, "远大置业有限公司", "远大置业有限公司"), {"developers"}),
    "one developer's projects apart": (developed_near(120, "远大置业有限公司", "远大置业有限公司"), set()),
    "names alike close together": (developed_near(20, "鸿运达置业有限公司", "鸿运达房地产开发有限公司"), {"developers"}),
    "names alike apart": (developed_near(120, "鸿运达置业有限公司", "鸿运达房地产开发有限公司"), set()),
    "rooms in one place": (rooms(3), {"rooms"}),
    "rooms in two places": (rooms(60), set()),
}


@pytest.mark.parametrize("what", MAPPED)
def test_places(tmp_path, what):
    move, kinds = MAPPED[what]
    mapped = Mapped()
    move(mapped)
    together, alone = proven(mapped.write(tmp_path), kinds)
    assert (together != alone) == (bool(kinds) and what not in QUIET)


def test_a_border_drawn_twice(tmp_path):
    """Closer than it could be anything between, and not one line: a rule says so."""
    together, alone = proven(Mapped(gap_m=0.2).write(tmp_path / "near"), {"edges"})
    assert together != alone
    together, alone = proven(Mapped(gap_m=20).write(tmp_path / "far"), set())
    assert together == alone
