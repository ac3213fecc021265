"""Text laid out by display width: a Chinese character takes two columns of a console."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache

WIDTH = 100
#: Puts a style on a finished line; styles: "title", "head", "alarm", "dim". The plain one does nothing.
Paint = Callable[[str, str], str]
#: A space that keeps what it joins on one line; it is printed as a plain space.
HARD_SPACE = "\u00a0"
_NEVER_FIRST = "，。；：、）》”’！？,.;:)%"
_NEVER_LAST = "（《“‘("


def plain(text: str, style: str) -> str:
    """The line as it is: no style."""
    return text


def display_width(text: str) -> int:
    """Columns on a Chinese console, where characters of ambiguous width are wide too."""
    return len(text) if text.isascii() else sum(map(_columns, text))


@cache
def _columns(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WFA" else 1


def cut(text: str, width: int) -> str:
    """The text in at most ``width`` columns, two dots at its end if some of it is missing."""
    if display_width(text) <= width:
        return text
    kept, taken = "", 0
    for character in text:
        taken += _columns(character)
        if taken > width - 2:
            break
        kept += character
    return kept + ".."


def pad(text: str, width: int, *, right: bool = False) -> str:
    """The text filled up with spaces, to the right of it or (numbers) to its left."""
    space = " " * max(0, width - display_width(text))
    return space + text if right else text + space


def wrap(text: str, width: int, *, indent: str = "", hanging: str | None = None) -> list[str]:
    """The text in lines of at most ``width`` columns; Chinese breaks anywhere but before closing punctuation.

    A :data:`HARD_SPACE` is a space at which no line breaks.
    """
    hanging = indent if hanging is None else hanging
    lines, line, begins = [], indent, indent
    for piece in _pieces(text):
        if display_width(line + piece.rstrip()) > width and line != begins:
            lines.append(line.rstrip())
            line = begins = hanging
        line += piece if line != begins else piece.lstrip(" ")
    lines = [*lines, line.rstrip()] if line != begins else lines
    return [made.replace(HARD_SPACE, " ") for made in lines]


def _pieces(text: str) -> list[str]:
    """What must stay together: a run of narrow characters with the space before it, or one wide character."""
    pieces: list[str] = []
    for character in text:
        glued = pieces and (
            character in _NEVER_FIRST
            or character == HARD_SPACE
            or pieces[-1][-1] in HARD_SPACE + _NEVER_LAST
            or not (_is_wide(character) or character.isspace() or _is_wide(pieces[-1][-1]))
        )
        if glued:
            pieces[-1] += character
        else:
            pieces.append(character)
    return _hard_broken(pieces)


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"


def _hard_broken(pieces: list[str], longest: int = 60) -> list[str]:
    """Cut what is too long for any line (a digest, a path without spaces)."""
    broken = []
    for piece in pieces:
        broken += [piece[i : i + longest] for i in range(0, len(piece), longest)]
    return broken


@dataclass(frozen=True)
class Columns:
    """Aligned columns: their widths, and which stand to the right (numbers)."""

    widths: tuple[int, ...]
    right: frozenset[int]
    indent: str = "  "

    @classmethod
    def fit(
        cls, heads: Sequence[str], rows: Sequence[Sequence[str]], *, numbers: Iterable[int] = (), width: int = WIDTH, indent: str = "  "
    ) -> Columns:
        """Wide enough for these rows; where a line would not fit, the widest column of text gives way."""
        right = frozenset(numbers)
        widths = [max(display_width(_one_line(cell)) for cell in column) for column in zip(heads, *rows, strict=True)]
        texts = [i for i in range(len(heads)) if i not in right] or list(range(len(heads)))
        room = width - display_width(indent) - 2 * (len(heads) - 1)
        while sum(widths) > room and max(widths[i] for i in texts) > 4:
            widths[max(texts, key=lambda i: widths[i])] -= 1
        return cls(tuple(widths), right, indent)

    def line(self, cells: Sequence[str]) -> str:
        """The cells as one line, cut to the widths of their columns."""
        shown = [cut(_one_line(cell), w) for cell, w in zip(cells, self.widths, strict=True)]
        padded = [pad(cell, w, right=i in self.right) for i, (cell, w) in enumerate(zip(shown, self.widths, strict=True))]
        return (self.indent + "  ".join(padded)).rstrip()

    def rule(self) -> str:
        """A line of dashes above a total."""
        return self.indent + "-" * (sum(self.widths) + 2 * (len(self.widths) - 1))


def table(
    heads: Sequence[str], rows: Sequence[Sequence[str]], *, numbers: Iterable[int] = (), width: int = WIDTH, indent: str = "  ",
    paint: Paint = plain, total: int = 0,
) -> list[str]:  # fmt: skip
    """The lines of a small table; its last ``total`` rows are set off as sums of the others."""
    columns = Columns.fit(heads, rows, numbers=numbers, width=width, indent=indent)
    lines = [paint(columns.line(heads), "dim"), *(columns.line(row) for row in rows)]
    if total and len(rows) > total:
        lines.insert(-total, paint(columns.rule(), "dim"))
    return lines


def _one_line(cell: str) -> str:
    return " ".join(str(cell).split())
