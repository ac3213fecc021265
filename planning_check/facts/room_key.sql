-- One row per room and key that a room of another project has too: 1 its real-estate unit, 2 its title, 3 building, floor and area (to 0.01 m2)
-- at one place, which is the same point or a project's recorded community. ``known``: 1 the unit is, 2 the title is, 3 both are.
-- Claims come in the order of ``handed_lo``, ``planned_lo``, ``premises_id``; a claim not handed over has the last day there is.
CREATE OR REPLACE TABLE room_key AS
WITH handed AS (
    SELECT project_id, room, min(coalesce(handed_over_on_lo, DATE '0001-01-01')) AS lo, min(coalesce(handed_over_on_hi, getvariable('as_of')::DATE)) AS hi
    FROM handed_room WHERE is_named AND counts IS DISTINCT FROM false GROUP BY project_id, room
), room AS (  -- the number of a parcel, or of its land as a unit, names no room
    SELECT r.premises_id, r.project_id, r.building, r.floor_from, r.geometry, p.community_code,
           coalesce(r.surveyed_m2, r.permitted_m2, r.planned_m2) AS area_m2,
           CASE WHEN NOT regexp_full_match(r.unit_code, '(?i)[0-9]{12}[GJZ][A-Z][0-9]{5}(W[0-9]{8})?') THEN upper(replace(r.unit_code, ' ', '')) END AS unit,
           CASE WHEN coalesce(r.titled_on_lo <= getvariable('as_of')::DATE, true) THEN r.title_no END AS title,
           coalesce(h.lo, DATE '9999-12-31') AS handed_lo, coalesce(h.hi, DATE '9999-12-31') AS handed_hi,
           coalesce(nullif(p.plan_approved_on_lo, DATE '0001-01-01'), DATE '9999-12-31') AS planned_lo
    FROM premises r LEFT JOIN projects p USING (project_id) LEFT JOIN handed h ON h.project_id = r.project_id AND h.room = r.premises_id
), placed AS (
    SELECT *, concat_ws(' ', place, regexp_replace(building, '[\s#号楼栋幢座]', '', 'g'), floor_from) AS spot FROM (
        SELECT *, 'community ' || community_code AS place FROM room WHERE community_code IS NOT NULL
        UNION ALL SELECT *, 'point ' || md5(geometry) FROM room WHERE geometry IS NOT NULL
    ) WHERE building IS NOT NULL AND floor_from IS NOT NULL AND area_m2 IS NOT NULL
), stepped AS (  -- areas a hundredth apart go on with the room before
    SELECT *, coalesce(area_m2 - lag(area_m2) OVER (PARTITION BY spot ORDER BY area_m2, premises_id) > 0.01, true)::INTEGER AS new_room
    FROM placed SEMI JOIN (SELECT spot FROM placed GROUP BY spot HAVING min(project_id) <> max(project_id)) USING (spot)
), alike AS (
    SELECT *, sum(new_room) OVER (PARTITION BY spot ORDER BY area_m2, premises_id) AS step FROM stepped
), keyed AS (  -- several alike in one project are several rooms: the first is held against another project's first
    SELECT premises_id, 1 AS rank, 'unit ' || unit AS key FROM room WHERE unit IS NOT NULL
    UNION ALL SELECT premises_id, 2, 'title ' || title FROM room WHERE title IS NOT NULL
    UNION ALL SELECT premises_id, 3, concat_ws(' ', spot, step,
        row_number() OVER (PARTITION BY spot, step, project_id ORDER BY handed_lo, planned_lo, premises_id)) FROM alike
), told AS (
    SELECT k.*, r.project_id, r.handed_lo, r.handed_hi, r.planned_lo, (r.unit IS NOT NULL)::INTEGER + 2 * (r.title IS NOT NULL)::INTEGER AS known
    FROM keyed k JOIN room r USING (premises_id)
)
SELECT t.* FROM told t SEMI JOIN (SELECT key FROM told GROUP BY key HAVING min(project_id) <> max(project_id)) USING (key);
