-- What project, deposit and handover facts share: rooms handed over, each once, and money in lieu turned into area.
CREATE OR REPLACE TABLE handed_room AS
WITH dated AS (
    -- a handover with an agreement but no date of its own has not taken place; with neither it is unknown
    SELECT h.*, CASE WHEN handed_over_on_hi <= getvariable('as_of')::DATE THEN true
                     WHEN handed_over_on_lo > getvariable('as_of')::DATE THEN false
                     WHEN handed_over_on_lo IS NULL AND agreed_on_lo IS NOT NULL THEN false END AS counts
    FROM handovers h
)
SELECT project_id, coalesce(premises_id, 'handover ' || handover_id) AS room, counts, max(area_m2) AS area_m2,
       min(handed_over_on_lo) AS handed_over_on_lo, min(handed_over_on_hi) AS handed_over_on_hi,
       max(agreed_on_lo) AS agreed_on_lo, max(agreed_on_hi) AS agreed_on_hi
FROM dated GROUP BY project_id, room, counts;

-- Money in lieu as area: the sum of amount / unit price, rounded down to 0.01 m2 once, on integers (fen, 18 digits),
-- so that 1,000,000 / 4,000 is exactly 250.00 and 1,000,000 / 4,001 is 249.93.
CREATE OR REPLACE TABLE in_lieu_payment AS
SELECT payment_id, project_id, agreement_no IS NOT NULL AS agreed, amount_yuan, received_on_lo, received_on_hi,
       CASE WHEN received_on_hi <= getvariable('as_of')::DATE THEN true
            WHEN received_on_lo IS NULL OR received_on_lo > getvariable('as_of')::DATE THEN false END AS received,
       CASE WHEN unit_price_yuan_per_m2 > 0
            THEN CAST(amount_yuan * 100 AS HUGEINT) * 1000000000000000000 // CAST(unit_price_yuan_per_m2 * 100 AS HUGEINT)
            END AS area_e18
FROM payments;

CREATE OR REPLACE MACRO area_of(total_e18, payments) AS CAST((total_e18 + payments) // 10000000000000000 AS DECIMAL(38, 0)) * 0.01;

CREATE OR REPLACE TABLE in_lieu_by_project AS
SELECT project_id,
       CASE WHEN bool_and(NOT agreed OR area_e18 IS NOT NULL)
            THEN coalesce(area_of(sum(area_e18) FILTER (agreed), count(*) FILTER (agreed)), 0) END::DECIMAL(18, 2) AS agreed_m2,
       CASE WHEN bool_and(received IS NOT NULL AND (NOT received OR area_e18 IS NOT NULL))
            THEN coalesce(area_of(sum(area_e18) FILTER (received), count(*) FILTER (received)), 0) END::DECIMAL(18, 2) AS received_m2,
       CASE WHEN bool_and(received IS NOT NULL)
            THEN coalesce(sum(amount_yuan) FILTER (received), 0) END::DECIMAL(18, 2) AS received_yuan
FROM in_lieu_payment GROUP BY project_id;
