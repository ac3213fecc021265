-- One row per figure that a bureau reports: the same from the records, exactly, for the district named or the whole city.
CREATE OR REPLACE TABLE fact_figure AS
WITH current AS (
    SELECT c.* FROM communities c
    WHERE coalesce(c.valid_to_hi > getvariable('as_of')::DATE, true) AND coalesce(c.valid_from_lo <= getvariable('as_of')::DATE, true)
), office AS (
    SELECT community_code, count(*) FILTER (tenure IN ('rented', 'borrowed') AND coalesce(resolved_on_lo > getvariable('as_of')::DATE, true)) AS rented
    FROM offices GROUP BY community_code
), place AS (
    SELECT district_code AS place, district_code FROM current
    UNION ALL SELECT '', district_code FROM current
), by_district AS (
    SELECT c.district_code, count(*) AS communities, count(*) FILTER (project_supported) AS supported, bool_and(project_supported IS NOT NULL) AS support_known,
           sum(population) AS people, bool_and(population IS NOT NULL) AS people_known, coalesce(sum(o.rented), 0) AS rented
    FROM current c LEFT JOIN office o USING (community_code) GROUP BY c.district_code
), counted AS (
    SELECT place, sum(communities) AS communities, sum(supported) AS supported, bool_and(support_known) AS support_known, sum(people) AS people,
           bool_and(people_known) AS people_known, sum(rented) AS rented
    FROM (SELECT DISTINCT place, district_code FROM place) JOIN by_district USING (district_code) GROUP BY place
), offices_told AS (
    SELECT coalesce(bool_or(table_name = 'offices'), false) AS told FROM delivered
), districts_told AS (
    SELECT figure, sum(stated) AS stated, count(DISTINCT district_code) = (SELECT count(*) FROM districts) AS whole
    FROM reported_figures WHERE district_code IS NOT NULL GROUP BY figure
)
SELECT f.* EXCLUDE (row_ids), getvariable('as_of')::DATE AS as_of, f.figure LIKE '%_percent' AS is_percent,
       (CASE f.figure
            WHEN 'communities' THEN c.communities
            WHEN 'population' THEN CASE WHEN c.people_known THEN c.people END
            WHEN 'project_supported' THEN CASE WHEN c.support_known THEN c.supported END
            WHEN 'rented_or_borrowed' THEN CASE WHEN t.told THEN c.rented END
            WHEN 'project_supported_percent' THEN CASE WHEN c.support_known THEN percent_of(c.supported, c.communities) END
            WHEN 'rented_or_borrowed_percent' THEN CASE WHEN t.told THEN percent_of(c.rented, c.communities) END
        END)::DECIMAL(18, 6) AS computed,
       CASE WHEN f.district_code IS NULL AND f.figure NOT LIKE '%_percent' AND d.whole THEN d.stated END::DECIMAL(18, 6) AS districts_sum
FROM reported_figures f CROSS JOIN offices_told t
LEFT JOIN counted c ON c.place = coalesce(f.district_code, '')
LEFT JOIN districts_told d USING (figure);
