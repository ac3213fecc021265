"""A run with a row in every table, and every way to change one value of a database behind the program's back."""

import datetime as dt
import re
import sqlite3
from contextlib import closing

import sqlalchemy as sa

from planning_check.geo.places.coverage import COVERAGE_TABLE
from planning_check.geo.places.match_places import MATCH_TABLES
from planning_check.store import Entry, append, open_store, save_run
from planning_check.store.connecting import writing
from planning_check.store.copies import COPIES
from planning_check.store.models import Record
from planning_check.store.types import JsonText
from tests.store.tables import TELLINGS, connection, fingerprint, manifest

SERIES = "小城（虚构）"
AT = dt.datetime(2011, 7, 9, 10, tzinfo=dt.UTC)
CASE = fingerprint("AR03", "P1")
_SAMPLES = {"VARCHAR": "样本", "BOOLEAN": True, "DATE": "2011-01-02", "BLOB": b"\x01\x02"}
_OTHERS = {
    sa.LargeBinary: ("x'07'", "x'08'"), sa.Boolean: ("1", "0"), sa.Date: ("'2001-02-03'", "'2001-02-04'"), sa.String: ("'别的'", "'另外的'"),
}  # fmt: skip
#: What a run remembers of its place, and of what else it depended on, as a check records it.
TOLD = {
    "asked": "a" * 64, "delivered_at": ["/somewhere/报送"], "rule_folders": [], "duckdb_version": "1.0",
    "inputs": {"规划局/项目.xlsx": "a" * 64, "房管局/实测.csv": "b" * 64}, "rules": {"rules/AR03.yaml": "c" * 64}, "rules_off": {}, "overrides": {},
    "select": [], "ignore": [], "mapping": None, "delivered_on": "2011-06-30",
}  # fmt: skip


def whole_run():
    """The tables of the tiny run, and in each that it leaves empty one row of samples."""
    con = connection()
    con.execute(MATCH_TABLES + COVERAGE_TABLE)
    for _, query in COPIES:
        table = re.findall(r"FROM (\w+)", query)[-1]
        there = con.execute(f"SELECT count(*) FROM duckdb_tables() WHERE table_name = '{table}'").fetchone()[0]
        if there and not con.execute(f"SELECT count(*) FROM {table}").fetchone()[0]:
            types = con.execute(f"SELECT column_name, column_type FROM (DESCRIBE {table})").fetchall()
            values = [1 if name in ("number", "source_id") else _SAMPLES.get(kind, 1) for name, kind in types]
            con.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(values))})", values)
    return con


def recorded(path, con=None, **told):
    """A database with that run, recorded twice, and with two decisions about it."""
    engine = open_store(str(path))
    for shards in ({}, {"s001": "d" * 64}):
        cities = [{"label": "甲市", "shard": shard, "root": root} for shard, root in shards.items()]
        save_run(engine, con or whole_run(), manifest(**TOLD | told, cities=cities) | {"by": "李经办"}, TELLINGS, shards=shards)
    with writing(engine) as connection_:
        steps = [Entry("remark", "secretary", {"note": note}, CASE, 2) for note in ("甲", "乙")]
        append(connection_, SERIES, AT, "王秘书", steps)
    engine.dispose()
    return str(path)


def columns():
    """Every column of every table."""
    return [(table, column) for table in Record.metadata.sorted_tables for column in table.columns]


def changed(path, table, column):
    """Change one value of a column as the owner of the database can; whether there was one."""
    with closing(sqlite3.connect(path)) as plain, plain:
        for (trigger,) in plain.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            statement = plain.execute("SELECT sql FROM sqlite_master WHERE name = ?", [trigger]).fetchone()[0]
            plain.execute(f"DROP TRIGGER {trigger}")
            plain.execute("CREATE TEMP TABLE IF NOT EXISTS kept (sql TEXT)")
            plain.execute("INSERT INTO kept VALUES (?)", [statement])
        of_the_last = "run_id = 2" if "run_id" in table.c else "id = 2" if table.name == "run" else "1"
        place = plain.execute(f'SELECT {_place(table)} FROM "{table.name}" WHERE {of_the_last} ORDER BY 1 LIMIT 1').fetchone()
        if place is None:
            return False
        done = plain.execute(f'UPDATE "{table.name}" SET "{column.name}" = {_other(column)} WHERE {_place(table)} = ?', place).rowcount
        for (statement,) in plain.execute("SELECT sql FROM kept").fetchall():
            plain.execute(statement)
    return done == 1


def _place(table):
    """One text that names a row, with or without a row number of SQLite."""
    return " || '|' || ".join(f'"{column.name}"' for column in table.primary_key)


def _other(column):
    """SQL for another value that such a column could hold."""
    name = f'"{column.name}"'
    if column.name == "manifest":
        return f"replace({name}, '2011-06-30', '2011-06-29')"
    if isinstance(column.type, JsonText):
        return "'{\"changed\": 1}'"
    for kind, (one, other) in _OTHERS.items():
        if isinstance(column.type, kind):
            return f"CASE WHEN {name} IS {one} THEN {other} ELSE {one} END"
    return f"coalesce({name}, 0) + 77"
