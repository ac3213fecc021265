"""What lies at the border of two cities, measured as a check measures it: of each alone, and of both together. Where that differs, or
where things of both lie within a rule's reach of each other, the two reach across.

Only what is near the other city is measured, and what lies around that, so that a border costs what it is long. The nearest idle facility
is looked for without a limit by ``geo.places.near``; here up to ``reach_m``, for beyond it no rule asks and nothing is matched.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from planning_check.engine import opened
from planning_check.geo.frames.plane import Places, in_crs, longitudes_of, read_places, zone_of
from planning_check.geo.land.boundaries import locate_boundaries
from planning_check.geo.land.locate import LAND_TABLES, locate_land
from planning_check.geo.land.overlaps import OVERLAP_TABLE
from planning_check.geo.places.points import locate_points
from planning_check.geo.shapes.validity import repaired
from planning_check.province.map import LAYERS

if TYPE_CHECKING:
    import duckdb
    import numpy as np
    import pyarrow as pa

    from planning_check.measuring import Measuring

_DEGREE_M = 111_320
_BOX = ("west", "south", "east", "north")


@dataclass(frozen=True)
class Widths:
    """``measuring``: that of a check; ``reach_m``: how far an office and an idle facility are looked for from each other; ``edge_m``: how
    much of a border may not meet before a rule says so."""

    measuring: Measuring
    reach_m: float
    edge_m: float

    @property
    def ring_m(self) -> float:
        """Nothing farther than this from the other city's is measured with it."""
        near = self.measuring
        return max(self.reach_m, near.alike_m or 0, near.same_place_m, near.narrow_m, near.vertex_m, *near.group_m) * 1.01 + 1


@dataclass
class Across:
    """Places at which two cities reach across: ``kind`` -> what is told of each, in order."""

    places: dict[str, dict[str, None]] = field(default_factory=dict)

    def add(self, kind: str, what: str) -> None:
        self.places.setdefault(kind, {})[what] = None


def near_cities(con: duckdb.DuckDBPyConnection, widths: Widths) -> list[tuple[int, int]]:
    """The pairs of cities (their numbers) whose boxes meet, widened. ``con``: with the tables ``map_<layer>``."""
    sides = ", ".join(f"{how}({side}) AS {side}" for side, how in zip(_BOX, ("min", "min", "max", "max"), strict=True))
    layers = " UNION ALL ".join(f"SELECT city, {', '.join(_BOX)} FROM map_{layer}" for layer in LAYERS)
    con.execute(f"CREATE OR REPLACE TABLE city_box AS SELECT city, {sides} FROM ({layers}) GROUP BY city")
    return con.execute(
        f"SELECT a.city, b.city FROM city_box a JOIN city_box b ON a.city < b.city AND {_meets('a', 'b', widths.ring_m)} ORDER BY ALL"
    ).fetchall()


def _meets(one: str, other: str, metres: float) -> str:
    """SQL: whether two boxes in degrees are that near, or a little farther."""
    lat = metres / _DEGREE_M
    lon = f"{lat} / cos(radians(least(greatest(abs({one}.south), abs({one}.north)) + 1, 85)))"
    return (
        f"{one}.west - {lon} <= {other}.east AND {one}.east + {lon} >= {other}.west"
        f" AND {one}.south - {lat} <= {other}.north AND {one}.north + {lat} >= {other}.south"
    )


def across(con: duckdb.DuckDBPyConnection, one: int, other: int, as_of: dt.date, widths: Widths) -> Across:
    """How two cities reach across on the map."""
    found = Across()
    rows = _near_the_other(con, one, other, widths.ring_m)
    if not any(table.num_rows for table in rows.values()):
        return found
    with _engine(rows) as both:
        _in_reach(both, widths, found)
        together = _measured(both, as_of, widths)
        _near_projects(both, found)
    for city in (one, other):
        with _engine({name: table.filter(_is_of(table, city)) for name, table in rows.items()}) as alone:
            _compare(_measured(alone, as_of, widths), together, widths, found)
    return found


