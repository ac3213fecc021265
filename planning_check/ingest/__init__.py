"""The ingest room: the files of a delivery become typed tables, and every value keeps its file, sheet, row and raw text."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from planning_check.errors import Text
from planning_check.ingest.delivery import Delivery, File, delivered_tables, find_files, read_manifest

if TYPE_CHECKING:
    import duckdb

    from planning_check.geo.frames.readings import Reading
    from planning_check.ingest.mapping import DeliveryMapping
    from planning_check.measuring import Measuring
    from planning_check.precedence import Precedence
    from planning_check.record.correction import CorrectionRow

    Progress = Callable[[str, float | None], None]

__all__ = ["Delivery", "load"]
#: The tables that say what the words of the others mean.
FIRST = ("districts", "confirmed_names")


def load(
    con: duckdb.DuckDBPyConnection, paths: Sequence[Path], progress: Progress | None = None,
    crs: Sequence[str] = (), day: dt.date | None = None, *, widths: Measuring, mapping: DeliveryMapping | None = None,
    even_nothing: bool = False, as_of: dt.date | None = None, corrected: bool = True,
    precedence: Sequence[Precedence] = (), choice: int = 0, register: Sequence[CorrectionRow] | None = None,
    stated: dt.date | None = None, labels: Sequence[str] = (),
) -> Delivery:  # fmt: skip
    """Read a delivery into DuckDB: a table for every table of the schema, and what became of every row.

    Makes, for each table T, ``raw_T`` (cell texts) and ``T`` (typed, one row a key, ``row_ids``); and ``source``,
    ``source_column``, ``raw_row``, ``quarantine``, ``unread``, ``problem``, ``delivered``. ``paths`` are folders or files,
    ``labels`` what the names of the files in each begin with (none: see ``find_files``).
    ``widths``: how far apart two figures are that may be one in two units.
    ``progress`` is called with the name of the stage and the share of it that is done. ``crs``: how to read layers, ``FILE=EPSG:4545``.
    The day of the delivery is ``stated``, else that of its ``delivery.yaml``, else ``day``: what is said to have happened after it
    cannot have.
    ``mapping``: how sheets with other headings are read. ``as_of``: the day of the check where that is not the delivery's own, which
    decides whether a correction is in force; ``corrected``: whether those of the register are applied at all; ``register``: that of another
    check, in place of the delivery's own. ``even_nothing``: where
    nothing is recognised, too, so as to say why. ``precedence``: who goes before where values are told differently; ``choice``: 0, or 1 for
    the next after the one that goes before.
    Raises SourceError where a path is missing or (else)
    nothing can be checked, UsageError for a wrong ``delivery.yaml``.
    """
    from planning_check.ingest.boundary import made_in, problem_of, without_culprits
    from planning_check.ingest.choices import mapped_choices, parse_choices
    from planning_check.ingest.preceding import create_precedence
    from planning_check.ingest.refusal import nothing_to_check
    from planning_check.sql import quoted

    choices = parse_choices(crs)
    files = find_files(paths, labels)
    manifest = read_manifest(paths)
    delivered_on = stated or manifest.get("as_of") or day

    def read(con: duckdb.DuckDBPyConnection, files: Sequence[File], progress: Progress | None = None) -> int:
        con.execute(f"SET VARIABLE delivered_on = CAST({quoted(delivered_on.isoformat()) if delivered_on else 'NULL'} AS DATE)")
        sources = _stage(con, files, mapping, progress)
        create_precedence(con, precedence, as_of or delivered_on, choice)
        _build(con, {**mapped_choices(con, mapping), **choices}, as_of or delivered_on, widths, corrected=corrected, register=register)
        return sources

    before = made_in(con)
    try:
        sources = read(con, files, progress)
    except Exception as error:
        problem_of(error)  # after what is none of a file's, the engine may be of no use
        for made in made_in(con) - before:
            con.execute(f"DROP {made}")
        con.execute("DROP SCHEMA IF EXISTS ingest CASCADE")
        files = without_culprits(con, error, files, read)
        sources = read(con, files, progress)
    if not (sources or even_nothing):
        raise nothing_to_check(con, Text("没有可核查的表", "no table that could be checked"), paths)
    if progress:
        progress("ingest", 1.0)
    return Delivery(manifest.get("title"), manifest.get("notice"), manifest.get("as_of"), tuple(f.name for f in files))


def _stage(con: duckdb.DuckDBPyConnection, files: Sequence[File], mapping: DeliveryMapping | None, progress: Progress | None) -> int:
    """Stage every file; the number of sheets and layers that are tables."""
    from planning_check.ingest.intake import take_in
    from planning_check.ingest.staged import make_room
    from planning_check.ingest.staging import Staging

    staging = Staging(con, mapping)
    for number, file in enumerate(files):
        if progress:
            progress("ingest", number / (len(files) + 1))  # the tables are made from all of them
        take_in(staging, file)
    make_room(staging)
    _note_unused(con, mapping)
    staging.finish()
    return staging.sources


def _note_unused(con: duckdb.DuckDBPyConnection, mapping: DeliveryMapping | None) -> None:
    """The parts of the mapping that are about no sheet."""
    from planning_check.ingest.problems import note

    sheets = con.execute("SELECT file, sheet FROM sheet_seen").fetchall()
    for told in mapping.sheets if mapping else ():
        if mapping and not any(mapping.of(*sheet) is told for sheet in sheets):
            named = f"{told.file} > {told.sheet}"
            detail = Text(f"第 {told.line} 行，{named}", f"line {told.line}, {named}")
            note(con, "unused_mapping", file=mapping.name, table=told.table, detail=detail)


def _build(
    con: duckdb.DuckDBPyConnection, choices: Mapping[str, Reading], as_of: dt.date | None, widths: Measuring, *, corrected: bool,
    register: Sequence[CorrectionRow] | None = None,
) -> None:  # fmt: skip
    """Type, quarantine and unite every table; districts first, because the others refer to them."""
    from planning_check.ingest.choice_words import create_choice_words
    from planning_check.ingest.choices import reread
    from planning_check.ingest.corrections import apply_corrections
    from planning_check.ingest.districts import create_district_words
    from planning_check.ingest.land_use import create_land_use
    from planning_check.ingest.legible import find_legible
    from planning_check.ingest.made_ids import make_keys
    from planning_check.ingest.mapped_words import read_words
    from planning_check.ingest.named import find_named
    from planning_check.ingest.orphans import note_orphans
    from planning_check.ingest.points import make_points
    from planning_check.ingest.problems import write_problems
    from planning_check.ingest.quarantine import mark_costly_columns, note_read_as, reconcile
    from planning_check.ingest.slips import report_slips
    from planning_check.ingest.spelling import find_spellings
    from planning_check.ingest.unite import build_tables
    from planning_check.schema import BY_NAME, TABLES

    make_points(con)
    if choices:
        reread(con, choices)
    apply_corrections(con, as_of, apply=corrected, register=register)
    read_words(con)
    find_legible(con)
    find_spellings(con)
    make_keys(con, delivered_tables(con))
    create_land_use(con)
    create_choice_words(con)
    build_tables(con, [BY_NAME[table] for table in FIRST], widths, districts=False)
    known = create_district_words(con)
    find_named(con)
    build_tables(con, [table for table in TABLES if table.name not in FIRST], widths, districts=known)
    note_orphans(con)
    reconcile(con)
    note_read_as(con)
    report_slips(con, widths)
    mark_costly_columns(con)
    write_problems(con)
    con.execute("CREATE TABLE delivered AS SELECT DISTINCT table_name, field FROM ingest.column_use ORDER BY ALL")
    con.execute("DROP SCHEMA ingest CASCADE")
