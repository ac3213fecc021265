-- One row per payment in lieu: its prices, and the payment that used its receipt before. An agreement, a receipt, what became of the money
-- or a refund after as_of has not happened yet.
CREATE OR REPLACE TABLE fact_payment AS
WITH seen AS (
    SELECT p.payment_id, p.project_id, p.amount_yuan, p.due_on_lo, p.due_on_hi, p.unit_price_yuan_per_m2, p.price_approval_no, p.not_read,
        day.as_of,
           CASE WHEN coalesce(p.agreed_on_lo <= day.as_of, true) THEN p.agreement_no END AS agreement_no,
           CASE WHEN p.agreed_on_lo <= day.as_of THEN p.agreed_on_lo END AS agreed_on_lo,
           CASE WHEN p.agreed_on_lo <= day.as_of THEN p.agreed_on_hi END AS agreed_on_hi,
           CASE WHEN p.received_on_lo <= day.as_of THEN p.received_on_lo END AS received_on_lo,
           CASE WHEN p.received_on_lo <= day.as_of THEN p.received_on_hi END AS received_on_hi,
           CASE WHEN coalesce(p.received_on_lo <= day.as_of, true) THEN p.receipt_no END AS receipt_no,
           CASE WHEN coalesce(p.received_on_lo <= day.as_of, true) THEN p.account END AS account,
           CASE WHEN coalesce(p.received_on_lo <= day.as_of, true) THEN p.spent_on END AS spent_on,
           CASE WHEN coalesce(p.credited_on_lo, p.received_on_lo) > day.as_of THEN NULL ELSE p.credited_community_code
               END AS credited_community_code,
           CASE WHEN p.credited_on_lo <= day.as_of THEN p.credited_on_lo END AS credited_on_lo,
           CASE WHEN p.credited_on_lo <= day.as_of THEN p.credited_on_hi END AS credited_on_hi,
           CASE WHEN p.refunded_on_lo <= day.as_of THEN p.refunded_on_lo END AS refunded_on_lo,
           CASE WHEN p.refunded_on_lo <= day.as_of THEN p.refunded_on_hi END AS refunded_on_hi
    FROM payments p CROSS JOIN (SELECT getvariable('as_of')::DATE AS as_of) day
)
SELECT s.*, l.listed_yuan_per_m2 AS listed_price_yuan_per_m2, l.counts_at_yuan_per_m2, l.zone AS price_zone,
    r.first_payment_id AS same_receipt_payment_id
FROM seen s LEFT JOIN listed_price l USING (payment_id) LEFT JOIN repeated_receipt r USING (payment_id);
