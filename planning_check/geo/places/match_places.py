"""The offices that look for a place, the idle facilities, and every pair of them within reach, for the matching."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planning_check.geo.frames.plane import Places, in_crs, longitudes_of, read_places, zone_of
from planning_check.geo.places.assignment import MatchSettings, assign
from planning_check.geo.shapes.validity import repaired

if TYPE_CHECKING:
    import duckdb
    import numpy as np

#: The tables made here, all keyed by id; areas in m2, ``cost_cm`` and ``distance_cm`` in whole centimetres.
MATCH_TABLES = """
CREATE TABLE IF NOT EXISTS match_office (office_id VARCHAR, community_name VARCHAR, community_code VARCHAR, district_code VARCHAR,
    need_m2 DECIMAL(18, 2), outdoor_need_m2 DECIMAL(18, 2), lacks VARCHAR, facility_id VARCHAR);
CREATE TABLE IF NOT EXISTS match_facility (facility_id VARCHAR, name VARCHAR, owner_kind VARCHAR, usable_m2 DECIMAL(18, 2),
    outdoor_m2 DECIMAL(18, 2), available_on DATE, slots BIGINT);
CREATE TABLE IF NOT EXISTS match_candidate (office_id VARCHAR, facility_id VARCHAR, distance_cm BIGINT, cost_cm BIGINT,
    same_community BOOLEAN, same_district BOOLEAN, hindrance VARCHAR);
"""
#: ``lacks``: why an office cannot be matched whatever facilities there are. An owned office counts only where it is surely too small.
_OFFICES = """
INSERT INTO match_office
SELECT f.office_id, f.community_name, f.community_code, f.district_code, {need}, {outdoor},
       CASE WHEN f.geometry IS NULL OR f.geometry_crs IS NULL THEN 'no_point' WHEN {need} IS NULL THEN 'no_standard' END, NULL
FROM (SELECT * FROM fact_office JOIN (SELECT office_id, geometry, geometry_crs FROM offices) USING (office_id)) f {law}
WHERE list_contains(?, f.tenure)  -- whatever is recorded as resolved
   OR ((f.resolved_on_hi IS NULL OR f.resolved_on_hi > getvariable('as_of')::DATE) AND coalesce(f.area_m2 < {need}, false))
ORDER BY f.office_id
"""
_FACILITIES = """
INSERT INTO match_facility SELECT facility_id, name, owner_kind, usable_m2, outdoor_m2, available_from_hi, 0
FROM idle_facilities ORDER BY facility_id
"""
_PAIRS = """
CREATE OR REPLACE TEMP TABLE match_pair AS
SELECT p.office_id, p.facility_id, p.distance_cm, o.need_m2,
       p.at_community = o.community_code AS same_community, c.district_code = o.district_code AS same_district, i.owner_kind,
       CASE WHEN i.usable_m2 IS NULL THEN 'area_unknown' WHEN i.usable_m2 < o.need_m2 THEN 'too_small'
            WHEN i.use_rate > $used THEN 'in_use' WHEN i.available_from_hi > getvariable('as_of')::DATE THEN 'not_available'
            ELSE '' END AS hindrance
