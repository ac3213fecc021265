-- One row per payment in lieu: the price listed for its day (of the agreement, else of the receipt, else due), and the price at which its
-- money counts as area: the list's, or what was agreed above it; below it only with the number of the document that approves it. Where the
-- list is silent the agreed price is all there is. (A day after as_of has not come.)
CREATE OR REPLACE TABLE listed_price AS
WITH dated AS (
    SELECT payment_id, project_id, unit_price_yuan_per_m2, price_approval_no, not_read,
           coalesce(CASE WHEN agreed_on_lo <= as_of THEN agreed_on_lo END, CASE WHEN received_on_lo <= as_of THEN received_on_lo END,
               due_on_lo) AS lo,
           coalesce(CASE WHEN agreed_on_lo <= as_of THEN agreed_on_hi END, CASE WHEN received_on_lo <= as_of THEN received_on_hi END,
               due_on_hi) AS hi
    FROM payments CROSS JOIN (SELECT getvariable('as_of')::DATE AS as_of) day
), listed AS (
    SELECT DISTINCT zone FROM unit_prices WHERE use = 'community'
), zoned AS (  -- the price list goes by district code, or else by district name
    SELECT p.payment_id, coalesce(by_code.zone, by_name.zone) AS zone, p.lo, p.hi
    FROM dated p JOIN projects j USING (project_id) LEFT JOIN districts d USING (district_code)
    LEFT JOIN listed by_code ON by_code.zone = j.district_code LEFT JOIN listed by_name ON by_name.zone = d.district_name
), priced AS (  -- one price may hold on that day, and it surely does
    SELECT z.payment_id, CASE WHEN min(u.price_yuan_per_m2) = max(u.price_yuan_per_m2)
                              AND bool_or(u.from_on_hi <= z.lo AND coalesce(u.to_on_lo >= z.hi, true)) THEN min(u.price_yuan_per_m2)
                                  END AS price,
           max(u.price_yuan_per_m2) AS most
    FROM zoned z JOIN unit_prices u ON u.zone = z.zone AND u.use = 'community' AND u.from_on_lo <= z.hi
        AND coalesce(u.to_on_hi >= z.lo, true)
    GROUP BY z.payment_id
)
SELECT p.payment_id, z.zone, price::DECIMAL(18, 2) AS listed_yuan_per_m2,
       (CASE WHEN p.price_approval_no IS NOT NULL THEN p.unit_price_yuan_per_m2
             WHEN was_not_read(p.unit_price_yuan_per_m2, p.not_read, 'unit_price_yuan_per_m2') THEN NULL
             WHEN was_not_read(p.price_approval_no, p.not_read, 'price_approval_no')
                 AND NOT coalesce(p.unit_price_yuan_per_m2 >= most, false) THEN NULL
             -- which of the listed prices holds matters
             WHEN priced.price IS NULL AND most > coalesce(p.unit_price_yuan_per_m2, 0) THEN NULL
             ELSE coalesce(greatest(price, p.unit_price_yuan_per_m2), price, p.unit_price_yuan_per_m2) END)::DECIMAL(18,
                 2) AS counts_at_yuan_per_m2
FROM dated p LEFT JOIN zoned z USING (payment_id) LEFT JOIN priced USING (payment_id);
