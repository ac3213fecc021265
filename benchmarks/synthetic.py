"""An invented delivery of any size as CSV files, with a map if asked: every figure a hash of its number. Nothing in it is real."""

from __future__ import annotations

import argparse
from pathlib import Path

import duckdb
import numpy as np
import pyogrio
import shapely

_MACROS = """
CREATE MACRO pick(n, salt, size) AS (hash(n * 1000003 + salt) % size)::BIGINT;
CREATE MACRO day(n, salt, first, span) AS first + CAST(pick(n, salt, span) AS INTEGER);
"""

_MOST = 10_000_000  # projects of one city

_TABLES = {
    "districts": "SELECT {codes}00 + n AS district_code, '{town}District ' || n AS district_name FROM range(1, 11) t(n)",
    "communities": """
        SELECT {codes}01000000 + n AS community_code, '{town}Community ' || n AS community_name,
               (['former_committee', 'former_village', 'estate'])[pick(n, 1, 3) + 1] AS kind, {codes}01 + n % 10 AS district_code,
               1000 + pick(n, 2, 9000) AS population, pick(n, 3, 10) > 0 AS project_supported FROM range({communities}) t(n)""",
    "offices": """
        SELECT 'O' || {first} + n AS office_id, {codes}01000000 + n AS community_code,
               (['owned_titled', 'owned_titled', 'owned_untitled', 'rented', 'borrowed'])[pick(n, 4, 5) + 1] AS tenure,
               100 + pick(n, 5, 400) AS area_m2, pick(n, 6, 2000) AS outdoor_m2 FROM range({communities}) t(n)""",
    "projects": """
        SELECT 'P' || n AS project_id, 'Project ' || n AS project_name, 'Developer ' || pick(n, 7, 5000) AS developer_name,
               {codes}01 + n % 10 AS district_code, {codes}01000000 + n % {communities} AS community_code,
               {codes}01000000 + n % {communities} AS designated_community_code,
               CASE WHEN pick(n, 8, 20) > 0 THEN 'residential' ELSE 'commercial' END AS uses,
               total AS plan_total_m2, total AS permit_total_m2,
               CASE WHEN pick(n, 9, 12) > 0 THEN total + pick(n, 10, 300) END AS survey_total_m2,
               floor(total / 100)::BIGINT AS households, approved AS plan_approved_on, approved + 90 AS permitted_on,
               approved + 500 AS completed_on, approved + 520 AS planning_accepted_on, pick(n, 11, 3) > 0 AS plan_states_place,
               pick(n, 12, 3) > 0 AS plan_states_floor, round(total * 0.01, 1) AS plan_states_area_m2,
               CASE WHEN pick(n, 13, 2) = 0 THEN approved END AS filed_on, true AS premises_register_complete
        FROM (SELECT n, 5000 + pick(n, 14, 120000) + pick(n, 15, 100) / 100 AS total, day(n, 16, DATE '2005-01-01', 2000) AS approved
              FROM range({first}, {first} + {projects}) t(n))""",
    "premises": """
        SELECT 'R' || n || '-' || k AS premises_id, 'P' || n AS project_id, 'community' AS kind, 80 + pick(n, 17 + k, 400) AS planned_m2,
               80 + pick(n, 17 + k, 400) AS permitted_m2, 80 + pick(n, 19 + k, 400) AS surveyed_m2, 1 AS floor_from,
               CASE WHEN pick(n, 21, 9) = 0 THEN 'shop' ELSE 'community' END AS current_use,
               CASE WHEN pick(n, 21, 9) = 0 THEN 'developer' END AS use_changed_by
        FROM range({first}, {first} + {projects}) t(n), range(2) u(k) WHERE pick(n, 22, 3) > 0""",
    "handovers": """
        SELECT 'H' || n AS handover_id, 'P' || n AS project_id, 'R' || n || '-0' AS premises_id,
               {codes}01000000 + n % {communities} AS community_code,
               CASE WHEN pick(n, 23, 6) = 0 THEN 'property_company' ELSE 'committee' END AS recipient_kind,
               80 + pick(n, 24, 400) AS area_m2,
               day(n, 25, DATE '2007-01-01', 1600) AS handed_over_on
        FROM range({first}, {first} + {projects}) t(n) WHERE pick(n, 26, 3) = 0""",
    "payments": """
        SELECT 'Z' || n AS payment_id, 'P' || n AS project_id, 100000 + pick(n, 27, 900000) AS amount_yuan,
               2000 + pick(n, 28, 3000) AS unit_price_yuan_per_m2,
               day(n, 29, DATE '2007-01-01', 1600) AS received_on, 'A' || n AS agreement_no
        FROM range({first}, {first} + {projects}) t(n) WHERE pick(n, 30, 5) = 0""",
    "deposits": """
        SELECT 'E' || n || '-' || k AS event_id, 'P' || n AS project_id, CASE WHEN k = 0 THEN 'paid' ELSE 'refunded' END AS event,
               300000 AS amount_yuan, DATE '2007-06-01' + CAST(n % 300 + k * 500 AS INTEGER) AS event_on
        FROM range({first}, {first} + {projects}) t(n), range(2) u(k) WHERE k = 0 OR pick(n, 31, 4) = 0""",
    "demands": """
        SELECT 'D' || n AS demand_id, 'P' || n AS project_id, day(n, 32, DATE '2010-01-01', 500) AS served_on,
               day(n, 32, DATE '2010-01-01', 500) + 60 AS deadline_on
        FROM range({first}, {first} + {projects}) t(n) WHERE pick(n, 33, 3) = 0""",
}


