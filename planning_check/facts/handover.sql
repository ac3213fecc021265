-- Whether the community that civil affairs designated, or its successor on that day, received it.
CREATE OR REPLACE TABLE handover_receiver AS
SELECT h.handover_id, h.project_id AS of_project, h.premises_id AS of_room, h.recipient_kind, h.handed_over_on_lo AS lo,
    h.handed_over_on_hi AS hi,
       h.agreed_on_lo, h.agreed_on_hi, h.area_m2, h.price_yuan, h.condition,
       CASE WHEN h.community_code IS NULL OR p.designated_community_code IS NULL THEN NULL
            WHEN h.community_code = p.designated_community_code THEN true
            WHEN c.successor_code = h.community_code THEN
                 CASE WHEN c.valid_to_hi <= h.handed_over_on_lo THEN true WHEN c.valid_to_lo > h.handed_over_on_hi THEN false END
            WHEN was_not_read(c.successor_code, c.not_read, 'successor_code') THEN NULL
            ELSE false END AS is_designated
FROM handovers h LEFT JOIN projects p USING (project_id) LEFT JOIN communities c ON c.community_code = p.designated_community_code;

-- The same room handed over again, on that day or later (``surely``), or perhaps: the last time counts.
CREATE OR REPLACE TABLE handed_again AS
WITH paired AS (
    SELECT a.handover_id, b,
           coalesce(b.hi <= day.as_of AND b.lo >= coalesce(a.hi, a.agreed_on_hi), false) AS surely
    FROM handover_receiver a JOIN handover_receiver b
         ON b.of_project = a.of_project AND b.of_room = a.of_room AND b.handover_id <> a.handover_id
    CROSS JOIN (SELECT getvariable('as_of')::DATE AS as_of) day
    WHERE b.area_m2 >= a.area_m2  -- a part of it puts nothing right
      AND ((b.lo <= day.as_of AND b.hi >= coalesce(a.lo, a.agreed_on_lo, b.hi)) OR (b.lo IS NULL AND b.agreed_on_lo IS NULL))
)
SELECT handover_id, bool_or(surely) AS surely, arg_max(b, (surely, b.lo, b.handover_id)) AS last FROM paired GROUP BY handover_id;

-- One row per handover agreed or made, as far as may be, by as_of: the room as filed, who received it, and who received
-- the same room after that.
CREATE OR REPLACE TABLE fact_handover AS
SELECT h.* EXCLUDE (row_ids, receipt_no, agreed_on_lo, agreed_on_hi),
       CASE WHEN h.agreed_on_lo <= day.as_of THEN h.agreed_on_lo END AS agreed_on_lo,
       CASE WHEN h.agreed_on_lo <= day.as_of THEN h.agreed_on_hi END AS agreed_on_hi,
       CASE WHEN r.premises_id IS NOT NULL THEN true WHEN h.premises_id IS NOT NULL AND told.premises AND NOT EXISTS (
                FROM lost_id l WHERE l.table_name = 'premises' AND coalesce(l.key = h.premises_id,
                    coalesce(l.project_id, h.project_id) = h.project_id)) THEN false END AS room_is_known,
       CASE WHEN h.premises_id IS NOT NULL AND NOT coalesce(hole.handovers, false) THEN made.area_m2 END AS room_handed_m2,
       r.filed_m2 AS room_filed_m2, r.filed_building AS room_filed_building, r.filed_floor AS room_filed_floor,
       day.as_of,
       receiver.is_designated AS receiver_is_designated,
       CASE WHEN again.surely THEN true WHEN again.handover_id IS NULL AND NOT coalesce(hole.handovers, false) THEN false
           END AS is_handed_again,
       CASE WHEN again.surely THEN again.last.recipient_kind END AS later_recipient_kind,
       CASE WHEN again.surely THEN again.last.is_designated END AS later_receiver_is_designated,
       CASE WHEN again.surely THEN again.last.price_yuan END::DECIMAL(18, 2) AS later_price_yuan,
       CASE WHEN again.surely THEN again.last.condition END AS later_condition
FROM handovers h CROSS JOIN (SELECT getvariable('as_of')::DATE AS as_of) day CROSS JOIN register_told told
JOIN handover_receiver receiver USING (handover_id) LEFT JOIN handed_again again USING (handover_id)
LEFT JOIN project_hole hole USING (project_id)
LEFT JOIN (SELECT project_id, room, CASE WHEN bool_and(counts IS NOT NULL) THEN coalesce(sum(area_m2) FILTER (counts), 0) END::DECIMAL(18,
    2) AS area_m2
           FROM handed_room WHERE is_named GROUP BY project_id, room) made ON made.project_id = h.project_id AND made.room = h.premises_id
LEFT JOIN premises r ON r.premises_id = h.premises_id
WHERE coalesce(h.handed_over_on_lo, h.agreed_on_lo) <= day.as_of OR coalesce(h.handed_over_on_lo, h.agreed_on_lo) IS NULL;
