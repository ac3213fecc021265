"""The first thing in which two records of one run differ: table, row and column, in the order in which one follows from the other."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.types import TypeDecorator

from planning_check.store import root
from planning_check.store.blocks import unpacked
from planning_check.store.models import ColumnBlock, Finding, RegisterLine, Run, RunRule, RunSource, StoredProblem

#: What comes first is told first: files, rules, what was read, verdicts; the rest follows from these.
_FIRST = (RunSource, RunRule, StoredProblem, RegisterLine, Finding)
#: Of a run's manifest these say which program made it, which is told on its own.
_OF_THE_PROGRAM = ("tool_version",)
#: These only count what the rows say, which is told before them.
_COUNTED = ("acts",)


@dataclass(frozen=True)
class Difference:
    """``key``: of the row, name by name. ``column``: '' where one of the two has no such row, which is the one whose value is None."""

    table: str
    key: tuple[tuple[str, str], ...]
    column: str
    recorded: str | None
    derived: str | None


def first_difference(recorded: Engine, run_id: int, derived: Engine, derived_id: int) -> Difference | None:
    """Between a run on record and the same derived anew in another database. What only says which program wrote it is no difference."""
    with recorded.connect() as one, derived.connect() as other:
        of_the_run = list(_of_the_run(one, run_id, other, derived_id))
        first = [found for found in of_the_run if not found.column.startswith(_COUNTED)]
        return next(iter(first), None) or next(_of_the_rows(one, run_id, other, derived_id), None) or next(iter(of_the_run), None)


def _of_the_run(one: Connection, run_id: int, other: Connection, other_id: int) -> Iterator[Difference]:
    table = Run.__table__
    rows = [c.execute(sa.select(table).where(table.c.id == number)).one() for c, number in ((one, run_id), (other, other_id))]
    for name in ("as_of", "title_zh", "title_en", "notice_zh", "notice_en"):
        if (then := getattr(rows[0], name)) != (now := getattr(rows[1], name)):
            yield Difference(Run.__tablename__, (), name, str(then), str(now))
    then, now = (root.of_the_outcome(row.manifest) for row in rows)
    for name in sorted(then | now):
        if name not in _OF_THE_PROGRAM and then.get(name) != now.get(name):
            yield _inside(name, then.get(name), now.get(name))


def _inside(name: str, then: Any, now: Any) -> Difference:
    """Down to the entry of a mapping that is another."""
    if isinstance(then, dict) and isinstance(now, dict):
        inner = next(one for one in sorted(then | now, key=str) if then.get(one) != now.get(one))
        return _inside(f"{name} > {inner}", then.get(inner), now.get(inner))
    return Difference(Run.__tablename__, (), name, *(None if one is None else str(one) for one in (then, now)))


def _of_the_rows(one: Connection, run_id: int, other: Connection, other_id: int) -> Iterator[Difference]:
    first = [model.__tablename__ for model in _FIRST]
    tables = sorted(root.tables(), key=lambda t: (first.index(t.name) if t.name in first else len(first), t.name))
    for table in tables:
        if root.table_root(one, run_id, table) != root.table_root(other, other_id, table):
            yield from _rows(table, root.rows_of(one, run_id, table), root.rows_of(other, other_id, table))


def _rows(table: sa.Table, ones: Iterator[Sequence[Any]], others: Iterator[Sequence[Any]]) -> Iterator[Difference]:
    """Both in the order of their key, side by side."""
    columns = root.columns_of(table)
    places = [columns.index(column) for column in root.keys(table)]
    then, now = next(ones, None), next(others, None)
    while then is not None or now is not None:
        keys = [None if row is None else tuple(row[place] for place in places) for row in (then, now)]
        if keys[0] == keys[1] and then is not None and now is not None:
            for column, *values in zip(columns, then, now, strict=True):
                if values[0] != values[1] and not _same_rows(table, column, values):
                    yield Difference(table.name, _key(columns, places, then), column.key, *(_shown(column, value) for value in values))
            then, now = next(ones, None), next(others, None)
        elif now is None or (then is not None and _before(keys[0], keys[1])):
            yield Difference(table.name, _key(columns, places, then), "", "", None)
            then = next(ones, None)
        else:
            yield Difference(table.name, _key(columns, places, now), "", None, "")
            now = next(others, None)


def _before(one: Any, other: Any) -> bool:
    """Keys of changed rows may hold anything: then by how they are written."""
    try:
        return one < other
    except TypeError:
        return str(one) < str(other)


def _same_rows(table: sa.Table, column: sa.Column, values: Sequence[Any]) -> bool:
    """Whether two blocks hold the same rows, packed by other versions of a library."""
    if table is not ColumnBlock.__table__ or column.key != "content":
        return False
    try:
        return unpacked(values[0]).equals(unpacked(values[1]))
    except (ValueError, OSError, TypeError):  # what was put in its place is no block
        return False


def _key(columns: Sequence[sa.Column], places: Sequence[int], row: Any) -> tuple[tuple[str, str], ...]:
    named = [(columns[place], row[place]) for place in places]
    also = ("rule_id", "subject_key", "file", "sheet", "row")  # a number alone tells nobody anything
    named += [(column, row[place]) for place, column in enumerate(columns) if column.key in also and place not in places]
    return tuple((column.key, _shown(column, value) or "") for column, value in named)


def _shown(column: sa.Column, value: Any) -> str:
    if isinstance(value, bytes):
        return f"sha256 {hashlib.sha256(value).hexdigest()}"
    if isinstance(column.type, TypeDecorator):
        try:
            return str(column.type.process_result_value(value, None))  # type: ignore[arg-type]  # none of ours asks for the dialect
        except (ValueError, TypeError, LookupError):
            return str(value)
    return str(value)
