"""The map of an invented city: communities in a row of squares, a parcel a project in its community, offices and facilities as points.

Every layer states CGCS2000, three-degree zone, central meridian 108 E. What is written is the same whenever it is written.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely

PLANE = "EPSG:4545"
SIDE, WIDE, HIGH = 2000.0, 200.0, 100.0  # of a community; of a parcel
_ACROSS, _STEP_X, _STEP_Y = 7, 250.0, 150.0
_DAY = "2011-06-30T00:00:00.000Z"


@dataclass(frozen=True)
class Ground:
    """Where a city lies: the south-west corner of its first community, in metres of the plane."""

    east: float
    north: float

    def community(self, number: int) -> shapely.Polygon:
        """The square of community ``number`` (from 1)."""
        west = self.east + SIDE * (number - 1)
        return shapely.box(west, self.north, west + SIDE, self.north + SIDE)

    def parcel(self, community: int, place: int) -> shapely.Polygon:
        """The parcel at a place (from 0, at most 83) of a community: 20,000 m2, 50 m from the next."""
        west = self.east + SIDE * (community - 1) + 100 + _STEP_X * (place % _ACROSS)
        south = self.north + 100 + _STEP_Y * (place // _ACROSS)
        return shapely.box(west, south, west + WIDE, south + HIGH)

    def point(self, community: int, east: float, north: float) -> shapely.Point:
        """A point so far from the corner of a community."""
        return shapely.Point(self.east + SIDE * (community - 1) + east, self.north + north)


def write_layer(folder: Path, name: str, rows: list[dict[str, Any]], shapes: list[shapely.Geometry], *, as_json: bool) -> None:
    """One layer: GeoJSON that names its coordinate system, or GeoPackage. Values as text."""
    if as_json:
        features = [
            {"type": "Feature", "properties": row, "geometry": json.loads(shapely.to_geojson(shape))}
            for row, shape in zip(rows, shapes, strict=True)
        ]
        crs = {"type": "name", "properties": {"name": f"urn:ogc:def:crs:{PLANE.replace(':', '::')}"}}
        told = {"type": "FeatureCollection", "name": name, "crs": crs, "features": features}
        (folder / f"{name}.geojson").write_text(json.dumps(told, ensure_ascii=False), "utf-8")
        return
    columns = {head: np.array([None if row[head] is None else str(row[head]) for row in rows], dtype=object) for head in rows[0]}
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": _DAY})
    try:
        pyogrio.raw.write(
            folder / f"{name}.gpkg", shapely.to_wkb(shapes), list(columns.values()), list(columns),
            layer=name, driver="GPKG", geometry_type=shapes[0].geom_type, crs=PLANE,
        )  # fmt: skip
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})
