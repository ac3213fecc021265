"""The register of corrections with what became of each row, as rows for programs; both languages in each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from planning_check.record.correction import WithoutRow
from planning_check.report.tables.exports import BOM, csv_row
from planning_check.report.told.corrections import STATES
from planning_check.report.told.pack import Pack

_TOLD = (
    "number", "state", "file", "sheet", "record_key", "field_told", "raw", "old_value", "new_value", "reason", "corrected_by",
    "corrected_on", "valid_to", "table_name", "field",
)  # fmt: skip


def corrections_csv(pack: Pack) -> Iterator[str]:
    """A row a correction, in the order of the register; ``raw``: the text of the cell as delivered."""
    yield BOM + csv_row([*_TOLD, "state_zh", "state_en"])
    for row in pack.corrections:
        yield csv_row([*(getattr(row, name) for name in _TOLD), STATES[row.state].zh, STATES[row.state].en])


def without_csv(pack: Pack) -> Iterator[str]:
    """A row an outcome that turns on corrections or on precedence: as it is, and without them."""
    names = [field.name for field in fields(WithoutRow)]
    yield BOM + csv_row(names)
    for row in pack.without:
        yield csv_row([getattr(row, name) for name in names])
