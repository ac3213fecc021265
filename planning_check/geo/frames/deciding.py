"""Whether a layer's coordinates can be what its coordinate system says, and which other reading would bring its records together.

Nothing is guessed: a layer without coordinate system, or whose coordinates cannot lie in the one stated, is measured nowhere until somebody
says how to read it. What is proposed comes with its evidence.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from planning_check.geo.frames.plane import DEGREES, Places, in_crs, parsed, rows_of, zone_of
from planning_check.geo.frames.readings import Reading, possible

if TYPE_CHECKING:
    import duckdb
    import numpy as np

    from planning_check.measuring import Measuring

#: A layer is looked at by so many of its features, spread over it; it bounds the work, and no share is judged by fewer.
SAMPLE = 1_000
#: West, south, east and north of the country in whole tens of degrees.
_CHINA = (70.0, 0.0, 140.0, 60.0)
_TABLES = ("parcels", "communities", "offices", "premises", "idle_facilities", "renewal_areas")
#: What a record must lie by: table -> (the other's table, how they are joined).
_PARTNERS = {
    "offices": ("communities", "JOIN communities p USING (community_code)"),
    "communities": ("offices", "JOIN offices p USING (community_code)"),
    "premises": ("parcels", "JOIN parcels p USING (project_id)"),
    "parcels": ("communities", "JOIN projects j USING (project_id) JOIN communities p ON p.community_code = j.community_code"),
}


@dataclass
class Layer:
    """One delivered layer: a sample of its features as drawn (``shapes``), in ``crs`` (None: not stated)."""

    source_id: int
    table: str
    crs: str | None
    features: int
    rows: np.ndarray
    shapes: np.ndarray
    in_reach: float | None = None
    usable: bool = False


@dataclass
class Evidence:
    """How the sample lies by what it is compared with (``linked`` records, the ``extent`` of the other layers, or nothing but ``size``).
    ``proposed``: the one best reading; ``readings``: several that nothing tells apart."""

    by: str
    compared: int | None = None
    as_stated: int | None = None
    proposed: Reading | None = None
    as_proposed: int | None = None
    readings: tuple[Reading, ...] = ()


def frame_layers(con: duckdb.DuckDBPyConnection, measuring: Measuring) -> None:
    """Make ``layer_frame``: a row a source with geometry; and take the coordinate system from features that cannot lie in it.

    Columns: source_id, features, in_reach_share (of a sample, in China and in the coordinate system's area of use; NULL without one),
    is_usable, compared_by (linked, extent, size), compared, fit_as_stated, fit_as_proposed (features), proposed (as ``--crs`` takes it),
    proposed_kind, other_readings (several that nothing tells apart: then none is proposed).
    """
    _give_back(con)
    con.execute("""CREATE TABLE layer_frame (source_id INTEGER, features BIGINT, in_reach_share DECIMAL(9, 6), is_usable BOOLEAN,
        compared_by VARCHAR, compared BIGINT, fit_as_stated BIGINT, fit_as_proposed BIGINT, proposed VARCHAR,
        proposed_kind VARCHAR, other_readings VARCHAR)""")
    layers = [layer for table in _TABLES for layer in _layers(con, table, measuring)]
    for layer in layers:
        _write(con, layer, _evidence(con, layer, layers, measuring))
    for layer in layers:
        if layer.crs is not None and not layer.usable:
            these = f"{layer.table} WHERE geometry_crs IS NOT NULL AND rowid IN ({_drawn_in(layer.table, layer.source_id)})"
            con.execute(f"INSERT INTO crs_taken SELECT '{layer.table}', rowid, geometry_crs FROM {these}")
            con.execute(f"UPDATE {these.replace(' WHERE', ' SET geometry_crs = NULL WHERE', 1)}")


def _give_back(con: duckdb.DuckDBPyConnection) -> None:
    """Where the map is measured a second time, by other widths: the coordinate systems taken the first time are there again."""
    con.execute("CREATE TABLE IF NOT EXISTS crs_taken (table_name VARCHAR, row_no BIGINT, crs VARCHAR)")
    for (table,) in con.execute("SELECT DISTINCT table_name FROM crs_taken ORDER BY 1").fetchall():
        con.execute(f"UPDATE {table} t SET geometry_crs = c.crs FROM crs_taken c WHERE c.table_name = '{table}' AND c.row_no = t.rowid")
    con.execute("DELETE FROM crs_taken")


def _drawn_in(table: str, sources: str | int) -> str:
    """SQL: the rows (``rowid``) of a table whose geometry was delivered by these sources."""
    rows = f"(SELECT rowid, unnest(row_ids) AS row_id FROM {table})"
    return f"SELECT t.rowid FROM {rows} t JOIN raw_{table} g USING (row_id) WHERE g.geometry IS NOT NULL AND g.source_id IN ({sources})"


def _layers(con: duckdb.DuckDBPyConnection, table: str, measuring: Measuring) -> list[Layer]:
    found = []
    counts = f"SELECT source_id, count(*), any_value(geometry_crs) FROM raw_{table} WHERE geometry IS NOT NULL GROUP BY 1 ORDER BY 1"
    for source_id, features, crs in con.execute(counts).fetchall():
        step = -(-features // SAMPLE)
        sample = rows_of(
            con,
            f"""
            SELECT row_id, geometry FROM (SELECT row_id, geometry, row_number() OVER (ORDER BY row_id) AS n FROM raw_{table}
            WHERE source_id = {source_id} AND geometry IS NOT NULL) WHERE (n - 1) % {step} = 0 ORDER BY row_id""",
        )
        shapes = parsed(sample["geometry"].to_numpy().astype(object))
        there = _has_place(shapes)
        layer = Layer(source_id, table, crs, features, sample["row_id"].to_numpy()[there], shapes[there])
        layer.in_reach = _in_reach(layer, measuring.reach_margin_degrees)
        layer.usable = layer.in_reach is not None and layer.in_reach >= measuring.usable_share
        found.append(layer)
    return found


def _has_place(shapes: np.ndarray) -> np.ndarray:
    import numpy as np
    import shapely

    with np.errstate(invalid="ignore"):
        return np.isfinite(shapely.bounds(shapes)).all(axis=1)


def _middles(shapes: np.ndarray) -> np.ndarray:
    import shapely

    boxes = shapely.bounds(shapes)
    return (boxes[:, :2] + boxes[:, 2:]) / 2


def _in_reach(layer: Layer, margin: float) -> float | None:
    """The share of the sample that lies in China and where its coordinate system is used; None without one, or without a place."""
    import numpy as np
    import shapely

    if layer.crs is None or not len(layer.shapes):
        return None
    degrees = _degrees(Reading(layer.crs), shapely.points(_middles(layer.shapes)))
    west, south, east, north = _area_of_use(layer.crs, margin)
    x, y = shapely.get_x(degrees), shapely.get_y(degrees)
    with np.errstate(invalid="ignore"):
        return float(np.mean((x >= west) & (x <= east) & (y >= south) & (y <= north)))


def _area_of_use(crs: str, margin: float) -> tuple[float, float, float, float]:
    import pyproj

    area, (west, south, east, north) = pyproj.CRS(crs).area_of_use, _CHINA
    if area is None:
        return _CHINA
    return max(west, area.west - margin), max(south, area.south - margin), min(east, area.east + margin), min(north, area.north + margin)


def _degrees(reading: Reading, shapes: np.ndarray) -> np.ndarray:
    """The shapes as read, in CGCS2000 degrees; None for what is nowhere."""
    import numpy as np

    with np.errstate(invalid="ignore", over="ignore"):
        return in_crs(Places(shapes, reading.applied(shapes), np.full(len(shapes), reading.crs, object)), DEGREES)


def _evidence(con: duckdb.DuckDBPyConnection, layer: Layer, layers: list[Layer], measuring: Measuring) -> Evidence:
    """What speaks for the reading as stated, and for the best other one where that does not satisfy."""
    if not len(layer.shapes):
        return Evidence("size")
    others = [r for r in possible(_middles(layer.shapes)) if r != Reading(layer.crs or "")]
    for by, fits in (("linked", _linked(con, layer, layers, measuring)), ("extent", _within(layer, layers, measuring))):
        if fits is None:
            continue
        found = _compared(by, fits, layer, others, measuring.satisfied_share)
        if layer.usable or found.as_proposed:
            return found
    if layer.usable or not others:
        return Evidence("size")
    return Evidence("size", readings=tuple(others))  # nothing was compared, so none of them is better than another


def _compared(by: str, fits: tuple, layer: Layer, others: list[Reading], satisfied_share: float) -> Evidence:
    """How many fit as stated, and under the best other reading, which is proposed unless others are as good."""
    compared, count = fits
    found = Evidence(by, compared)
    if layer.usable:
        found.as_stated = count(Reading(layer.crs or ""))
        if by == "extent" or found.as_stated >= satisfied_share * compared:  # lying apart is no sign of a wrong reading
            return found
    counts = [count(reading) for reading in others]
    best = max(counts, default=0)
    if best > (found.as_stated or 0):
        equal = tuple(reading for reading, n in zip(others, counts, strict=True) if n == best)
        found.as_proposed = best
        found.proposed, found.readings = (equal[0], ()) if len(equal) == 1 else (None, equal)
    return found


def _linked(con: duckdb.DuckDBPyConnection, layer: Layer, layers: list[Layer], measuring: Measuring) -> Any:
    """How many records there are to compare with, and a function of a reading: how many of them lie by their partner.
    None where too few have any."""
    import numpy as np
    import pyarrow as pa
    import shapely

    if layer.table not in _PARTNERS:
        return None
    partner, joined = _PARTNERS[layer.table]
    trusted = ", ".join(str(other.source_id) for other in layers if other.usable and other.table == partner) or "-1"
    con.register("sampled", pa.table({"row_id": layer.rows, "place": np.arange(len(layer.rows))}))
    pairs = rows_of(
        con,
        f"""
        SELECT s.place, p.geometry, p.geometry_crs AS crs
        FROM (SELECT *, unnest(row_ids) AS row_id FROM {layer.table}) t JOIN sampled s USING (row_id)
        {joined} WHERE p.geometry_crs IS NOT NULL AND p.rowid IN ({_drawn_in(partner, trusted)}) ORDER BY s.place, p.rowid""",
    )
    con.unregister("sampled")
    places, crs = pairs["place"].to_numpy(), pairs["crs"].to_numpy().astype(object)
    partners = parsed(pairs["geometry"].to_numpy().astype(object))
    there = _has_place(partners)
    places, crs, partners = places[there], crs[there], partners[there]
    compared = len(np.unique(places))
    if compared < measuring.fewest_compared:
        return None
    degrees = in_crs(Places(places, shapely.points(_middles(partners)), crs), DEGREES)
    plane = zone_of(shapely.get_x(degrees[~shapely.is_missing(degrees)]))
    partners = in_crs(Places(places, shapely.force_2d(partners), crs), plane)
    own = layer.shapes if layer.table == "communities" else shapely.points(_middles(layer.shapes))

    def count(reading: Reading) -> int:
        read = in_crs(Places(layer.rows, _degrees(reading, own), np.full(len(own), DEGREES, object)), plane)
        with np.errstate(invalid="ignore"):
            near = shapely.distance(read[places], partners) <= measuring.fit_m
        return len(np.unique(places[near]))

    return compared, count


def _within(layer: Layer, layers: list[Layer], measuring: Measuring) -> Any:
    """The same against the box that the other layers fill."""
    import numpy as np
    import shapely

    there = [
        _degrees(Reading(o.crs or ""), shapely.points(_middles(o.shapes))) for o in layers if o.usable and o.source_id != layer.source_id
    ]
    if not there:
        return None
    points = np.concatenate(there)
    x, y = (np.percentile(f(points[~shapely.is_missing(points)]), [1, 99]) for f in (shapely.get_x, shapely.get_y))
    margin = max(measuring.extent_margin_degrees, measuring.extent_margin_share * max(x[1] - x[0], y[1] - y[0]))
    box = shapely.box(x[0] - margin, y[0] - margin, x[1] + margin, y[1] + margin)
    own = shapely.points(_middles(layer.shapes))
    return len(own), lambda reading: int(shapely.intersects(_degrees(reading, own), box).sum())


def _write(con: duckdb.DuckDBPyConnection, layer: Layer, found: Evidence) -> None:
    share = None if layer.in_reach is None else round(layer.in_reach, 6)
    proposed = found.proposed
    con.execute(
        "INSERT INTO layer_frame VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [layer.source_id, layer.features, share, layer.usable if layer.crs else False, found.by, found.compared,
         found.as_stated, found.as_proposed,
         proposed.text if proposed else None, proposed.kind if proposed else None, ", ".join(r.text for r in found.readings) or None],
    )  # fmt: skip
