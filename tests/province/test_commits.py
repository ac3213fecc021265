"""Where results lie and when one counts: whoever else writes, whatever was left, whatever is damaged; in a folder and on a store."""

import errno
import os
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from planning_check.errors import SourceError, UsageError
from planning_check.leftovers import mark
from planning_check.province.commits import COMMIT, Results
from planning_check.province.taking_over import made_before, take_over
from planning_check.record.province import Shard
from tests.province.stand_in import leftovers, write

SHARD = Shard("s001", ("甲市",), "alone", 10, 100, "d" * 64)


@pytest.fixture(params=["folder", "store"])
def out(request, tmp_path):
    """A folder, and a store that cannot rename."""
    if request.param == "folder":
        yield str(tmp_path / "out")
        return
    import fsspec

    yield "memory://province"
    memory = fsspec.filesystem("memory")
    if memory.exists("/province"):
        memory.rm("/province", recursive=True)


def made(results, shard=SHARD, rows=2):
    with results.begun(shard.code) as folder:
        return results.put(folder, write(folder, shard, rows))


def test_a_result_is_what_was_put(out):
    results = Results(out, "run1")
    assert results.commit_of("s001") is None
    commit = made(results)
    assert results.commit_of("s001", SHARD.digest) == commit
    assert commit.tables["finding"].rows == 2
    assert results.unfinished() == []
    assert leftovers(out) == []


def test_another_digest_is_no_result(out):
    results = Results(out, "run1")
    made(results)
    assert results.commit_of("s001", "e" * 64) is None


def test_the_second_of_two_gets_what_the_first_put(out):
    results = Results(out, "run1")
    with results.begun("s001") as slow:
        own = write(slow, SHARD)
        first = made(results)
        assert results.put(slow, replace(own, duckdb_version="another")) == first
    assert results.commit_of("s001") == first
    assert results.unfinished() == []


def test_a_result_of_another_digest_goes_out_of_the_way(out):
    results = Results(out, "run1")
    made(results, replace(SHARD, digest="e" * 64), rows=5)
    commit = made(results)
    assert results.commit_of("s001", SHARD.digest) == commit
    assert commit.tables["finding"].rows == 2


@pytest.mark.parametrize(
    "damage", [b"", b"{", b"[]", b'"x"', b"{}", b'{"tables": {"finding": {}}}', b"\xff\xfe", b'{"tables": {}, "as_of": "2011-06-31"}']
)
def test_a_damaged_mark_is_told_and_made_anew(out, damage):
    results = Results(out, "run1")
    made(results)
    results.fs.pipe_file(f"{results.place('s001')}/{COMMIT}", damage)
    with pytest.raises(SourceError) as told:
        results.commit_of("s001", SHARD.digest)
    assert COMMIT in told.value.render("zh")
    commit = made(results)
    assert results.commit_of("s001", SHARD.digest) == commit


def test_a_result_that_lacks_a_table_is_none(out):
    results = Results(out, "run1")
    made(results)
    results.fs.rm_file(f"{results.place('s001')}/finding.parquet")
    assert results.whole("s001", SHARD.digest) is None
    commit = made(results)
    assert results.whole("s001", SHARD.digest) == commit


def test_tables_without_a_commit_are_none(out):
    results = Results(out, "run1")
    made(results)
    results.fs.rm_file(f"{results.place('s001')}/{COMMIT}")
    assert results.commit_of("s001", SHARD.digest) is None
    assert made(results) == results.commit_of("s001", SHARD.digest)


def test_nothing_is_left_of_a_check_that_fails(out):
    results = Results(out, "run1")
    with pytest.raises(OSError, match="full"), results.begun("s001") as folder:
        write(folder, SHARD)
        raise OSError(errno.ENOSPC, "full")
    assert (results.commit_of("s001"), results.unfinished()) == (None, [])


def test_a_full_disk_while_it_is_put_is_told_as_such(tmp_path, monkeypatch):
    results = Results(str(tmp_path), "run1")

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    with results.begun("s001") as folder:
        commit = write(folder, SHARD)
        monkeypatch.setattr(Path, "rename", full)
        with pytest.raises(OSError, match="No space") as told:
            results.put(folder, commit)
    assert told.value.errno == errno.ENOSPC
    assert leftovers(tmp_path) == []


def test_a_good_result_that_came_in_between_is_put_back(tmp_path, monkeypatch):
    """Two find the same bad result in the way: what the faster one put is not taken for it."""
    results = Results(str(tmp_path), "run1")
    made(results, replace(SHARD, digest="e" * 64))
    true, raced = Path.rename, []

    def rename(path, target):
        if path == Path(results.place("s001")) and not raced:
            raced.append(True)
            made(Results(str(tmp_path), "run1"))
        return true(path, target)

    monkeypatch.setattr(Path, "rename", rename)
    results.set_aside("s001", SHARD.digest)
    assert raced
    assert results.commit_of("s001", SHARD.digest) is not None
    assert leftovers(tmp_path) == []


