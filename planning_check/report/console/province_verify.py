"""What was proved of a province, a line each, and in one sentence."""

from __future__ import annotations

from collections.abc import Iterator

from planning_check.errors import Text
from planning_check.report.console import verifying
from planning_check.report.console.layout import WIDTH, Paint, plain

_ENDS = {
    "same": Text("得证", "Proved"),
    "differs": Text("结果与计划得出的不同：见上", "The results are not what the plan comes to: see above"),
    "unproved": Text(
        "没有发现不同，但没有全部证明：缺什么见上", "Nothing differs, but not all of it is proved: what is missing is told above"
    ),
}


def verified_lines(found: verifying.Proved, lang: str, *, width: int = WIDTH, paint: Paint = plain) -> Iterator[str]:
    """The console's lines of a verdict on a province's results, at most ``width`` columns wide; a root stands on a line of its own."""
    return verifying.verified_lines(found, lang, paint=paint, ends=_ENDS, columns=min(width, WIDTH))
