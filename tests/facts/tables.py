"""Typed tables made by hand: what ingest would have made of a delivery."""

import datetime as dt

import duckdb

from planning_check.facts.dictionary import SUBJECTS
from planning_check.schema import NOT_READ, SQL_TYPES, TABLES
from tests.facts.lazy import STEPS, Kept, Lazy
from tests.widths import MEASURING

AS_OF = dt.date(2011, 6, 30)


GEO_TABLES = {
    "parcel_shape": "parcel_id VARCHAR, has_crs BOOLEAN, is_polygon BOOLEAN, is_valid BOOLEAN, invalid_reason VARCHAR, "
    "measured_m2 DECIMAL(18, 2), overlap_m2 DECIMAL(18, 2), overlap_parcel_id VARCHAR, overlap_project_id VARCHAR, "
    "outside_city_m2 DECIMAL(18, 2), drawn_m2 DECIMAL(18, 2), repair_refused BOOLEAN, "
    "overlap_most_m2 DECIMAL(18, 2), overlap_union_m2 DECIMAL(18, 2), own_overlap_m2 DECIMAL(18, 2), "
    "own_overlap_parcel_id VARCHAR, unmatched_edge_m DECIMAL(18, 2)",
    "project_place": "project_id VARCHAR, parcel_area_m2 DECIMAL(18, 2), communities_touched BIGINT, community_by_map VARCHAR, "
    "largest_share DECIMAL(18, 6), community_shares VARCHAR, share_parts VARCHAR",
    "project_near": "project_id VARCHAR, other_id VARCHAR, metres DECIMAL(18, 2)",
    "premises_place": "premises_id VARCHAR, outside_parcel_m DECIMAL(18, 2), outside_communities_m DECIMAL(18, 2), "
    "farthest_m DECIMAL(18, 2), compactness DECIMAL(9, 6)",
    "room_spot": "premises_id VARCHAR, x DOUBLE, y DOUBLE, west DOUBLE, south DOUBLE, east DOUBLE, north DOUBLE",
    "project_land": "project_id VARCHAR, west DOUBLE, south DOUBLE, east DOUBLE, north DOUBLE",
    "project_alike": "project_id VARCHAR, other_id VARCHAR, metres DECIMAL(18, 2)",
    "facility_place": "facility_id VARCHAR, office_id VARCHAR, metres DECIMAL(18, 2)",
    "point_place": "table_name VARCHAR, key VARCHAR, community_by_map VARCHAR, off_community_m DECIMAL(18, 2)",
    "community_shape": "community_code VARCHAR, is_polygon BOOLEAN, is_valid BOOLEAN, invalid_reason VARCHAR, drawn_m2 DECIMAL(18, 2), "
    "boundary_m2 DECIMAL(18, 2), boundary_overlap_m2 DECIMAL(18, 2), boundary_overlap_code VARCHAR, boundary_edge_m DECIMAL(18, 2)",
    "layer_frame": "source_id INTEGER, features BIGINT, in_reach_share DECIMAL(9, 6), is_usable BOOLEAN, compared_by VARCHAR, "
    "compared BIGINT, fit_as_stated BIGINT, fit_as_proposed BIGINT, proposed VARCHAR, proposed_kind VARCHAR, other_readings VARCHAR",
}


def day(text: str | None) -> tuple[dt.date | None, dt.date | None]:
    """A day (2009-05-04), a month (2009-05) or any day as first and last possible day."""
    if text is None:
        return None, None
    if text == "any":
        return dt.date(1, 1, 1), dt.date(9999, 12, 31)
    if len(text) == 7:
        first = dt.date.fromisoformat(text + "-01")
        after = (first + dt.timedelta(days=32)).replace(day=1)
        return first, after - dt.timedelta(days=1)
    return dt.date.fromisoformat(text), dt.date.fromisoformat(text)


def connection(as_of: dt.date = AS_OF, **told) -> Lazy:
    """The tables of ``prepared``, measured as far as a question asks."""
    return Lazy(Kept(prepared(as_of, **told), STEPS))


