"""The real check of eight invented cities on two processes, one of them killed: what lies there in the end is what a plain loop makes."""

import json
import os
import signal
import subprocess
from contextlib import nullcontext
from pathlib import Path

import psutil
import pytest

from planning_check.cli.province_run import told
from planning_check.pipeline.province.executing import run
from planning_check.province.commits import Results
from planning_check.province.plan_file import as_json, with_digest
from planning_check.province.workers import Here
from tests.province import cities
from tests.province.planned import plan_of
from tests.province.processes import below, started, wait_for
from tests.province.stand_in import leftovers, roots

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs signals")


@pytest.fixture(scope="module")
def plan(tmp_path_factory):
    folder = tmp_path_factory.mktemp("province")
    plan = with_digest(plan_of(cities.write(folder)))
    (folder / "plan.json").write_text(as_json(plan), "utf-8")
    return plan, folder


@pytest.fixture(scope="module")
def loop(plan):
    plan, folder = plan
    now = run(plan, str(folder / "loop"), nullcontext(Here()), told)
    broken = {plan.shard(failure.shard).cities: failure.kind for failure in now.failures}
    assert broken == {(cities.BROKEN,): "delivery", (cities.EMPTY,): "delivery"}
    return roots(plan, folder / "loop")


def test_a_worker_killed_in_the_middle_changes_nothing(plan, loop):
    plan, folder = plan
    with started() as start:
        driver = start(
            "-m", "planning_check", "province", "run", "plan.json", "--out", "R", "--workers", "2", "--format", "json", cwd=folder
        )
        victim = wait_for(lambda: next((one for one in below(driver.pid) if _is_busy(one)), None))
        victim.send_signal(signal.SIGKILL)
        out, err = driver.communicate(timeout=300)
    end = json.loads(out)
    assert (driver.returncode, sorted(end["done"])) == (3, sorted(loop)), err
    assert {failure["kind"] for failure in end["failures"]} == {"delivery"}
    assert roots(plan, folder / "R") == loop
    assert leftovers(folder / "R") == []
    assert _files(plan, folder / "R") == _files(plan, folder / "loop"), "to the byte"


def _is_busy(process):
    """A worker that checks a shard: it has worked for longer than a start takes."""
    try:
        return "spawn_main" in " ".join(process.cmdline()) and process.cpu_times().user > 3.5
    except psutil.NoSuchProcess:
        return False


def _files(plan, out):
    results = Results(str(out), plan.digest)
    commits = [results.commit_of(shard.code) for shard in plan.shards]
    return [{name: kept.sha256 for name, kept in commit.tables.items()} for commit in commits if commit]


@pytest.fixture
def small_disk(tmp_path):
    """A disk that holds one result and not two."""
    folder = tmp_path / "disk"
    folder.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=900k", "tmpfs", str(folder)], capture_output=True, check=False)
    if done.returncode:
        pytest.skip("no right to mount a disk")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_is_named_and_nothing_is_left_on_it(plan, small_disk):
    plan, _ = plan
    two = plan_of({label: Path(plan.city(label).folder) for label in cities.PLAIN})
    now = run(two, str(small_disk), nullcontext(Here()), told)
    assert (len(now.done), [(f.kind, f.tries) for f in now.failures]) == (1, [("machine", 1)])
    assert "the disk is full" in now.failures[0].why.en
    assert leftovers(small_disk) == []


def test_too_little_memory_is_named_with_the_sizes_tried(plan):
    plan, folder = plan
    one = plan_of({cities.PLAIN[0]: Path(plan.city(cities.PLAIN[0]).folder)})
    now = run(one, str(folder / "small"), nullcontext(Here()), told, memory="1MB")
    assert [(f.kind, f.tries) for f in now.failures] == [("machine", 2)]
    assert "1 MB, 4 MB" in now.failures[0].why.en
    assert leftovers(folder / "small") == []
