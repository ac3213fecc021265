-- One row per figure that a bureau reports: the same from the records, exactly, for the district named or the whole city.
-- A count over an unknown, or over a register with rows set aside, is unknown. Percent to four decimals, half up, on integers.
CREATE OR REPLACE MACRO percent_of(part, whole) AS
    CASE WHEN whole > 0 THEN CAST((2000000 * CAST(part AS HUGEINT) + whole) // (2 * whole) AS DECIMAL(18, 0)) * 0.0001 END;

CREATE OR REPLACE TABLE fact_figure AS
WITH office AS (
    SELECT community_code, count(*) FILTER (tenure IN ('rented', 'borrowed')) AS rented,
           bool_and(tenure <> 'unknown') AS known  -- one that is rented is, whatever is recorded as resolved
    FROM offices GROUP BY community_code
), counted AS (
    SELECT c.district_code, count(*) AS communities, count(*) FILTER (c.project_supported) AS supported, sum(c.population) AS people,
           coalesce(sum(o.rented), 0) AS rented, coalesce(bool_and(c.project_supported IS NOT NULL), true) AS support_known,
           count(*) = count(c.population) AS people_known, coalesce(bool_and(coalesce(o.known, true)), true) AS rented_known
    FROM current_community c LEFT JOIN office o USING (community_code) GROUP BY GROUPING SETS ((c.district_code), ())
), place AS (  -- a district without a community has none
    SELECT d.district_code FROM districts d UNION SELECT district_code FROM counted
), whole AS (
    SELECT told.communities AND NOT EXISTS (FROM lost_row WHERE table_name = 'communities') AS communities,
           told.offices AND NOT EXISTS (FROM lost_row WHERE table_name = 'offices') AS offices FROM register_told told
), figure AS (
    SELECT p.district_code, coalesce(c.communities, 0) AS communities, CASE WHEN coalesce(c.people_known, true) THEN coalesce(c.people, 0)
        END AS people,
           CASE WHEN coalesce(c.support_known, true) THEN coalesce(c.supported, 0) END AS supported,
           CASE WHEN w.offices AND coalesce(c.rented_known, true) THEN coalesce(c.rented, 0) END AS rented
    FROM place p LEFT JOIN counted c ON c.district_code IS NOT DISTINCT FROM p.district_code CROSS JOIN whole w WHERE w.communities
), reported AS (
    SELECT r.figure, sum(r.stated) AS stated, count(*) = (SELECT count(*) FROM districts)
        AND count(*) = count(DISTINCT d.district_code) AS whole
    FROM reported_figures r JOIN districts d USING (district_code) GROUP BY r.figure
)
SELECT f.* EXCLUDE (row_ids), getvariable('as_of')::DATE AS as_of, f.figure LIKE '%\_percent' ESCAPE '\' AS is_percent,
       CASE f.figure
            WHEN 'communities' THEN c.communities WHEN 'population' THEN c.people
            WHEN 'project_supported' THEN c.supported WHEN 'project_supported_percent' THEN percent_of(c.supported, c.communities)
            WHEN 'rented_or_borrowed' THEN c.rented WHEN 'rented_or_borrowed_percent' THEN percent_of(c.rented, c.communities)
       END::DECIMAL(18, 6) AS computed,
       CASE WHEN f.district_code IS NULL AND NOT f.figure LIKE '%\_percent' ESCAPE '\' AND d.whole THEN d.stated END::DECIMAL(18,
           6) AS districts_sum
FROM reported_figures f LEFT JOIN figure c ON c.district_code IS NOT DISTINCT FROM f.district_code LEFT JOIN reported d USING (figure);
