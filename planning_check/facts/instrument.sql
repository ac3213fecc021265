-- Deposits by instrument (cash by its receipt, a guarantee by its number), on the day of every event and on the day of the check: what was
-- paid on it, what was taken off it, whether it has expired, whether another has taken its place. The balance is the sum of what the
-- instruments still hold. What is taken off belongs to the instrument whose number it bears, or to the only one there is; else it is told
-- apart as ``loose``.

CREATE OR REPLACE TABLE deposit_event AS
SELECT d.* EXCLUDE (row_ids), coalesce(number_of(guarantee_no), number_of(receipt_no)) AS number FROM deposits d
    WHERE event_on_lo <= getvariable('as_of')::DATE;

CREATE OR REPLACE TABLE ledger_day AS
SELECT DISTINCT project_id, event_on_lo AS day_lo, event_on_hi AS day_hi FROM deposit_event
UNION SELECT DISTINCT project_id, getvariable('as_of')::DATE, getvariable('as_of')::DATE FROM deposit_event;

CREATE OR REPLACE TABLE instrument AS
WITH happened AS (  -- of one day what comes in is there before what goes out
    SELECT d.day_lo, d.day_hi, e.* FROM ledger_day d JOIN deposit_event e USING (project_id) WHERE e.event_on_hi <= d.day_hi
), paid_in AS (  -- one number told again with a later end is the same guarantee prolonged, and paid once
    SELECT project_id, day_lo, day_hi, instrument, max(yuan) AS paid_yuan, min(lodged_lo) AS lodged_lo, max(ends_lo) AS ends_lo,
        max(ends_hi) AS ends_hi,
           any_value(number) AS number
    FROM (SELECT project_id, day_lo, day_hi, coalesce('no. ' || number, 'event ' || event_id) AS instrument, any_value(number) AS number,
                 sum(amount_yuan) AS yuan, min(event_on_lo) AS lodged_lo, guarantee_expires_on_lo AS ends_lo,
                     guarantee_expires_on_hi AS ends_hi
          FROM happened WHERE event = 'paid' GROUP BY project_id, day_lo, day_hi, instrument, ends_lo, ends_hi)
    GROUP BY project_id, day_lo, day_hi, instrument
), counted AS (
    SELECT project_id, day_lo, day_hi, count(*) AS instruments, sum(paid_yuan) AS paid_yuan, any_value(instrument) AS only_one
    FROM paid_in GROUP BY project_id, day_lo, day_hi
), taken AS (
    SELECT h.project_id, h.day_lo, h.day_hi, h.event, h.amount_yuan, p.instrument IS NOT NULL AS by_number,
           coalesce(p.instrument, CASE WHEN c.instruments = 1 THEN c.only_one END) AS instrument
    FROM happened h LEFT JOIN counted c USING (project_id, day_lo, day_hi)
    LEFT JOIN paid_in p ON p.project_id = h.project_id AND p.day_lo = h.day_lo AND p.day_hi = h.day_hi AND p.number = h.number
    WHERE h.event IN ('refunded', 'forfeited', 'offset')
), tied AS (
    SELECT project_id, day_lo, day_hi, instrument, sum(amount_yuan) AS taken_yuan,
        coalesce(sum(amount_yuan) FILTER (event = 'refunded'), 0) AS refunded_yuan,
           bool_or(by_number AND event = 'refunded') AS is_returned
    FROM taken GROUP BY project_id, day_lo, day_hi, instrument
), due AS (
    SELECT project_id, day_lo, day_hi, sum(amount_yuan) AS due_yuan FROM happened WHERE event = 'due' GROUP BY project_id, day_lo, day_hi
), renewed AS (
    SELECT DISTINCT project_id, day_lo, day_hi, renews_no AS number FROM happened WHERE event = 'paid' AND renews_no IS NOT NULL
), standing AS (
    SELECT p.*, coalesce(t.taken_yuan, 0) AS taken_yuan, coalesce(t.refunded_yuan, 0) AS refunded_yuan,
        coalesce(t.is_returned, false) AS is_returned,
           CASE WHEN p.ends_lo IS NULL THEN false WHEN p.ends_hi < p.day_lo THEN true WHEN p.ends_lo >= p.day_hi THEN false
               END AS is_expired,
           r.number IS NOT NULL AS is_renewed, d.due_yuan, c.paid_yuan - d.due_yuan AS beyond_due_yuan,
           sum(p.paid_yuan) OVER (PARTITION BY p.project_id, p.day_lo, p.day_hi) - sum(p.paid_yuan) OVER (
               PARTITION BY p.project_id, p.day_lo, p.day_hi ORDER BY p.lodged_lo RANGE BETWEEN UNBOUNDED PRECEDING
                   AND CURRENT ROW) AS later_yuan
    FROM paid_in p JOIN counted c USING (project_id, day_lo, day_hi) LEFT JOIN tied t USING (project_id, day_lo, day_hi, instrument)
    LEFT JOIN due d USING (project_id, day_lo, day_hi) LEFT JOIN renewed r USING (project_id, day_lo, day_hi, number)
), ordered AS (  -- what was paid beyond the amount due stands for those that were given back or end first
    SELECT *, sum(CASE WHEN may_be_replaced THEN paid_yuan ELSE 0 END) OVER (
               PARTITION BY project_id, day_lo, day_hi ORDER BY is_renewed DESC, is_returned DESC, ends_lo NULLS LAST, lodged_lo, instrument
               ROWS UNBOUNDED PRECEDING) AS so_far_yuan
    FROM (SELECT *, (is_returned OR ends_lo IS NOT NULL) AND later_yuan >= paid_yuan AS may_be_replaced FROM standing)
)
SELECT project_id, day_lo, day_hi, instrument, paid_yuan, taken_yuan, refunded_yuan, ends_lo, ends_hi, is_expired,
       is_renewed OR (may_be_replaced AND CASE WHEN due_yuan > 0 THEN so_far_yuan <= beyond_due_yuan ELSE is_returned
           OR coalesce(is_expired, false) END)
           AS is_replaced,
       greatest(paid_yuan - taken_yuan, 0) AS left_yuan, greatest(taken_yuan - paid_yuan, 0) AS too_much_yuan
