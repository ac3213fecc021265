-- What is still to be done or ends, with its day: made when it is asked for, from the typed tables and the instruments, as of a day.
-- ``kind``: of ``words.DUE``; ``table_name``, ``field``, ``row_ids``: where the day is told. A day that cannot be read is NULL.
CREATE OR REPLACE TABLE falls_due AS
WITH day AS (SELECT getvariable('as_of')::DATE AS as_of), open_office AS (
    SELECT o.*, c.community_name AS name, c.district_code FROM offices o LEFT JOIN communities c USING (community_code), day
    WHERE o.tenure IN ('rented', 'borrowed', 'coordinated', 'temporary') AND coalesce(o.resolved_on_lo > day.as_of, true)
), last_demand AS (  -- an extension moves the deadline only with the number of its document
    SELECT *, extended_to_lo IS NOT NULL AND extension_no IS NOT NULL AS is_extended FROM demands, day WHERE served_on_lo <= day.as_of
    QUALIFY row_number() OVER (PARTITION BY project_id ORDER BY coalesce(CASE WHEN extension_no IS NOT NULL THEN extended_to_hi END,
        deadline_on_hi) DESC NULLS FIRST, demand_id) = 1
), still_held AS (  -- for certain by the register, with no forfeiture before the meeting; no rule says by which day it goes back
    SELECT i.project_id, i.instrument, i.left_yuan
    FROM instrument i JOIN deposit_ledger l USING (project_id, day_lo, day_hi) CROSS JOIN day CROSS JOIN register_told told
    LEFT JOIN project_hole hole USING (project_id)
    WHERE i.day_lo = day.as_of AND i.day_hi = day.as_of AND i.left_yuan > 0 AND NOT i.is_replaced AND NOT i.is_expired
        AND told.deposits AND NOT coalesce(hole.deposits, false) AND NOT EXISTS (
            SELECT 1 FROM decisions c WHERE c.project_id = i.project_id AND c.matter = 'forfeiture'
                AND c.conclusion IS DISTINCT FROM 'dismissed' AND coalesce(c.fulfilled_on_lo > day.as_of, true))
    QUALIFY l.balance_yuan = sum(i.left_yuan) OVER (PARTITION BY i.project_id)
), told AS (
    SELECT 'demand' AS kind, 'project' AS subject, project_id AS key, NULL::DECIMAL(18, 2) AS yuan, document_no AS number,
        CASE WHEN is_extended THEN extended_to_lo ELSE deadline_on_lo END AS day_lo,
        CASE WHEN is_extended THEN extended_to_hi ELSE deadline_on_hi END AS day_hi,
        'demands' AS table_name, CASE WHEN is_extended THEN 'extended_to' ELSE 'deadline_on' END AS field, row_ids FROM last_demand
    UNION ALL SELECT 'payment', 'project', project_id, amount_yuan, agreement_no, due_on_lo, due_on_hi, 'payments', 'due_on', row_ids
    FROM payments, day WHERE coalesce(received_on_lo > day.as_of, true) AND refunded_on_lo IS NULL
        AND NOT coalesce(list_contains(not_read, 'received_on'), false)
    UNION ALL SELECT 'deposit', 'project', d.project_id, d.amount_yuan, NULL, d.event_on_lo, d.event_on_hi, 'deposits', 'event_on',
        d.row_ids
    FROM deposits d, day WHERE d.event = 'due' AND (
        SELECT coalesce(sum(p.amount_yuan) FILTER (p.event = 'paid' AND p.event_on_hi <= day.as_of), 0)
            < sum(p.amount_yuan) FILTER (p.event = 'due') FROM deposits p WHERE p.project_id = d.project_id)
    UNION ALL SELECT 'guarantee', 'project', i.project_id, i.left_yuan, any_value(d.guarantee_no), any_value(i.ends_lo),
        any_value(i.ends_hi),
        'deposits', 'guarantee_expires_on', flatten(list(d.row_ids ORDER BY d.event_id))
    FROM instrument i JOIN deposits d ON d.project_id = i.project_id AND d.event = 'paid' AND i.instrument =
        coalesce('no. ' || coalesce(number_of(d.guarantee_no), number_of(d.receipt_no)), 'event ' || d.event_id), day
    WHERE i.day_lo = day.as_of AND i.day_hi = day.as_of AND i.left_yuan > 0 AND NOT coalesce(i.is_replaced, false)
        AND d.guarantee_expires_on_lo IS NOT DISTINCT FROM i.ends_lo
        AND (i.ends_lo IS NOT NULL OR list_contains(d.not_read, 'guarantee_expires_on')
             OR (d.guarantee_no IS NOT NULL AND i.ends_lo IS NULL))
    GROUP BY i.project_id, i.instrument, i.left_yuan
    UNION ALL SELECT 'give_back', 'project', h.project_id, h.left_yuan, any_value(coalesce(d.guarantee_no, d.receipt_no)), NULL, NULL,
        'deposits', 'amount_yuan', flatten(list(d.row_ids ORDER BY d.event_id))
    FROM still_held h JOIN deposits d ON d.project_id = h.project_id AND d.event = 'paid' AND h.instrument =
        coalesce('no. ' || coalesce(number_of(d.guarantee_no), number_of(d.receipt_no)), 'event ' || d.event_id)
    GROUP BY h.project_id, h.instrument, h.left_yuan
    UNION ALL SELECT CASE WHEN matter = 'return_order' THEN 'return' ELSE 'resolution' END, 'project', project_id, NULL, minutes_no,
        due_on_lo, due_on_hi, 'decisions', 'due_on', row_ids
    FROM decisions, day WHERE conclusion = 'confirmed' AND coalesce(fulfilled_on_lo > day.as_of, true)
        AND coalesce(decided_on_lo <= day.as_of, true) AND (due_on_lo IS NOT NULL OR matter = 'return_order')
    UNION ALL SELECT 'credit', 'project', project_id, NULL, minutes_no, decided_on_lo + getvariable('record_days')::INTEGER,
        decided_on_hi + getvariable('record_days')::INTEGER, 'decisions', 'decided_on', row_ids
    FROM decisions, day WHERE conclusion = 'confirmed' AND matter = 'change_of_use' AND coalesce(credit_recorded_on_lo > day.as_of, true)
        AND coalesce(decided_on_lo <= day.as_of, true)
    UNION ALL SELECT 'lease', 'office', office_id, rent_yuan_per_year, NULL, lease_end_lo, lease_end_hi, 'offices', 'lease_end', row_ids
    FROM open_office WHERE lease_end_lo IS NOT NULL OR tenure = 'rented' OR list_contains(not_read, 'lease_end')
    UNION ALL SELECT 'office', 'office', office_id, NULL, NULL, resolution_due_on_lo, resolution_due_on_hi, 'offices', 'resolution_due_on',
        row_ids FROM open_office WHERE resolution_due_on_lo IS NOT NULL OR list_contains(not_read, 'resolution_due_on')
)
SELECT t.* REPLACE (CASE WHEN NOT is_any_day(t.day_lo, t.day_hi) THEN t.day_lo END AS day_lo,
                    CASE WHEN NOT is_any_day(t.day_lo, t.day_hi) THEN t.day_hi END AS day_hi),
    coalesce(p.project_name, o.name) AS name
FROM told t LEFT JOIN projects p ON t.subject = 'project' AND p.project_id = t.key
LEFT JOIN open_office o ON t.subject = 'office' AND o.office_id = t.key
ORDER BY t.kind, t.key, t.day_lo, t.row_ids;
