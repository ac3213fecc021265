"""A file that may take more memory or time than there is is read in a process of its own first:
what ends that one is a problem of the file.

The reader lays a sheet out densely, so one cell far away, a repeated cell or one damaged byte can ask for any amount, and ends the process.
"""

from __future__ import annotations

import gc
import io
import math
import os
import pickle
import re
import signal
import sys
import tempfile
import zipfile
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from planning_check.errors import Text
from planning_check.ingest.kinds import KINDS
from planning_check.ingest.limits import BeyondLimits, size_told
from planning_check.ingest.sheets import FileProblem
from planning_check.ingest.spawned import Spawned, tasks
from planning_check.ingest.waiting import NO_MEMORY, Ended, ended
from planning_check.ingest.workbook_package import Package

_SPAWNED, _CAN_FORK = Spawned(), hasattr(os, "fork")
_SAID = "said"
#: What reading one file may take beyond what the program has taken: so much, and for each of its own bytes so many; a second for so many.
MOST_BYTES, MOST_SECONDS = 2 << 30, 300
_TIMES, _A_SECOND = 8, 1 << 20
#: Below all of these, a workbook is read at once: its parts unpacked, and the rectangle from A1 to its farthest cell.
_UNPACKED_BYTES, _CELLS = 300_000_000, 8_000_000
_READ, _PANIC, _REFUSED = 0, 2, 3
_CRASHES = frozenset(getattr(signal, name) for name in ("SIGSEGV", "SIGABRT", "SIGBUS", "SIGILL", "SIGFPE") if hasattr(signal, name))
_LETTERS, _DIGITS = 3, 10  # of a reference, at most
#: Rows that are near -> letters and digits of the references that are not, in two ways.
_FAR = {10 ** (digits - 1) - 1: re.compile(rb"""["'](?:([A-Z]{2,})(\d+)|([A-Z]?)(\d{%d,}))["']""" % digits) for digits in (6, 5)}
#: The list of all texts of a workbook: its part, what begins it and is looked for so far, and the bytes of its shortest entry, ``<si/>``.
_STRINGS, _HEAD, _SHORTEST = "sharedstrings.xml", 1 << 16, 5
_LIST_BEGINS = re.compile(rb"""<(?:[\w.-]+:)?sst(?:\s+[\w:.-]+\s*=\s*(?:"[^"]*"|'[^']*'))*\s*/?>""")


def opened(path: Path, kind: str, package: Package | None = None) -> Any:
    """The workbook; the library goes by the ending of a file, unless it is another one, or the package of it is held."""
    from python_calamine import CalamineWorkbook

    held = package.held if package else None
    if held is None and path.suffix.lower() in KINDS[kind].endings[:2]:
        return CalamineWorkbook.from_path(path)
    return CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes() if held is None else held))


def try_out(path: Path, kind: str, package: Package | None) -> None:
    """Raises FileProblem where the workbook would end the program. ``package``: of an .xlsx, whose cells can be counted."""
    if package is None or _doubtful(package):
        alone(_read_all, path, kind)


def alone(read: Callable[..., object], path: Path, *given: object) -> None:
    """Read the file in a process of its own first, by a function of a module, which is told ``path`` and what is ``given``:
    raises FileProblem where that would end the program, or it holds more than is read."""
    size = sum(one.stat().st_size for one in (path.iterdir() if path.is_dir() else [path]))
    most_bytes, seconds = MOST_BYTES + _TIMES * size, MOST_SECONDS + size / _A_SECOND
    with tempfile.TemporaryDirectory(prefix="planning_check_trial.", ignore_cleanup_errors=True) as room:
        status = _tried(read, (path, *given), room, most_bytes, seconds)
        if status in (None, _READ):
            return
        if status == _REFUSED:
            raise BeyondLimits(Text(*pickle.loads((Path(room) / _SAID).read_bytes())))
    if status == _PANIC:
        raise FileProblem("unreadable_file", Text("文件损坏，读到一半就读不下去", "it is damaged, and the reader gave up in the middle"))
    how = Text("内存不够", "no memory") if status > 0 else Text(f"信号 {-status}", f"signal {-status}")
    most, longest = size_told(most_bytes), f"{seconds:,.0f}"
    raise FileProblem(
        "unreadable_file",
        Text(
            f"读它要占的内存或时间太多（{how.zh}；这么大的文件最多占 {most}、{longest} 秒）："
            "文件损坏，或内容展开后极大（如在很远的行、列）",
            f"reading it takes too much memory or time ({how.en}; one of its size may take {most} and {longest} s): "
            "it is damaged, or holds far more than it seems (cells far away, say)",
        ),
    )


