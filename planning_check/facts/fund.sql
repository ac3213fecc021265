-- Money for the community, a row a project: what came in (deposits forfeited, money in lieu received and not returned), what was credited
-- to which community and when, what is still on the way and since when. The oldest money is credited first. What came in = credited + on
-- the way.
CREATE OR REPLACE TABLE fund_in AS
WITH day AS (
    SELECT getvariable('as_of')::DATE AS as_of
)
SELECT project_id, 'deposits' AS register, event_id AS item, amount_yuan, event_on_lo AS on_lo, event_on_hi AS on_hi,
       CASE WHEN event_on_hi <= as_of THEN true WHEN event_on_lo > as_of THEN false END AS counts
FROM deposits, day WHERE event = 'forfeited'
UNION ALL
SELECT project_id, 'payments', payment_id, amount_yuan, received_on_lo, received_on_hi, received FROM in_lieu_payment;

-- money booked straight to a community has reached it; a credit of the same money then only says so again
CREATE OR REPLACE TABLE fund_out AS
WITH day AS (
    SELECT getvariable('as_of')::DATE AS as_of
), surplus AS (  -- projects with more credited than was forfeited and booked elsewhere: some credit is of money booked to the community
    SELECT project_id FROM deposits, day WHERE event_on_hi <= as_of GROUP BY project_id
    HAVING coalesce(sum(amount_yuan) FILTER (event = 'credited'), 0)
           > coalesce(sum(amount_yuan) FILTER (event = 'forfeited' AND booked_to IS DISTINCT FROM 'community'), 0)
), told_again AS (
    SELECT DISTINCT f.event_id AS told_id FROM deposits f JOIN surplus USING (project_id) JOIN deposits c USING (project_id), day
    WHERE f.event = 'forfeited' AND c.event = 'credited' AND c.event_on_hi >= f.event_on_lo AND c.event_on_hi <= as_of
      AND (c.decision_no = f.decision_no OR c.amount_yuan = f.amount_yuan)
)
SELECT project_id, 'deposits' AS register, event_id AS item, amount_yuan, event_on_lo AS on_lo, event_on_hi AS on_hi, community_code,
    spent_on,
       CASE WHEN event_on_lo > as_of THEN false WHEN was_not_read(booked_to, not_read, 'booked_to') AND event = 'forfeited' THEN NULL
            WHEN event_on_hi <= as_of THEN true END AS counts, was_not_read(spent_on, not_read, 'spent_on') AS use_not_read
FROM deposits, day WHERE event = 'credited' OR (event = 'forfeited' AND (booked_to = 'community'
    OR was_not_read(booked_to, not_read, 'booked_to'))
                                                AND event_id NOT IN (SELECT told_id FROM told_again))
UNION ALL
-- MO03 looks after its use
SELECT p.project_id, 'payments', p.payment_id, p.amount_yuan, p.credited_on_lo, p.credited_on_hi, p.credited_community_code, NULL,
       CASE WHEN l.received IS DISTINCT FROM true THEN l.received WHEN p.credited_on_hi <= as_of THEN true WHEN p.credited_on_lo > as_of
           THEN false END, false
FROM payments p JOIN in_lieu_payment l USING (payment_id), day
WHERE p.credited_on_lo IS NOT NULL OR p.credited_community_code IS NOT NULL
    OR was_not_read(p.credited_community_code, p.not_read, 'credited_community_code')
    OR was_not_read(p.credited_on_lo, p.not_read, 'credited_on');

CREATE OR REPLACE TABLE fund_own AS  -- the communities of a project: on record, designated, of its land, or the successor of one of these
    SELECT p.project_id, list_distinct(list_filter(flatten([[p.community_code, p.designated_community_code], coalesce(t.codes, []),
               list(c.successor_code)]), lambda code: code IS NOT NULL)) AS codes
    FROM projects p LEFT JOIN (SELECT project_id, list_transform(string_split(community_shares, ', '),
        lambda s: split_part(s, ' ', 1)) AS codes
                               FROM project_place) t USING (project_id)
    LEFT JOIN communities c ON list_contains([p.community_code, p.designated_community_code], c.community_code)
    GROUP BY p.project_id, p.community_code, p.designated_community_code, t.codes;