def test_many_at_once_leave_one(out):
    commits_made, begin = [], threading.Barrier(8, timeout=30)

    def work():
        results = Results(out, "run1")
        with results.begun("s001") as folder:
            commit = write(folder, SHARD)
            begin.wait()
            commits_made.append(results.put(folder, commit))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    results = Results(out, "run1")
    assert len(commits_made) == 8
    assert {commit.root for commit in commits_made} == {results.commit_of("s001", SHARD.digest).root}
    assert results.unfinished() == []
    assert leftovers(out) == []


def test_two_that_wrote_not_the_same_onto_a_store_leave_no_result(monkeypatch):
    """Whose bytes lie there cannot be known."""
    results = Results("memory://province2", "run1")
    with results.begun("s001") as folder:
        commit = write(folder, SHARD, rows=3)
        true = results.fs.put_file

        def slow(local, remote):
            true(local, remote)
            monkeypatch.undo()
            made(Results("memory://province2", "run1"))

        monkeypatch.setattr(results.fs, "put_file", slow)
        with pytest.raises(OSError, match="at once"):
            results.put(folder, commit)
    assert results.commit_of("s001") is None
    results.fs.rm("/province2", recursive=True)


KILLED = """
import os, signal, sys
from planning_check.province.commits import Results
from tests.province.test_commits import SHARD, write
results = Results(sys.argv[1], "run1")
with results.begun("s001") as folder:
    commit = write(folder, SHARD)
    if sys.argv[2] == "commit written":
        (folder / "_commit.json").write_text("{}")
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL")
@pytest.mark.parametrize("when", ["tables written", "commit written"])
def test_what_a_killed_worker_left_is_no_result_and_is_removed(tmp_path, when):
    done = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path), when], check=False, cwd=Path(__file__).parents[2])
    assert done.returncode == -9
    results = Results(str(tmp_path), "run1")
    assert results.commit_of("s001") is None
    assert [code for code, _ in results.unfinished()] == ["s001"]
    assert results.clean([replace(SHARD, code="s002")]) == 0, "another's is left alone"
    assert results.clean([SHARD]) == 1
    assert leftovers(tmp_path) == []


def test_who_still_writes_is_left_alone_until_the_result_is_there(tmp_path):
    results = Results(str(tmp_path), "run1")
    with results.begun("s001") as folder:
        assert results.clean([SHARD]) == 0
        assert folder.is_dir()
        made(results)
        assert results.clean([SHARD]) == 1
        assert not folder.exists()


def test_a_shard_whose_code_begins_like_anothers_is_not_meant(tmp_path):
    results = Results(str(tmp_path), "run1")
    Path(results.folder).mkdir(parents=True)
    dead = Path(results.folder, f".tmp-s001-b.{mark(2**22 + 1)}.12345678")
    dead.mkdir()
    assert results.clean([SHARD]) == 0
    assert results.clean([replace(SHARD, code="s001-b")]) == 1


@pytest.mark.parametrize("name", ["../x", "a/b", "", ".", "..", ".tmp-x", "a\\b"])
def test_a_name_that_leads_elsewhere_is_refused(tmp_path, name):
    with pytest.raises(UsageError):
        Results(str(tmp_path), name)
    with pytest.raises(UsageError):
        Results(str(tmp_path), "run1").place(name)


def test_a_place_that_nobody_knows_is_refused():
    with pytest.raises(UsageError, match="no such place"):
        Results("nowhere://x", "run1")


def test_what_is_missing_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "fsspec.core", None)
    with pytest.raises(UsageError) as told:
        Results("x", "run1")
    assert "planning-check[province]" in told.value.render("zh")


def test_another_plans_result_is_taken_over(out):
    before = made(Results(out, "run1"))
    results = Results(out, "run2")
    elsewhere = made_before(results)
    assert list(elsewhere) == [SHARD.digest]
    taken = take_over(results, replace(SHARD, code="s009"), elsewhere[SHARD.digest])
    assert taken == replace(before, shard="s009") == results.commit_of("s009", SHARD.digest)
    assert made_before(Results(out, "run2"))[SHARD.digest].endswith("run=run1/shard=s001"), "its own are not meant"


def test_what_was_tampered_with_is_not_taken_over(out):
    first = Results(out, "run1")
    made(first)
    first.fs.pipe_file(f"{first.place('s001')}/finding.parquet", b"PAR1")
    results = Results(out, "run2")
    assert take_over(results, SHARD, made_before(results)[SHARD.digest]) is None
    assert results.commit_of("s001") is None
    assert results.unfinished() == []
