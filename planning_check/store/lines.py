"""A run as lines of text, each row as its leaf is made of it, and back into a database: the same run has the same lines wherever it is.

Bytes, of which a row's text holds the SHA-256, stand beside it in lines of their own (base64).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from planning_check.store import root
from planning_check.store.models import CaseEvent, Run, RunRoot, RunShard
from planning_check.store.runs import shards_told

RUN_LINE, ROOT_LINES, LOG_LINES, TABLES = "run.json", "roots.jsonl", "log.jsonl", "tables"
_AT_ONCE = 500


class NoLine(ValueError):
    """A line that is no row: its member and number."""

    def __init__(self, member: str, number: int) -> None:
        super().__init__(f"{member}:{number}")
        self.member, self.number = member, number


def members() -> dict[str, tuple[sa.Table, sa.Column | None]]:
    """The members that the tables of a run are written to: a table's lines, and those of a column of bytes."""
    found: dict[str, tuple[sa.Table, sa.Column | None]] = {}
    for table in root.tables():
        found[f"{TABLES}/{table.name}.jsonl"] = (table, None)
        found |= {f"{TABLES}/{table.name}.{column.name}.b64": (table, column) for column in _bytes_of(table)}
    return found


def lines(connection: Connection, run_id: int, member: str) -> Iterator[str]:
    """The lines of a member, without their ends."""
    if member == RUN_LINE:
        run = connection.execute(sa.select(Run.__table__).where(Run.id == run_id)).one()
        yield json.dumps(run._asdict(), ensure_ascii=False, sort_keys=True, indent=1, default=str)
    elif member == ROOT_LINES:
        kept = RunRoot.__table__.c
        query = sa.select(kept.table_name, kept.rows, kept.sha256).where(kept.run_id == run_id).order_by(kept.table_name)
        yield from (root.text_of(row) for row in connection.execute(query))
    elif member == LOG_LINES:
        series = sa.select(Run.series).where(Run.id == run_id).scalar_subquery()
        log = CaseEvent.__table__
        yield from (root.text_of(row) for row in connection.execute(sa.select(log).where(log.c.series == series).order_by(log.c.seq)))
    else:
        table, column = members()[member]
        place = None if column is None else root.columns_of(table).index(column)
        for row in root.rows_of(connection, run_id, table):
            yield root.text_of(row) if place is None else _packed(row[place])


class Texts(Mapping[str, Iterable[str]]):
    """The lines of members that were unpacked into a folder, read as they are asked for; a member that is not there has none."""

    def __init__(self, folder: Path, members: Iterable[str]) -> None:
        self.folder, self.members = folder, frozenset(members)

    def __getitem__(self, member: str) -> Iterator[str]:
        if member not in self.members:
            return
        with (self.folder / member).open("rb") as file:
            for number, line in enumerate(file, 1):
                try:
                    yield line.decode("utf-8").removesuffix("\n")
                except UnicodeDecodeError as error:
                    raise NoLine(member, number) from error

    def __iter__(self) -> Iterator[str]:
        return iter(self.members)

    def __len__(self) -> int:
        return len(self.members)


def put(connection: Connection, read: Mapping[str, Iterable[str]]) -> None:
    """Put a run's lines, by member, into an empty SQLite database. Raises NoLine for what is no row of its table."""
    run_id = _put_run(connection, "\n".join(read[RUN_LINE]))
    _put_rows(connection, RunRoot.__table__, ROOT_LINES, ([run_id, *values] for values in _arrays(ROOT_LINES, read[ROOT_LINES])))
    _put_rows(connection, CaseEvent.__table__, LOG_LINES, _arrays(LOG_LINES, read[LOG_LINES]))
    for table in root.tables():
        member = f"{TABLES}/{table.name}.jsonl"
        beside = {column: read[f"{TABLES}/{table.name}.{column.name}.b64"] for column in _bytes_of(table)}
        _put_rows(connection, table, member, ([run_id, *values] for values in _with_bytes(table, member, read[member], beside)))


def _bytes_of(table: sa.Table) -> list[sa.Column]:
    return [column for column in table.columns if isinstance(column.type, sa.LargeBinary)]


def _packed(value: bytes | None) -> str:
    return "" if value is None else base64.b64encode(value).decode("ascii")


def _put_run(connection: Connection, text: str) -> int:
    try:
        told = json.loads(text)
        connection.execute(sa.insert(Run).values(**told | {"as_of": date.fromisoformat(told["as_of"])}))
        for digest, shard, kept in sorted(shards_told(told["digest"], told["manifest"])):
            connection.execute(sa.insert(RunShard).values(digest=digest, shard=shard, root=kept, run_id=told["id"]))
        return int(told["id"])
    except Exception as error:  # whatever it holds instead
        raise NoLine(RUN_LINE, 1) from error


def _arrays(member: str, texts: Iterable[str]) -> Iterator[list[Any]]:
    for number, text in enumerate(texts, 1):
        try:
            values = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise NoLine(member, number) from error
        if not isinstance(values, list) or any(isinstance(value, list | dict | float) for value in values):
            raise NoLine(member, number)
        yield values


def _with_bytes(table: sa.Table, member: str, texts: Iterable[str], beside: Mapping[sa.Column, Iterable[str]]) -> Iterator[list[Any]]:
    """The rows of a table with the bytes that their hashes are of."""
    columns = root.columns_of(table)
    packed = [(columns.index(column), iter(lines_)) for column, lines_ in beside.items()]
    number = 0
    for number, values in enumerate(_arrays(member, texts), 1):
        for place, told in packed:
            try:
                text = next(told)
                if len(values) != len(columns):
                    raise ValueError(member)
                data = base64.b64decode(text, validate=True) if values[place] is not None else None
                if _packed(data) != text or (data is not None and hashlib.sha256(data).hexdigest() != values[place]):
                    raise ValueError(member)
            except (StopIteration, ValueError, binascii.Error, TypeError) as error:
                raise NoLine(member, number) from error
            values[place] = data
        yield values
    if any(next(told, None) is not None for _, told in packed):
        raise NoLine(member, number + 1)


def _put_rows(connection: Connection, table: Any, member: str, rows: Iterable[list[Any]]) -> None:
    names = [column.name for column in table.columns]
    names = ["run_id", *(name for name in names if name != "run_id")] if "run_id" in names else names
    insert = (
        f'INSERT INTO "{table.name}" ({", ".join(f"{chr(34)}{name}{chr(34)}" for name in names)}) VALUES ({", ".join("?" * len(names))})'
    )
    waiting: list[tuple[Any, ...]] = []
    number = 0
    for number, row in enumerate(rows, 1):
        waiting.append(tuple(row))
        if len(waiting) == _AT_ONCE:
            _put(connection, insert, waiting, member, number)
            waiting = []
    _put(connection, insert, waiting, member, number)


def _put(connection: Connection, insert: str, rows: list[tuple[Any, ...]], member: str, number: int) -> None:
    try:
        if rows:
            connection.exec_driver_sql(insert, rows)
    except Exception as error:  # whatever the driver says of values that the columns cannot hold, or of a key that comes twice
        raise NoLine(member, number - len(rows) + 1) from error
