"""The real command line, killed at random moments of its work: what was recorded is whole, what was not leaves nothing, and the next
works."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import sqlalchemy as sa

from planning_check.store import check_log, check_runs, events, findings, open_store, runs
from planning_check.store.models import Record
from tests import estates

pytestmark = [pytest.mark.long, pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL here")]
ROOT = Path(__file__).parents[2]
SERIES = "小城"
POINTS = 20


class Office:
    """A delivery, its database, and the command line."""

    def __init__(self, folder):
        self.delivery, self.url = estates.write(folder / "报送", estates.in_order(2)), f"sqlite:///{(folder / 'runs.sqlite').as_posix()}"

    def start(self, command):
        whole = [sys.executable, "-m", "planning_check", *command, "--db", self.url, "--lang", "en"]
        environment = os.environ | {"PYTHONPATH": str(ROOT), "SOURCE_DATE_EPOCH": "1310083200"}
        return subprocess.Popen(whole, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment, start_new_session=True)

    def ran(self, command):
        """Exit code, and what it said."""
        child = self.start(command)
        said = child.communicate()[0].decode("utf-8")
        return child.returncode, said

    def check(self, who):
        day = estates.AS_OF.isoformat()
        return ["check", str(self.delivery), "--as-of", day, "--series", SERIES, "--again", "-q", "--by", who]

    def decide(self, number):
        return ["decide", "--case", self.key, "--conclusion", ("认定", "不予认定")[number % 2], "--meeting-on", "2011-07-08",
                "--resolution-no", f"纪要{number}", "--by", f"第{number}人", "--yes"]  # fmt: skip

    @property
    def key(self):
        return self.looked(lambda engine: next(findings(engine, 1))["fingerprint"])

    def looked(self, at):
        engine = open_store(self.url, write=False)
        try:
            return at(engine)
        finally:
            engine.dispose()

    def whole(self):
        """The entries of the log, which holds; every run is whole and has its entry, and no table has a row of another."""
        return self.looked(self._whole)

    def _whole(self, engine):
        assert list(check_log(engine)) == [] and not any(one.differs for one in check_runs(engine))
        numbers, entries = [run.id for run in runs(engine)], events(engine, SERIES)
        assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
        assert [entry.of_run for entry in entries if entry.action == "run"] == numbers
        with engine.connect() as connection:
            for table in Record.metadata.sorted_tables:
                if "run_id" in table.c:
                    assert set(connection.scalars(sa.select(table.c.run_id).distinct())) <= set(numbers), table.name
        return entries


@pytest.fixture
def office(tmp_path):
    made = Office(tmp_path)
    for who in ("先", "再"):  # what is made once on this computer is made
        code, said = made.ran(made.check(who))
        assert code in (0, 1), said
    return made


def killed(child, until):
    """Kill it and whoever works for it at a moment; whether it had ended before."""
    time.sleep(max(0.0, until - time.monotonic()))
    has_ended = child.poll() is not None
    if not has_ended:
        os.killpg(child.pid, signal.SIGKILL)
    child.communicate()
    return has_ended


def took(office, command):
    begun = time.monotonic()
    code, said = office.ran(command)
    assert code in (0, 1), said
    return time.monotonic() - begun


def still_works(office, command, count):
    """The next one is recorded, and the latest run can be proved."""
    code, said = office.ran(command)
    assert code in (0, 1), said
    assert len(office.whole()) == count + 1
    code, said = office.ran(["verify"])
    assert code == 0, said


@pytest.mark.parametrize("what", ["check", "decide"])
def test_killed_at_twenty_random_moments(office, what):
    chance = random.Random(20)
    commands = [office.check(f"第{n}人") if what == "check" else office.decide(n) for n in range(POINTS + 2)]
    seconds, count, ended = took(office, commands[0]), len(office.whole()), 0
    for number, part in enumerate(sorted(chance.uniform(0, 1.1) for _ in range(POINTS)), 1):
        begun = time.monotonic()
        had_ended = killed(office.start(commands[number]), begun + part * seconds)
        entries = office.whole()
        written = [entry for entry in entries if entry.actor == f"第{number}人"]
        assert len(entries) == count + len(written) and len(written) in ((1,) if had_ended else (0, 1)), part
        count, ended = len(entries), ended + had_ended
    assert ended < POINTS, "some of them were killed"
    still_works(office, commands[-1], count)


def test_two_at_once_one_of_which_is_killed_or_both(office):
    chance = random.Random(21)
    seconds, count = 2 * took(office, office.check("先")), len(office.whole())
    for number in range(POINTS // 2):
        begun, names = time.monotonic(), [f"{who}{number}" for who in "甲乙"]
        children = [office.start(office.check(name)) for name in names]
        parts = sorted(chance.uniform(0, 1) for _ in names)
        killed(children[0], begun + parts[0] * seconds)
        if number % 2:
            killed(children[1], begun + parts[1] * seconds)
        else:
            children[1].communicate()
            assert children[1].returncode in (0, 1)
        entries = office.whole()
        written = [entry.actor for entry in entries if entry.actor in names]
        assert len(entries) == count + len(written) == count + len(set(written))
        assert number % 2 or names[1] in written, "who was not killed has recorded"
        count = len(entries)
    still_works(office, office.check("后"), count)
