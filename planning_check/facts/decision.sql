-- One row per decision of the joint meeting that had been taken, or may have, by as_of; later fulfilment and records have not happened yet.
CREATE OR REPLACE TABLE fact_decision AS
SELECT d.* EXCLUDE (row_ids, fulfilled_on_lo, fulfilled_on_hi, credit_recorded_on_lo, credit_recorded_on_hi, credit_record_no),
       day.as_of,
       CASE WHEN d.fulfilled_on_lo <= day.as_of THEN d.fulfilled_on_lo END AS fulfilled_on_lo,
       CASE WHEN d.fulfilled_on_lo <= day.as_of THEN d.fulfilled_on_hi END AS fulfilled_on_hi,
       CASE WHEN d.credit_recorded_on_lo <= day.as_of THEN d.credit_recorded_on_lo END AS credit_recorded_on_lo,
       CASE WHEN d.credit_recorded_on_lo <= day.as_of THEN d.credit_recorded_on_hi END AS credit_recorded_on_hi,
       CASE WHEN coalesce(d.credit_recorded_on_lo <= day.as_of, true) THEN d.credit_record_no END AS credit_record_no,
       coalesce(r.surveyed_m2, r.permitted_m2, r.planned_m2) AS premises_m2, r.current_use AS premises_use
FROM decisions d CROSS JOIN (SELECT getvariable('as_of')::DATE AS as_of) day
LEFT JOIN fact_premises r USING (premises_id)
WHERE coalesce(d.decided_on_lo <= day.as_of, true);
