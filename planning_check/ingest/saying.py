"""What is said of sheets that were read by a form or a mapping, and of those that were not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from planning_check.errors import Text
from planning_check.ingest.delivery import File
from planning_check.ingest.mapping import SheetMapping
from planning_check.ingest.problems import note
from planning_check.ingest.seen import see_other
from planning_check.ingest.sheets import Sheet
from planning_check.ingest.staging import Staging


def note_form(staging: Staging, file: File, sheet: Sheet, code: str, rows: int, answer: str = "") -> None:
    """A sheet of a template that is no delivery. ``answer``: what was written beside the question whether there is nothing."""
    told = Text(f"（“{answer}”看不出是不是“没有”）", f" ('{answer}' does not say whether there is none)") if answer else None
    note(staging.con, code, file=file.name, sheet=sheet.name, detail=told)
    see_other(staging.con, file.name, sheet.name, code, rows=rows)


def note_none(staging: Staging, table: str, before: int, answer: str = "") -> None:
    """A register without one record is one that says that there is none; rows under such an answer contradict it.
    ``before``: the rows of other sources."""
    rows = staging.records_since(before)
    code = "none_but_rows" if rows and answer else "" if rows else "empty_register"
    if code:
        note(staging.con, code, source_id=staging.sources, table=table, detail=Text(answer, answer))


def order_days(staging: Staging, told: SheetMapping) -> None:
    """Keep the order of days and months that a mapping says, of the source just staged."""
    if told.dates in ("dmy", "mdy"):
        staging.con.execute("INSERT INTO ingest.date_order VALUES (?, ?)", [staging.sources, told.dates == "dmy"])


def note_stale(staging: Staging, told: SheetMapping, headings: Sequence[str], **where: Any) -> None:
    """Headings that a mapping names and a sheet or layer has not."""
    zh, en = "、".join(f"“{one}”" for one in headings), ", ".join(f"'{one}'" for one in headings)
    note(staging.con, "stale_mapping", detail=Text(f"第 {told.line} 行：{zh}", f"line {told.line}: {en}"), **where)


def line_told(told: SheetMapping) -> Text:
    """Where the mapping says so."""
    return Text(f"第 {told.line} 行", f"line {told.line}")
