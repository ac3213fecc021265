-- Money for the community, a row a movement, as it was delivered: what came in (forfeited, in_lieu), what was credited, and what was used
-- though its own row tells no credit (used: of a payment in lieu, or of a deposit, forfeited or not). ``counts``: yes, no (it has not
-- happened by as_of, or was given back) or unknown. Money that came in stands under the community it is for: the designated
-- one, else the only one of the project; credited money under the community it went to. ``is_own``: whether that is one of the project's. A
-- register that is not whole, for one project or (without a project) for all, is a row without a sum: unread, or not_delivered.
CREATE OR REPLACE MACRO told_state(told) AS CASE WHEN told THEN 'yes' WHEN NOT told THEN 'no' ELSE 'unknown' END;

CREATE OR REPLACE TABLE fund_line AS
WITH today AS (
    SELECT getvariable('as_of')::DATE AS as_of
), only_one AS (
    SELECT project_id, any_value(code) AS code
    FROM (SELECT DISTINCT o.project_id, coalesce(c.successor_code, o.code) AS code
          FROM (SELECT project_id, unnest(codes) AS code FROM fund_own) o LEFT JOIN communities c ON c.community_code = o.code)
    GROUP BY project_id HAVING count(*) = 1
), home AS (
    SELECT p.project_id, CASE WHEN NOT was_not_read(p.designated_community_code, p.not_read, 'designated_community_code')
                              THEN coalesce(p.designated_community_code, o.code) END AS code
    FROM projects p LEFT JOIN only_one o USING (project_id)
), payment_use AS (
    SELECT payment_id, coalesce(spent_on, CASE WHEN list_contains(not_read, 'spent_on') THEN 'not_read' END) AS spent_on
    FROM payments, today WHERE coalesce(received_on_lo <= as_of, true)
), used AS (  -- the day of a use nobody tells: it has the day of its row; a use that comes with a credit to come is to come too
    SELECT project_id, 'deposits' AS register, event_id AS item, amount_yuan, event_on_lo AS on_lo, event_on_hi AS on_hi, community_code,
        spent_on, not_read
    FROM deposits, today WHERE event NOT IN ('due', 'credited') AND event_on_lo <= as_of AND NOT (event = 'forfeited'
        AND (booked_to IS NOT DISTINCT FROM 'community' OR was_not_read(booked_to, not_read, 'booked_to')))
    UNION ALL
    SELECT p.project_id, 'payments', p.payment_id, p.amount_yuan, p.received_on_lo, p.received_on_hi, NULL, p.spent_on, p.not_read
    FROM payments p JOIN today ON coalesce(p.received_on_lo <= today.as_of, true)
    WHERE NOT EXISTS (SELECT 1 FROM fund_out o WHERE o.register = 'payments' AND o.item = p.payment_id)
), moved AS (
    SELECT i.project_id, CASE register WHEN 'deposits' THEN 'forfeited' ELSE 'in_lieu' END AS what, register, item, amount_yuan, counts,
        on_lo, on_hi,
           home.code AS community_code, NULL::BOOLEAN AS is_own, NULL AS spent_on
    FROM fund_in i LEFT JOIN home USING (project_id)
    UNION ALL
    SELECT f.project_id, 'credited', register, item, amount_yuan, counts, on_lo, on_hi, f.community_code,
           CASE WHEN f.community_code IS NOT NULL AND len(o.codes) > 0 THEN list_contains(o.codes, f.community_code) END,
           CASE WHEN register = 'payments' THEN u.spent_on ELSE coalesce(f.spent_on, CASE WHEN use_not_read THEN 'not_read' END) END
    FROM fund_out f LEFT JOIN fund_own o USING (project_id) LEFT JOIN payment_use u ON f.register = 'payments' AND u.payment_id = f.item
    UNION ALL
    SELECT project_id, 'used', register, item, amount_yuan, spent_on IS NOT NULL OR NULL, on_lo, on_hi, community_code, NULL,
           coalesce(spent_on, 'not_read')
    FROM used WHERE spent_on IN ('premises', 'services', 'other') OR was_not_read(spent_on, not_read, 'spent_on')
    UNION ALL
    SELECT DISTINCT project_id, 'unread', table_name, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM lost_row
    WHERE table_name IN ('deposits', 'payments') AND project_id IS NOT NULL
    UNION ALL
    SELECT NULL, 'unread', table_name, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM unread_register
        WHERE table_name IN ('deposits', 'payments')
    UNION ALL
    SELECT NULL, 'not_delivered', name, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
    FROM register_told r, LATERAL (VALUES ('deposits', r.deposits), ('payments', r.payments)) t(name, told) WHERE NOT told
)
SELECT row_number() OVER (
           ORDER BY m.project_id NULLS LAST, what = 'used', what = 'credited', m.on_lo NULLS LAST, what, register, item) AS number,
       m.project_id, p.project_name, p.district_code, d.district_name, CASE WHEN m.project_id IS NOT NULL THEN told_state(r.is_in_ledger)
           END AS is_in_ledger,
       m.community_code, c.community_name, CASE WHEN what = 'credited' THEN told_state(m.is_own) END AS is_own,
       CASE WHEN year(m.on_lo) = year(m.on_hi) THEN year(m.on_lo) END AS year, m.what, m.register, m.item,
           m.amount_yuan::DECIMAL(18, 2) AS yuan,
       told_state(m.counts) AS counts, m.spent_on, CASE WHEN NOT is_any_day(m.on_lo, m.on_hi) THEN m.on_lo END AS on_lo,
       CASE WHEN NOT is_any_day(m.on_lo, m.on_hi) THEN m.on_hi END AS on_hi
FROM moved m LEFT JOIN projects p USING (project_id) LEFT JOIN districts d ON d.district_code = p.district_code
LEFT JOIN communities c ON c.community_code = m.community_code LEFT JOIN fact_reference r ON r.project_id = m.project_id
ORDER BY number;
