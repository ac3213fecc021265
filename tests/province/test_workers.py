"""Real processes, killed, restarted, interrupted: no result twice, none missing, nothing left, no process left behind."""

import json
import os
import platform
import shutil
import signal
import subprocess
from contextlib import nullcontext
from functools import partial
from pathlib import Path

import psutil
import pytest

from planning_check.cli.province_run import told
from planning_check.pipeline.province.executing import Heard, run
from planning_check.province.workers import Here, Lost, led_by, local, share
from tests.province import stand_in
from tests.province.processes import below, free_port, gone, planned, scheduler, started, wait_for, worker, workers_of
from tests.province.stand_in import asked_times, leftovers, province, roots

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs signals")
RUN = ("-m", "tests.province.driver", "province", "run", "plan.json", "--out", "R")


@pytest.fixture
def start():
    with started() as starter:
        yield starter


def loop(folder, behaviour):
    """What a plain loop makes of the same."""
    plan = province(folder, behaviour)
    run(plan, str(folder / "loop"), nullcontext(Here()), told, check=stand_in.check)
    return roots(plan, folder / "loop")


def began(city, times=1):
    wait_for(lambda: asked_times(city) >= times)
    return workers_of(city)[times - 1]


def ended(process, seconds=90):
    out, err = process.communicate(timeout=seconds)
    return process.returncode, out, err


def test_a_killed_worker_costs_nothing(tmp_path, start):
    behaviour = {"a": {"until": "go"}, "b": {}, "c": {}, "d": {}}
    plan = planned(tmp_path, behaviour)
    driver = start(*RUN, "--workers", "2", "--format", "json", cwd=tmp_path)
    first = began(tmp_path / "cities/a")
    os.kill(first, signal.SIGKILL)
    assert began(tmp_path / "cities/a", 2) != first
    (tmp_path / "cities/a/go").touch()
    code, out, _ = ended(driver)
    assert (code, json.loads(out)["missing"]) == (0, [])
    assert roots(plan, tmp_path / "R") == loop(tmp_path / "again", {city: {} for city in behaviour})
    assert leftovers(tmp_path / "R") == []


def test_one_that_kills_its_worker_each_time_is_named_and_the_others_are_whole(tmp_path):
    plan = province(tmp_path, {"a": {}, "b": {"kill": 99}, "c": {}, "d": {"kill": 4}, "e": {}})
    notes = []
    now = run(plan, str(tmp_path / "R"), local(2, notes.append), told, heard=Heard(note=notes.append), check=stand_in.check)
    assert sorted(now.done) == ["s001", "s003", "s004", "s005"]
    assert [(f.shard, f.kind, f.tries) for f in now.failures] == [("s002", "machine", 2)]
    assert "ended again and again" in now.failures[0].why.en
    assert len(workers_of(tmp_path / "cities/b")) == 8, "four times, then four times alone"
    assert leftovers(tmp_path / "R") == []


def test_failures_travel_from_the_workers(tmp_path):
    plan = province(
        tmp_path, {"a": {"fails": "disk"}, "b": {"fails": "bug"}, "c": {"fails": "delivery"}, "d": {"fails": "changed"}, "e": {}}
    )
    now = run(plan, str(tmp_path / "R"), local(2, print), told, check=stand_in.check)
    assert list(now.done) == ["s005"]
    assert {f.shard: f.kind for f in now.failures} == {"s001": "machine", "s002": "bug", "s003": "delivery", "s004": "changed"}
    assert next(f for f in now.failures if f.kind == "machine").why.zh.startswith(f"{tmp_path}/cities/a：磁盘已满")
    assert f"机器：{platform.node()}" in next(f for f in now.failures if f.kind == "machine").why.zh
    assert leftovers(tmp_path / "R") == []


def test_one_that_lacks_memory_gets_more_and_as_much_as_there_is(tmp_path):
    plan = province(tmp_path, {"a": {"out_of_memory": 1}, "b": {"out_of_memory": 9}, "c": {}})
    now = run(plan, str(tmp_path / "R"), local(2, print), told, check=stand_in.check)
    assert sorted(now.done) == ["s001", "s003"]
    assert [(f.shard, f.kind, f.tries) for f in now.failures] == [("s002", "machine", 2)]
    (_, threads, memory), (_, all_threads, more) = (
        line.split() for line in (tmp_path / "cities/b/asked.txt").read_text("utf-8").splitlines()
    )
    assert (threads, all_threads) == ("1", "2") or psutil.cpu_count() != 2
    assert 0.25 < _size(memory) * 2 / psutil.virtual_memory().total < 0.65
    assert _size(memory) < _size(more) < 0.81 * psutil.virtual_memory().total
    assert f"{_size(memory) // 10**6} MB, {_size(more) // 10**6} MB" in now.failures[0].why.en


def _size(memory):
    return int(memory.removesuffix("MB")) * 10**6


