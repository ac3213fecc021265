-- One row per development project: what the records say of its floor area, premises, handover, money and dates.
-- Events after as_of are ignored. A sum over an unknown is unknown; a sum over nothing is zero only where the
-- register that would show it was delivered (or, for premises, is said to be complete for the project).
CREATE OR REPLACE TABLE fact_project AS
WITH today AS (
    SELECT getvariable('as_of')::DATE AS as_of
), registers AS (
    SELECT coalesce(bool_or(table_name = 'handovers'), false) AS handovers,
           coalesce(bool_or(table_name = 'payments'), false) AS payments,
           coalesce(bool_or(table_name = 'deposits'), false) AS deposits,
           coalesce(bool_or(table_name = 'demands'), false) AS demands,
           coalesce(bool_or(table_name = 'projects' AND field IN ('filed_on', 'filing_no')), false) AS filings,
           coalesce(bool_or(table_name = 'projects' AND field IN ('developer_changed_on', 'previous_developer_name')), false) AS transfers,
           coalesce(bool_or(table_name = 'parcels'), false) AS parcels
    FROM delivered
), spoilt AS (  -- a row set aside leaves a hole in its project's sums
    SELECT project_id,
           bool_or(table_name = 'premises') AS premises, bool_or(table_name = 'handovers') AS handovers,
           bool_or(table_name = 'payments') AS payments, bool_or(table_name = 'deposits') AS deposits,
           bool_or(table_name = 'demands') AS demands
    FROM quarantine WHERE project_id IS NOT NULL AND code NOT IN ('duplicate_row', 'total_row') GROUP BY project_id
), rooms AS (
    SELECT project_id,
           CASE WHEN count(*) = count(kind) THEN count(*) FILTER (kind = 'community') END AS community_rooms,
           CASE WHEN bool_and(kind IS NOT NULL AND (kind <> 'community' OR planned_m2 IS NOT NULL))
                THEN coalesce(sum(planned_m2) FILTER (kind = 'community'), 0) END AS planned_m2,
           CASE WHEN bool_and(kind IS NOT NULL AND (kind <> 'community' OR permitted_m2 IS NOT NULL))
                THEN coalesce(sum(permitted_m2) FILTER (kind = 'community'), 0) END AS permitted_m2,
           CASE WHEN bool_and(kind IS NOT NULL AND (kind <> 'community' OR surveyed_m2 IS NOT NULL))
                THEN coalesce(sum(surveyed_m2) FILTER (kind = 'community'), 0) END AS surveyed_m2,
           bool_or(kind = 'community' OR kind IS NULL) AS any_community
    FROM premises GROUP BY project_id
), in_lieu AS (
    SELECT * FROM in_lieu_by_project
), handed AS (
    SELECT project_id,
           CASE WHEN bool_and(counts IS NOT NULL) THEN coalesce(sum(area_m2) FILTER (counts), 0) END AS handed_m2,
           CASE WHEN bool_and(counts IS NOT NULL) THEN min(handed_over_on_lo) FILTER (counts) END AS first_lo,
           CASE WHEN bool_and(counts IS NOT NULL) THEN min(handed_over_on_hi) FILTER (counts) END AS first_hi,
           CASE WHEN bool_and(counts IS NOT NULL) THEN max(handed_over_on_lo) FILTER (counts) END AS last_lo,
           CASE WHEN bool_and(counts IS NOT NULL) THEN max(handed_over_on_hi) FILTER (counts) END AS last_hi,
           max(agreed_on_lo) FILTER (agreed_on_hi <= (SELECT as_of FROM today)) AS agreed_lo,
           max(agreed_on_hi) FILTER (agreed_on_hi <= (SELECT as_of FROM today)) AS agreed_hi
    FROM handed_room GROUP BY project_id
), money AS (
    SELECT project_id, bool_and(counts IS NOT NULL) AS known,
           coalesce(sum(amount_yuan) FILTER (event = 'due'), 0) AS due,
           coalesce(sum(amount_yuan) FILTER (counts AND event = 'paid'), 0) AS paid,
           coalesce(sum(amount_yuan) FILTER (counts AND event = 'paid' AND guarantee_expires_on_hi < as_of), 0) AS expired,
           coalesce(sum(amount_yuan) FILTER (counts AND event = 'refunded'), 0) AS refunded,
           coalesce(sum(amount_yuan) FILTER (counts AND event = 'forfeited'), 0) AS forfeited,
           coalesce(sum(amount_yuan) FILTER (counts AND event = 'offset'), 0) AS offset_,
           min(event_on_lo) FILTER (counts AND event = 'forfeited') AS forfeited_lo,
           min(event_on_hi) FILTER (counts AND event = 'forfeited') AS forfeited_hi,
           min(decision_no) FILTER (counts AND event = 'forfeited') AS decision_no
    FROM (SELECT d.*, as_of, CASE WHEN event_on_hi <= as_of THEN true WHEN event_on_lo > as_of THEN false END AS counts FROM deposits d, today)
    GROUP BY project_id
), demanded AS (
    SELECT project_id, count(*) AS demands, min(served_on_lo) AS served_lo, min(served_on_hi) AS served_hi,
           max(coalesce(extended_to_lo, deadline_on_lo)) AS deadline_lo, max(coalesce(extended_to_hi, deadline_on_hi)) AS deadline_hi
    FROM demands, today WHERE served_on_hi <= as_of GROUP BY project_id
), named AS (
    SELECT developer_code, list_sort(list(DISTINCT developer_name)) AS names FROM projects WHERE developer_code IS NOT NULL AND developer_name IS NOT NULL
    GROUP BY developer_code
), permit AS (
    SELECT regexp_replace(upper(permit_no), '[\s第号字（）()〔〕\[\]]', '', 'g') AS permit, list_sort(list(project_id)) AS ids FROM projects
    WHERE permit_no IS NOT NULL GROUP BY permit HAVING count(*) > 1
), called AS (
    SELECT developer_code, regexp_replace(project_name, '[\s（）()·\-]', '', 'g') AS name, coalesce(phase_no, 0) AS phase, list_sort(list(project_id)) AS ids
    FROM projects WHERE developer_code IS NOT NULL GROUP BY ALL HAVING count(*) > 1
), phased AS (
    SELECT development_id, count(*) AS phases, CASE WHEN count(*) = count(plan_total_m2) THEN sum(plan_total_m2) END AS total_m2
    FROM projects WHERE development_id IS NOT NULL GROUP BY development_id
), guaranteed AS (
    SELECT project_id, min(guarantee_expires_on_lo) AS lo, min(guarantee_expires_on_hi) AS hi,
           coalesce(sum(amount_yuan) FILTER (guarantee_expires_on_hi < as_of), 0) AS expired,
           bool_and(guarantee_expires_on_hi < as_of OR guarantee_expires_on_lo >= as_of) AS known
    FROM deposits, today WHERE event = 'paid' AND event_on_hi <= as_of AND guarantee_expires_on_lo IS NOT NULL GROUP BY project_id
), land AS (
    SELECT project_id, count(*) AS parcels FROM parcels WHERE project_id IS NOT NULL GROUP BY project_id
), price AS (
    SELECT zone, CASE WHEN min(price_yuan_per_m2) = max(price_yuan_per_m2) THEN min(price_yuan_per_m2) END AS price_yuan_per_m2
    FROM unit_prices, today
    WHERE use = 'community' AND from_on_hi <= as_of AND (to_on_lo IS NULL OR to_on_lo >= as_of) GROUP BY zone
)
SELECT p.* EXCLUDE (premises_register_complete, row_ids),
       today.as_of,
       list_contains(p.uses, 'residential') AS is_housing,
       CASE WHEN p.filed_on_lo IS NOT NULL OR p.filing_no IS NOT NULL THEN true WHEN registers.filings THEN false END AS is_filed,
       CASE WHEN spoilt.premises THEN NULL WHEN rooms.any_community THEN rooms.community_rooms
            WHEN p.premises_register_complete THEN 0 END AS community_rooms,
       CASE WHEN spoilt.premises THEN p.plan_states_area_m2
            WHEN rooms.any_community THEN coalesce(rooms.planned_m2, p.plan_states_area_m2)
            WHEN p.plan_states_area_m2 IS NOT NULL THEN p.plan_states_area_m2
            WHEN p.premises_register_complete THEN 0 END::DECIMAL(18, 2) AS community_planned_m2,
       CASE WHEN spoilt.premises THEN NULL WHEN rooms.any_community THEN rooms.permitted_m2
            WHEN p.premises_register_complete THEN 0 END::DECIMAL(18, 2) AS community_permitted_m2,
       CASE WHEN spoilt.premises THEN NULL WHEN rooms.any_community THEN rooms.surveyed_m2
            WHEN p.premises_register_complete THEN 0 END::DECIMAL(18, 2) AS community_surveyed_m2,
       CASE WHEN spoilt.payments THEN NULL WHEN in_lieu.project_id IS NOT NULL THEN in_lieu.agreed_m2
            WHEN registers.payments THEN 0 END::DECIMAL(18, 2) AS in_lieu_agreed_m2,
       CASE WHEN spoilt.payments THEN NULL WHEN in_lieu.project_id IS NOT NULL THEN in_lieu.received_m2
            WHEN registers.payments THEN 0 END::DECIMAL(18, 2) AS in_lieu_m2,
       CASE WHEN spoilt.payments THEN NULL WHEN in_lieu.project_id IS NOT NULL THEN in_lieu.received_yuan
            WHEN registers.payments THEN 0 END::DECIMAL(18, 2) AS in_lieu_received_yuan,
       coalesce(price_by_code.price_yuan_per_m2, price_by_name.price_yuan_per_m2)::DECIMAL(18, 2) AS price_yuan_per_m2,
       CASE WHEN spoilt.handovers THEN NULL WHEN handed.project_id IS NOT NULL THEN handed.handed_m2
            WHEN registers.handovers THEN 0 END::DECIMAL(18, 2) AS handed_m2,
       handed.first_lo AS first_handed_over_on_lo, handed.first_hi AS first_handed_over_on_hi,
       handed.last_lo AS last_handed_over_on_lo, handed.last_hi AS last_handed_over_on_hi,
       handed.agreed_lo AS last_agreed_on_lo, handed.agreed_hi AS last_agreed_on_hi,
       CASE WHEN money_known THEN coalesce(money.due, 0) END::DECIMAL(18, 2) AS deposit_due_yuan,
       CASE WHEN money_known THEN coalesce(money.paid, 0) END::DECIMAL(18, 2) AS deposit_paid_yuan,
       CASE WHEN money_known THEN coalesce(money.refunded, 0) END::DECIMAL(18, 2) AS deposit_refunded_yuan,
       CASE WHEN money_known THEN coalesce(money.forfeited, 0) END::DECIMAL(18, 2) AS deposit_forfeited_yuan,
       CASE WHEN money_known THEN coalesce(money.offset_, 0) END::DECIMAL(18, 2) AS deposit_offset_yuan,
       CASE WHEN money_known
            THEN coalesce(CASE WHEN money.expired > 0  -- an expired guarantee holds nothing
                               THEN greatest(money.paid - money.expired - money.refunded - money.forfeited - money.offset_, 0)
                               ELSE money.paid - money.refunded - money.forfeited - money.offset_ END, 0)
            END::DECIMAL(18, 2) AS deposit_balance_yuan,
       money.forfeited_lo AS forfeited_on_lo, money.forfeited_hi AS forfeited_on_hi, money.decision_no AS forfeiture_decision_no,
       CASE WHEN spoilt.demands THEN NULL WHEN demanded.project_id IS NOT NULL THEN demanded.demands
            WHEN registers.demands THEN 0 END AS demands,
       demanded.served_lo AS demand_served_on_lo, demanded.served_hi AS demand_served_on_hi,
       demanded.deadline_lo AS demand_deadline_on_lo, demanded.deadline_hi AS demand_deadline_on_hi,
       CASE WHEN NOT money_known THEN NULL WHEN guaranteed.project_id IS NULL THEN 0 WHEN guaranteed.known THEN guaranteed.expired
            END::DECIMAL(18, 2) AS deposit_expired_yuan,
       guaranteed.lo AS guarantee_ends_on_lo, guaranteed.hi AS guarantee_ends_on_hi,
       twice.handed_elsewhere_m2, twice.in_lieu_twice_m2,
       CASE WHEN p.developer_changed_on_lo <= today.as_of OR (p.developer_changed_on_lo IS NULL AND p.previous_developer_name IS NOT NULL) THEN true
            WHEN p.developer_changed_on_lo > today.as_of OR registers.transfers THEN false END AS developer_was_changed,
       len(named.names) AS names_under_code,
       nullif(array_to_string(list_filter(named.names, lambda n: n <> p.developer_name), '、'), '') AS other_names,
       list_filter(permit.ids, lambda i: i <> p.project_id)[1] AS same_permit_project_id,
       list_filter(called.ids, lambda i: i <> p.project_id)[1] AS same_name_project_id,
       regexp_matches(p.project_name, '[一二三四五六七八九十0-9ⅠⅡⅢIV]期') AS name_says_phase,
       phased.phases AS phases_delivered, phased.total_m2::DECIMAL(18, 2) AS phases_total_m2,
       g.cluster_id,
       CASE WHEN land.project_id IS NOT NULL THEN land.parcels WHEN registers.parcels THEN 0 END AS parcels,
       place.parcel_area_m2, place.communities_touched, place.community_by_map, place.largest_share, place.community_shares
