"""A project that is a development of its own is judged without windows, and as with them."""

import datetime as dt

import pytest

from planning_check import assess
from planning_check.assess import staging
from planning_check.assess.alone import WHOLE, WINDOW, without_windows
from planning_check.engine import opened
from planning_check.pipeline import rules, running

BOOK = rules.load_rules()
PLAN = BOOK.plan(("AR01", "AR03", "HO", "MO05"))
ALWAYS, NEVER = 0, 10**9


@pytest.mark.parametrize(
    ("item", "alone"),
    [
        ("a + 1 AS b", "a + 1 AS b"),
        ("sum(a) OVER ({whole}) AS b", "(a) AS b"),
        ("sum(a) OVER ({whole}, f(a)) AS b", "(a) AS b"),
        ("max(f(a, ')')) FILTER (c(a)) OVER ({whole}) AS b", "(CASE WHEN c(a) THEN f(a, ')') END) AS b"),
        ("string_agg(nullif(a, ','), '') OVER ({whole} ORDER BY k) AS b", "(nullif(a, ',')) AS b"),
        ("min(a) OVER ({whole} ORDER BY k ROWS UNBOUNDED PRECEDING) AS b", "(a) AS b"),
        ("f(sum(a) OVER ({whole} ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS b", "f((CASE WHEN false THEN a END), 0) AS b"),
        ("min(a) OVER ({whole}) - max(a) OVER ({whole}) AS b", "(a) - (a) AS b"),
    ],
)
def test_of_one_row_an_aggregate_is_the_row_itself(item, alone):
    assert without_windows([[item.format(whole=WHOLE)]]) == [[alone]]


@pytest.mark.parametrize("item", ["row_number() OVER ({whole}) AS b", "count(*) OVER ({whole}) AS b", "sum(a) OVER (PARTITION BY p) AS b"])
def test_a_window_that_it_does_not_know_stays(item):
    assert without_windows([["a AS c"], [item.format(whole=WHOLE)]]) is None


def test_it_knows_every_window_of_the_rulebook():
    """Else all projects would silently go the slow way."""
    stacks = [
        layers for (layers,) in staging.around_windows(PLAN.measure_items) if any(WINDOW in item for layer in layers for item in layer)
    ]
    assert len(stacks) == 1
    assert not any(WINDOW in item for layer in without_windows(stacks[0]) for item in layer)


def test_the_bundled_city_is_judged_the_same(monkeypatch):
    """Projects alone and in developments, other readings and bounds: every column of every table."""
    with opened() as con:
        day = dt.date(2011, 6, 30)
        running.read(con, rules.bundled_city(), BOOK, day=day)
        running.measure(con, day, BOOK)
        for prepare in (assess.create_law, assess.govern, assess.base):
            prepare(con, PLAN)
        tables = [*(f"judged_{subject}" for subject in PLAN.subjects), "robustness", "exposure"]
        found = []
        for fewest in (NEVER, ALWAYS):
            monkeypatch.setattr(staging, "_FEWEST_ALONE", fewest)
            assess.judge(con, PLAN)
            assess.judge_again(con, PLAN)
            found.append({table: con.sql(f"FROM {table} ORDER BY ALL").to_arrow_table() for table in tables})
        alone, all_ = con.execute("SELECT count(*) FILTER (development_id IS NULL), count(*) FROM judged_project").fetchall()[0]
    assert 0 < alone < all_
    assert [table for table in tables if not found[0][table].equals(found[1][table])] == []
