-- One row per payment in lieu: the price listed for its day (of the agreement, else of the receipt, else due), and the payment that used its
-- receipt before. An agreement, a receipt, what became of the money or a refund after as_of has not happened yet.
CREATE OR REPLACE TABLE fact_payment AS
WITH seen AS (
    SELECT p.payment_id, p.project_id, p.amount_yuan, p.due_on_lo, p.due_on_hi, p.unit_price_yuan_per_m2, day.as_of,
           CASE WHEN coalesce(p.agreed_on_lo <= day.as_of, true) THEN p.agreement_no END AS agreement_no,
           CASE WHEN p.agreed_on_lo <= day.as_of THEN p.agreed_on_lo END AS agreed_on_lo,
           CASE WHEN p.agreed_on_lo <= day.as_of THEN p.agreed_on_hi END AS agreed_on_hi,
           CASE WHEN p.received_on_lo <= day.as_of THEN p.received_on_lo END AS received_on_lo,
           CASE WHEN p.received_on_lo <= day.as_of THEN p.received_on_hi END AS received_on_hi,
           CASE WHEN coalesce(p.received_on_lo <= day.as_of, true) THEN p.receipt_no END AS receipt_no,
           CASE WHEN coalesce(p.received_on_lo <= day.as_of, true) THEN p.account END AS account,
           CASE WHEN coalesce(p.received_on_lo <= day.as_of, true) THEN p.spent_on END AS spent_on,
           CASE WHEN coalesce(p.credited_on_lo, p.received_on_lo) > day.as_of THEN NULL ELSE p.credited_community_code END AS credited_community_code,
           CASE WHEN p.credited_on_lo <= day.as_of THEN p.credited_on_lo END AS credited_on_lo,
           CASE WHEN p.credited_on_lo <= day.as_of THEN p.credited_on_hi END AS credited_on_hi,
           CASE WHEN p.refunded_on_lo <= day.as_of THEN p.refunded_on_lo END AS refunded_on_lo,
           CASE WHEN p.refunded_on_lo <= day.as_of THEN p.refunded_on_hi END AS refunded_on_hi
    FROM payments p CROSS JOIN (SELECT getvariable('as_of')::DATE AS as_of) day
), listed AS (
    SELECT DISTINCT zone FROM unit_prices WHERE use = 'community'
), zoned AS (  -- the price list goes by district code, or else by district name
    SELECT s.payment_id, coalesce(by_code.zone, by_name.zone) AS zone,
           coalesce(s.agreed_on_lo, s.received_on_lo, s.due_on_lo) AS lo, coalesce(s.agreed_on_hi, s.received_on_hi, s.due_on_hi) AS hi
    FROM seen s JOIN projects j USING (project_id) LEFT JOIN districts d USING (district_code)
    LEFT JOIN listed by_code ON by_code.zone = j.district_code LEFT JOIN listed by_name ON by_name.zone = d.district_name
), priced AS (  -- one price may hold on that day, and it surely does
    SELECT z.payment_id, CASE WHEN min(u.price_yuan_per_m2) = max(u.price_yuan_per_m2)
                              AND bool_or(u.from_on_hi <= z.lo AND coalesce(u.to_on_lo >= z.hi, true)) THEN min(u.price_yuan_per_m2) END AS price
    FROM zoned z JOIN unit_prices u ON u.zone = z.zone AND u.use = 'community' AND u.from_on_lo <= z.hi AND coalesce(u.to_on_hi >= z.lo, true)
    GROUP BY z.payment_id
)
SELECT s.*, priced.price::DECIMAL(18, 2) AS listed_price_yuan_per_m2, z.zone AS price_zone, r.first_payment_id AS same_receipt_payment_id
FROM seen s LEFT JOIN zoned z USING (payment_id) LEFT JOIN priced USING (payment_id) LEFT JOIN repeated_receipt r USING (payment_id);
