"""What is found in shards is what one delivery finds, table by table; it is recorded once; what is not in it is named."""

import datetime as dt
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from planning_check import pipeline
from planning_check.errors import SourceError
from planning_check.pipeline.province.checking import Changed, check_shard
from planning_check.pipeline.province.merging import merge
from planning_check.pipeline.rules import load_rules
from planning_check.pipeline.running import Stages, judged, told_by
from planning_check.province import results
from planning_check.province.commits import Results
from planning_check.province.uniting import unite
from planning_check.record.province import tasks
from planning_check.rulebook.kept import plan_kept
from planning_check.store import open_store, runs
from planning_check.store.copies import COPIES
from tests.outside import SERVER, require_postgresql
from tests.province import cities
from tests.province.planned import NOW, plan_of

#: Columns that number rows within a delivery, and places in an order that these decide.
NUMBERS = {"run_id", "number", "source_id", "row_id", "problem_no", "unjudged", "finding_number"}


@pytest.fixture(scope="module")
def province(tmp_path_factory):
    """The eight cities, their plan and the results of a plain loop over it."""
    folder = tmp_path_factory.mktemp("province")
    places = cities.write(folder / "cities")
    plan, out = plan_of(places), str(folder / "results")
    for task in tasks(plan, out):
        if set(task.shard.cities) <= set(cities.READABLE):
            check_shard(task)
        else:
            with pytest.raises(SourceError):
                check_shard(task)
    return places, plan, out


@pytest.fixture(scope="module")
def whole(province, tmp_path_factory):
    """The readable cities checked as one delivery: the contents of its tables, and its record."""
    options = _options(province[0])
    book = load_rules()
    plan = plan_kept(book, [], [])

    def made(con):
        judged(con, options, book, plan, None, Stages())
        return results.contents(con, told_by(plan))

    from planning_check.pipeline.room import in_engine

    url = f"sqlite:///{(tmp_path_factory.mktemp('whole') / 'one.sqlite').as_posix()}"
    pipeline.check(options, created_at=NOW, db_url=url)
    return in_engine(options, made), url


def _options(places):
    labels = sorted(cities.READABLE)
    return pipeline.Options([places[one] for one in labels], as_of=cities.AS_OF, today=cities.AS_OF, labels=labels)


@pytest.fixture(scope="module")
def merged(province, tmp_path_factory):
    _, plan, out = province
    url = f"sqlite:///{(tmp_path_factory.mktemp('merged') / 'province.sqlite').as_posix()}"
    return url, merge(plan, out, created_at=NOW, db_url=url, full=True)


def test_the_union_of_the_shards_says_what_one_delivery_says(province, whole):
    from planning_check.engine import opened

    _, plan, out = province
    there = Results(out, plan.digest)
    commits = [commit for shard in plan.shards if (commit := there.commit_of(shard.code, shard.digest))]
    assert len(commits) == 4
    rules = plan_kept(load_rules(), [], [])
    with opened() as con:
        con.execute(f"SET VARIABLE as_of = DATE '{plan.as_of}'")
        unite(con, there, commits, rules)
        united = results.contents(con, told_by(rules))
    assert results.differing(united, whole[0]) == []
    assert results.root_over_contents(united) == results.root_over_contents(whole[0])
    assert united["finding_head"].rows > 100


@pytest.mark.parametrize("model", [model for model, _ in COPIES], ids=lambda model: model.__tablename__)
def test_the_record_of_the_merged_run_is_that_of_one_delivery(model, merged, whole):
    """Facets, lists, balances, sums and what to ask first are made from the merged rows."""

    def rows(url):
        engine = open_store(url, write=False)
        columns = [column for column in model.__table__.columns if column.key not in NUMBERS]
        with engine.connect() as connection:
            return sorted(map(repr, connection.execute(sa.select(*columns)).all()))

    assert rows(merged[0]) == rows(whole[1])


