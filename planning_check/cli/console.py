"""The console: its language, its two streams, progress, colour where it is a terminal."""

from __future__ import annotations

import io
import locale
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from planning_check.cli.endings import Recorded
from planning_check.errors import Text
from planning_check.words import REPORT_PARTS

_STYLES: dict[str, Any] = {"title": {"bold": True}, "head": {"bold": True, "fg": "cyan"}, "alarm": {"fg": "red"}, "dim": {"dim": True}}
_SAYS_NOTHING_SECONDS = 5.0
STAGES = {
    "rules": Text("读取规则", "loading the rules"),
    "read": Text("读取报送", "reading the delivery"),
    "ingest": Text("读取报送", "reading the delivery"),
    "facts": Text("测算事实", "measuring facts"),
    "judge": Text("逐条判定", "judging"),
    "site": Text("比较选址", "comparing sites"),
    "again": Text("重新判定", "judging again"),
    "record": Text("记录", "recording"),
    "summary": Text("汇总", "summing up"),
    "export": Text("写出", "writing"),
    **REPORT_PARTS,
}


def default_language(environment: Mapping[str, str] | None = None) -> str:
    """zh where the locale is Chinese, en everywhere else (also C.UTF-8)."""
    environment = os.environ if environment is None else environment
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if environment.get(name):
            return "zh" if environment[name].lower().startswith("zh") else "en"
    with suppress(ValueError):
        named = (locale.getlocale()[0] or "").lower()
        return "zh" if named.startswith(("zh", "chinese")) else "en"
    return "en"


@dataclass
class Console:
    """What a command talks to. ``say`` goes to stdout, ``note`` and progress to stderr."""

    lang: str
    quiet: bool = False
    verbose: bool = False
    recorded: Recorded = 0
    tell: Callable[[str], None] | None = None  # the process that watches this one hears it, too
    clock: Callable[[], float] = time.monotonic
    _progress_width: int = 0
    _begun: tuple[float, float] | None = None  # when the work under way was first heard of, and how much of it was done last

    def say(self, lines: Iterable[str], *, err: bool = False) -> None:
        for line in lines:
            click.echo(line, err=err)

    def note(self, text: Text | str) -> None:
        if not self.quiet:
            click.echo(text.get(self.lang) if isinstance(text, Text) else text, err=True)

    def warn(self, text: Text) -> None:
        """What must be said even where nothing else is: on a line of its own, on stderr."""
        self.progress_ends()
        click.echo(text.get(self.lang), err=True)

    def keeps(self, run_id: Recorded) -> None:
        """The check is being recorded (None), is not (0), or is recorded as that run: then an interruption loses nothing any more."""
        self.recorded = run_id
        if self.tell:
            self.tell("recording" if run_id is None else f"recorded {run_id}")

    def paint(self, text: str, style: str) -> str:
        """The line in its style on a terminal, as it is elsewhere."""
        return click.style(text, **_STYLES[style]) if sys.stdout.isatty() and not os.environ.get("NO_COLOR") else text

    @property
    def width(self) -> int:
        """Columns of the terminal; 100 where the output is none and nobody says (COLUMNS)."""
        return shutil.get_terminal_size((100, 40)).columns if sys.stdout.isatty() or os.environ.get("COLUMNS") else 100

    def progress(self, stage: str, done: float | None = None) -> None:
        """One line of stderr, rewritten; nothing where stderr is no terminal."""
        if self.quiet or not sys.stderr.isatty():
            return
        name = STAGES[stage].get(self.lang) if stage in STAGES else stage
        text = f"{name} ..." + (f" {done:4.0%}" if done is not None else "") + self._left(done)
        width = sum(2 if ord(character) > 255 else 1 for character in text)
        click.echo("\r" + text + " " * max(0, self._progress_width - width), nl=False, err=True)
        self._progress_width = max(self._progress_width, width)

    def _left(self, done: float | None) -> str:
        """The time left, by the time that what is done took, once that is long enough to say so; a share that falls is of other work."""
        now, share = self.clock(), done or 0.0
        begun, last = self._begun or (now, 0.0)
        if not share or share < last:
            begun = now
        self._begun = (begun, share)
        taken = now - begun
        if taken < _SAYS_NOTHING_SECONDS or not 0 < share < 1:
            return ""
        minutes, seconds = divmod(round(taken * (1 - share) / share), 60)
        zh, en = (f"{minutes} 分 ", f"{minutes} min ") if minutes else ("", "")
        return Text(f"，约剩 {zh}{seconds} 秒", f", about {en}{seconds} s left").get(self.lang)

    def progress_ends(self) -> None:
        if self._progress_width:
            click.echo("\r" + " " * self._progress_width + "\r", nl=False, err=True)
            self._progress_width = 0


class _Heedless(io.FileIO):
    """Notes and errors that cannot be written, on a full disk or to nobody, are dropped: the exit code says the rest."""

    def write(self, data: Any) -> int:
        try:
            return super().write(data) or 0
        except OSError:
            return len(data)


def forgive_encodings() -> None:
    """A console that lacks a character shows ? for it, and one that was closed shows nothing: never an error."""
    own = sys.__stderr__
    if own is not None and sys.stderr is own and os.name != "nt":
        plain = io.BufferedWriter(_Heedless(own.fileno(), "w", closefd=False))
        sys.stderr = io.TextIOWrapper(plain, encoding=own.encoding, errors="replace", line_buffering=True)
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        with suppress(ValueError):
            if reconfigure := getattr(stream, "reconfigure", None):  # what stands in its place may have none
                reconfigure(errors="replace")
