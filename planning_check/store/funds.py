"""The movements of money for communities, as a run recorded them."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from planning_check.record.evidence import Cell
from planning_check.record.run import FundRow
from planning_check.store.evidence import cells_of
from planning_check.store.models import FundLine, RunRule
from planning_check.store.runs import rows_of


def fund_lines(engine: Engine, run_id: int) -> list[FundRow]:
    """The movements of a run by project, what came in before what went out, the oldest first."""
    return rows_of(engine, run_id, FundLine, FundRow, "number")


#: The fields that name a movement and hold its sum, by its register.
_ITEMS = {"deposits": "event_id", "payments": "payment_id"}


def fund_cells(engine: Engine, run_id: int, rows: Iterable[FundRow]) -> dict[tuple[str, str], Cell]:
    """(register, item) -> the cell that holds the sum, of those movements whose rows the run keeps: it keeps those of its findings."""
    rows = list(rows)
    keys = {
        "project": sorted({row.project_id for row in rows if row.project_id}),
        "payment": sorted({row.item for row in rows if row.item}),
    }
    with engine.connect() as connection:
        rules = connection.execute(sa.select(RunRule.rule_id, RunRule.subject).where(RunRule.run_id == run_id)).all()
    wanted = {rule.rule_id: keys[rule.subject] for rule in rules if rule.rule_id.startswith("MO") and rule.subject in keys}
    found: dict[tuple[str, str], Cell] = {}
    for cells in cells_of(engine, run_id, wanted).values():
        of_row: dict[tuple[str, str, int], dict[str, Cell]] = {}
        for cell in cells:
            if cell.table in _ITEMS:
                of_row.setdefault((cell.file, cell.sheet, cell.row), {})[cell.field] = cell
        for held in of_row.values():
            table = next(iter(held.values())).table
            if "amount_yuan" in held and _ITEMS[table] in held:
                found[table, held[_ITEMS[table]].raw.strip()] = held["amount_yuan"]
    return found
