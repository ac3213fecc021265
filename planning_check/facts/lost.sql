-- Something is written there and could not be read (schema.NOT_READ): that is not none.
CREATE OR REPLACE MACRO was_not_read(value, fields, field) AS value IS NULL AND coalesce(list_contains(fields, field), false);

-- Rows that were set aside, and what they leave open. A row that is no record, or only repeats another, leaves nothing open.
-- ``owner``: the project, community or other that it belongs to (``register_of``); of what belongs to nobody, its own id.
CREATE OR REPLACE TABLE lost_row AS
SELECT DISTINCT table_name, key, project_id, community_code, row_id,
       CASE WHEN o.project AND o.community THEN CASE WHEN community_code IS NOT NULL THEN project_id END
            WHEN o.project THEN project_id WHEN o.community THEN community_code WHEN o.other THEN t.id ELSE key END AS owner
FROM quarantine LEFT JOIN register_of o USING (table_name) LEFT JOIN lost_owner t USING (row_id)
WHERE code NOT IN ('total_row', 'repeated_header', 'duplicate_row');

CREATE OR REPLACE TABLE lost_place AS
SELECT l.row_id, place || '第 ' || r."row" || ' 行' AS zh, place || 'row ' || r."row" AS en, coalesce(w.what_zh, '') AS why_zh,
    coalesce(w.what_en, '') AS why_en,
       r.source_id
FROM (SELECT DISTINCT row_id FROM lost_row) l JOIN raw_row r USING (row_id) JOIN source s USING (source_id)
LEFT JOIN (SELECT row_id, arg_min(what_zh, problem_no) AS what_zh, arg_min(what_en, problem_no) AS what_en FROM problem WHERE quarantined
    GROUP BY row_id) w
    USING (row_id)
CROSS JOIN LATERAL (SELECT s.file || ' > ' || CASE WHEN s.sheet <> '' THEN s.sheet || ' > ' ELSE '' END AS place);

-- Registers of which something was delivered that nobody can say whose it is: rows without a legible owner, and files or sheets not read.
CREATE OR REPLACE TABLE unread_register AS
WITH part AS (
    SELECT l.table_name, 1 AS rows, p.zh, p.en, l.row_id AS place FROM lost_row l LEFT JOIN lost_place p USING (row_id)
        WHERE l.owner IS NULL
    -- a parcel is kept whose project cannot be read
    UNION ALL SELECT 'parcels', 1, concat(place, '第 ', r."row", ' 行'), concat(place, 'row ', r."row"), r.row_id
    FROM (SELECT unnest(row_ids) AS row_id FROM parcels WHERE was_not_read(project_id, not_read, 'project_id'))
    JOIN raw_row r USING (row_id) JOIN source s USING (source_id)
    CROSS JOIN LATERAL (SELECT s.file || ' > ' || CASE WHEN s.sheet <> '' THEN s.sheet || ' > ' ELSE '' END AS place)
    UNION ALL SELECT n.table_name, 1, concat(place, '第 ', r."row", ' 行'), concat(place, 'row ', r."row"), r.row_id
    FROM nobodys n JOIN raw_row r USING (row_id) JOIN source s USING (source_id)
    CROSS JOIN LATERAL (SELECT s.file || ' > ' || CASE WHEN s.sheet <> '' THEN s.sheet || ' > ' ELSE '' END AS place)
    UNION ALL SELECT t.table_name, 0, u.file || CASE WHEN u.sheet <> '' THEN ' > ' || u.sheet ELSE '' END, u.file
        || CASE WHEN u.sheet <> '' THEN ' > ' || u.sheet ELSE '' END,
                     0 FROM unread u JOIN (SELECT DISTINCT table_name FROM field_label) t ON t.table_name = coalesce(u.table_name,
                         t.table_name)
)
SELECT table_name, sum(rows)::BIGINT AS rows, array_to_string(list(DISTINCT zh ORDER BY zh)[1:5], '；') AS zh,
    array_to_string(list(DISTINCT en ORDER BY en)[1:5], '; ') AS en
FROM part GROUP BY table_name;

