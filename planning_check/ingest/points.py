"""Longitude and latitude in a sheet become points: CGCS2000 degrees (EPSG:4490), WKB, all rows of a table at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import duckdb

from planning_check.ingest.headers import point_tables
from planning_check.ingest.plain import plain_sql
from planning_check.ingest.staging import DEGREES

if TYPE_CHECKING:
    import numpy as np

#: Degrees that a place in China can have; swapped columns and plane coordinates fall outside.
LONGITUDES, LATITUDES = (70, 140), (0, 60)
#: Of so many rows more than half no place in China: not the rows are wrong but the sheet. It is left to whoever looks at whole layers.
FEWEST = 5


def make_points(con: duckdb.DuckDBPyConnection) -> None:
    """Fill ``geometry`` of the raw tables from the coordinates read; what is no place in China is marked, not guessed."""
    for table in point_tables():
        degrees = [f"TRY_CAST(rtrim({plain_sql(c)}, '°') AS DOUBLE)" for c in ("longitude", "latitude")]
        rows = con.sql(
            f"SELECT row_id, {degrees[0]} AS x, {degrees[1]} AS y, r.source_id FROM ingest.coordinate c JOIN raw_row r USING (row_id)"
            f" WHERE table_name = '{table}' AND (longitude IS NOT NULL OR latitude IS NOT NULL) ORDER BY row_id"
        ).to_arrow_table()
        if rows.num_rows:
            _fill(con, table, rows)


def _fill(con: duckdb.DuckDBPyConnection, table: str, rows: Any) -> None:
    import pyarrow as pa
    import shapely

    x, y, source = (rows.column(c).to_numpy(zero_copy_only=False) for c in ("x", "y", "source_id"))
    good = _good(x, y, source)
    ids = rows.column("row_id").to_numpy()
    points = pa.table({"row_id": ids[good], "geometry": pa.array(shapely.to_wkb(shapely.points(x[good], y[good])), pa.binary())})
    con.register("points", points)
    con.execute(f"UPDATE raw_{table} r SET geometry = p.geometry, geometry_crs = '{DEGREES}' FROM points p WHERE p.row_id = r.row_id")
    con.unregister("points")
    con.register("bad", pa.table({"row_id": ids[~good]}))
    con.execute(f"INSERT INTO ingest.cell_mark SELECT row_id, '{table}', 'geometry', 'not_a_coordinate' FROM bad")
    con.unregister("bad")


def _good(x: np.ndarray, y: np.ndarray, source: np.ndarray) -> np.ndarray:
    """Which rows become points: places in China, and every pair of numbers of a sheet that is wrong as a whole (axes swapped, metres)."""
    import numpy as np

    told = np.isfinite(x) & np.isfinite(y)
    good = (x >= LONGITUDES[0]) & (x <= LONGITUDES[1]) & (y >= LATITUDES[0]) & (y <= LATITUDES[1])
    pairs, places = (np.bincount(source, these) for these in (told, good))
    wrong_as_a_whole = (pairs >= FEWEST) & (places < pairs / 2)
    return good | (told & wrong_as_a_whole[source])
