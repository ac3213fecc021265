"""Runs the fact SQL: typed tables to one wide row a subject, and the links from subjects back to delivered rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from importlib.resources import files

import duckdb

from planning_check.facts.claims import claim_rooms
from planning_check.facts.codes import check_codes
from planning_check.facts.dictionary import SUBJECTS, Subject
from planning_check.facts.groups import group_neighbours
from planning_check.facts.own_measuring import measure_own
from planning_check.facts.own_owners import say_owners
from planning_check.measuring import Measuring
from planning_check.schema import ANY_DAY, BY_NAME, TABLES


def _name_fields(con: duckdb.DuckDBPyConnection) -> None:
    """Tables ``field_label`` and ``table_label``: what people call each table and each of its fields."""
    rows = [(table.name, field.name, field.label.zh, field.label.en) for table in TABLES for field in table.fields]
    places = ", ".join(["(?, ?, ?, ?)"] * len(rows))
    con.execute(
        f"CREATE OR REPLACE TABLE field_label AS SELECT * FROM (VALUES {places}) v(table_name, field, label_zh, label_en)",
        [text for row in rows for text in row],
    )
    tables = ", ".join(["(?, ?, ?)"] * len(TABLES))
    labels = [text for table in TABLES for text in (table.name, table.label.zh, table.label.en)]
    con.execute(f"CREATE OR REPLACE TABLE table_label AS SELECT * FROM (VALUES {tables}) v(table_name, label_zh, label_en)", labels)


def is_in_doubt(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether something was delivered that cannot be said whose it is."""
    return bool(con.execute("SELECT 1 FROM unread_register LIMIT 1").fetchall())


def _tell_projects(con: duckdb.DuckDBPyConnection) -> None:
    """View ``project_told``: the projects, where a day that is blank may be any if a row set aside may have told it."""
    columns = [
        f"CASE WHEN {column} IS NULL AND list_contains(g.fields, '{field.name}') THEN {day} ELSE {column} END AS {column}"
        for field in BY_NAME["projects"].fields
        if field.type == "date"
        for column, day in zip(field.columns, ANY_DAY, strict=True)
    ]
    con.execute(
        f"CREATE OR REPLACE VIEW project_told AS SELECT p.* REPLACE ({', '.join(columns)}), coalesce(g.fields, []) AS gap "
        "FROM projects p LEFT JOIN project_gap g USING (project_id)"
    )


Step = Callable[[duckdb.DuckDBPyConnection], None]
#: The files and functions that measure, each on what those before it have made.
_STEPS: tuple[str | Step, ...] = (
    _name_fields, say_owners, "lost", _tell_projects, "to_come", "life", "listed_price", "events", claim_rooms, "keys", "double_claims",
    "meeting", "instrument", "fund", "project", "development", "cluster", "parcel", "layer", "premises", "handover", "payment", "deposit",
    "decision", "office", "idle_facility", "community", "reference", "fund_line", check_codes, "code", "conflict", "figure", measure_own,
    "profile", "subjects",
)  # fmt: skip
#: How many there are.
STEPS = len(_STEPS)


def measure(
    con: duckdb.DuckDBPyConnection, as_of: dt.date, measuring: Measuring, *, in_doubt: bool = False, each: Callable[[], None] = lambda: None
) -> None:
    """Make ``fact_<subject>``, ``profile``, ``subject_info`` and ``subject_source_<subject>`` from the typed tables, as of a day.

    ``in_doubt``: what was delivered and cannot be said whose it is may be everybody's (lost.sql). ``each`` hears of every
    one of the ``STEPS``. Needs the tables of ``ingest`` and those of ``geo`` (where offices, parcels, projects and rooms lie).
    """
    _set_out(con, as_of, measuring, in_doubt=in_doubt)
    group_neighbours(con, measuring)
    for step in _STEPS:
        _take(con, step)
        each()
    for subject in SUBJECTS.values():
        _link_rows(con, subject)


