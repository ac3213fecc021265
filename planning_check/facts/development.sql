-- One row per development of several phases: how many are delivered and accepted, and what all of them handed over and paid.
CREATE OR REPLACE TABLE fact_development AS
WITH phase AS (
    SELECT *, CASE WHEN planning_accepted_on_hi <= as_of THEN true WHEN planning_accepted_on_lo > as_of OR planning_accepted_on_lo IS NULL THEN false END AS accepted
    FROM fact_project WHERE development_id IS NOT NULL
), happened AS (  -- the days of building activity that have come by as_of
    SELECT development_id, max(day_lo) AS lo, max(day_hi) AS hi
    FROM (SELECT development_id, as_of, unnest([permitted_on_lo, started_on_lo, completed_on_lo, planning_accepted_on_lo]) AS day_lo,
                 unnest([permitted_on_hi, started_on_hi, completed_on_hi, planning_accepted_on_hi]) AS day_hi FROM phase)
    WHERE day_lo <= as_of GROUP BY development_id
)
SELECT p.development_id, arg_min(p.project_id, {'no': coalesce(p.phase_no, 999999), 'id': p.project_id}) AS project_id, any_value(p.as_of) AS as_of,
       count(*) AS phases, CASE WHEN min(p.phase_count) = max(p.phase_count) THEN min(p.phase_count) END AS phase_count,
       CASE WHEN bool_and(p.accepted IS NOT NULL) THEN count(*) FILTER (p.accepted) END AS phases_accepted,
       CASE WHEN min(p.phase_count) = max(p.phase_count) THEN bool_or(p.accepted) FILTER (p.phase_no = p.phase_count) END AS is_last_accepted,
       min(p.planning_accepted_on_lo) FILTER (p.accepted) AS first_accepted_on_lo, min(p.planning_accepted_on_hi) FILTER (p.accepted) AS first_accepted_on_hi,
       max(p.planning_accepted_on_lo) FILTER (p.accepted) AS last_accepted_on_lo, max(p.planning_accepted_on_hi) FILTER (p.accepted) AS last_accepted_on_hi,
       any_value(h.lo) AS last_activity_on_lo, any_value(h.hi) AS last_activity_on_hi,
       CASE WHEN count(*) = count(p.handed_m2) AND count(*) = count(p.handed_elsewhere_m2) THEN sum(p.handed_m2 - p.handed_elsewhere_m2) END::DECIMAL(18, 2) AS handed_m2,
       CASE WHEN count(*) = count(p.in_lieu_m2) AND count(*) = count(p.in_lieu_twice_m2) THEN sum(p.in_lieu_m2 - p.in_lieu_twice_m2) END::DECIMAL(18, 2) AS in_lieu_m2,
       min(p.phase_plan_no) AS phase_plan_no
FROM phase p LEFT JOIN happened h USING (development_id) GROUP BY p.development_id;
