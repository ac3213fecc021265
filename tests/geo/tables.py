"""Small invented maps in DuckDB: the typed tables that the measurements read, with metres around one corner."""

from __future__ import annotations

import duckdb
import shapely

from planning_check.schema import BY_NAME, SQL_TYPES

PLANE = "EPSG:4545"  # CGCS2000, 3-degree zone, central meridian 108 E
EAST, NORTH = 500_000.0, 3_800_000.0
_TABLES = ("offices", "idle_facilities", "renewal_areas", "parcels", "projects", "premises", "communities")


def fresh() -> duckdb.DuckDBPyConnection:
    """The tables that the measurements read, empty."""
    con = duckdb.connect()
    for name in _TABLES:
        typed = [f'"{c}" {SQL_TYPES[f.type]}' for f in BY_NAME[name].fields for c in f.columns]
        placed = ["geometry_crs VARCHAR"] if any(f.type == "geometry" for f in BY_NAME[name].fields) else []
        con.execute(f"CREATE TABLE {name} ({', '.join([*typed, *placed, 'row_ids BIGINT[]'])})")
    con.execute("CREATE TABLE delivered (table_name VARCHAR, field VARCHAR)")
    con.execute(
        "CREATE TABLE quarantine (row_id BIGINT, table_name VARCHAR, key VARCHAR, project_id VARCHAR, community_code VARCHAR, code VARCHAR)"
    )
    return con


def put(con: duckdb.DuckDBPyConnection, table: str, geometry=None, crs: str | None = PLANE, **values) -> None:
    """One row; ``geometry`` a shape, WKB or None."""
    wkb = geometry if isinstance(geometry, bytes) or geometry is None else shapely.to_wkb(geometry)
    columns = values if table == "projects" else {**values, "geometry": wkb, "geometry_crs": crs}
    marks = ", ".join(f'? AS "{c}"' for c in columns)
    con.execute(f"INSERT INTO {table} BY NAME SELECT {marks}", list(columns.values()))


def at(east: float, north: float = 0.0) -> shapely.Point:
    return shapely.Point(EAST + east, NORTH + north)


def box(west: float, south: float, east: float, north: float) -> shapely.Polygon:
    return shapely.box(EAST + west, NORTH + south, EAST + east, NORTH + north)


def ring(*corners: tuple[float, float]) -> shapely.Polygon:
    return shapely.Polygon([(EAST + x, NORTH + y) for x, y in corners])
