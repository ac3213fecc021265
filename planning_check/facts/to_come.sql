-- Days written for what has happened that lie after the day of the delivery, by project: how many, and the first of them in words.
CREATE OR REPLACE TABLE project_to_come AS
WITH found AS (
    SELECT p.problem_no, p.row_id, p.table_name, p.field, p.file || CASE WHEN p.sheet <> '' THEN ' > ' || p.sheet ELSE '' END
        || ' > ' AS place, p."row", p.raw
    FROM problem p WHERE p.code IN ('day_to_come', 'day_ahead')
), owner AS (
    SELECT row_id, project_id FROM quarantine WHERE project_id IS NOT NULL
    UNION SELECT unnest(row_ids), project_id FROM projects
    UNION SELECT unnest(row_ids), project_id FROM premises
    UNION SELECT unnest(row_ids), project_id FROM handovers
    UNION SELECT unnest(row_ids), project_id FROM payments
    UNION SELECT unnest(row_ids), project_id FROM deposits
    UNION SELECT unnest(row_ids), project_id FROM demands
    UNION SELECT unnest(row_ids), project_id FROM decisions
), told AS (
    SELECT o.project_id, f.problem_no, concat(l.label_zh, ' ', f.raw, '（', f.place, '第 ', f."row", ' 行）') AS zh,
           concat(l.label_en, ' ', f.raw, ' (', f.place, 'row ', f."row", ')') AS en
    FROM found f JOIN owner o USING (row_id) JOIN field_label l USING (table_name, field)
)
SELECT project_id, count(*) AS days, array_to_string(list(zh ORDER BY problem_no)[1:5], '；')
    || CASE WHEN count(*) > 5 THEN '等' ELSE '' END AS zh,
       array_to_string(list(en ORDER BY problem_no)[1:5], '; ') || CASE WHEN count(*) > 5 THEN ' and more' ELSE '' END AS en
FROM told GROUP BY project_id;