def test_the_manifest_has_the_cities_and_counts_what_one_delivery_counts(merged, whole, province):
    (own,), (one,) = (runs(open_store(url, write=False)) for url in (merged[0], whole[1]))
    assert (own.series, own.as_of) == ("province", cities.AS_OF)
    for name in ("law_states", "lives", "rows", "acts", "inputs", "unread", "planes", "measuring"):
        assert own.manifest[name] == one.manifest[name], name
    told = {city["label"]: city for city in own.manifest["cities"]}
    assert list(told) == sorted(cities.LABELS)
    assert {label for label, city in told.items() if city["state"] == "checked"} == set(cities.READABLE)
    assert told[cities.EMPTY]["why"]["en"] == "an empty folder" and told[cities.EMPTY]["root"] is None
    assert told["linqiao"]["root"] == told["东川市"]["root"] != told["anyuan"]["root"]
    assert {failure.cities for failure in merged[1].left_out} == {(cities.BROKEN,), (cities.EMPTY,)}


def test_every_finding_says_the_same_and_leads_to_the_same_cells(merged, whole):
    url, _ = merged
    assert not any(one.differs for one in pipeline.check_database(url))
    found, one = (list(pipeline.findings(address).rows) for address in (url, whole[1]))
    assert found == one
    assert sum(f["rule_id"] == "MO03" and f["outcome"] == "violation" for f in found) == 5
    assert {source["file"].split("/")[0] for f in found for source in f["sources"]} == set(cities.READABLE)


def test_the_same_results_are_loaded_once_and_others_are_another_run(province, tmp_path):
    places, plan, out = province
    url = f"sqlite:///{(tmp_path / 'p.sqlite').as_posix()}"
    first, again = (merge(plan, out, created_at=NOW + dt.timedelta(days=n), db_url=url) for n in (0, 1))
    assert (first.run_id, first.is_new, again.run_id, again.is_new) == (1, True, 1, False)
    fewer = plan_of({label: places[label] for label in cities.PLAIN})
    for task in tasks(fewer, out):
        check_shard(task)
    other = merge(fewer, out, created_at=NOW, db_url=url)
    assert (other.run_id, other.is_new) == (2, True)
    assert [run.parent_run_id for run in runs(open_store(url, write=False))] == [None, 1]


_MERGE = """
import sys, datetime as dt, json
from planning_check.pipeline.province.merging import merge
from tests.province import cities
from tests.province.planned import plan_of
from pathlib import Path
places = {label: Path(sys.argv[1]) / label for label in cities.LABELS}
merged = merge(plan_of(places), sys.argv[2], created_at=dt.datetime(2011, 7, 1, 9, 0), db_url=sys.argv[3])
print(json.dumps([merged.run_id, merged.is_new]))
"""


def _racing(province, url, programs=3):
    places, _, out = province
    folder = next(iter(places.values())).parent
    begun = [subprocess.Popen([sys.executable, "-c", _MERGE, str(folder), out, url], stdout=subprocess.PIPE, text=True,
                              cwd=Path(__file__).parents[2]) for _ in range(programs)]  # fmt: skip
    told = [json.loads(program.communicate(timeout=300)[0]) for program in begun]
    assert len({run for run, _ in told}) == 1
    assert sum(is_new for _, is_new in told) == 1
    engine = open_store(url, write=False)
    with engine.connect() as connection:
        twice = "SELECT count(*) FROM (SELECT fingerprint FROM finding GROUP BY fingerprint HAVING count(*) > 1) f"
        assert connection.scalar(sa.text(twice)) == 0
        assert connection.scalar(sa.text("SELECT count(*) FROM run_shard")) == 4
    return runs(engine)


def test_of_merges_at_once_one_loads(province, merged, tmp_path):
    (run,) = _racing(province, f"sqlite:///{(tmp_path / 'race.sqlite').as_posix()}")
    assert run.root == runs(open_store(merged[0], write=False))[0].root


@require_postgresql()
def test_of_merges_at_once_one_loads_on_postgresql(province, merged, server_url):
    (run,) = _racing(province, server_url)
    assert run.root == runs(open_store(merged[0], write=False))[0].root


@pytest.fixture
def server_url():
    import uuid

    server = sa.make_url(os.environ[SERVER])
    name = f"planning_{uuid.uuid4().hex[:12]}"
    admin = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    yield server.set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    admin.dispose()


