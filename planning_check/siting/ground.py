"""The plane in which everything is sited, with the communities and the land of projects on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from planning_check.errors import SourceError, Text
from planning_check.geo.frames.plane import DEGREES, Places, in_crs, longitudes_of, parsed, read_places, rows_of, zone_of
from planning_check.geo.places.points import first_covering
from planning_check.geo.shapes.validity import is_polygon, repaired
from planning_check.siting.result import Community

if TYPE_CHECKING:
    import duckdb
    import numpy as np

_COMMUNITIES = """
SELECT f.community_code, f.community_name, coalesce(d.district_name, f.district_code) AS district, f.population, f.households,
       c.geometry, c.geometry_crs, f.boundary_m2
FROM fact_community f JOIN communities c USING (community_code) LEFT JOIN districts d ON d.district_code = f.district_code
ORDER BY f.district_code, f.community_code
"""
_LAND = "SELECT project_id, geometry, geometry_crs FROM parcels WHERE project_id IS NOT NULL ORDER BY project_id, parcel_id"


@dataclass(frozen=True)
class Spot:
    """A point in the plane, in metres: of a geometry itself or, of an area of ``m2``, one inside it; or ``why`` there is none."""

    x: float = 0.0
    y: float = 0.0
    m2: float = 0.0
    why: str = ""


@dataclass(frozen=True)
class Ground:
    """``plane``: the CGCS2000 3-degree zone of the communities. ``shapes``: their polygons, None where unknown, in the order of
    ``communities`` (by district and code). ``land``: project -> points inside its parcels, rows of x, y in metres."""

    plane: str
    communities: tuple[Community, ...]
    shapes: np.ndarray
    land: dict[str, np.ndarray]

    def inner(self, number: int) -> np.ndarray | None:
        """A point inside a community, as a row; None where it has no polygon."""
        shape = self.shapes[number] if number >= 0 else None
        return None if shape is None else inner_points([shape])

    def at(self, xy: np.ndarray) -> list[int]:
        """The number of the community that covers each point (of several that of the smallest code), -1 where none does."""
        import numpy as np
        import shapely

        drawn = np.array([number for number, shape in enumerate(self.shapes) if shape is not None], np.int64)
        codes = np.array([self.communities[number].code for number in drawn])
        found = first_covering(self.shapes[drawn], codes, shapely.points(xy))
        return [int(drawn[at]) if at < len(drawn) else -1 for at in found]

    def in_degrees(self, shapes: Sequence[Any]) -> np.ndarray:
        """Shapes of the plane in CGCS2000 degrees."""
        import numpy as np

        held = np.array([*shapes, None], object)[:-1]
        return in_crs(Places(np.arange(len(held)), held, np.full(len(held), self.plane, object)), DEGREES)

    def spots(self, drawn: Sequence[tuple[bytes | None, str | None]]) -> list[Spot]:
        """Where geometries (WKB and CRS) lie in the plane, all at once."""
        import numpy as np
        import shapely

        if not drawn:
            return []
        wkb, crs = (np.array([*column, None], object)[:-1] for column in zip(*drawn, strict=True))
        shapes = parsed(wkb)
        usable = np.flatnonzero(~(shapely.is_missing(shapes) | shapely.is_empty(shapes)) & np.array([one is not None for one in crs]))
        moved = repaired(in_crs(Places(usable, shapes[usable], crs[usable]), self.plane)) if len(usable) else shapes[usable]
        points = np.where(shapely.get_type_id(moved) == shapely.GeometryType.POINT, moved, shapely.point_on_surface(moved))
        made = [Spot(why="no_place" if one is None or by is not None else "no_crs") for one, by in drawn]
        for at, point, m2 in zip(usable, points, shapely.area(moved), strict=True):
            if point is not None and not point.is_empty:
                made[at] = Spot(float(point.x), float(point.y), float(m2))
        return made


def inner_points(shapes: object) -> np.ndarray:
    """A point inside every shape, as rows of x, y."""
    import numpy as np
    import shapely

    return shapely.get_coordinates(shapely.point_on_surface(np.array(shapes, object)))


def ground_of(con: duckdb.DuckDBPyConnection) -> Ground:
    """Read communities and the land of projects. Raises SourceError where no community has a boundary that can be placed."""
    import numpy as np

    rows = con.execute(_COMMUNITIES).fetchall()
    if not rows:
        raise SourceError(Text("没有社区，不知道人住在哪里", "no communities: nobody knows where people live"),
                          fix=Text("报送社区名录和社区边界", "deliver the register of communities and their boundaries"))  # fmt: skip
    drawn = read_places(con, f"SELECT community_code, geometry, geometry_crs FROM ({_COMMUNITIES}) WHERE boundary_m2 IS NOT NULL")
    longitudes = longitudes_of(drawn) if len(drawn) else np.zeros(0)
    if not len(longitudes):
        without = sum(geometry is not None and crs is None for *_, geometry, crs, _area in rows)
        fix = (Text("用 --crs 文件=EPSG:4545 说明社区边界的坐标系", "say which coordinate system it is with --crs FILE=EPSG:4545") if without
               else Text("报送社区边界图层", "deliver the layer of boundaries"))  # fmt: skip
        raise SourceError(
            Text("没有一个社区的边界可用", "not one community has a usable boundary"), fix=fix,
            why=Text(f"{len(rows)} 个社区，有边界而坐标系不明的 {without} 个",
                     f"{len(rows)} communities, of which {without} have a boundary without a known coordinate system"),
        )  # fmt: skip
    plane = zone_of(longitudes)
    shapes = repaired(in_crs(drawn, plane))
    by_code = {code: shape for code, shape in zip(drawn.keys, shapes, strict=True) if is_polygon(np.array([shape]))[0]}
    communities = tuple(
        Community(code, name, district, population, households) for code, name, district, population, households, *_ in rows
    )
    held = np.array([*(by_code.get(one.code) for one in communities), None], object)[:-1]
    return Ground(plane, communities, held, _land(con, plane))


def _land(con: duckdb.DuckDBPyConnection, plane: str) -> dict[str, np.ndarray]:
    import numpy as np

    if not rows_of(con, _LAND).num_rows:
        return {}
    places = read_places(con, _LAND)
    shapes = repaired(in_crs(places, plane)) if len(places) else places.geometries
    there = np.flatnonzero(is_polygon(shapes)) if len(places) else np.zeros(0, int)
    land: dict[str, list[np.ndarray]] = {}
    for key, point in zip(places.keys[there], inner_points(shapes[there]) if len(there) else (), strict=True):
        land.setdefault(key, []).append(point)
    return {key: np.array(points) for key, points in land.items()}
