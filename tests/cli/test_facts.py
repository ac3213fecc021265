"""``rules facts`` on the console, at any width, and as files."""

import csv
import json

import pytest

from planning_check.report.console.layout import display_width


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_names_are_whole_at_any_width(call, monkeypatch, width, lang):
    monkeypatch.setenv("COLUMNS", str(width))
    for arguments in (("facts",), ("facts", "premises")):
        code, out, err = call("rules", *arguments, "--lang", lang)
        assert (code, err) == (0, "")
        assert max(display_width(line) for line in out.splitlines()) <= width
    assert "law.benchmark_per_100_households_m2" in out and "own_entrance" in out and ".." not in out


def test_an_office_is_told_in_both_languages(call):
    out = call("rules", "facts", "office", "--lang", "zh")[1]
    assert "  tenure  用房性质（tenure）\n      取值之一，民政，如 rented\n" in out
    assert "<- offices.tenure\n" in out and "rented 租用" in out
    out = call("rules", "facts", "office", "--lang", "en")[1]
    assert "  tenure  tenure (用房性质)\n      one of a list, civil affairs, e.g. rented\n" in out


def test_the_project_behind_a_room_is_counted_and_listed_in_full(call):
    short, full = (call("rules", "facts", "premises", "--lang", "en", *more)[1] for more in ((), ("-v",)))
    assert "project.plan_total_m2" not in short and "project.plan_total_m2" in full


def test_names_go_to_files(call, tmp_path):
    assert call("rules", "facts", "office", "-o", "office.csv")[0] == 0
    rows = {row["name"]: row for row in csv.DictReader((tmp_path / "office.csv").read_text("utf-8-sig").splitlines())}
    assert (rows["area_m2"]["type"], rows["area_m2"]["unit"], rows["area_m2"]["owner"]) == ("area", "m2", "civil_affairs")
    assert "rented=租用 rented" in rows["tenure"]["codes"]
    told = json.loads(call("rules", "facts", "office", "--format", "json")[1])
    assert [name["name"] for name in told["names"]] == list(rows)
    assert call("rules", "facts", "-o", "subjects.csv")[0] == 0
    rows = {row["subject"]: row for row in csv.DictReader((tmp_path / "subjects.csv").read_text("utf-8-sig").splitlines())}
    assert rows["office"]["names"] == str(len(told["names"]))
    assert json.loads(call("rules", "facts", "--format", "json")[1])[0]["subject"] == "project"


def test_an_unknown_subject_is_refused(call):
    code, _, err = call("rules", "facts", "offce", "--lang", "en")
    assert code == 2 and "no subject offce" in err and "there are office" in err
    assert call("rules", "facts", "office", "--rules", "nowhere")[0] == 2
