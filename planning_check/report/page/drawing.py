"""The map of the page: shapes in degrees, simplified until they are few enough to be drawn at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planning_check.report.told.pack import Pack
from planning_check.report.told.places import PIECES, located

if TYPE_CHECKING:
    import numpy as np

#: Corners in all; a city with more is drawn coarser. Of each kind what is left beyond MOST_SHAPES is not drawn, and counted.
MOST_CORNERS, MOST_SHAPES = 120_000, 6_000
_FINEST_DEGREES, _COARSEST_DEGREES = 5e-6, 5e-3


def drawn(pack: Pack, lang: str) -> dict[str, Any]:
    """``communities``: [code, name, rings]; ``land``: [project, rings]; ``pieces``: land shared by two, [kind, key, rings];
    ``points``: [kind, key, name, lat, lon]; ``matches``: [office, facility].

    ``left``: how much land, how many pieces and points are not drawn.
    """
    import shapely

    places = located(pack.shapes())
    kinds = {kind: places.layer(kind) for kind in ("project", "office", "premises", "idle_facility")}
    communities, land = places.layer("community"), kinds.pop("project")
    shared = [(kind, key, shape) for kind in PIECES for key, _, shape in places.layer(kind)]
    left = sum(max(0, len(things) - MOST_SHAPES) for things in (land, shared, *kinds.values()))
    land = land[:MOST_SHAPES]
    outlines = _simple([shape for *_, shape in communities], coverage=True)
    plots = _simple([shape for *_, shape in land], coverage=False)
    shared = shared[:MOST_SHAPES]
    pieces = _simple([shape for *_, shape in shared], coverage=False)
    points = []
    for kind, things in kinds.items():
        for key, name, shape in things[:MOST_SHAPES]:
            middle = shapely.centroid(shape)
            if not shapely.is_empty(middle):
                points.append([kind, key, name or "", round(float(shapely.get_y(middle)), 6), round(float(shapely.get_x(middle)), 6)])
    there = {(p[0], p[1]) for p in points}
    lines = pack.matching.lines if pack.matching else ()
    return {
        "left": left,
        "communities": [[key, name, _rings(shape)] for (key, name, _), shape in zip(communities, outlines, strict=True)],
        "land": [[key, _rings(shape)] for (key, *_), shape in zip(land, plots, strict=True)],
        "pieces": [[kind, key, _rings(shape)] for (kind, key, _), shape in zip(shared, pieces, strict=True)],
        "points": points,
        "matches": [
            [line.office_id, line.facility_id] for line in lines
            if line.facility_id and ("office", line.office_id) in there and ("idle_facility", line.facility_id) in there
        ],
    }  # fmt: skip


def _simple(shapes: list[Any], *, coverage: bool) -> np.ndarray:
    """The shapes with fewer corners: neighbours keep their common border where they are one coverage."""
    import numpy as np
    import shapely

    drawn_ = np.array([*shapes, None], object)[:-1]
    tolerance = _FINEST_DEGREES
    simple = drawn_
    while len(drawn_) and tolerance <= _COARSEST_DEGREES:
        simple = _thinned(drawn_, tolerance, coverage)
        if shapely.get_num_coordinates(simple).sum() <= MOST_CORNERS:
            break
        tolerance *= 3
    return simple


def _thinned(shapes: np.ndarray, tolerance: float, coverage: bool) -> np.ndarray:
    import shapely

    if coverage and shapely.is_valid(shapes).all():
        try:
            return shapely.coverage_simplify(shapes, tolerance)
        except shapely.errors.GEOSException:
            pass  # no coverage after all
    return shapely.simplify(shapes, tolerance, preserve_topology=True)


def _rings(shape: Any) -> list[list[list[list[float]]]]:
    """Outer and inner rings of every polygon as [latitude, longitude], to about a decimetre."""
    import shapely

    return [
        [[[round(y, 6), round(x, 6)] for x, y, *_ in ring.coords[:-1]] for ring in (part.exterior, *part.interiors)]
        for part in shapely.get_parts(shapely.get_parts(shape))
        if part.geom_type == "Polygon" and not part.is_empty
    ]
