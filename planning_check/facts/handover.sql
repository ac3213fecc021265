-- One row per handover that had taken place, or may have, by as_of; and whether the community designated by civil
-- affairs, or its successor on that day, received it.
CREATE OR REPLACE TABLE fact_handover AS
SELECT h.* EXCLUDE (row_ids, receipt_no),
       CASE WHEN h.premises_id IS NOT NULL THEN r.premises_id IS NOT NULL END AS room_is_known,
       r.filed_m2 AS room_filed_m2, r.filed_building AS room_filed_building, r.filed_floor AS room_filed_floor,
       getvariable('as_of')::DATE AS as_of,
       CASE WHEN h.community_code IS NULL OR p.designated_community_code IS NULL THEN NULL
            WHEN h.community_code = p.designated_community_code THEN true
            WHEN c.successor_code = h.community_code THEN
                 CASE WHEN c.valid_to_hi <= h.handed_over_on_lo THEN true WHEN c.valid_to_lo > h.handed_over_on_hi THEN false END
            ELSE false END AS receiver_is_designated
FROM handovers h
LEFT JOIN projects p USING (project_id)
LEFT JOIN premises r ON r.premises_id = h.premises_id
LEFT JOIN communities c ON c.community_code = p.designated_community_code
WHERE coalesce(h.handed_over_on_lo <= getvariable('as_of')::DATE, true);
