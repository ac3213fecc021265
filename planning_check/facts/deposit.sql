-- One row per deposit event by as_of: what was held before it, and what had been paid, refunded and paid in lieu by its day (each once).
-- Anything that may or may not have come before the event (month-only dates) makes the figure unknown.
CREATE OR REPLACE TABLE fact_deposit AS
WITH event AS (
    SELECT * FROM deposits WHERE event_on_lo <= getvariable('as_of')::DATE
), money AS (
    SELECT e.event_id,
           bool_and(e.event_id = o.event_id OR o.event_on_hi <= e.event_on_lo OR o.event_on_lo > e.event_on_hi
               OR (o.event_on_lo = o.event_on_hi AND e.event_on_lo = e.event_on_hi)) AS known,
           -- what was held before: of one day what comes in is first
           coalesce(bool_and(o.event IN ('due', 'credited') OR o.event_on_hi < e.event_on_lo OR o.event_on_lo > e.event_on_hi
                    OR (o.event_on_lo = o.event_on_hi AND e.event_on_lo = e.event_on_hi)) FILTER (o.event_id <> e.event_id),
                        true) AS order_known,
           coalesce(sum(CASE WHEN o.event = 'paid' THEN o.amount_yuan WHEN o.event IN ('refunded', 'forfeited', 'offset')
               THEN -o.amount_yuan ELSE 0 END)
                    FILTER (o.event_id <> e.event_id AND (o.event_on_hi < e.event_on_lo
                        OR (o.event_on_lo = e.event_on_lo AND o.event = 'paid'
                    AND e.event NOT IN ('due', 'paid')))), 0) AS held
    FROM event e JOIN event o USING (project_id) GROUP BY e.event_id
), in_hand AS (  -- a payment in lieu that was received and not given back by the day of the event
    SELECT e.event_id, p.area_e18,
           CASE WHEN r.payment_id IS NOT NULL OR p.received_on_lo IS NULL
               OR p.received_on_lo > least(e.event_on_hi, getvariable('as_of')::DATE)
                     OR p.refunded_on_hi <= e.event_on_lo THEN false
                WHEN p.received_on_hi <= e.event_on_lo AND coalesce(p.refunded_on_lo > e.event_on_hi, true) THEN true END AS counts
    FROM event e JOIN in_lieu_payment p USING (project_id) LEFT JOIN repeated_receipt r USING (payment_id)
), lieu AS (
    SELECT event_id, bool_and(counts IS NOT NULL AND (NOT counts OR area_e18 IS NOT NULL)) AS known,
           coalesce(area_of(sum(area_e18) FILTER (counts), count(*) FILTER (counts)), 0) AS area_m2
    FROM in_hand GROUP BY event_id
)
SELECT e.* EXCLUDE (row_ids),
       getvariable('as_of')::DATE AS as_of,
       CASE WHEN NOT coalesce(hole.deposits, false) AND money.order_known THEN money.held END::DECIMAL(18, 2) AS held_before_yuan,
       CASE WHEN NOT coalesce(hole.deposits, false) AND money.known THEN ledger.refunded_yuan END::DECIMAL(18, 2) AS refunded_so_far_yuan,
       CASE WHEN NOT coalesce(hole.deposits, false) AND money.known THEN ledger.paid_yuan END::DECIMAL(18, 2) AS paid_so_far_yuan,
       CASE WHEN hole.payments THEN NULL WHEN lieu.event_id IS NOT NULL THEN CASE WHEN lieu.known THEN lieu.area_m2 END
            WHEN told.payments THEN 0 END::DECIMAL(18, 2) AS in_lieu_by_then_m2
FROM event e CROSS JOIN register_told told
LEFT JOIN project_hole hole USING (project_id)
LEFT JOIN money USING (event_id)
LEFT JOIN deposit_ledger ledger ON ledger.project_id = e.project_id AND ledger.day_lo = e.event_on_lo AND ledger.day_hi = e.event_on_hi
LEFT JOIN lieu USING (event_id);
