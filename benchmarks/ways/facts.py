"""The projects of an invented delivery, measured by this program: what every way of judging is given. Making it is not timed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pyarrow.parquet as pq

from benchmarks import synthetic
from benchmarks.ways.rows import JUDGED, PROJECTS
from planning_check import assess, pipeline
from planning_check.assess.staging import around_windows, worked_out
from planning_check.engine import opened
from planning_check.ingest import load
from planning_check.pipeline.running import measure
from planning_check.rulebook.kept import plan_kept

AS_OF = dt.date(2011, 6, 30)


def write_projects(folder: Path, count: int) -> None:
    """Read the delivery, measure it, and write every project with its facts, the law that governs it, and its measures."""
    delivery = folder / "delivery"
    synthetic.write(delivery, count)
    book = pipeline.load_rules()
    plan = plan_kept(book, JUDGED)
    with opened() as con:
        load(con, [delivery], None, (), AS_OF, widths=book.measuring)
        measure(con, AS_OF, book)
        assess.create_law(con, plan)
        assess.govern(con, plan)
        assess.base(con, plan)
        with worked_out(con, "measuring", "lawful_project", around_windows(plan.measure_items)) as rows:
            numbered = f"SELECT row_number() OVER (ORDER BY project_id) - 1 AS project_no, * FROM ({rows}) ORDER BY project_no"
            pq.write_table(con.sql(numbered).to_arrow_table(), folder / PROJECTS)
