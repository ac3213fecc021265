-- One row per room: its areas, floor, present use and who changed it, its handover, its double under another project, where it lies.
-- A change of use, a title or a vacancy after as_of has not happened yet.
CREATE OR REPLACE TABLE fact_premises AS
WITH handed AS (
    SELECT project_id, room, bool_or(counts) AS counts, min(handed_over_on_lo) FILTER (counts) AS lo, min(handed_over_on_hi) FILTER (counts) AS hi
    FROM handed_room GROUP BY project_id, room
), unnamed AS (  -- a handover that does not say which room may be of any room of the project
    SELECT DISTINCT project_id FROM handovers WHERE premises_id IS NULL
), registers AS (
    SELECT coalesce(bool_or(table_name = 'handovers'), false) AS handovers FROM delivered
), day AS (
    SELECT getvariable('as_of')::DATE AS as_of
)
SELECT p.* EXCLUDE (row_ids, geometry, geometry_crs, current_use, use_changed_by, title_no, title_holder, title_holder_kind, title_use, titled_on_lo,
                    titled_on_hi, encumbrance, vacant_since_lo, vacant_since_hi),
       day.as_of,
       CASE WHEN use_changed_on_lo > day.as_of THEN kind ELSE current_use END AS current_use,
       CASE WHEN use_changed_on_lo > day.as_of THEN NULL ELSE use_changed_by END AS use_changed_by,
       CASE WHEN coalesce(titled_on_lo <= day.as_of, true) THEN title_no END AS title_no,
       CASE WHEN coalesce(titled_on_lo <= day.as_of, true) THEN title_holder END AS title_holder,
       CASE WHEN coalesce(titled_on_lo <= day.as_of, true) THEN title_holder_kind END AS title_holder_kind,
       CASE WHEN coalesce(titled_on_lo <= day.as_of, true) THEN title_use END AS title_use,
       CASE WHEN coalesce(titled_on_lo <= day.as_of, true) THEN encumbrance END AS encumbrance,
       CASE WHEN titled_on_lo <= day.as_of THEN titled_on_lo END AS titled_on_lo,
       CASE WHEN titled_on_lo <= day.as_of THEN titled_on_hi END AS titled_on_hi,
       CASE WHEN vacant_since_lo <= day.as_of THEN vacant_since_lo END AS vacant_since_lo,
       CASE WHEN vacant_since_lo <= day.as_of THEN vacant_since_hi END AS vacant_since_hi,
       CASE WHEN h.room IS NOT NULL THEN h.counts WHEN registers.handovers AND u.project_id IS NULL THEN false END AS is_handed_over,
       h.lo AS handed_over_on_lo, h.hi AS handed_over_on_hi,
       c.same_room_premises_id, c.same_room_project_id, coalesce(c.is_claimed_elsewhere, false) AS is_claimed_elsewhere,
       g.outside_parcel_m::DECIMAL(18, 6) AS outside_parcel_m, g.outside_communities_m::DECIMAL(18, 6) AS outside_communities_m
FROM premises p CROSS JOIN day CROSS JOIN registers
LEFT JOIN handed h ON h.room = p.premises_id AND h.project_id = p.project_id
LEFT JOIN unnamed u ON u.project_id = p.project_id
LEFT JOIN room_claim c USING (premises_id)
LEFT JOIN premises_place g USING (premises_id);
