"""What is kept of rules and plan is found again only by what it was made from; anything else is made anew."""

import os
import pickle
import zlib

import pytest

from planning_check import keeping, pipeline
from planning_check.errors import RulebookError
from planning_check.rulebook import kept
from planning_check.rulebook.loading import Rulebook, load


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A cache of one's own; ``.loads`` counts how often rules were read from their files."""
    monkeypatch.setenv(keeping.VARIABLE, str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def city(tmp_path):
    (tmp_path / "city").mkdir()
    (tmp_path / "city" / "overrides.yaml").write_text("off:\n  AR02: 本市不核\n", "utf-8")
    return tmp_path / "city"


@pytest.fixture
def reads(monkeypatch):
    """The folders read from their files so far."""
    seen = []
    monkeypatch.setattr("planning_check.rulebook.loading.load", lambda folders: seen.append(folders) or load(folders))
    return seen


def files(folder):
    return sorted(folder.glob("*.kept"))


def book(city) -> Rulebook:
    return kept.load_kept([pipeline.bundled("rules"), city])


def test_the_second_time_nothing_is_read_and_all_is_equal(folder, city, reads):
    first, second = book(city), book(city)
    assert len(reads) == 1 and first == second and "AR02" in second.off
    plan = kept.plan_kept(second, ["AR03"])
    assert plan == second.plan(["AR03"]) == kept.plan_kept(book(city), ["AR03"])
    assert len(files(folder)) == 2
    assert kept.plan_kept(second, ["AR01"]) != plan


def test_a_changed_word_a_new_file_and_another_program_are_misses(folder, city, reads, monkeypatch):
    book(city)
    (city / "overrides.yaml").write_text("off:\n  AR01: 本市不核\n", "utf-8")
    assert "AR01" in book(city).off
    (city / "coverage.yaml").write_text((pipeline.bundled("rules") / "coverage.yaml").read_text("utf-8"), "utf-8")
    book(city)
    monkeypatch.setattr(kept, "_made_by", lambda: ("another program",))
    book(city)
    assert len(reads) == 4


@pytest.mark.parametrize(
    "change", [lambda d: d[:-1], lambda d: b"", lambda d: b"0" * 64 + d[64:], lambda d: d[:200] + bytes([d[200] ^ 1]) + d[201:]]
)
def test_what_is_damaged_is_made_anew(folder, city, reads, change):
    book(city)
    (file,) = files(folder)
    file.write_bytes(change(file.read_bytes()))
    assert "AR02" in book(city).off and len(reads) == 2
    book(city)
    assert len(reads) == 2  # and mended


class Hostile:
    def __reduce__(self):
        return (print, ("run",))


def test_a_forged_file_runs_nothing(folder, city, reads, capsys):
    book(city)
    (file,) = files(folder)
    for forged in (
        pickle.dumps(Hostile()),
        b"cplanning_check.rulebook.kept\nos.system\n(S'echo run'\ntR.",
        b"cplanning_check.rulebook.kept\nload_kept\n.",
    ):
        packed = zlib.compress(forged)
        file.write_bytes(keeping.seal(file.stem, packed).encode() + packed)
        assert "AR02" in book(city).off
    assert len(reads) == 4 and "run" not in capsys.readouterr().out


def test_without_a_place_to_keep_things_all_goes_on(folder, city, reads, monkeypatch, tmp_path):
    (tmp_path / "file").write_text("no folder")
    for value in ("off", "", str(tmp_path / "file")):
        monkeypatch.setenv(keeping.VARIABLE, value)
        assert "AR02" in book(city).off
    assert len(reads) == 3 and not folder.exists()


def test_a_mistake_in_the_rules_is_told_every_time(folder, city):
    (city / "overrides.yaml").write_text("off:\n  ZZ99: 没有\n", "utf-8")
    for _ in range(2):
        with pytest.raises(RulebookError):
            book(city)
    assert files(folder) == []


def test_the_oldest_go(folder, city, monkeypatch):
    monkeypatch.setattr(kept, "_FILES_KEPT", 2)
    made = book(city)
    for rule in ("AR01", "AR03", "HO01"):
        kept.plan_kept(made, [rule])
    assert len(files(folder)) == 2


def test_what_is_used_stays(folder, city, reads, monkeypatch):
    monkeypatch.setattr(kept, "_FILES_KEPT", 2)
    made = book(city)
    (used,) = files(folder)
    os.utime(used, (1, 1))  # long ago
    for rule in ("AR01", "AR03", "HO01"):
        book(city)
        kept.plan_kept(made, [rule])
        os.utime(next(path for path in files(folder) if path != used), (2, 2))
    assert used in files(folder) and len(reads) == 1
