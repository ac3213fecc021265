"""Checking again what has not changed shows the run on record; whatever the result depends on, changed, is checked anew."""

import datetime as dt
import os
import shutil
import sqlite3
from dataclasses import replace
from importlib.metadata import version

import pytest

from planning_check import pipeline
from planning_check.pipeline import asking
from tests.cli.test_limits import DISTRICTS, PROJECTS

DB = "runs.sqlite"
RULE_OFF = "off: {AR04: 试用 / a trial}\n"


def _delivered(folder):
    folder.mkdir()
    (folder / "区县.csv").write_text(DISTRICTS, "utf-8")
    (folder / "项目.csv").write_text(PROJECTS, "utf-8")
    return folder


@pytest.fixture(scope="module")
def checked(tmp_path_factory):
    """A delivery that was checked once, its options, the result and the database."""
    folder = tmp_path_factory.mktemp("once")
    options = pipeline.Options(
        [_delivered(folder / "delivery")], as_of=dt.date(2011, 6, 30), today=dt.date(2026, 1, 1), select=("AR01", "AR03")
    )
    result = pipeline.check(options, created_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC), db_url=str(folder / DB))
    return folder, options, result


@pytest.fixture
def delivery(checked, tmp_path):
    """The delivery where it was checked, put back afterwards, and a copy of the database in the folder of the test."""
    folder = checked[0]
    shutil.copy(folder / DB, tmp_path / DB)
    yield folder / "delivery"
    shutil.rmtree(folder / "delivery")
    _delivered(folder / "delivery")


@pytest.fixture
def options(checked, delivery):
    return checked[1]


def runs():
    with sqlite3.connect(DB) as connection:
        return connection.execute("SELECT count(*) FROM run").fetchone()[0]


def test_the_second_check_shows_the_first(call, tmp_path):
    delivery = _delivered(tmp_path / "delivery")
    asked = ("check", delivery, "--as-of", "2011-06-30", "--select", "AR01", "--db", DB, "--lang", "en")
    first, second = call(*asked), call(*asked)
    assert second[:2] == first[:2] and "Nothing has changed since run 1" in second[2] and runs() == 1
    assert call(*asked, "-q", "--fail-on", "info")[0] == call(*asked, "-q", "--fail-on", "info", "--again")[0]
    assert runs() == 2
    third = call(*asked)
    assert "Nothing has changed since run 2" in third[2] and runs() == 2


def test_nothing_recorded_is_no_answer(options):
    assert pipeline.repeated(options, "other.sqlite") is None


def test_what_is_shown_is_what_was_found(checked, options):
    shown = pipeline.repeated(options, DB)
    assert (shown.run_id, shown.summary) == (checked[2].run_id, checked[2].summary)


def _cell(folder):
    path = folder / "项目.csv"
    path.write_text(path.read_text("utf-8").replace("3000", "3001"), "utf-8")


def _same_size_and_time(folder):
    path = folder / "项目.csv"
    before = path.stat()
    path.write_text(path.read_text("utf-8").replace("1000", "1001"), "utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_size == before.st_size and path.stat().st_mtime_ns == before.st_mtime_ns


def _another_file(folder):
    (folder / "移交.csv").write_text("移交编号,项目编号\n", "utf-8")


def _a_sidecar(folder):
    (folder / "宗地.prj").write_text("", "utf-8")


def _the_manifest(folder):
    (folder / "delivery.yaml").write_text("title: {zh: 某市, en: a city}\n", "utf-8")


def _a_name(folder):
    (folder / "项目.csv").rename(folder / "开发项目.csv")


def _gone(folder):
    (folder / "区县.csv").unlink()


@pytest.mark.parametrize("change", [_cell, _same_size_and_time, _another_file, _a_sidecar, _the_manifest, _a_name, _gone])
def test_a_change_of_the_delivery_is_checked_anew(options, delivery, change):
    assert pipeline.repeated(options, DB)
    change(delivery)
    assert pipeline.repeated(options, DB) is None


def test_other_options_rules_and_programs_are_checked_anew(options, tmp_path, monkeypatch):
    own = tmp_path / "own"
    own.mkdir()
    (own / "overrides.yaml").write_text(RULE_OFF, "utf-8")
    others = [
        replace(options, as_of=dt.date(2011, 7, 1)),
        replace(options, as_of=None),
        replace(options, select=("AR01",)),
        replace(options, ignore=("AR03",)),
        replace(options, series="别的城市"),
        replace(options, rule_dirs=[own]),
        replace(options, paths=[tmp_path / "none"]),
    ]
    assert [pipeline.repeated(other, DB) for other in others] == [None] * len(others)
    assert pipeline.repeated(replace(options, threads=1, memory="2GB", today=dt.date(2030, 1, 1)), DB)
    with monkeypatch.context() as other:
        other.setattr("planning_check.pipeline.asking.__version__", "0.0.0")
        assert pipeline.repeated(options, DB) is None
    asking._libraries.cache_clear()
    with monkeypatch.context() as other:
        other.setattr(asking, "version", lambda name: "0.0.0" if name == "shapely" else version(name))
        assert pipeline.repeated(options, DB) is None
    asking._libraries.cache_clear()
    assert {"shapely", "duckdb", "pyogrio"} <= {name for name, _ in asking._libraries()} and pipeline.repeated(options, DB)


def test_without_a_day_of_its_own_tomorrow_is_another_check(tmp_path):
    delivery = _delivered(tmp_path / "delivery")
    today = pipeline.Options([delivery], as_of=None, today=dt.date(2026, 1, 1), select=("AR01",))
    pipeline.check(today, created_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC), db_url=DB)
    assert pipeline.repeated(today, DB)
    assert pipeline.repeated(replace(today, today=dt.date(2026, 1, 2)), DB) is None


@pytest.mark.parametrize(
    "edit",
    ["UPDATE finding SET outcome = 'undetermined' WHERE rule_id = 'AR01'", "DELETE FROM register_line", "UPDATE run SET root = NULL"],
)
def test_a_record_that_was_changed_is_no_answer(options, edit):
    with sqlite3.connect(DB) as connection:
        assert connection.execute(edit).rowcount
    told = []
    assert pipeline.repeated(options, DB, told=told.append) is None
    assert ["run 1" in text.en for text in told] == [True]


def test_only_the_latest_run_is_shown(options):
    pipeline.check(replace(options, select=("AR01",)), created_at=dt.datetime(2026, 1, 2, tzinfo=dt.UTC), db_url=DB)
    assert pipeline.repeated(options, DB) is None
