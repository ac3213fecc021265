"""What is said of a command that was cut off: by Ctrl+C, by the system, by a library that gave up; and whether its check is on record."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from planning_check.errors import MachineError, Text

EXIT_INTERRUPTED = 130
#: Of a check: its run's number, 0 where nothing was recorded, None where the recording had begun.
Recorded = int | None
_INTERRUPTED = Text("已中断；没有做完的检查不留记录。", "Interrupted; an unfinished check leaves no record.")
_RECORDED = Text("已中断；检查已经做完，记录为第 {run} 次。", "Interrupted; the check was finished before and is recorded as run {run}.")
_PERHAPS = Text(
    "已中断，正在记录：记录完了没有，用 planning-check runs 查看；记录不会只有一半。",
    "Interrupted while recording: planning-check runs shows whether it is on record; there are no halves.",
)
_ENDED = Text("程序被系统终止了（{how}），多半是内存不够", "the program was ended by the system ({how}), mostly for want of memory")
_MEMORY = Text(
    "关闭别的程序，用 --memory 少占一些，把报送分成几份检查，或换一台内存大的电脑；内存够时也这样，请报告",
    "close other programs, let it take less by --memory, check the delivery in parts, or use a computer with more memory; "
    "report it if it happens with enough of it",
)
_STATES = {
    "none": Text("没有记录；以前的记录没有改动", "nothing was recorded; earlier records are as they were"),
    "perhaps": Text(
        "正在记录：记录完了没有，用 planning-check runs 查看", "it was recording: planning-check runs shows whether it is on record"
    ),
    "run": Text("检查已经做完，记录为第 {run} 次", "the check was finished before and is recorded as run {run}"),
}


def interrupted(recorded: Recorded) -> Text:
    """What Ctrl+C left behind."""
    if recorded is None:
        return _PERHAPS
    return _RECORDED.format(run=recorded) if recorded else _INTERRUPTED


def ended(status: int, recorded: Recorded) -> MachineError:
    """What ended without a word left behind: by a signal (negative) or with an exit code that is not its own."""
    how = Text(f"信号 {-status}", f"signal {-status}") if status < 0 else Text(f"退出码 {status}", f"exit code {status}")
    state = _STATES["perhaps" if recorded is None else "run" if recorded else "none"].format(run=recorded)
    return MachineError(Text(_ENDED.zh.format(how=how.zh), _ENDED.en.format(how=how.en)), why=state, fix=_MEMORY)


def recorded_by(lines: Iterable[str]) -> Recorded:
    """The last that a command said of its recording."""
    state: Recorded = 0
    for line in lines:
        if line == "recording":
            state = None
        elif line.startswith("recorded "):
            state = int(line.removeprefix("recorded "))
    return state


def language_of(arguments: Sequence[str], default: str) -> str:
    """That of ``--lang``, as far as it can be seen without reading the command line."""
    named = [after for before, after in pairwise(arguments) if before in ("--lang", "--language")]
    named += [one.partition("=")[2] for one in arguments if one.startswith(("--lang=", "--language="))]
    return next((lang for lang in reversed(named) if lang in ("zh", "en")), default)
