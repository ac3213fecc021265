"""Where exactly an error lies: land that two claim, land outside the city, borders that do not meet, the way from a room to its land.

What the run recorded is drawn as the check drew it and measured again; whether that agrees with the finding is told with every shape.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from planning_check.geo.frames.plane import DEGREES, Places, in_crs, parsed, plane_of
from planning_check.geo.land.borders import with_common_vertices
from planning_check.geo.land.edges import unmatched_lines
from planning_check.geo.land.parcel_shape import with_borders
from planning_check.geo.shapes.validity import examined, measured
from planning_check.measuring import Measuring

if TYPE_CHECKING:
    import numpy as np
    import shapely

#: Fact of a finding that measures an error -> the kind of error (``shown.ERRORS``).
FACTS = {
    "overlap_m2": "overlap",
    "own_overlap_m2": "own_overlap",
    "boundary_overlap_m2": "boundary_overlap",
    "outside_city_m2": "outside_city",
    "unmatched_edge_m": "edge",
    "boundary_edge_m": "boundary_edge",
    "outside_parcel_m": "off_land",
    "off_community_m": "off_community",
}
#: Kind of error -> the recorded kind of shape that is it.
_PIECES = {"overlap": "parcel_overlap", "own_overlap": "parcel_own_overlap", "boundary_overlap": "community_overlap"}
_CENT = Decimal("0.01")


@dataclass(frozen=True)
class Error:
    """One figure of a finding: ``kind``, of which subject and project, recorded in which community, ``found`` (m2 or m)."""

    kind: str
    key: str
    project: str
    community: str
    found: Decimal


@dataclass(frozen=True)
class Drawn:
    """The shape in degrees, None where what it needs is not recorded; ``measure``: its m2 or m in the plane, to 0.01."""

    shape: shapely.Geometry | None
    measure: Decimal | None

    def agrees(self, found: Decimal) -> bool:
        """Whether the shape measures what the check found, to 0.01."""
        return self.measure is not None and abs(self.measure - found) <= _CENT


def errors_of(finding: Mapping[str, Any]) -> list[Error]:
    """The errors that the figures of a finding tell of, in the order of ``FACTS``."""
    facts = finding["facts"]
    told = [(kind, Decimal(facts[fact])) for fact, kind in FACTS.items() if facts.get(fact)]
    community = facts.get("community_code") or finding["community_code"] or ""
    return [Error(kind, finding["subject_key"], finding["project_id"] or "", community, found) for kind, found in told if found > 0]


def draw(errors: Sequence[Error], rows: Sequence[Any], manifest: Mapping[str, Any]) -> list[Drawn]:
    """The shape of every error. ``rows``: the recorded shapes (``store.shapes``); ``manifest``: of the run, its planes and widths."""
    import numpy as np
    import shapely

    ground = _Ground(rows, manifest)
    shapes = np.full(len(errors), None, object)
    crs = np.full(len(errors), ground.plane, object)
    for kind in dict.fromkeys(e.kind for e in errors):
        these = np.array([i for i, e in enumerate(errors) if e.kind == kind])
        asked = [errors[i] for i in these]
        if kind in _PIECES:
            shapes[these], crs[these] = ground.recorded([(_PIECES[kind], e.key) for e in asked])
        elif ground.plane and ground.measuring:
            shapes[these] = _DRAWN[kind](ground, asked)
    shapes[shapely.is_empty(shapes)] = None
    there = np.flatnonzero(~shapely.is_missing(shapes) & (crs != None))  # noqa: E711
    degrees = np.full(len(errors), None, object)
    degrees[there] = in_crs(Places(there, shapes[there], crs[there]), DEGREES)
    areas, lengths = shapely.area(shapes), shapely.length(shapes)
    sizes = np.where(areas > 0, areas, lengths)
    return [
        Drawn(degree, None if degree is None else Decimal(float(size)).quantize(_CENT)) for degree, size in zip(degrees, sizes, strict=True)
    ]


class _Ground:
    """The recorded shapes, brought into the plane of the run and repaired as the check did."""

    def __init__(self, rows: Sequence[Any], manifest: Mapping[str, Any]) -> None:
        self.rows = {(row.subject, row.subject_key): row for row in rows}
        self.measuring = _widths(manifest)
        self.plane = self._plane(manifest.get("planes") or ())

    def _plane(self, planes: Sequence[str]) -> str | None:
        """The plane of the run; one that measured in several (offices apart from land) measured land in that of the land."""
        if len(planes) == 1:
            return planes[0]
        keys = [key for key in self.rows if key[0] in ("parcel", "community")]
        shapes, crs = self.recorded(keys)
        there = shapes != None  # noqa: E711
        return plane_of(Places(there.nonzero()[0], shapes[there], crs[there])) if there.any() else None

    def recorded(self, keys: Sequence[tuple[str, str]]) -> tuple[np.ndarray, np.ndarray]:
        """Shapes and coordinate systems as recorded, None for what is not."""
        import numpy as np

        rows = [self.rows.get(key) for key in keys]
        crs = np.array([*(row.crs if row else None for row in rows), None], object)[:-1]
        shapes = parsed(np.array([*(row.geometry if row and row.crs else None for row in rows), None], object)[:-1])
        return shapes, np.where(shapes != None, crs, np.array(None, object))  # noqa: E711

    def _drawn(self, subject: str) -> tuple[list[str], Any, np.ndarray]:
        import numpy as np

        rows = [row for (kind, _), row in self.rows.items() if kind == subject]
        wkb, crs = (np.array([*(getattr(row, name) for row in rows), None], object)[:-1] for name in ("geometry", "crs"))
        return [row.subject_key for row in rows], examined(wkb), crs

    @cached_property
    def parcels(self) -> tuple[dict[str, int], np.ndarray]:
        """Number of every parcel by its id, and their shapes."""
        keys, drawn, crs = self._drawn("parcel")
        assert self.plane and self.measuring
        land, _ = with_borders(drawn, crs, self.plane, self.measuring)
        return {key: i for i, key in enumerate(keys)}, land.shapes

    @cached_property
    def communities(self) -> tuple[dict[str, int], np.ndarray]:
        """Number of every community by its code, and their shapes."""
        keys, drawn, crs = self._drawn("community")
        assert self.plane and self.measuring
        matched = with_common_vertices(drawn.shapes, crs, self.measuring.vertex_m)
        return {key: i for i, key in enumerate(keys)}, measured(drawn, crs, self.plane, self.measuring.repair_share, matched).shapes

    @cached_property
    def of_project(self) -> dict[str, list[int]]:
        """Numbers of the parcels of every project."""
        numbers: dict[str, list[int]] = {}
        for key, number in self.parcels[0].items():
            numbers.setdefault(self.rows["parcel", key].project_id or "", []).append(number)
        return numbers

    def points(self, subject: str, keys: Sequence[str]) -> np.ndarray:
        """Where they are, in the plane; what is drawn as an area at a point inside it."""
        import numpy as np
        import shapely

        shapes, crs = self.recorded([(subject, key) for key in keys])
        there = np.flatnonzero(shapes != None)  # noqa: E711
        points = np.full(len(shapes), None, object)
        assert self.plane
        points[there] = in_crs(Places(there, shapes[there], crs[there]), self.plane)
        areas = ~shapely.is_missing(points) & (shapely.get_type_id(points) != shapely.GeometryType.POINT)
        points[areas] = shapely.point_on_surface(points[areas])
        return points


def _widths(manifest: Mapping[str, Any]) -> Measuring | None:
    """The widths that the run measured with; None for a run that recorded none, or not all of them."""
    told = manifest.get("measuring") or {}
    names = [field.name for field in fields(Measuring) if field.name not in ("group_m", "alike_m")]
    if not all(name in told for name in names):
        return None
    widths: dict[str, Any] = {name: float(told[name]) for name in names}
    return Measuring(**widths)


def _outside_city(ground: _Ground, errors: Sequence[Error]) -> list[shapely.Geometry | None]:
    import shapely

    parcels, communities = ground.parcels, ground.communities[1]
    tree = shapely.STRtree(communities)
    shapes: list[shapely.Geometry | None] = []
    for error in errors:
        number = parcels[0].get(error.key)
        parcel = None if number is None else parcels[1][number]
        near = communities[tree.query(parcel)] if parcel is not None else ()
        shapes.append(shapely.difference(parcel, shapely.union_all(near)) if parcel is not None else None)
    return shapes


def _edges(ground: _Ground, errors: Sequence[Error], numbers: Mapping[str, int], shapes: np.ndarray) -> list[shapely.Geometry | None]:
    import numpy as np

    assert ground.measuring
    asked = [numbers.get(error.key, -1) for error in errors]
    lines = unmatched_lines(shapes, ground.measuring.narrow_m, np.array([number for number in asked if number >= 0], int))
    return [lines[number] if number >= 0 else None for number in asked]


def _off_land(ground: _Ground, errors: Sequence[Error]) -> np.ndarray:
    import numpy as np
    import shapely

    shapes = ground.parcels[1]
    lands = np.full(len(errors), None, object)
    for i, error in enumerate(errors):
        own = [shapes[number] for number in ground.of_project.get(error.project, ()) if shapes[number] is not None]
        lands[i] = shapely.multipolygons(shapely.get_parts(own)) if error.project and own else None
    return shapely.shortest_line(ground.points("premises", [error.key for error in errors]), lands)


def _off_community(ground: _Ground, errors: Sequence[Error]) -> np.ndarray:
    import numpy as np
    import shapely

    numbers, shapes = ground.communities
    own = [numbers.get(error.community, -1) for error in errors]
    lands = np.append(shapes, np.array([None], object))[own]
    return shapely.shortest_line(ground.points("office", [error.key for error in errors]), lands)


#: Kind of error -> its shapes in the plane, None where what is needed is not recorded.
_DRAWN: dict[str, Callable[[_Ground, Sequence[Error]], Any]] = {
    "outside_city": _outside_city,
    "edge": lambda ground, errors: _edges(ground, errors, *ground.parcels),
    "boundary_edge": lambda ground, errors: _edges(ground, errors, *ground.communities),
    "off_land": _off_land,
    "off_community": _off_community,
}