def _tried(read: Callable[..., object], given: tuple, room: str, most_bytes: int, seconds: float) -> int | None:
    """How it ended in a child. What crashed in a copy of this process, or waited there for ever, may have come to that by what it inherited
    (threads, locks, other libraries): a process of its own has the last word, within the same time."""
    if not _CAN_FORK:
        return _SPAWNED.tried(read, given, room, most_bytes, seconds)
    told = _forked(read, given, room, most_bytes, seconds)
    if (told.waited or -told.code in _CRASHES) and (again := _SPAWNED.tried(read, given, room, most_bytes, seconds)) is not None:
        return again
    return told.code


def serve() -> None:
    """In the process of all trials of a system that cannot fork: do what comes, until nothing comes any more."""
    answers, told = tasks()
    for read, given, room, most_bytes in told:
        answers.write(bytes([_outcome(read, given, room, partial(_take_at_most, most_bytes))]))


def _forked(read: Callable[..., object], given: tuple, room: str, most_bytes: int, seconds: float) -> Ended:
    sys.stdout.flush()
    child = os.fork()
    if child == 0:  # which ends here, by a signal at worst
        gc.disable()  # what the parent no longer needs is not the child's to take down: its threads are not there
        os._exit(_outcome(read, given, room, partial(_bounded, most_bytes, seconds)))
    return ended(child, most_bytes)


def _doubtful(package: Package) -> bool:
    """Whether nobody can say that it is small."""
    try:
        parts = package.entries()
        if sum(part.file_size for part in parts) > _UNPACKED_BYTES:
            return True
        if any(_overstates(package, part) for part in parts if part.filename.lower().endswith(_STRINGS)):
            return True
        return any(is_far and _is_vast(package, part) for part, (is_far, _) in package.seen.items())
    except Exception:  # whatever the libraries raise over damaged bytes: the reader may see more in them
        return True


def _overstates(package: Package, strings: zipfile.ZipInfo) -> bool:
    """Whether the list of texts says, before it begins, that it holds more than there is room for; the reader takes it at its word."""
    begin = _LIST_BEGINS.search(next(package.pieces(strings.filename), b""), 0, _HEAD)
    if begin is None:  # where nobody looks
        return True
    return any(int(told) > strings.file_size // _SHORTEST for told in re.findall(rb"uniqueCount[^0-9]*([0-9]+)", begin[0]))


def _is_vast(package: Package, part: str) -> bool:
    """Whether a sheet that names what is far is large however closely one looks."""
    return all(_rectangle(package, part, near) > _CELLS for near in _FAR)


def _rectangle(package: Package, part: str, near: int) -> int:
    """Rows times columns up to the farthest that is named. References with one letter and to near rows are not looked at:
    there are many."""
    rows, columns = near, 26
    for piece in package.pieces(part):
        if found := _FAR[near].findall(piece):
            far, below, _, beneath = map(set, zip(*found, strict=True))
            named = {*below, *beneath} - {b""}
            if max(map(len, far)) > _LETTERS or max(map(len, named)) > _DIGITS:
                return _CELLS + 1
            rows, columns = max(rows, *map(int, named)), max(columns, *map(_number, far))
    return rows * columns


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _read_all(path: Path, kind: str) -> None:
    workbook = opened(path, kind)
    for name in workbook.sheet_names:
        workbook.get_sheet_by_name(name)


def _outcome(read: Callable[..., object], given: tuple, room: str, within: Callable[[], None]) -> int:
    """How reading ends, where the process does not. An error that is raised in order is met again in the other one."""
    tempfile.tempdir = room  # what is left behind goes with the room
    try:
        within()
        read(*given)
    except BeyondLimits as error:
        (Path(room) / _SAID).write_bytes(pickle.dumps((error.detail.zh, error.detail.en)))
        return _REFUSED
    except MemoryError:
        return NO_MEMORY
    except Exception:
        return _READ
    except BaseException:  # a panic of Rust
        return _PANIC
    return _READ


def _bounded(most_bytes: int, seconds: float) -> None:
    """Within its limits, and without a word: what a library says of its own end helps nobody."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
    for name in ("SIGALRM", "SIGINT", "SIGXCPU"):
        signal.signal(getattr(signal, name), signal.SIG_DFL)
    signal.alarm(math.ceil(seconds))
    _take_at_most(most_bytes)


def _take_at_most(most_bytes: int) -> None:
    """So much beyond what is taken already, where the system can limit it. (Elsewhere it is seen from outside: ``waiting``.)"""
    with suppress(ImportError, ValueError, OSError):  # Windows; less is allowed already
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        taken, most = _taken_bytes(), resource.getrlimit(resource.RLIMIT_AS)[1]
        if taken:
            limit = taken + most_bytes
            resource.setrlimit(resource.RLIMIT_AS, (limit if most == resource.RLIM_INFINITY else min(limit, most), most))


def _taken_bytes() -> int:
    """Of the address space; 0 where the system does not say."""
    with suppress(OSError, ValueError):
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
        return pages * os.sysconf("SC_PAGE_SIZE")
    return 0
