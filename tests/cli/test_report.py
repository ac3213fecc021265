"""``report``: a folder that is whole or not there, the same bytes for the same run, nothing of the user's overwritten unasked."""

import csv
import hashlib
import json
import os
import random
import re
import shutil
import subprocess
import sys
import unicodedata
from pathlib import Path

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
def test_a_paper_in_each_language_says_which_paper_is_for_whom(call, tmp_path):
    assert call("report", "-o", "out", "--lang", "both")[0] == 0
    names = {path.name for path in (tmp_path / "out").iterdir()}
    guides = {name: (tmp_path / "out" / name).read_text("utf-8-sig") for name in ("先读我.txt", "README.txt")}
    told = {name: text.splitlines()[2:] for name, text in guides.items()}
    assert {name: len(lines) for name, lines in told.items()} == {"先读我.txt": 10, "README.txt": 10}
    spoken = [name.rstrip("/") for name in " ".join(line.split("：")[0].replace("、", " ") for line in told["先读我.txt"]).split()]
    said = [name.rstrip("/") for name in " ".join(line.split(": ")[0].replace(",", " ") for line in told["README.txt"]).split()]
    assert len(spoken) == len(set(spoken))
    assert {*spoken, *said} == names - set(guides)
    assert not [name for name in spoken if "_en" in name]
    assert {"会议材料.xlsx", "附册.xlsx", "文书"} <= {*spoken} - {*said} and {"meeting.xlsx", "annex.xlsx", "notices"} <= {*said} - {
        *spoken
    }
    for path in (tmp_path / "out").rglob("*"):
        name = path.relative_to(tmp_path).as_posix()
        assert len(name) <= 120 and unicodedata.is_normalized("NFC", name), "as Windows takes them, and every program writes them"
        assert not re.search(r'[<>:"|?*\\\x00-\x1f]|[. ](/|$)', name)
        assert not re.match(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", path.name, re.I)
    assert "会议材料.xlsx：开会的人：一页汇总和各名单，在决定栏里填写" in told["先读我.txt"]
    assert "notices/: who sends letters: drafts, to be made sure of before they go out" in told["README.txt"]


@pytest.mark.usefixtures("recorded")
def test_the_paper_for_whom_names_only_what_is_there_of_an_earlier_report_too(call, tmp_path):
    assert call("report", "-o", "out", "--only", "page", "--lang", "zh")[0] == 0
    guide = tmp_path / "out" / "先读我.txt"
    assert [line.split("：")[0] for line in guide.read_text("utf-8-sig").splitlines()[2:]] == ["findings_zh.html", "manifest.json"]
    assert call("report", "-o", "out", "--only", "layers", "--lang", "zh", "--force")[0] == 0
    lines = guide.read_text("utf-8-sig").splitlines()[2:]
    assert [line.split("：")[0] for line in lines] == ["findings_zh.html", "layers_zh.gpkg", "manifest.json"]
    guide.write_text("mine", "utf-8")
    code, _, err = call("report", "-o", "out", "--only", "page", "--lang", "zh", "--force")
    assert (code, guide.read_text("utf-8")) == (2, "mine")
    assert "先读我.txt" in err


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
    book = folder / "meeting.xlsx"
    book.write_bytes(book.read_bytes() + b"decided")
    before = contents(folder)
    code, _, err = call("report", "--force", "--lang", "en")
    assert code == 2
    assert "meeting.xlsx" in err
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
    call("report", "--only", "notices", "--lang", "en")
    folder = tmp_path / "report_run1"
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    stale = folder / "notices" / "0_old" / "001_of_an_earlier_run.docx"
    stale.parent.mkdir()
    stale.write_text("old")
    manifest["files"].append({"name": stale.relative_to(folder).as_posix(), "bytes": 3, "sha256": hashlib.sha256(b"old").hexdigest()})
    (folder / "manifest.json").write_text(json.dumps(manifest))
    own = folder / "notices" / "mine.docx"
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
@pytest.mark.skipif(os.name == "nt", reason="limits of a process are POSIX")
@pytest.mark.parametrize("part", REPORT_PARTS)
def test_where_no_more_can_be_written_it_says_so_and_leaves_nothing(call, tmp_path, part):
    import resource

    before = sorted(p.name for p in tmp_path.iterdir())
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2048, limits[1]))
    try:
        code, out, err = call("report", "--only", part, "--lang", "en")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert (code, out) == (4, "")
    assert "report_run1: " in err
    assert "what to do" in err
    assert "Traceback" not in err
    assert sorted(p.name for p in tmp_path.iterdir() if not p.name.startswith("planning_check.sqlite-")) == before


@pytest.mark.usefixtures("recorded")
def test_layers_on_a_full_disk(call, tmp_path, monkeypatch):
    import pyogrio

    def fails(*_, **__):
        raise pyogrio.errors.DataSourceError("Failed to commit transaction")

    monkeypatch.setattr(pyogrio, "write_dataframe", fails)
    assert call("report", "--only", "layers", "--lang", "en")[0] == 4
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**9, 10**9, 0))
    code, _, err = call("report", "--only", "layers", "--lang", "en")
    assert (code, "report_run1: the disk is full" in err) == (4, True)


