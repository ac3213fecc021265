"""A plan is run in this process: what has no result is checked, what fails is named with its kind and stops nothing, nothing is left."""

import shutil
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import pytest

from planning_check.cli.province_run import told
from planning_check.errors import Text
from planning_check.pipeline.province.executing import Heard, run, standing
from planning_check.province.commits import COMMIT, Results
from planning_check.province.workers import Here, Lost
from tests.province import stand_in
from tests.province.stand_in import asked_times, leftovers, province, roots


def ran(plan, out, *, workers=None, heard=None, **given):
    return run(plan, str(out), nullcontext(workers or Here()), told, heard=heard, check=stand_in.check, **given)


def asked(plan):
    return [asked_times(city.folder) for city in plan.cities]


@pytest.fixture
def out(tmp_path):
    return tmp_path / "out"


def test_every_shard_gets_its_result(tmp_path, out):
    plan = province(tmp_path, {"甲市": {}, "乙市": {}})
    now = ran(plan, out)
    assert sorted(now.done) == ["s001", "s002"] == sorted(roots(plan, out))
    assert (now.before, now.taken, now.failures, now.missing) == (0, 0, [], [])
    assert leftovers(out) == []


def test_what_is_there_is_not_run_again(tmp_path, out):
    plan = province(tmp_path, {"a": {}, "b": {"fails": "delivery"}})
    ran(plan, out)
    (tmp_path / "cities" / "b" / "do.json").write_text("{}", "utf-8")
    now = ran(plan, out)
    assert (now.before, now.missing, asked(plan)) == (1, [], [1, 2])
    ran(plan, out, workers=Nobody())
    assert asked(plan) == [1, 2]


class Nobody:
    """Must not be asked."""

    def __getattr__(self, name):
        raise AssertionError(name)


@pytest.mark.parametrize(
    ("fails", "kind", "says"),
    [
        ("delivery", "delivery", "no file that can be read"),
        ("changed", "changed", "plan again"),
        ("disk", "machine", "the disk is full"),
        ("bug", "bug", "KeyError"),
    ],
)
def test_a_shard_that_fails_is_named_with_its_kind_and_stops_no_other(tmp_path, out, fails, kind, says):
    plan = province(tmp_path, {"a": {}, "坏市": {"fails": fails}, "c": {}})
    at_once = []
    now = ran(plan, out, heard=Heard(failed=at_once.append))
    assert sorted(now.done) == ["s001", "s003"]
    assert [(f.shard, f.cities, f.kind, f.tries) for f in now.failures] == [("s002", ("坏市",), kind, 1)]
    assert says in now.failures[0].why.en
    assert now.failures == at_once
    assert ("Traceback" in now.failures[0].trace) == (kind == "bug")
    assert [shard.code for shard in now.missing] == ["s002"]
    assert leftovers(out) == []


def test_one_that_lacked_memory_is_tried_again_with_more_after_the_others(tmp_path, out):
    plan = province(tmp_path, {"a": {"out_of_memory": 1}, "b": {}})
    notes = []
    now = ran(plan, out, memory="500MB", heard=Heard(note=notes.append))
    assert now.missing == []
    assert [line.split()[2] for line in (tmp_path / "cities/a/asked.txt").read_text().splitlines()] == ["500MB", "2000MB"]
    assert "500 MB" in notes[0].zh
    assert "s001" in notes[0].en


def test_one_that_lacks_memory_for_good_is_named_with_the_sizes_tried(tmp_path, out):
    plan = province(tmp_path, {"a": {"out_of_memory": 9}, "b": {}})
    now = ran(plan, out, memory="500MB")
    assert sorted(now.done) == ["s002"]
    failure = now.failures[0]
    assert (failure.kind, failure.tries) == ("machine", 2)
    assert "500 MB、2000 MB" in failure.why.zh
    assert "500 MB, 2000 MB" in failure.why.en


def test_where_nobody_limited_the_memory_nothing_is_to_be_gained_by_a_second_try(tmp_path, out):
    plan = province(tmp_path, {"a": {"out_of_memory": 9}})
    now = ran(plan, out)
    assert [(f.kind, f.tries) for f in now.failures] == [("machine", 1)]
    assert asked(plan) == [1]


def test_progress_by_projects(tmp_path, out):
    plan = province(tmp_path, {"a": {}, "b": {"fails": "delivery"}, "c": {}, "d": {}}, projects=9)
    heard = []
    ran(plan, out, heard=Heard(progress=heard.append))
    assert [(u.share, u.ended, u.all, u.running, u.failed) for u in heard] == [
        (0, 0, 4, 1, 0), (0.25, 1, 4, 1, 0), (0.5, 2, 4, 1, 1), (0.75, 3, 4, 1, 1), (1, 4, 4, 0, 1),
    ]  # fmt: skip


