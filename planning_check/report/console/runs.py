"""The runs on record, and whether each is still as it was recorded, as lines of the console."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from planning_check.errors import Text
from planning_check.report.console.layout import WIDTH, Paint, plain, table
from planning_check.report.told.entries import broken_text

_HEADS = (
    Text("次", "run"), Text("截至", "as of"), Text("检查时间", "checked"), Text("系列", "series"), Text("上次", "before"), Text("违规", "violations"),
    Text("未判定", "open"), Text("根哈希", "root"),
)  # fmt: skip
_SHORT = 12


def run_lines(found: Sequence[Any], lang: str, *, paint: Paint = plain, full: bool = False) -> list[str]:
    """A line for each run (``store.RunLine``); with ``full`` the whole of its root."""
    rows = [
        [
            str(line.run.id), line.run.as_of.isoformat(), line.run.created_at[:16].replace("T", " "), line.run.series,
            "" if line.run.parent_run_id is None else str(line.run.parent_run_id), str(line.violations), str(line.undetermined),
            (line.run.root or "-") if full else (line.run.root or "-")[:_SHORT],
        ]
        for line in found
    ]  # fmt: skip
    return table([head.get(lang) for head in _HEADS], rows, numbers=(0, 4, 5, 6), paint=paint, width=160 if full else WIDTH)


def checked_lines(found: Sequence[Any], lang: str, *, paint: Paint = plain) -> list[str]:
    """A line for each run (``store.Checked``)."""
    return [paint(line, "alarm") if one.differs else line for one in found for line in [_checked(one).get(lang)]]


def _checked(one: Any) -> Text:
    run = one.run
    if one.differs:
        names = ", ".join(one.differs)
        return Text(f"第 {run.id} 次：与当时的记录不同：{names}", f"run {run.id}: not as it was recorded: {names}")
    if not one.has_root:
        return Text(
            f"第 {run.id} 次：由较早的版本记录，没有根哈希可以核对",
            f"run {run.id}: recorded by an older version, without a root to compare",
        )
    return Text(f"第 {run.id} 次：与当时的记录相同，根哈希 {run.root}", f"run {run.id}: as it was recorded, root {run.root}")


def log_lines(broken: Sequence[Any], lang: str, *, paint: Paint = plain) -> list[str]:
    """The first entry that is wrong in each log (``store.Broken``), or that none is."""
    if not broken:
        return [Text("日志：哈希链完整", "log: its chain is whole").get(lang)]
    return [paint(broken_text(one).get(lang), "alarm") for one in broken]
