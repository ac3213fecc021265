"""Runs the fact SQL: typed tables to one wide row a subject, and the links from subjects back to delivered rows."""

from __future__ import annotations

import datetime as dt
from importlib.resources import files

import duckdb

from planning_check.facts.dictionary import SUBJECTS
from planning_check.schema import TABLES

_ORDER = ("events", "project", "premises", "handover", "deposit", "office", "profile", "subjects")


def measure(con: duckdb.DuckDBPyConnection, as_of: dt.date) -> None:
    """Make ``fact_<subject>``, ``profile``, ``subject_info`` and ``subject_row`` from the typed tables, as of a day.

    Needs the tables of ``ingest`` and ``office_place`` of ``geo``.
    """
    con.execute(f"SET VARIABLE as_of = DATE '{as_of.isoformat()}'")
    for name in _ORDER:
        con.execute(files("planning_check.facts").joinpath(f"{name}.sql").read_text("utf-8"))
    con.execute(f"CREATE OR REPLACE VIEW subject_row AS {_subject_rows()}")


def _subject_rows() -> str:
    parts = []
    for subject in SUBJECTS.values():
        for table, (fact, field) in subject.rows.items():
            parts.append(
                f"SELECT '{subject.name}' AS subject, CAST(f.{subject.key} AS VARCHAR) AS subject_key, '{table}' AS table_name, "
                f"list_sort(flatten(list(t.row_ids))) AS row_ids "
                f"FROM fact_{subject.name} f JOIN {table} t ON t.{field} = f.{fact} GROUP BY f.{subject.key}"
            )
    return " UNION ALL ".join(parts)


def keep_cited_rows(con: duckdb.DuckDBPyConnection) -> None:
    """Table ``finding_row``: the delivered text of every row that a finding refers to, as JSON {field: raw}."""
    con.execute(
        "CREATE OR REPLACE TEMP TABLE cited AS SELECT DISTINCT r.table_name, unnest(r.row_ids) AS row_id FROM subject_row r "
        "JOIN (SELECT DISTINCT subject, subject_key FROM bare_finding) b USING (subject, subject_key)"
    )
    parts = []
    for table in TABLES:
        fields = [f for f in table.fields if f.type != "geometry"]
        entries = ", ".join(f"{{'k': '{f.name}', 'v': raw.{f.name}}}" for f in fields)
        cells = f"to_json(map_from_entries(list_filter([{entries}], e -> e.v IS NOT NULL)))::VARCHAR"
        parts.append(
            f"SELECT raw.row_id, raw.source_id, n.row, '{table.name}' AS table_name, {cells} AS cells FROM raw_{table.name} raw "
            f"JOIN cited c ON c.table_name = '{table.name}' AND c.row_id = raw.row_id JOIN raw_row n ON n.row_id = raw.row_id"
        )
    con.execute(f"CREATE OR REPLACE TABLE finding_row AS SELECT * FROM ({' UNION ALL '.join(parts)}) ORDER BY row_id")
