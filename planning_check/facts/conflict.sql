-- One row per field of one record that two sources tell differently (found while the rows were united), or whose figures lie a unit apart
-- from others (at the first of the rows of a sheet that do; ingest/slips.py).
CREATE OR REPLACE TABLE fact_conflict AS
SELECT p.table_name || ':' || p.key || ':' || p.field || if(p.code = 'unit_slip', ':unit', '') AS conflict_id, p.table_name,
       p.key AS record_key, coalesce(f.label_zh, p.field) AS field_zh, coalesce(f.label_en, p.field) AS field_en,
       string_agg(DISTINCT p.what_zh, '；' ORDER BY p.what_zh) AS told_zh,
       string_agg(DISTINCT p.what_en, '; ' ORDER BY p.what_en) AS told_en,
       bool_or(p.quarantined) AS lost_the_row, p.code = 'unit_slip' AS is_unit_apart, getvariable('as_of')::DATE AS as_of
FROM problem p LEFT JOIN field_label f ON f.table_name = p.table_name AND f.field = p.field
WHERE p.code IN ('conflict', 'unit_slip') AND p.key IS NOT NULL
GROUP BY ALL;
