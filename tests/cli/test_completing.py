"""TAB offers rules and subjects of the latest run, at once and silently."""

import subprocess
import sys

import pytest

from tests import kept
from tests.cli.test_choosing import more
from tests.cli.test_console import HEAVY


@pytest.fixture
def db(tmp_path):
    return kept.store(tmp_path / "planning_check.sqlite", more)


@pytest.fixture
def offered(call, monkeypatch):
    """What TAB offers behind a line, of which the last word is begun (it may be empty)."""

    def ask(*words, shell="bash"):
        monkeypatch.setenv("_PLANNING_CHECK_COMPLETE", f"{shell}_complete")
        monkeypatch.setenv("COMP_WORDS", " ".join(["planning-check", *words]))
        monkeypatch.setenv("COMP_CWORD", str(len(words)))
        code, out, err = call()
        assert (code, err) == (0, "")
        return [line.removeprefix("plain,") for line in out.splitlines() if line]

    return ask


@pytest.mark.usefixtures("db")
def test_rules_and_their_subjects_of_the_latest_run(offered):
    assert offered("explain", "A") == ["AR03"]
    assert offered("explain", "ho") == offered("findings", "--rule", "HO") == ["HO01"]
    assert offered("explain", "AR03", "P") == ["P1", "P2", "P9"]
    assert offered("explain", "OF01", "") == ["O1"]
    assert offered("explain", "AR03", "X") == []
    assert offered("findings", "--project", "P1") == ["P1"]
    assert offered("findings", "--developer", "甲") == ["甲置业有限公司"]
    assert offered("findings", "--district", "汉") == ["汉滨区", "汉阴县"]
    assert offered("findings", "--list", "de") == ["deposits"]
    assert offered("findings", "--list", "违") == ["违规"]


def test_without_a_run_the_bundled_rules_are_offered(offered, tmp_path):
    found = offered("explain", "HO")
    assert "HO01" in found and all(one.startswith("HO") for one in found)
    assert offered("explain", "AR03", "P") == []
    assert list(tmp_path.iterdir()) == [], "nothing is made"


def test_a_database_of_another_program_offers_nothing_and_says_nothing(offered, tmp_path):
    (tmp_path / "planning_check.sqlite").write_bytes(b"no database" * 100)
    assert offered("findings", "--project", "P") == []
    assert offered("findings", "--db", "postgresql://u:p@nowhere/x", "--project", "P") == []


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_shell_is_told_how_to_ask(call, monkeypatch, shell):
    monkeypatch.setenv("_PLANNING_CHECK_COMPLETE", f"{shell}_source")
    code, out, err = call()
    assert (code, err) == (0, "")
    assert f"_PLANNING_CHECK_COMPLETE={shell}_complete" in out


def test_nothing_heavy_is_loaded_for_it(db, monkeypatch):
    monkeypatch.setenv("_PLANNING_CHECK_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", "planning-check explain AR03 P")
    monkeypatch.setenv("COMP_CWORD", "3")
    done = subprocess.run([sys.executable, "-X", "importtime", "-m", "planning_check"], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["plain,P1", "plain,P2", "plain,P9"]
    loaded = {line.rsplit("|", 1)[-1].strip().split(".")[0] for line in done.stderr.splitlines() if "|" in line}
    assert loaded.isdisjoint(HEAVY)
    assert "ended by the system" not in done.stderr
