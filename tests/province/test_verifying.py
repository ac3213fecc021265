"""Results of a province are proved only where they are what the plan comes to; what is not so is named."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from planning_check.errors import MachineError, Text
from planning_check.pipeline.province import wholly
from planning_check.pipeline.province.checking import check_shard
from planning_check.pipeline.province.verifying import Asked, verify
from planning_check.province.commits import COMMIT, Results
from planning_check.province.results import root_over_contents
from planning_check.record.province import Kept, Link, tasks
from tests.province import cities
from tests.province.planned import plan_of

WRONG = cities.NATIONAL[1][:-1] + ("1" if cities.NATIONAL[1][-1] != "1" else "2")


@pytest.fixture(scope="module")
def province(tmp_path_factory):
    """All eight, the two that share receipts in one shard; every one checked that can be read. The two plain ones tell the code of the
    developer whom all have with a check digit that is wrong."""
    top = tmp_path_factory.mktemp("province")
    where = cities.write(top / "in")
    for label in cities.PLAIN:
        ledger = where[label] / "项目.csv"
        ledger.write_text(ledger.read_text("utf-8-sig").replace(cities.NATIONAL[1], WRONG), "utf-8")
    plan = plan_of(where)
    for task in tasks(plan, str(top / "out"), only=[shard.code for shard in plan.shards if shard.cities[0] in cities.READABLE]):
        check_shard(task)
    return plan, top / "out"


@pytest.fixture
def own(province, tmp_path):
    """The plan, and a copy of its results to spoil."""
    plan, out = province
    return plan, Path(shutil.copytree(out, tmp_path / "out"))


def _points(verdict, state):
    return [point.said.en for point in verdict.points if point.state == state]


def test_results_that_are_whole_are_proved_but_for_what_cannot_be_read(province):
    plan, out = province
    verdict = verify(plan, str(out), Asked(seed=5, sample=1, whole=True))
    assert _points(verdict, "differs") == [] and verdict.state == "unproved"
    unread = _points(verdict, "unproved")
    assert len(unread) == 2 and cities.BROKEN in unread[0] and cities.EMPTY in unread[1]
    same = "\n".join(_points(verdict, "same"))
    assert "shards with a result: 4; every file" in same and "checked again, every table is the same" in same
    assert "6 cities as one delivery: every table is that of the shards together" in same


def test_without_the_unreadable_ones_all_is_proved_and_the_seed_alone_chooses(province):
    plan, out = province
    readable = replace(plan, shards=plan.shards[:4])
    one, other = (verify(readable, str(out), Asked(seed=5, sample=1)) for _ in range(2))
    assert one == other and one.state == "same"
    assert any("--seed 5" in point.said.en for point in one.points)
    drawn = {next(p.said.en for p in verify(plan, str(out), Asked(seed, 0)).points if "--seed" in p.said.en) for seed in range(3)}
    assert all("0 of 4" in told for told in drawn), "none is checked again where none is asked for"


def _code(plan, label):
    return next(shard.code for shard in plan.shards if label in shard.cities)


def _named(verdict):
    return {told.split(" (")[0] for told in _points(verdict, "differs")}


def test_a_changed_byte_of_a_table_is_named(own):
    plan, out = own
    code = _code(plan, "anyuan")
    file = Path(Results(str(out), plan.digest).place(code), "finding_head.parquet")
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(bytes(data))
    verdict = verify(plan, str(out), Asked(1, 0))
    assert verdict.state == "differs" and _named(verdict) == {code}
    assert "finding_head" in _points(verdict, "differs")[0]


def test_a_table_written_anew_with_its_hash_is_found_by_what_it_says(own):
    """Somebody took findings out of the Parquet and set the file's hash right, but not that of its contents."""
    import pyarrow.parquet as pq

    plan, out = own
    code = _code(plan, "anyuan")
    place = Path(Results(str(out), plan.digest).place(code))
    file = place / "finding_head.parquet"
    pq.write_table(pq.read_table(file).slice(1), file)
    mark = json.loads((place / COMMIT).read_text("utf-8"))
    mark["tables"]["finding_head"]["sha256"] = _sha256(file)
    (place / COMMIT).write_text(json.dumps(mark), "utf-8")
    verdict = verify(plan, str(out), Asked(1, 0))
    assert [told for told in _points(verdict, "differs") if "finding_head" in told and "does not say" in told], verdict


def test_one_that_set_all_hashes_right_is_found_by_checking_again_and_by_one_delivery(own):
    import duckdb
    import pyarrow.parquet as pq

    from planning_check.province.results import content_of

    plan, out = own
    code = _code(plan, "anyuan")
    place = Path(Results(str(out), plan.digest).place(code))
    file = place / "finding_head.parquet"
    pq.write_table(pq.read_table(file).slice(1), file)
    with duckdb.connect() as con:
        con.register("part", pq.read_table(file))
        content = content_of(con, "finding_head", "part")
    mark = json.loads((place / COMMIT).read_text("utf-8"))
    mark["tables"]["finding_head"] = {"rows": content.rows, "content": content.sha256, "sha256": _sha256(file)}
    mark["root"] = root_over_contents({name: Kept(**kept) for name, kept in mark["tables"].items()})
    (place / COMMIT).write_text(json.dumps(mark), "utf-8")
    verdict = verify(plan, str(out), Asked(1, 4, whole=True))
    again, whole = _points(verdict, "differs")
    assert again.startswith(f"{code} (anyuan): checked again") and again.endswith("these tables differ: finding_head")
    assert whole.startswith("6 cities as one delivery") and "finding_head" in whole


