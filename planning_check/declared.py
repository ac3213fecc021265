"""A city's own tables, as a rules folder declares them: fields, whom a row belongs to, and the facts that are counted from its rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from planning_check import following, schema, words
from planning_check.errors import Text
from planning_check.schema import Choice, Field, Table

#: What a row can belong to: the subject -> the field of an own table that names it, and the register that has it.
BELONGS = {
    "project": ("project_id", "projects"), "community": ("community_code", "communities"), "office": ("office_id", "offices"),
    "parcel": ("parcel_id", "parcels"),
}  # fmt: skip
#: The key of a judged row where several fields, or a day, make it: they stand in it as texts, one after the other.
ROW_KEY = "row_key"


@dataclass(frozen=True)
class OwnFact:
    """One fact of ``subject``. ``how``: ``count`` and ``sum`` (of the field ``of``) of the rows that belong to it where ``where`` holds,
    ``latest``: ``of`` in the row with the greatest ``by``; ``lookup``: of a judged row, the fact ``of`` of what it belongs to.

    ``where`` is as it was written, ``where_sql`` the same over the table's columns; ``reads``, ``owner``, ``choices`` as of any fact.
    """

    subject: str
    name: str
    type: str
    label: Text
    unit: str
    owner: str
    reads: tuple[str, ...]
    how: str
    of: str = ""
    by: str = ""
    where: str = ""
    where_sql: str = "true"
    choices: tuple[Choice, ...] = ()
    may_be_blank: bool = False
    line: int = field(default=0, compare=False)  # of the file


@dataclass(frozen=True)
class OwnTable:
    """One table. ``belongs``: the subjects that its rows name (``BELONGS``), the first of them its own; ``judged``: every row is a
    subject of rules; ``file``: where it is declared."""

    table: Table
    belongs: tuple[str, ...]
    judged: bool
    facts: tuple[OwnFact, ...]
    file: str = ""

    @property
    def name(self) -> str:
        return self.table.name

    @property
    def key(self) -> str:
        """The fact by which a judged row is known."""
        first, *rest = self.table.key
        return ROW_KEY if rest or self.table.field(first).type == "date" else first

    def key_of(self, alias: str = "") -> str:
        """SQL over the columns of its rows, which go by an alias: the key as people read it."""
        columns = [f'{alias}"{self.table.field(name).columns[0]}"' for name in self.table.key]
        return columns[0] if self.key != ROW_KEY else f"concat_ws(' / ', {', '.join(columns)})"


def also(own: Iterable[OwnTable]) -> None:
    """Put these beside those in force, to the end of the command: what a run that is opened was made with, or rules that are loaded. Of a
    table that is there already, which another run or book may declare otherwise, what it has more: both are told."""
    known: dict[str, OwnTable] = {one.name: one for one in following.current()}
    for one in own:
        known[one.name] = _united(known[one.name], one) if one.name in known else one
    following.put(list(known.values()))


def _united(one: OwnTable, other: OwnTable) -> OwnTable:
    """A table with the fields and facts of both; where they have one of the same name, with that of the first."""
    fields = {f.name: f for f in (*other.table.fields, *one.table.fields)}
    facts = {(f.subject, f.name): f for f in (*other.facts, *one.facts)}
    order = dict.fromkeys(f.name for f in (*one.table.fields, *other.table.fields))
    table = replace(one.table, fields=tuple(fields[name] for name in order))
    belongs = tuple(dict.fromkeys((*one.belongs, *other.belongs)))
    return replace(one, table=table, belongs=belongs, judged=one.judged or other.judged, facts=tuple(facts.values()))


def record(own: Iterable[OwnTable]) -> list[dict[str, Any]]:
    """The tables as plain values, for the record of a run."""
    return [asdict(one) for one in own]


def of_record(told: Iterable[dict[str, Any]]) -> tuple[OwnTable, ...]:
    """The tables of a record."""
    return tuple(
        OwnTable(_table(one["table"]), tuple(one["belongs"]), one["judged"], tuple(map(_fact, one["facts"])), one["file"]) for one in told
    )


def _table(told: dict[str, Any]) -> Table:
    return Table(told["name"], Text(**told["label"]), tuple(map(_field, told["fields"])), tuple(told["aliases"]))


def _field(told: dict[str, Any]) -> Field:
    note = Text(**told["note"]) if told["note"] else None
    plain = {name: value for name, value in told.items() if name not in ("label", "aliases", "choices", "note")}
    return Field(**plain, label=Text(**told["label"]), aliases=tuple(told["aliases"]), choices=_choices(told["choices"]), note=note)


def _fact(told: dict[str, Any]) -> OwnFact:
    plain = {name: value for name, value in told.items() if name not in ("label", "reads", "choices")}
    return OwnFact(**plain, label=Text(**told["label"]), reads=tuple(told["reads"]), choices=_choices(told["choices"]))


def _choices(told: Sequence[dict[str, Any]]) -> tuple[Choice, ...]:
    return tuple(Choice(one["code"], Text(**one["label"]), tuple(one["aliases"])) for one in told)


_TABLES, _RECORDS, _SUBJECTS = tuple(schema.TABLES), tuple(schema.RECORDS), dict(words.SUBJECTS)


def _take_in() -> None:
    """Tables and words as the own tables in force have them, in the objects that everybody reads."""
    own: tuple[OwnTable, ...] = following.current()
    schema.TABLES[:] = [*_TABLES, *(one.table for one in own)]
    schema.RECORDS[:] = [*_RECORDS, *(one.table for one in own)]
    schema.BY_NAME.clear()
    schema.BY_NAME.update({table.name: table for table in schema.TABLES})
    words.SUBJECTS.clear()
    words.SUBJECTS.update(_SUBJECTS | {one.name: one.table.label for one in own if one.judged})


following.follow(_take_in)
