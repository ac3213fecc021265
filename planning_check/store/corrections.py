"""The corrections of a run, what came of them, and what its sources tell differently."""

from __future__ import annotations

from sqlalchemy.engine import Engine

from planning_check.record.correction import CorrectionRow, DisagreementRow, WithoutRow
from planning_check.store.models import CorrectionLine, DisagreementLine, OutcomeWithout
from planning_check.store.runs import rows_of


def corrections(engine: Engine, run_id: int) -> list[CorrectionRow]:
    """The register of corrections of a run, in its order."""
    return rows_of(engine, run_id, CorrectionLine, CorrectionRow, "number")


def outcomes_without(engine: Engine, run_id: int) -> list[WithoutRow]:
    """The outcomes of a run that turn on corrections or on precedence."""
    return rows_of(engine, run_id, OutcomeWithout, WithoutRow, "number")


def disagreements(engine: Engine, run_id: int) -> list[DisagreementRow]:
    """What several sources of a run tell differently, by table, record and field."""
    return rows_of(engine, run_id, DisagreementLine, DisagreementRow, "number")
