"""Geometries out of DuckDB and into one plane: the CGCS2000 3-degree zone of the data, in metres.

Columns come as WKB with the CRS beside it (an EPSG code or WKT text). A geometry without CRS, that is empty or that
cannot be read is left out: it is unknown, not an error.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb
    import numpy as np

DEGREES = "EPSG:4490"
#: EPSG codes of the CGCS2000 3-degree zones without zone prefix: 4534 has central meridian 75 E, each next one 3 more.
_FIRST_ZONE, _FIRST_MERIDIAN, _LAST_MERIDIAN = 4534, 75, 135


@dataclass(frozen=True)
class Places:
    """Geometries that can be used, with the key and any other column of their rows, as arrays of one length."""

    keys: np.ndarray
    geometries: np.ndarray
    crs: np.ndarray
    extra: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.keys)


def read_places(con: duckdb.DuckDBPyConnection, query: str) -> Places:
    """Read a query of key, geometry (WKB), crs and perhaps one more column; the rows in its order."""
    import shapely

    con.execute("SELECT 1").fetchall()  # DuckDB refuses sql() while an earlier result is not fetched to its end
    rows = con.sql(query).to_arrow_table()
    columns = [c.to_numpy() for c in rows.columns]
    geometries = shapely.from_wkb(columns[1].astype(object), on_invalid="ignore")
    usable = ~(shapely.is_missing(geometries) | shapely.is_empty(geometries) | (columns[2] == None))  # noqa: E711
    return Places(*(c[usable] for c in (columns[0], geometries, *columns[2:])))


def zone_of(longitudes: np.ndarray) -> str:
    """The CGCS2000 3-degree zone whose central meridian is nearest to the middle of the data."""
    import numpy as np

    meridian = 3 * round(float(np.median(longitudes)) / 3)
    meridian = min(max(meridian, _FIRST_MERIDIAN), _LAST_MERIDIAN)
    return f"EPSG:{_FIRST_ZONE + (meridian - _FIRST_MERIDIAN) // 3}"


def longitudes_of(places: Places) -> np.ndarray:
    """The longitude of the middle of every geometry's box, in degrees; geometries that are nowhere are left out."""
    import numpy as np
    import shapely

    boxes = shapely.bounds(in_crs(places, DEGREES))
    middles = (boxes[:, 0] + boxes[:, 2]) / 2
    return middles[np.isfinite(middles)]


def in_crs(places: Places, target: str) -> np.ndarray:
    """The geometries in one CRS, x east and y north; the ones already in it as they are."""
    import numpy as np
    import shapely

    moved = places.geometries.copy()
    for crs in sorted(set(places.crs)):
        if crs == target:
            continue
        these = places.crs == crs
        move = _transformation(crs, target)
        moved[these] = shapely.transform(places.geometries[these], move) if move else None
    finite = np.isfinite(shapely.bounds(moved)).all(axis=1) if len(moved) else np.empty(0, bool)
    return np.where(finite, moved, None)


def _transformation(source: str, target: str):
    """A function of an (n, 2) array of x, y; None where there is no way from one to the other."""
    import numpy as np
    import pyproj

    try:
        transformer = pyproj.Transformer.from_crs(source, target, always_xy=True)
    except pyproj.exceptions.ProjError:
        return None
    return lambda xy: np.column_stack(transformer.transform(xy[:, 0], xy[:, 1]))
