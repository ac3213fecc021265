"""Cells of one column typed as a delivery's are."""

from __future__ import annotations

import duckdb
from hypothesis import settings
from hypothesis import strategies as st

from planning_check.ingest.plain import HYPHENS, WHITESPACE
from planning_check.ingest.values import Cell, typing_query
from planning_check.schema import BY_NAME

AREA = BY_NAME["projects"].field("plan_total_m2")
MONEY = BY_NAME["deposits"].field("amount_yuan")
DATE = BY_NAME["projects"].field("plan_approved_on")
HOUSEHOLDS = BY_NAME["projects"].field("households")
CON = duckdb.connect()
QUICK = settings(max_examples=30, deadline=None)

UNSEEN = "\u200b\u200e\u202d\u2060\u2064\u2069\ufeff\u00ad\ufe0f\U000e0101\x1f"
script = st.text(
    st.sampled_from([*map(chr, range(32, 127)), *map(chr, range(0xFF01, 0xFF5F)), *WHITESPACE, *UNSEEN, *HYPHENS, *"社区用房㎡⾦金"]),
    max_size=12,
)


def typed(spec, texts: list[str | None], times: str = "1", over: str = "1") -> list[tuple]:
    """Each text's value (or both ends of a date) and problem code."""
    CON.execute("CREATE OR REPLACE TABLE cells (row_id BIGINT, source_id INTEGER, cell VARCHAR)")
    CON.execute("INSERT INTO cells SELECT i, 1, ?[i] FROM range(1, ?) r(i)", [texts, len(texts) + 1])
    query = typing_query([Cell(spec, times, over)], f'SELECT row_id, source_id, cell AS "{spec.name}" FROM cells')
    return [row[2:] for row in CON.execute(f"{query} ORDER BY row_id").fetchall()]
