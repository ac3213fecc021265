"""Values told differently that a city's precedence settles: which row of a record goes before which."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from planning_check.precedence import Precedence
from planning_check.schema import Field
from planning_check.sql import create_with, name
from planning_check.words import bureau_of


@dataclass(frozen=True)
class Settling:
    """How one field is settled: ``rank``, SQL of a typed row, the least goes before; NULL: nobody knows. ``choice``: 0 is the one that
    goes before, 1 the next one, to see what turns on it."""

    field: Field
    rank: str
    why: str
    choice: int

    @property
    def _told(self) -> str:
        return f"FILTER ({name(self.field.columns[0])} IS NOT NULL)"

    @property
    def _value(self) -> str:
        columns = ", ".join(f"'{c}': {name(c)}" for c in self.field.columns)
        return f"{{'rank': {self.rank}, {columns}}}"

    @property
    def holds(self) -> str:
        """SQL of a group: every one that tells a value has a rank, those of one rank agree, and no cell is there that cannot be read."""
        ranked = f"bool_and({self.rank} IS NOT NULL) {self._told}"
        alike = f"count(DISTINCT {self._value}) {self._told} = count(DISTINCT {self.rank}) {self._told}"
        return f"coalesce({ranked} AND {alike} AND count({name(f'{self.field.name}.code')}) = 0, false)"

    def value(self, column: str) -> str:
        """SQL of a group: the value of the one chosen."""
        place = f"least({self.choice + 1}, count(DISTINCT {self.rank}) {self._told})"
        return f"list_sort(list(DISTINCT {self._value}) {self._told})[{place}].{name(column)}"


def create_precedence(con: duckdb.DuckDBPyConnection, rules: Sequence[Precedence], day: dt.date | None, choice: int) -> None:
    """Make ``ingest.settled_by`` (table_name, field, rank, needs, why, choice) of what is in force on the day of the check."""
    rows = [
        {"table_name": rule.table, "field": rule.field, "rank": rank, "needs": rule.latest_by or None, "choice": choice,
         "why": rule.why}
        for rule in rules
        if day is not None and rule.holds(day) and (rank := _rank(con, rule))
    ]  # fmt: skip
    types = dict.fromkeys(("table_name", "field", "rank", "needs", "why"), "VARCHAR") | {"choice": "INTEGER"}
    create_with(con, "ingest.settled_by", types, rows)


def _rank(con: duckdb.DuckDBPyConnection, rule: Precedence) -> str:
    if rule.latest_by:
        first, last = name(f"{rule.latest_by}_lo"), name(f"{rule.latest_by}_hi")
        return f"(CASE WHEN {first} = {last} THEN DATE '9999-12-31' - {first} END)"
    files = con.execute("SELECT source_id, file FROM source WHERE table_name = ? ORDER BY ALL", [rule.table]).fetchall()
    whens = [f"WHEN {source} THEN {rule.order.index(bureau)}" for source, file in files if (bureau := bureau_of(file)) in rule.order]
    return f"(CASE source_id {' '.join(whens)} END)" if whens else ""


def settling(con: duckdb.DuckDBPyConnection, table: str, fields: Sequence[Field], there: Sequence[str]) -> dict[str, Settling]:
    """How the ``fields`` of a table are settled, as far as the city says so; ``there``: the fields that are delivered."""
    rows = con.execute("SELECT field, rank, needs, why, choice FROM ingest.settled_by WHERE table_name = ?", [table]).fetchall()
    known = {f.name: f for f in fields}
    return {f: Settling(known[f], rank, why, choice) for f, rank, needs, why, choice in rows if f in known and needs in (None, *there)}
