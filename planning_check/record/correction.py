"""What was recorded of values that were corrected, or that several sources tell differently."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class CorrectionRow:
    """One row of the register of corrections, as in :class:`planning_check.store.models.CorrectionLine`."""

    number: int
    state: str
    file: str
    sheet: str
    record_key: str
    field_told: str
    old_value: str
    new_value: str
    reason: str
    corrected_by: str
    corrected_on: str
    valid_to: str
    register_row: int
    source_id: int | None
    row_id: int | None
    table_name: str | None
    field: str | None
    raw: str | None


@dataclass(frozen=True)
class WithoutRow:
    """One rule and subject that comes out otherwise without the corrections, or without precedence (``cause``)."""

    cause: str
    rule_id: str
    subject: str
    subject_key: str
    outcome: str | None
    area_m2: str | None
    yuan: str | None
    without: str | None
    area_without_m2: str | None
    yuan_without: str | None


@dataclass(frozen=True)
class DisagreementRow:
    """One record and field told differently; ``told``: JSON, see ``planning_check.ingest.disagreeing``."""

    table_name: str
    record_key: str | None
    field: str
    told: str
    used: str | None
    why: str
    difference: str | None