CREATE OR REPLACE TABLE project_fund AS
WITH came AS (
    SELECT project_id, bool_and(counts IS NOT NULL) AS known, coalesce(sum(amount_yuan) FILTER (counts), 0) AS yuan FROM fund_in
        GROUP BY project_id
), went AS (
    SELECT f.project_id, bool_and(counts IS NOT NULL) AS known, coalesce(sum(amount_yuan) FILTER (counts), 0) AS yuan,
           CASE WHEN bool_and(NOT coalesce(counts, true) OR (f.community_code IS NOT NULL AND len(o.codes) > 0))
                THEN coalesce(sum(amount_yuan) FILTER (counts AND NOT list_contains(o.codes, f.community_code)), 0) END AS elsewhere_yuan,
           CASE WHEN NOT bool_or(counts AND use_not_read) THEN coalesce(sum(amount_yuan) FILTER (counts AND spent_on = 'other'), 0)
               END AS diverted_yuan,
           count(*) FILTER (counts) AS times
    FROM fund_out f LEFT JOIN fund_own o USING (project_id) GROUP BY f.project_id
), parts AS (
    SELECT project_id, string_agg(concat_ws(' ', coalesce(community_code, '?'), year, yuan), '; ' ORDER BY community_code NULLS LAST,
        year) AS parts
    FROM (SELECT project_id, community_code, year(on_lo) AS year, sum(amount_yuan) AS yuan FROM fund_out WHERE counts GROUP BY ALL)
        GROUP BY project_id
), waiting AS (  -- the first day of what is not covered by the sum credited
    SELECT project_id, min(on_lo) AS lo, min(on_hi) AS hi
    FROM (SELECT i.project_id, i.on_lo, i.on_hi, sum(i.amount_yuan) OVER (PARTITION BY i.project_id ORDER BY i.on_lo, i.register,
        i.item ROWS UNBOUNDED PRECEDING)
                 - coalesce(w.yuan, 0) AS open_yuan
          FROM fund_in i LEFT JOIN went w USING (project_id) WHERE i.counts)
    WHERE open_yuan > 0 GROUP BY project_id
), told AS (
    SELECT p.project_id, NOT coalesce(hole.deposits, false) AND NOT coalesce(hole.payments, false) AND r.deposits AND r.payments
           AND coalesce(came.known, true) AND coalesce(went.known, true) AS known,
           coalesce(came.yuan, 0) AS in_yuan, coalesce(went.yuan, 0) AS out_yuan,
           CASE WHEN went.project_id IS NULL THEN 0 ELSE went.elsewhere_yuan END AS elsewhere_yuan,
           CASE WHEN went.project_id IS NULL THEN 0 ELSE went.diverted_yuan END AS diverted_yuan
    FROM projects p CROSS JOIN register_told r LEFT JOIN project_hole hole USING (project_id) LEFT JOIN came USING (project_id) LEFT
        JOIN went USING (project_id)
)
SELECT t.project_id, CASE WHEN t.known THEN t.in_yuan END AS in_yuan, CASE WHEN t.known THEN t.out_yuan END AS out_yuan,
       CASE WHEN t.known THEN t.elsewhere_yuan END AS elsewhere_yuan, CASE WHEN t.known THEN t.diverted_yuan END AS diverted_yuan,
       CASE WHEN t.known THEN w.lo END AS waiting_lo, CASE WHEN t.known THEN w.hi END AS waiting_hi,
       CASE WHEN t.known THEN coalesce(parts.parts, '-') END AS parts
FROM told t LEFT JOIN waiting w USING (project_id) LEFT JOIN parts USING (project_id);
