-- One row per delivered layer or sheet with geometry: its coordinate system, and how else its coordinates might be read.
CREATE OR REPLACE TABLE fact_layer AS
SELECT s.file || CASE WHEN s.sheet <> '' THEN ' > ' || s.sheet ELSE '' END AS layer_id, s.table_name, f.features,
       g.stated IS NOT NULL AS has_crs, g.stated AS crs, f.in_reach_share, f.is_usable, f.compared_by, coalesce(f.compared, 0) AS compared,
       coalesce(f.fit_as_stated, 0) AS fit_as_stated, coalesce(f.fit_as_proposed, 0) AS fit_as_proposed,
       f.proposed, f.proposed_kind, f.other_readings,
       CASE WHEN f.proposed IS NOT NULL THEN '--crs "' || layer_id || '=' || f.proposed || '"' END AS typed,
       getvariable('as_of')::DATE AS as_of
FROM layer_frame f JOIN source s USING (source_id)
CROSS JOIN LATERAL (SELECT coalesce(s.crs, CASE WHEN s.header_row IS NOT NULL THEN 'EPSG:4490' END) AS stated) g
ORDER BY s.source_id;
