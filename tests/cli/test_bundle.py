"""A bundle is written whole or not at all, and proves a check where neither its database nor its delivery is."""

import errno
import json
import shutil
import zipfile

import pytest

from planning_check import pipeline
from planning_check.pipeline import sealed_zip
from planning_check.store import load_run, open_store
from tests.cli.test_verify import DAY, NOW, checked, delivered
from tests.test_bundle import packed


@pytest.fixture(scope="module")
def once(tmp_path_factory):
    return checked(tmp_path_factory.mktemp("once"))


@pytest.fixture
def files(once, tmp_path, call):
    """A bundle with the files of the delivery, far from where these were."""
    path = tmp_path / "elsewhere" / "证据.zip"
    path.parent.mkdir()
    code, _, err = call("bundle", "1", "-o", path, "--with-inputs", "--db", once / "runs.sqlite", "--lang", "en")
    assert code == 0 and "Run 1 (报送, as of 2011-06-30) written to" in err and "--head 报送:1:" in err
    return path


def test_with_the_files_every_outcome_is_derived_again(files, call):
    code, out, _ = call("verify", files, "--lang", "en")
    assert code == 0 and out.splitlines()[-1] == "Proved" and "derived again: every outcome is the same" in out
    code, out, _ = call("verify", files, "--lang", "zh", "--threads", 1)
    assert code == 0 and out.splitlines()[-1] == "得证"


def test_without_them_that_is_said_and_they_may_be_named(once, call, tmp_path):
    assert call("bundle", "-o", "digests.zip", "--db", once / "runs.sqlite")[0] == 0
    code, out, _ = call("verify", "digests.zip", "--lang", "en")
    assert code == 3 and "NOT PROVED  the files of the delivery are not in the bundle" in out
    moved = shutil.copytree(once / "报送", tmp_path / "moved")
    code, out, _ = call("verify", "digests.zip", "--inputs", moved, "--lang", "en")
    assert code == 0 and out.splitlines()[-1] == "Proved"


def test_a_forger_of_the_files_is_found_by_the_digests_that_the_root_is_over(files, call, tmp_path):
    with zipfile.ZipFile(files) as file:
        members = {name: file.read(name) for name in file.namelist()}
    members["inputs/报送/项目.csv"] += "P9,别苑,990102,住宅,2008-03-04,9000\n".encode()
    packed(tmp_path / "forged.zip", members, restated=True)
    code, out, _ = call("verify", tmp_path / "forged.zip", "--lang", "en")
    assert code == 2 and "DIFFERS     file 项目.csv: not the one that was checked" in out


def test_a_citys_rules_and_several_folders_go_with_it(tmp_path, call):
    city = tmp_path / "our_city"
    city.mkdir()
    (city / "overrides.yaml").write_text("off: {AR01: 试用 / a trial}\n", "utf-8")
    one, two = delivered(tmp_path / "a" / "报送"), tmp_path / "b" / "报送"
    two.mkdir(parents=True)
    (one / "区县.csv").rename(two / "区县.csv")
    options = pipeline.Options([one, two], as_of=DAY, today=DAY, select=("AR03",), rule_dirs=[city])
    pipeline.check(options, created_at=NOW, db_url="runs.sqlite")
    assert call("bundle", "-o", "whole.zip", "--with-inputs", "--db", "runs.sqlite")[0] == 0
    for folder in (city, one, two):
        shutil.rmtree(folder)
    code, out, _ = call("verify", "whole.zip", "--lang", "en")
    assert code == 0, out
    assert call("bundle", "-o", "more.zip", "--db", "runs.sqlite", "--lang", "en")[2].startswith(
        "the run cannot be handed over as evidence"
    )


def test_nothing_is_written_over_unasked(files, once, call):
    before = files.read_bytes()
    told = ("bundle", "-o", files, "--db", once / "runs.sqlite")
    assert call(*told)[0] == 2 and files.read_bytes() == before
    assert call(*told, "--force")[0] == 0 and len(files.read_bytes()) < len(before)
    assert call("bundle", "-o", "a.tar", "--db", once / "runs.sqlite", "--lang", "en")[2].startswith("a bundle is a .zip file")


def test_a_full_disk_leaves_what_was_there_and_nothing_half(files, once, call, monkeypatch):
    before, add = files.read_bytes(), sealed_zip.Sealing.add

    def full(self, name, pieces):
        if name.startswith("tables/finding"):
            raise OSError(errno.ENOSPC, "No space left on device")
        add(self, name, pieces)

    monkeypatch.setattr(sealed_zip.Sealing, "add", full)
    code, _, err = call("bundle", "-o", files, "--force", "--db", once / "runs.sqlite", "--lang", "en")
    assert code == 4 and "the disk is full" in err
    assert files.read_bytes() == before and [one.name for one in files.parent.iterdir()] == [files.name]


def test_a_link_in_the_delivery_is_named_and_not_followed(tmp_path, call):
    folder = checked(tmp_path / "x")
    (folder / "报送" / "更多.csv").symlink_to(folder / "报送" / "项目.csv")
    code, _, err = call("bundle", "-o", "a.zip", "--with-inputs", "--db", folder / "runs.sqlite", "--lang", "en")
    assert code == 2 and "更多.csv: the delivery holds a link" in err and not (tmp_path / "a.zip").exists()


def test_a_file_that_is_no_bundle_is_refused(call, tmp_path):
    (tmp_path / "a.zip").write_bytes(b"PK\3\4" + bytes(100))
    code, _, err = call("verify", "a.zip", "--lang", "en")
    assert code == 2 and err.startswith("a.zip: the bundle was changed, or was not written by planning-check bundle")
    assert call("verify", "not_there.zip")[0] == 2


def test_the_statement_says_which_run_and_files_it_is_of(files, once):
    with zipfile.ZipFile(files) as file:
        told = json.loads(file.read("statement.json"))["predicate"]
    run = load_run(open_store(str(once / "runs.sqlite"), write=False))
    assert told["run"]["root"] == run.root and told["head"]["seq"] == 1
    assert told["inputs"] == {"files": run.manifest["inputs"], "delivered": ["报送"]} and told["rules"] == run.manifest["rules"]
