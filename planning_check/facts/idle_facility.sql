-- One row per idle public facility: how much it is used, whether residents may go in, what its owner offers, in which community it lies,
-- and which office without a title of its own is nearest.
CREATE OR REPLACE TABLE fact_idle_facility AS
SELECT i.* EXCLUDE (row_ids, geometry, geometry_crs), getvariable('as_of')::DATE AS as_of, q.community_by_map, c.district_code,
       list_contains(i.offered_path, 'open') AS offers_open, list_contains(i.offered_path, 'exchange') AS offers_exchange,
       list_contains(i.offered_path, 'co_build') AS offers_co_build,
       n.office_id AS nearest_office_id, k.community_name AS nearest_office_name, n.metres::DECIMAL(18, 6) AS nearest_office_m
FROM idle_facilities i LEFT JOIN point_place q ON q.table_name = 'idle_facilities' AND q.key = i.facility_id
LEFT JOIN communities c ON c.community_code = q.community_by_map
LEFT JOIN facility_place n ON n.facility_id = i.facility_id
LEFT JOIN offices o ON o.office_id = n.office_id LEFT JOIN communities k ON k.community_code = o.community_code;
