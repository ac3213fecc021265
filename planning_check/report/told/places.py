"""Where findings lie on the map: the shape of what they are about, in degrees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from planning_check.geo.frames.plane import DEGREES, Places, in_crs, parsed
from planning_check.geo.land.collect import together

if TYPE_CHECKING:
    import shapely

#: Status of a finding about an overlap -> what is added to its subject for the land shared (``geo.land.overlaps``).
_PIECES = {"overlaps": "_overlap", "same_parcel": "_overlap", "overlaps_own": "_own_overlap"}


#: The kinds of shape that are land shared.
PIECES = tuple(f"{subject}{piece}" for subject in ("parcel", "community") for piece in dict.fromkeys(_PIECES.values()))


def piece_of(finding: Mapping[str, Any]) -> str:
    """The kind of the land shared that a finding is about; '' for a finding about something else."""
    piece = _PIECES.get(finding.get("status") or "")
    return f"{finding['subject']}{piece}" if piece else ""


@dataclass(frozen=True)
class Located:
    """Shapes in CGCS2000 degrees (longitude, latitude) by (subject, key); ``project``: its parcels as one multipolygon.
    ``projects``: whose a parcel or room is."""

    shapes: Mapping[tuple[str, str], shapely.Geometry]
    names: Mapping[tuple[str, str], str]
    projects: Mapping[tuple[str, str], str]

    def of(self, finding: Mapping[str, Any]) -> shapely.Geometry | None:
        """The shape of a finding: of an overlap the land shared, else its subject's, else its project's, else None.
        A community's boundary stands only for itself."""
        own = self.shapes.get((piece_of(finding), finding["subject_key"])) or self.shapes.get((finding["subject"], finding["subject_key"]))
        return own if own is not None else self.shapes.get(("project", finding["project_id"] or ""))

    def layer(self, subject: str) -> list[tuple[str, str, shapely.Geometry]]:
        """Key, name and shape of everything of one kind, in order of keys."""
        return [(key, self.names.get((subject, key), ""), shape) for (kind, key), shape in self.shapes.items() if kind == subject]


def located(rows: Sequence[Any]) -> Located:
    """The recorded shapes (``store.shapes``), those that have a CRS and can be placed."""
    import numpy as np

    def column(name: str) -> np.ndarray:
        return np.array([*(getattr(row, name) for row in rows), None], object)[:-1]

    subjects, keys, projects, crs, wkb = (column(name) for name in ("subject", "subject_key", "project_id", "crs", "geometry"))
    shapes = _in_degrees(Places(keys, parsed(wkb), crs))
    found = {(subjects[i], keys[i]): shapes[i] for i in np.flatnonzero(shapes != None)}  # noqa: E711
    of_project = np.flatnonzero((subjects == "parcel") & (projects != None))  # noqa: E711
    land = together(projects[of_project], wkb[of_project], crs[of_project])
    for key, shape in zip(land.keys, _in_degrees(land), strict=True):
        if shape is not None:
            found["project", key] = shape
    names = {(row.subject, row.subject_key): row.name for row in rows if row.name}
    return Located(found, names, {(row.subject, row.subject_key): row.project_id for row in rows if row.project_id})


def _in_degrees(places: Places) -> Any:
    import numpy as np
    import shapely

    shapes = np.full(len(places), None, object)
    usable = np.flatnonzero(~(shapely.is_missing(places.geometries) | shapely.is_empty(places.geometries)
                              | (places.crs == None)))  # noqa: E711  # fmt: skip
    shapes[usable] = in_crs(Places(usable, shapely.force_2d(places.geometries[usable]), places.crs[usable]), DEGREES)
    return shapes
