-- One row per project id that any register names: whether the ledger of projects knows it, and what is booked under it.
CREATE OR REPLACE TABLE fact_reference AS
WITH named AS (
    SELECT project_id, 'parcels' AS table_name, 0::DECIMAL(18, 2) AS area_m2, 0::DECIMAL(18, 2) AS yuan FROM parcels WHERE project_id IS NOT NULL
    UNION ALL SELECT project_id, 'premises', 0, 0 FROM premises
    UNION ALL SELECT project_id, 'handovers', area_m2, 0 FROM handovers
    UNION ALL SELECT project_id, 'payments', 0, amount_yuan FROM payments
    UNION ALL SELECT project_id, 'deposits', 0, amount_yuan FROM deposits WHERE event <> 'due'
    UNION ALL SELECT project_id, 'demands', 0, 0 FROM demands
    UNION ALL SELECT project_id, 'decisions', 0, 0 FROM decisions
), summed AS (
    SELECT project_id, array_to_string(list_sort(list(DISTINCT table_name)), ',') AS tables, count(*) AS rows,
           CASE WHEN count(*) = count(area_m2) THEN sum(area_m2) END AS handed_m2, CASE WHEN count(*) = count(yuan) THEN sum(yuan) END AS money_yuan
    FROM named GROUP BY project_id
)
SELECT coalesce(s.project_id, p.project_id) AS project_id, p.project_id IS NOT NULL AS is_in_ledger, s.tables, coalesce(s.rows, 0) AS rows,
       CASE WHEN s.project_id IS NULL THEN 0 ELSE s.handed_m2 END::DECIMAL(18, 2) AS handed_m2,
       CASE WHEN s.project_id IS NULL THEN 0 ELSE s.money_yuan END::DECIMAL(18, 2) AS money_yuan, getvariable('as_of')::DATE AS as_of
FROM summed s FULL JOIN projects p ON p.project_id = s.project_id;
