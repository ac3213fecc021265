"""The command in a process of its own, and one that watches it: what ends it without a word (the system for want of memory, a library that
gives up) is told, says whether the check was recorded, and never looks like findings (exit code 1)."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from types import FrameType

import click

from planning_check.cli import endings
from planning_check.cli.console import default_language, forgive_encodings
from planning_check.errors import MachineError, Text

Work = Callable[[Callable[[str], None]], int]
#: Ends that somebody asked for: the watching process ends in the same way.
_ASKED = ("SIGTERM", "SIGHUP", "SIGQUIT", "SIGPIPE")
_ONE_PRESS_SECONDS = 1.0  # a terminal and whoever forwards it both send Ctrl+C


def watched(work: Work) -> int:
    """Run ``work`` and give its exit code. It is told how to say what it has recorded, in one line each time."""
    if not hasattr(os, "fork"):
        return work(lambda _line: None)
    _take_closed_ones()
    said, saying = os.pipe()
    ended, living = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(said)
        os.close(living)
        return _worked(work, saying, ended)
    os.close(saying)
    os.close(ended)
    return _waited(child, said)


def _take_closed_ones() -> None:
    """Or the next file opened would be what a library takes for the console."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # the lowest number that is free


def _worked(work: Work, saying: int, ended: int) -> int:
    threading.Thread(target=_end_with_the_other, args=(ended,), daemon=True).start()
    signal.signal(signal.SIGINT, INTERRUPTS)

    def tell(line: str) -> None:
        os.write(saying, f"{line}\n".encode())

    code = work(tell)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    tell(f"code {code}")
    return code


def _end_with_the_other(ended: int) -> None:
    """Nobody watches any more: the other process was killed."""
    os.read(ended, 1)
    os.kill(os.getpid(), signal.SIGKILL)


class Interrupts:
    """Ctrl+C as an exception, once however often one press arrives; ``seen`` tells what libraries make another error of."""

    seen = False
    _last = 0.0

    def __call__(self, _number: int, _frame: FrameType | None) -> None:
        now = time.monotonic()
        if not self.seen or now - self._last > _ONE_PRESS_SECONDS:
            self.seen, self._last = True, now
            raise KeyboardInterrupt


INTERRUPTS = Interrupts()


def _waited(child: int, said: int) -> int:
    interrupted = False

    def forward(number: int, _frame: FrameType | None) -> None:
        nonlocal interrupted
        interrupted = interrupted or number == signal.SIGINT
        with suppress(ProcessLookupError):  # it has just ended
            os.kill(child, number)

    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"):
        signal.signal(getattr(signal, name), forward)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    lines = _lines(said)
    code = next((int(line.removeprefix("code ")) for line in lines if line.startswith("code ")), None)
    if code is not None:
        return code
    recorded = endings.recorded_by(lines)
    if interrupted or status == -signal.SIGINT:
        return _told(endings.interrupted(recorded), endings.EXIT_INTERRUPTED)
    asked = next((number for name in _ASKED if status == -(number := getattr(signal, name))), None)
    if asked is not None:
        signal.signal(asked, signal.SIG_DFL)
        os.kill(os.getpid(), asked)
    return _told(endings.ended(status, recorded), MachineError.exit_code)


def _lines(said: int) -> list[str]:
    """What was said; other processes may still hold the other end."""
    os.set_blocking(said, False)
    with suppress(BlockingIOError):
        return os.read(said, 65_536).decode().split("\n")
    return []


def _told(what: Text | MachineError, code: int) -> int:
    forgive_encodings()
    lang = endings.language_of(sys.argv[1:], default_language())
    click.echo(what.get(lang) if isinstance(what, Text) else what.render(lang), err=True)
    return code