def _sha256(file):
    from planning_check.province.results import sha256_of

    return sha256_of(file)


def test_a_result_that_is_gone_damaged_or_has_a_file_too_many_is_named(own):
    plan, out = own
    places = {label: Path(Results(str(out), plan.digest).place(_code(plan, label))) for label in ("linqiao", "nanpu", "anyuan", "清源市")}
    shutil.rmtree(places["linqiao"])
    (places["nanpu"] / COMMIT).write_text("{}", "utf-8")
    (places["anyuan"] / "balance.parquet").unlink()
    shutil.copy(places["清源市"] / "act.parquet", places["清源市"] / "more.parquet")
    verdict = verify(plan, str(out), Asked(1, 0))
    gone = [told for told in _points(verdict, "unproved") if "there is no result" in told]
    assert len(gone) == 1 and "linqiao" in gone[0]
    told = "\n".join(_points(verdict, "differs"))
    assert "nanpu): the mark of this result is damaged" in told
    assert "anyuan): table balance: a file of the result is gone" in told
    assert "清源市): a file more.parquet that does not belong to it" in told


def test_files_that_were_changed_or_are_gone_are_named_and_not_checked_again(own, tmp_path):
    plan, out = own
    changed, gone = "anyuan", "清源市"
    folder = Path(shutil.copytree(plan.city(changed).folder, tmp_path / changed))
    (folder / "催告.csv").write_text("催告编号,项目编号,送达日期,限期\n", "utf-8")
    moved = {changed: str(folder), gone: str(tmp_path / "nowhere")}
    elsewhere = replace(plan, cities=tuple(replace(city, folder=moved.get(city.label, city.folder)) for city in plan.cities))
    elsewhere = replace(elsewhere, shards=tuple(s for s in plan.shards if s.cities[0] in moved))
    verdict = verify(elsewhere, str(out), Asked(1))
    assert ["the files of anyuan were changed" in told for told in _points(verdict, "differs")] == [True]
    assert ["the delivery is not there" in told for told in _points(verdict, "unproved")] == [True]


def test_another_version_and_other_rules_are_said(own):
    plan, out = own
    older = verify(replace(plan, tool_version="0.0.1"), str(out), Asked(1, 1))
    assert any("the plan was made with 0.0.1" in told for told in _points(older, "unproved"))
    other = verify(replace(plan, rules_digest="0" * 64), str(out), Asked(1, 1))
    assert _points(other, "differs") == ["the rules are not those of the plan; nothing was checked again"]


def test_one_delivery_that_does_not_fit_is_refused_before_anything_is_checked(own, monkeypatch):
    plan, out = own
    monkeypatch.setattr(wholly, "memory_bytes", lambda: 600_000_000)
    monkeypatch.setattr("planning_check.pipeline.province.verifying.check_shard", None)
    with pytest.raises(MachineError, match="6 cities as one delivery need about"):
        verify(plan, str(out), Asked(1, 1, whole=True))


def test_cities_that_were_kept_apart_are_named_where_one_delivery_says_otherwise(province, tmp_path):
    """The two that share a border, each by itself."""
    plan, _ = province
    link = Link(
        *cities.BORDER, "borders", 2, "991302001003GB00901", apart=Text("上报了全市统计数", "figures of the whole city are reported")
    )
    where = {label: Path(plan.city(label).folder) for label in cities.BORDER}
    for apart, state in ((link,), "unproved"), ((), "differs"):
        alone = replace(plan_of(where, together=()), links=apart)
        for task in tasks(alone, str(tmp_path / "out")):
            check_shard(task)
        verdict = verify(alone, str(tmp_path / "out"), Asked(1, 0, whole=True))
        (told,) = [point for point in verdict.points if "as one delivery" in point.said.en]
        assert (told.state, verdict.state) == (state, state)
        assert "finding_head" in told.said.en
        assert (told.fix is not None and "figures of the whole city are reported" in told.fix.en) is bool(apart)


def test_results_in_an_object_store_are_looked_at_in_the_same_way(province):
    import fsspec

    plan, out = province
    store = fsspec.filesystem("memory")
    for path in (path for path in out.rglob("*") if path.is_file()):
        store.pipe_file(f"/proved/{path.relative_to(out).as_posix()}", path.read_bytes())
    try:
        assert [point.state for point in verify(plan, "memory://proved", Asked(1, 0)).points] == ["unproved", "unproved", "same", "same"]
        store.rm(f"/proved/run={plan.digest}/shard={_code(plan, 'anyuan')}/act.parquet")
        assert _named(verify(plan, "memory://proved", Asked(1, 0))) == {_code(plan, "anyuan")}
    finally:
        store.rm("/proved", recursive=True)
