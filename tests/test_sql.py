"""Rows into tables of hundreds of columns, a list a column."""

import datetime as dt
from decimal import Decimal as D

import duckdb

from planning_check.sql import create_with

COLUMNS = {
    "area_m2": "DECIMAL(18, 2)", "at_on": "DATE", "uses": "VARCHAR[]", "rooms": "BIGINT", "is_whole": "BOOLEAN", "note": "VARCHAR",
    "steps": "STRUCT(at_least DECIMAL(18, 6), gives DECIMAL(18, 6))[]", "never": "VARCHAR",
}  # fmt: skip


def test_every_value_comes_out_as_it_went_in():
    rows = [
        {"area_m2": D("12345678901234.57"), "uses": ["a", "b"], "rooms": 1, "is_whole": True, "note": "it's"},
        {"area_m2": 3, "at_on": dt.date(9999, 12, 31), "uses": [], "is_whole": False,
         "steps": [{"at_least": D(0), "gives": D("300.5")}, {"at_least": D("0.000001"), "gives": 7}]},
        {"area_m2": None, "at_on": dt.date(1, 1, 1), "rooms": D(4)},
        {},
    ]  # fmt: skip
    con = duckdb.connect()
    create_with(con, "t", COLUMNS, rows)
    names = [d[0] for d in con.execute("FROM t").description]
    found = [dict(zip(names, row, strict=True)) for row in con.fetchall()]
    assert found == [{column: row.get(column) for column in COLUMNS} for row in rows]
    create_with(con, "t", COLUMNS, [{}, {}])
    assert con.execute("SELECT count(*), count(area_m2) FROM t").fetchone() == (2, 0)
    create_with(con, "t", COLUMNS, [])
    assert con.execute("SELECT count(*) FROM t").fetchone() == (0,)
