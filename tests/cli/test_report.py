"""``report``: a folder that is whole or not there, the same bytes for the same run, nothing of the user's overwritten unasked."""

import csv
import hashlib
import json

import pytest

from planning_check.words import REPORT_PARTS


@pytest.fixture
def recorded(tiny, call):
    assert call("check", "-q", "--lang", "en")[0] == 0


def contents(folder):
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.mark.usefixtures("recorded")
def test_everything_is_written_and_listed_with_its_digest(call, tmp_path):
    code, out, _ = call("report", "--lang", "both", "-v")
    assert code == 0
    folder = tmp_path / "report_run1"
    files = contents(folder)
    manifest = json.loads(files.pop("manifest.json"))
    assert {f["name"]: (f["bytes"], f["sha256"]) for f in manifest["files"]} == {
        name: (len(content), hashlib.sha256(content).hexdigest()) for name, content in files.items()
    }
    assert all(name in out for name in files)
    assert (manifest["languages"], manifest["run"]["digest"], manifest["run"]["as_of"]) == (["zh", "en"], "d" * 64, "2011-06-30")
    assert not list(tmp_path.glob(".*"))


@pytest.mark.usefixtures("recorded")
@pytest.mark.parametrize("part", REPORT_PARTS)
def test_a_second_report_of_the_run_has_the_same_bytes(call, tmp_path, part):
    for name in ("one", "two"):
        assert call("report", "-o", name, "--only", part, "--lang", "both")[0] == 0
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


@pytest.mark.usefixtures("recorded")
def test_a_folder_with_files_is_left_alone_without_force(call, tmp_path):
    other = tmp_path / "report_run1" / "mine.txt"
    other.parent.mkdir()
    other.write_text("mine")
    code, _, err = call("report", "--only", "tables", "--lang", "en")
    assert code == 2
    assert "not empty" in err
    assert "--force" in err
    assert call("report", "--only", "tables", "--force")[0] == 0
    assert call("report", "--only", "tables", "--force")[0] == 0
    assert other.read_text() == "mine"


@pytest.mark.usefixtures("recorded")
def test_force_never_replaces_what_somebody_changed(call, tmp_path):
    call("report", "--only", "workbook", "--lang", "en")
    folder = tmp_path / "report_run1"
    book = folder / "meeting_en.xlsx"
    book.write_bytes(book.read_bytes() + b"decided")
    before = contents(folder)
    code, _, err = call("report", "--force", "--lang", "en")
    assert code == 2
    assert "meeting_en.xlsx" in err
    assert contents(folder) == before
    assert call("report", "--only", "tables", "--force")[0] == 0
    assert book.read_bytes().endswith(b"decided")
    book.write_bytes(book.read_bytes().removesuffix(b"decided"))
    assert call("report", "--only", "workbook", "--lang", "en", "--force")[0] == 0
    own = folder / "findings_en.html"
    own.write_text("mine")
    code, _, err = call("report", "--only", "page", "--force", "--lang", "en")
    assert (code, own.read_text()) == (2, "mine")
    assert "findings_en.html" in err


@pytest.mark.usefixtures("recorded")
def test_force_leaves_no_papers_of_an_earlier_run_among_the_new(call, tmp_path):
    import shutil

    call("report", "--only", "notices", "--lang", "en")
    folder = tmp_path / "report_run1"
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    stale = folder / "notices_en" / "0_old" / "001_of_an_earlier_run.docx"
    stale.parent.mkdir()
    stale.write_text("old")
    manifest["files"].append({"name": stale.relative_to(folder).as_posix(), "bytes": 3, "sha256": hashlib.sha256(b"old").hexdigest()})
    (folder / "manifest.json").write_text(json.dumps(manifest))
    own = folder / "notices_en" / "mine.docx"
    shutil.copy(stale, own)
    assert call("report", "--only", "notices", "--lang", "en", "--force")[0] == 0
    assert not stale.parent.exists()
    assert own.read_text() == "old"


@pytest.mark.usefixtures("recorded")
def test_a_writer_that_fails_leaves_nothing(call, tmp_path, monkeypatch):
    from planning_check.report.tables import folder as tables

    def fails(pack, folder, lang):
        (folder / "findings.csv").write_text("half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tables, "write", fails)
    assert call("report", "--only", "tables")[0] != 0
    assert not [p.name for p in tmp_path.iterdir() if "report" in p.name]


@pytest.mark.usefixtures("recorded")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["-o", "nowhere/at/all"], "does not exist"),
        (["-o", "planning_check.sqlite"], "a file of that name"),
        (["7"], "run 7"),
        (["--only", "poster"], "poster"),
    ],
)
def test_what_cannot_be_done_is_said(call, arguments, said):
    code, _, err = call("report", *arguments, "--lang", "en")
    assert code == 2
    assert said.lower() in err.lower()


def test_without_a_run_there_is_nothing_to_report(call, tmp_path):
    code, _, err = call("report", "--lang", "en")
    assert code == 2
    assert "check" in err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("recorded")
def test_tables_hold_every_finding(call, tmp_path):
    call("report", "--only", "tables")
    folder = tmp_path / "report_run1"
    rows = list(csv.DictReader((folder / "findings.csv").read_text(encoding="utf-8-sig").splitlines()))
    lines = [json.loads(line) for line in (folder / "findings.jsonl").read_text(encoding="utf-8").splitlines()]
    whole = json.loads((folder / "findings.json").read_text(encoding="utf-8"))
    assert [r["fingerprint"] for r in rows] == [line["fingerprint"] for line in lines] == [f["fingerprint"] for f in whole["findings"]]
    assert len(rows) == 7
    problems = list(csv.DictReader((folder / "problems.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert [(p["file"], p["row"], p["quarantined"], p["what_en"]) for p in problems] == [("规划局/项目.xlsx", "4", "True", "no project id")]
    geo = json.loads((folder / "findings.geojson").read_text(encoding="utf-8"))
    assert [f["properties"]["rule_id"] for f in geo["features"]] == [line["rule_id"] for line in lines if line["outcome"] == "violation"]
