"""What people read of findings, made when they read it: a run's evidence in columns, and the run's own queries over it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from planning_check.engine import opened
from planning_check.store.blocks import BESIDE, beside_kind, block_contents, block_ends, rows_kind, told_kind, unpacked
from planning_check.store.models import RunRule, RunSource

#: The columns of a telling, but for the key that it goes by.
TOLD = ("message_zh", "message_en", "cure_zh", "cure_en", "exempt_zh", "exempt_en", "facts", "law", "numbers", "sources", "alternatives")
_JSON = ("facts", "law", "numbers", "sources", "alternatives")
#: Held in memory, so that papers that show a finding several times have it made once.
_MOST_HELD = 20_000
#: Passes of the optimiser that cost more on these wide projections than they save.
_IDLE = "common_subexpressions,statistics_propagation,column_lifetime,compressed_materialization"


class Told:
    """The texts and cells of one run, read by keys. Blocks are loaded as they are needed and kept until it is closed.

    It holds no connection of its own: each question names the reader's, so that a store in memory, which has but one, serves as well.
    """

    def __init__(self, run_id: int) -> None:
        self._run = run_id
        self._rules: dict[str, tuple[str, str | None]] = {}
        self._files: dict[int, dict[str, str]] = {}
        self._ends: dict[str, list[Any]] = {}
        self._loaded: dict[str, set[int]] = {}
        self._said: dict[str, dict[str, dict[str, Any]]] = {}
        self._engine = opened(disabled_optimizers=_IDLE)
        self._con = self._engine.__enter__()
        self._con.execute("CREATE TABLE wanted (key VARCHAR)")

    def close(self) -> None:
        self._engine.__exit__(None, None, None)

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
        if sql is None or not self._load(store, told_kind(subject), f"kept_{subject}", keys):
            return {}
        self._want(keys)
        self._con.execute(f"CREATE OR REPLACE TEMP VIEW told_{subject} AS SELECT * FROM kept_{subject} WHERE told_key IN (FROM wanted)")
        for table, (key, others, _) in BESIDE.items():
            there = self._load(store, beside_kind(table), f"kept_{table}", keys)
            nothing = ", ".join(f"NULL::VARCHAR AS {name}" for name in (key, *others))
            rows = f"SELECT * FROM kept_{table} WHERE {key} IN (FROM wanted)" if there else f"SELECT {nothing} WHERE false"
            self._con.execute(f"CREATE OR REPLACE TEMP VIEW {table} AS {rows}")
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
            table = kind.removeprefix(rows_kind(""))
            if not self._load(store, kind, f"row_{table}", wanted):
                continue
            columns = "*" if cells else "row_id, source_id, row"
            result = self._con.execute(f"SELECT {columns} FROM row_{table} WHERE row_id IN (SELECT unnest(?))", [wanted])
            names = [column[0] for column in result.description]
            for values in result.fetchall():
                row = dict(zip(names, values, strict=True))
                place = {"row_id": row.pop("row_id"), "source_id": row.pop("source_id"), "row": row.pop("row"), "table": table}
                if cells:
                    place["cells"] = {name: text for name, text in row.items() if text is not None}
                found.append(place | self._files[place["source_id"]])
        return sorted(found, key=lambda row: row["row_id"])

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

    def _want(self, keys: Sequence[str]) -> None:
        self._con.execute("DELETE FROM wanted")
        self._con.execute("INSERT INTO wanted SELECT unnest(?::VARCHAR[])", [list(keys)])

    def _load(self, store: Connection, kind: str, table: str, keys: Sequence[Any]) -> bool:
        """See to it that the blocks that may hold these keys are there; whether any block of the kind is."""
        loaded = self._loaded.setdefault(kind, set())
        numbers = [end.number for end in self._ends.get(kind, ()) if end.number not in loaded and _may_hold(end, keys)]
        for content in block_contents(store, self._run, kind, numbers) if numbers else ():
            block = unpacked(content)
            self._con.register("block", block)
            there = self._con.execute("SELECT count(*) FROM duckdb_tables() WHERE table_name = ?", [table]).fetchall()[0][0]
            self._con.execute(f"INSERT INTO {table} FROM block" if there else f"CREATE TABLE {table} AS FROM block")
            self._con.unregister("block")
        loaded.update(numbers)
        return bool(loaded)


def _may_hold(end: Any, keys: Sequence[Any]) -> bool:
    if keys and isinstance(keys[0], int):
        return any(int(end.first_key) <= key <= int(end.last_key) for key in keys)
    return any(end.first_key <= key <= end.last_key for key in keys)


def _read(told: dict[str, Any]) -> dict[str, Any]:
    return {name: json.loads(value) if name in _JSON and value is not None else value for name, value in told.items()}
