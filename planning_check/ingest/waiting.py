"""Whether a child that takes its time works or waits: one that was forked may wait for ever for a lock that nobody holds in it."""

from __future__ import annotations

import os
import signal
import threading
import time
from contextlib import suppress
from pathlib import Path

#: Without a tick of the processor for so long, a child is taken for one that waits.
IDLE_SECONDS = 20.0
_WORKING = 0.1  # of the time, at least, where the system does not tell the ticks meanwhile


def ended(child: int) -> tuple[int, bool]:
    """Wait for a child: its exit code or minus the signal, and whether it was ended by the clock while it waited for something."""
    over, idle, begun = threading.Event(), threading.Event(), time.monotonic()
    watch = threading.Thread(target=_end_when_idle, args=(child, over, idle), daemon=True)
    watch.start()
    try:
        _, status, used = os.wait4(child, 0)
    finally:
        over.set()
        watch.join()
    code = os.waitstatus_to_exitcode(status)
    worked = used.ru_utime + used.ru_stime > _WORKING * (time.monotonic() - begun)
    return code, code == -signal.SIGALRM and (idle.is_set() or not worked)


def _end_when_idle(child: int, over: threading.Event, idle: threading.Event) -> None:
    """From a thread of the parent, for what waits in native code hears nothing itself."""
    before = None
    while not over.wait(IDLE_SECONDS):
        now = _ticks(child)
        if now is not None and now == before:
            idle.set()
            with suppress(OSError):  # it has just ended
                os.kill(child, signal.SIGALRM)
            return
        before = now


def _ticks(child: int) -> int | None:
    """Of the processor, that the child has had; None where the system does not say."""
    with suppress(OSError, ValueError, IndexError):
        told = Path(f"/proc/{child}/stat").read_text("ascii", "replace").rpartition(")")[2].split()
        return int(told[11]) + int(told[12])
    return None
