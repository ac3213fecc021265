"""How many lines a text takes in a column, so that its row is as high as it needs: nothing cut off, no paper left white."""

from __future__ import annotations

import math
import re

from planning_check.report.console.layout import display_width

#: How wide letters of a proportional font are, in digits of it; all others are as wide as a digit. The wider of Arial and of what stands
#: in for it where it is not installed.
_PROPORTIONAL = {
    letter: wide
    for letters, wide in (
        ("ijl|'", 0.45), (" .,:;!I/", 0.5), ("frt()-[]", 0.65), ("ckJsvxyz", 0.93), ("ABEKPSVXY", 1.2), ("CDHNRUw&", 1.3), ("GOQ", 1.4),
        ("mM%", 1.55), ("W@", 1.75),
    )
    for letter in letters
}  # fmt: skip
#: Every Chinese character of it, in digits of a proportional font.
_HAN = 1.8
#: A font by its name: the letters in it that are not as wide as a digit. Those of 宋体 all are, and a character is two digits.
FONTS: dict[str, dict[str, float]] = {"宋体": {}, "Arial": _PROPORTIONAL}
#: A word that must not be broken (with what follows it on the line), or one Chinese character, which may stand alone.
_PARTS = re.compile(r"[^\s\u2e80-\uffef]+\s*|[\u2e80-\uffef]\s*|\s+")


def width(text: str, font: str) -> float:
    """Of the text in digits of this font."""
    letters = FONTS[font]
    if not letters:
        return display_width(text)
    return sum(letters.get(c, 1.0) if c.isascii() else _HAN * display_width(c) / 2 for c in text)


def lines(text: str, room: float, font: str) -> int:
    """How many lines it takes where so many digits have room in one; words go whole to the next line if they fit there."""
    room = max(1.0, room)
    return sum(_lines(part, room, font) for part in text.split("\n"))


def _lines(text: str, room: float, font: str) -> int:
    count, used = 1, 0.0
    for part in _PARTS.findall(text):
        seen = width(part.rstrip(), font)
        if used and used + seen > room:
            count, used = count + 1, 0.0
        over = max(0, math.ceil(seen / room) - 1)  # a word wider than a line is broken where the line ends
        count, used = count + over, used + width(part, font) - over * room
    return count


def leading(text: str) -> float:
    """How high a line of it is, in sizes of its font: Chinese characters need more than Latin letters."""
    return 1.3 if display_width(text) == len(text) else 1.45
