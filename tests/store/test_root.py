"""A run carries a hash over all that was recorded of it: equal runs have equal roots, and whatever is changed is found."""

import datetime as dt
import sqlite3

import duckdb
import pytest
import sqlalchemy as sa

from planning_check.store import check_runs, open_store, root, runs, save_run
from planning_check.store.models import Record
from tests.store.tables import FINDINGS, TELLINGS, connection, manifest


def test_equal_runs_have_equal_roots_whenever_and_wherever(engine, tmp_path):
    save_run(engine, connection(), manifest(created_at=dt.datetime(2020, 1, 1, tzinfo=dt.UTC), delivered_at=["/elsewhere"]), TELLINGS)
    other = open_store(str(tmp_path / "other.sqlite"))
    save_run(other, connection(FINDINGS[:1]), manifest(digest="e" * 64), TELLINGS)
    save_run(other, connection(), manifest(), TELLINGS)
    one, two = (run.root for run in runs(engine))
    assert one == two == runs(other)[1].root != runs(other)[0].root
    assert len(one) == 64


def test_what_was_recorded_is_what_is_hashed_again(engine):
    save_run(engine, connection(copies=40), manifest(digest="e" * 64), TELLINGS)
    assert [(checked.has_root, checked.differs) for checked in check_runs(engine)] == [(True, ()), (True, ())]


def test_every_table_of_a_run_is_under_the_root():
    held = {table.name for table in Record.metadata.tables.values() if "run_id" in table.c}
    assert {table.name for table in root.tables()} == held - {"run_root", "run_shard"}


@pytest.mark.parametrize(
    ("change", "table"),
    [
        ("UPDATE finding SET area_dm2 = area_dm2 + 100 WHERE number = 1", "finding"),
        ("UPDATE finding SET outcome = 4 WHERE number = 3", "finding"),
        ("DELETE FROM finding WHERE number = 7", "finding"),
        ("DELETE FROM finding WHERE rule_id LIKE 'AR%'", "finding"),
        ("UPDATE finding SET number = CASE number WHEN 1 THEN 102 WHEN 2 THEN 101 END WHERE number < 3", "finding"),
        ("UPDATE run_rule SET told_sql = 'SELECT 1' WHERE rule_id = 'AR03'", "run_rule"),
        ("UPDATE run_rule SET title_zh = '别的' WHERE rule_id = 'AR03'", "run_rule"),
        ("UPDATE column_block SET content = x'00' WHERE number = 0", "column_block"),
        ("UPDATE balance_line SET residual_dm2 = 0", "balance_line"),
        ("UPDATE subject_geometry SET geometry = x'0103'", "subject_geometry"),
        ("INSERT INTO register_line VALUES (1, 'project', 'P9', 'PPP')", "register_line"),
        ("UPDATE run_facet SET findings = 9 WHERE number = 1", "run_facet"),
        ("UPDATE run SET as_of = '2012-06-30'", "run"),
        ("UPDATE run SET manifest = replace(manifest, '2006-04-09', '2016-04-09')", "run"),
        ("UPDATE run SET root = replace(root, substr(root, 1, 8), '00000000')", "run_root"),
        ("UPDATE run_root SET rows = rows + 1 WHERE table_name = 'profile'", "profile"),
        ("DELETE FROM run_root WHERE table_name = 'fund_line'", "fund_line"),
        ("DELETE FROM run_root", "finding"),
    ],
)
def test_a_change_is_found_and_placed(engine, url, change, table):
    with sqlite3.connect(url.removeprefix("sqlite:///")) as other:
        assert other.execute(change).rowcount > 0
    (checked,) = check_runs(engine)
    assert table in checked.differs


def test_every_column_of_every_table_is_under_it(engine, url):
    """A cell that holds something is emptied, or filled where it is empty: the root always differs."""
    path = url.removeprefix("sqlite:///")
    unseen = []
    with sqlite3.connect(path, isolation_level=None) as other:
        for table in root.tables():
            for column in table.columns:
                if column.key in ("run_id", *(key.key for key in root.keys(table))):
                    continue
                other.execute("BEGIN")
                changed = other.execute(
                    f'UPDATE "{table.name}" SET "{column.name}" = CASE WHEN "{column.name}" IS 1 THEN 0 ELSE 1 END'
                ).rowcount
                other.execute("COMMIT")
                if changed:
                    with engine.connect() as connection_:
                        now = _root(connection_, table)
                    if now == _recorded(other, table):
                        unseen.append(f"{table.name}.{column.name}")
    assert unseen == []


def _root(connection_, table):
    try:
        return root.table_root(connection_, 1, table).sha256
    except (ValueError, TypeError, AttributeError, LookupError, sa.exc.DBAPIError):
        return "unreadable"


def _recorded(other, table):
    return other.execute("SELECT sha256 FROM run_root WHERE table_name = ?", [table.name]).fetchone()[0]


ODD = ["", 'a"b\\c/', "\\u001f", "\x01\x0b\x1f\x7f", "\\\x1f", "一\u2028\U0001f600\ufffe", "\n\t\r\b\f", "\\\\\x1a\\"]


@pytest.mark.parametrize("text", ODD)
def test_both_ways_of_hashing_a_row_agree(text):
    table = sa.Table("t", sa.MetaData(), sa.Column("run_id", sa.Integer), *(sa.Column(name, kind) for name, kind in (
        ("text", sa.Text), ("day", sa.Date), ("yes", sa.Boolean), ("number", sa.BigInteger), ("none", sa.Text),
        ("bytes", sa.LargeBinary))))  # fmt: skip
    values = [text, dt.date(2011, 6, 30), True, -(2**63), None, b"\x00\x01"]
    con = duckdb.connect()
    con.execute("CREATE TABLE t (text VARCHAR, day DATE, yes BOOLEAN, number BIGINT, none VARCHAR, bytes BLOB)")
    con.execute("INSERT INTO t VALUES (?, ?, ?, ?, ?, ?)", values)
    assert con.execute(f"SELECT {root.leaf_sql(table)} FROM t").fetchall()[0][0] == root.leaf(values).hex()


def test_the_order_and_the_number_of_rows_count():
    leaves = [root.leaf([n]) for n in range(1000)]
    others = [leaves, leaves[:-1], [*leaves[1:], leaves[0]], [*leaves, leaves[-1]], leaves[:16], leaves[:1], []]
    assert len({root.merkle(b"".join(some)) for some in others}) == len(others)
