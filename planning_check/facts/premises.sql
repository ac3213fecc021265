-- One row per room: its areas, floor, present use and who changed it. A change of use after as_of has not happened yet.
CREATE OR REPLACE TABLE fact_premises AS
SELECT p.* EXCLUDE (row_ids, counts_toward, unit_code, geometry, geometry_crs, current_use, use_changed_by),
       getvariable('as_of')::DATE AS as_of,
       CASE WHEN use_changed_on_lo > getvariable('as_of')::DATE THEN kind ELSE current_use END AS current_use,
       CASE WHEN use_changed_on_lo > getvariable('as_of')::DATE THEN NULL ELSE use_changed_by END AS use_changed_by
FROM premises p;
