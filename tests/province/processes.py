"""Programs that a test starts, and ends whatever happens: each with all that it started itself."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import psutil

from planning_check.province.plan_file import as_json, with_digest
from tests.province import stand_in

ROOT = Path(__file__).parents[2]


@contextmanager
def started():
    """``start(*arguments)`` runs Python with them; all are gone at the end."""
    running, known = [], []
    scratch = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)

    def start(*arguments, **given):
        process = subprocess.Popen(
            [sys.executable, *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
            env={**os.environ, "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8", "DASK_TEMPORARY_DIRECTORY": scratch.name,
                 **given.pop("env", {})}, **given,
        )  # fmt: skip
        running.append(process)
        return process

    try:
        yield start
    finally:
        for process in running:
            known += below(process.pid)
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        for one in known:
            with suppress(psutil.NoSuchProcess):
                one.kill()
        for process in running:
            process.communicate()
        scratch.cleanup()


def below(pid):
    """All processes that it started, and those they did."""
    try:
        return psutil.Process(pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def wait_for(condition, seconds=60.0):
    """Until it holds; the test fails where it does not in time."""
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)
    return found


def gone(processes, seconds=30.0):
    """Whether all of them end in time."""
    _, alive = psutil.wait_procs(processes, timeout=seconds)
    return not alive


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def planned(folder, behaviour):
    """A plan on file."""
    plan = with_digest(replace(stand_in.province(folder, behaviour), digest=""))
    (folder / "plan.json").write_text(as_json(plan), "utf-8")
    return plan


def workers_of(folder):
    """The processes that ever began to check a city of it, by its ``asked.txt``."""
    return [int(line.split()[0]) for line in (Path(folder) / "asked.txt").read_text("utf-8").splitlines()]


def scheduler(start, port, *options):
    """A dask scheduler on this machine."""
    return start("-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", port, "--no-dashboard", *options)


def worker(start, address, folder, *options, count=1):
    """A dask worker with its nanny."""
    return start("-m", "distributed.cli.dask_worker", address, "--nworkers", count, "--nthreads", "1", "--host", "127.0.0.1",
                 "--no-dashboard", "--local-directory", folder, *options)  # fmt: skip
