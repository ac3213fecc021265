"""Deliveries and rules that lie elsewhere now: named for their runs they prove the causes as before, and nothing else is taken for them."""

import datetime as dt
import shutil
import zipfile

import pytest

from planning_check import pipeline
from planning_check.errors import UsageError
from planning_check.pipeline import Moved
from tests.towns import DAY, Town

EARLY, EARLIER = "parameters: {DA04.earliest_on: 2007-12-31}\n", "parameters: {DA04.earliest_on: 2006-12-31}\n"


def moved_town(folder):
    """Two checks with other data and by other rules, both deliveries and the rules of the first moved afterwards."""
    made = Town(folder)
    made.first = made.check(made.deliver("一"), DAY, rule_dirs=made.rules("旧规", EARLIER))
    made.second = made.check(made.deliver("二", 实测总建筑面积=60000), DAY, rule_dirs=made.rules("新规", EARLY))
    made.as_it_was = made.differ()
    archive = folder / "档案"
    archive.mkdir()
    for name in ("一", "二", "旧规"):
        shutil.move(folder / name, archive / name)
    made.archive = archive
    made.moved = Moved({1: [archive / "一"], 2: [archive / "二"]}, {1: [archive / "旧规"]})
    return made


@pytest.fixture
def town(tmp_path):
    """A town of one's own, whose files may be changed."""
    return moved_town(tmp_path)


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """A town that several tests look at."""
    return moved_town(tmp_path_factory.mktemp("kept"))


def whys(found):
    return {(c.named.rule_id, c.named.subject_key): (c.kind, c.cause.ways, c.cause.proved) for c in found.changes}


def options(moved):
    named = [(f"--{name}", run, path) for name in ("inputs", "rules") for run, paths in getattr(moved, name).items() for path in paths]
    return [word for option, run, path in named for word in (option, f"{run}={path}")]


def refusal(town, moved):
    with pytest.raises(UsageError) as error:
        pipeline.differ(town.url, moved=moved)
    return error.value


def test_what_was_moved_is_named_and_proves_the_causes_as_before(kept, call):
    lost = pipeline.differ(kept.url)
    assert {(factor, side) for factor, side, _ in lost.lost} == {("data", "after"), ("data", "before"), ("rules", "before")}
    assert not any(proved for _, _, proved in whys(lost).values())
    found = pipeline.differ(kept.url, moved=kept.moved)
    assert whys(found) == whys(kept.as_it_was) and all(proved for _, _, proved in whys(found).values())
    assert whys(found)["AR03", "P01"] == ("new", (("data",),), True)
    assert (found.lost, found.judged) == ((), kept.as_it_was.judged)
    code, out, _ = call("diff", "--db", kept.url, "--lang", "zh")
    assert code == 0 and "挪了地方的，指明现在的位置：--inputs1=文件夹--rules1=文件夹--inputs2=文件夹" in "".join(out.split())
    code, out, _ = call("diff", *options(kept.moved), "--db", kept.url, "--lang", "zh")
    assert code == 0 and "已不能再判" not in out and "原因由重新判定" in out


def test_another_folder_is_refused_with_the_first_file_that_differs(town):
    swapped = refusal(town, Moved({1: [town.archive / "二"]}))
    assert "第 1 次检查" in swapped.what.zh and swapped.why.en.startswith("file 项目.csv: not the one that was checked (then sha256 ")
    (town.archive / "一" / "移交.csv").unlink()
    gone = refusal(town, town.moved)
    assert gone.why.zh.startswith("文件 移交.csv 不在了") and "一字未改" in gone.fix.zh


def test_other_rules_are_refused_with_the_file_that_differs(town):
    (town.archive / "旧规" / "overrides.yaml").write_text(EARLY, "utf-8")
    other = refusal(town, town.moved)
    assert other.why.en.startswith("rule file 旧规/overrides.yaml: not the one of then")
    with_name = refusal(town, Moved({}, {2: [town.archive / "旧规"]}))
    assert with_name.why.zh.startswith("规则文件 新规/overrides.yaml 不在了"), "the folder must bear the name that it had"
    nowhere = refusal(town, Moved({}, {1: [town.folder / "没有"]}))
    assert str(town.folder / "没有") in nowhere.render("en")


def test_a_waiver_that_was_written_since_turns_no_verdict(town):
    (town.archive / "旧规" / "waivers.yaml").write_text("waivers: []\n", "utf-8")
    assert whys(pipeline.differ(town.url, moved=town.moved)) == whys(town.as_it_was)


def test_the_file_inside_an_archive_is_looked_at_when_it_is_read(tmp_path):
    town = Town(tmp_path)
    for name, changed in (("一", {}), ("二", {"实测总建筑面积": 60000})):
        folder = town.deliver(name, **changed)
        (tmp_path / f"送{name}").mkdir()
        with zipfile.ZipFile(tmp_path / f"送{name}" / "报送.zip", "w") as made:
            for file in sorted(folder.iterdir()):
                made.write(file, file.name)
        town.check(tmp_path / f"送{name}")
    proved = town.differ()
    assert whys(proved)["AR03", "P01"] == ("new", (("data",),), True)
    shutil.move(tmp_path / "送一", tmp_path / "旧送一")
    assert whys(pipeline.differ(town.url, moved=Moved({1: [tmp_path / "旧送一"]}))) == whys(proved)
    other = refusal(town, Moved({1: [tmp_path / "送二"]}))
    assert "报送.zip/项目.csv" in other.why.zh


def test_files_that_were_given_one_by_one_may_have_other_folders(tmp_path):
    town = Town(tmp_path)
    for name, changed in (("一", {}), ("二", {"实测总建筑面积": 60000})):
        files = sorted(town.deliver(name, **changed).iterdir())
        asked = pipeline.Options(files, as_of=DAY, today=DAY, series="小城")
        pipeline.check(asked, created_at=dt.datetime(2011, 7, 1), db_url=town.url)
    (tmp_path / "别处").mkdir()
    now = [shutil.move(file, tmp_path / "别处" / file.name) for file in sorted((tmp_path / "一").iterdir())]
    assert whys(pipeline.differ(town.url, moved=Moved({1: now})))["AR03", "P01"] == ("new", (("data",),), True)


def test_a_past_day_is_seen_from_where_the_deliveries_are_now(kept, call):
    code, _, err = call("replay", "2011-07-08", "--db", kept.url, "--lang", "zh")
    assert code == 2 and "--inputs 2=路径" in err
    known = pipeline.as_known(kept.url, DAY, moved=Moved({2: [kept.archive / "二"]}))
    assert (known.then.id, known.now.id, known.comparison.changes) == (2, 2, [])
    code, _, err = call("replay", "2011-07-08", "--inputs", f"2={kept.archive / '一'}", "--db", kept.url, "--lang", "en")
    assert code == 2 and "what was named is not what run 2 was made from" in err and "项目.csv" in err


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (["--inputs", "一"], "写成 次数=路径"), (["--inputs", "3="], "写成 次数=路径"), (["--inputs", "3=没有这个"], "没有这个"),
        (["--inputs", "7=档案"], "--inputs 7=…：这里用不到第 7 次检查"), (["--rules", "7=档案"], "用到的是第 1, 2 次"),
        (["--quick", "--inputs", "1=档案"], "--quick 不重新判定"),
    ],
)  # fmt: skip
def test_what_cannot_be_named_is_refused(kept, call, said, told, monkeypatch):
    monkeypatch.chdir(kept.folder)
    code, _, err = call("diff", *said, "--db", kept.url, "--lang", "zh")
    assert code == 2 and told in " ".join(err.split())
