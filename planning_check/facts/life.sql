-- What became of each project by as_of, and whether it still owes by itself. A word alone ends no duty: the record must not contradict it,
-- and a project that was merged or split owes until others are seen to carry its duty on.
CREATE OR REPLACE TABLE successor AS
SELECT DISTINCT project_id, trim(unnest(regexp_split_to_array(successor_project_ids, '[、,，;；/|\s]+'))) AS successor_id
FROM projects WHERE successor_project_ids IS NOT NULL;
DELETE FROM successor WHERE successor_id = '' OR successor_id = project_id;

CREATE OR REPLACE TABLE project_life AS
WITH today AS (
    SELECT getvariable('as_of')::DATE AS as_of
), paid AS (
    SELECT project_id, max(event_on_lo) AS last_on FROM deposits, today WHERE event = 'paid' AND event_on_lo <= as_of GROUP BY project_id
), handed AS (
    SELECT DISTINCT project_id FROM handovers, today WHERE handed_over_on_lo <= as_of
), told AS (
    SELECT p.project_id, p.project_status AS status, coalesce(survey_total_m2, permit_total_m2, plan_total_m2) AS total_m2,
           was_not_read(p.project_status, p.not_read, 'project_status')
               OR project_status IS NULL AND p.successor_project_ids IS NOT NULL AS is_unread,
           CASE WHEN project_status_on_lo > as_of THEN false WHEN project_status_on_hi <= as_of THEN true
                WHEN project_status_on_lo IS NULL THEN true END AS stands,
           CASE WHEN planning_accepted_on_lo <= as_of THEN 'accepted' WHEN delivered_on_lo <= as_of THEN 'delivered'
                WHEN completed_on_lo <= as_of OR completion_filed_on_lo <= as_of THEN 'completed' WHEN survey_total_m2 > 0 THEN 'surveyed'
                WHEN handed.project_id IS NOT NULL THEN 'handed_over' END AS built,
           CASE WHEN permitted_on_lo > project_status_on_hi AND permitted_on_lo <= as_of THEN 'permitted'
                WHEN started_on_lo > project_status_on_hi AND started_on_lo <= as_of THEN 'started'
                WHEN completed_on_lo > project_status_on_hi AND completed_on_lo <= as_of
                     OR completion_filed_on_lo > project_status_on_hi AND completion_filed_on_lo <= as_of THEN 'completed'
                WHEN planning_accepted_on_lo > project_status_on_hi AND planning_accepted_on_lo <= as_of THEN 'accepted'
                WHEN delivered_on_lo > project_status_on_hi AND delivered_on_lo <= as_of THEN 'delivered'
                WHEN paid.last_on > project_status_on_hi THEN 'deposit_paid' END AS after_it
    FROM projects p CROSS JOIN today LEFT JOIN paid USING (project_id) LEFT JOIN handed USING (project_id)
), judged AS (
    SELECT *, CASE WHEN coalesce(stands, true) THEN CASE status WHEN 'cancelled' THEN coalesce(built, after_it)
                                                                WHEN 'merged' THEN after_it WHEN 'split' THEN after_it END
                                                                    END AS contradicted
    FROM told
), taken AS (  -- who takes over, and whether it is large enough for all that it takes over
    SELECT s.project_id, bool_or(t.project_id IS NULL) AS is_unknown,
           bool_or(coalesce(t.status IN ('cancelled', 'merged', 'split') AND t.stands IS DISTINCT FROM false AND t.contradicted IS NULL,
               false)) AS has_ended,
           CASE WHEN count(*) = count(t.total_m2) THEN sum(t.total_m2) END AS total_m2
    FROM successor s LEFT JOIN judged t ON t.project_id = s.successor_id GROUP BY s.project_id
), given AS (  -- all that goes into the same successors
    SELECT pair.project_id, CASE WHEN count(*) = count(t.total_m2) THEN sum(t.total_m2) END AS total_m2
    FROM (SELECT DISTINCT a.project_id, b.project_id AS other_id FROM successor a JOIN successor b USING (successor_id)) pair
    JOIN judged t ON t.project_id = pair.other_id GROUP BY pair.project_id
), doubted AS (
    SELECT j.*, CASE WHEN status IN ('merged', 'split') AND contradicted IS NULL AND coalesce(stands, true)
                     THEN CASE WHEN taken.project_id IS NULL THEN 'not_named' WHEN taken.is_unknown THEN 'not_in_ledger'
                               WHEN taken.has_ended THEN 'ended_itself' WHEN taken.total_m2 < given.total_m2 THEN 'smaller'
                               WHEN taken.total_m2 IS NULL OR given.total_m2 IS NULL THEN 'area_unknown' END END AS doubt
    FROM judged j LEFT JOIN taken USING (project_id) LEFT JOIN given USING (project_id)
), heir AS (  -- a split project's own rooms, handovers and money belong to one of its successors, and nobody says to which
    SELECT DISTINCT s.successor_id AS project_id
    FROM successor s JOIN doubted d USING (project_id)
    WHERE (d.status = 'split' OR d.project_id IN (SELECT project_id FROM successor GROUP BY project_id HAVING count(*) > 1))
      AND d.contradicted IS NULL AND d.doubt IS NULL AND coalesce(d.stands, true) AND d.status IN ('merged', 'split')
      AND d.project_id IN (SELECT project_id FROM premises UNION ALL SELECT project_id FROM handovers UNION ALL SELECT project_id
          FROM payments)
)
SELECT project_id, doubted.contradicted AS status_contradicted_by, doubt AS successor_doubt,
       CASE WHEN heir.project_id IS NOT NULL THEN 'successor_unclear'
            WHEN is_unread THEN CASE WHEN built IS NULL THEN 'status_unclear' ELSE 'open' END
            WHEN coalesce(status NOT IN ('cancelled', 'merged', 'split'), true) OR contradicted IS NOT NULL OR stands = false THEN 'open'
            WHEN stands IS NULL THEN 'day_unclear'
            WHEN doubt IN ('smaller', 'area_unknown') THEN 'successor_unclear'
            WHEN doubt IS NOT NULL THEN 'open' ELSE status END AS life_state
FROM doubted LEFT JOIN heir USING (project_id);

-- What a merged project built, handed over and paid counts for the one project that it went into; its rows keep their place in the files.
CREATE OR REPLACE TABLE carried AS
SELECT s.project_id, any_value(s.successor_id) AS successor_id
FROM successor s JOIN project_life l USING (project_id) WHERE l.life_state = 'merged' GROUP BY s.project_id HAVING count(*) = 1;
UPDATE premises SET project_id = c.successor_id FROM carried c WHERE c.project_id = premises.project_id;
UPDATE handovers SET project_id = c.successor_id FROM carried c WHERE c.project_id = handovers.project_id;
UPDATE payments SET project_id = c.successor_id FROM carried c WHERE c.project_id = payments.project_id;
UPDATE deposits SET project_id = c.successor_id FROM carried c WHERE c.project_id = deposits.project_id;
UPDATE demands SET project_id = c.successor_id FROM carried c WHERE c.project_id = demands.project_id;
UPDATE decisions SET project_id = c.successor_id FROM carried c WHERE c.project_id = decisions.project_id;
UPDATE quarantine SET project_id = c.successor_id FROM carried c WHERE c.project_id = quarantine.project_id;
