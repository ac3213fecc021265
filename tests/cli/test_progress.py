"""How much is done and how long it still takes: on a terminal, at every stage, never in a pipe."""

import datetime as dt
import io
import sys

import pytest

from planning_check import pipeline
from planning_check.cli.console import Console
from planning_check.progress import Parts
from planning_check.store import open_store, save_run
from tests import estates
from tests.store.tables import TELLINGS, connection, manifest


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def terminal(monkeypatch):
    """What a console with a clock of our own shows: the last line after each call."""
    shown, now = Terminal(), [0.0]

    def at(seconds, stage, done, lang="en"):
        monkeypatch.setattr(sys, "stderr", shown)
        now[0] = seconds
        consoles.setdefault(lang, Console(lang, clock=lambda: now[0])).progress(stage, done)
        return shown.getvalue().split("\r")[-1].rstrip()

    consoles = {}
    return at


def test_per_cent_at_once_and_the_time_left_once_it_is_worth_saying(terminal):
    assert terminal(0, "record", None) == "recording ..."
    assert terminal(4, "record", 0.1) == "recording ...  10%"
    assert terminal(10, "record", 0.25) == "recording ...  25%, about 30 s left"
    assert terminal(100, "record", 0.5) == "recording ...  50%, about 1 min 40 s left"
    assert terminal(200, "record", 1.0) == "recording ... 100%"


def test_another_stage_begins_its_own_time(terminal):
    terminal(0, "judge", None)
    assert terminal(60, "judge", 0.5, "en") == "judging ...  50%, about 1 min 0 s left"
    assert terminal(61, "record", None) == "recording ..."
    assert terminal(64, "record", 0.5) == "recording ...  50%", "three seconds into it"


def test_in_chinese(terminal):
    terminal(0, "judge", None, "zh")
    assert terminal(30, "judge", 0.25, "zh") == "逐条判定 ...  25%，约剩 1 分 30 秒"


def test_nothing_of_it_in_a_pipe(monkeypatch):
    shown = io.StringIO()
    monkeypatch.setattr(sys, "stderr", shown)
    console = Console("en", clock=lambda: 100.0)
    console.progress("record", 0.5)
    console.progress_ends()
    assert shown.getvalue() == ""


def test_parts_add_up_and_never_go_beyond_all():
    heard = []
    parts = Parts(4, heard.append)
    parts.next()
    parts.within(0.5)
    for _ in range(4):
        parts.next()
    assert heard == [0.25, 0.375, 0.5, 0.75, 1.0, 1.0]
    Parts(2).next()


def rising(heard):
    return heard == sorted(heard) and len(set(heard)) > 5 and heard[-1] == 1.0


def test_recording_says_how_much_is_recorded(tmp_path):
    heard = []
    save_run(open_store(f"sqlite:///{tmp_path / 'x.sqlite'}"), connection(), manifest(), TELLINGS, heard.append)
    assert rising(heard), heard


def test_every_stage_of_a_check_says_how_much_of_it_is_done(tmp_path):
    """Read, measured, judged and recorded: a small delivery, heard by the pipeline's own ear."""
    heard = {}
    options = pipeline.Options(
        (estates.write(tmp_path / "报送", estates.in_order()),), as_of=dt.date(2011, 6, 30), today=dt.date(2011, 6, 30)
    )
    now = dt.datetime(2011, 7, 1, tzinfo=dt.UTC)
    pipeline.check(options, created_at=now, db_url=f"sqlite:///{tmp_path / 'x.sqlite'}",
                   progress=lambda stage, done: heard.setdefault(stage, []).append(done))  # fmt: skip
    for stage in ("facts", "judge", "record"):
        first, *shares = heard[stage]
        assert first is None
        assert rising(shares), (stage, shares)
    assert heard["ingest"][-1] == 1.0
