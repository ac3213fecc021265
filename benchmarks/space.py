"""The map of an invented city of any size: seconds of each step on geometry, and peak memory. Beside its peers: ``peers.py``."""

from __future__ import annotations

import argparse
import datetime as dt
import resource
import sys
import time
from pathlib import Path

import duckdb
import invented_map
import numpy as np
import pyarrow as pa
import shapely
from invented_map import PLANE

sys.path.insert(0, str(Path(__file__).parents[1]))
from planning_check import pipeline
from planning_check.geo.land import boundaries
from planning_check.geo.land import locate as land
from planning_check.geo.places import assignment as matching
from planning_check.geo.places import points
from planning_check.schema import BY_NAME, SQL_TYPES

MEASURING = pipeline.load_rules().measuring
AS_OF = dt.date(2011, 6, 30)
TABLES = ("projects", "parcels", "premises", "communities", "offices", "idle_facilities")


def city(parcels: int, communes: int) -> duckdb.DuckDBPyConnection:
    """The typed tables: one project to ten parcels."""
    con = duckdb.connect()
    for name in TABLES:
        typed = [f'"{c}" {SQL_TYPES[f.type]}' for f in BY_NAME[name].fields for c in f.columns]
        typed += ["geometry_crs VARCHAR"] if BY_NAME[name].geometry else []
        con.execute(f"CREATE TABLE {name} ({', '.join([*typed, 'row_ids BIGINT[]'])})")
    con.execute(
        "CREATE TABLE quarantine (row_id BIGINT, table_name VARCHAR, key VARCHAR, project_id VARCHAR, community_code VARCHAR, code VARCHAR)"
    )
    con.execute("CREATE TABLE delivered (table_name VARCHAR, field VARCHAR)")
    shapes, drawn = invented_map.parcels(parcels), invented_map.communities(communes, parcels)
    print(f"{parcels:,} parcels, {shapely.get_num_coordinates(shapes).sum():,} vertices; {communes:,} communities")
    con.register("p", pa.table({"n": np.arange(parcels), "g": pa.array(shapely.to_wkb(shapes), pa.binary())}))
    con.execute(
        "INSERT INTO parcels BY NAME SELECT 'L' || n AS parcel_id, 'P' || n // 10 AS project_id, g AS geometry, "
        f"'{PLANE}' AS geometry_crs FROM p"
    )
    con.execute(
        "INSERT INTO projects BY NAME SELECT 'P' || n AS project_id, 'D' || n % 5000 AS developer_code, "
        f"'Developer ' || n % 5000 AS developer_name FROM range({parcels // 10}) t(n)"
    )
    con.register("c", pa.table({"n": np.arange(communes), "g": pa.array(shapely.to_wkb(drawn), pa.binary())}))
    con.execute(f"INSERT INTO communities BY NAME SELECT 'C' || n AS community_code, g AS geometry, '{PLANE}' AS geometry_crs FROM c")
    middles = pa.array(shapely.to_wkb(shapely.centroid(drawn)), pa.binary())
    con.register("o", pa.table({"n": np.arange(communes), "g": middles}))
    con.execute(
        "INSERT INTO offices BY NAME SELECT 'O' || n AS office_id, 'C' || n AS community_code, g AS geometry, "
        f"'{PLANE}' AS geometry_crs FROM o"
    )
    for name in ("p", "c", "o"):
        con.unregister(name)
    return con


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--parcels", type=int, default=200_000)
    parser.add_argument("--communities", type=int, default=3_000)
    given = parser.parse_args()
    con = city(given.parcels, given.communities)
    steps = {
        "boundaries of communities": lambda: boundaries.locate_boundaries(con, AS_OF, MEASURING),
        "offices in communities": lambda: points.locate_points(con, AS_OF, MEASURING),
        "land: validity, repair, shares, overlaps, edges, neighbours": lambda: land.locate_land(con, AS_OF, MEASURING),
    }
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


if __name__ == "__main__":
    main()
