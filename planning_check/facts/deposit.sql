-- One row per deposit event by as_of: what had been paid, refunded, handed over and paid in lieu on its day.
-- Anything that may or may not have come before the event (month-only dates) makes the figure unknown.
CREATE OR REPLACE TABLE fact_deposit AS
WITH event AS (
    SELECT * FROM deposits WHERE event_on_lo <= getvariable('as_of')::DATE
), spoilt AS (
    SELECT project_id, bool_or(table_name = 'deposits') AS deposits, bool_or(table_name = 'handovers') AS handovers,
           bool_or(table_name = 'payments') AS payments
    FROM quarantine WHERE project_id IS NOT NULL AND code NOT IN ('duplicate_row', 'total_row') GROUP BY project_id
), registers AS (
    SELECT coalesce(bool_or(table_name = 'handovers'), false) AS handovers, coalesce(bool_or(table_name = 'payments'), false) AS payments
    FROM delivered
), money AS (
    SELECT e.event_id,
           bool_and(e.event_id = o.event_id OR o.event_on_hi <= e.event_on_lo OR o.event_on_lo > e.event_on_hi OR (o.event_on_lo = o.event_on_hi AND e.event_on_lo = e.event_on_hi)) AS known,
           coalesce(sum(o.amount_yuan) FILTER (o.event = 'refunded' AND o.event_on_hi <= e.event_on_hi), 0) AS refunded,
           coalesce(sum(o.amount_yuan) FILTER (o.event = 'paid' AND o.event_on_hi <= e.event_on_hi), 0) AS paid
    FROM event e JOIN event o USING (project_id) GROUP BY e.event_id
), earlier AS (  -- what was held before; on one day what comes in is first
    SELECT e.event_id, coalesce(bool_and(o.event_on_hi < e.event_on_lo OR o.event_on_lo > e.event_on_hi
                       OR (o.event_on_lo = o.event_on_hi AND e.event_on_lo = e.event_on_hi)) FILTER (o.event_id <> e.event_id), true) AS known,
           coalesce(sum(CASE WHEN o.event = 'paid' THEN o.amount_yuan WHEN o.event IN ('refunded', 'forfeited', 'offset') THEN -o.amount_yuan ELSE 0 END)
                    FILTER (o.event_id <> e.event_id AND (o.event_on_hi < e.event_on_lo OR (o.event_on_lo = e.event_on_lo AND o.event = 'paid'
                    AND e.event NOT IN ('due', 'paid')))), 0) AS held
    FROM event e JOIN event o USING (project_id) GROUP BY e.event_id
), handed AS (
    SELECT e.event_id, bool_and(h.counts IS NOT NULL AND (h.counts = false OR h.handed_over_on_hi <= e.event_on_lo OR h.handed_over_on_lo > e.event_on_hi)) AS known,
           coalesce(sum(h.area_m2) FILTER (h.counts AND h.handed_over_on_hi <= e.event_on_lo), 0) AS area_m2
    FROM event e JOIN handed_room h USING (project_id) GROUP BY e.event_id
), lieu AS (
    SELECT e.event_id,
           bool_and(p.received IS NOT NULL AND (p.received = false OR p.received_on_lo > e.event_on_hi OR (p.received_on_hi <= e.event_on_lo AND p.area_e18 IS NOT NULL))) AS known,
           coalesce(area_of(sum(p.area_e18) FILTER (p.received AND p.received_on_hi <= e.event_on_lo),
                            count(*) FILTER (p.received AND p.received_on_hi <= e.event_on_lo)), 0) AS area_m2
    FROM event e JOIN in_lieu_payment p USING (project_id) GROUP BY e.event_id
)
SELECT e.* EXCLUDE (row_ids),
       CASE WHEN NOT coalesce(spoilt.deposits, false) AND earlier.known THEN earlier.held END::DECIMAL(18, 2) AS held_before_yuan,
       getvariable('as_of')::DATE AS as_of,
       CASE WHEN NOT coalesce(spoilt.deposits, false) AND money.known THEN money.refunded END::DECIMAL(18, 2) AS refunded_so_far_yuan,
       CASE WHEN NOT coalesce(spoilt.deposits, false) AND money.known THEN money.paid END::DECIMAL(18, 2) AS paid_so_far_yuan,
       CASE WHEN spoilt.handovers THEN NULL WHEN handed.event_id IS NOT NULL THEN CASE WHEN handed.known THEN handed.area_m2 END
            WHEN registers.handovers THEN 0 END::DECIMAL(18, 2) AS handed_by_then_m2,
       CASE WHEN spoilt.payments THEN NULL WHEN lieu.event_id IS NOT NULL THEN CASE WHEN lieu.known THEN lieu.area_m2 END
            WHEN registers.payments THEN 0 END::DECIMAL(18, 2) AS in_lieu_by_then_m2
FROM event e CROSS JOIN registers
LEFT JOIN spoilt USING (project_id)
LEFT JOIN money USING (event_id)
LEFT JOIN earlier USING (event_id)
LEFT JOIN handed USING (event_id)
LEFT JOIN lieu USING (event_id);