def test_a_worker_that_cannot_run_it_is_named():
    with local(1, print) as workers:
        found = list(workers.each(_not_here, ["x"], lambda _: None))
    assert [(item, type(outcome)) for item, outcome in found] == [("x", Lost)]
    assert "No module named 'planning_check'" in found[0][1].why.zh


def _not_here(_item):
    raise ModuleNotFoundError("No module named 'planning_check'")


def test_no_port_is_open_to_others_and_nothing_is_left_at_the_end():
    own = psutil.Process()
    before = own.children(recursive=True)  # of tests before this one
    heard = listens(own)
    with local(2, print):
        mine = [process for process in own.children(recursive=True) if process not in before]
        listening = [ip for process in mine for ip, _ in listens(process)] + [ip for ip, _ in listens(own) - heard]
    assert len(listening) >= 5
    assert set(listening) == {"127.0.0.1"}
    assert gone([process for process in mine if "resource_tracker" not in " ".join(_command(process))])


def listens(process):
    return {(one.laddr.ip, one.laddr.port) for one in process.net_connections() if one.status == "LISTEN"}


def _command(process):
    try:
        return process.cmdline()
    except psutil.NoSuchProcess:
        return []


def test_who_is_no_worker_has_no_share():
    assert share() is None


@pytest.mark.parametrize("how", ["driver", "group"])
def test_no_worker_outlives_a_driver_that_was_killed(tmp_path, start, how):
    planned(tmp_path, {"a": {"sleep": 60}, "b": {"sleep": 60}})
    driver = start(*RUN, "--workers", "2", cwd=tmp_path)
    began(tmp_path / "cities/a")
    began(tmp_path / "cities/b")
    processes = below(driver.pid)
    assert len(processes) >= 3
    if how == "driver":
        driver.kill()
    else:
        psutil.Process(processes[0].pid).kill()
    assert gone(processes)
    ended(driver)
    assert leftovers(tmp_path / "R") != []
    for city in ("a", "b"):
        (tmp_path / "cities" / city / "do.json").write_text("{}", "utf-8")
    assert ended(start(*RUN, "--workers", "2", cwd=tmp_path))[0] == 0
    assert leftovers(tmp_path / "R") == []


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize("send", [os.kill, os.killpg])
def test_an_interruption_ends_the_workers_and_keeps_what_is_done(tmp_path, start, number, code, send):
    plan = planned(tmp_path, {"a": {}, "b": {"sleep": 60}, "c": {"sleep": 60}})
    driver = start(*RUN, "--workers", "2", "--lang", "en", cwd=tmp_path)
    began(tmp_path / "cities/b")
    began(tmp_path / "cities/c")
    processes = below(driver.pid)
    send(driver.pid, number)
    returned, out, err = ended(driver)
    assert (returned, out) == (code, "")
    assert "1 of 3 shards have a result, 2 without" in err
    assert "Traceback" not in err
    assert gone(processes, 10)
    assert list(roots(plan, tmp_path / "R")) == ["s001"]
    assert leftovers(tmp_path / "R") == []


def test_two_drivers_over_one_place_make_each_result_once(tmp_path, start):
    plan = planned(tmp_path, {name: {"sleep": 0.3} for name in "abcdef"})
    drivers = [start(*RUN, "--workers", "2", "--format", "json", cwd=tmp_path) for _ in range(2)]
    for driver in drivers:
        code, out, err = ended(driver)
        assert (code, json.loads(out)["missing"], json.loads(out)["failures"]) == (0, [], []), err
    assert sorted(roots(plan, tmp_path / "R")) == [shard.code for shard in plan.shards]
    assert leftovers(tmp_path / "R") == []


def test_a_scheduler_that_is_restarted_costs_nothing(tmp_path, start):
    behaviour = {"a": {}, "b": {"until": "go"}, "c": {}, "d": {}}
    plan = planned(tmp_path, behaviour)
    port = free_port()
    address = f"tcp://127.0.0.1:{port}"
    first = [scheduler(start, port), worker(start, address, tmp_path / "w", count=2)]
    driver = start(*RUN, "--scheduler", address, "--format", "json", "--lang", "en", cwd=tmp_path)
    began(tmp_path / "cities/b")
    for process in first:
        os.killpg(process.pid, signal.SIGKILL)
    scheduler(start, port)
    worker(start, address, tmp_path / "w", count=2)
    began(tmp_path / "cities/b", 2)
    (tmp_path / "cities/b/go").touch()
    code, out, err = ended(driver)
    assert (code, json.loads(out)["missing"]) == (0, []), err
    assert "the connection to the scheduler is lost" in err
    assert "the scheduler answers again" in err
    assert roots(plan, tmp_path / "R") == loop(tmp_path / "again", {city: {} for city in behaviour})
    assert leftovers(tmp_path / "R") == []


