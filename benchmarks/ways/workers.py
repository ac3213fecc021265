"""Every way in a process of its own, taking turns: whatever else the machine does meets all of them alike."""

from __future__ import annotations

import gc
import importlib
import multiprocessing
import resource
import sys
import time
import traceback
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.ways.answers import Answers, NotHereError


@dataclass(frozen=True)
class Entrant:
    """A way: its module and class, how people know it, and whether a server does the work, whose address it is then given."""

    way: str
    title: str
    on_server: bool = False


@dataclass
class Measured:
    """What came of a way: wall and CPU seconds of every turn by step, answers, and bytes at the peak (unknown of a server)."""

    entrant: Entrant
    wall: dict[str, list[float]] = field(default_factory=dict)
    cpu: dict[str, list[float]] = field(default_factory=dict)
    answers: Answers = field(default_factory=lambda: Answers({}))
    peak: int | None = None
    about: str = ""
    absent: str = ""

    def seconds(self, step: str | None = None) -> float:
        """The median of a step, or of all steps together."""
        return _median(self.wall, step)

    def cpu_seconds(self, step: str | None = None) -> float | None:
        """The same of the processor's time; None where a server did the work."""
        return None if self.entrant.on_server else _median(self.cpu, step)


def _median(turns: dict[str, list[float]], step: str | None) -> float:
    return median(turns[step]) if step else median(map(sum, zip(*turns.values(), strict=True)))


def measure(entrants: Sequence[Entrant], folder: Path, url: str | None, repeat: int) -> list[Measured]:
    """All ways set up, then every step by each in turn, ``repeat`` times over, then their answers."""
    workers = [_Worker(entrant, folder, url) for entrant in entrants]
    try:
        measured = [worker.ready() for worker in workers]
        there = [(worker, found) for worker, found in zip(workers, measured, strict=True) if not found.absent]
        for _ in range(repeat):
            for step in there[0][0].steps:
                for worker, found in there:
                    wall, cpu = worker.ask(step)
                    found.wall.setdefault(step, []).append(wall)
                    found.cpu.setdefault(step, []).append(cpu)
        for worker, found in there:
            found.answers, found.peak = worker.ask("answers")
        return measured
    finally:
        for worker in workers:
            worker.end()


class _Worker:
    def __init__(self, entrant: Entrant, folder: Path, url: str | None) -> None:
        self.entrant = entrant
        self.pipe, theirs = multiprocessing.Pipe()
        self.process = multiprocessing.get_context("spawn").Process(
            target=_serve, args=(entrant.way, folder, url if entrant.on_server else None, theirs), daemon=True
        )
        self.process.start()
        theirs.close()

    def ready(self) -> Measured:
        told = self.told()
        self.steps = told.get("steps", ())
        return Measured(self.entrant, about=told.get("about", ""), absent=told.get("absent", ""))

    def ask(self, order: str) -> Any:
        self.pipe.send(order)
        return self.told()

    def told(self) -> Any:
        told = self.pipe.recv()
        if isinstance(told, _Failure):
            raise RuntimeError(f"{self.entrant.title}:\n{told.trace}")
        return told

    def end(self) -> None:
        with suppress(OSError):
            self.pipe.send("end")
        self.process.join(30)
        if self.process.is_alive():
            self.process.terminate()


@dataclass(frozen=True)
class _Failure:
    trace: str


def _serve(way: str, folder: Path, url: str | None, pipe: Connection) -> None:
    """Set one way up and do what is ordered until the end."""
    try:
        _obey(way, folder, url, pipe)
    except (ImportError, NotHereError) as error:
        pipe.send({"absent": f"not installed ({error.name})" if isinstance(error, ImportError) else str(error)})
    except Exception:
        pipe.send(_Failure(traceback.format_exc()))


def _obey(way: str, folder: Path, url: str | None, pipe: Connection) -> None:
    module, name = way.split(":")
    doing = getattr(importlib.import_module(f"benchmarks.ways.{module}"), name)(folder, url)
    try:
        _forget_peak()
        pipe.send({"steps": tuple(doing.steps), "about": getattr(doing, "about", "")})
        while (order := pipe.recv()) != "end":
            if order == "answers":
                peak = None if url else _peak()  # before the answers are made comparable
                pipe.send((doing.answers(), peak))
            else:
                gc.collect()
                begun, cpu = time.perf_counter(), time.process_time()
                doing.steps[order]()
                pipe.send((time.perf_counter() - begun, time.process_time() - cpu))
    finally:
        if hasattr(doing, "close"):
            doing.close()


def _forget_peak() -> None:
    """What setting up took is not of the way's doing; where the system cannot forget it, it counts."""
    gc.collect()
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")


def _peak() -> int:
    """Bytes that the process held at most."""
    with suppress(OSError):
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmHWM"):
                return int(line.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
