"""What is wrong with a drawing, in words of both languages, and where."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

#: What GEOS says of an invalid geometry, in Chinese.
_CHINESE = {
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
_PARTS = r"^(?P<what>[^\[]*)(?P<place>\[(?P<x>\S+) (?P<y>[^ \]]+).*)?$"
NO_GEOMETRY, UNREADABLE, EMPTY = "没有图形 no geometry", "图形无法读取 unreadable geometry", "空图形 empty geometry"
NO_POLYGON, NOWHERE = "不是面状图形 not a polygon", "无法按其坐标系定位 cannot be placed by its CRS"


def in_words(reasons: np.ndarray) -> np.ndarray:
    """``Self-intersection[108.61 33.52]`` as ``自相交 Self-intersection at 108.61, 33.52``, in the delivered coordinates."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    parts = pc.extract_regex(pa.array(reasons, pa.string()), _PARTS)
    what, x, y = (pc.struct_field(parts, name) for name in ("what", "x", "y"))
    kinds = what.dictionary_encode()
    words = np.array([f"{_CHINESE.get(kind, '')} {kind}".strip() for kind in kinds.dictionary.to_pylist()], object)
    placed = x.to_numpy(False) != ""
    east, north = (np.where(placed, v.to_numpy(False), "nan").astype(float) for v in (x, y))
    return words[kinds.indices.to_numpy()] + np.where(placed, " at " + _coordinate(east) + ", " + _coordinate(north), "")


def where_open(shapes: np.ndarray) -> np.ndarray:
    """GEOS has no words for a ring left open: the same form, with the first point of the shape."""
    import numpy as np
    import shapely

    coordinates, owner = shapely.get_coordinates(shapes, return_index=True)
    x, y = coordinates[np.searchsorted(owner, np.arange(len(shapes)))].T
    return "Ring not closed[" + as_text(x) + " " + as_text(y) + "]"


def repair_words(before: np.ndarray, after: np.ndarray, refused: np.ndarray) -> np.ndarray:
    """What became of the repairs, with the areas before and after in m2."""
    import numpy as np

    said = np.where(refused, "修复未采用 repair refused: ", "已修复 repaired: ").astype(object)
    return said + as_text(np.round(before, 2)) + " -> " + as_text(np.round(after, 2)) + " m2"


def add(reason: np.ndarray, these: np.ndarray, words: np.ndarray | str) -> None:
    """Put words behind what is said already of these rows."""
    import numpy as np

    told = reason[these]
    reason[these] = np.where(told == "", words, told + "; " + words)


def as_text(values: np.ndarray) -> np.ndarray:
    """Numbers as the shortest text that is exact."""
    import pyarrow as pa

    return pa.array(values, pa.float64()).cast(pa.string()).to_numpy(False).astype(object)


def _coordinate(values: np.ndarray) -> np.ndarray:
    """Degrees to 7 places, metres to the centimetre; no more than a reader can use."""
    import numpy as np

    return as_text(np.where(np.abs(values) <= 360, np.round(values, 7), np.round(values, 2)))
