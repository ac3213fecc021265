"""Geometries out of DuckDB and into one plane in metres: the CGCS2000 3-degree zone of the data.

Columns come as WKB with the CRS beside it (an EPSG code or WKT text). A geometry without CRS, that is empty or that
cannot be read is left out: it is unknown, not an error.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from planning_check.geo.spread import in_threads, sparing

if TYPE_CHECKING:
    import duckdb
    import numpy as np
    import pyarrow as pa

DEGREES = "EPSG:4490"
#: SQL: codes of quarantined rows that are no record, so that nothing is lost with them.
NO_RECORD = "'total_row', 'repeated_header', 'duplicate_row'"
#: EPSG codes of the CGCS2000 3-degree zones without zone prefix: 4534 has central meridian 75 E, each next one 3 more.
_FIRST_ZONE, _FIRST_MERIDIAN, _LAST_MERIDIAN = 4534, 75, 135
_ZONE_WIDTH = 3
_SAMPLE = 10_000


@dataclass(frozen=True)
class Places:
    """Geometries that can be used, with the key and any other column of their rows, as arrays of one length."""

    keys: np.ndarray
    geometries: np.ndarray
    crs: np.ndarray
    extra: Any = None

    def __len__(self) -> int:
        return len(self.keys)


def where(kept: np.ndarray, shapes: np.ndarray) -> np.ndarray:
    """The shapes that are kept; None for the others."""
    import numpy as np

    return np.where(kept, shapes, np.array(None, object))


def rows_of(con: duckdb.DuckDBPyConnection, query: str) -> pa.Table:
    """The result of a query as an Arrow table."""
    con.execute("SELECT 1").fetchall()  # DuckDB refuses sql() while an earlier result is not fetched to its end
    return con.sql(query).to_arrow_table()


def read_places(con: duckdb.DuckDBPyConnection, query: str) -> Places:
    """Read a query of key, geometry (WKB), crs and perhaps one more column; the rows in its order."""
    import shapely

    columns = [c.to_numpy() for c in rows_of(con, query).columns]
    geometries = parsed(columns[1].astype(object))
    usable = ~(shapely.is_missing(geometries) | shapely.is_empty(geometries) | (columns[2] == None))  # noqa: E711
    return Places(*(c[usable] for c in (columns[0], geometries, *columns[2:])))


def parsed(wkb: np.ndarray, on_invalid: str = "ignore") -> np.ndarray:
    """The geometries; None for none, for bytes that are no geometry, and for curves, which GEOS cannot work with."""
    import numpy as np
    import shapely

    def read(these: np.ndarray) -> np.ndarray:
        return shapely.from_wkb(these, on_invalid=on_invalid)

    def without_curves(collections: np.ndarray) -> np.ndarray:
        shapely.is_valid(collections)  # a curve inside a collection is read, and raises only when it is worked with
        return collections

    curves = (NotImplementedError, shapely.errors.GEOSException)
    with np.errstate(invalid="ignore"):  # NaN coordinates are looked at later
        shapes = sparing(read, wkb, curves)
        mixed = np.flatnonzero(shapely.get_type_id(shapes) == shapely.GeometryType.GEOMETRYCOLLECTION)
        shapes[mixed] = sparing(without_curves, shapes[mixed], curves)
    return shapes


def zone_of(longitudes: np.ndarray) -> str:
    """The CGCS2000 3-degree zone whose central meridian is nearest to the middle of the data."""
    import numpy as np

    meridian = _ZONE_WIDTH * round(float(np.median(longitudes)) / _ZONE_WIDTH)
    meridian = min(max(meridian, _FIRST_MERIDIAN), _LAST_MERIDIAN)
    return f"EPSG:{_FIRST_ZONE + (meridian - _FIRST_MERIDIAN) // _ZONE_WIDTH}"


def plane_of(places: Places) -> str | None:
    """The plane to measure areas in: the zone of the data, or an equal-area plane where they are wider than a zone.

    One geometry in a hundred may lie far off without widening it; of very many a regular sample tells. None where nothing is anywhere.
    """
    import numpy as np

    sample = slice(None, None, 1 + len(places) // _SAMPLE)
    degrees = _middles(Places(places.keys[sample], places.geometries[sample], places.crs[sample]))
    if not len(degrees):
        return None
    west, east = np.percentile(degrees[:, 0], [1, 99])
    return zone_of(degrees[:, 0]) if east - west <= _ZONE_WIDTH else _equal_area(degrees)


def _equal_area(degrees: np.ndarray) -> str:
    """The WKT of Lambert's azimuthal equal-area projection on CGCS2000 around the middle of the data, at a whole degree."""
    import numpy as np
    from pyproj.crs import ProjectedCRS
    from pyproj.crs.coordinate_operation import LambertAzimuthalEqualAreaConversion

    longitude, latitude = (float(np.round(x)) for x in np.median(degrees, axis=0))
    around = LambertAzimuthalEqualAreaConversion(latitude, longitude)
    return ProjectedCRS(around, name=f"CGCS2000 equal area {longitude:g}E {latitude:g}N", geodetic_crs=DEGREES).to_wkt()


def longitudes_of(places: Places) -> np.ndarray:
    """The longitude of the middle of every geometry's box, in degrees; geometries that are nowhere are left out."""
    return _middles(places)[:, 0]


def _middles(places: Places) -> np.ndarray:
    """Longitude and latitude of the middles of the geometries' boxes; geometries that are nowhere are left out."""
    import numpy as np
    import shapely

    with np.errstate(over="ignore", invalid="ignore"):
        boxes = shapely.bounds(places.geometries)
        middles = shapely.points((boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2)
    degrees = in_crs(Places(places.keys, middles, places.crs), DEGREES)
    return shapely.get_coordinates(degrees[~shapely.is_missing(degrees)])


def in_crs(places: Places, target: str) -> np.ndarray:
    """The geometries in one CRS, x east and y north; the ones already in it as they are.

    None for those with a coordinate that is no number, or nowhere in that CRS.
    """
    import shapely

    moved = places.geometries.copy()
    for crs in sorted(set(places.crs)):
        if crs == target:
            continue
        these = places.crs == crs
        move = _transformation(crs, target)
        moved[these] = shapely.transform(places.geometries[these], move) if move else None
    return where(in_threads(_is_finite, moved), moved) if len(moved) else moved


def _is_finite(geometries: np.ndarray) -> np.ndarray:
    """Whether every coordinate is a number: boxes pass over a NaN vertex, lengths do not; lengths of points are 0."""
    import numpy as np
    import shapely

    with np.errstate(over="ignore", invalid="ignore"):
        return np.isfinite(shapely.bounds(geometries)).all(axis=1) & np.isfinite(shapely.length(geometries))


def _transformation(source: str, target: str) -> Any:
    """A function of an (n, 2) array of x, y; None where there is no way from one to the other."""
    import numpy as np
    import pyproj

    try:
        transformer = pyproj.Transformer.from_crs(source, target, always_xy=True)
    except pyproj.exceptions.ProjError:
        return None
    return lambda xy: np.column_stack(transformer.transform(xy[:, 0], xy[:, 1]))
