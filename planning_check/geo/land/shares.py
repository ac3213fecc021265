"""The shares of communities in a project's land, and what is divided by shares, to the last hundredth."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from planning_check.geo.land.parcels import STANDING

if TYPE_CHECKING:
    import duckdb

    from planning_check.geo.land.parcels import Communities, Parcels, Pieces
    from planning_check.measuring import Measuring

_CENT = Decimal("0.01")


def allocate(total_m2: Decimal, shares: Sequence[Decimal]) -> list[Decimal]:
    """Divide an area (m2, two decimals, not negative) by shares that sum to 1: to 0.01, half up, the last takes the rest.

    The parts sum to the total exactly and none is negative: where the ones before have rounded up all that there is, the
    later ones get nothing. Raises ValueError for no shares, a negative one, or a sum that is not 1.
    """
    if not shares or min(shares) < 0 or sum(shares) != 1:
        raise ValueError(f"shares must not be negative and must sum to 1: {[str(s) for s in shares]}")
    if total_m2 < 0 or total_m2 != total_m2.quantize(_CENT):
        raise ValueError(f"an area to divide has two decimals and is not negative: {total_m2}")
    left, parts = total_m2, []
    for share in shares[:-1]:
        part = min(left, (total_m2 * share).quantize(_CENT, ROUND_HALF_UP))
        parts.append(part)
        left -= part
    return [*parts, left]


def write_shares(con: duckdb.DuckDBPyConnection, parcels: Parcels, communities: Communities, pieces: Pieces, measuring: Measuring) -> None:
    """Write ``project_place``; leave ``land_piece``, the communities of every project, for the rooms.

    ``parcel_area_m2``: the sum over the project's parcels, NULL if one of them is unknown. The shares are by area among the
    communities standing on the day, of the land that they cover, without the pieces that are too small (below ``ignored_share_percent``
    of the land and below ``ignored_m2``), to 6 decimals; they sum to 1 (``share_parts``: code and millionths). ``community_by_map`` is
    the largest; of equal ones the smallest code. All NULL where a parcel is unknown, no boundary covers the land, a piece lies in a
    community that may be gone, or a rest that lies in none may belong to a community whose boundary is unknown.
    """
    import numpy as np
    import pyarrow as pa

    hundredths = np.rint(parcels.areas * 100)
    tables = {
        "parcel_land": pa.table({"project_no": parcels.projects, "hundredths": pa.array(hundredths, pa.float64(), from_pandas=True)}),
        "parcel_piece": pa.table({
            "project_no": parcels.projects[pieces.parcels], "community_no": pieces.communities,
            "standing": communities.states[pieces.communities] == STANDING, "hundredths": pieces.hundredths,
        }),
        "community_code": pa.table({"community_no": np.arange(len(communities.codes)),
                                    "code": pa.array(communities.codes.tolist(), pa.string())}),
    }  # fmt: skip
    for name, table in tables.items():
        con.register(name, table)
    con.execute(_slight(measuring))
    con.execute(_LAND)
    con.execute(_PIECES.format(complete=communities.complete))
    con.execute(_PLACES)
    for name in tables:
        con.unregister(name)


def _slight(measuring: Measuring) -> str:
    """SQL macro ``is_slight``: a piece that is no part of the land but drawing. Areas are hundredths of m2, whole numbers."""
    percent, m2 = (round(x * 100) for x in (measuring.ignored_share_percent, measuring.ignored_m2))
    return f"CREATE OR REPLACE TEMP MACRO is_slight(piece, land) AS piece * 10000 < {percent} * land AND piece < {m2}"


#: ``land_total``: the land of every project; NULL where one of its parcels is unknown or was set aside.
_LAND = """
CREATE OR REPLACE TEMP TABLE land_total AS
SELECT project_no, CASE WHEN count(hundredths) = count(*) AND bool_and(has_all_parcels)
       THEN sum(try_cast(hundredths AS HUGEINT)) END::HUGEINT AS land
FROM parcel_land JOIN land_project USING (project_no) GROUP BY project_no
"""
#: The communities that a project's land is in, in order: the largest piece first, of equal ones the smallest code. All of them stand:
#: ``known`` lets only slight pieces of others by.
_PIECES = """
CREATE OR REPLACE TEMP TABLE land_piece AS
WITH piece AS (
    SELECT project_no, community_no, standing, land, sum(hundredths)::HUGEINT AS hundredths
    FROM parcel_piece JOIN land_total USING (project_no) WHERE land IS NOT NULL GROUP BY ALL
), known AS (
    SELECT project_no FROM piece GROUP BY project_no, land
    HAVING bool_and(standing OR is_slight(hundredths, land))
       AND ({complete} OR is_slight(land - coalesce(sum(hundredths) FILTER (standing), 0), land))
)
SELECT project_no, community_no, hundredths, row_number() OVER (PARTITION BY project_no ORDER BY hundredths DESC, community_no) AS place,
       count(*) OVER (PARTITION BY project_no) AS pieces, sum(hundredths) OVER (PARTITION BY project_no)::HUGEINT AS covered
FROM piece SEMI JOIN known USING (project_no) WHERE NOT is_slight(hundredths, land)
"""


def _allocated(units: int) -> str:
    """SQL: how many of ``units`` the pieces up to and including this one get, as ``allocate`` does it."""
    rounded = f"(2 * hundredths * {units} + covered) // (2 * covered)"
    return f"CASE WHEN place = pieces THEN {units} ELSE least({units}, sum({rounded}) OVER (PARTITION BY project_no ORDER BY place)) END"


_PLACES = f"""
INSERT INTO project_place
WITH upto AS (
    SELECT project_no, place, code, {_allocated(1_000_000)} AS millionths, {_allocated(10_000)} AS percents
    FROM land_piece JOIN community_code USING (community_no)
), share AS (
    SELECT project_no, place, code, millionths - lag(millionths, 1, 0) OVER w AS millionths,
           (percents - lag(percents, 1, 0) OVER w)::BIGINT AS percents
    FROM upto WINDOW w AS (PARTITION BY project_no ORDER BY place)
), place AS (
    SELECT project_no, count(*) AS communities, first(code ORDER BY place) AS largest, first(millionths ORDER BY place) AS millionths,
           string_agg(code || printf(' %d.%02d%%', percents // 100, percents % 100), ', ' ORDER BY place) AS shares,
           string_agg(code || ' ' || CAST(millionths AS BIGINT), ',' ORDER BY place) AS parts
    FROM share GROUP BY project_no
)
SELECT project_id, try_cast(land * 0.01 AS DECIMAL(18, 2)), communities, largest, CAST(millionths * 0.000001 AS DECIMAL(18, 6)),
       shares, parts
FROM projects JOIN land_project USING (project_id) LEFT JOIN land_total USING (project_no) LEFT JOIN place USING (project_no)
ORDER BY project_id
"""
