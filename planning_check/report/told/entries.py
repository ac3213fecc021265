"""What is wrong with an entry of a log, in a sentence."""

from __future__ import annotations

from typing import Protocol

from planning_check.errors import Text

_WRONG = {
    "hash": Text("内容与当时的记录不同", "is not what was written"), "prev": Text("前面的一条不是当时的那一条", "another entry stood before it"),
    "gap": Text("缺了", "is missing"), "cut": Text("缺了：日志比纸上的短", "is missing: the log is shorter than on paper"),
}  # fmt: skip


class BrokenEntry(Protocol):
    """As ``store.Broken``."""

    @property
    def series(self) -> str: ...
    @property
    def seq(self) -> int: ...
    @property
    def what(self) -> str: ...


def broken_text(one: BrokenEntry) -> Text:
    """The first entry that is wrong in a log."""
    said = _WRONG[one.what]
    return Text(f"系列“{one.series}”的日志第 {one.seq} 条{said.zh}", f"entry {one.seq} of the log of '{one.series}' {said.en}")