def prepared(as_of: dt.date = AS_OF, *, quarantine: list[tuple | dict] = (), **rows: list[dict]) -> duckdb.DuckDBPyConnection:
    """All tables with these rows, before they are measured; a table that is named counts as delivered, with all its fields.

    ``quarantine``: (table, project, code) or the columns by name. The tables of geo, and ``problem``, may be given like the others.
    """
    con = duckdb.connect(config={"threads": 1})
    con.execute(f"SET VARIABLE as_of = DATE '{as_of.isoformat()}'; SET VARIABLE in_doubt = false")
    for width in ("same_place_m", "apart_m", "common_projects"):
        con.execute(f"SET VARIABLE {width} = {getattr(MEASURING, width)}")
    con.execute("CREATE TABLE delivered (table_name VARCHAR, field VARCHAR)")
    con.execute(
        "CREATE TABLE quarantine (row_id BIGINT, table_name VARCHAR, key VARCHAR, project_id VARCHAR, community_code VARCHAR, code VARCHAR)"
    )
    con.execute(
        "CREATE TABLE office_place (office_id VARCHAR, in_renewal_area BOOLEAN, nearest_idle_id VARCHAR, nearest_idle_m DECIMAL(18, 2))"
    )
    con.execute(
        "CREATE TABLE problem (problem_no INTEGER, row_id BIGINT, file VARCHAR, sheet VARCHAR, row BIGINT, table_name VARCHAR, "
        "key VARCHAR, field VARCHAR, raw VARCHAR, code VARCHAR, quarantined BOOLEAN, what_zh VARCHAR, what_en VARCHAR)"
    )
    con.execute("CREATE TABLE raw_row (row_id BIGINT, source_id INTEGER, row BIGINT)")
    con.execute("CREATE TABLE source_column (source_id INTEGER, field VARCHAR)")
    con.execute("CREATE TABLE unread (file VARCHAR, sheet VARCHAR, table_name VARCHAR)")
    con.execute("CREATE TABLE source (source_id INTEGER, file VARCHAR, sheet VARCHAR, table_name VARCHAR, header_row INTEGER, crs VARCHAR)")
    for name, columns in GEO_TABLES.items():
        con.execute(f"CREATE TABLE {name} ({columns})")
    for name in ("problem", "source", "raw_row", "source_column", "unread", *GEO_TABLES):
        for row in rows.get(name, []):
            insert(con, name, row)
    for number, row in enumerate(quarantine):
        told = row if isinstance(row, dict) else dict(zip(("table_name", "project_id", "code"), row, strict=True))
        insert(con, "quarantine", {"row_id": number, **told})
    for table in TABLES:
        types = {c: SQL_TYPES[f.type] for f in table.fields for c in f.columns} | {NOT_READ: "VARCHAR[]", "row_ids": "BIGINT[]"}
        if table.geometry:
            types["geometry_crs"] = "VARCHAR"
        con.execute(f"CREATE TABLE {table.name} ({', '.join(f'{n} {x}' for n, x in types.items())})")
        for number, given in enumerate(rows.get(table.name, [])):
            row = {"row_ids": [number]}
            for name, value in given.items():
                if name == NOT_READ:
                    row[name] = value
                    continue
                field = table.field(name)
                row |= dict(zip(field.columns, day(value), strict=True)) if field.type == "date" else {name: value}
            insert(con, table.name, row)
        if table.name in rows:
            con.executemany("INSERT INTO delivered VALUES (?, ?)", [[table.name, f.name] for f in table.fields])
    return con


def insert(con: duckdb.DuckDBPyConnection, table: str, row: dict) -> None:
    con.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})", list(row.values()))


def facts(con: duckdb.DuckDBPyConnection, subject: str, *names: str) -> list[tuple]:
    """These facts of every subject, in the order of their keys."""
    return con.execute(f"SELECT {', '.join(names)} FROM fact_{subject} ORDER BY {SUBJECTS[subject].key}").fetchall()


def project(con: duckdb.DuckDBPyConnection, project_id: str = "P1") -> dict:
    found = con.execute("SELECT * FROM fact_project WHERE project_id = ?", [project_id])
    return dict(zip([d[0] for d in found.description], found.fetchone(), strict=True))
