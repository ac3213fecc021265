"""What each register and column that nobody delivered holds up: the open outcomes that would read it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from planning_check.errors import Text
from planning_check.report.told.facts import find_fact
from planning_check.report.told.numbers import counted, number
from planning_check.report.told.profile import table_label
from planning_check.schema import BY_NAME

_OTHERS = "phases."


@dataclass(frozen=True)
class Lacking:
    """A register (``field`` empty) or a column of one that was not delivered, and how many open outcomes read it."""

    table: str
    field: str
    owner: str
    outcomes: int

    @property
    def register(self) -> Text:
        """What people call the register."""
        return table_label(self.table)

    @property
    def label(self) -> Text:
        """What people call the column; the register as a whole."""
        return BY_NAME[self.table].field(self.field).label if self.field else Text("整张表", "the whole register")

    @property
    def why(self) -> Text:
        """Why it has no heading."""
        return Text("没有这一列", "no such column") if self.field else Text("没有交来", "not delivered")

    def told(self, lang: str) -> str:
        """``移交日期（126 个未判结论要用）``."""
        return f"{self.label.get(lang)}{held_up(self.outcomes).get(lang)}"


@dataclass(frozen=True)
class Waiting:
    """How many open outcomes lack a fact that reads a register, and one of its fields (``deposits.amount_yuan``)."""

    tables: Counter[str] = field(default_factory=Counter)
    cells: Counter[str] = field(default_factory=Counter)

    def of_register(self, table: str) -> Lacking:
        """A register as a whole; its owner is that of its key."""
        return Lacking(table, "", BY_NAME[table].fields[0].owner, self.tables[table])

    def of_column(self, table: str, name: str) -> Lacking:
        """One of its columns."""
        return Lacking(table, name, BY_NAME[table].field(name).owner, self.cells[f"{table}.{name}"])

    def columns(self, table: str, there: set[str]) -> tuple[Lacking, ...]:
        """The columns of a register that are not ``there`` and that outcomes wait for, most first."""
        lacking = (self.of_column(table, f.name) for f in BY_NAME[table].fields if f.name not in there)
        return tuple(sorted((one for one in lacking if one.outcomes), key=lambda one: -one.outcomes))

    def registers(self, there: set[str]) -> tuple[Lacking, ...]:
        """The registers that are not ``there`` and that outcomes wait for, most first."""
        lacking = (self.of_register(table) for table in BY_NAME if table not in there)
        return tuple(sorted((one for one in lacking if one.outcomes), key=lambda one: -one.outcomes))


def held_up(outcomes: int) -> Text:
    """So many open outcomes, in brackets; nothing where there is none."""
    if not outcomes:
        return Text("", "")
    return Text(f"（{number(outcomes)} 个未判结论要用）", f" ({counted(outcomes, 'open outcome')} would read it)")


def waiting(subject_of: dict[str, str], unjudged: Iterable[Any]) -> Waiting:
    """``subject_of``: each rule's; ``unjudged``: rows of ``rule_id, missing, subjects`` (see ``store.models.Unjudged``). An outcome counts
    once with each register and each field that one of its missing facts reads, whichever of several would do."""
    found = Waiting()
    for row in unjudged:
        cells = {cell for name in row.missing or () for cell in _cells(subject_of[row.rule_id], name)}
        for cell in cells:
            found.cells[cell] += row.subjects
        for table in {cell.split(".")[0] for cell in cells}:
            found.tables[table] += row.subjects
    return found


def _cells(subject: str, name: str) -> Iterator[str]:
    """The fields that a missing fact is read from; it may be one of its project, of other phases, or a field itself."""
    fact = find_fact("project", name.removeprefix(_OTHERS)) if name.startswith(_OTHERS) else find_fact(subject, name)
    for cell in fact.reads if fact else (name,):
        table, _, column = cell.partition(".")
        if table in BY_NAME and any(f.name == column for f in BY_NAME[table].fields):
            yield cell
