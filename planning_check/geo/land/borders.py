"""Borders with the same vertices on both sides: what is one line as drawn stays one line when it is brought into the plane.

A straight edge between two vertices bends on the way into another coordinate system, and its neighbour's further vertices on it do not lie
on the new straight edge any more: an overlap and a gap that nobody drew. So the neighbours' vertices are put into the edges before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from planning_check.geo.spread import CHUNK, block_by_block

if TYPE_CHECKING:
    import numpy as np

_DEGREE_M = 111_320  # at the equator, so that metres in degrees are never too many


def with_common_vertices(shapes: np.ndarray, crs: np.ndarray, vertex_m: float) -> np.ndarray:
    """The polygons, each with every vertex of another one put in that lies within ``vertex_m`` of one of its edges.

    ``shapes``: as drawn, in ``crs``; what is None, invalid or in another coordinate system is left as it is and lends no vertex. So is a
    polygon that would become invalid. Looked at block by block with all that lies around each.
    """
    import numpy as np
    import shapely

    matched = shapes.copy()
    usable = ~shapely.is_missing(shapes) & np.array(crs != None, bool)  # noqa: E711
    usable[usable] = shapely.is_valid(shapes[usable])
    for name in sorted(set(crs[usable])):
        these = np.flatnonzero(usable & (crs == name))
        reach = vertex_m / (_DEGREE_M if _is_in_degrees(name) else 1)
        these = these[block_by_block(shapely.bounds(shapes[these]))]
        tree = shapely.STRtree(shapes[these])
        for start in range(0, len(these), CHUNK):
            block = these[start : start + CHUNK]
            west, south, east, north = shapely.bounds(shapes[block]).T
            near = np.unique(tree.query(shapely.box(west - reach, south - reach, east + reach, north + reach))[1])
            matched[block] = _with_vertices(shapes[block], shapes[these[near]], reach)
    return matched


def _is_in_degrees(crs: str) -> bool:
    import pyproj

    return pyproj.CRS(crs).is_geographic


def _with_vertices(shapes: np.ndarray, around: np.ndarray, reach: float) -> np.ndarray:
    """The polygons with the vertices of those around (themselves among them) on their edges."""
    import numpy as np
    import shapely

    parts, shape_of = shapely.get_parts(shapes, return_index=True)
    rings, part_of = shapely.get_rings(parts, return_index=True)
    corners, ring_of = shapely.get_coordinates(rings, return_index=True)
    known, single, vertices = _single(around)
    starts = np.flatnonzero((ring_of[:-1] == ring_of[1:]) & (corners[:-1] != corners[1:]).any(axis=1))
    starts = starts[np.isin(_edges(corners, starts, known), single)]
    segments = shapely.linestrings(np.stack([corners[starts], corners[starts + 1]], axis=1))
    segment, vertex = shapely.STRtree(shapely.points(vertices)).query(segments, predicate="dwithin", distance=reach)
    first, last, point = corners[starts[segment]], corners[starts[segment] + 1], vertices[vertex]
    along = ((point - first) * (last - first)).sum(axis=1) / ((last - first) ** 2).sum(axis=1)
    between = (along > 0) & (along < 1) & (point != first).any(axis=1) & (point != last).any(axis=1)
    segment, point, along = (these[between] for these in (segment, point, along))
    if not len(segment):
        return shapes
    order = np.lexsort((along, segment))
    segment, point = segment[order], point[order]
    places = starts[segment] + 1
    corners, ring_of = np.insert(corners, places, point, axis=0), np.insert(ring_of, places, ring_of[starts[segment]])
    made = _polygons(corners, ring_of, part_of, shape_of, shapes)
    changed = np.zeros(len(shapes), bool)
    changed[shape_of[part_of[np.unique(ring_of[places + np.arange(len(places))])]]] = True
    changed[changed] = shapely.is_valid(made[changed])
    return np.where(changed, made, shapes)


def _edges(corners: np.ndarray, starts: np.ndarray, known: np.ndarray) -> np.ndarray:
    """A number an edge, the same in both directions; ``known``: all vertices in order, as complex numbers."""
    import numpy as np

    ends = [np.searchsorted(known, np.ascontiguousarray(corners[at]).view(complex).ravel()) for at in (starts, starts + 1)]
    return np.minimum(*ends) * len(known) + np.maximum(*ends)


def _single(shapes: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """All vertices; the edges that only one polygon has, in order; and their ends:
    on an edge that two have from vertex to vertex lies nothing."""
    import numpy as np
    import shapely

    corners, ring_of = shapely.get_coordinates(shapely.get_rings(shapely.get_parts(shapes)), return_index=True)
    starts = np.flatnonzero(ring_of[:-1] == ring_of[1:])
    known = np.unique(corners.view(complex))
    edges, counts = np.unique(_edges(corners, starts, known), return_counts=True)
    edges = edges[counts == 1]
    ends = known[np.unique(np.concatenate(np.divmod(edges, len(known))))]
    return known, edges, np.column_stack([ends.real, ends.imag])


def _polygons(corners: np.ndarray, ring_of: np.ndarray, part_of: np.ndarray, shape_of: np.ndarray, shapes: np.ndarray) -> np.ndarray:
    """Corners to rings to polygons to the shapes that they are of; a shape of one part stays a polygon."""
    import numpy as np
    import shapely

    parts = shapely.polygons(shapely.linearrings(corners, indices=ring_of), indices=part_of)
    made = shapely.multipolygons(parts, indices=shape_of)
    single = shapely.get_type_id(shapes) == shapely.GeometryType.POLYGON
    return np.where(single, shapely.get_geometry(made, 0), made)
