"""The plan as a file: the same plan again, and nothing else."""

import datetime as dt
import json
from dataclasses import fields

import pytest

from planning_check.errors import Text, UsageError
from planning_check.province.plan_file import as_json, is_plan, read_plan, with_digest
from planning_check.record.province import City, Link, ProvincePlan, Shard

PLAN = with_digest(ProvincePlan(
    dt.date(2011, 6, 30), "1.2", "rules", (
        City("乙/甲市", "/data/甲市", "d1", 123, 45, Text("甲市", "Jia"), (("990101", "东区"), ("990102", None)), ("projects",), ("EPSG:4545",),
             True, False, dt.date(2011, 6, 30), Text("说明", "notice")),
        City("b", "/data/b", "d2", 0, problem=Text("空的\n处理：补报", "empty\nwhat to do: deliver")),
    ),
    (Link("b", "乙/甲市", "ids", 3, "P1", Text("编号撞了", "they number alike")), Link("b", "乙/甲市", "receipts", 1, "票1")),
    (Shard("s001", ("乙/甲市",), "alone", 45, 123, "x"), Shard("s002", ("b",), "alone", 0, 0, "y")),
    ("/rules/city",), ("AR",), ("AR03",), ("宗地.shp=EPSG:4545",),
))  # fmt: skip


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "plan.json"
    path.write_text(as_json(PLAN), "utf-8")
    return path


def test_it_is_the_same_again(file):
    assert read_plan(file) == PLAN and is_plan(file)
    assert as_json(read_plan(file)) == file.read_text("utf-8")
    assert "甲市" in file.read_text("utf-8"), "people can read it"


def test_every_field_is_in_the_file(file):
    told = json.loads(file.read_text("utf-8"))
    assert set(told) == {"planning_check_province_plan", *(one.name for one in fields(ProvincePlan))}
    for name, kind in (("cities", City), ("links", Link), ("shards", Shard)):
        assert all(set(one) == {f.name for f in fields(kind)} for one in told[name])


def test_the_digest_is_over_all_of_it():
    from dataclasses import replace

    others = [replace(PLAN, as_of=dt.date(2011, 7, 1)), replace(PLAN, shards=PLAN.shards[:1]), replace(PLAN, select=()),
              replace(PLAN, cities=(replace(PLAN.cities[0], digest="d9"), PLAN.cities[1]))]  # fmt: skip
    digests = {with_digest(plan).digest for plan in (PLAN, *others)}
    assert len(digests) == 5 and with_digest(PLAN).digest == PLAN.digest


def change(file, work):
    told = json.loads(file.read_text("utf-8"))
    work(told)
    file.write_text(json.dumps(told, ensure_ascii=False), "utf-8")


@pytest.mark.parametrize(("work", "said"), [
    (lambda t: t["cities"][0].update(projects=46), "changed after it was written"),
    (lambda t: t.update(planning_check_province_plan=2), "another version wrote this plan"),
    (lambda t: t.pop("planning_check_province_plan"), "no plan that province plan wrote"),
    (lambda t: t.update(more=1), "something is wrong in the plan: plan: more"),
    (lambda t: t["cities"][0].pop("folder"), "cities: folder"),
    (lambda t: t["shards"][0].update(codes=[]), "shards: codes"),
    (lambda t: t["shards"][0].update(projects="45"), "something is wrong in the plan: '45'"),
    (lambda t: t["shards"][0].update(projects=True), "something is wrong in the plan: True"),
    (lambda t: t.update(as_of="2011-06-31"), "something is wrong in the plan"),
    (lambda t: t.update(links=None), "something is wrong in the plan"),
    (lambda t: t["links"][0].update(apart={"zh": "只有一种"}), "text: en"),
    (lambda t: t["cities"].__setitem__(0, "甲市"), "cities: str"),
])  # fmt: skip
def test_what_is_no_such_plan(file, work, said):
    change(file, work)
    with pytest.raises(UsageError) as told:
        read_plan(file)
    assert said in told.value.render("en") and str(file) in told.value.render("zh") and "province plan" in told.value.render("zh")


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "[" * 100_000])
def test_what_is_no_plan_at_all(file, text):
    file.write_text(text, "utf-8")
    with pytest.raises(UsageError):
        read_plan(file)
    assert not is_plan(file)


def test_where_there_is_none(tmp_path):
    with pytest.raises(UsageError) as told:
        read_plan(tmp_path / "plan.json")
    assert "planning-check province plan" in told.value.render("en")
    assert not is_plan(tmp_path) and not is_plan(tmp_path / "plan.json")
