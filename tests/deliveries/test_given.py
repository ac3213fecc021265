"""Folders as offices send them: each is checked from the command line, and says what ``given.yaml`` asks for in both languages."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from planning_check.cli.main import run
from planning_check.report.console.first_screen import MOST_LINES
from tests.deliveries.declared import declared

HERE = Path(__file__).parent
GIVEN = declared(HERE / "given.yaml")
#: In the damaged files what is wrong is in their bytes; each lies beside a good ledger.
HOSTILE = sorted(path.name for path in (HERE / "hostile").iterdir())
LEDGER = "项目编号,项目名称,区县,用途,详规批准日期,规划总建筑面积\nXM001,河畔一号,990101,住宅,2009-05-12,30000\n"


@pytest.fixture
def check(tmp_path, monkeypatch, capfd):
    """Check a folder in one language: the exit code, and all that is printed, on the first screen and in full. (What was checked already
    is only shown.)"""
    monkeypatch.chdir(tmp_path)

    def checked(folder: Path, lang: str) -> tuple[int, str]:
        code = run(["check", str(folder), "--as-of", "2011-06-30", "--lang", lang])
        out, err = capfd.readouterr()
        assert len(out.splitlines()) <= MOST_LINES, out
        assert run(["check", str(folder), "--as-of", "2011-06-30", "--lang", lang, "--full"]) == code
        return code, out + err + "".join(capfd.readouterr())

    return checked


def test_every_folder_is_asked_for():
    assert sorted(GIVEN) == sorted(path.name for path in (HERE / "given").iterdir())


@pytest.mark.parametrize("name", GIVEN)
def test_a_folder_as_it_came(check, name: str):
    right = GIVEN[name]
    for lang in ("zh", "en"):
        code, said = check(HERE / "given" / name, lang)
        words = "".join(said.split())  # lines are broken anywhere
        assert code == right["exit"], said
        assert [w for w in (*right.get("both", ()), *right.get(lang, ())) if "".join(w.split()) not in words] == [], said
        assert [w for w in right.get("not", ()) if "".join(w.split()) in words] == [], said


def test_hostile_files_beside_a_good_ledger(check, tmp_path):
    folder = tmp_path / "报送"
    for name in HOSTILE:
        (shutil.copytree if (HERE / "hostile" / name).is_dir() else shutil.copy)(HERE / "hostile" / name, _made(folder) / name)
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret.csv").write_text("宗地编号,项目编号\nSECRET9,XM001\n", "utf-8")
    (folder / "项目.csv").write_text(LEDGER, "utf-8")
    for lang in ("zh", "en"):
        code, said = check(folder, lang)
        assert code in (0, 3), said
        assert "Traceback" not in said and "SECRET9" not in said and "panicked" not in said
        for name in ("fuzz_xls_abort_1.xls", "fuzz_xls_panic.xls", "fuzz_zlib_error.xlsx", "gpkg_view_infinite.gpkg", "项目.csv"):
            assert name in "".join(said.split()), said


def _made(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    return folder