def _near_the_other(con: duckdb.DuckDBPyConnection, one: int, other: int, ring_m: float) -> dict[str, pa.Table]:
    """The rows of each layer that lie near a row of the other city, and those of their own city that lie near these."""
    boxes = " UNION ALL ".join(
        f"SELECT '{layer}' AS layer, rowid AS row_no, city, {', '.join(_BOX)} FROM map_{layer} WHERE city IN ({one}, {other})"
        for layer in LAYERS
    )
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE border_box AS SELECT x.* FROM ({boxes}) x JOIN city_box c ON c.city = {one} + {other} - x.city "
        f"AND {_meets('x', 'c', 3 * ring_m)} ORDER BY ALL"
    )
    chosen = con.execute("SELECT layer, row_no, city, west, south, east, north FROM border_box ORDER BY ALL").fetchnumpy()
    kept = _both_rings(chosen, one, ring_m)
    tables = {}
    for layer in LAYERS:
        numbers = chosen["row_no"][kept & (chosen["layer"] == layer)].tolist()
        tables[layer] = _rows(con, f"SELECT * FROM map_{layer} WHERE rowid IN (SELECT unnest(?::BIGINT[])) ORDER BY rowid", numbers)
    ids = [p for layer in ("parcels", "premises") for p in tables[layer]["project_id"].to_pylist() if p is not None]
    of_both = f"SELECT * FROM map_projects WHERE city IN ({one}, {other}) AND project_id IN (SELECT unnest(?::VARCHAR[])) ORDER BY ALL"
    tables["projects"] = _rows(con, of_both, ids)
    return tables


def _rows(con: duckdb.DuckDBPyConnection, query: str, values: list[Any]) -> pa.Table:
    con.execute("SELECT 1").fetchall()  # DuckDB refuses sql() while an earlier result is not fetched to its end
    return con.sql(query, params=[values]).to_arrow_table()


def _both_rings(boxes: dict[str, np.ndarray], one: int, ring_m: float) -> np.ndarray:
    import numpy as np
    import shapely

    west, south, east, north = (np.asarray(boxes[side], float) for side in _BOX)
    kept = np.zeros(len(west), bool)
    if not len(west):
        return kept
    lat = ring_m / _DEGREE_M
    lon = lat / np.cos(np.radians(min(float(np.abs(north).max()) + 1, 85)))
    shapes = shapely.box(west, south, east, north)
    wide = shapely.box(west - lon, south - lat, east + lon, north + lat)
    is_one = np.asarray(boxes["city"]) == one
    a, b = shapely.STRtree(shapes[~is_one]).query(wide[is_one])
    kept[np.flatnonzero(is_one)[a]] = True
    kept[np.flatnonzero(~is_one)[b]] = True
    if kept.any():
        around, _ = shapely.STRtree(shapes[kept]).query(wide)
        kept[around] = True
    return kept


def _is_of(table: pa.Table, city: int) -> pa.Array:
    import pyarrow.compute as pc

    return pc.equal(table["city"], city)


class _engine:
    """A small engine with these tables as a check has them."""

    def __init__(self, tables: dict[str, pa.Table]) -> None:
        self.tables, self.open = tables, opened(threads=1)

    def __enter__(self) -> duckdb.DuckDBPyConnection:
        con = self.open.__enter__()
        for name, table in self.tables.items():
            con.register("rows_of_it", table)
            con.execute(f"CREATE TABLE {name} AS SELECT * FROM rows_of_it")
            con.unregister("rows_of_it")
        con.execute("CREATE TABLE quarantine (table_name VARCHAR, project_id VARCHAR, code VARCHAR)")
        con.execute(files("planning_check.facts").joinpath("identity.sql").read_text("utf-8"))
        return con

    def __exit__(self, *raised: object) -> None:
        self.open.__exit__(*raised)  # type: ignore[arg-type]


Measures = dict[tuple[str, str], tuple[float, ...] | str | None]


def _measured(con: duckdb.DuckDBPyConnection, as_of: dt.date, widths: Widths) -> Measures:
    """What a check finds of each thing that another city's might change."""
    con.execute(OVERLAP_TABLE)
    con.execute("CREATE TABLE IF NOT EXISTS geo_choice (purpose VARCHAR, crs VARCHAR)")
    for table in ("community_shape", "point_place", *LAND_TABLES):
        con.execute(f"DROP TABLE IF EXISTS {table}")
    locate_boundaries(con, as_of, widths.measuring)
    locate_points(con, as_of, widths.measuring)
    locate_land(con, as_of, widths.measuring)
    found: Measures = {}
    for key, *values in con.execute(
        "SELECT parcel_id, coalesce(overlap_m2, 0), coalesce(own_overlap_m2, 0), coalesce(outside_city_m2, -1), "
        "coalesce(unmatched_edge_m, 0) FROM parcel_shape ORDER BY ALL"
    ).fetchall():
        found["parcels", key] = tuple(map(float, values))
    for key, *values in con.execute(
        "SELECT community_code, coalesce(boundary_overlap_m2, 0), 0, 0, coalesce(boundary_edge_m, 0) FROM community_shape ORDER BY ALL"
    ).fetchall():
        found["communities", key] = tuple(map(float, values))
    for table, key, community in con.execute("SELECT table_name, key, community_by_map FROM point_place ORDER BY ALL").fetchall():
        found[table, key] = community
    for key, shares in con.execute("SELECT project_id, community_shares FROM project_place ORDER BY ALL").fetchall():
        found["projects", key] = ",".join(sorted(one.split(" ")[0] for one in shares.split(", "))) if shares else None
    return found


