-- One row per group of neighbouring projects of one developer, at each distance that a rule asks for: what they come to together. Sums are
-- unknown if one member's figure is.
CREATE OR REPLACE TABLE fact_cluster AS
SELECT g.cluster_id, min(p.project_id) AS project_id, any_value(p.as_of) AS as_of, count(*) AS projects,
       string_agg(p.project_id || ' ' || p.project_name, '、' ORDER BY p.project_id) AS members, any_value(g.within_m) AS within_m,
       any_value(g.farthest_m)::DECIMAL(18, 6) AS farthest_m,
       CASE WHEN count(*) = count(p.plan_total_m2) THEN sum(p.plan_total_m2) END::DECIMAL(18, 2) AS plan_total_m2,
       CASE WHEN count(*) = count(p.plan_above_ground_m2) THEN sum(p.plan_above_ground_m2) END::DECIMAL(18, 2) AS plan_above_ground_m2,
       CASE WHEN count(*) = count(p.plan_residential_m2) THEN sum(p.plan_residential_m2) END::DECIMAL(18, 2) AS plan_residential_m2,
       CASE WHEN count(*) = count(p.plan_counted_m2) THEN sum(p.plan_counted_m2) END::DECIMAL(18, 2) AS plan_counted_m2,
       CASE WHEN count(*) = count(p.households) THEN sum(p.households)::BIGINT END AS households,
       CASE WHEN count(*) = count(p.permitted_on_lo) THEN min(p.permitted_on_lo) END AS first_permitted_on_lo,
       CASE WHEN count(*) = count(p.permitted_on_lo) THEN min(p.permitted_on_hi) END AS first_permitted_on_hi,
       CASE WHEN count(*) = count(p.permitted_on_lo) THEN max(p.permitted_on_lo) END AS last_permitted_on_lo,
       CASE WHEN count(*) = count(p.permitted_on_lo) THEN max(p.permitted_on_hi) END AS last_permitted_on_hi
FROM fact_project p JOIN project_group g USING (project_id) WHERE p.life_state NOT IN ('cancelled', 'merged', 'split')
    GROUP BY g.cluster_id;
