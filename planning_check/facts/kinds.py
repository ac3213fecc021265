"""What a fact and a subject are, and how the dictionary builds them from the tables' fields."""

from __future__ import annotations

from dataclasses import dataclass

from planning_check.errors import Text
from planning_check.schema import BY_NAME, SQL_TYPES, Choice

#: Table -> the fact and the field that are equal in rows of it which belong to a subject; and of which of them that holds.
Rows = dict[str, tuple[str, str] | tuple[str, str, str]]


@dataclass(frozen=True)
class Fact:
    """One measured value: ``reads`` are the ``table.field`` cells that it comes from, ``owner`` who must supply them."""

    name: str
    type: str
    label: Text
    unit: str
    owner: str
    reads: tuple[str, ...]
    choices: tuple[Choice, ...] = ()
    may_be_blank: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        return (f"{self.name}_lo", f"{self.name}_hi") if self.type == "date" else (self.name,)

    @property
    def sql_type(self) -> str:
        return SQL_TYPES[self.type]


@dataclass(frozen=True)
class Subject:
    """What a rule judges: ``key`` identifies it; ``rows`` say how each table's rows belong to it (fact column = field, or SQL over
    fields, and where only some do, of which rows that holds)."""

    name: str
    label: Text
    key: str
    facts: dict[str, Fact]
    rows: Rows
    law_by: str  # "project": its project's ordinance; "as_of": that of its district on the day of the check; "none"


def own(table: str, *names: str) -> list[Fact]:
    fields = [BY_NAME[table].field(n) for n in names]
    return [Fact(f.name, f.type, f.label, f.unit, f.owner, (f"{table}.{f.name}",), f.choices, f.may_be_blank) for f in fields]


def fact(name: str, type_: str, zh: str, en: str, owner: str, reads: str, choices_of: str = "", choices: tuple[Choice, ...] = ()) -> Fact:
    unit = {"area": "m2", "money": "yuan"}.get(type_, "m" if name.endswith("_m") else "")
    if choices_of:
        table, field = choices_of.split(".")
        choices = BY_NAME[table].field(field).choices
    return Fact(name, type_, Text(zh, en), unit, owner, tuple(reads.split()), choices)


def subject(name: str, zh: str, en: str, key: str, law_by: str, rows: Rows, *facts: Fact) -> Subject:
    named = {f.name: f for f in facts}
    if len(named) != len(facts):
        raise ValueError(f"a fact of {name} is named twice")
    return Subject(name, Text(zh, en), key, named, dict(rows), law_by)
