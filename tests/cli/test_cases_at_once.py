"""Killed at any moment, and several at once: what was said to be written is there, once, and the chain is whole."""

import itertools
import os
import random
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from planning_check.cases import Case, after
from planning_check.store import cases, check_log, check_runs, events, open_store, runs
from tests.cli.test_case import SERIES, record

ROOT = Path(__file__).parents[2]
#: A program that decides, remarks, reports and checks in turn, and says of each what it wrote as soon as it knows.
PROGRAM = """
    import contextlib, io, itertools, sys
    sys.path.insert(0, {root!r})
    from planning_check.cli.main import run
    from planning_check.store import events, open_store
    from tests.cli.test_case import AR03, HO01, MO05, record

    db, who, most = sys.argv[1], sys.argv[2], int(sys.argv[3])
    engine = open_store(db)
    for n in range(most):
        if n == 3:
            print("begun", flush=True)
        number = f"{{who}}-{{n}}"
        steps = (
            ["decide", "--case", AR03, "--conclusion", ("认定", "不予认定")[n % 2], "--meeting-on", "2011-07-08", "--yes",
             "--resolution-no", number],
            ["case", "remark", HO01, "--note", number],
            ["case", "report", MO05, "--done-on", "2011-08-01", "--note", number],
        )
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            code = run([*steps[n % 3], "--db", db, "--by", who])
            if n % 3 == 2:
                record(engine, f"2012-{{n % 12 + 1:02}}-01", by=number)
        print(f"{{number}} {{code}}", flush=True)
"""


def program(db, who, most=10_000):
    code = textwrap.dedent(PROGRAM.format(root=str(ROOT)))
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.Popen([sys.executable, "-c", code, db, who, str(most)], stdout=subprocess.PIPE, text=True, env=environment)


def said_of(entries, who):
    """The numbers of what a program wrote, in the order of the log."""
    told = [entry.body.get("note") or entry.body.get("resolution_no") for entry in entries if entry.actor == who]
    return [int(number.rpartition("-")[2]) for number in told if number]


def whole(engine):
    """The chain holds; every run has its entry and every entry its run; every step was allowed from where the case stood."""
    assert list(check_log(engine)) == [] and not any(one.differs for one in check_runs(engine))
    entries = events(engine, SERIES)
    assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
    assert [entry.of_run for entry in entries if entry.action == "run"] == [run.id for run in runs(engine)]
    standing = {}
    for before, entry in itertools.pairwise(entries):
        if entry.fingerprint is not None:
            standing[entry.fingerprint] = after(standing.get(entry.fingerprint, Case(entry.fingerprint)), entry)
        if entry.action == "reopen":
            assert before.of_run == entry.of_run and before.action in ("run", "reopen"), "beside the check that did it"
    assert {key: case.state for key, case in standing.items()} == {key: case.state for key, case in cases(engine, SERIES).items()}
    return entries


def killed(db, who, steps, seconds):
    """Let it take so many steps after it has begun, and kill it so long after; what it said that it wrote."""
    child = program(db, who)
    said = [child.stdout.readline() for _ in range(4)]
    assert said.pop() == "begun\n", "it has done each once, and is at its work"
    said += [child.stdout.readline() for _ in range(steps)]
    time.sleep(seconds)
    child.kill()
    said += child.stdout.read().splitlines()
    assert child.wait() == -signal.SIGKILL
    return [line.split() for line in said if line.count(" ") == 1]


@pytest.fixture
def db(tmp_path):
    engine = open_store(str(tmp_path / "runs.sqlite"))
    record(engine)
    return engine


def killed_again_and_again(db, times, chance):
    for number in range(times):
        who = f"第{number}人"
        said = killed(db.url.database, who, chance.randrange(6), chance.uniform(0, 0.2))
        written = said_of(whole(db), who)
        acknowledged = [int(name.rpartition("-")[2]) for name, code in said if code == "0"]
        assert set(acknowledged) <= set(written) and len(set(written)) == len(written), "nothing lost, nothing twice"
        assert set(written) - set(acknowledged) <= {len(said)}, "at most the one that was not yet said"


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL here")
def test_killed_at_any_moment_nothing_is_lost_and_the_chain_is_whole(db):
    killed_again_and_again(db, 2, random.Random(7))


@pytest.mark.long
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL here")
def test_killed_at_twenty_moments(db):
    killed_again_and_again(db, 20, random.Random(13))


def test_two_at_once_write_one_chain_and_lose_nothing(db):
    children = [program(db.url.database, who, 9) for who in ("甲", "乙")]
    said = {
        who: [line for line in child.communicate()[0].splitlines() if line != "begun"]
        for who, child in zip(("甲", "乙"), children, strict=True)
    }
    assert [child.returncode for child in children] == [0, 0]
    entries = whole(db)
    for who, lines in said.items():
        done = [int(line.split()[0].rpartition("-")[2]) for line in lines if line.endswith(" 0")]
        assert len(lines) == 9 and said_of(entries, who) == done == sorted(done), "in its own order"
        assert {1, 4, 7} <= set(done), "a remark is always possible"
