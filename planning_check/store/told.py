"""What people read of findings, made when they read it: a run's evidence in columns, and the run's own queries over it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from functools import cached_property
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from planning_check.engine import opened
from planning_check.store.blocks import BESIDE, beside_kind, block_contents, block_ends, rows_kind, told_kind, unpacked
from planning_check.store.models import RunRule, RunSource

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

#: The columns of a telling, but for the key that it goes by.
TOLD = ("message_zh", "message_en", "cure_zh", "cure_en", "exempt_zh", "exempt_en", "facts", "law", "numbers", "sources", "alternatives")
_JSON = ("facts", "law", "numbers", "sources", "alternatives")
#: Held in memory, so that papers that show a finding several times have it made once.
_MOST_HELD = 20_000
_MOST_BLOCK_BYTES = 1 << 28
#: Passes of the optimiser that cost more on these wide projections than they save.
_IDLE = "common_subexpressions,statistics_propagation,column_lifetime,compressed_materialization"


class Told:
    """The texts and cells of one run, read by keys. Blocks are loaded as they are needed, and of those the ones used last are held.

    It holds no connection of its own: each question names the reader's, so that a store in memory, which has but one, serves as well.
    """

    def __init__(self, run_id: int) -> None:
        self._run = run_id
        self._rules: dict[str, tuple[str, str | None]] = {}
        self._files: dict[int, dict[str, str]] = {}
        self._ends: dict[str, list[Any]] = {}
        self._blocks: dict[tuple[str, int], pa.Table] = {}  # the one used last is the last
        self._said: dict[str, dict[str, dict[str, Any]]] = {}
        self._open = ExitStack()

    @cached_property
    def _con(self) -> duckdb.DuckDBPyConnection:
        """The engine that texts are made in, opened for the first of them: opening it takes longer than reading that there are none."""
        return self._open.enter_context(opened(disabled_optimizers=_IDLE))

    def close(self) -> None:
        self._open.close()

    def __enter__(self) -> Told:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def texts(self, store: Connection, rule_id: str, keys: Sequence[str]) -> dict[str, dict[str, Any]]:
        """Subject key -> the columns of ``TOLD`` for the findings of one rule; JSON is read."""
        self._look_up(store)
        said = self._said.setdefault(rule_id, {})
        asked = [key for key in keys if key not in said]
        if asked:
            said |= self._made(store, rule_id, asked)
        texts = {key: dict(said[key]) for key in keys if key in said}
        if sum(map(len, self._said.values())) > _MOST_HELD:
            self._said.clear()
        return texts

    def _made(self, store: Connection, rule_id: str, keys: Sequence[str]) -> dict[str, dict[str, Any]]:
        subject, sql = self._rules.get(rule_id, ("", None))
        judged = self._chosen(store, told_kind(subject), "told_key", keys) if sql is not None else None
        if sql is None or judged is None:
            return {}
        words = set(re.findall(r"\w+", sql))
        self._con.register(f"told_{subject}", judged.select([name for name in judged.column_names if name in words or name == "told_key"]))
        for table, (key, others, _) in BESIDE.items():
            said = self._chosen(store, beside_kind(table), key, keys)
            self._con.register(table, said if said is not None else _nothing(key, *others))
        found = self._con.execute(f"SELECT subject_key, {', '.join(TOLD)} FROM ({sql})").fetchall()
        return {key: _read(dict(zip(TOLD, values, strict=True))) for key, *values in found}

    def places(self, store: Connection, row_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
        """Where delivered rows stand: row id -> table, file, sheet, row."""
        names = ("table", "file", "sheet", "row")
        return {row["row_id"]: {name: row[name] for name in names} for row in self.rows(store, row_ids, cells=False)}

    def rows(self, store: Connection, row_ids: Iterable[int], *, cells: bool = True) -> list[dict[str, Any]]:
        """Delivered rows in the order of their ids: row_id, table, source_id, file, sheet, row and, if asked for,
        ``cells`` (field -> text)."""
        self._look_up(store)
        wanted = sorted(set(row_ids))
        found: list[dict[str, Any]] = []
        for kind in [kind for kind in self._ends if kind.startswith(rows_kind(""))]:
            rows = self._chosen(store, kind, "row_id", wanted)
            if rows is None:
                continue
            for row in (rows if cells else rows.select(["row_id", "source_id", "row"])).to_pylist():
                place = {name: row.pop(name) for name in ("row_id", "source_id", "row")} | {"table": kind.removeprefix(rows_kind(""))}
                if cells:
                    place["cells"] = {name: text for name, text in row.items() if text is not None}
                found.append(place | self._files[place["source_id"]])
        return sorted(found, key=lambda row: row["row_id"])

    def judged(self, store: Connection, subject: str, keys: Sequence[str], names: Sequence[str]) -> dict[str, dict[str, Any]]:
        """These judged values of subjects, by their keys; nothing of one of which the run does not keep them all."""
        self._look_up(store)
        rows = self._chosen(store, told_kind(subject), "told_key", keys)
        if rows is None or not set(names) <= set(rows.column_names):
            return {}
        return {row.pop("told_key"): row for row in rows.select(["told_key", *names]).to_pylist()}

    def _look_up(self, store: Connection) -> None:
        """What is small of the run, once: its rules, its sources, where its blocks begin and end."""
        if self._rules:
            return
        rule, source = RunRule.__table__.c, RunSource.__table__.c
        rules = store.execute(sa.select(rule.rule_id, rule.subject, rule.told_sql).where(rule.run_id == self._run))
        self._rules = {row.rule_id: (row.subject, row.told_sql) for row in rules}
        sources = store.execute(sa.select(source.source_id, source.file, source.sheet).where(source.run_id == self._run))
        self._files = {row.source_id: {"file": row.file, "sheet": row.sheet} for row in sources}
        for end in block_ends(store, self._run, ""):
            self._ends.setdefault(end.kind, []).append(end)

    def _chosen(self, store: Connection, kind: str, key: str, wanted: Sequence[Any]) -> pa.Table | None:
        """The rows of these keys, None where no block of the kind may hold any of them."""
        import pyarrow as pa
        import pyarrow.compute as pc

        found = []
        for end in self._ends.get(kind, ()):
            if _may_hold(end, wanted):
                block = self._block(store, kind, end.number)
                column = block.column(key)
                found.append(block.filter(pc.is_in(column, value_set=pa.array(wanted, column.type))))
        return pa.concat_tables(found) if found else None

    def _block(self, store: Connection, kind: str, number: int) -> pa.Table:
        block = self._blocks.pop((kind, number), None)
        if block is None:
            [content] = block_contents(store, self._run, kind, [number])
            block = unpacked(content)
            while self._blocks and block.nbytes + sum(held.nbytes for held in self._blocks.values()) > _MOST_BLOCK_BYTES:
                del self._blocks[next(iter(self._blocks))]
        self._blocks[kind, number] = block
        return block


def _nothing(*columns: str) -> pa.Table:
    import pyarrow as pa

    return pa.table({name: pa.array([], pa.string()) for name in columns})


def _may_hold(end: Any, keys: Sequence[Any]) -> bool:
    if keys and isinstance(keys[0], int):
        return any(int(end.first_key) <= key <= int(end.last_key) for key in keys)
    return any(end.first_key <= key <= end.last_key for key in keys)


def _read(told: dict[str, Any]) -> dict[str, Any]:
    return {name: json.loads(value) if name in _JSON and value is not None else value for name, value in told.items()}
