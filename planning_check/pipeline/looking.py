"""Looking at a delivery: what each file and sheet is taken for, what becomes of each heading, and what waits for what is not there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from planning_check import following
from planning_check.pipeline.room import in_engine
from planning_check.pipeline.rules import load_rules
from planning_check.pipeline.running import assess_twice, mapping_of, measure, to_check

if TYPE_CHECKING:
    import duckdb

    from planning_check.pipeline.options import Options
    from planning_check.pipeline.running import Progress
    from planning_check.report.told.seen import Looked
    from planning_check.report.told.waiting import Waiting
    from planning_check.rulebook.loading import Rulebook


def look(options: Options, *, progress: Progress | None = None, quick: bool = False) -> Looked:
    """How a delivery would be read, and the registers that it lacks; nothing is recorded. ``quick``: nothing is judged either, so that
    what waits for a column or a register is not told. Raises SourceError where a path is missing, UsageError for a wrong
    ``delivery.yaml``."""
    from planning_check.ingest import load
    from planning_check.report.told.seen import Looked, lacking, seen
    from planning_check.report.told.waiting import Waiting

    book = load_rules(options.rule_dirs)
    mapping = mapping_of(options)  # which may name own tables

    def looked(con: duckdb.DuckDBPyConnection) -> Looked:
        paths = options.delivered
        own = (options.crs, options.day(None))
        with following.in_force(book.own):
            delivery = load(con, paths, progress, *own, widths=book.measuring, mapping=mapping, even_nothing=True, as_of=options.as_of)
        waits = Waiting() if quick or not to_check(con, book) else _waits(con, options, book, options.day(delivery.as_of))
        found = seen(
            _rows(con, "FROM sheet_seen ORDER BY file, sheet, source_id, code"),
            _rows(con, "FROM source"),
            _rows(con, "FROM heading_seen ORDER BY file, sheet, source_id, place"),
            _rows(con, "FROM problem WHERE source_id IS NULL ORDER BY problem_no"),
            waits,
        )
        return Looked(found, lacking(found, waits))

    return in_engine(options, looked)


def _waits(con: duckdb.DuckDBPyConnection, options: Options, book: Rulebook, day: dt.date) -> Waiting:
    """Judge, to see what cannot be judged for want of what."""
    from planning_check.report.told.waiting import waiting
    from planning_check.rulebook.kept import plan_kept

    plan = plan_kept(book, options.select, options.ignore)
    measure(con, day, book)
    assess_twice(con, plan, book)
    rows = con.execute(
        """SELECT rule_id, from_json(missing, '["VARCHAR"]'), count(*) FROM finding_head WHERE missing IS NOT NULL GROUP BY ALL"""
    ).fetchall()
    open_ = [SimpleNamespace(rule_id=rule, missing=missing, subjects=count) for rule, missing, count in rows]
    return waiting({rule.id: rule.subject for rule in plan.rules}, open_)


def _rows(con: duckdb.DuckDBPyConnection, query: str) -> Sequence[Any]:
    found = con.execute(query)
    names = [column[0] for column in found.description or ()]
    return [SimpleNamespace(**dict(zip(names, row, strict=True))) for row in found.fetchall()]
