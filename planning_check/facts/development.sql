-- One row per development of several phases: how many are delivered and accepted; and the same beside each phase.
-- (A phase of several projects is accepted when all of them are. One that was cancelled, merged or split is none any more.)
CREATE OR REPLACE TABLE fact_development AS
WITH ended AS (
    SELECT development_id, count(DISTINCT phase_no) FILTER (NOT still) AS phases, max(phase_no) FILTER (still) AS last_no,
           arg_max(still, phase_no) FILTER (phase_no = phase_count) AS last_is_still
    FROM (SELECT development_id, phase_no, max(phase_count) AS phase_count,
        bool_or(life_state NOT IN ('cancelled', 'merged', 'split')) AS still
          FROM fact_project WHERE development_id IS NOT NULL GROUP BY development_id, phase_no) GROUP BY development_id
), part AS (
    SELECT *, coalesce('phase ' || phase_no, project_id) AS phase,
           CASE WHEN planning_accepted_on_hi <= as_of THEN true WHEN planning_accepted_on_lo > as_of THEN false
                WHEN planning_accepted_on_lo IS NULL AND told.acceptances THEN false END AS accepted
    FROM fact_project CROSS JOIN register_told told WHERE development_id IS NOT NULL AND life_state NOT IN ('cancelled', 'merged', 'split')
), happened AS (  -- the days of building activity that have come by as_of
    SELECT development_id, max(day_lo) AS lo, max(day_hi) AS hi
    FROM (SELECT development_id, as_of, unnest([permitted_on_lo, started_on_lo, completed_on_lo, planning_accepted_on_lo]) AS day_lo,
                 unnest([permitted_on_hi, started_on_hi, completed_on_hi, planning_accepted_on_hi]) AS day_hi FROM part)
    WHERE day_lo <= as_of GROUP BY development_id
), summed AS (
    SELECT development_id, arg_min(project_id, (coalesce(phase_no, 999999), project_id)) AS project_id, any_value(as_of) AS as_of,
           count(DISTINCT phase) AS phases, count(DISTINCT phase) - coalesce(count(DISTINCT phase) FILTER (NOT accepted),
               0) AS phases_accepted,
           bool_and(accepted IS NOT NULL) AS acceptance_known,
           CASE WHEN min(phase_count) = max(phase_count) THEN min(phase_count) END AS phase_count,
           min(planning_accepted_on_lo) FILTER (accepted) AS first_lo, min(planning_accepted_on_hi) FILTER (accepted) AS first_hi,
           max(planning_accepted_on_lo) FILTER (accepted) AS last_lo, max(planning_accepted_on_hi) FILTER (accepted) AS last_hi,
           min(phase_plan_no) AS phase_plan_no,
           coalesce(bool_or(NOT coalesce(accepted, false) AND project_status = 'stalled' AND coalesce(project_status_on_hi <= as_of, true)),
               false)
               AND bool_and(coalesce(accepted, false) OR coalesce(project_status = 'stalled', false)) AS is_stated_stalled
    FROM part GROUP BY development_id
), last AS (
    SELECT development_id, CASE WHEN bool_or(NOT accepted) THEN false WHEN bool_and(accepted IS NOT NULL) THEN true END AS accepted
    FROM part JOIN summed s USING (development_id) JOIN ended e USING (development_id)
    WHERE phase_no = CASE WHEN e.last_is_still = false THEN e.last_no ELSE s.phase_count END GROUP BY development_id
)
SELECT s.development_id, s.project_id, s.as_of, s.phases, s.phase_count - e.phases AS phase_count,
    CASE WHEN s.acceptance_known THEN s.phases_accepted END AS phases_accepted,
       CASE WHEN s.acceptance_known AND s.phases_accepted = 0 THEN false ELSE last.accepted END AS is_last_accepted,
       CASE WHEN s.acceptance_known THEN s.first_lo END AS first_accepted_on_lo,
           CASE WHEN s.acceptance_known THEN s.first_hi END AS first_accepted_on_hi,
       CASE WHEN s.acceptance_known THEN s.last_lo END AS last_accepted_on_lo,
           CASE WHEN s.acceptance_known THEN s.last_hi END AS last_accepted_on_hi,
       h.lo AS last_activity_on_lo, h.hi AS last_activity_on_hi, s.phase_plan_no, s.is_stated_stalled
FROM summed s JOIN ended e USING (development_id) LEFT JOIN happened h USING (development_id) LEFT JOIN last USING (development_id);
CREATE OR REPLACE TABLE fact_project AS
SELECT p.*, d.is_last_accepted AS is_last_phase_accepted, d.last_activity_on_lo AS development_active_on_lo,
    d.last_activity_on_hi AS development_active_on_hi,
       d.is_stated_stalled AS is_development_stated_stalled
FROM fact_project p LEFT JOIN fact_development d USING (development_id);
