"""Trials on systems that cannot fork: one process is begun for all of them, is kept, and is begun anew after what ended it."""

from __future__ import annotations

import atexit
import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import IO, Any

from planning_check.ingest.waiting import Watch

#: What the process runs: the same code, found on the same path, whatever the program was begun by.
_BEGUN = "from planning_check.ingest.trial import serve; serve()"
_READY = b"!"
_MOST_TO_BEGIN = 60.0  # seconds


class Spawned:
    """The process; it lives as long as the program."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self.works = True

    def tried(self, read: Callable[..., object], given: tuple, room: str, most_bytes: int, seconds: float) -> int | None:
        """How ``read`` ended there: its code, or minus the signal (1 where the system has none); None where no process can be begun."""
        if not self._ready():
            return None
        process = self.process
        assert process and process.stdin and process.stdout
        late = threading.Timer(seconds, process.kill)
        late.start()
        with Watch(process.pid, most_bytes, process.kill) as watch:
            try:
                pickle.dump((read, given, room, most_bytes), process.stdin)
                process.stdin.flush()
                answer = process.stdout.read(1)
            except OSError:  # it is gone
                answer = b""
            finally:
                late.cancel()
        if answer:
            return answer[0]
        self.process = None
        process.stdin.close()
        process.stdout.close()
        return watch.code(-abs(process.wait() or 1))

    def close(self) -> None:
        """Let it end."""
        if self.process and self.process.stdin and self.process.stdout:
            with suppress(OSError):
                self.process.stdin.close()
            self.process.stdout.close()
            self.process.wait()
        self.process = None

    def _ready(self) -> bool:
        if self.process is None and self.works:
            path = os.pathsep.join(one for one in sys.path if one)
            with suppress(OSError):
                self.process = subprocess.Popen(
                    [sys.executable, "-c", _BEGUN],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    env={**os.environ, "PYTHONPATH": path},
                )
                atexit.register(self.close)
            self.works = self.process is not None and _said_ready(self.process)
            if not self.works:
                self.close()
        return self.works


def _said_ready(process: subprocess.Popen[bytes]) -> bool:
    late = threading.Timer(_MOST_TO_BEGIN, process.kill)
    late.start()
    try:
        return process.stdout is not None and process.stdout.read(1) == _READY
    finally:
        late.cancel()


def tasks() -> tuple[IO[bytes], Any]:
    """In the process: where the answers go, and the tasks as they come. What a library prints goes nowhere."""
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
    answers.write(_READY)
    return answers, _tasks()


def _tasks() -> Any:
    while True:
        try:
            yield pickle.load(sys.stdin.buffer)
        except EOFError:
            return
