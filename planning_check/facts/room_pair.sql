-- Rooms of two projects that may be one. ``room_pair``, a row for two of them (``one`` comes first in the order of claims): ``mark``: 1 one
-- real-estate unit, 2 one title, 3 one place (one parcel or points within same_place_m, where building, floor and area to 0.01 m2 agree); 4
-- only alike: building, floor and area in one recorded community, 5 only alike: a number that is no title but no filler either;
-- ``contradicted``: what is known of them tells them apart all the same (another unit, title or parcel, points more than apart_m from each
-- other; for a mere likeness or place also two receiving communities, or lands of the projects that far apart).
CREATE OR REPLACE TABLE room AS
WITH handed AS (
    SELECT project_id, room, min(coalesce(handed_over_on_lo, DATE '0001-01-01')) AS lo,
        min(coalesce(handed_over_on_hi, getvariable('as_of')::DATE)) AS hi
    FROM handed_room WHERE is_named AND counts IS DISTINCT FROM false GROUP BY project_id, room
), receiver AS (
    SELECT h.project_id, h.premises_id, CASE WHEN count(DISTINCT c.heir) = 1 THEN min(c.heir) END AS receiver
    FROM handovers h JOIN (SELECT community_code, coalesce(successor_code, community_code) AS heir
        FROM communities) c USING (community_code)
    WHERE h.handed_over_on_hi <= getvariable('as_of')::DATE GROUP BY h.project_id, h.premises_id
), told AS (
    SELECT r.premises_id, r.project_id, regexp_replace(r.building, '[\s#号楼栋幢座]', '', 'g') AS building, r.floor_from AS floor,
           CAST(coalesce(r.surveyed_m2, r.permitted_m2, r.planned_m2) * 100 AS BIGINT) AS cents, p.community_code,
           unit_of(r.unit_code) AS unit, parcel_of(r.unit_code) AS parcel,
           CASE WHEN coalesce(r.titled_on_lo <= getvariable('as_of')::DATE, true) THEN title_of(r.title_no) END AS title,
           CASE WHEN coalesce(r.titled_on_lo <= getvariable('as_of')::DATE, true) THEN long_number_of(r.title_no) END AS loose,
           s.x, s.y, s.west, s.south, s.east, s.north, receiver,
           coalesce(h.lo, DATE '9999-12-31') AS handed_lo, coalesce(h.hi, DATE '9999-12-31') AS handed_hi,
           coalesce(nullif(p.plan_approved_on_lo, DATE '0001-01-01'), DATE '9999-12-31') AS planned_lo
    FROM premises r LEFT JOIN projects p USING (project_id) LEFT JOIN handed h ON h.project_id = r.project_id AND h.room = r.premises_id
    LEFT JOIN receiver v ON v.project_id = r.project_id AND v.premises_id = r.premises_id LEFT
        JOIN room_spot s ON s.premises_id = r.premises_id
)
SELECT *, row_number() OVER (ORDER BY handed_lo, planned_lo, premises_id) AS claim_no, title IS NULL AND loose IS NOT NULL AS is_loose,
       -- a point at which rooms of different buildings or floors stand locates no room
       x IS NOT NULL AND min(concat_ws(' ', building, floor)) OVER spot IS NOT DISTINCT
           FROM max(concat_ws(' ', building, floor)) OVER spot AS is_located
FROM told WINDOW spot AS (PARTITION BY round(x, 1), round(y, 1));

