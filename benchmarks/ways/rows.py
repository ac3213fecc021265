"""The projects as every way of judging is given them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

PROJECTS = "projects.parquet"
#: Rules whose formula can be written by hand in a few words on the facts and measures of a project.
JUDGED = ("AR01", "AR02", "AR03", "AR04", "HO01", "HO02", "PL01", "PL02")
#: The columns that these rules read, for the peers: each is given these alone.
READ = [
    "project_no", "as_of", "law_state", "life_state", "duty_applies", "is_exempt", "area_is_prescribed", "plan_approved_on_hi",
    "permitted_on_hi", "completed_on_hi", "waits_for_last_phase", "required_plan_m2", "required_permit_m2", "required_m2",
    "in_lieu_agreed_m2", "in_lieu_counted_m2", "law_in_lieu", "counted_plan_m2", "counted_permit_m2", "counted_survey_m2",
    "carried_survey_m2", "law_tolerance_m2", "tolerance_at_survey_m2", "law_plan_must_state", "plan_states_place", "plan_states_floor",
    "plan_states_area_m2", "law_filing_required", "law_filing_grace_days", "is_filed", "filed_on_hi", "law_handover_gate",
    "handover_is_due", "handed_own_m2", "missing_in_kind_m2", "handed_counted_m2", "required_in_kind_m2",
]  # fmt: skip


def projects(folder: Path, columns: Sequence[str] | None = None) -> pa.Table:
    """The facts, law and measures of the projects, all or those named, numbered by ``project_no`` in their order."""
    return pq.read_table(folder / PROJECTS, columns=columns)


def read_columns(folder: Path, *, exact: bool = False) -> pa.Table:
    """The columns that the rules read; areas as floating point, as such tables are usually kept, or ``exact``."""
    table = projects(folder, READ)
    for at, column in enumerate(table.columns):
        if pa.types.is_decimal(column.type) and not exact:
            table = table.set_column(at, table.column_names[at], pc.cast(column, pa.float64()))
    return table
