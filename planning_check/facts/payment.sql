-- One row per payment in lieu: the price listed for its day, and the payment that used its receipt before.
-- A receipt, an account entry or a refund after as_of has not happened yet.
CREATE OR REPLACE TABLE fact_payment AS
WITH zoned AS (  -- the price list goes by district code or by district name
    SELECT p.payment_id, z.zone,
           coalesce(p.agreed_on_lo, p.received_on_lo, p.due_on_lo) AS lo,
           CASE WHEN p.agreed_on_lo IS NOT NULL THEN p.agreed_on_hi WHEN p.received_on_lo IS NOT NULL THEN p.received_on_hi ELSE p.due_on_hi END AS hi
    FROM payments p JOIN projects j USING (project_id) LEFT JOIN districts d USING (district_code)
    JOIN (SELECT DISTINCT zone FROM unit_prices) z ON z.zone IN (j.district_code, d.district_name)
), priced AS (
    SELECT z.payment_id, min(z.zone) AS zone,
           CASE WHEN min(u.price_yuan_per_m2) = max(u.price_yuan_per_m2) THEN min(u.price_yuan_per_m2) END AS price
    FROM zoned z JOIN unit_prices u ON u.zone = z.zone AND u.use = 'community' AND u.from_on_lo <= z.hi AND coalesce(u.to_on_hi >= z.lo, true)
    GROUP BY z.payment_id
)
SELECT p.payment_id, p.project_id, p.amount_yuan, p.due_on_lo, p.due_on_hi,
       CASE WHEN p.received_on_lo <= day.as_of THEN p.received_on_lo END AS received_on_lo,
       CASE WHEN p.received_on_lo <= day.as_of THEN p.received_on_hi END AS received_on_hi,
       p.agreement_no, p.agreed_on_lo, p.agreed_on_hi, p.unit_price_yuan_per_m2, p.receipt_no, p.account, p.credited_community_code,
       CASE WHEN p.credited_on_lo <= day.as_of THEN p.credited_on_lo END AS credited_on_lo,
       CASE WHEN p.credited_on_lo <= day.as_of THEN p.credited_on_hi END AS credited_on_hi,
       p.spent_on,
       CASE WHEN p.refunded_on_lo <= day.as_of THEN p.refunded_on_lo END AS refunded_on_lo,
       CASE WHEN p.refunded_on_lo <= day.as_of THEN p.refunded_on_hi END AS refunded_on_hi,
       day.as_of, priced.price::DECIMAL(18, 2) AS listed_price_yuan_per_m2, priced.zone AS price_zone, r.first_payment_id AS same_receipt_payment_id
FROM payments p CROSS JOIN (SELECT getvariable('as_of')::DATE AS as_of) day
LEFT JOIN priced USING (payment_id)
LEFT JOIN repeated_receipt r USING (payment_id);