def measure_keys(con: duckdb.DuckDBPyConnection, as_of: dt.date, measuring: Measuring) -> None:
    """Of what ``measure`` makes only what tells that things are one (``room`` of room_pair.sql, keys.sql), and what was lost (lost.sql).
    Needs the tables of ``ingest``, and of ``geo`` ``room_spot`` and ``project_land``."""
    _set_out(con, as_of, measuring, in_doubt=False)
    for step in _STEPS[: _STEPS.index("keys") + 1]:
        _take(con, step)


def _set_out(con: duckdb.DuckDBPyConnection, as_of: dt.date, measuring: Measuring, *, in_doubt: bool) -> None:
    con.execute(f"SET VARIABLE as_of = DATE '{as_of.isoformat()}'; SET VARIABLE in_doubt = {in_doubt}")
    for width in ("same_place_m", "apart_m", "common_projects"):
        con.execute(f"SET VARIABLE {width} = {getattr(measuring, width)}")
    con.execute(files("planning_check.facts").joinpath("identity.sql").read_text("utf-8"))


def _take(con: duckdb.DuckDBPyConnection, step: str | Step) -> None:
    if isinstance(step, str):
        con.execute(files("planning_check.facts").joinpath(f"{step}.sql").read_text("utf-8"))
    else:
        step(con)


def _link_rows(con: duckdb.DuckDBPyConnection, subject: Subject) -> None:
    """View ``subject_source_<subject>``: the delivered rows of every table that belong to it, as texts ``[3,14]``."""
    columns, joins = [], []
    for table, (fact, field, *some) in subject.rows.items():
        which = " AND ".join([f"{field} IS NOT NULL", *some])
        linked = f"SELECT {field} AS link, list_sort(flatten(list(row_ids))) AS ids FROM {table} WHERE {which} GROUP BY {field}"
        columns.append(f"{table}_.ids AS ids_{table}, to_json({table}_.ids)::VARCHAR AS rows_{table}")
        only = f" AND f.table_name = '{table}'" if "table_name" in subject.facts else ""
        joins.append(f"LEFT JOIN ({linked}) {table}_ ON {table}_.link = f.{fact}{only}")
    con.execute(
        f"CREATE OR REPLACE VIEW subject_source_{subject.name} "
        f"AS SELECT {', '.join([f'CAST(f.{subject.key} AS VARCHAR) AS subject_key', *columns])} "
        f"FROM fact_{subject.name} f {' '.join(joins)}"
    )


def keep_cited_rows(con: duckdb.DuckDBPyConnection, subjects: Sequence[str]) -> None:
    """Tables ``cited_<table>``: the delivered text of every row that a finding refers to: row_id, source_id, row and a column a field.

    Of a geometry its size is kept. A table of which no row is cited has none.
    """
    linked = " UNION ALL ".join(
        f"SELECT unnest([{_linked(subject)}]) AS l FROM evidence_{subject} e "
        f"JOIN cited_subject c ON c.subject = '{subject}' AND c.subject_key = e.i_key"
        for subject in subjects
        if SUBJECTS[subject].rows
    )
    con.execute(f"CREATE OR REPLACE TEMP TABLE cited AS SELECT DISTINCT l.table_name, unnest(l.row_ids) AS row_id FROM ({linked})")
    known = {name for (name,) in con.execute("SELECT DISTINCT table_name FROM cited").fetchall()}
    for table in TABLES:
        if table.name not in known:
            continue
        fields = [f"raw.{f.name}" for f in table.fields if f.type != "geometry"]
        if table.geometry:
            fields.append("'WKB ' || octet_length(raw.geometry) || ' B' AS geometry")
        con.execute(
            f"CREATE OR REPLACE TABLE cited_{table.name} AS SELECT raw.row_id, raw.source_id, n.row, {', '.join(fields)} "
            f"FROM raw_{table.name} raw JOIN cited c ON c.table_name = '{table.name}' AND c.row_id = raw.row_id "
            "JOIN raw_row n ON n.row_id = raw.row_id ORDER BY raw.row_id"
        )


def _linked(subject: str) -> str:
    return ", ".join(f"{{'table_name': '{table}', 'row_ids': e.ids_{table}}}" for table in SUBJECTS[subject].rows)