def _compare(alone: Measures, together: Measures, widths: Widths, found: Across) -> None:
    """What the other city changes."""
    for (table, key), before in alone.items():
        after = together.get((table, key))
        if isinstance(before, tuple) and isinstance(after, tuple):
            if after[0] - before[0] >= 0.99 * widths.measuring.sliver_m2 or after[1] - before[1] >= 0.99 * widths.measuring.sliver_m2:
                found.add("overlap", f"{key} {after[0] or after[1]:.2f} m2")
            elif _differs(before[2], after[2], widths.measuring.sliver_m2):
                found.add("inside", f"{key} {max(before[2], 0) - max(after[2], 0):.2f} m2")
            elif after[3] > widths.edge_m and _differs(before[3], after[3], 0.05):
                found.add("edges", f"{key} {after[3]:.2f} m")
        elif before != after:
            found.add("inside", f"{key} {after}")


def _differs(before: float, after: float, by: float) -> bool:
    """More than by what another plane makes of it."""
    return abs(after - before) > by + 0.001 * abs(before)


def _in_reach(con: duckdb.DuckDBPyConnection, widths: Widths, found: Across) -> None:
    """Offices and idle facilities, offices and renewal areas, rooms: of two cities, within reach of each other."""
    for what, layer, key, other, other_key, metres in (
        ("offices", "offices", "office_id", "idle_facilities", "facility_id", widths.reach_m),
        ("offices", "offices", "office_id", "renewal_areas", "renewal_id", 0.0),
        ("rooms", "premises", "premises_id", "premises", "premises_id", widths.measuring.same_place_m),
    ):
        for here, there, apart_m in _pairs(con, layer, key, other, other_key, metres):
            found.add(what, f"{here} - {there} {apart_m:.0f} m")


def _pairs(
    con: duckdb.DuckDBPyConnection, layer: str, key: str, other: str, other_key: str, metres: float
) -> Iterator[tuple[str, str, float]]:  # fmt: skip
    import shapely

    here = read_places(con, f"SELECT {key}, geometry, geometry_crs, city FROM {layer} ORDER BY {key}")
    there = read_places(con, f"SELECT {other_key}, geometry, geometry_crs, city FROM {other} ORDER BY {other_key}")
    longitudes = longitudes_of(here) if len(here) else ()
    if not len(longitudes) or not len(there):
        return
    plane = zone_of(longitudes)  # type: ignore[arg-type]
    a, b = _points(here, plane), repaired(in_crs(there, plane))
    for i, j in zip(*shapely.STRtree(b).query(a, predicate="dwithin", distance=metres), strict=True):
        if here.extra[i] != there.extra[j] and (layer != other or here.extra[i] < there.extra[j]):
            yield str(here.keys[i]), str(there.keys[j]), float(shapely.distance(a[i], b[j]))


def _points(places: Places, plane: str) -> np.ndarray:
    import shapely

    return shapely.centroid(in_crs(places, plane))


def _near_projects(con: duckdb.DuckDBPyConnection, found: Across) -> None:
    """Near projects of one developer, or of two by names alike, the one of this city and the other of that."""
    near = con.execute("""
        SELECT DISTINCT n.project_id, n.other_id, n.metres FROM (
            SELECT n.* FROM project_near n JOIN projects p USING (project_id) WHERE number_of(p.developer_code) IS NOT NULL
            UNION ALL SELECT * FROM project_alike) n
        JOIN projects a ON a.project_id = n.project_id JOIN projects b ON b.project_id = n.other_id AND b.city <> a.city ORDER BY ALL
    """).fetchall()
    for one, other, metres in near:
        found.add("developers", f"{one} - {other} {metres} m")
