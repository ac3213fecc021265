-- One row per development project: what the records say of its floor area, premises, handover, money and dates.
-- Events after as_of are ignored. A sum over an unknown is unknown; a sum over nothing is zero only where the
-- register that would show it was delivered (or, for premises, is said to be complete for the project).
CREATE OR REPLACE TABLE fact_project AS
WITH today AS (
    SELECT getvariable('as_of')::DATE AS as_of
), rooms AS (
    SELECT project_id,
           CASE WHEN count(*) = count(kind) THEN count(*) FILTER (kind = 'community') END AS community_rooms,
           CASE WHEN bool_and(kind IS NOT NULL AND (kind <> 'community' OR planned_m2 IS NOT NULL))
                THEN coalesce(sum(planned_m2) FILTER (kind = 'community'), 0) END AS planned_m2,
           CASE WHEN bool_and(kind IS NOT NULL AND (kind <> 'community' OR permitted_m2 IS NOT NULL))
                THEN coalesce(sum(permitted_m2) FILTER (kind = 'community'), 0) END AS permitted_m2,
           CASE WHEN bool_and(kind IS NOT NULL AND (kind <> 'community' OR surveyed_m2 IS NOT NULL))
                THEN coalesce(sum(surveyed_m2) FILTER (kind = 'community'), 0) END AS surveyed_m2,
           bool_or(kind = 'community' OR kind IS NULL OR coalesce(counts_toward = 'community', false)) AS any_community
    FROM premises GROUP BY project_id
), in_lieu AS (
    SELECT * FROM in_lieu_by_project
), handed AS (
    SELECT project_id,
           CASE WHEN bool_and(counts IS NOT NULL) THEN coalesce(sum(area_m2) FILTER (counts), 0) END AS handed_m2,
           CASE WHEN bool_and(counts IS NOT NULL) THEN min(handed_over_on_lo) FILTER (counts) END AS first_lo,
           CASE WHEN bool_and(counts IS NOT NULL) THEN min(handed_over_on_hi) FILTER (counts) END AS first_hi
    FROM handed_room GROUP BY project_id
), money AS (
    SELECT project_id, bool_and(counts IS NOT NULL) AS known,
           coalesce(sum(amount_yuan) FILTER (event = 'due'), 0) AS due,
           coalesce(sum(amount_yuan) FILTER (counts AND event = 'forfeited'), 0) AS forfeited,
           coalesce(sum(amount_yuan) FILTER (counts AND event = 'offset'), 0) AS offset_,
           min(event_on_lo) FILTER (counts AND event = 'forfeited') AS forfeited_lo,
           min(event_on_hi) FILTER (counts AND event = 'forfeited') AS forfeited_hi,
           min(decision_no) FILTER (counts AND event = 'forfeited') AS decision_no
    FROM (SELECT d.*, as_of, CASE WHEN event_on_hi <= as_of THEN true WHEN event_on_lo > as_of THEN false END AS counts FROM deposits d,
        today)
    GROUP BY project_id
), demanded AS (  -- an extension moves the deadline only with the number of its document
    SELECT project_id, count(*) AS demands, min(served_on_lo) AS served_lo, min(served_on_hi) AS served_hi,
           max(CASE WHEN extension = 'approved' THEN extended_to_lo WHEN extension IS NULL THEN least(deadline_on_lo, extended_to_lo)
               ELSE deadline_on_lo END)
               AS deadline_lo,
           max(CASE WHEN extension = 'approved' THEN extended_to_hi WHEN extension IS NULL THEN greatest(deadline_on_hi, extended_to_hi)
               ELSE deadline_on_hi END)
               AS deadline_hi,
           CASE WHEN bool_or(extension IS NULL) THEN NULL WHEN bool_or(extension = 'no_document') THEN 'no_document'
               WHEN bool_or(extension = 'approved') THEN 'approved' ELSE 'none' END AS extension
    FROM (SELECT *, CASE WHEN extended_to_lo IS NULL THEN 'none' WHEN was_not_read(extension_no, not_read, 'extension_no') THEN NULL
                            WHEN extension_no IS NULL THEN 'no_document' ELSE 'approved' END AS extension FROM demands),
         today
    WHERE served_on_hi <= as_of GROUP BY project_id
), named AS (  -- a few names are enough to be told
    SELECT developer_code, count(*) AS names, min(name, 6) AS first_names FROM developer_called GROUP BY developer_code
), same_permit AS (  -- the two smallest ids under one permit: the other of them is what each project of it is told
    SELECT p.project_id, CASE WHEN ids[1] = p.project_id THEN ids[2] ELSE ids[1] END AS other_id
    FROM permit_key p JOIN (SELECT permit, min(project_id, 2) AS ids FROM permit_key GROUP BY permit HAVING count(*) > 1) USING (permit)
), same_name AS (
    SELECT c.project_id, CASE WHEN ids[1] = c.project_id THEN ids[2] ELSE ids[1] END AS other_id
    FROM called_key c JOIN (SELECT name, min(project_id, 2) AS ids FROM called_key GROUP BY name HAVING count(*) > 1) USING (name)
), phased AS (
    SELECT development_id, count(DISTINCT coalesce('phase ' || phase_no, project_id)) AS phases,
           CASE WHEN count(*) = count(plan_total_m2) THEN sum(plan_total_m2) END AS total_m2
    FROM projects WHERE development_id IS NOT NULL GROUP BY development_id
), land AS (
    SELECT project_id, count(*) AS parcels FROM parcels WHERE project_id IS NOT NULL GROUP BY project_id
), price AS (
    SELECT zone, CASE WHEN min(price_yuan_per_m2) = max(price_yuan_per_m2) AND bool_or(to_on_lo IS NULL OR to_on_lo >= as_of)
                      THEN min(price_yuan_per_m2) END AS price_yuan_per_m2
    FROM unit_prices, today WHERE is_price_of(use, from_on_hi, to_on_hi, as_of) GROUP BY zone
)
SELECT p.* EXCLUDE (premises_register_complete, row_ids, gap),
       today.as_of,
       life.life_state, life.status_contradicted_by, life.successor_doubt,
       list_contains(p.uses, 'residential') AS is_housing,
       CASE WHEN is_any_day(p.filed_on_lo, p.filed_on_hi) AND p.filing_no IS NOT NULL THEN true
            WHEN p.filed_on_lo > today.as_of THEN false WHEN p.filed_on_hi > today.as_of THEN NULL
            WHEN p.filed_on_lo IS NOT NULL OR p.filing_no IS NOT NULL THEN true WHEN was_not_read(p.filing_no, p.not_read, 'filing_no')
                THEN NULL
            WHEN registers.filings AND NOT list_has_any(p.gap, ['filed_on', 'filing_no']) THEN false END AS is_filed,
       CASE WHEN spoilt.premises THEN NULL WHEN rooms.any_community THEN rooms.community_rooms
            WHEN p.premises_register_complete THEN 0 END AS community_rooms,
       coalesce(rooms.any_community AND NOT coalesce(spoilt.premises, false), false) AS rooms_are_known,
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
       CASE WHEN price_by_code.price_yuan_per_m2 IS NULL AND price_by_name.price_yuan_per_m2 IS NOT NULL THEN price_by_name.zone
            ELSE coalesce(price_by_code.zone, price_by_name.zone) END AS price_zone,
       CASE WHEN spoilt.handovers THEN NULL WHEN handed.project_id IS NOT NULL THEN handed.handed_m2
            WHEN registers.handovers THEN 0 END::DECIMAL(18, 2) AS handed_m2,
       CASE WHEN NOT coalesce(spoilt.handovers, false) THEN handed.first_lo END AS first_handed_over_on_lo,
       CASE WHEN NOT coalesce(spoilt.handovers, false) THEN handed.first_hi END AS first_handed_over_on_hi,
       CASE WHEN money_known THEN coalesce(money.due, 0) END::DECIMAL(18, 2) AS deposit_due_yuan,
       CASE WHEN money_known THEN coalesce(ledger.paid_yuan, 0) END::DECIMAL(18, 2) AS deposit_paid_yuan,
       CASE WHEN money_known THEN coalesce(ledger.refunded_yuan, CASE WHEN ledger.project_id IS NULL THEN 0 END) END::DECIMAL(18,
           2) AS deposit_refunded_yuan,
       CASE WHEN money_known THEN coalesce(money.forfeited, 0) END::DECIMAL(18, 2) AS deposit_forfeited_yuan,
       CASE WHEN money_known THEN coalesce(money.offset_, 0) END::DECIMAL(18, 2) AS deposit_offset_yuan,
       CASE WHEN money_known THEN coalesce(ledger.balance_yuan, CASE WHEN ledger.project_id IS NULL THEN 0 END) END::DECIMAL(18,
           2) AS deposit_balance_yuan,
       money.forfeited_lo AS forfeited_on_lo, money.forfeited_hi AS forfeited_on_hi, money.decision_no AS forfeiture_decision_no,
       CASE WHEN spoilt.demands THEN NULL WHEN demanded.project_id IS NOT NULL THEN demanded.demands
            WHEN registers.demands THEN 0 END AS demands,
       CASE WHEN NOT coalesce(spoilt.demands, false) THEN demanded.served_lo END AS demand_served_on_lo,
       CASE WHEN NOT coalesce(spoilt.demands, false) THEN demanded.served_hi END AS demand_served_on_hi,
       CASE WHEN NOT coalesce(spoilt.demands, false) THEN demanded.deadline_lo END AS demand_deadline_on_lo,
       CASE WHEN NOT coalesce(spoilt.demands, false) THEN demanded.deadline_hi END AS demand_deadline_on_hi,
       CASE WHEN spoilt.demands THEN NULL WHEN demanded.project_id IS NOT NULL THEN demanded.extension WHEN registers.demands
           THEN 'none' END
           AS demand_extension,
       CASE WHEN money_known THEN coalesce(ledger.expired_yuan, CASE WHEN ledger.project_id IS NULL THEN 0 END) END::DECIMAL(18,
           2) AS deposit_expired_yuan,
       coalesce(later.days, 0) AS later_days, later.zh AS later_days_zh, later.en AS later_days_en,
       ledger.ends_lo AS guarantee_ends_on_lo, ledger.ends_hi AS guarantee_ends_on_hi,
       fund.in_yuan::DECIMAL(18, 2) AS fund_in_yuan, fund.out_yuan::DECIMAL(18, 2) AS fund_credited_yuan,
       fund.elsewhere_yuan::DECIMAL(18, 2) AS fund_elsewhere_yuan, fund.diverted_yuan::DECIMAL(18, 2) AS fund_diverted_yuan,
       fund.waiting_lo AS fund_waiting_since_lo, fund.waiting_hi AS fund_waiting_since_hi, fund.parts AS fund_parts,
       heard.forfeiture_is_dismissed, heard.forfeiture_dismissed_on_lo, heard.forfeiture_dismissed_on_hi, heard.forfeiture_minutes_no,
       twice.handed_elsewhere_m2, twice.in_lieu_twice_m2,
       CASE WHEN is_any_day(p.developer_changed_on_lo, p.developer_changed_on_hi) AND p.previous_developer_name IS NOT NULL THEN true
            WHEN p.developer_changed_on_lo > today.as_of THEN false WHEN p.developer_changed_on_hi > today.as_of THEN NULL
            WHEN p.developer_changed_on_lo IS NOT NULL OR p.previous_developer_name IS NOT NULL THEN true
            WHEN registers.transfers AND NOT list_has_any(p.gap, ['developer_changed_on', 'previous_developer_name']) THEN false
                END AS developer_was_changed,
       named.names AS names_under_code,
       CASE WHEN named.names > 1 OR p.developer_name IS NULL
            THEN array_to_string(list_filter(named.first_names, lambda n: bare_name(n) IS DISTINCT FROM bare_name(p.developer_name))[1:5],
                '、')
                 || CASE WHEN named.names > 6 THEN '等' ELSE '' END END AS other_names,
       same_permit.other_id AS same_permit_project_id, same_name.other_id AS same_name_project_id,
       regexp_matches(p.project_name, '[一二三四五六七八九十0-9０-９Ⅰ-ⅫIVX]期') AS name_says_phase,
       phased.phases AS phases_delivered, phased.total_m2::DECIMAL(18, 2) AS phases_total_m2,
       grouped.cluster_ids,
       CASE WHEN spoilt.parcels THEN NULL WHEN land.project_id IS NOT NULL THEN land.parcels WHEN registers.parcels THEN 0 END AS parcels,
       place.parcel_area_m2, place.communities_touched, place.community_by_map, place.largest_share, place.community_shares,
           place.share_parts,
       recorded.now AS recorded_community_code, list_contains(touched.codes,
           coalesce(recorded.now, p.community_code)) AS recorded_is_touched,
       resembling.other_id AS alike_project_id, alike_to.alike_developer_name, resembling.metres::DECIMAL(18, 6) AS alike_m,
       list_contains(touched.codes, p.designated_community_code) OR coalesce(list_contains(touched.codes, heir.successor_code), false)
           AS designated_is_touched