@require_postgresql()
def test_a_loader_killed_in_the_middle_leaves_nothing_and_the_next_loads_all(province, merged, server_url):
    places, _, out = province
    folder = next(iter(places.values())).parent
    killed = _MERGE.replace(
        "places =",
        "import os, signal\nfrom planning_check.store import saving\n"
        "saving._insert_roots = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\nplaces =",
    )
    program = subprocess.run([sys.executable, "-c", killed, str(folder), out, server_url], cwd=Path(__file__).parents[2], check=False)
    assert program.returncode == -9
    engine = open_store(server_url)
    assert runs(engine) == []
    with engine.connect() as connection:
        assert [connection.scalar(sa.text(f"SELECT count(*) FROM {table}")) for table in ("run_shard", "finding")] == [0, 0]
    (run,) = _racing(province, server_url, programs=1)
    assert run.root == runs(open_store(merged[0], write=False))[0].root


def test_cities_that_number_alike_are_not_taken_for_one_another(tmp_path):
    """Two cities with the same ids, checked apart: the second is named and is in no list."""
    import shutil

    places = cities.write(tmp_path / "cities")
    one, two = tmp_path / "甲市", tmp_path / "乙市"
    for place in (one, two):
        shutil.copytree(places["anyuan"], place)
    plan, out = plan_of({"甲市": one, "乙市": two}, ()), str(tmp_path / "results")
    for task in tasks(plan, out):
        check_shard(task)
    url = f"sqlite:///{(tmp_path / 'p.sqlite').as_posix()}"
    result = merge(plan, out, created_at=NOW, db_url=url)
    (left,) = result.left_out
    assert left.cities == ("乙市",) and "project:P15001" in left.why.en
    assert {f["sources"][0]["file"].split("/")[0] for f in pipeline.findings(url).rows if f["sources"]} == {"甲市"}


@pytest.mark.parametrize("harm", ["gone", "changed"])
def test_a_damaged_result_is_named_and_nothing_is_recorded(province, tmp_path, harm):
    import shutil

    _, plan, out = province
    copy = tmp_path / "results"
    shutil.copytree(out, copy)
    path = copy / f"run={plan.digest}" / "shard=s001" / "balance.parquet"
    path.unlink() if harm == "gone" else path.write_bytes(path.read_bytes()[:-9] + b"123456789")
    url = f"sqlite:///{(tmp_path / 'p.sqlite').as_posix()}"
    with pytest.raises(SourceError, match=r"balance\.parquet"):
        merge(plan, str(copy), created_at=NOW, db_url=url)
    assert runs(open_store(url)) == []


def test_other_rules_or_another_program_are_refused(province, tmp_path):
    from dataclasses import replace

    _, plan, out = province
    url = f"sqlite:///{(tmp_path / 'p.sqlite').as_posix()}"
    for other in (replace(plan, tool_version="0.0"), replace(plan, rules_digest="0" * 64)):
        with pytest.raises(Changed, match="plan"):
            merge(other, out, created_at=NOW, db_url=url)
        with pytest.raises(Changed, match="plan"):
            check_shard(replace(tasks(other, out)[0], out=str(tmp_path / "fresh")))


def test_files_changed_since_the_plan_are_refused_and_leave_nothing(tmp_path):
    places = cities.write(tmp_path / "cities")
    plan, out = plan_of({"anyuan": places["anyuan"]}), str(tmp_path / "results")
    ledger = places["anyuan"] / "项目.csv"
    ledger.write_bytes(ledger.read_bytes().replace(b"50000", b"60000"))
    with pytest.raises(Changed, match="anyuan"):
        check_shard(tasks(plan, out)[0])
    assert list((tmp_path / "results").rglob("*.parquet")) == []


def test_a_pass_of_a_city_is_derived_again_and_verify_says_who_proves_the_rest(merged):
    url, _ = merged
    passed = pipeline.explain_subject(url, "AR03", "P15008")
    assert passed.outcome == "pass" and "anyuan/项目.csv" in repr(passed.facts)
    told = [point.said.en for point in pipeline.verify(url).points]
    assert "province" in told[-1] and pipeline.verify(url).state == "unproved"
