"""An upper and a lower bound side by side (容积率上限 | 容积率下限), of which the upper is the smaller: the two may have been swapped."""

from __future__ import annotations

import re
from collections.abc import Iterable

from planning_check.errors import Text
from planning_check.ingest.headers import Header, letters
from planning_check.ingest.plain import plain
from planning_check.ingest.records import Kept

_WORDS = (
    ("终止", "起始"),
    ("上限", "下限"),
    ("最高", "最低"),
    ("最大", "最小"),
    ("不高于", "不低于"),
    ("不大于", "不小于"),
    ("≤", "≥"),
    ("max", "min"),
    ("upper", "lower"),
)
_NUMBER = re.compile(r"\d+(?:\.\d+)?%?")
_MOST_COLUMNS = 1024
_NAMED = 5  # rows by their numbers


class Bounds:
    """The pairs of bounds of one sheet, and where the upper is below the lower."""

    def __init__(self, header: Header):
        index = {letters(i): i for i in range(_MOST_COLUMNS)}
        told = [(c.letter, c.header) for c in header.columns.values()] + [(c.letter, c.header) for c in header.unused]
        columns = {plain(text): (index[letter], f"{letter} {text}") for letter, text in told if letter in index}
        self.pairs = [
            (upper, columns[other])
            for word, upper in columns.items()
            for high, low in _WORDS
            if high in word and (other := word.replace(high, low)) in columns
        ]
        self.compared = [0] * len(self.pairs)
        self.below: list[list[int]] = [[] for _ in self.pairs]

    def look(self, found: Kept) -> None:
        """Compare the bounds in some rows. (Most sheets have none.)"""
        for n, ((upper, _), (lower, _)) in enumerate(self.pairs):
            for number, cells in zip(found.numbers, found.rows, strict=True):
                if max(upper, lower) < len(cells):
                    told = [c for i in (upper, lower) if _NUMBER.fullmatch(c := plain(cells[i]))]
                    self.compared[n] += len(told) > 1
                    if len(told) > 1 and float(told[0].rstrip("%")) < float(told[1].rstrip("%")):
                        self.below[n].append(number)

    def told(self) -> Iterable[Text]:
        """What is wrong with each pair, in words."""
        for ((_, upper), (_, lower)), compared, below in zip(self.pairs, self.compared, self.below, strict=True):
            if below:
                rows = [str(number) for number in below[:_NAMED]]
                yield Text(
                    f"“{upper}”小于“{lower}”的有 {len(below)} 行（两者都填的共 {compared} 行）：第 {'、'.join(rows)} {'等' * (len(below) > _NAMED)}行",
                    f"'{upper}' is below '{lower}' in {len(below)} of {compared} rows that tell both: rows {', '.join(rows)}"
                    + " and more" * (len(below) > _NAMED),
                )
