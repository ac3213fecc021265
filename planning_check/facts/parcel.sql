-- One row per parcel: what is recorded of it, and what was measured of its boundary.
-- Whether the ledger knows its project is unknown where the project's row was set aside, or no ledger was delivered.
CREATE OR REPLACE TABLE fact_parcel AS
SELECT p.parcel_id, p.project_id, p.unit_code, p.land_area_m2, p.land_use_code, p.far_permitted, p.not_read,
       getvariable('as_of')::DATE AS as_of,
       CASE WHEN j.project_id IS NOT NULL THEN true WHEN p.project_id IS NOT NULL AND told.projects AND NOT EXISTS (
                FROM lost_id l WHERE l.table_name = 'projects' AND coalesce(l.key = p.project_id, true)) THEN false END AS project_is_known,
       CASE WHEN p.project_id IS NOT NULL THEN true WHEN was_not_read(p.project_id, p.not_read, 'project_id') THEN NULL
            WHEN EXISTS (FROM delivered WHERE table_name = 'parcels' AND field = 'project_id') THEN false END AS names_project,
       s.has_crs, s.is_polygon, s.is_valid, s.invalid_reason, s.drawn_m2, s.repair_refused, s.measured_m2, s.overlap_m2,
           s.overlap_parcel_id,
       s.overlap_project_id, s.overlap_most_m2, s.overlap_union_m2, s.own_overlap_m2, s.own_overlap_parcel_id, s.outside_city_m2,
           s.unmatched_edge_m
FROM parcels p CROSS JOIN register_told told
LEFT JOIN projects j USING (project_id)
LEFT JOIN parcel_shape s USING (parcel_id);