def test_a_damaged_mark_is_said_and_the_shard_is_checked_anew(tmp_path, out):
    plan = province(tmp_path, {"a": {}})
    ran(plan, out)
    Path(Results(str(out), plan.digest).place("s001"), COMMIT).write_text("{", "utf-8")
    notes = []
    now = ran(plan, out, heard=Heard(note=notes.append))
    assert "damaged" in notes[0].en
    assert (now.before, now.missing, asked(plan)) == (0, [], [2])


def test_a_result_whose_table_is_gone_is_made_anew(tmp_path, out):
    plan = province(tmp_path, {"a": {}})
    ran(plan, out)
    Path(Results(str(out), plan.digest).place("s001"), "finding.parquet").unlink()
    assert [shard.code for shard in standing(plan, str(out)).missing] == ["s001"]
    assert ran(plan, out).missing == []
    assert Path(Results(str(out), plan.digest).place("s001"), "finding.parquet").is_file()


def test_a_shard_of_another_plan_with_an_equal_digest_is_taken_over(tmp_path, out):
    plan = province(tmp_path, {"a": {}, "b": {}})
    ran(plan, out)
    larger = replace(province(tmp_path, {"a": {}, "b": {}, "c": {}}), digest="f" * 64)
    now = ran(larger, out)
    assert (now.taken, now.before, now.missing) == (2, 0, [])
    assert asked(larger) == [1, 1, 1]
    assert roots(larger, out).items() > roots(plan, out).items()


def test_a_disk_that_is_full_while_results_are_taken_over_stops_nothing(tmp_path, out, monkeypatch):
    plan = province(tmp_path, {"a": {}})
    ran(plan, out)
    true = Results.put

    def full(self, folder, commit):
        monkeypatch.setattr(Results, "put", true)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Results, "put", full)
    now = ran(replace(plan, digest="f" * 64), out)
    assert (now.taken, now.missing) == (0, [])


class Forgetful(Here):
    """Ends as if it were done, and somebody takes the result away."""

    def each(self, work, items, tick):
        for item, made in super().each(work, items, tick):
            shutil.rmtree(Results(item.out, item.run_digest).place(item.shard.code))
            yield item, made


def test_done_is_only_what_is_there_when_all_is_over(tmp_path, out):
    now = ran(province(tmp_path, {"a": {}}), out, workers=Forgetful())
    assert (list(now.done), [f.kind for f in now.failures]) == ([], ["machine"])


class Gone(Here):
    """The scheduler is lost before anything ends."""

    def each(self, work, items, tick):
        yield from ((item, Lost(Text("断了", "gone"))) for item in items)


def test_what_was_lost_with_the_scheduler_is_named(tmp_path, out):
    now = ran(province(tmp_path, {"a": {}, "b": {}}), out, workers=Gone())
    assert [(f.shard, f.kind, f.why.en) for f in now.failures] == [("s001", "machine", "gone"), ("s002", "machine", "gone")]


def test_another_was_faster(tmp_path, out, monkeypatch):
    """A check that fails because another has just put the result there, and cleaned up, has not failed."""
    plan = province(tmp_path, {"a": {"fails": "disk"}})
    true = stand_in._do

    def slow(folder, task):
        results = Results(task.out, task.run_digest)
        with results.begun("s001") as own:
            results.put(own, stand_in.write(own, task.shard))
        results.clean(plan.shards)
        true(folder, task)

    monkeypatch.setattr(stand_in, "_do", slow)
    now = ran(plan, out)
    assert (list(now.done), now.failures) == (["s001"], [])
    assert leftovers(out) == []


def test_ctrl_c_leaves_what_is_done_and_nothing_else(tmp_path, out, monkeypatch):
    plan = province(tmp_path, {"a": {}, "b": {}, "c": {}})
    true = stand_in._do

    def interrupted(folder, task):
        if folder.name == "b":
            raise KeyboardInterrupt
        true(folder, task)

    monkeypatch.setattr(stand_in, "_do", interrupted)
    with pytest.raises(KeyboardInterrupt):
        ran(plan, out)
    assert sorted(roots(plan, out)) == ["s001"] == sorted(standing(plan, str(out)).done)
    assert leftovers(out) == []


def test_ctrl_c_as_the_engine_tells_it_is_no_bug(tmp_path, out, monkeypatch):
    def query(folder, task):
        raise RuntimeError("Query interrupted")

    monkeypatch.setattr(stand_in, "_do", query)
    with pytest.raises(KeyboardInterrupt):
        ran(province(tmp_path, {"a": {}}), out)


def test_the_largest_first(tmp_path, out):
    plan = province(tmp_path, {"a": {}, "b": {}})
    plan = replace(plan, shards=(plan.shards[0], replace(plan.shards[1], bytes=10**9)))
    order = []

    class Ordered(Here):
        def each(self, work, items, tick):
            order.extend(item.shard.code for item in items)
            return super().each(work, items, tick)

    ran(plan, out, workers=Ordered())
    assert order == ["s002", "s001"]


def test_a_plan_without_shards_is_done(tmp_path, out):
    now = ran(replace(province(tmp_path, {}), shards=()), out, workers=Nobody())
    assert (now.missing, now.failures) == ([], [])
