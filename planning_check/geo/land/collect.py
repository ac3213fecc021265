"""Parcels put together: the land of a project, as it was drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planning_check.geo.frames.plane import Places, in_crs, parsed

if TYPE_CHECKING:
    import numpy as np


def together(keys: np.ndarray, wkb: np.ndarray, crs: np.ndarray) -> Places:
    """One multipolygon a key (the polygons as drawn, not merged), keys in order.

    ``wkb`` and ``crs`` of each parcel, None where unknown. Where a key's parcels come in several CRSs, its shape is in that of the first.
    Parcels without CRS or polygon add nothing; a key without any is left out.
    """
    import numpy as np
    import shapely

    shapes = parsed(wkb)
    usable = np.flatnonzero(~(shapely.is_missing(shapes) | shapely.is_empty(shapes) | (crs == None)))  # noqa: E711
    usable = usable[np.argsort(keys[usable].astype(str), kind="stable")]
    names, first, number = np.unique(keys[usable].astype(str), return_index=True, return_inverse=True)
    own = crs[usable][first]
    polygons, parcel = polygons_of(_in_own_crs(Places(usable, shapes[usable], crs[usable]), own[number]))
    index = number[parcel]
    there = np.unique(index)
    collected = shapely.multipolygons(polygons, indices=np.searchsorted(there, index))
    return Places(names[there].astype(object), collected, own[there])


def _in_own_crs(parcels: Places, own: np.ndarray) -> np.ndarray:
    """Every parcel in the CRS of its key's first one."""
    geometries = parcels.geometries.copy()
    other = parcels.crs != own
    for target in sorted(set(own[other])):
        these = other & (own == target)
        geometries[these] = in_crs(Places(parcels.keys[these], geometries[these], parcels.crs[these]), target)
    return geometries


def polygons_of(geometries: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The polygons in the geometries and which geometry each is of; lines, points and empty ones are left out."""
    import shapely

    parts, outer = shapely.get_parts(shapely.force_2d(geometries), return_index=True)
    polygons, inner = shapely.get_parts(parts, return_index=True)  # collections may hold multipolygons
    kept = (shapely.get_type_id(polygons) == shapely.GeometryType.POLYGON) & ~shapely.is_empty(polygons)
    return polygons[kept], outer[inner][kept]
