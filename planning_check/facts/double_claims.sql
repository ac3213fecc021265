-- What is told twice: one room under two projects, one receipt for two payments. Each counts once, for the first.

-- A room is the same under another project if its real-estate unit or title is, or else building, floor and area (to 0.01 m2) where the
-- rooms' points or the projects' recorded communities are the same too. First is who handed over first, then whose plan was approved first.
CREATE OR REPLACE TABLE room_claim AS
WITH room AS (
    SELECT r.premises_id, r.project_id, r.unit_code, r.title_no, r.building, r.floor_from, coalesce(r.surveyed_m2, r.permitted_m2, r.planned_m2) AS area_m2,
           p.community_code, r.geometry, h.handed_lo, p.plan_approved_on_lo AS planned_lo
    FROM premises r LEFT JOIN projects p USING (project_id)
    LEFT JOIN (SELECT room, min(handed_over_on_lo) AS handed_lo FROM handed_room WHERE counts GROUP BY room) h ON h.room = r.premises_id
), placed AS (
    SELECT *, 'community ' || community_code AS place FROM room WHERE community_code IS NOT NULL
    UNION ALL SELECT *, 'point ' || hex(geometry) FROM room WHERE geometry IS NOT NULL
), stepped AS (  -- areas a hundredth apart go on with the room before
    SELECT *, coalesce(area_m2 - lag(area_m2) OVER same > 0.01, true) AS new_room FROM placed
    WHERE building IS NOT NULL AND floor_from IS NOT NULL AND area_m2 IS NOT NULL
    WINDOW same AS (PARTITION BY place, building, floor_from ORDER BY area_m2, premises_id)
), keyed AS (
    SELECT premises_id, project_id, handed_lo, planned_lo, 1 AS rank, 'unit ' || unit_code AS key FROM room WHERE unit_code IS NOT NULL
    UNION ALL SELECT premises_id, project_id, handed_lo, planned_lo, 2, 'title ' || title_no FROM room WHERE title_no IS NOT NULL
    UNION ALL SELECT premises_id, project_id, handed_lo, planned_lo, 3, place || ' ' || building || ' ' || floor_from || ' '
        || sum(new_room::INTEGER) OVER (PARTITION BY place, building, floor_from ORDER BY area_m2, premises_id) FROM stepped
), first AS (
    SELECT key, arg_min({'room': premises_id, 'project': project_id}, (coalesce(handed_lo, DATE '9999-12-31'), coalesce(planned_lo, DATE '9999-12-31'), premises_id)) AS one
    FROM keyed GROUP BY key HAVING min(project_id) <> max(project_id)
), second AS (
    SELECT key, arg_min({'room': k.premises_id, 'project': k.project_id}, (coalesce(k.handed_lo, DATE '9999-12-31'), coalesce(k.planned_lo, DATE '9999-12-31'), k.premises_id)) AS other
    FROM keyed k JOIN first f USING (key) WHERE k.project_id <> f.one.project GROUP BY key
), told AS (
    SELECT k.premises_id, k.rank, k.project_id <> f.one.project AS elsewhere, CASE WHEN k.project_id = f.one.project THEN s.other ELSE f.one END AS same
    FROM keyed k JOIN first f USING (key) JOIN second s USING (key)
)
SELECT premises_id, arg_min(same, (rank, same.room)).room AS same_room_premises_id, arg_min(same, (rank, same.room)).project AS same_room_project_id,
       arg_min(elsewhere, (rank, same.room)) AS is_claimed_elsewhere
FROM told GROUP BY premises_id;

CREATE OR REPLACE TABLE repeated_receipt AS
SELECT payment_id, first_payment_id FROM (
    SELECT payment_id, first_value(payment_id) OVER (PARTITION BY receipt_no ORDER BY received_on_lo NULLS LAST, payment_id) AS first_payment_id
    FROM payments WHERE receipt_no IS NOT NULL
) WHERE payment_id <> first_payment_id;

CREATE OR REPLACE TABLE claimed_twice AS
WITH handed AS (
    SELECT h.project_id, sum(h.area_m2) AS area_m2 FROM handed_room h JOIN room_claim c ON c.premises_id = h.room
    WHERE h.counts AND c.is_claimed_elsewhere GROUP BY h.project_id
), once AS (  -- rounded once, as the whole sum is
    SELECT project_id, coalesce(area_of(sum(area_e18) FILTER (received AND r.payment_id IS NULL), count(*) FILTER (received AND r.payment_id IS NULL)), 0) AS area_m2
    FROM in_lieu_payment p LEFT JOIN repeated_receipt r USING (payment_id) GROUP BY project_id HAVING count(r.payment_id) > 0
)
SELECT p.project_id, coalesce(h.area_m2, 0)::DECIMAL(18, 2) AS handed_elsewhere_m2,
       CASE WHEN o.project_id IS NULL THEN 0 ELSE l.received_m2 - o.area_m2 END::DECIMAL(18, 2) AS in_lieu_twice_m2
FROM projects p LEFT JOIN handed h USING (project_id) LEFT JOIN once o USING (project_id) LEFT JOIN in_lieu_by_project l USING (project_id);

-- Projects of one developer whose parcels are neighbours, directly or through others: the group goes by its smallest id.
CREATE OR REPLACE TABLE project_group AS
WITH RECURSIVE edge AS (
    SELECT n.project_id, n.other_id FROM project_near n JOIN projects a ON a.project_id = n.project_id JOIN projects b ON b.project_id = n.other_id
    WHERE a.developer_code = b.developer_code
), both_ways AS (
    SELECT project_id, other_id FROM edge UNION SELECT other_id, project_id FROM edge
), reached AS (
    SELECT project_id, other_id FROM both_ways
    UNION SELECT r.project_id, e.other_id FROM reached r JOIN both_ways e ON e.project_id = r.other_id
)
SELECT project_id, least(project_id, min(other_id)) AS cluster_id FROM reached GROUP BY project_id;
