-- One row per field of one record that two sources tell differently (found while the rows were united).
CREATE OR REPLACE TABLE fact_conflict AS
SELECT p.table_name || ':' || p.key || ':' || p.field AS conflict_id, p.table_name, p.key AS record_key,
       coalesce(f.label_zh, p.field) AS field_zh, coalesce(f.label_en, p.field) AS field_en, min(p.what_zh) AS told_zh,
           min(p.what_en) AS told_en,
       bool_or(p.quarantined) AS lost_the_row, getvariable('as_of')::DATE AS as_of
FROM problem p LEFT JOIN field_label f ON f.table_name = p.table_name AND f.field = p.field
WHERE p.code = 'conflict' AND p.key IS NOT NULL
GROUP BY ALL;
