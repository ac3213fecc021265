"""Drawings (DXF): what is closed in a layer of the drawing, with the texts that stand in it. What is drawn elsewhere is not fetched."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planning_check.errors import Text
from planning_check.ingest.gdal import opener
from planning_check.ingest.layer import GEOMETRY, Layer
from planning_check.ingest.markup import MOST_BYTES
from planning_check.ingest.plain import without_controls
from planning_check.ingest.sheets import FileProblem
from planning_check.ingest.texts import decoded, whole

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_COLUMNS = ("Layer", "EntityHandle", "Text")
#: A block put in, perhaps in millions of rows and columns: the pairs of lines up to the next entity.
_INSERT = re.compile(r"^[ \t]*0[ \t]*\nINSERT[ \t]*\n(?:(?![ \t]*0[ \t]*\n)[^\n]*\n[^\n]*\n)*", re.M)


def read_drawing(path: Path) -> Iterator[Layer]:
    """The closed shapes of every layer of the drawing, as polygons in the coordinates that it has (it names no system):
    ``Layer``, ``EntityHandle`` and ``Text``, what is written in each. Raises FileProblem where nothing is closed."""
    import pyarrow as pa
    import shapely

    table, inserted = _entities(path)
    shapes = _closed(
        shapely.force_2d(shapely.from_wkb(table.column(table.num_columns - 1).to_numpy(zero_copy_only=False), on_invalid="ignore"))
    )
    names, handles, texts = (table.column(name).to_pylist() for name in _COLUMNS)
    is_closed = shapely.get_type_id(shapes) == shapely.GeometryType.POLYGON
    left = inserted + len(shapes) - int(is_closed.sum()) - sum(text is not None for text in texts)
    if not is_closed.any():
        said = Text("CAD 图（.dxf），没有闭合的线或填充", "a CAD drawing (.dxf) without closed lines or hatches")
        raise FileProblem("drawing_file", said)
    written = _written(shapes, is_closed, texts)
    for name in dict.fromkeys(names[at] or "" for at in is_closed.nonzero()[0]):
        rows = [at for at in is_closed.nonzero()[0] if (names[at] or "") == name]
        columns = ([name] * len(rows), [handles[at] for at in rows], [written.get(at) for at in rows], shapely.to_wkb(shapes[rows]))
        types = (pa.string(), pa.string(), pa.string(), pa.binary())
        made = pa.table([pa.array(one, type_) for one, type_ in zip(columns, types, strict=True)], [*_COLUMNS, GEOMETRY])
        yield Layer(without_controls(name), made, None, None, notes=[("closed_shapes", Text(str(left), str(left)))] if left > 0 else [])
        left = 0


def _entities(path: Path) -> tuple[Any, int]:
    """What is drawn, as GDAL reads it, with texts in UTF-8 whatever the drawing says of them; and how many blocks are put in,
    which are left out."""
    text, inserted = _INSERT.subn("", decoded(whole(path, MOST_BYTES))[0].replace("\r\n", "\n"))
    pyogrio = opener()
    with tempfile.TemporaryDirectory(prefix="planning_check_layers.", ignore_cleanup_errors=True) as folder:
        copy = Path(folder) / "drawing.dxf"
        copy.write_bytes(text.encode("utf-8", "replace"))
        try:
            _, table = pyogrio.read_arrow(copy, layer="entities", columns=list(_COLUMNS))
        except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as error:
            said = Text("它是 DXF 图，但内容不完整或已损坏", "it is a DXF drawing, but incomplete or damaged")
            raise FileProblem("unreadable_file", said) from error
    return table, inserted


def _closed(shapes: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    """Lines that end where they begin as polygons, and the parts of several."""
    import shapely

    rings = (
        (shapely.get_type_id(shapes) == shapely.GeometryType.LINESTRING) & shapely.is_closed(shapes) & (shapely.get_num_points(shapes) > 3)
    )
    for at in rings.nonzero()[0]:
        shapes[at] = shapely.Polygon(shapes[at])
    return shapes


def _written(shapes: npt.NDArray[np.object_], is_closed: npt.NDArray[np.bool_], texts: list[str | None]) -> dict[int, str]:
    """What is written in each closed shape, by its place."""
    import numpy as np
    import shapely

    at, notes = is_closed.nonzero()[0], np.array([n for n, text in enumerate(texts) if text and text.strip()], dtype=int)
    if not len(notes):
        return {}
    points = shapely.centroid(shapes[notes])
    found: dict[int, list[str]] = {}
    for note, shape in zip(*shapely.STRtree(shapes[at]).query(points, predicate="within"), strict=True):
        found.setdefault(int(at[shape]), []).append(str(texts[notes[note]]).strip())
    return {shape: " ".join(words) for shape, words in found.items()}
