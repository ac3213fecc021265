"""A run is derived anew from its files and rules: what differs is named, what is not there is said, and nothing else is an alarm."""

import datetime as dt
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from planning_check import pipeline
from planning_check.pipeline import rederiving
from planning_check.store import open_store, root
from planning_check.store.connecting import writing
from planning_check.store.log import RUN, Entry, append
from tests.cli.test_limits import DISTRICTS, PROJECTS

DAY = dt.date(2011, 6, 30)
NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def delivered(folder):
    folder.mkdir(parents=True)
    (folder / "区县.csv").write_text(DISTRICTS, "utf-8")
    (folder / "项目.csv").write_text(PROJECTS, "utf-8")
    return folder


def checked(folder, **told):
    """A delivery and the database of its one check."""
    delivery = delivered(folder / "报送")
    options = pipeline.Options(**{"paths": [delivery], "as_of": DAY, "today": NOW.date(), "select": ("AR01", "AR03")} | told)
    pipeline.check(options, created_at=NOW, db_url=str(folder / "runs.sqlite"), by="李经办")
    return folder


@pytest.fixture(scope="module")
def once(tmp_path_factory):
    return checked(tmp_path_factory.mktemp("once"))


@pytest.fixture
def db(once, tmp_path):
    return shutil.copy(once / "runs.sqlite", tmp_path / "runs.sqlite")


def verdict(db, **told):
    return pipeline.verify(str(db), **told)


def said(found, state):
    return [point.said.en for point in found.points if point.state == state]


def test_what_is_as_it_was_is_proved(db):
    found = verdict(db)
    assert (found.state, len(found.points)) == ("same", 5)
    assert found.points[-1].said.en.startswith("derived again: every outcome is the same, root ")


def test_another_place_language_and_number_of_threads_are_no_alarm(db, once, tmp_path, monkeypatch):
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    moved = shutil.copytree(once / "报送", tmp_path / "另一处" / "moved")
    assert verdict(db, paths=[moved], threads=1).state == "same"


def test_several_folders_may_be_called_otherwise_now(tmp_path):
    one, two = delivered(tmp_path / "甲"), tmp_path / "乙"
    two.mkdir()
    (one / "区县.csv").rename(two / "区县.csv")
    options = pipeline.Options([one, two], as_of=DAY, today=DAY, select=("AR03",))
    pipeline.check(options, created_at=NOW, db_url=str(tmp_path / "runs.sqlite"))
    moved = [one.rename(tmp_path / "a"), two.rename(tmp_path / "b")]
    assert verdict(tmp_path / "runs.sqlite", paths=moved).state == "same"
    gone = verdict(tmp_path / "runs.sqlite")
    assert gone.state == "unproved" and said(gone, "unproved")[0].startswith("the delivery is not there: ")


def test_a_delivery_without_a_day_of_its_own_is_checked_as_of_the_day_of_then(tmp_path):
    folder = checked(tmp_path / "x", as_of=None, today=dt.date(2012, 1, 5))
    assert verdict(folder / "runs.sqlite").state == "same"


def test_the_mapping_is_the_one_of_then(tmp_path):
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text("version: 1\nsheets: []\n", "utf-8")
    folder = checked(tmp_path / "x", mapping=mapping)
    mapping.unlink()
    assert verdict(folder / "runs.sqlite").state == "same"


def test_a_changed_file_is_named(db, once, tmp_path):
    now = shutil.copytree(once / "报送", tmp_path / "now")
    (now / "项目.csv").write_text(PROJECTS + "\n", "utf-8")
    found = verdict(db, paths=[now])
    assert found.state == "differs" and [one.split(" (")[0] for one in said(found, "differs")] == [
        "file 项目.csv: not the one that was checked"
    ]


def test_a_file_that_is_not_there_leaves_the_outcomes_unproved(db, once, tmp_path):
    now = shutil.copytree(once / "报送", tmp_path / "now")
    (now / "区县.csv").unlink()
    found = verdict(db, paths=[now])
    assert (found.state, said(found, "unproved")) == (
        "unproved", ["file 区县.csv is not there; the outcomes were not derived again and are not proved"],
    )  # fmt: skip


def test_a_file_that_was_not_there_shows_in_what_was_read(db, once, tmp_path):
    now = shutil.copytree(once / "报送", tmp_path / "now")
    (now / "补充.csv").write_text(PROJECTS.replace("P1", "P9"), "utf-8")
    assert said(verdict(db, paths=[now]), "differs")[0].startswith("first difference: run > inputs > 补充.csv: recorded as 'none'")


def test_a_citys_rules_that_are_others_now_are_named(tmp_path):
    city = tmp_path / "our_city"
    city.mkdir()
    (city / "overrides.yaml").write_text("off: {AR01: 试用 / a trial}\n", "utf-8")
    folder = checked(tmp_path / "x", rule_dirs=[city], select=("AR03",))
    assert verdict(folder / "runs.sqlite").state == "same"
    (city / "overrides.yaml").write_text("off: {AR04: 试用 / a trial}\n", "utf-8")
    found = verdict(folder / "runs.sqlite")
    assert said(found, "differs")[0].startswith("rule file our_city/overrides.yaml: not the one of then")
    shutil.rmtree(city)
    found = verdict(folder / "runs.sqlite")
    assert found.state == "unproved" and "the rules cannot be read" in said(found, "unproved")[0]