FROM ordered;

CREATE OR REPLACE TABLE deposit_ledger AS
WITH loose AS (
    SELECT d.project_id, d.day_lo, d.day_hi, sum(e.amount_yuan) AS yuan,
        coalesce(sum(e.amount_yuan) FILTER (e.event = 'refunded'), 0) AS refunded_yuan
    FROM ledger_day d JOIN deposit_event e ON e.project_id = d.project_id AND e.event_on_hi <= d.day_hi
        AND e.event IN ('refunded', 'forfeited', 'offset')
    WHERE NOT EXISTS (SELECT 1 FROM instrument i WHERE i.project_id = d.project_id AND i.day_lo = d.day_lo AND i.day_hi = d.day_hi
                      AND i.instrument = 'no. ' || e.number)
      AND (SELECT count(*) FROM instrument i WHERE i.project_id = d.project_id AND i.day_lo = d.day_lo AND i.day_hi = d.day_hi) <> 1
    GROUP BY d.project_id, d.day_lo, d.day_hi
), summed AS (
    SELECT project_id, day_lo, day_hi, count(*) AS instruments,
           coalesce(sum(paid_yuan) FILTER (NOT is_replaced), 0) AS paid_yuan,
           coalesce(sum(refunded_yuan) FILTER (NOT is_replaced), 0) AS refunded_yuan,
           bool_and(is_expired IS NOT NULL OR is_replaced OR left_yuan = 0) AS expiry_known, bool_or(is_replaced) AS any_replaced,
           coalesce(sum(left_yuan) FILTER (NOT is_replaced AND NOT is_expired), 0) AS live_yuan,
           coalesce(sum(left_yuan) FILTER (NOT is_replaced AND is_expired), 0) AS expired_yuan,
           coalesce(sum(left_yuan) FILTER (is_replaced OR is_expired), 0) AS dead_yuan,
           coalesce(sum(too_much_yuan), 0) AS too_much_yuan,
           min(ends_lo) FILTER (NOT is_replaced AND left_yuan > 0) AS ends_lo,
               min(ends_hi) FILTER (NOT is_replaced AND left_yuan > 0) AS ends_hi
    FROM instrument GROUP BY project_id, day_lo, day_hi
), bounded AS (  -- what is loose may have come off what has expired or off what has not; more than an instrument held came off the others
    SELECT d.project_id, d.day_lo, d.day_hi, s.* EXCLUDE (project_id, day_lo, day_hi), coalesce(l.refunded_yuan, 0) AS loose_refunded_yuan,
           coalesce(l.yuan, 0) + coalesce(s.too_much_yuan, 0) AS loose_yuan
    FROM ledger_day d LEFT JOIN summed s USING (project_id, day_lo, day_hi) LEFT JOIN loose l USING (project_id, day_lo, day_hi)
), least_most AS (
    SELECT *, greatest(coalesce(live_yuan, 0) - loose_yuan, 0) AS least_yuan,
           greatest(coalesce(live_yuan, 0) - greatest(loose_yuan - coalesce(dead_yuan, 0), 0), 0) AS most_yuan
    FROM bounded
)
SELECT project_id, day_lo, day_hi, coalesce(instruments, 0) AS instruments,
       coalesce(paid_yuan, 0) AS paid_yuan,
       CASE WHEN loose_refunded_yuan = 0 OR NOT coalesce(any_replaced, false) THEN coalesce(refunded_yuan, 0) + loose_refunded_yuan
           END AS refunded_yuan,
       CASE WHEN coalesce(expiry_known, true) AND least_yuan = most_yuan THEN least_yuan END AS balance_yuan,
       CASE WHEN coalesce(expiry_known, true) AND least_yuan = most_yuan
           THEN greatest(coalesce(expired_yuan, 0) - greatest(loose_yuan - coalesce(live_yuan, 0), 0), 0) END
           AS expired_yuan,
       ends_lo, ends_hi
FROM least_most;
