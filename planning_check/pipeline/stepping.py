"""Steps about many cases from one table: read, held against the record, and written together or not at all."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planning_check.errors import Place, Text, UsageError
from planning_check.pipeline.cases import Kinds, Step, proof_kinds
from planning_check.pipeline.proving import kept, kind_of_proof, proof_of, sha256_of

if TYPE_CHECKING:
    from planning_check.ingest.meeting import Unread
    from planning_check.ingest.steps import StepRow


def steps_of_table(
    db_url: str, path: Path, *, today: dt.date, keep_in: Path | None = None, run: int | str | None = None
) -> tuple[list[Step], list[Unread]]:
    """The steps that a table asks for, and what of it cannot be read. Files are looked for beside the table; ``keep_in``: the folder of
    cases that copies of them go into. Raises UsageError where it is no such table."""
    from planning_check.ingest.meeting import Unread
    from planning_check.ingest.steps import read_steps

    rows, unread = read_steps(path)
    kinds, sha256 = proof_kinds(db_url, run), sha256_of(path)
    steps = []
    for row in rows:
        try:
            steps.append(_step(row, path.parent, kinds, today, keep_in, sha256))
        except UsageError as error:
            unread.append(Unread(row.where, error.where.file if error.where else "", error.what))
    return steps, unread


def day_past(day: dt.date, today: dt.date) -> str:
    """The day as it is kept. Raises UsageError for one that has not come."""
    if day > today:
        raise UsageError(Text(f"{day} 还没到", f"{day} has not come yet"))
    return day.isoformat()


def _step(row: StepRow, beside: Path, kinds: Kinds, today: dt.date, keep_in: Path | None, sha256: str) -> Step:
    said = dict(row.said)
    body: dict[str, Any] = {"note": said["note"]} if "note" in said else {}
    body["source"] = {"file": row.where.file, "sha256": sha256, "sheet": row.where.sheet, "row": row.where.row}
    day = day_past(dt.date.fromisoformat(said["on"]), today) if "on" in said else ""
    copy = None
    if row.action == "prove" and {"proof", "file", "on"} <= said.keys():
        path = beside / said["file"].replace("\\", "/")  # as Windows writes it
        body |= proof_of(path, kind_of_proof(said["proof"], kinds), dt.date.fromisoformat(day))
        if keep_in is not None:
            body["kept"], copy = kept(keep_in, row.key, path, body)
    elif row.action == "prove":
        body |= {name: said[name] for name in ("proof", "file") if name in said} | {"proved_on": day, "sha256": ""}
    elif row.action == "report":
        body["done_on"] = day
    elif row.action == "reopen" and "reason" in said:
        body["reason"] = {"why": "said", "said": said["reason"]}
    return Step(row.key, row.action, body, Place(row.where.file, row.where.sheet, row.where.row), copy)
