-- One row per community office: its tenure, areas, what the old plans say (as of the day), and what lies near it.
CREATE OR REPLACE TABLE fact_office AS
SELECT o.* EXCLUDE (row_ids, geometry, geometry_crs, built_on_lo, built_on_hi),
       getvariable('as_of')::DATE AS as_of,
       c.community_name, c.kind AS community_kind, c.population, c.district_code, c.valid_from_lo AS community_founded_on_lo,
       c.valid_from_hi AS community_founded_on_hi, c.valid_to_lo AS community_ended_on_lo, c.valid_to_hi AS community_ended_on_hi,
       r.current_use AS plan_premises_use, r.use_changed_by AS plan_premises_changed_by,
           coalesce(r.is_dismissed, false) AS plan_premises_is_dismissed,
       g.in_renewal_area, g.nearest_idle_id, i.name AS nearest_idle_name, g.nearest_idle_m::DECIMAL(18, 6) AS nearest_idle_m,
       i.usable_m2 AS nearest_idle_usable_m2, q.community_by_map, q.off_community_m::DECIMAL(18, 6) AS off_community_m
FROM offices o
LEFT JOIN communities c USING (community_code)
LEFT JOIN fact_premises r ON r.premises_id = o.plan_premises_id
LEFT JOIN office_place g USING (office_id)
LEFT JOIN idle_facilities i ON i.facility_id = g.nearest_idle_id
LEFT JOIN point_place q ON q.table_name = 'offices' AND q.key = o.office_id;