def write(out: Path, projects: int, parcels: int = 0, communities: int | None = None, city: int = 1) -> None:
    """Write the delivery into the folder ``out``: one CSV a table, English headers; ``parcels``: with a map of so many, as GeoPackage.
    ``city``: which of a province's (from 1; only the first can have a map): codes and ids are of its own."""
    out.mkdir(parents=True, exist_ok=True)
    communes = communities or max(10, projects // 300)
    con = duckdb.connect()
    con.execute(_MACROS)
    for name, query in _TABLES.items():
        sql = query.format(
            projects=projects, communities=communes, codes=f"{99 - city // 100}{city % 100:02d}", first=(city - 1) * _MOST,
            town="" if city == 1 else f"Town {city} ",
        )  # fmt: skip
        con.execute(f"COPY ({sql}) TO '{(out / name).as_posix()}.csv' (HEADER)")
    if parcels:
        _write_map(out, projects, parcels, communes)


def write_cities(folder: Path, count: int, projects: int, first: int = 1) -> list[Path]:
    """So many cities of a province, from number ``first``, each in a folder of its own, without a map."""
    places = [folder / f"city{number:03d}" for number in range(first, first + count)]
    for number, place in enumerate(places, first):
        write(place, projects, city=number)
    return places


def _write_map(out: Path, projects: int, parcels: int, communes: int) -> None:
    """Parcels of the projects in turn, and the boundaries of the communities over them."""
    import invented_map  # beside this file: there where it is run as a program

    number = np.arange(parcels)
    told = {"parcel_id": [f"L{n}" for n in number], "project_id": [f"P{n}" for n in number % projects]}
    _write_layer(out, "parcels", told, invented_map.parcels(parcels), invented_map.PLANE)
    codes = {"community_code": [str(990_101_000_000 + n) for n in range(communes)]}
    _write_layer(out, "communities", codes, invented_map.communities(communes, parcels), invented_map.PLANE)


def _write_layer(out: Path, name: str, columns: dict[str, list[str]], shapes: np.ndarray, plane: str) -> None:
    pyogrio.raw.write(
        out / f"{name}.gpkg", shapely.to_wkb(shapes), [np.array(values, dtype=object) for values in columns.values()], list(columns),
        layer=name, driver="GPKG", geometry_type="Polygon", crs=plane,
    )  # fmt: skip


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--projects", type=int, default=100_000)
    parser.add_argument("--parcels", type=int, default=0, help="with a map of so many parcels")
    parser.add_argument("--communities", type=int, help="default: one to 300 projects")
    options = parser.parse_args()
    write(options.out, options.projects, options.parcels, options.communities)
