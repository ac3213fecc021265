-- One row per community that exists on as_of: which of the eight functions (one branch office, three rooms, three stations, one ground) it
-- has. A community without a single row in the register of facilities is unknown, not empty; where a row of it was set aside, what it has
-- not is unknown.
CREATE OR REPLACE MACRO has_kind(kinds, whole, kind) AS CASE WHEN list_contains(kinds, kind) THEN true WHEN whole THEN false END;

CREATE OR REPLACE TABLE fact_community AS
WITH eight AS (
    SELECT ['party_office', 'committee_office', 'police_room', 'library', 'social_security_station', 'health_station',
            'culture_sports_station', 'outdoor_ground'] AS kinds
), listed AS (
    SELECT f.community_code, list(DISTINCT f.kind) AS kinds, any_value(hole.community_code) IS NULL AS whole
    FROM community_facilities f LEFT JOIN community_hole hole USING (community_code) GROUP BY f.community_code
), measured AS (
    SELECT c.* EXCLUDE (row_ids, geometry, geometry_crs), coalesce(l.kinds, []) AS kinds, coalesce(l.whole, false) AS whole,
        eight.kinds AS eight
    FROM current_community c CROSS JOIN eight LEFT JOIN listed l USING (community_code)
)
SELECT * EXCLUDE (kinds, whole, eight),
       getvariable('as_of')::DATE AS as_of,
       has_kind(kinds, whole, 'party_office') AS has_party_office,
       has_kind(kinds, whole, 'committee_office') AS has_committee_office,
       has_kind(kinds, whole, 'police_room') AS has_police_room,
       has_kind(kinds, whole, 'library') AS has_library,
       has_kind(kinds, whole, 'social_security_station') AS has_social_security_station,
       has_kind(kinds, whole, 'health_station') AS has_health_station,
       has_kind(kinds, whole, 'culture_sports_station') AS has_culture_sports_station,
       has_kind(kinds, whole, 'outdoor_ground') AS has_outdoor_ground,
       CASE WHEN whole OR len(list_intersect(eight, kinds)) = len(eight) THEN len(list_intersect(eight, kinds)) END AS functions,
       CASE WHEN whole OR len(list_intersect(eight, kinds)) = len(eight) THEN list_filter(eight, lambda k: NOT list_contains(kinds, k))
           END AS missing_functions,
       s.* EXCLUDE (community_code)
FROM measured LEFT JOIN community_shape s USING (community_code);
