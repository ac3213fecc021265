"""A process that reads a file, looked after from outside: how much memory it takes, and whether it works or waits.

What is busy in native code hears nothing itself. One that was forked may wait for ever for a lock that nobody holds in it; and the system
bounds a process's memory on Linux alone.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from types import TracebackType

#: Without a tick of the processor for so long, a child is taken for one that waits.
IDLE_SECONDS = 20.0
_LOOK_SECONDS = 0.1
_WORKING = 0.1  # of the time, at least, where the system does not tell the ticks meanwhile


#: How a child ends that took more memory than it may.
NO_MEMORY = 1


class Ended(NamedTuple):
    """How a child ended: its exit code or minus the signal, and whether by the clock, while it waited for something."""

    code: int
    waited: bool


class Watch:
    """Looks after a process until the block ends: ``kill`` is called where it takes so many bytes more than at the block's beginning,
    and ``wake`` (if any) where it does not work. ``hungry``, ``idle``: that this came to pass."""

    def __init__(self, pid: int, most_bytes: int, kill: Callable[[], object], wake: Callable[[], object] | None = None):
        self.hungry = self.idle = False
        self._pid, self._most, self._kill, self._wake = pid, most_bytes, kill, wake
        self._over, self._thread = threading.Event(), threading.Thread(target=self._look, daemon=True)
        self._process: Any = None

    def __enter__(self) -> Watch:
        import psutil

        with suppress(psutil.Error):  # it has just ended
            self._process = psutil.Process(self._pid)
            self._most += taken_bytes(self._process)
            self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._over.set()
        if self._thread.ident is not None:
            self._thread.join()

    def code(self, code: int) -> int:
        """How it ended, whose exit code or minus the signal is given."""
        return NO_MEMORY if code < 0 and self.hungry else code

    def _look(self) -> None:
        import psutil

        before, due = None, time.monotonic() + IDLE_SECONDS
        with suppress(psutil.Error, OSError):  # it has just ended
            while not self._over.wait(_LOOK_SECONDS):
                if taken_bytes(self._process) > self._most:
                    self.hungry = True
                    self._kill()
                    return
                if self._wake is None or time.monotonic() < due:
                    continue
                now = _ticks(self._process)
                if now is not None and now == before:
                    self.idle = True
                    self._wake()
                    return
                before, due = now, time.monotonic() + IDLE_SECONDS


def ended(child: int, most_bytes: int) -> Ended:
    """Wait for a child, which may take so many bytes more than it has."""
    begun = time.monotonic()
    with Watch(child, most_bytes, lambda: os.kill(child, signal.SIGKILL), lambda: os.kill(child, signal.SIGALRM)) as watch:
        _, status, used = os.wait4(child, 0)
    code = os.waitstatus_to_exitcode(status)
    worked = used.ru_utime + used.ru_stime > _WORKING * (time.monotonic() - begun)
    return Ended(watch.code(code), code == -signal.SIGALRM and (watch.idle or not worked))


def taken_bytes(process: Any) -> int:
    """Of the memory of the machine, by a process (``psutil.Process``)."""
    return process.memory_info().rss


def _ticks(process: Any) -> float | None:
    """Of the processor, that a process has had, in seconds; None where the system does not say."""
    import psutil

    with suppress(psutil.AccessDenied):
        times = process.cpu_times()
        return times.user + times.system
    return None