@pytest.mark.parametrize("what", ["scheduler", "workers"])
def test_a_scheduler_or_workers_that_do_not_come_back_are_named(tmp_path, start, what):
    plan = planned(tmp_path, {"a": {}, "b": {"sleep": 60}})
    port = free_port()
    address = f"tcp://127.0.0.1:{port}"
    processes = {"scheduler": scheduler(start, port), "workers": worker(start, address, tmp_path / "w")}
    driver = start(*RUN, "--scheduler", address, "--patience", "0.05", "--lang", "en", cwd=tmp_path)
    began(tmp_path / "cities/b")
    wait_for(lambda: "s001" in roots(plan, tmp_path / "R"))
    os.killpg(processes[what].pid, signal.SIGKILL)
    code, out, err = ended(driver)
    assert code == 4, err
    assert "1 of 2 shards have a result" in out
    assert "start both again" in " ".join(out.split())
    assert list(roots(plan, tmp_path / "R")) == ["s001"]


def test_every_worker_is_asked_to_clean_up(tmp_path):
    with local(2, print) as workers:
        workers.everywhere(partial(_sign, tmp_path))
    assert len(list(tmp_path.iterdir())) == 2


def _sign(folder):
    (folder / str(os.getpid())).touch()


def test_a_worker_of_several_threads_is_told_and_checks_one_at_a_time(tmp_path, start):
    plan = planned(tmp_path, {name: {"sleep": 0.2} for name in "abc"})
    port = free_port()
    address = f"tcp://127.0.0.1:{port}"
    scheduler(start, port)
    worker(start, address, tmp_path / "w", "--nthreads", "3")
    wait_for(lambda: list((tmp_path / "w").glob("*/worker-*")))
    notes = []
    with led_by(address, notes.append) as workers:
        wait_for(workers.is_crowded)
    with led_by(address, notes.append) as workers:
        now = run(plan, str(tmp_path / "R"), nullcontext(workers), told, check=stand_in.check)
    assert "--nthreads 1" in notes[-1].en
    assert now.missing == []


def test_under_a_scheduler_a_killed_worker_leaves_nothing(tmp_path, start):
    plan = planned(tmp_path, {"a": {"kill": 1}, "b": {}})
    port = free_port()
    address = f"tcp://127.0.0.1:{port}"
    scheduler(start, port)
    worker(start, address, tmp_path / "w")
    with led_by(address, print) as workers:
        now = run(plan, str(tmp_path / "R"), nullcontext(workers), told, check=stand_in.check)
    assert now.missing == []
    assert leftovers(tmp_path / "R") == []


@pytest.fixture
def certificates(tmp_path):
    """An authority's, and one that it signed."""
    if not shutil.which("openssl"):
        pytest.skip("needs openssl")

    def openssl(*arguments):
        subprocess.run(["openssl", *arguments], check=True, capture_output=True, cwd=tmp_path)

    new = ("req", "-newkey", "rsa:2048", "-nodes")
    openssl(*new, "-subj", "/CN=authority", "-keyout", "ca.key", "-x509", "-out", "ca.pem", "-days", "2")
    openssl(*new, "-subj", "/CN=127.0.0.1", "-keyout", "own.key", "-out", "own.csr")
    openssl("x509", "-req", "-in", "own.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-out", "own.pem", "-days", "2")
    return [f"--tls-{name}={tmp_path / file}" for name, file in (("ca", "ca.pem"), ("cert", "own.pem"), ("key", "own.key"))]


def dask_tls(certificates):
    return [option.replace("--tls-ca=", "--tls-ca-file=") for option in certificates]


def test_with_certificates_on_a_scheduler_and_here(tmp_path, start, certificates):
    plan = planned(tmp_path, {"a": {}, "b": {}})
    port = free_port()
    address = f"tls://127.0.0.1:{port}"
    scheduler(start, port, "--protocol", "tls", *dask_tls(certificates))
    worker(start, address, tmp_path / "w", *dask_tls(certificates))
    assert ended(start(*RUN, "--scheduler", address, *certificates, cwd=tmp_path))[0] == 0
    assert sorted(roots(plan, tmp_path / "R")) == ["s001", "s002"]
    shutil.rmtree(Path(tmp_path, "R"))
    assert ended(start(*RUN, "--workers", "1", *certificates, cwd=tmp_path))[0] == 0
    code, _, err = ended(start(*RUN, "--scheduler", f"tcp://127.0.0.1:{port}", "--patience", "0", "--lang", "en", cwd=tmp_path))
    assert (code, err) == (0, ""), "all is there: nobody is asked"
    shutil.rmtree(Path(tmp_path, "R"))
    code, _, err = ended(start(*RUN, "--scheduler", f"tcp://127.0.0.1:{port}", "--patience", "0", "--lang", "en", cwd=tmp_path))
    assert code == 4
    assert "no scheduler answers" in err
