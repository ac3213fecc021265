-- The city in figures, as the survey counts them: communities, offices and facilities. What no row says is counted beside (``*_unknown``);
-- a figure of which nothing is known, or whose register was not delivered, has no row. (A community without a usable row of its office is
-- one whose tenure nobody said.)
CREATE OR REPLACE TABLE profile AS
WITH tenure AS (
    SELECT o.tenure, c.district_code  -- one that is rented is, whatever is recorded as resolved
    FROM offices o JOIN current_community c USING (community_code)
), told AS (
    SELECT (SELECT offices FROM register_told) AS offices, (SELECT count(*) FROM current_community) AS communities,
           (SELECT count(project_supported) FROM current_community) AS support_told,
           (SELECT count(*) FROM tenure WHERE coalesce(tenure, 'unknown') = 'unknown') AS tenure_untold,
           (SELECT count(*) FROM current_community c WHERE NOT EXISTS (FROM offices o
               WHERE o.community_code = c.community_code)) AS without_office
), figure AS (
    SELECT 'communities' AS name, '' AS group_key, count(*)::DECIMAL(18, 4) AS value FROM current_community
    UNION ALL SELECT 'communities_by_district', district_code, count(*) FROM current_community GROUP BY district_code
    UNION ALL SELECT 'communities_by_kind', coalesce(kind, 'unknown'), count(*) FROM current_community GROUP BY kind
    UNION ALL SELECT 'population', '', sum(population) FROM current_community HAVING count(*) = count(population) AND count(*) > 0
    UNION ALL SELECT 'project_supported', '', count(*) FILTER (project_supported) FROM current_community HAVING count(project_supported) > 0
    UNION ALL SELECT 'project_supported_unknown', '', communities - support_told FROM told WHERE support_told > 0
    UNION ALL SELECT 'project_supported_share', '', count(*) FILTER (project_supported)::DECIMAL(18, 4) / count(*) FROM current_community
              HAVING count(*) > 0 AND count(*) = count(project_supported)
    UNION ALL SELECT 'offices_by_tenure', coalesce(tenure, 'unknown'), count(*) FROM tenure GROUP BY tenure
    UNION ALL SELECT 'rented_or_borrowed', '', count(*) FILTER (tenure IN ('rented', 'borrowed'))
        FROM tenure HAVING (SELECT offices FROM told)
    UNION ALL SELECT 'rented_or_borrowed_unknown', '', tenure_untold + without_office FROM told WHERE offices
    UNION ALL SELECT 'rented_or_borrowed_unknown_by_district', district_code, count(*)
              FROM current_community c LEFT JOIN offices o USING (community_code) WHERE coalesce(o.tenure, 'unknown') = 'unknown'
                  AND (SELECT offices FROM told) GROUP BY district_code
    UNION ALL SELECT 'without_office_record', '', without_office FROM told WHERE offices AND without_office > 0
    UNION ALL SELECT 'rented_or_borrowed_by_district', district_code, count(*) FILTER (tenure IN ('rented', 'borrowed'))
              FROM tenure GROUP BY district_code
    UNION ALL SELECT 'rented_or_borrowed_share', '', count(*) FILTER (tenure IN ('rented', 'borrowed'))::DECIMAL(18, 4)
              / (SELECT communities FROM told) FROM tenure HAVING (SELECT offices AND communities > 0 AND tenure_untold + without_office = 0
                  FROM told)
    UNION ALL SELECT 'facilities_by_kind', f.kind, count(*) FROM community_facilities f SEMI JOIN current_community USING (community_code)
              GROUP BY f.kind
)
SELECT name, group_key, round(value, 4)::DECIMAL(18, 4) AS value FROM figure WHERE value IS NOT NULL ORDER BY name, group_key;
