-- What is told twice counts once: one room handed over by two projects, one receipt for two payments.

-- A room under two ids is settled by room_claim; under one id it is the project's that handed it over first.
CREATE OR REPLACE TABLE handed_once AS
WITH first AS (
    SELECT room, arg_min(project_id, (handed_over_on_lo, project_id)) AS project_id FROM handed_room WHERE counts
    GROUP BY room HAVING min(project_id) <> max(project_id)
)
SELECT h.*, CASE WHEN f.project_id <> h.project_id THEN true WHEN r.premises_id IS NULL OR c.premises_id IS NULL THEN false
                 ELSE c.is_claimed_elsewhere END AS elsewhere
FROM handed_room h LEFT JOIN first f USING (room)
LEFT JOIN premises r ON r.premises_id = h.room AND r.project_id = h.project_id
LEFT JOIN room_claim c ON c.premises_id = r.premises_id;

-- Handovers as told, with whether another project has the room first, and whether the register of premises has it.
CREATE OR REPLACE TABLE handed AS
SELECT h.*, o.elsewhere, r.premises_id IS NOT NULL AS names_room
FROM handed_told h
LEFT JOIN (SELECT project_id, room, any_value(elsewhere) AS elsewhere FROM handed_once GROUP BY project_id, room) o USING (project_id, room)
LEFT JOIN premises r ON h.is_named AND r.premises_id = h.room;

-- Of which projects all handovers are known.
CREATE OR REPLACE TABLE handed_known AS
SELECT p.project_id, NOT coalesce(s.handovers, false) AND (h.project_id IS NOT NULL OR told.handovers) AS known
FROM projects p CROSS JOIN register_told told LEFT JOIN project_hole s USING (project_id)
LEFT JOIN (SELECT DISTINCT project_id FROM handed_told) h USING (project_id);

CREATE OR REPLACE TABLE repeated_receipt AS
SELECT payment_id, first_payment_id FROM (
    SELECT payment_id, first_value(payment_id) OVER (PARTITION BY receipt_no ORDER BY nullif(received_on_lo, DATE '0001-01-01') NULLS LAST, payment_id) AS first_payment_id
    FROM payments WHERE receipt_no IS NOT NULL AND coalesce(received_on_lo <= getvariable('as_of')::DATE, true)
) WHERE payment_id <> first_payment_id;

-- Of what the sums of a project count, what another has first.
CREATE OR REPLACE TABLE claimed_twice AS
WITH handed AS (
    SELECT project_id, CASE WHEN bool_and(elsewhere IS NOT NULL) THEN coalesce(sum(area_m2) FILTER (elsewhere), 0) END AS area_m2
    FROM handed_once WHERE counts GROUP BY project_id HAVING bool_or(elsewhere IS DISTINCT FROM false)
), once AS (  -- rounded once, as the whole sum is
    SELECT project_id, coalesce(area_of(sum(area_e18) FILTER (received AND r.payment_id IS NULL), count(*) FILTER (received AND r.payment_id IS NULL)), 0) AS area_m2
    FROM in_lieu_payment p LEFT JOIN repeated_receipt r USING (payment_id) GROUP BY project_id HAVING count(r.payment_id) > 0
)
SELECT p.project_id, CASE WHEN h.project_id IS NULL THEN 0 ELSE h.area_m2 END::DECIMAL(18, 2) AS handed_elsewhere_m2,
       CASE WHEN o.project_id IS NULL THEN 0 ELSE l.received_m2 - o.area_m2 END::DECIMAL(18, 2) AS in_lieu_twice_m2
FROM projects p LEFT JOIN handed h USING (project_id) LEFT JOIN once o USING (project_id) LEFT JOIN in_lieu_by_project l USING (project_id);
