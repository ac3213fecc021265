"""To whom the rows of each register belong: what a row leaves open that was set aside, or that nobody can say whose it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planning_check import following
from planning_check.declared import BELONGS, OwnTable
from planning_check.schema import NOT_READ
from planning_check.sql import quoted

if TYPE_CHECKING:
    import duckdb

#: The bundled registers of which a row belongs to a project or a community.
_OF_PROJECT = ("parcels", "premises", "handovers", "payments", "deposits", "demands", "decisions")
_OF_COMMUNITY = ("communities", "offices", "community_facilities")


def say_owners(con: duckdb.DuckDBPyConnection) -> None:
    """Tables ``register_of`` (table_name, project, community, other, own), ``lost_owner`` (row_id, id): of own tables' rows set aside, the
    office or parcel that they name; ``nobodys`` (table_name, row_id): kept rows of which it cannot be read whose they are;
    ``own_reference`` (project_id, tables, rows): which of them name a project."""
    own: tuple[OwnTable, ...] = following.current()
    belongs: dict[str, tuple[str, ...]] = {**dict.fromkeys(_OF_PROJECT, ("project",)), **dict.fromkeys(_OF_COMMUNITY, ("community",))}
    belongs |= {one.name: one.belongs for one in own}
    whose = {table: ("project" in of, "community" in of, not {"office", "parcel"}.isdisjoint(of)) for table, of in belongs.items()}
    names = {one.name for one in own}
    rows = ", ".join(f"({quoted(table)}, {', '.join(map(str, flags))}, {table in names})" for table, flags in whose.items())
    con.execute(f"CREATE OR REPLACE TABLE register_of AS FROM (VALUES {rows}) v(table_name, project, community, other, own)")
    named = [
        f"SELECT q.row_id, trim(raw.{field}) AS id FROM quarantine q JOIN raw_{one.name} raw USING (row_id) "
        f"JOIN {register} r ON CAST(r.{field} AS VARCHAR) = trim(raw.{field})"
        for one in own
        for subject in one.belongs
        if subject in ("office", "parcel")
        for field, register in [BELONGS[subject]]
    ]
    con.execute(f"CREATE OR REPLACE TABLE lost_owner AS {_union(named, 'SELECT NULL::BIGINT AS row_id, NULL::VARCHAR AS id')}")
    unread = [
        f"SELECT {quoted(one.name)} AS table_name, unnest(row_ids) AS row_id FROM {one.name} "
        f"WHERE {field} IS NULL AND list_contains({NOT_READ}, {quoted(field)})"
        for one in own
        for field in (BELONGS[subject][0] for subject in one.belongs)
    ]
    named_by = [f"SELECT project_id, {quoted(one.name)} AS table_name FROM {one.name}" for one in own if "project" in one.belongs]
    nothing = "SELECT NULL::VARCHAR AS project_id, NULL::VARCHAR AS table_name WHERE false"
    con.execute(
        "CREATE OR REPLACE TABLE own_reference AS "
        "SELECT project_id, list(DISTINCT table_name ORDER BY table_name) AS tables, count(*) AS rows "
        f"FROM ({' UNION ALL '.join(named_by) or nothing}) WHERE project_id IS NOT NULL GROUP BY project_id"
    )
    con.execute(f"CREATE OR REPLACE TABLE nobodys AS {_union(unread, 'SELECT NULL::VARCHAR AS table_name, NULL::BIGINT AS row_id')}")


def _union(selects: list[str], empty: str) -> str:
    return " UNION ".join(selects) or f"{empty} WHERE false"
