-- What the facts share: what was delivered and what is missing from it, rooms handed over (each once), money in lieu turned into area.

CREATE OR REPLACE TABLE register_told AS
SELECT coalesce(bool_or(table_name = 'projects'), false) AS projects, coalesce(bool_or(table_name = 'premises'), false) AS premises,
       coalesce(bool_or(table_name = 'handovers'), false) AS handovers, coalesce(bool_or(table_name = 'payments'), false) AS payments,
       coalesce(bool_or(table_name = 'deposits'), false) AS deposits, coalesce(bool_or(table_name = 'demands'), false) AS demands,
       coalesce(bool_or(table_name = 'parcels'), false) AS parcels, coalesce(bool_or(table_name = 'communities'), false) AS communities,
       coalesce(bool_or(table_name = 'offices'), false) AS offices,
       coalesce(bool_or(table_name = 'projects' AND field IN ('filed_on', 'filing_no')), false) AS filings,
       coalesce(bool_or(table_name = 'projects' AND field IN ('developer_changed_on', 'previous_developer_name')), false) AS transfers,
       coalesce(bool_or(table_name = 'premises' AND field IN ('title_no', 'titled_on')), false) AS titles,
       coalesce(bool_or(table_name = 'projects' AND field = 'planning_accepted_on'), false) AS acceptances
FROM delivered;

-- A day that is written and not known may be any day (schema.ANY_DAY). Where it only says since when, what it dates is there all the same.
CREATE OR REPLACE MACRO is_any_day(lo, hi) AS coalesce(lo = DATE '0001-01-01' AND hi = DATE '9999-12-31', false);

-- Whether a listed price is that of community premises on a day.
CREATE OR REPLACE MACRO is_price_of(use, from_on_hi, to_on_hi, day) AS
    use = 'community' AND from_on_hi <= day AND (to_on_hi IS NULL OR to_on_hi >= day);

-- A name or number without spaces and brackets, as it is compared.
CREATE OR REPLACE MACRO bare_name(name) AS regexp_replace(name, '[\s（）()〔〕【】\[\]·\-]', '', 'g');

CREATE OR REPLACE VIEW current_community AS
SELECT * FROM communities
WHERE coalesce(valid_to_hi > getvariable('as_of')::DATE, true) AND coalesce(valid_from_lo <= getvariable('as_of')::DATE, true);

-- Handovers as told: a row for a room and who received it on what terms; one told again counts once. A room may be handed over in parts:
-- each has a receipt of its own, or where one has none, a day of its own. What names no room is told again where one receipt tells its
-- area, building and floor before. A body whose kind is not told is the residents' committee of the community named, unless the name given
-- is another's. ``size_m2``: of the room, by the register of premises, else the largest area handed over.
CREATE OR REPLACE TABLE handed_told AS
WITH receipted AS (
    SELECT handover_id, premises_id, project_id, number_of(receipt_no) AS receipt, area_m2, bare_name(building) AS place, floor
    FROM handovers WHERE number_of(receipt_no) IS NOT NULL AND floor IS NOT NULL AND NOT is_filler(building)
), same_receipt AS (
    SELECT o.handover_id, min(s.premises_id) AS premises_id, min(s.handover_id) AS first_id
    FROM receipted o JOIN receipted s USING (project_id, receipt, area_m2, place, floor)
    WHERE o.premises_id IS NULL GROUP BY o.handover_id HAVING count(DISTINCT s.premises_id) <= 1
), dated AS (
    -- a handover with an agreement but no date of its own has not taken place; with neither it is unknown
    SELECT h.*, CASE WHEN handed_over_on_hi <= getvariable('as_of')::DATE THEN true
                     WHEN handed_over_on_lo > getvariable('as_of')::DATE THEN false
                     WHEN handed_over_on_lo IS NULL AND agreed_on_lo IS NOT NULL THEN false END AS counts,
           coalesce(h.recipient_kind, CASE WHEN NOT was_not_read(h.recipient_kind, h.not_read, 'recipient_kind')
               AND c.community_code IS NOT NULL AND (h.recipient_name IS NULL
               OR contains(bare_name(h.recipient_name), bare_name(c.community_name)) OR regexp_matches(h.recipient_name, '居委会|居民委员会'))
               THEN 'committee' END) AS received_by,
           coalesce(h.premises_id, s.premises_id, 'handover ' || coalesce(s.first_id, h.handover_id)) AS room,
           concat_ws(' ', received_by, coalesce(community_code, recipient_name), coalesce(h.price_yuan > 0, false)) AS recipient
    FROM handovers h LEFT JOIN communities c USING (community_code) LEFT JOIN same_receipt s USING (handover_id)
), parted AS (
    SELECT *, CASE WHEN bool_and(number_of(receipt_no) IS NOT NULL) OVER of_room THEN number_of(receipt_no)
                   WHEN bool_and(coalesce(handed_over_on_lo = handed_over_on_hi, false)) OVER of_room THEN handed_over_on_lo::VARCHAR
                       ELSE '' END AS part
    FROM dated WINDOW of_room AS (PARTITION BY project_id, room, counts, recipient)
), received AS (
    SELECT project_id, room, counts, recipient, part,
           any_value(premises_id) IS NOT NULL AS is_named, any_value(received_by) AS recipient_kind, max(price_yuan) AS price_yuan,
               flatten(list(not_read)) AS not_read,
           max(area_m2)::DECIMAL(38, 2) AS area_m2,
           min(handed_over_on_lo) AS handed_over_on_lo, min(handed_over_on_hi) AS handed_over_on_hi,
           max(agreed_on_lo) AS agreed_on_lo, max(agreed_on_hi) AS agreed_on_hi
    FROM parted GROUP BY project_id, room, counts, recipient, part
)
SELECT h.*, greatest(max(h.area_m2) OVER (PARTITION BY h.project_id, h.room, h.counts),
                     coalesce(r.surveyed_m2, r.permitted_m2, r.planned_m2, 0)::DECIMAL(38, 2)) AS size_m2
