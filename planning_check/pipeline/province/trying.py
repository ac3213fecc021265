"""One try to check a shard, on whatever machine: what came of it as data, so that no error must travel."""

from __future__ import annotations

import platform
import threading
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace

from planning_check.engine import lacked_memory
from planning_check.errors import ActionableError, MachineError, Text
from planning_check.pipeline.province.checking import Changed
from planning_check.province.commits import Results
from planning_check.province.workers import share, usual_memory
from planning_check.record.province import Commit, Task

#: What a failure of the machine means; none of a fault of the program.
Foreseen = Callable[[BaseException], ActionableError | None]
_MEGABYTE = 1_000_000
_MOST = 0.8  # of the memory that there is
#: The tables in force are of the whole process: a worker of several threads checks one shard after the other.
_ONE_AT_A_TIME = threading.Lock()


@dataclass(frozen=True)
class Missed:
    """Why a try left no result. ``kind`` as in ``Failure``. ``lacked``: the memory, in megabytes, that was too little; none where it was
    not memory that was lacking, or nothing had limited it. ``killed``: it ended its worker."""

    kind: str
    why: Text
    lacked: int | None = None
    killed: bool = False
    trace: str = ""


def attempt(check: Callable[[Task], Commit], foreseen: Foreseen, task: Task) -> Commit | Missed:
    """Check the shard with what the machine has for it. Only what ends the program itself is raised."""
    with _ONE_AT_A_TIME:
        task = _within(task)
        try:
            return check(task)
        except Exception as error:
            if "Query interrupted" in str(error):  # Ctrl+C as DuckDB tells it
                raise KeyboardInterrupt from None
            return _there(task) or _missed(error, task, foreseen)


def _within(task: Task) -> Task:
    """The task with threads and memory where nobody said, and with no more memory than there is."""
    has = share()
    if has is None:
        return task
    threads, memory = has
    asked = _bytes(task.memory) if task.memory else usual_memory(memory)
    return replace(task, threads=task.threads or threads, memory=as_memory(min(asked, int(memory * _MOST))))


def as_memory(size: int) -> str:
    """Bytes as ``Options.memory`` says them."""
    return f"{max(size // _MEGABYTE, 1)}MB"


def _bytes(memory: str) -> int:
    """The bytes of ``2.5GB``."""
    return int(float(memory[:-2]) * {"KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}[memory[-2:].upper()])


def _there(task: Task) -> Commit | None:
    """The result that another has made meanwhile."""
    with suppress(Exception):
        return Results(task.out, task.run_digest).whole(task.shard.code, task.shard.digest)
    return None


def _missed(error: Exception, task: Task, foreseen: Foreseen) -> Missed:
    if isinstance(error, Changed):
        return Missed("changed", _told(error))
    told = error if isinstance(error, ActionableError) else foreseen(error)
    if told is None:
        said = f"{type(error).__name__}: {error}"
        return Missed("bug", Text(f"程序的缺陷：{said}", f"a bug of the program: {said}"), trace="".join(traceback.format_exception(error)))
    lacked = _bytes(task.memory) // _MEGABYTE if lacked_memory(error) and task.memory else None
    if isinstance(told, MachineError):
        return Missed("machine", _told(told, platform.node() if share() else ""), lacked)
    return Missed("delivery", _told(told))


def _told(error: ActionableError, machine: str = "") -> Text:
    """``machine``: on which of several it was."""
    zh, en = (f"\n机器：{machine}", f"\nmachine: {machine}") if machine else ("", "")
    return Text(error.render("zh") + zh, error.render("en") + en)