@pytest.mark.usefixtures("recorded")
@pytest.mark.skipif(shutil.which("setpriv") is None, reason="no way here to be nobody in particular")
def test_a_folder_that_cannot_be_written_to(tmp_path):
    shut = tmp_path / "shut"
    shut.mkdir()
    shutil.copy("planning_check.sqlite", shut)
    shut.chmod(0o555)
    weak = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] if os.geteuid() == 0 else []

    def asked(*arguments):
        command = [*weak, sys.executable, "-m", "planning_check", *arguments, "--lang", "en"]
        return subprocess.run(command, cwd=shut, capture_output=True, text=True, check=False)

    report = asked("report", "--only", "tables")
    assert (report.returncode, report.stdout) == (4, "")
    assert "report_run1: no right to read or write" in report.stderr
    found = asked("findings", "-o", "a.csv")
    assert (found.returncode, "a.csv: no right" in found.stderr) == (4, True)
    check = asked("check", str(tmp_path), "--select", "OF01")
    assert (check.returncode, "the database cannot be written to" in check.stderr) == (4, True)
    new = asked("check", str(tmp_path), "--select", "OF01", "--db", "new.sqlite")
    assert (new.returncode, "new.sqlite: no database can be made in this folder" in new.stderr) == (4, True)
    assert asked("findings").returncode == 0
    assert [p.name for p in shut.iterdir()] == ["planning_check.sqlite"]


@pytest.mark.usefixtures("recorded")
def test_the_longest_name_and_the_folder_one_stands_in(call, tmp_path):
    assert call("report", "--only", "tables", "-o", "n" * 255)[0] == 0
    assert call("report", "--only", "tables", "-o", "n" * 255, "--force")[0] == 0
    code, _, err = call("report", "--only", "tables", "-o", "n" * 256, "--lang", "en")
    assert (code, "the name is too long" in err) == (4, True)
    for folder in (".", ".."):
        code, _, err = call("report", "--only", "tables", "-o", folder, "--force", "--lang", "en")
        assert (code, "a folder of their own" in err) == (2, True)


@pytest.mark.long
@pytest.mark.usefixtures("recorded")
@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs signals")
@pytest.mark.parametrize("step", [1, 2, 3])
def test_force_killed_in_the_middle_is_the_old_report_or_the_new(call, tmp_path, step):
    assert call("report", "--only", "tables", "-o", "en", "--lang", "en")[0] == 0
    old = contents(Path(shutil.copytree("en", "whole")))
    assert call("report", "--only", "page", "-o", "whole", "--force")[0] == 0
    new = contents(tmp_path / "whole")
    killed = f"""
import os, sys
left = {step}
def kill(event, _):
    global left
    if event == "os.rename":
        left -= 1
        if not left:
            os.kill(os.getpid(), 9)
sys.addaudithook(kill)
from planning_check.cli.main import run
run(["report", "--only", "page", "-o", "en", "--force"])
"""
    assert subprocess.run([sys.executable, "-c", killed], check=False).returncode == -9
    if (tmp_path / "en").exists():
        assert contents(tmp_path / "en") in (old, new)
    assert call("report", "--only", "page", "-o", "en", "--force")[0] == 0
    assert contents(tmp_path / "en") == new
    assert not [p for p in tmp_path.iterdir() if p.name.startswith(".planning_check")]


@pytest.mark.long
@pytest.mark.usefixtures("recorded")
@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs signals")
def test_killed_at_any_moment_it_is_the_old_report_or_the_new_and_does_not_grow(call, tmp_path):
    assert call("report", "--only", "tables", "-o", "en", "--lang", "en")[0] == 0
    old = contents(Path(shutil.copytree("en", "whole")))
    assert call("report", "--only", "page", "-o", "whole", "--force")[0] == 0
    new, chance = contents(tmp_path / "whole"), random.Random(11)
    for _ in range(3):
        killed = f"""
import os, sys
left = {chance.randrange(1, 40)}
def kill(event, given):
    global left
    if event in ("os.rename", "os.mkdir", "os.remove", "shutil.rmtree") or (event == "open" and given[1] and "w" in str(given[1])):
        left -= 1
        if not left:
            os.kill(os.getpid(), 9)
from planning_check.cli.main import run
sys.addaudithook(kill)
run(["report", "--only", "page", "-o", "en", "--force"])
"""
        assert subprocess.run([sys.executable, "-c", killed], check=False).returncode in (0, -9)
        if (tmp_path / "en").exists():
            assert contents(tmp_path / "en") in (old, new)
    assert call("report", "--only", "page", "-o", "en", "--force")[0] == 0
    assert contents(tmp_path / "en") == new
    assert not [p for p in tmp_path.iterdir() if p.name.startswith(".planning_check")]


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
    assert [r["key"].strip() for r in rows] == [line["fingerprint"] for line in lines] == [f["fingerprint"] for f in whole["findings"]]
    assert len(rows) == 7
    problems = list(csv.DictReader((folder / "problems.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert [(p["file"], p["row"], p["quarantined"], p["what_en"]) for p in problems] == [("规划局/项目.xlsx", "4", "True", "no project id")]
    geo = json.loads((folder / "findings.geojson").read_text(encoding="utf-8"))
    assert [f["properties"]["rule_id"] for f in geo["features"]] == [line["rule_id"] for line in lines if line["outcome"] == "violation"]
