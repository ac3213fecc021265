-- What the joint meeting said by as_of. Of a room: a decision that names it, or that names its project of which it is the only room; of a
-- forfeiture: of the project. The latest counts, of one day what was confirmed. A dismissal covers what was there when it was made: a
-- change of use or a demand after it is another matter. One without a day, or with only a month that as_of cuts, may or may not have been
-- made; and of a project of which a decision was set aside, nobody can say that the meeting did not dismiss it, or that it is not recorded
-- as returned.
CREATE OR REPLACE TABLE heard AS
SELECT d.*, CASE WHEN d.decided_on_hi <= getvariable('as_of')::DATE THEN true END AS was_made
FROM decisions d WHERE coalesce(d.decided_on_lo <= getvariable('as_of')::DATE, true) AND d.conclusion IN ('confirmed', 'dismissed');

CREATE OR REPLACE TABLE room_heard AS
WITH named AS (
    SELECT h.*, r.premises_id AS room, r.use_changed_on_lo AS changed_lo, r.use_changed_on_hi AS changed_hi
    FROM heard h JOIN (SELECT *, count(*) OVER (PARTITION BY project_id) AS rooms FROM premises) r
         ON r.project_id = h.project_id AND (r.premises_id = h.premises_id OR (h.premises_id IS NULL AND r.rooms = 1))
    WHERE h.matter IN ('change_of_use', 'return_order')
), latest AS (
    SELECT room, arg_max(named, (decided_on_hi, conclusion = 'confirmed', decision_id)) AS d FROM named WHERE was_made GROUP BY room
), undated AS (
    SELECT DISTINCT room FROM named WHERE was_made IS NULL AND conclusion = 'dismissed'
), returned AS (
    SELECT room, arg_max(named, (fulfilled_on_hi, decision_id)) AS d FROM named
    WHERE conclusion = 'confirmed' AND was_made AND fulfilled_on_hi <= getvariable('as_of')::DATE
        AND NOT coalesce(changed_lo > fulfilled_on_hi, false)
    GROUP BY room
)
SELECT r.premises_id,
       CASE WHEN l.d.conclusion = 'dismissed' AND coalesce(l.d.changed_hi <= l.d.decided_on_lo, l.d.changed_lo IS NULL) THEN true
            WHEN u.room IS NOT NULL OR lost.decisions THEN NULL
            WHEN l.d.conclusion = 'dismissed' AND NOT coalesce(l.d.changed_lo > l.d.decided_on_hi, false) THEN NULL ELSE false
                END AS is_dismissed,
       CASE WHEN l.d.conclusion = 'dismissed' THEN l.d.decided_on_lo END AS dismissed_on_lo,
           CASE WHEN l.d.conclusion = 'dismissed' THEN l.d.decided_on_hi END AS dismissed_on_hi,
       CASE WHEN l.d.conclusion = 'dismissed' THEN l.d.minutes_no END AS dismissal_minutes_no,
       CASE WHEN b.room IS NOT NULL THEN true WHEN NOT coalesce(lost.decisions, false) THEN false END AS is_recorded_returned,
           b.d.fulfilled_on_lo AS recorded_returned_on_lo, b.d.fulfilled_on_hi AS recorded_returned_on_hi,
       b.d.minutes_no AS return_minutes_no
FROM premises r LEFT JOIN latest l ON l.room = r.premises_id LEFT JOIN undated u ON u.room = r.premises_id LEFT
    JOIN returned b ON b.room = r.premises_id
LEFT JOIN project_hole lost ON lost.project_id = r.project_id;

CREATE OR REPLACE TABLE forfeiture_heard AS
WITH latest AS (
    SELECT project_id, arg_max(heard, (decided_on_hi, conclusion = 'confirmed', decision_id)) AS d FROM heard WHERE was_made
        AND matter = 'forfeiture' GROUP BY project_id
), undated AS (
    SELECT DISTINCT project_id FROM heard WHERE was_made IS NULL AND matter = 'forfeiture' AND conclusion = 'dismissed'
), demanded AS (
    SELECT project_id, max(served_on_lo) AS lo, max(served_on_hi) AS hi FROM demands WHERE served_on_lo <= getvariable('as_of')::DATE
        GROUP BY project_id
)
SELECT p.project_id,
       CASE WHEN l.d.conclusion = 'dismissed' AND coalesce(m.hi <= l.d.decided_on_lo, m.lo IS NULL) THEN true
            WHEN u.project_id IS NOT NULL OR lost.decisions THEN NULL
            WHEN l.d.conclusion = 'dismissed' AND NOT coalesce(m.lo > l.d.decided_on_hi, false) THEN NULL ELSE false
                END AS forfeiture_is_dismissed,
       CASE WHEN l.d.conclusion = 'dismissed' THEN l.d.decided_on_lo END AS forfeiture_dismissed_on_lo,
       CASE WHEN l.d.conclusion = 'dismissed' THEN l.d.decided_on_hi END AS forfeiture_dismissed_on_hi,
       CASE WHEN l.d.conclusion = 'dismissed' THEN l.d.minutes_no END AS forfeiture_minutes_no
FROM projects p LEFT JOIN latest l USING (project_id) LEFT JOIN undated u USING (project_id) LEFT JOIN demanded m USING (project_id)
LEFT JOIN project_hole lost USING (project_id);