FROM project_told p CROSS JOIN today CROSS JOIN register_told registers
LEFT JOIN project_life life USING (project_id)
LEFT JOIN project_hole spoilt USING (project_id)
LEFT JOIN rooms USING (project_id)
LEFT JOIN in_lieu USING (project_id)
LEFT JOIN handed USING (project_id)
LEFT JOIN (SELECT money.*, true AS has_money FROM money) money USING (project_id)
LEFT JOIN demanded USING (project_id)
LEFT JOIN deposit_ledger ledger ON ledger.project_id = p.project_id AND ledger.day_lo = today.as_of AND ledger.day_hi = today.as_of
LEFT JOIN project_fund fund USING (project_id)
LEFT JOIN claimed_twice twice USING (project_id)
LEFT JOIN forfeiture_heard heard USING (project_id)
LEFT JOIN land USING (project_id)
LEFT JOIN (SELECT * FROM project_place WHERE project_id NOT IN (SELECT project_id FROM project_hole WHERE parcels)) place USING (project_id)
LEFT JOIN project_to_come later USING (project_id)
LEFT JOIN (SELECT project_id, list_transform(string_split(community_shares, ', '), lambda s: split_part(s, ' ', 1)) AS codes
    FROM project_place
           WHERE project_id NOT IN (SELECT project_id FROM project_hole WHERE parcels)) touched USING (project_id)