FROM projects p CROSS JOIN today CROSS JOIN registers
LEFT JOIN spoilt USING (project_id)
LEFT JOIN rooms USING (project_id)
LEFT JOIN in_lieu USING (project_id)
LEFT JOIN handed USING (project_id)
LEFT JOIN (SELECT money.*, true AS has_money FROM money) money USING (project_id)
LEFT JOIN demanded USING (project_id)
LEFT JOIN guaranteed USING (project_id)
LEFT JOIN claimed_twice twice USING (project_id)
LEFT JOIN land USING (project_id)
LEFT JOIN project_place place USING (project_id)
LEFT JOIN project_group g USING (project_id)
LEFT JOIN named USING (developer_code)
LEFT JOIN permit ON permit.permit = regexp_replace(upper(p.permit_no), '[\s第号字（）()〔〕\[\]]', '', 'g')
LEFT JOIN called ON called.developer_code = p.developer_code AND called.name = regexp_replace(p.project_name, '[\s（）()·\-]', '', 'g')
    AND called.phase = coalesce(p.phase_no, 0)
LEFT JOIN phased USING (development_id)
LEFT JOIN districts USING (district_code)
LEFT JOIN price price_by_code ON price_by_code.zone = p.district_code
LEFT JOIN price price_by_name ON price_by_name.zone = districts.district_name
CROSS JOIN LATERAL (
    SELECT CASE WHEN spoilt.deposits THEN false WHEN money.has_money THEN money.known ELSE registers.deposits END AS money_known
);
