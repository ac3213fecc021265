"""``province plan``: the file that it writes, what it prints, and what it refuses."""

import pytest

from planning_check.province.plan_file import read_plan
from planning_check.report.console.layout import display_width
from tests import estates
from tests.province import cities

DAY = ("--as-of", "2011-06-30")


@pytest.fixture(scope="module")
def eight(tmp_path_factory):
    folder = tmp_path_factory.mktemp("province")
    cities.write(folder)
    return folder


@pytest.fixture
def small(tmp_path):
    return estates.write(tmp_path / "甲市", estates.in_order(1))


@pytest.mark.parametrize("width", [80, 120])
def test_the_eight_cities(call, eight, monkeypatch, tmp_path, width):
    monkeypatch.setenv("COLUMNS", str(width))
    code, out, err = call("province", "plan", eight, *DAY, "--lang", "zh")
    assert code == 0 and "计划已写入 plan.json" in err
    lines = out.splitlines()
    assert all(display_width(line) <= width for line in lines)
    out.encode("gbk")
    assert "城市 8 个，项目 322 个，分 3 片检查" in out
    assert lines.index("读不出的城市 2 个：不会在任何名单和合计里") < lines.index("分片")
    assert "kongcheng：文件夹是空的" in out and "柳河市：柳河市/项目台账.xlsx：文件读不出" in out
    assert "同一票据：1 对城市，5 处；如 linqiao - 东川市" in out and "图形重叠：1 对城市" in out
    assert "planning-check province run plan.json --out" in out
    plan = read_plan(tmp_path / "plan.json")
    assert [city.label for city in plan.cities] == sorted(cities.LABELS)

    code, out, _ = call("province", "plan", eight, *DAY, "--lang", "en", "-v", "--join-below", "0", "-o", "other.json")
    assert code == 0 and all(display_width(line) <= width for line in out.splitlines())
    assert "checked in 6 shards" in out and "s003: linqiao(Linqiao), 东川市(Dongchuan)" in out
    assert {tuple(shard.cities) for shard in read_plan(tmp_path / "other.json").shards} == {
        ("linqiao", "东川市"), ("nanpu", "北岭市"), ("anyuan",), ("清源市",), ("柳河市",), ("kongcheng",),
    }  # fmt: skip


def test_a_plan_takes_the_place_of_a_plan_and_of_nothing_else(call, small, tmp_path):
    (tmp_path / "plan.json").write_text("{}", "utf-8")
    code, _, err = call("province", "plan", small, *DAY, "--lang", "en")
    assert code == 2 and "the file exists and was not overwritten" in err
    assert (tmp_path / "plan.json").read_text("utf-8") == "{}"
    code, _, err = call("province", "plan", small, *DAY, "--force")
    assert code == 0
    first = (tmp_path / "plan.json").read_bytes()
    code, _, err = call("province", "plan", small, *DAY, "--lang", "en")
    assert code == 0 and "in place of the plan that was there" in err
    assert (tmp_path / "plan.json").read_bytes() == first, "the same folders, the same bytes"


def test_quiet_says_nothing_and_writes_all(call, small, tmp_path):
    assert call("province", "plan", small, *DAY, "-q") == (0, "", "")
    assert read_plan(tmp_path / "plan.json").shards[0].cities == ("甲市",)


@pytest.mark.parametrize(("more", "code", "said"), [
    ((), 2, "the cities state different days, or none of them any"), ((*DAY, "--select", "ZZ99"), 2, "no rule fits ZZ99"),
    ((*DAY, "--rules", "nowhere"), 2, "no such rules folder"), ((*DAY, "-o", "no/plan.json"), 2, "the folder does not exist"),
    ((*DAY, "甲市"), 2, "this folder is named twice"), ((*DAY, "乙市"), 2, "there is no such folder"),
])  # fmt: skip
def test_what_is_wrong_is_said(call, small, tmp_path, more, code, said):
    found, _, err = call("province", "plan", small, "--lang", "en", *more)
    assert found == code and said in err
    assert not (tmp_path / "plan.json").exists()


def test_where_no_city_can_be_read_there_is_no_plan(call, tmp_path):
    (tmp_path / "空").mkdir()
    code, _, err = call("province", "plan", tmp_path / "空", *DAY, "--lang", "en")
    assert code == 3 and "none of the cities can be read" in err and "the folder is empty" in err
    assert not (tmp_path / "plan.json").exists()


def test_one_stated_day_is_that_of_the_cities_that_state_none(call, tmp_path):
    """And they can be checked together: for what is said to have happened, the day of the check is theirs."""
    for number, label in enumerate(("甲市", "乙市"), 1):
        tables = estates.in_order(1)
        text = {name: [{key: f"{value}".replace("9901", f"990{number}").replace("P01", f"P{number}1") for key, value in row.items()}
                       for row in rows] for name, rows in tables.items()}  # fmt: skip
        text["区县"][0]["区县名称"] = f"{label}东区"
        estates.write(tmp_path / label, text)
    (tmp_path / "甲市" / "delivery.yaml").write_text("as_of: 2011-06-30\n", "utf-8")
    code, out, _ = call("province", "plan", "甲市", "乙市", "--lang", "en")
    assert code == 0 and "as of 2011-06-30" in out
    assert [sorted(shard.cities) for shard in read_plan(tmp_path / "plan.json").shards] == [["乙市", "甲市"]]
    (tmp_path / "乙市" / "delivery.yaml").write_text("as_of: 2011-03-31\n", "utf-8")
    code, _, err = call("province", "plan", "甲市", "乙市", "--lang", "en", "--force")
    assert code == 2 and "2011-03-31: 乙市" in err