LEFT JOIN (SELECT project_id, list(cluster_id ORDER BY cluster_id) AS cluster_ids FROM project_group
    GROUP BY project_id) grouped USING (project_id)
LEFT JOIN (SELECT community_code AS own, CASE WHEN valid_to_hi <= getvariable('as_of')::DATE THEN coalesce(successor_code, community_code)
    ELSE community_code END AS now
           FROM communities) recorded ON recorded.own = p.community_code
LEFT JOIN (SELECT project_id, arg_min(other_id, (metres, other_id)) AS other_id, min(metres) AS metres FROM (
               SELECT project_id, other_id, metres FROM project_alike UNION ALL SELECT other_id, project_id, metres FROM project_alike
           ) JOIN (SELECT project_id, developer_code AS code FROM projects) x USING (project_id)
           JOIN (SELECT project_id AS other_id, developer_code AS other_code FROM projects) y USING (other_id)
           WHERE number_of(code) IS DISTINCT FROM number_of(other_code)  -- a word or a bare 0001 makes nobody another developer
           GROUP BY project_id) resembling USING (project_id)
LEFT JOIN (SELECT project_id AS alike_id, developer_name AS alike_developer_name
    FROM projects) alike_to ON alike_to.alike_id = resembling.other_id
LEFT JOIN (SELECT community_code AS heir_of, successor_code FROM communities) heir ON heir.heir_of = p.designated_community_code
LEFT JOIN named USING (developer_code)
LEFT JOIN same_permit USING (project_id)
LEFT JOIN same_name USING (project_id)
LEFT JOIN phased USING (development_id)
LEFT JOIN districts USING (district_code)
LEFT JOIN price price_by_code ON price_by_code.zone = p.district_code
LEFT JOIN price price_by_name ON price_by_name.zone = districts.district_name
CROSS JOIN LATERAL (
    SELECT CASE WHEN spoilt.deposits THEN false WHEN money.has_money THEN money.known ELSE registers.deposits END AS money_known
);
