"""What a user can act on: what is wrong, where, why, and what to do about it, in Chinese and English.

An :class:`ActionableError` stops the run and carries its exit code. What one record or cell of a delivery lacks is no
exception but a row of the table ``problem`` (``ingest``): the run goes on and reports it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

Said = TypeVar("Said")


@dataclass(frozen=True)
class Text:
    """One text in the two languages people read."""

    zh: str
    en: str

    def get(self, lang: str) -> str:
        return self.zh if lang == "zh" else self.en

    def format(self, **values: object) -> Text:
        return Text(self.zh.format(**values), self.en.format(**values))


def speaking(lang: str) -> Callable[[str, str], str]:
    """``say = speaking(lang)``; then ``say("中文", "English")`` gives the one that is spoken."""
    return lambda zh, en: Text(zh, en).get(lang)


def either(lang: str, zh: Said, en: Said) -> Said:
    """What is no single text, for one language or the other: the heads of a table, two separators."""
    return zh if lang == "zh" else en


@dataclass(frozen=True)
class Place:
    """A place in a file: ``file > sheet > row 12 > column F`` or ``file:line``."""

    file: str
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    line: int | None = None

    def get(self, lang: str) -> str:
        if self.line is not None:
            return f"{self.file}:{self.line}"
        parts = [self.file]
        if self.sheet:
            parts.append(self.sheet)
        if self.row is not None:
            parts.append(f"第 {self.row} 行" if lang == "zh" else f"row {self.row}")
        if self.column:
            parts.append(f"{self.column} 列" if lang == "zh" else f"column {self.column}")
        return " > ".join(parts)


def _as_it_was(kind: type[ActionableError], what: Text, where: Place | None, why: Text | None, fix: Text | None) -> ActionableError:
    error = kind.__new__(kind)
    ActionableError.__init__(error, what, where=where, why=why, fix=fix)
    return error


class ActionableError(Exception):
    """Stops the command: what, where, why, what to do. ``exit_code`` is the process's (docs/ARCHITECTURE.md, exit codes)."""

    exit_code = 2

    def __init__(self, what: Text, *, where: Place | None = None, why: Text | None = None, fix: Text | None = None):
        self.what, self.where, self.why, self.fix = what, where, why, fix
        super().__init__(self.render("en"))

    def __reduce__(self) -> tuple[Any, ...]:
        """As it goes from a worker to who asked it."""
        return _as_it_was, (type(self), self.what, self.where, self.why, self.fix)

    def render(self, lang: str) -> str:
        colon = "：" if lang == "zh" else ": "
        head = self.what.get(lang)
        if self.where:
            head = f"{self.where.get(lang)}{colon}{head}"
        lines = [head]
        if self.why:
            lines.append(("原因" if lang == "zh" else "why") + colon + self.why.get(lang))
        if self.fix:
            lines.append(("处理" if lang == "zh" else "what to do") + colon + self.fix.get(lang))
        return "\n".join(lines)


class UsageError(ActionableError):
    """Wrong options or configuration (exit 2)."""

    exit_code = 2


class MachineError(ActionableError):
    """The computer lacked what the command needed: memory, room on the disk, the right to read or write (exit 4)."""

    exit_code = 4


class RulebookError(ActionableError):
    """An ordinance or rule file that cannot be loaded; ``where`` is file:line (exit 2)."""

    exit_code = 2


class SourceError(ActionableError):
    """A source that could not be read, or nothing that could be checked (exit 3)."""

    exit_code = 3
