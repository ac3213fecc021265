"""Drawings (DXF): what is closed in a layer of the drawing, with the texts that stand in it. What is drawn elsewhere is not fetched."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planning_check.errors import Text
from planning_check.ingest.gdal import opener
from planning_check.ingest.layer import GEOMETRY, Layer
from planning_check.ingest.limits import refuse_much
from planning_check.ingest.markup import MOST_BYTES
from planning_check.ingest.plain import without_controls
from planning_check.ingest.sheets import FileProblem
from planning_check.ingest.texts import decoded, whole

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_COLUMNS = ("Layer", "EntityHandle", "Text")
_PAIRS = r"[ \t]*\n((?:(?![ \t]*0[ \t]*\n)[^\n]*\n[^\n]*\n)*)"  # the pairs of lines up to the next entity
#: A block put in, perhaps in millions of rows and columns; and what is filled in of one (number, owner), each under its tag.
_INSERT, _FILLED = (re.compile(rf"^[ \t]*0[ \t]*\n{entity}{_PAIRS}", re.M) for entity in ("INSERT", "ATTRIB"))
_TAG, _VALUE, _X, _Y = "2", "1", "10", "20"  # the codes of a pair


def read_drawing(path: Path) -> Iterator[Layer]:
    """The closed shapes of every layer of the drawing, as polygons in the coordinates that it has (it names no system):
    ``Layer``, ``EntityHandle`` and ``Text``, what is written in each, and a column for every tag of what is filled in of the blocks in
    it. Raises FileProblem where nothing is closed."""
    import pyarrow as pa
    import shapely

    table, inserted, filled = _entities(path)
    shapes = _closed(
        shapely.force_2d(shapely.from_wkb(table.column(table.num_columns - 1).to_numpy(zero_copy_only=False), on_invalid="ignore"))
    )
    names, handles, texts = (table.column(name).to_pylist() for name in _COLUMNS)
    is_closed = shapely.get_type_id(shapes) == shapely.GeometryType.POLYGON
    left = inserted + len(shapes) - int(is_closed.sum()) - sum(text is not None for text in texts)
    if not is_closed.any():
        said = Text("CAD 图（.dxf），没有闭合的线或填充", "a CAD drawing (.dxf) without closed lines or hatches")
        raise FileProblem("drawing_file", said)
    refuse_much(len(shapes), len(_COLUMNS) + len(filled))
    notes = [n for n, text in enumerate(texts) if text and text.strip()]
    at, tree = is_closed.nonzero()[0], shapely.STRtree(shapes[is_closed])
    written = _written(at, tree, shapely.centroid(shapes[notes]), [str(texts[n]) for n in notes])
    tags = {
        tag: _written(at, tree, shapely.points([one.place for one in of_tag]), [one.value for one in of_tag])
        for tag, of_tag in filled.items()
    }
    for name in dict.fromkeys(names[at] or "" for at in is_closed.nonzero()[0]):
        rows = [at for at in is_closed.nonzero()[0] if (names[at] or "") == name]
        told = ([name] * len(rows), [handles[at] for at in rows], [written.get(at) for at in rows])
        here = {tag: column for tag, by_shape in tags.items() if any(column := [by_shape.get(at) for at in rows])}
        columns = [pa.array(one, pa.string()) for one in (*told, *here.values())] + [pa.array(shapely.to_wkb(shapes[rows]), pa.binary())]
        made = pa.table(columns, [*_COLUMNS, *here, GEOMETRY])
        yield Layer(without_controls(name), made, None, None, notes=[("closed_shapes", Text(str(left), str(left)))] if left > 0 else [])
        left = 0


@dataclass(frozen=True)
class _Filled:
    """What is filled in of a block that is put in, and where it stands."""

    value: str
    place: tuple[float, float]


def _filled_in(text: str) -> dict[str, list[_Filled]]:
    """By tag; a tag that is a column of every layer already has a mark behind it."""
    found: dict[str, list[_Filled]] = {}
    for entity in _FILLED.finditer(text):
        lines = entity[1].split("\n")
        told = dict(zip((code.strip() for code in reversed(lines[:-1:2])), reversed(lines[1::2]), strict=False))  # the first of each code
        tag, value = (without_controls(told.get(code, "")).strip() for code in (_TAG, _VALUE))
        try:
            place = float(told[_X]), float(told[_Y])
        except (KeyError, ValueError):
            continue
        if tag and value:
            found.setdefault(tag if tag not in (*_COLUMNS, GEOMETRY) else f"{tag}_", []).append(_Filled(value, place))
    return found


def _entities(path: Path) -> tuple[Any, int, dict[str, list[_Filled]]]:
    """What is drawn, as GDAL reads it, with texts in UTF-8 whatever the drawing says of them; how many blocks are put in,
    which are left out; and what is filled in of them."""
    drawn = decoded(whole(path, MOST_BYTES))[0].replace("\r\n", "\n")
    text, inserted = _INSERT.subn("", drawn)
    pyogrio = opener()
    with tempfile.TemporaryDirectory(prefix="planning_check_layers.", ignore_cleanup_errors=True) as folder:
        copy = Path(folder) / "drawing.dxf"
        copy.write_bytes(text.encode("utf-8", "replace"))
        try:
            _, table = pyogrio.read_arrow(copy, layer="entities", columns=list(_COLUMNS))
        except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as error:
            said = Text("它是 DXF 图，但内容不完整或已损坏", "it is a DXF drawing, but incomplete or damaged")
            raise FileProblem("unreadable_file", said) from error
    return table, inserted, _filled_in(drawn)


def _closed(shapes: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    """Lines that end where they begin as polygons, and the parts of several."""
    import shapely

    rings = (
        (shapely.get_type_id(shapes) == shapely.GeometryType.LINESTRING) & shapely.is_closed(shapes) & (shapely.get_num_points(shapes) > 3)
    )
    for at in rings.nonzero()[0]:
        shapes[at] = shapely.Polygon(shapes[at])
    return shapes


def _written(at: npt.NDArray[np.int_], tree: Any, points: npt.NDArray[np.object_], words: Sequence[str]) -> dict[int, str]:
    """The words that stand in each closed shape, by its place; ``at``: the places of those in the tree."""
    found: dict[int, list[str]] = {}
    for word, shape in zip(*tree.query(points, predicate="within"), strict=True):
        found.setdefault(int(at[shape]), []).append(words[word].strip())
    return {shape: " ".join(told) for shape, told in found.items()}
