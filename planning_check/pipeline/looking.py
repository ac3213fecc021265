"""Looking at a delivery without judging it: what each file and sheet is taken for, and what becomes of each heading."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from planning_check.pipeline.room import in_engine
from planning_check.pipeline.rules import bundled
from planning_check.pipeline.running import mapping_of

if TYPE_CHECKING:
    import duckdb

    from planning_check.pipeline.options import Options
    from planning_check.pipeline.running import Progress
    from planning_check.report.told.seen import Seen


def look(options: Options, *, progress: Progress | None = None) -> tuple[Seen, ...]:
    """How a delivery would be read; nothing is judged or recorded. Raises SourceError where a path is missing, UsageError for a wrong
    ``delivery.yaml``."""
    from planning_check.ingest import load
    from planning_check.report.told.seen import seen

    mapping = mapping_of(options)

    def looked(con: duckdb.DuckDBPyConnection) -> tuple[Seen, ...]:
        paths = list(options.paths) or [bundled("data") / "demo"]
        load(con, paths, progress, options.crs, options.day(None), mapping=mapping, even_nothing=True, as_of=options.as_of)
        return seen(
            _rows(con, "FROM sheet_seen ORDER BY file, sheet, source_id, code"),
            _rows(con, "FROM source"),
            _rows(con, "FROM heading_seen ORDER BY file, sheet, source_id, place"),
            _rows(con, "FROM problem WHERE source_id IS NULL ORDER BY problem_no"),
        )

    return in_engine(options, looked)


def _rows(con: duckdb.DuckDBPyConnection, query: str) -> Sequence[Any]:
    found = con.execute(query)
    names = [column[0] for column in found.description or ()]
    return [SimpleNamespace(**dict(zip(names, row, strict=True))) for row in found.fetchall()]
