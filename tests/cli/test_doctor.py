"""``doctor``: every line ok on a sound computer, and one that is not for each thing that may be wrong."""

import datetime as dt
import json
import shutil
import sqlite3
import sys
import tempfile
from collections import namedtuple

import pyproj
import pytest

from planning_check.pipeline import health, look_over
from planning_check.workdays import library_years


def states(lines):
    return {line.name.en: line.state for line in lines}


def test_a_sound_computer_gets_ok_in_both_languages(call, monkeypatch):
    clock(monkeypatch, max(library_years()))
    for lang, word in (("zh", "可以"), ("en", "ok")):
        code, out, err = call("doctor", "--lang", lang)
        assert code == 0, out + err
        assert {line.split()[0] for line in out.splitlines() if line[2] != " "} == {word}
    code, out, _ = call("doctor", "--format", "json", "--lang", "en")
    told = json.loads(out)
    assert (code, told["ok"]) == (0, True)
    named = {line["name"]: line["said"] for line in told["lines"]}
    assert "EPSG:4490 → 4545 → 4490 is right" in named["PROJ (coordinates)"] and pyproj.__version__ in named["libraries"]
    assert "not there yet" in named["database of runs"]


def broken(*_, **__):
    raise pyproj.exceptions.CRSError("no database")


Usage = namedtuple("Usage", "total used free")
FAULTS = {
    "PROJ (coordinates)": (lambda patch: patch.setattr(pyproj.Transformer, "from_crs", broken), "bad"),
    "temporary folder": (lambda patch: patch.setattr(tempfile, "TemporaryFile", _no_right), "bad"),
    "this folder": (lambda patch: patch.setattr(shutil, "disk_usage", lambda _: Usage(9, 9, 1_000_000)), "bad"),
    "memory": (lambda patch: patch.setattr(health, "free_memory", lambda: 2_000_000_000), "warn"),
    "console": (lambda patch: patch.setattr(sys, "stdout", namedtuple("Out", "encoding")("cp437")), "warn"),
    "libraries": (lambda patch: patch.setattr(health, "_LIBRARIES", (("no_such_module", "no-such-module"),)), "bad"),
}


def _no_right(*_, **__):
    raise PermissionError(13, "Permission denied")


@pytest.mark.parametrize("name", FAULTS)
def test_what_is_wrong_is_named_with_what_to_do(monkeypatch, name):
    make, state = FAULTS[name]
    make(monkeypatch)
    lines = look_over("none.sqlite")
    (line,) = [one for one in lines if one.name.en == name]
    assert line.state == state and line.fix and line.fix.zh and line.fix.en
    assert states(lines)["Python"] == "ok", "the looking goes on"


def test_anything_bad_ends_with_exit_code_3(call, monkeypatch):
    monkeypatch.setattr(pyproj.Transformer, "from_crs", broken)
    code, out, _ = call("doctor", "--lang", "zh")
    assert code == 3 and "不行" in out and "怎么办" in out


def test_a_wrong_transformation_is_not_right(monkeypatch):
    class Off:
        def transform(self, x, y, direction="FORWARD"):
            return (500_000.0, 3_763_611.0) if direction == "FORWARD" else (x, y)

    monkeypatch.setattr(pyproj.Transformer, "from_crs", lambda *_, **__: Off())
    assert states(look_over("none.sqlite"))["PROJ (coordinates)"] == "bad"


def test_what_a_library_raises_is_a_line(monkeypatch):
    def ends():
        raise RuntimeError("boom")

    monkeypatch.setattr(health, "_layers", ends)
    found = states(look_over("none.sqlite"))
    assert found["the looking itself"] == "bad" and found["database of runs"] == "ok"


def test_the_database_is_opened(call, tmp_path, tiny):
    assert call("check", "-q")[0] == 0
    assert "readable" in call("doctor", "--lang", "en")[1]
    (tmp_path / "junk.sqlite").write_bytes(b"no database at all" * 100)
    code, out, _ = call("doctor", "--db", "junk.sqlite", "--lang", "en")
    assert code == 3 and "what to do" in out
    other = sqlite3.connect(tmp_path / "other.sqlite")
    other.execute("CREATE TABLE mine (x)")
    other.close()
    code, out, _ = call("doctor", "--db", "other.sqlite", "--lang", "zh")
    assert code == 3 and "别的程序的" in out


def test_the_configuration_is_told(call, tmp_path):
    (tmp_path / "planning_check.toml").write_text("language = 'zh'\nas_of = 2011-06-30\n", "utf-8")
    code, out, _ = call("doctor")
    assert code == 0 and "as_of = 2011-06-30" in "".join(out.split("\n")) and "language = zh" in out


def test_memory_is_known_here():
    assert health.free_memory() is None or health.free_memory() > 10_000_000


def clock(monkeypatch, year):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(dt.datetime(year, 6, 1, tzinfo=dt.UTC).timestamp())))


def test_doctor_says_which_years_are_known(tmp_path, call, monkeypatch):
    def line(*arguments):
        (told,) = [line for line in call("doctor", "--lang", "zh", *arguments)[1].splitlines() if "节假日" in line]
        return told.split()[0], told

    last = max(library_years())
    clock(monkeypatch, last)
    assert line()[0] == "可以" and f"2004-{last}" in line()[1]
    clock(monkeypatch, 2099)
    assert line()[0] == "注意" and "workdays.yaml" in call("doctor", "--lang", "en")[1]
    city = tmp_path / "city"
    city.mkdir()
    (city / "workdays.yaml").write_text("years: [2099]\nholidays: [2099-01-01]\ncite: x\n", "utf-8")
    assert line("--rules", city)[0] == "可以" and f"2004-{last}, 2099" in line("--rules", city)[1]
    (city / "workdays.yaml").write_text("years: []\n", "utf-8")
    assert line("--rules", city)[0] == "不行" and "city/workdays.yaml:1" in line("--rules", city)[1]
