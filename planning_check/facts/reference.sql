-- One row per project id that any register names: whether the ledger of projects has it, and what is booked under it. Unknown where the
-- project's row was set aside, or no ledger was delivered. ``money_yuan``: the least that must have been paid in, as what is given back,
-- forfeited or offset was paid in before.
CREATE OR REPLACE TABLE fact_reference AS
WITH named AS (  -- ``register``: one bit a register
    SELECT project_id, 1 AS register, 0::DECIMAL(18, 2) AS area_m2, 0::DECIMAL(18, 2) AS paid_yuan, 0::DECIMAL(18, 2) AS spent_yuan
        FROM decisions
    UNION ALL SELECT project_id, 2, 0, 0, 0 FROM demands
    UNION ALL SELECT project_id, 4, 0, CASE WHEN event = 'paid' THEN amount_yuan ELSE 0 END,
                     CASE WHEN event IN ('refunded', 'forfeited', 'offset') THEN amount_yuan ELSE 0 END FROM deposits
    UNION ALL SELECT project_id, 8, area_m2, 0, 0 FROM handovers
    UNION ALL SELECT project_id, 16, 0, 0, 0 FROM parcels WHERE project_id IS NOT NULL
    UNION ALL SELECT project_id, 32, 0, amount_yuan, amount_yuan FROM payments
    UNION ALL SELECT project_id, 64, 0, 0, 0 FROM premises
    UNION ALL SELECT project_id, 0, 0, 0, 0 FROM own_reference
), summed AS (
    SELECT project_id, bit_or(register) AS registers, count(*) FILTER (register > 0) AS rows,
        CASE WHEN count(*) = count(area_m2) THEN sum(area_m2) END AS handed_m2,
           CASE WHEN count(*) = count(paid_yuan + spent_yuan) THEN greatest(sum(paid_yuan), sum(spent_yuan)) END AS money_yuan
    FROM named GROUP BY project_id
)
SELECT coalesce(s.project_id, p.project_id) AS project_id,
       CASE WHEN p.project_id IS NOT NULL THEN true WHEN told.projects AND NOT EXISTS (
                FROM lost_id l WHERE l.table_name = 'projects' AND coalesce(l.key = s.project_id, true)) THEN false END AS is_in_ledger,
       nullif(list_concat(coalesce(string_split(nullif(concat_ws(',',
                        CASE WHEN registers & 1 > 0 THEN 'decisions' END, CASE WHEN registers & 2 > 0 THEN 'demands' END,
                        CASE WHEN registers & 4 > 0 THEN 'deposits' END, CASE WHEN registers & 8 > 0 THEN 'handovers' END,
                        CASE WHEN registers & 16 > 0 THEN 'parcels' END, CASE WHEN registers & 32 > 0 THEN 'payments' END,
                        CASE WHEN registers & 64 > 0 THEN 'premises' END), ''), ','), []), coalesce(o.tables, [])), []) AS tables,
       coalesce(s.rows, 0) + coalesce(o.rows, 0) AS rows,
       CASE WHEN s.project_id IS NULL THEN 0 ELSE s.handed_m2 END::DECIMAL(18, 2) AS handed_m2,
       CASE WHEN s.project_id IS NULL THEN 0 ELSE s.money_yuan END::DECIMAL(18, 2) AS money_yuan, getvariable('as_of')::DATE AS as_of
FROM summed s FULL JOIN projects p ON p.project_id = s.project_id LEFT JOIN own_reference o ON o.project_id = s.project_id
CROSS JOIN register_told told;