-- Whether what nobody can say whose it is counts as everybody's: the facts are measured so, to see which accusations rest on it.
CREATE OR REPLACE TABLE maybe_lost AS SELECT table_name FROM unread_register WHERE coalesce(getvariable('in_doubt')::BOOLEAN, false);

CREATE OR REPLACE TABLE project_hole AS
SELECT project_id, bool_or(table_name = 'premises') AS premises, bool_or(table_name = 'handovers') AS handovers,
       bool_or(table_name = 'payments') AS payments, bool_or(table_name = 'deposits') AS deposits,
           bool_or(table_name = 'demands') AS demands,
       bool_or(table_name = 'parcels') AS parcels, bool_or(table_name = 'decisions') AS decisions
FROM (SELECT project_id, table_name FROM lost_row WHERE project_id IS NOT NULL AND table_name <> 'projects'
      UNION ALL SELECT project_id, table_name FROM projects, maybe_lost) GROUP BY project_id;

CREATE OR REPLACE TABLE community_hole AS
SELECT DISTINCT community_code FROM (
    SELECT community_code FROM lost_row WHERE table_name = 'community_facilities' AND community_code IS NOT NULL
    UNION ALL SELECT community_code FROM communities, maybe_lost WHERE table_name = 'community_facilities');

-- Ids that a row set aside may have told: what is not in the register may have been there. NULL: any id.
CREATE OR REPLACE TABLE lost_id AS
SELECT DISTINCT table_name, key, project_id FROM lost_row WHERE key IS NOT NULL
UNION SELECT table_name, NULL, project_id FROM lost_row WHERE key IS NULL AND project_id IS NOT NULL AND table_name <> 'projects'
UNION SELECT table_name, NULL, NULL FROM maybe_lost;

-- Fields of a project that are blank and may have stood in a row of the ledger that was set aside.
CREATE OR REPLACE TABLE project_gap AS
SELECT project_id, list(DISTINCT field ORDER BY field) AS fields FROM (
    SELECT l.key AS project_id, c.field FROM lost_row l JOIN lost_place p USING (row_id) JOIN source_column c USING (source_id)
    WHERE l.table_name = 'projects' AND l.key IS NOT NULL
    UNION SELECT j.project_id, c.field FROM projects j, maybe_lost m, lost_row l JOIN lost_place p USING (row_id)
        JOIN source_column c USING (source_id)
    WHERE m.table_name = 'projects' AND l.table_name = 'projects' AND l.owner IS NULL
    UNION SELECT j.project_id, f.field FROM projects j, maybe_lost m, field_label f WHERE m.table_name = 'projects'
        AND f.table_name = 'projects'
        AND EXISTS (FROM unread WHERE coalesce(table_name, 'projects') = 'projects')
) GROUP BY project_id;

-- Of each project, and of each community that own tables name, the rows set aside, by register, as people read them.
CREATE OR REPLACE TABLE hole_text AS
SELECT whose, id, map_from_entries(list({'k': table_name, 'v': zh} ORDER BY table_name)) AS zh,
    map_from_entries(list({'k': table_name, 'v': en} ORDER BY table_name)) AS en
FROM (
    SELECT l.whose, l.id, l.table_name, string_agg(DISTINCT p.zh || ' 未能采用（' || p.why_zh || '）', '；' ORDER BY p.zh || ' 未能采用（' || p.why_zh
        || '）') AS zh,
           string_agg(DISTINCT p.en || ' was set aside (' || p.why_en || ')', '; ' ORDER BY p.en || ' was set aside (' || p.why_en
               || ')') AS en
    FROM (SELECT DISTINCT 'project' AS whose, row_id, table_name, CASE WHEN table_name = 'projects' THEN key ELSE project_id END AS id
          FROM lost_row
          UNION SELECT 'community', row_id, table_name, community_code FROM lost_row JOIN register_of o USING (table_name)
          WHERE o.own AND o.community) l
    JOIN lost_place p USING (row_id) WHERE l.id IS NOT NULL GROUP BY l.whose, l.id, l.table_name
) GROUP BY whose, id;
