"""``province verify`` as it is typed: what it prints within 80 columns, and how it ends."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from planning_check.pipeline.province.checking import check_shard
from planning_check.province.plan_file import read_plan
from planning_check.record.province import tasks
from planning_check.report.console.layout import display_width
from tests.province import cities


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The two plain cities and the broken one, planned and checked."""
    from planning_check.cli.main import run

    top = tmp_path_factory.mktemp("province")
    where = cities.write(top / "in")
    named = [where[label].as_posix() for label in (*cities.PLAIN, cities.BROKEN)]
    plan_file = top / "plan.json"
    assert run(["province", "plan", *named, "--join-below", "0", "-o", plan_file.as_posix(), "-q"]) == 0
    plan = read_plan(plan_file)
    for task in tasks(plan, str(top / "out"), only=[shard.code for shard in plan.shards if shard.cities != (cities.BROKEN,)]):
        check_shard(task)
    return top


@pytest.fixture
def own(made, tmp_path, monkeypatch):
    shutil.copytree(made / "out", tmp_path / "out")
    shutil.copy(made / "plan.json", tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    return tmp_path


def test_what_is_proved_is_said_and_what_cannot_be_read_too(own, call):
    code, out, _ = call("province", "verify", "plan.json", "--out", "out", "--sample", "1", "--seed", "4", "--lang", "en")
    assert code == 3, "one city was not checked"
    said = " ".join(out.split())
    assert "--seed 4" in said and said.count("every table is the same") == 1 and "nothing is proved of it" in said
    told = [line for line in out.splitlines() if len(line.strip()) != 64]  # but for a root, which is copied
    assert max(map(display_width, told)) <= 80
    code, zh, _ = call("province", "verify", "plan.json", "--out", "out", "--sample", "0", "--lang", "zh")
    assert code == 3 and "未证明" in zh and "--seed" in zh
    assert max(map(display_width, zh.splitlines())) <= 80
    zh.encode("gbk")


def test_the_readable_cities_as_one_delivery(own, call):
    code, out, _ = call("province", "verify", "plan.json", "--out", "out", "--sample", "0", "--whole", "--lang", "en")
    assert code == 3 and "2 cities as one delivery: every table is that of the shards together" in " ".join(out.split())


def test_a_table_that_is_not_as_written_ends_with_2(own, call):
    code = next(shard.code for shard in read_plan(Path("plan.json")).shards if shard.cities == ("anyuan",))
    (file,) = own.glob(f"out/run=*/shard={code}/balance.parquet")
    file.write_bytes(file.read_bytes()[:-1])
    code, out, _ = call("province", "verify", "plan.json", "--out", "out", "--sample", "0", "-q", "--lang", "en")
    assert code == 2 and "DIFFERS" in out and "balance" in out, "it is said even where nothing else is"


def test_no_plan_and_a_plan_that_was_changed(own, call):
    assert call("province", "verify", "no.json", "--out", "out")[0] == 2
    plan = Path("plan.json")
    plan.write_text(plan.read_text("utf-8").replace('"projects": 60', '"projects": 61'), "utf-8")
    code, _, err = call("province", "verify", "plan.json", "--out", "out", "--lang", "en")
    assert code == 2 and "digest does not fit" in err
