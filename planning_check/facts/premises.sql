-- One row per room: its areas, floor, present use and who changed it, its handover, its double under another project, where it lies.
-- A change of use, a title or a vacancy after as_of has not happened yet; in a month that as_of cuts, the use is unknown.
CREATE OR REPLACE TABLE fact_premises AS
WITH handed AS (
    SELECT room, CASE WHEN bool_or(counts) THEN true WHEN bool_and(counts IS NOT NULL) THEN false END AS counts,
           min(handed_over_on_lo) FILTER (counts) AS lo, min(handed_over_on_hi) FILTER (counts) AS hi
    FROM handed_room WHERE is_named GROUP BY room
), unnamed AS (  -- a handover that does not say which room may be of any room of the project
    SELECT DISTINCT project_id FROM handed_room WHERE NOT is_named AND counts IS DISTINCT FROM false
), day AS (
    SELECT getvariable('as_of')::DATE AS as_of
)
SELECT p.* EXCLUDE (row_ids, geometry, geometry_crs, current_use, use_changed_on_lo, use_changed_on_hi, use_changed_by, unit_code, title_no,
    title_holder,
                    title_holder_kind, title_use, titled_on_lo, titled_on_hi, encumbrance, vacant_since_lo, vacant_since_hi),
       day.as_of,
       CASE WHEN use_changed_on_lo > day.as_of THEN CASE kind WHEN 'owners_committee' THEN 'other' ELSE kind END
            WHEN (use_changed_on_hi > day.as_of AND NOT is_any_day(use_changed_on_lo, use_changed_on_hi))
                 OR (current_use = 'vacant' AND vacant_since_hi > day.as_of AND NOT is_any_day(vacant_since_lo, vacant_since_hi)) THEN NULL
            ELSE current_use END AS current_use,
       CASE WHEN coalesce(use_changed_on_hi <= day.as_of, true) OR is_any_day(use_changed_on_lo, use_changed_on_hi) THEN use_changed_by
           END AS use_changed_by,
       CASE WHEN use_changed_on_lo <= day.as_of THEN use_changed_on_lo END AS use_changed_on_lo,
       CASE WHEN use_changed_on_lo <= day.as_of THEN use_changed_on_hi END AS use_changed_on_hi,
       CASE WHEN NOT is_filler(unit_code) THEN unit_code END AS unit_code,
       CASE WHEN coalesce(titled_on_lo <= day.as_of, true) AND NOT is_filler(title_no) THEN title_no END AS title_no,
       CASE WHEN coalesce(titled_on_lo <= day.as_of, true) THEN title_holder END AS title_holder,
       CASE WHEN coalesce(titled_on_lo <= day.as_of, true) THEN title_holder_kind END AS title_holder_kind,
       CASE WHEN coalesce(titled_on_lo <= day.as_of, true) THEN title_use END AS title_use,
       CASE WHEN coalesce(titled_on_lo <= day.as_of, true) THEN encumbrance END AS encumbrance,
       CASE WHEN is_any_day(titled_on_lo, titled_on_hi) AND NOT is_filler(title_no) THEN true WHEN titled_on_lo > day.as_of THEN false
           WHEN titled_on_hi > day.as_of THEN NULL 
            WHEN NOT is_filler(title_no) OR titled_on_lo IS NOT NULL THEN true
            WHEN was_not_read(title_no, p.not_read, 'title_no') THEN NULL WHEN told.titles THEN false END AS is_titled,
       CASE WHEN titled_on_lo <= day.as_of THEN titled_on_lo END AS titled_on_lo,
       CASE WHEN titled_on_lo <= day.as_of THEN titled_on_hi END AS titled_on_hi,
       CASE WHEN vacant_since_lo <= day.as_of THEN vacant_since_lo END AS vacant_since_lo,
       CASE WHEN vacant_since_lo <= day.as_of THEN vacant_since_hi END AS vacant_since_hi,
       CASE WHEN h.counts THEN true WHEN hole.handovers OR NOT told.handovers THEN NULL WHEN h.room IS NOT NULL THEN h.counts
            WHEN u.project_id IS NULL THEN false END AS is_handed_over,
       h.lo AS handed_over_on_lo, h.hi AS handed_over_on_hi,
       c.same_room_premises_id, c.same_room_project_id, CASE WHEN c.premises_id IS NULL THEN false ELSE c.is_claimed_elsewhere
           END AS is_claimed_elsewhere,
       m.is_dismissed, m.dismissed_on_lo, m.dismissed_on_hi, m.dismissal_minutes_no,
       m.is_recorded_returned, m.recorded_returned_on_lo, m.recorded_returned_on_hi, m.return_minutes_no,
       k.resembling_premises_id, k.resembling_project_id, k.resembling_by,
       CASE WHEN NOT coalesce(hole.parcels, false) THEN g.outside_parcel_m END::DECIMAL(18, 6) AS outside_parcel_m,
       CASE WHEN NOT coalesce(hole.parcels, false) THEN g.outside_communities_m END::DECIMAL(18, 6) AS outside_communities_m,
       CASE WHEN NOT coalesce(hole.parcels, false) THEN g.farthest_m END::DECIMAL(18, 6) AS farthest_m,
           g.compactness::DECIMAL(18, 6) AS compactness, q.community_by_map,
       CASE WHEN NOT coalesce(hole.premises, false) THEN count(*) FILTER (p.kind = 'community') OVER (PARTITION BY p.project_id)
           END AS rooms_of_project
FROM premises p CROSS JOIN day CROSS JOIN register_told told
LEFT JOIN project_hole hole USING (project_id)
LEFT JOIN handed h ON h.room = p.premises_id
LEFT JOIN unnamed u ON u.project_id = p.project_id
LEFT JOIN room_claim c USING (premises_id)
LEFT JOIN room_alike k USING (premises_id)
LEFT JOIN room_heard m USING (premises_id)
LEFT JOIN premises_place g USING (premises_id)
LEFT JOIN point_place q ON q.table_name = 'premises' AND q.key = p.premises_id;
