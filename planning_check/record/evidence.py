"""Everything on record about one rule and one subject."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from planning_check.record.correction import CorrectionRow, WithoutRow
from planning_check.record.finding import Finding
from planning_check.record.run import StoredRun


@dataclass(frozen=True)
class Cell:
    """One delivered cell: its text as delivered, and where it stands. ``unit`` and ``factor``: how it was read;
    ``corrected``: what it was read as instead, by whom, when and why."""

    table: str
    field: str
    raw: str
    file: str
    sheet: str
    row: int
    letter: str | None
    header: str | None
    unit: str | None
    factor: Any
    corrected: CorrectionRow | None = None


@dataclass(frozen=True)
class Evidence:
    """``finding`` is none where the subject passed or the rule does not reach it: ``outcome`` says which.
    ``without``: how it comes out without the corrections, where that is otherwise. ``project``: what is on record of the project by whose
    days the law governs it: its district, and its milestones as the first and last day that each may be; none where that was not kept."""

    run: StoredRun
    rule: Any
    subject_key: str
    outcome: str
    finding: Finding | None
    cells: tuple[Cell, ...]
    without: tuple[WithoutRow, ...] = ()
    project: Mapping[str, Any] | None = None
