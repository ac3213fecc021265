-- One row per idle public facility: how much it is used, whether residents may go in, in which community it lies.
CREATE OR REPLACE TABLE fact_idle_facility AS
SELECT i.* EXCLUDE (row_ids, geometry, geometry_crs), getvariable('as_of')::DATE AS as_of, q.community_by_map, c.district_code
FROM idle_facilities i LEFT JOIN point_place q ON q.table_name = 'idle_facilities' AND q.key = i.facility_id
LEFT JOIN communities c ON c.community_code = q.community_by_map;
