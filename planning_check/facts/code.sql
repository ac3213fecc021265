-- One row per code that the delivery uses and that has a national format: whether it has it (GB 32100 credit codes or the nine characters
-- of an old organisation code, 19-character parcels, 28-character units or the parcel alone, 12-digit communities, 6-digit districts).
-- Local numbering is not well formed here; the rule decides what follows. check_digit: by codes.py, for developers' codes only.
CREATE OR REPLACE TABLE fact_code AS
WITH used AS (
    SELECT 'credit_code' AS code_kind, developer_code AS code_value FROM projects
    UNION ALL SELECT 'parcel_code', parcel_id FROM parcels
    UNION ALL SELECT 'unit_code', unit_code FROM parcels
    UNION ALL SELECT 'unit_code', unit_code FROM premises
    UNION ALL SELECT 'community_code', community_code FROM communities
    UNION ALL SELECT 'district_code', district_code FROM districts
), counted AS (
    SELECT code_kind, code_value, upper(replace(code_value, ' ', '')) AS code, count(*) AS uses FROM used WHERE code_value IS NOT NULL
        GROUP BY ALL
)
SELECT c.code_kind || ':' || c.code_value AS code_key, c.code_kind, c.code_value, c.uses, getvariable('as_of')::DATE AS as_of,
       CASE c.code_kind
            WHEN 'credit_code' THEN regexp_full_match(c.code, '[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}|[0-9A-Z]{8}-?[0-9X]')
            WHEN 'parcel_code' THEN regexp_full_match(c.code, '[0-9]{12}[GJZ][A-Z][0-9]{5}')
            WHEN 'unit_code' THEN regexp_full_match(c.code, '[0-9]{12}[GJZ][A-Z][0-9]{5}([FLQW][0-9]{8})?')
            WHEN 'community_code' THEN regexp_full_match(c.code, '[0-9]{12}')
            WHEN 'district_code' THEN regexp_full_match(c.code, '[0-9]{6}') END AS is_well_formed,
       k.is_right AS check_digit_is_right
FROM counted c LEFT JOIN code_check k ON c.code_kind = 'credit_code' AND k.code_value = c.code_value;
