"""Whether a parcel is drawn as land can be: a valid polygon. What is wrong and where, and its area in the plane once repaired."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planning_check.geo.plane import Places, in_crs, parsed
from planning_check.geo.spread import in_threads, sparing

if TYPE_CHECKING:
    import numpy as np

#: A repair that changes the area by a larger share than this is refused: nobody knows which land was meant.
REPAIR_SHARE = 0.01
_POLYGONS = (3, 6)  # shapely's type ids of Polygon and MultiPolygon
#: What GEOS says of an invalid geometry, in Chinese.
_REASONS = {
    "Self-intersection": "自相交",
    "Ring Self-intersection": "环自相交",
    "Hole lies outside shell": "内环在外环之外",
    "Holes are nested": "内环嵌套",
    "Nested shells": "外环嵌套",
    "Interior is disconnected": "内部不连通",
    "Duplicate Rings": "重复的环",
    "Too few points in geometry component": "点数不足",
    "Invalid Coordinate": "坐标无效",
    "Ring not closed": "环未闭合",
}


@dataclass(frozen=True)
class Drawn:
    """Geometries as delivered, arrays of one length. ``valid``: None where there is nothing to judge; ``reason``: None where nothing is wrong."""

    shapes: np.ndarray
    polygon: np.ndarray
    valid: np.ndarray
    reason: np.ndarray


def examined(wkb: np.ndarray) -> Drawn:
    """Judge the geometries in their delivered coordinates; a ring left open is closed and said to be invalid."""
    import numpy as np
    import shapely

    shapes = parsed(wkb)
    told = wkb != None  # noqa: E711
    lost = np.flatnonzero(told & shapely.is_missing(shapes))
    closed = parsed(wkb[lost], on_invalid="fix") if len(lost) else shapes[:0]
    open_rings = lost[~shapely.is_missing(closed)]
    shapes[lost] = closed
    kinds = shapely.get_type_id(shapes)
    empty = shapely.is_empty(shapes)
    polygon = np.isin(kinds, _POLYGONS) & ~empty
    sound = in_threads(shapely.is_valid, shapes) if len(shapes) else np.empty(0, bool)
    reason = np.full(len(shapes), None, object)
    bad = np.flatnonzero(~sound & ~shapely.is_missing(shapes))
    reason[bad] = _in_words(shapely.is_valid_reason(shapes[bad]))
    _add(reason, open_rings, _in_words(_where_open(shapes[open_rings])))
    valid = np.where(told & ~empty, sound, None)
    valid[open_rings] = False
    for what, these in (
        ("没有图形 no geometry", ~told),
        ("图形无法读取 unreadable geometry", told & shapely.is_missing(shapes)),
        ("空图形 empty geometry", empty),
        ("不是面状图形 not a polygon", ~polygon & ~empty & ~shapely.is_missing(shapes)),
    ):
        _add(reason, np.flatnonzero(these), what)
    return Drawn(np.where(polygon, shapely.force_2d(shapes), None), polygon, valid, reason)


def measured(drawn: Drawn, crs: np.ndarray, plane: str) -> tuple[np.ndarray, np.ndarray]:
    """The polygons in the plane, repaired, and their areas in m2: None and NaN for what cannot be measured.

    Repairs, refused repairs and polygons that cannot be brought into the plane are added to ``drawn.reason``.
    """
    import numpy as np
    import shapely

    shapes, areas = np.full(len(crs), None, object), np.full(len(crs), np.nan)
    there = np.flatnonzero(drawn.polygon & (crs != None))  # noqa: E711
    if not len(there):
        return shapes, areas
    moved = in_crs(Places(there, drawn.shapes[there], crs[there]), plane)
    lost = there[shapely.is_missing(moved)]
    _add(drawn.reason, lost, "无法按其坐标系定位 cannot be placed by its CRS")
    with np.errstate(over="ignore", invalid="ignore"):
        shapes[there], areas[there] = moved, in_threads(shapely.area, moved)
    unsound = there[~in_threads(shapely.is_valid, moved) & ~shapely.is_missing(moved)]
    if len(unsound):
        _repair(drawn, shapes, areas, unsound)
    endless = ~np.isfinite(areas)
    shapes[endless], areas[endless] = None, np.nan
    return shapes, areas


def _repair(drawn: Drawn, shapes: np.ndarray, areas: np.ndarray, these: np.ndarray) -> None:
    """Repair in place; where too much changes or nothing is left, the shape becomes None and the area NaN."""
    import numpy as np
    import shapely

    with np.errstate(over="ignore", invalid="ignore"):
        mended = mend(shapes[these])
        before, after = areas[these], shapely.area(mended)
        refused = ~(np.abs(after - before) <= REPAIR_SHARE * before) | shapely.is_missing(mended) | shapely.is_empty(mended)
    said = np.where(refused, "修复未采用 repair refused: ", "已修复 repaired: ").astype(object)
    words = said + _numbers(before, 2) + " -> " + _numbers(after, 2) + " m2"
    worded = drawn.reason[these] != None  # noqa: E711  what only the change of plane made invalid was not drawn wrong
    tell = worded | refused
    _add(drawn.reason, these[tell], words[tell])
    shapes[these], areas[these] = np.where(refused, None, mended), np.where(refused, np.nan, after)


def mend(shapes: np.ndarray) -> np.ndarray:
    """Invalid polygons made valid by their structure (see DESIGN 5); None where even that fails."""
    import shapely

    def structured(these: np.ndarray) -> np.ndarray:
        return shapely.make_valid(these, method="structure", keep_collapsed=False)

    return sparing(structured, shapes, (shapely.errors.GEOSException,))


def _where_open(shapes: np.ndarray) -> np.ndarray:
    """GEOS has no words for a ring left open: the same form, with the first point of the shape."""
    import numpy as np
    import shapely

    coordinates, owner = shapely.get_coordinates(shapes, return_index=True)
    first = coordinates[np.searchsorted(owner, np.arange(len(shapes)))]
    return "Ring not closed[" + _numbers(first[:, 0], 9) + " " + _numbers(first[:, 1], 9) + "]"


def _in_words(reasons: np.ndarray) -> np.ndarray:
    """``Self-intersection[108.61 33.52]`` as ``自相交 Self-intersection at 108.61, 33.52``: to 7 places in degrees, to the centimetre in metres."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    if not len(reasons):
        return reasons
    parts = pc.extract_regex(pa.array(reasons, pa.string()), r"^(?P<what>[^\[]*)(?P<place>\[(?P<x>\S+) (?P<y>[^ \]]+).*)?$")
    what, x, y = (pc.struct_field(parts, name) for name in ("what", "x", "y"))
    kinds = what.dictionary_encode()
    worded = np.array([f"{_REASONS.get(k, '')} {k}".strip() for k in kinds.dictionary.to_pylist()], object)[kinds.indices.to_numpy()]
    east, north = (np.where(v == "", "nan", v).astype(float) for v in (x.to_numpy(False), y.to_numpy(False)))
    places = 7 if np.nanmax(np.abs(east), initial=0) <= 360 else 2
    where = " at " + _numbers(east, places) + ", " + _numbers(north, places)
    return worded + np.where(x.to_numpy(False) == "", "", where)


def _numbers(values: np.ndarray, places: int) -> np.ndarray:
    """Numbers as short text, rounded to so many places."""
    import numpy as np
    import pyarrow as pa

    return pa.array(np.round(values, places)).cast(pa.string()).to_numpy(False).astype(object)


def _add(reason: np.ndarray, these: np.ndarray, words: np.ndarray | str) -> None:
    """Put words behind the reasons that are there already."""
    import numpy as np

    if len(these):
        had = np.array(reason[these] != None, bool)  # noqa: E711
        reason[these] = np.where(had, reason[these] + "; " if had.all() else _told(reason[these]), "") + words


def _told(reasons: np.ndarray) -> np.ndarray:
    import numpy as np

    return np.where(reasons == None, "", reasons).astype(object) + "; "  # noqa: E711
