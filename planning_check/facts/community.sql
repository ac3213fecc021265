-- One row per community that exists on as_of: which of the eight functions (one branch office, three rooms, three stations, one ground) it has.
-- A community without a single row in the register of facilities is unknown, not empty.
CREATE OR REPLACE TABLE fact_community AS
WITH eight AS (
    SELECT ['party_office', 'committee_office', 'police_room', 'library', 'social_security_station', 'health_station',
            'culture_sports_station', 'outdoor_ground'] AS kinds
), listed AS (
    SELECT community_code, list(DISTINCT kind) AS kinds FROM community_facilities WHERE kind IS NOT NULL GROUP BY community_code
), current AS (
    SELECT c.* FROM communities c
    WHERE coalesce(c.valid_to_hi > getvariable('as_of')::DATE, true) AND coalesce(c.valid_from_lo <= getvariable('as_of')::DATE, true)
)
SELECT c.* EXCLUDE (row_ids, geometry, geometry_crs),
       getvariable('as_of')::DATE AS as_of,
       list_contains(l.kinds, 'party_office') AS has_party_office,
       list_contains(l.kinds, 'committee_office') AS has_committee_office,
       list_contains(l.kinds, 'police_room') AS has_police_room,
       list_contains(l.kinds, 'library') AS has_library,
       list_contains(l.kinds, 'social_security_station') AS has_social_security_station,
       list_contains(l.kinds, 'health_station') AS has_health_station,
       list_contains(l.kinds, 'culture_sports_station') AS has_culture_sports_station,
       list_contains(l.kinds, 'outdoor_ground') AS has_outdoor_ground,
       len(list_filter(eight.kinds, lambda k: list_contains(l.kinds, k))) AS functions,
       CASE WHEN l.kinds IS NOT NULL THEN list_filter(eight.kinds, lambda k: NOT list_contains(l.kinds, k)) END AS missing_functions
FROM current c CROSS JOIN eight LEFT JOIN listed l USING (community_code);
