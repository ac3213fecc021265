"""What each community has: its functions, its offices' areas, and how much of it lies beyond the reach of its offices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planning_check.geo.frames.plane import in_crs, longitudes_of, read_places, zone_of
from planning_check.geo.shapes.validity import repaired

if TYPE_CHECKING:
    import duckdb
    import numpy as np

#: Areas in m2; lists of functions comma-joined; ``outside_share`` is of the community's area.
COVERAGE_TABLE = """
CREATE TABLE IF NOT EXISTS coverage_line (community_code VARCHAR, community_name VARCHAR, district_code VARCHAR, district_name VARCHAR,
    population BIGINT, has VARCHAR, lacks VARCHAR, not_known VARCHAR, office_m2 DECIMAL(18, 2), outdoor_m2 DECIMAL(18, 2),
    office_need_m2 DECIMAL(18, 2), outdoor_need_m2 DECIMAL(18, 2), outside_share DECIMAL(18, 4), outside_people BIGINT);
"""
#: A community's sum over an area that was not reported is unknown, and so is that of one without a row in the register of offices;
#: one that is on record as having no office has 0 m2 and lies out of reach.
_LINES = """
INSERT INTO coverage_line
WITH eight AS (
    UNPIVOT (SELECT community_code, COLUMNS('^has_')::VARCHAR FROM fact_community) ON COLUMNS('^has_') INTO NAME function VALUE there
), listed AS (
    SELECT community_code, string_agg(function[5:], ',' ORDER BY function) FILTER (there = 'true') AS has,
           string_agg(function[5:], ',' ORDER BY function) FILTER (there = 'false') AS lacks FROM eight GROUP BY ALL
), names AS (
    SELECT list(column_name[5:] ORDER BY column_name) AS every FROM information_schema.columns
    WHERE table_name = 'fact_community' AND column_name LIKE 'has\\_%' ESCAPE '\\'
), office AS (
    SELECT community_code, bool_and(tenure = 'none') AS has_none, CASE WHEN count(*) = count(area) THEN sum(area) END AS office_m2,
           CASE WHEN count(*) = count(outdoor_m2) THEN sum(outdoor_m2) END AS outdoor_m2
    FROM (SELECT *, CASE WHEN tenure = 'none' THEN 0 ELSE area_m2 END AS area FROM offices) GROUP BY community_code
), reach AS (
    SELECT f.community_code, CASE WHEN o.has_none THEN 1 ELSE s.share END AS share
    FROM fact_community f LEFT JOIN office o USING (community_code) LEFT JOIN outside s USING (community_code)
)
SELECT f.community_code, f.community_name, f.district_code, d.district_name, f.population, l.has, l.lacks,
       nullif(array_to_string(list_filter(names.every,
           lambda e: NOT list_contains(string_split(concat_ws(',', l.has, l.lacks), ','), e)), ','), ''),
       o.office_m2, o.outdoor_m2, {need}, {outdoor}, s.share, round(s.share * f.population)::BIGINT
FROM fact_community f CROSS JOIN names LEFT JOIN listed l USING (community_code) LEFT JOIN office o USING (community_code)
LEFT JOIN districts d ON d.district_code = f.district_code LEFT JOIN reach s USING (community_code) {law}
ORDER BY f.community_code
"""


def cover_communities(con: duckdb.DuckDBPyConnection, radius_m: int) -> None:
    """Make ``coverage_line``, a row a community of the day. Needs ``fact_community`` and, for the standards, its governing law.

    The share outside is measured along the CGCS2000 3-degree zone of the data, from the points of the community's own offices;
    NULL where it has no polygon or one of its offices no usable point. The people outside take the population as spread evenly.
    """
    import pyarrow as pa

    con.execute("DROP TABLE IF EXISTS coverage_line")
    con.execute(COVERAGE_TABLE)
    codes, shares = _outside(con, radius_m)
    con.register("outside_", pa.table({"community_code": pa.array(codes, pa.string()), "share": pa.array(shares, pa.float64())}))
    con.execute("CREATE OR REPLACE TEMP TABLE outside AS SELECT community_code, round(share, 4)::DECIMAL(18, 4) AS share FROM outside_")
    con.unregister("outside_")
    columns = {r[0] for r in con.execute("SELECT column_name FROM information_schema.columns WHERE table_name = 'law_version'").fetchall()}
    governed = con.execute("SELECT count(*) FROM information_schema.tables WHERE table_name = 'governing_community'").fetchall()[0][0]
    need, outdoor = (f"v.{c}" if governed and c in columns else "NULL" for c in ("law_office_minimum_m2", "law_outdoor_minimum_m2"))
    law = "LEFT JOIN governing_community g USING (community_code) LEFT JOIN law_version v USING (version_no)" if governed else ""
    con.execute(_LINES.format(need=need, outdoor=outdoor, law=law))


def _outside(con: duckdb.DuckDBPyConnection, radius_m: int) -> tuple[list[str], np.ndarray]:
    """The communities whose offices all have a point, and the share of each one's area farther than the radius from all of them."""
    import numpy as np
    import shapely

    areas = read_places(
        con, "SELECT community_code, geometry, geometry_crs FROM communities SEMI JOIN fact_community USING (community_code) ORDER BY 1"
    )
    offices = read_places(
        con,
        "SELECT community_code, geometry, geometry_crs FROM offices WHERE tenure IS DISTINCT FROM 'none' "
        "ORDER BY community_code, office_id",
    )
    delivered = dict(con.execute("SELECT community_code, count(*) FROM offices WHERE tenure IS DISTINCT FROM 'none' GROUP BY 1").fetchall())
    longitudes = longitudes_of(areas)
    if not len(longitudes):
        return [], np.zeros(0)
    plane = zone_of(longitudes)
    shapes, points = repaired(in_crs(areas, plane)), in_crs(offices, plane)
    there = ~shapely.is_missing(points)
    if not there.any():
        return [], np.zeros(0)
    placed, first, counts = np.unique(offices.keys[there].astype(str), return_index=True, return_counts=True)
    spots = np.split(points[there], first[1:])
    whole = {code: shapely.multipoints(own) for code, own, n in zip(placed, spots, counts, strict=True) if n == delivered.get(code)}
    usable = np.array([code in whole for code in areas.keys], bool) & (shapely.area(shapes) > 0)
    reach = shapely.buffer(np.array([whole[code] for code in areas.keys[usable]], object), radius_m, quad_segs=64)
    left = shapely.area(shapely.difference(shapes[usable], reach)) / shapely.area(shapes[usable])
    return areas.keys[usable].tolist(), left
