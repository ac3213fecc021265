"""What was proved, a line each, and in one sentence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

from planning_check.errors import Text
from planning_check.report.console.layout import WIDTH, Paint, display_width, pad, plain, wrap

STATES = {"same": Text("相同", "same"), "differs": Text("不同", "DIFFERS"), "unproved": Text("未证明", "NOT PROVED")}
_ENDS = {
    "same": Text("得证", "Proved"),
    "differs": Text("与当时的记录不同", "It is not what was recorded"),
    "unproved": Text(
        "没有发现不同，但没有全部证明：缺什么见上", "Nothing differs, but not all of it is proved: what is missing is told above"
    ),
}


class Proved(Protocol):
    """As ``pipeline.verifying.Verdict``."""

    @property
    def name(self) -> Text: ...
    @property
    def points(self) -> Sequence[Any]: ...
    @property
    def state(self) -> str: ...


def verified_lines(
    found: Proved, lang: str, *, paint: Paint = plain, ends: Mapping[str, Text] = _ENDS, columns: int = WIDTH
) -> Iterator[str]:
    """The console's lines of a verdict. ``ends``: state -> the sentence at the end; ``columns``: how wide, but for what is copied."""
    yield paint(found.name.get(lang), "title")
    width = max(display_width(word.get(lang)) for word in STATES.values())
    for point in found.points:
        first, *unbroken = point.said.get(lang).split("\n")  # what is copied onto paper is not broken
        lines = [*wrap(first, columns - width - 4, indent=""), *unbroken]
        for number, line in enumerate(lines):
            shown = f"  {pad('' if number else STATES[point.state].get(lang), width)}  {line}"
            yield shown if point.state == "same" else paint(shown, "alarm")
        if point.fix is not None:
            yield from wrap(point.fix.get(lang), columns, indent=" " * (width + 4))
    end = ends[found.state].get(lang)
    yield end if found.state == "same" else paint(end, "alarm")
