"""The map of an invented city of any size: seconds of each step on geometry and peak memory, beside geopandas as usually written."""

from __future__ import annotations

import argparse
import datetime as dt
import resource
import sys
import time
from pathlib import Path

import duckdb
import geopandas
import numpy as np
import pyarrow as pa
import shapely

sys.path.insert(0, str(Path(__file__).parents[1]))
from planning_check import pipeline
from planning_check.geo.land import boundaries
from planning_check.geo.land import locate as land
from planning_check.geo.places import assignment as matching
from planning_check.geo.places import points
from planning_check.schema import BY_NAME, SQL_TYPES

MEASURING = pipeline.load_rules().measuring
AS_OF = dt.date(2011, 6, 30)
PLANE = "EPSG:4545"
WEST, SOUTH, CELL = 480_000.0, 3_780_000.0, 40.0
TABLES = ("projects", "parcels", "premises", "communities", "offices", "idle_facilities")


def blocks(count: int, seed: int = 7) -> np.ndarray:
    """Parcels side by side on a grid, with 5 to 40 vertices each: neighbours share their corners but not their further vertices' places."""
    across = int(np.sqrt(count)) + 1
    number = np.arange(count)
    x, y = WEST + CELL * (number % across), SOUTH + CELL * (number // across)
    shapes = shapely.box(x, y, x + CELL, y + CELL)
    generator = np.random.default_rng(seed)
    return shapely.segmentize(shapes, generator.choice([4.0, 8.0, 20.0, 41.0], count))


def communities(count: int, extent: float) -> np.ndarray:
    """Squares over the city, with 300 to 2,000 vertices each."""
    across = int(np.ceil(np.sqrt(count)))
    side = extent / across
    number = np.arange(count)
    x, y = WEST + side * (number % across), SOUTH + side * (number // across)
    return shapely.segmentize(shapely.box(x, y, x + side, y + side), side / np.random.default_rng(3).integers(75, 500, count))


def city(parcels: int, communes: int) -> tuple[duckdb.DuckDBPyConnection, np.ndarray, np.ndarray]:
    """The typed tables: one project to ten parcels, every hundredth parcel swollen over its neighbours, every thousandth a bow-tie."""
    con = duckdb.connect()
    for name in TABLES:
        typed = [f'"{c}" {SQL_TYPES[f.type]}' for f in BY_NAME[name].fields for c in f.columns]
        typed += ["geometry_crs VARCHAR"] if BY_NAME[name].geometry else []
        con.execute(f"CREATE TABLE {name} ({', '.join([*typed, 'row_ids BIGINT[]'])})")
    con.execute(
        "CREATE TABLE quarantine (row_id BIGINT, table_name VARCHAR, key VARCHAR, project_id VARCHAR, community_code VARCHAR, code VARCHAR)"
    )
    con.execute("CREATE TABLE delivered (table_name VARCHAR, field VARCHAR)")
    shapes = blocks(parcels)
    shapes[::100] = shapely.buffer(shapes[::100], 3, join_style="mitre")
    box = shapely.bounds(shapes[::1000])
    shapes[::1000] = shapely.polygons(np.stack([box[:, [0, 1]], box[:, [2, 3]], box[:, [2, 1]], box[:, [0, 3]]], axis=1))
    drawn = communities(communes, CELL * (int(np.sqrt(parcels)) + 1))
    number = np.arange(parcels)
    con.register("p", pa.table({"n": number, "g": pa.array(shapely.to_wkb(shapes), pa.binary())}))
    con.execute(
        f"INSERT INTO parcels BY NAME SELECT 'L' || n AS parcel_id, 'P' || n // 10 AS project_id, g AS geometry, '{PLANE}' AS geometry_crs FROM p"
    )
    con.execute("INSERT INTO projects BY NAME SELECT 'P' || n AS project_id, 'D' || n % 5000 AS developer_code, 'Developer ' || n % 5000 AS developer_name "
                f"FROM range({parcels // 10}) t(n)")  # fmt: skip
    con.register("c", pa.table({"n": np.arange(communes), "g": pa.array(shapely.to_wkb(drawn), pa.binary())}))
    con.execute(f"INSERT INTO communities BY NAME SELECT 'C' || n AS community_code, g AS geometry, '{PLANE}' AS geometry_crs FROM c")
    middles = pa.array(shapely.to_wkb(shapely.centroid(drawn)), pa.binary())
    con.register("o", pa.table({"n": np.arange(communes), "g": middles}))
    con.execute(
        f"INSERT INTO offices BY NAME SELECT 'O' || n AS office_id, 'C' || n AS community_code, g AS geometry, '{PLANE}' AS geometry_crs FROM o"
    )
    for name in ("p", "c", "o"):
        con.unregister(name)
    return con, shapes, drawn


def usual(shapes: np.ndarray, drawn: np.ndarray) -> dict[str, float]:
    """What a notebook does: buffer(0), overlay and sjoin, one after the other."""
    parcels = geopandas.GeoDataFrame({"parcel": np.arange(len(shapes))}, geometry=shapes, crs=PLANE)
    areas = geopandas.GeoDataFrame({"community": np.arange(len(drawn))}, geometry=drawn, crs=PLANE)
    seconds = {}
    begun = time.perf_counter()
    parcels["geometry"] = parcels.buffer(0)
    seconds["repair by buffer(0)"] = time.perf_counter() - begun
    begun = time.perf_counter()
    geopandas.overlay(parcels, areas, how="intersection", keep_geom_type=True)
    seconds["overlay with communities"] = time.perf_counter() - begun
    begun = time.perf_counter()
    geopandas.sjoin(parcels, parcels, predicate="overlaps")
    seconds["overlaps by sjoin"] = time.perf_counter() - begun
    return seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--parcels", type=int, default=200_000)
    parser.add_argument("--communities", type=int, default=3_000)
    parser.add_argument("--usual", action="store_true", help="geopandas as usually written, on the same shapes")
    given = parser.parse_args()
    con, shapes, drawn = city(given.parcels, given.communities)
    steps = {
        "boundaries of communities": lambda: boundaries.locate_boundaries(con, AS_OF, MEASURING),
        "offices in communities": lambda: points.locate_points(con, AS_OF, MEASURING),
        "land: validity, repair, shares, overlaps, edges, neighbours": lambda: land.locate_land(con, AS_OF, MEASURING),
    }
    print(f"{given.parcels:,} parcels, {shapely.get_num_coordinates(shapes).sum():,} vertices; {given.communities:,} communities")
    if not given.usual:
        del shapes, drawn  # only what the check itself holds is measured
    total = 0.0
    for name, step in steps.items():
        begun = time.perf_counter()
        step()
        total += time.perf_counter() - begun
        print(f"  {time.perf_counter() - begun:8.2f} s  {name}")
    invalid, shared = con.execute("SELECT count(*) FILTER (NOT is_valid), count(*) FILTER (overlap_m2 > 0) FROM parcel_shape").fetchone()
    print(f"  {total:8.2f} s  in all, {given.parcels / total:,.0f} parcels/s; {invalid:,} invalid, {shared:,} overlap another project's")
    generator = np.random.default_rng(1)
    one, other = np.repeat(np.arange(given.communities), 20), generator.integers(0, given.communities, given.communities * 20)
    begun = time.perf_counter()
    matching.assign(given.communities, np.ones(given.communities, int), one, other, generator.integers(1, 100_000, len(one)))
    print(f"  {time.perf_counter() - begun:8.2f} s  {given.communities:,} offices matched to as many facilities over {len(one):,} pairs")
    print(f"  peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 / 1024:,.2f} GiB")
    if given.usual:
        for name, seconds in usual(shapes, drawn).items():
            print(f"  {seconds:8.2f} s  geopandas: {name}")


if __name__ == "__main__":
    main()
