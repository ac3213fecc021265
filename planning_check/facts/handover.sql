-- One row per handover agreed or made, as far as may be, by as_of: the room as filed, and whether the community designated by civil affairs,
-- or its successor on that day, received it.
CREATE OR REPLACE TABLE fact_handover AS
SELECT h.* EXCLUDE (row_ids, receipt_no, agreed_on_lo, agreed_on_hi),
       CASE WHEN h.agreed_on_lo <= day.as_of THEN h.agreed_on_lo END AS agreed_on_lo,
       CASE WHEN h.agreed_on_lo <= day.as_of THEN h.agreed_on_hi END AS agreed_on_hi,
       CASE WHEN r.premises_id IS NOT NULL THEN true WHEN h.premises_id IS NOT NULL AND told.premises AND NOT EXISTS (
                FROM lost_id l WHERE l.table_name = 'premises' AND coalesce(l.key = h.premises_id, coalesce(l.project_id, h.project_id) = h.project_id)) THEN false END AS room_is_known,
       CASE WHEN h.premises_id IS NOT NULL AND NOT coalesce(hole.handovers, false) THEN made.area_m2 END AS room_handed_m2,
       r.filed_m2 AS room_filed_m2, r.filed_building AS room_filed_building, r.filed_floor AS room_filed_floor,
       day.as_of,
       CASE WHEN h.community_code IS NULL OR p.designated_community_code IS NULL THEN NULL
            WHEN h.community_code = p.designated_community_code THEN true
            WHEN c.successor_code = h.community_code THEN
                 CASE WHEN c.valid_to_hi <= h.handed_over_on_lo THEN true WHEN c.valid_to_lo > h.handed_over_on_hi THEN false END
            WHEN was_not_read(c.successor_code, c.not_read, 'successor_code') THEN NULL
            ELSE false END AS receiver_is_designated
FROM handovers h CROSS JOIN (SELECT getvariable('as_of')::DATE AS as_of) day CROSS JOIN register_told told
LEFT JOIN projects p USING (project_id)
LEFT JOIN project_hole hole USING (project_id)
LEFT JOIN (SELECT project_id, room, CASE WHEN bool_and(counts IS NOT NULL) THEN coalesce(sum(area_m2) FILTER (counts), 0) END::DECIMAL(18, 2) AS area_m2
           FROM handed_room WHERE is_named GROUP BY project_id, room) made ON made.project_id = h.project_id AND made.room = h.premises_id
LEFT JOIN premises r ON r.premises_id = h.premises_id
LEFT JOIN communities c ON c.community_code = p.designated_community_code
WHERE coalesce(h.handed_over_on_lo, h.agreed_on_lo) <= day.as_of OR coalesce(h.handed_over_on_lo, h.agreed_on_lo) IS NULL;