FROM received h LEFT JOIN premises r ON r.premises_id = h.room;

-- Rooms handed over, to whomever: a room shared between several recipients counts as far as it is large; what is told beyond that is the
-- same room again. What of it discharges the duty depends on the law: see ``assess.handed``.
CREATE OR REPLACE TABLE handed_room AS
WITH before AS (
    SELECT *, coalesce(sum(area_m2) OVER (PARTITION BY project_id, room, counts ORDER BY handed_over_on_lo NULLS LAST, recipient, part
                                          ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)::DECIMAL(38, 2) AS before_m2
    FROM handed_told
)
SELECT * EXCLUDE (area_m2, size_m2, before_m2), least(area_m2, size_m2 - before_m2)::DECIMAL(18, 2) AS area_m2
FROM before WHERE before_m2 = 0 OR before_m2 < size_m2;

-- Money in lieu as area: the sum of amount / price that counts, rounded down to 0.01 m2 once, on integers (fen, 18 digits),
-- so that 1,000,000 / 4,000 is exactly 250.00 and 1,000,000 / 4,001 is 249.93. Money given back is not paid.
CREATE OR REPLACE TABLE in_lieu_payment AS
SELECT payment_id, project_id, amount_yuan, received_on_lo, received_on_hi, refunded_on_lo, refunded_on_hi,
       CASE WHEN agreed_on_lo > day.as_of THEN false WHEN was_not_read(agreement_no, not_read, 'agreement_no') THEN NULL
           WHEN agreement_no IS NULL THEN false WHEN coalesce(agreed_on_hi <= day.as_of, true) THEN true END AS agreed,
       CASE WHEN received_on_lo IS NULL OR received_on_lo > day.as_of OR refunded_on_hi <= day.as_of THEN false
            WHEN received_on_hi <= day.as_of AND coalesce(refunded_on_lo > day.as_of, true) THEN true END AS received,
       CASE WHEN counts_at_yuan_per_m2 > 0
            THEN CAST(amount_yuan * 100 AS HUGEINT) * 1000000000000000000 // CAST(counts_at_yuan_per_m2 * 100 AS HUGEINT)
            END AS area_e18
FROM payments JOIN listed_price USING (payment_id) CROSS JOIN (SELECT getvariable('as_of')::DATE AS as_of) day;

CREATE OR REPLACE MACRO area_of(total_e18, payments) AS CAST((total_e18 + payments) // 10000000000000000 AS DECIMAL(38, 0)) * 0.01;

CREATE OR REPLACE TABLE in_lieu_by_project AS
SELECT project_id,
       CASE WHEN bool_and(agreed IS NOT NULL AND (NOT agreed OR area_e18 IS NOT NULL))
            THEN coalesce(area_of(sum(area_e18) FILTER (agreed), count(*) FILTER (agreed)), 0) END::DECIMAL(18, 2) AS agreed_m2,
       CASE WHEN bool_and(received IS NOT NULL AND (NOT received OR area_e18 IS NOT NULL))
            THEN coalesce(area_of(sum(area_e18) FILTER (received), count(*) FILTER (received)), 0) END::DECIMAL(18, 2) AS received_m2,
       CASE WHEN bool_and(received IS NOT NULL)
            THEN coalesce(sum(amount_yuan) FILTER (received), 0) END::DECIMAL(18, 2) AS received_yuan
FROM in_lieu_payment GROUP BY project_id;
