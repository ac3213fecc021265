"""What is not the same in two runs of a series, and why: pure data, as ``pipeline.differing`` makes it and the report tells it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from planning_check.errors import Text
from planning_check.record.causes import Cause, Judged
from planning_check.record.correction import CorrectionRow
from planning_check.record.evidence import Cell
from planning_check.record.run import StoredRun


@dataclass(frozen=True)
class Named:
    """One rule and subject, as people know it."""

    fingerprint: str
    rule_id: str
    list: str
    subject: str
    subject_key: str
    subject_name: str | None
    project_id: str | None
    district_code: str | None
    district_name: str | None
    developer_name: str | None


@dataclass(frozen=True)
class CellChange:
    """One delivered cell, or a row of which there is none on the other side (``field`` is '' then)."""

    table: str
    record_key: str
    field: str
    before: Cell | None
    after: Cell | None


@dataclass(frozen=True)
class TextChange:
    """One part of a rule, an ordinance or a file of rules as written: ``what`` is rule, ordinance or file, ``part`` which part of it;
    '' is none. Of a file both are the beginnings of its SHA-256."""

    what: str
    id: str
    part: str
    before: str
    after: str


@dataclass(frozen=True)
class CorrectionChange:
    """One row of the register of corrections that only one of the runs has."""

    row: CorrectionRow
    is_new: bool


@dataclass(frozen=True)
class Things:
    """What differs between two runs by what is on record of them. ``factors``: codes of ``causes.FACTORS``, in their order. ``files``:
    name -> what became of it (changed, new, gone)."""

    factors: tuple[str, ...]
    files: Mapping[str, str]
    corrections: tuple[CorrectionChange, ...]
    texts: tuple[TextChange, ...]
    days: tuple[str, str]
    programs: tuple[str, str]


@dataclass(frozen=True)
class Short:
    """A run held against the one before it in a line: how many violations are of which kind of change (``causes.KINDS``), and which things
    differ, by what is on record."""

    run_id: int
    as_of: str
    counts: tuple[tuple[str, int], ...]
    factors: tuple[str, ...]


@dataclass(frozen=True)
class Standing:
    """Where a case stood at the older run and stands now; ``said``: the last decision (or other step) since, as the log
    holds it; ``is_reopened``: whether it was reopened since."""

    before: str
    after: str
    seq: int
    said: Mapping[str, Any]
    is_reopened: bool = False


@dataclass(frozen=True)
class Change:
    """One rule and subject that is not the same. ``kind``: a code of ``causes.KINDS``; ``cause``: none where only its standing changed.
    ``waived``: the waiver in force of either run (``record.waiver``), where that is not the same.
    ``is_bare``: no cell of its evidence is on record on one side, so that nobody can say which differ."""

    named: Named
    kind: str
    before: Judged
    after: Judged
    cause: Cause | None
    cells: tuple[CellChange, ...] = ()
    is_bare: bool = False
    texts: tuple[TextChange, ...] = ()
    corrections: tuple[CorrectionChange, ...] = ()
    standing: Standing | None = None
    waived: tuple[Mapping[str, Any] | None, Mapping[str, Any] | None] | None = None


@dataclass(frozen=True)
class Differing:
    """Two runs compared. ``lost``: what could not be judged again, and why, by factor and side (before, after);
    ``judged``: how many times it was judged anew."""

    before: StoredRun
    after: StoredRun
    things: Things
    changes: Sequence[Change]
    lost: Sequence[tuple[str, str, Text]]
    judged: int
