"""Work on long arrays of geometries: spread over threads, and without one bad geometry stopping the others."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import shapely

#: Rows a piece of work. What is less than two pieces is done in one go: starting threads would cost more than it saves.
CHUNK = 20_000


def in_threads(work: Callable[..., np.ndarray], *arrays: np.ndarray, rows: int = CHUNK) -> np.ndarray:
    """``work`` on pieces of the arrays (all of one length, ``rows`` at a time), the results put together in order along their last axis.

    GEOS lets go of the interpreter's lock, so two threads take about half the time. The result does not depend on their number.
    """
    import numpy as np

    length = len(arrays[0])
    if length < 2 * rows:
        return work(*arrays)
    import warnings
    from concurrent.futures import ThreadPoolExecutor

    pieces = [[a[start : start + rows] for a in arrays] for start in range(0, length, rows)]
    # shapely sets the filter of warnings while it works; threads would put it back in the wrong order
    with warnings.catch_warnings(), ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as pool:
        return np.concatenate(list(pool.map(lambda piece: work(*piece), pieces)), axis=-1)


def sparing(work: Callable[[np.ndarray], np.ndarray], array: np.ndarray, errors: tuple[type[Exception], ...]) -> np.ndarray:
    """``work`` on the array; where an error comes of single elements, those are None in the result and the others are done.

    The array is halved until the element is alone, so a few bad ones among many cost a few more passes.
    """
    import numpy as np

    try:
        return work(array)
    except errors:
        if len(array) == 1:
            return np.array([None], object)
        half = len(array) // 2
        return np.concatenate([sparing(work, array[:half], errors), sparing(work, array[half:], errors)])


def built(shapes: np.ndarray) -> shapely.STRtree:
    """A tree of the shapes that several threads may ask at once: the first query builds it, and must not be two."""
    import shapely

    tree = shapely.STRtree(shapes)
    tree.query(shapely.Point(0, 0))
    return tree


def pairs_of_boxes(tree: shapely.STRtree, boxes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of (a box, a geometry of the tree) whose boxes meet. ``boxes``: rows of west, south, east, north."""
    import numpy as np

    return tuple(in_threads(lambda these: np.stack(_query(tree, boxes, these)), np.arange(len(boxes))))


def _query(tree: shapely.STRtree, boxes: np.ndarray, these: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    box, found = tree.query(diagonals(boxes[these]))
    return these[box], found


def diagonals(boxes: np.ndarray) -> np.ndarray:
    """A line from corner to corner of each box: a tree asks for the box of what it holds, and a line is a fifth of a polygon."""
    import shapely

    return shapely.linestrings(boxes.reshape(-1, 2, 2))


def give_back() -> None:
    """Memory that is free goes back to the system, for the engine beside: the C library of Linux keeps it, others return it themselves."""
    if sys.platform == "linux":
        import ctypes

        with suppress(AttributeError):  # musl has none to keep
            ctypes.CDLL(None).malloc_trim(0)


def block_by_block(boxes: np.ndarray) -> np.ndarray:
    """An order in which what is near comes together: columns from west to east, each from south to north."""
    import numpy as np

    middles = boxes[:, :2] + boxes[:, 2:]
    columns = max(1, round(np.sqrt(len(boxes) / CHUNK)))
    column = np.empty(len(boxes), int)
    column[np.argsort(middles[:, 0], kind="stable")] = np.arange(len(boxes)) * columns // len(boxes)
    return np.lexsort((middles[:, 1], column))