FROM near_pair p JOIN match_office o USING (office_id) JOIN idle_facilities i ON i.facility_id = p.facility_id
LEFT JOIN communities c ON c.community_code = p.at_community
"""
#: A facility holds as many offices as the largest need within its reach goes into its area: never more than fit.
_SLOTS = """
UPDATE match_facility SET slots = s.slots FROM (
    SELECT facility_id, floor(any_value(f.usable_m2)::DOUBLE / max(greatest(p.need_m2, 0.01))::DOUBLE)::BIGINT AS slots
    FROM match_pair p JOIN match_facility f USING (facility_id) WHERE hindrance = '' GROUP BY facility_id
) s WHERE s.facility_id = match_facility.facility_id
"""


def match_offices(con: duckdb.DuckDBPyConnection, settings: MatchSettings) -> None:
    """Make ``match_office``, ``match_facility`` and ``match_candidate``, and match: ``match_office.facility_id``.

    Needs ``fact_office`` and the law that governs it (``governing_office``): an office without an area that the law asks for
    is not matched. Distances along the CGCS2000 3-degree zone of the offices; a facility lies in the community whose polygon covers it.
    """
    for table in ("match_office", "match_facility", "match_candidate"):
        con.execute(f"DROP TABLE IF EXISTS {table}")
    con.execute(MATCH_TABLES)
    con.execute(_offices_sql(con), [list(settings.tenures)])
    con.execute(_FACILITIES)
    _near_pairs(con, settings)
    con.execute(_PAIRS, {"used": settings.use_rate_at_most})
    con.execute(_SLOTS)
    owners = "CASE owner_kind " + " ".join(f"WHEN '{kind}' THEN {metres}" for kind, metres in settings.owner_m.items()) + " ELSE 0 END"
    owners = owners if settings.owner_m else "0"
    con.execute(f"""
        INSERT INTO match_candidate SELECT office_id, facility_id, distance_cm, distance_cm + 100 * ({owners}
            + CASE WHEN same_community THEN 0 WHEN same_district THEN {settings.other_community_m} ELSE {settings.other_district_m} END),
            same_community, same_district, hindrance FROM match_pair ORDER BY office_id, facility_id""")
    _solve(con)


def _offices_sql(con: duckdb.DuckDBPyConnection) -> str:
    columns = {
        row[0] for row in con.execute("SELECT column_name FROM information_schema.columns WHERE table_name = 'law_version'").fetchall()
    }
    governed = con.execute("SELECT count(*) FROM information_schema.tables WHERE table_name = 'governing_office'").fetchall()[0][0]
    need, outdoor = (
        f"v.{c}" if governed and c in columns else "NULL::DECIMAL" for c in ("law_office_minimum_m2", "law_outdoor_minimum_m2")
    )
    law = "LEFT JOIN governing_office g USING (office_id) LEFT JOIN law_version v USING (version_no)" if governed else ""
    return _OFFICES.format(need=need, outdoor=outdoor, law=law)


def _near_pairs(con: duckdb.DuckDBPyConnection, settings: MatchSettings) -> None:
    """Table ``near_pair``: offices and facilities not farther apart than the settings allow."""
    import numpy as np
    import pyarrow as pa
    import shapely

    wanted = (
        "SELECT m.office_id, o.geometry, o.geometry_crs FROM match_office m JOIN offices o USING (office_id) "
        "WHERE m.lacks IS NULL ORDER BY 1"
    )
    offices = read_places(con, wanted)
    facilities = read_places(con, "SELECT facility_id, geometry, geometry_crs FROM idle_facilities ORDER BY facility_id")
    longitudes = longitudes_of(offices) if len(offices) else np.empty(0)
    found = np.zeros((2, 0), np.int64)
    metres, inside = np.zeros(0), np.zeros(0, object)
    if len(longitudes) and len(facilities):
        plane = zone_of(longitudes)
        here, there = in_crs(offices, plane), in_crs(facilities, plane)
        inside = _community_at(con, there, plane)
        found = shapely.STRtree(there).query(here, predicate="dwithin", distance=float(settings.far_m))
        metres = shapely.distance(here[found[0]], there[found[1]])
    pairs = pa.table({
        "office_id": pa.array(offices.keys[found[0]].tolist(), pa.string()),
        "facility_id": pa.array(facilities.keys[found[1]].tolist(), pa.string()),
        "distance_cm": pa.array(np.rint(metres * 100).astype(np.int64)),
        "at_community": pa.array(inside[found[1]].tolist(), pa.string()),
    })  # fmt: skip
    con.register("pairs_found", pairs)
    con.execute("CREATE OR REPLACE TEMP TABLE near_pair AS SELECT * FROM pairs_found")
    con.unregister("pairs_found")


def _community_at(con: duckdb.DuckDBPyConnection, points: np.ndarray, plane: str) -> np.ndarray:
    """The community that covers each point, the first by code where several do; None outside all."""
    import numpy as np
    import shapely

    areas: Places = read_places(
        con,
        "SELECT community_code, geometry, geometry_crs FROM communities WHERE geometry IS NOT NULL"
        " AND (valid_to_lo IS NULL OR valid_to_lo > getvariable('as_of')::DATE)"
        " AND (valid_from_hi IS NULL OR valid_from_hi <= getvariable('as_of')::DATE) ORDER BY community_code",
    )
    at = np.full(len(points), None, object)
    if len(areas):
        area, point = shapely.STRtree(points).query(repaired(in_crs(areas, plane)), predicate="covers")
        order = np.argsort(area, kind="stable")[::-1]
        at[point[order]] = areas.keys[area[order]]
    return at


def _solve(con: duckdb.DuckDBPyConnection) -> None:
    import numpy as np
    import pyarrow as pa

    offices = [row[0] for row in con.execute("SELECT office_id FROM match_office ORDER BY office_id").fetchall()]
    held = con.execute("SELECT facility_id, slots FROM match_facility ORDER BY facility_id").fetchnumpy()
    pairs = con.execute("SELECT office_id, facility_id, cost_cm FROM match_candidate WHERE hindrance = ''").fetchnumpy()
    if not offices or not len(pairs["office_id"]):
        return
    facilities = np.asarray(held["facility_id"], object)
    office = np.searchsorted(np.asarray(offices, object), np.asarray(pairs["office_id"], object))
    facility = np.searchsorted(facilities, np.asarray(pairs["facility_id"], object))
    taken = assign(len(offices), np.asarray(held["slots"]), office, facility, np.asarray(pairs["cost_cm"]))
    served = np.flatnonzero(taken >= 0)
    con.register(
        "served_",
        pa.table({"office_id": [offices[i] for i in served], "facility_id": pa.array(facilities[taken[served]].tolist(), pa.string())}),
    )
    con.execute("UPDATE match_office SET facility_id = s.facility_id FROM served_ s WHERE s.office_id = match_office.office_id")
    con.unregister("served_")
