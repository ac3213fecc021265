"""The land of a project: its parcels together, as they were drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planning_check.geo.plane import Places, in_crs, read_places

if TYPE_CHECKING:
    import duckdb
    import numpy as np


def project_geometries(con: duckdb.DuckDBPyConnection) -> None:
    """Make ``project_geometry``: project_id, crs, geometry (WKB, the parcels' polygons as one multipolygon, not merged).

    A project whose parcels come in several CRSs is given in that of its first parcel. Parcels without
    project, CRS or polygon add nothing; a project without any has no row.
    """
    con.execute("CREATE TABLE project_geometry (project_id VARCHAR, crs VARCHAR, geometry BLOB)")
    parcels = read_places(
        con,
        "SELECT project_id, geometry, geometry_crs, first(geometry_crs ORDER BY parcel_id) OVER (PARTITION BY project_id)"
        " FROM parcels WHERE project_id IS NOT NULL AND geometry_crs IS NOT NULL ORDER BY project_id, parcel_id",
    )
    if len(parcels):
        _collect(con, parcels)


def _collect(con: duckdb.DuckDBPyConnection, parcels: Places) -> None:
    import numpy as np
    import pyarrow as pa
    import shapely

    projects, first, number = np.unique(parcels.keys.astype(str), return_index=True, return_inverse=True)
    polygons, parcel = _polygons(_in_own_crs(parcels))
    index = number[parcel]
    order = np.argsort(index, kind="stable")
    there = np.unique(index)
    collected = shapely.multipolygons(polygons[order], indices=np.searchsorted(there, index[order]))
    table = pa.table({
        "project_id": pa.array(projects[there].tolist(), pa.string()),
        "crs": pa.array(parcels.extra[first][there].tolist(), pa.string()),
        "geometry": pa.array(shapely.to_wkb(collected).tolist(), pa.binary()),
    })  # fmt: skip
    con.register("collected", table)
    con.execute("INSERT INTO project_geometry SELECT * FROM collected")
    con.unregister("collected")


def _in_own_crs(parcels: Places) -> np.ndarray:
    """Every parcel in the CRS of its project's first one."""
    geometries = parcels.geometries.copy()
    other = parcels.crs != parcels.extra
    for target in sorted(set(parcels.extra[other])):
        these = other & (parcels.extra == target)
        geometries[these] = in_crs(Places(parcels.keys[these], geometries[these], parcels.crs[these]), target)
    return geometries


def _polygons(geometries: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The polygons in the geometries and which geometry each is of; lines, points and empty ones are left out."""
    import shapely

    parts, outer = shapely.get_parts(shapely.force_2d(geometries), return_index=True)
    polygons, inner = shapely.get_parts(parts, return_index=True)  # collections may hold multipolygons
    kept = (shapely.get_type_id(polygons) == shapely.GeometryType.POLYGON) & ~shapely.is_empty(polygons)
    return polygons[kept], outer[inner][kept]