def test_another_version_is_said_and_equal_outcomes_are_proof_all_the_same(db, monkeypatch):
    monkeypatch.setattr(rederiving, "__version__", "9.9.9")
    found = verdict(db)
    assert found.state == "unproved" and len(said(found, "unproved")) == 1 and "this is 9.9.9" in said(found, "unproved")[0]
    assert found.points[-1].said.en.startswith("derived again: every outcome is the same")


LARGER = "UPDATE finding SET area_dm2 = coalesce(area_dm2, 0) + 100 WHERE number = 1"
FORGERIES = {
    LARGER: ("finding (number 1, rule_id ", "> area_m2: recorded as "),
    "DELETE FROM finding WHERE number = 1": ("finding (number 1, rule_id ", "derived, and not on record"),
    "UPDATE register_line SET outcomes = 'PP'": ("register_line (subject project, subject_key ", "> outcomes: recorded as 'PP'"),
    "INSERT INTO register_line VALUES (1, 'project', 'P99', 'PP')": (
        "register_line (subject project, subject_key P99)", "on record, and not derived",
    ),
    "UPDATE run_rule SET title_zh = '别的' WHERE rule_id = 'AR03'": ("run_rule (rule_id AR03) > title_zh", "recorded as '别的'"),
    """UPDATE run SET manifest = json_set(manifest, '$.acts.HO03', json('[[2009, "pass", 7]]'))""": (
        "run > acts > HO03: recorded as ", "2009",
    ),
    "UPDATE run_source SET rows_used = 0 WHERE source_id = 1": ("run_source (source_id 1", "> rows_used: recorded as '0'"),
}  # fmt: skip


@pytest.mark.parametrize("statement", FORGERIES)
def test_a_forger_who_makes_root_and_log_anew_is_found_by_the_files(db, statement):
    forged(db, statement)
    found = verdict(db)
    assert [point.state for point in found.points[:-1]] == ["same"] * 4
    (told,) = said(found, "differs")
    assert told.startswith(f"first difference: {FORGERIES[statement][0]}") and FORGERIES[statement][1] in told


def forged(db, statement):
    """Change the record and make its hashes and its log anew, as who owns program and database can."""
    triggers = []
    with closing(sqlite3.connect(db)) as plain, plain:
        triggers = plain.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            plain.execute(f"DROP TRIGGER {name}")
        assert plain.execute(statement).rowcount
        (series, at, actor) = plain.execute("SELECT series, at, actor FROM case_event").fetchone()
        plain.execute("DELETE FROM case_event")
    engine = open_store(str(db))
    with writing(engine) as connection:
        roots = root.recorded_roots(connection, 1)
        connection.exec_driver_sql("DELETE FROM run_root WHERE table_name <> 'run_place'")
        for name, one in roots.items():
            connection.exec_driver_sql("INSERT INTO run_root VALUES (1, ?, ?, ?)", (name, one.rows, one.sha256))
        connection.exec_driver_sql("UPDATE run SET root = ?", (root.root_of(roots),))
        row = connection.exec_driver_sql("SELECT as_of, digest, root, parent_run_id FROM run").one()
        body = dict(zip(("as_of", "digest", "root", "parent"), row, strict=True)) | {"run": 1}
        append(connection, series, dt.datetime.fromisoformat(at), actor, [Entry(RUN, "system", body, of_run=1)])
        for _, sql in triggers:
            connection.exec_driver_sql(sql)
    engine.dispose()


def test_the_command_says_it_and_ends_with_its_code(db, once, call, tmp_path, monkeypatch):
    code, out, _ = call("verify", "1", "--db", db, "--lang", "en")
    assert code == 0 and out.splitlines()[-1] == "Proved" and out.splitlines()[1] == "  same        the log of 1, head"
    assert out.splitlines()[2].strip().startswith("报送:1:") and len(out.splitlines()[2].strip()) == 69
    now = shutil.copytree(once / "报送", tmp_path / "now")
    (now / "区县.csv").unlink()
    code, out, _ = call("verify", "--db", db, "--inputs", now, "--lang", "zh")
    assert code == 3 and "  未证明  文件 区县.csv 不在了；结果没有重新推导，没有证明" in out.splitlines()
    forged(db, LARGER)
    code, out, _ = call("verify", "--db", db, "--lang", "en")
    assert code == 2 and out.splitlines()[-1] == "It is not what was recorded"
    assert call("verify", "7", "--db", db, "--lang", "en")[2].startswith(f"{Path(db)}: there is no run 7")


def test_the_configuration_of_the_next_check_is_not_that_of_a_run_on_record(db, call, tmp_path):
    delivered(tmp_path / "next")
    (tmp_path / "next" / "补充.csv").write_text(PROJECTS.replace("P1", "P9"), "utf-8")
    (tmp_path / "our_city").mkdir()
    (tmp_path / "our_city" / "overrides.yaml").write_text("off: {AR04: 试用 / a trial}\n", "utf-8")
    (tmp_path / "planning_check.toml").write_text(f'folder = "next"\nrules = ["our_city"]\ndb = "{db.name}"\nthreads = 1\n', "utf-8")
    code, out, _ = call("verify", "--lang", "en")
    assert code == 0 and out.splitlines()[-1] == "Proved"