CREATE OR REPLACE TABLE room_pair AS
-- several of one project under one key are several rooms: each is held against the other project's of the same number, and its first
WITH numbered AS (
    SELECT k.mark, k.key, r.premises_id, r.project_id, r.claim_no, row_number() OVER (PARTITION BY k.mark, k.key, r.project_id
        ORDER BY r.claim_no) AS nth,
           count(DISTINCT r.project_id) OVER (PARTITION BY k.mark, k.key) AS projects
    FROM (
        SELECT 1 AS mark, unit AS key, claim_no FROM room WHERE unit IS NOT NULL
        UNION ALL SELECT 2, title, claim_no FROM room WHERE title IS NOT NULL
        UNION ALL SELECT 5, loose, claim_no FROM room WHERE is_loose
    ) k JOIN room r USING (claim_no)
), known AS (  -- a number that many projects give is a filler, however it looks
    SELECT a.mark, a.claim_no AS one, b.claim_no AS other
    FROM numbered a JOIN numbered b ON b.mark = a.mark AND b.key = a.key AND b.project_id <> a.project_id AND a.claim_no < b.claim_no
    WHERE (a.nth = b.nth OR a.nth = 1 OR b.nth = 1)
      AND a.projects <= getvariable('common_projects')
), placed AS (
    SELECT claim_no, project_id, building, floor, cents, 'parcel ' || parcel AS place, 3 AS mark FROM room WHERE parcel IS NOT NULL
    UNION ALL SELECT claim_no, project_id, building, floor, cents, 'community ' || community_code, 4 FROM room
        WHERE community_code IS NOT NULL
), spotted AS (
    SELECT *, row_number() OVER (PARTITION BY place, building, floor, cents, project_id ORDER BY claim_no) AS nth,
           count(DISTINCT project_id) OVER (PARTITION BY place, building, floor, cents) AS projects
    FROM placed WHERE NOT is_filler(building) AND floor IS NOT NULL AND cents IS NOT NULL
), alike AS (
    SELECT a.mark, least(a.claim_no, b.claim_no) AS one, greatest(a.claim_no, b.claim_no) AS other
    FROM (SELECT *, unnest([cents, cents + 1]) AS about FROM spotted WHERE projects <= getvariable('common_projects')) a
    JOIN spotted b ON b.place = a.place AND b.building = a.building AND b.floor = a.floor AND b.cents = a.about AND b.nth = a.nth
    WHERE a.project_id <> b.project_id AND b.projects <= getvariable('common_projects')
), cell AS (
    SELECT claim_no, project_id, building, floor, cents, x, y, CAST(floor(x / getvariable('same_place_m')) AS BIGINT) AS cx,
           CAST(floor(y / getvariable('same_place_m')) AS BIGINT) AS cy
    FROM room WHERE is_located AND NOT is_filler(building) AND floor IS NOT NULL AND cents IS NOT NULL
), near AS (
    SELECT 3 AS mark, a.claim_no AS one, b.claim_no AS other
    FROM (SELECT *, unnest([cx - 1, cx, cx + 1]) AS nx FROM cell) a
    JOIN cell b ON b.cx = a.nx AND b.building = a.building AND b.floor = a.floor AND b.cy BETWEEN a.cy - 1 AND a.cy + 1
    WHERE a.claim_no < b.claim_no AND a.project_id <> b.project_id AND abs(a.cents - b.cents) <= 1
      AND (a.x - b.x) ** 2 + (a.y - b.y) ** 2 <= getvariable('same_place_m') ** 2
), pair AS (
    SELECT mark, one, other FROM known UNION SELECT * FROM alike UNION SELECT * FROM near
)
SELECT p.mark, p.one, p.other, p.mark IN (1, 2, 3) AS is_proof,
       coalesce(a.unit <> b.unit, false) OR coalesce(a.title <> b.title, false) OR coalesce(a.parcel <> b.parcel, false)
       OR coalesce(greatest(a.west - b.east, b.west - a.east, a.south - b.north, b.south - a.north) > getvariable('apart_m'), false)
       OR (p.mark >= 3 AND coalesce(a.receiver <> b.receiver, false))
       OR (p.mark >= 4 AND coalesce(greatest(l.west - m.east, m.west - l.east, l.south - m.north,
           m.south - l.north) > getvariable('apart_m'), false)) AS contradicted
FROM pair p JOIN room a ON a.claim_no = p.one JOIN room b ON b.claim_no = p.other
LEFT JOIN project_land l ON l.project_id = a.project_id LEFT JOIN project_land m ON m.project_id = b.project_id
ORDER BY p.other, p.mark, p.one;
