"""What ends a command without a word is told and never looks like findings;
Ctrl+C at any moment says truly whether the check is on record."""

import datetime as dt
import os
import signal
import subprocess
import sys
import textwrap
import time

import pytest

from planning_check.cli.endings import ended, interrupted, language_of, recorded_by
from planning_check.pipeline.running import _recorded
from planning_check.store import open_store, runs
from tests.store.tables import TELLINGS, connection, manifest

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
FIRST = "import os, signal, sys, time\nfrom planning_check.cli.watched import INTERRUPTS, watched\n"


def script(body: str) -> list[str]:
    return [sys.executable, "-c", FIRST + "def work(tell):\n" + textwrap.indent(body, "    ") + "\nsys.exit(watched(work))"]


def ran(body: str) -> tuple[int, str]:
    done = subprocess.run(script(body), capture_output=True, text=True, check=False)
    return done.returncode, done.stderr


@pytest.mark.parametrize("code", [0, 1, 2, 70])
def test_its_own_exit_code_is_kept(code):
    assert ran(f"return {code}") == (code, "")


@pytest.mark.parametrize(
    ("body", "how"),
    [
        ("os._exit(1)", "exit code 1"),
        ("os._exit(127)", "exit code 127"),
        ("os.abort()", "signal 6"),
        ("os.kill(os.getpid(), signal.SIGKILL)", "signal 9"),
        ("os.kill(os.getpid(), signal.SIGSEGV)", "signal 11"),
    ],
)
@pytest.mark.parametrize(
    ("tells", "says"),
    [
        ("", "nothing was recorded"),
        ("tell('recording'); ", "planning-check runs shows"),
        ("tell('recording'); tell('recorded 7'); ", "recorded as run 7"),
        ("tell('recording'); tell('recorded 0'); ", "nothing was recorded"),
    ],
)
def test_an_end_without_a_word_is_told(body, how, tells, says):
    code, err = ran(tells + body)
    assert code == 4
    assert how in err
    assert says in err
    assert "--memory" in err


def test_what_ends_after_the_work_changes_nothing():
    assert ran("import atexit; atexit.register(os._exit, 1); return 0") == (0, "")


def test_it_speaks_both_languages():
    assert "第 3 次" in ended(-9, 3).render("zh")
    assert "信号 9" in ended(-9, 0).render("zh")
    assert interrupted(None).zh != interrupted(0).zh != interrupted(3).zh
    assert recorded_by(["recording", "recorded 0", ""]) == 0
    assert [language_of(a, "en") for a in (["--lang", "zh"], ["--lang=zh"], ["--lang", "zh", "--lang=en"], ["--lang"], [])] == [
        "zh", "zh", "en", "en", "en",
    ]  # fmt: skip


def started(body: str) -> subprocess.Popen:
    """The script, as soon as it has written a line."""
    process = subprocess.Popen(script(body), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)
    assert process.stdout is not None
    assert process.stdout.readline().strip() == "ready"
    return process


@pytest.mark.parametrize("send", [os.kill, os.killpg])
def test_one_ctrl_c_is_one_interruption(send):
    body = """
        try:
            print("ready", flush=True)
            time.sleep(60)
        except KeyboardInterrupt:
            time.sleep(0.5)  # the second of one press does not come through
            print("once", flush=True)
            return 130
    """
    process = started(textwrap.dedent(body))
    send(process.pid, signal.SIGINT)
    out, err = process.communicate()
    assert (process.returncode, out, err) == (130, "once\n", "")


def test_ctrl_c_that_ends_a_library_is_an_interruption():
    process = started("print('ready', flush=True); signal.signal(signal.SIGINT, lambda *_: os._exit(1)); time.sleep(60)")
    time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate()
    assert (process.returncode, "leaves no record" in err) == (130, True)


def test_a_signal_to_end_it_ends_both_in_its_way():
    process = started("print('ready', flush=True); time.sleep(60)")
    process.terminate()
    assert process.communicate() == ("", "")
    assert process.returncode == -signal.SIGTERM


def test_nobody_works_on_for_a_program_that_was_killed():
    process = started("print('ready', flush=True); time.sleep(60)")
    process.kill()
    begun = time.monotonic()
    process.communicate()  # as long as anybody holds the pipe
    assert time.monotonic() - begun < 20


@pytest.mark.parametrize("kibibytes", [60_000, 250_000, 600_000])
def test_out_of_memory_is_told_and_is_no_finding(tmp_path, kibibytes):
    (tmp_path / "项目.csv").write_text("项目编号,项目名称,区县\nP1,甲,610102\n", "utf-8")
    limited = (
        f"import resource, sys; resource.setrlimit(resource.RLIMIT_AS, ({kibibytes * 1024},) * 2); "
        "sys.argv = ['x', 'check', '.', '--select', 'OF01']; "
    )
    command = [sys.executable, "-c", limited + "from planning_check.__main__ import main; main()"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 4
    assert "memory" in done.stderr
    assert "what to do" in done.stderr


def lines_of_the_recording(engine, at=0):
    """Record, with Ctrl+C at the ``at``-th line that the store runs (0: never): what was told last, and how many lines there are."""
    told, lines = [], 0

    def trace(frame, event, _argument):
        nonlocal lines
        if "planning_check/store/" not in frame.f_code.co_filename.replace("\\", "/") and frame.f_code.co_name != "_recorded":
            return None
        if event == "line":
            lines += 1
            if lines == at:
                raise KeyboardInterrupt
        return trace

    con, record = connection(), manifest()
    record["created_at"] += dt.timedelta(seconds=at)
    sys.settrace(trace)
    try:
        _recorded(engine, con, record, TELLINGS, told.append, lambda _: None)
    except KeyboardInterrupt:
        pass
    finally:
        sys.settrace(None)
    return told, lines


@pytest.mark.long
def test_what_is_told_of_the_recording_is_so_wherever_it_is_interrupted(tmp_path):
    engine = open_store(str(tmp_path / "runs.sqlite"))
    told, whole = lines_of_the_recording(engine)
    assert told == [None, 1]
    outcomes = set()
    for at in [1, 2, 3, *range(4, whole - 120, whole // 15), *range(whole - 120, whole + 1, 3)]:
        before = len(runs(engine))
        told, _ = lines_of_the_recording(engine, at)
        after = runs(engine)
        is_recorded = len(after) > before
        assert not told or told[-1] in (None, after[-1].id if is_recorded else 0), at
        assert told or not is_recorded
        outcomes.add((is_recorded, told[-1] if told and not told[-1] else "run"))
    assert {(False, 0), (True, "run")} <= outcomes
