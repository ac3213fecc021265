-- Names and places of subjects, for findings. (The rows of each subject are generated from the fact dictionary.)
CREATE OR REPLACE VIEW subject_info AS
WITH of_project AS (  -- subjects that have the place and the developer of their project
    SELECT 'premises' AS subject, premises_id AS subject_key, project_id, concat_ws(' ', building, premises_id) AS also FROM fact_premises
    UNION ALL SELECT 'handover', handover_id, project_id, recipient_name FROM fact_handover
    UNION ALL SELECT 'deposit', event_id, project_id, NULL FROM fact_deposit
    UNION ALL SELECT 'payment', payment_id, project_id, agreement_no FROM fact_payment
    UNION ALL SELECT 'decision', decision_id, project_id, minutes_no FROM fact_decision
    UNION ALL SELECT 'development', development_id, project_id, NULL FROM fact_development
    UNION ALL SELECT 'parcel', parcel_id, project_id, parcel_id FROM fact_parcel
), of_record AS (  -- the project or community of a record that two sources tell differently
    SELECT 'projects' AS table_name, project_id AS record_key, project_id, NULL AS community_code FROM projects
    UNION ALL SELECT 'parcels', parcel_id, project_id, NULL FROM parcels
    UNION ALL SELECT 'premises', premises_id, project_id, NULL FROM premises
    UNION ALL SELECT 'handovers', handover_id, project_id, NULL FROM handovers
    UNION ALL SELECT 'payments', payment_id, project_id, NULL FROM payments
    UNION ALL SELECT 'deposits', event_id, project_id, NULL FROM deposits
    UNION ALL SELECT 'demands', demand_id, project_id, NULL FROM demands
    UNION ALL SELECT 'decisions', decision_id, project_id, NULL FROM decisions
    UNION ALL SELECT 'communities', community_code, NULL, community_code FROM communities
    UNION ALL SELECT 'offices', office_id, NULL, community_code FROM offices
), named AS (
    SELECT 'project' AS subject, project_id AS subject_key, project_name AS subject_name, district_code, community_code,
           developer_name, developer_code FROM fact_project
    UNION ALL SELECT s.subject, s.subject_key, coalesce(nullif(concat_ws(' ', p.project_name, s.also), ''), s.subject_key), p.district_code,
        p.community_code,
           p.developer_name, p.developer_code FROM of_project s LEFT JOIN projects p USING (project_id)
    UNION ALL SELECT 'cluster', f.cluster_id, f.members, p.district_code, p.community_code,
           p.developer_name, p.developer_code FROM fact_cluster f LEFT JOIN projects p USING (project_id)
    UNION ALL SELECT 'community', community_code, community_name, district_code, community_code, NULL, NULL FROM fact_community
    UNION ALL SELECT 'reference', f.project_id, coalesce(p.project_name, f.project_id), p.district_code, p.community_code,
           p.developer_name, p.developer_code FROM fact_reference f LEFT JOIN projects p USING (project_id)
    UNION ALL SELECT 'code', code_key, code_value, NULL, NULL, NULL, NULL FROM fact_code
    UNION ALL SELECT 'conflict', f.conflict_id, concat_ws(' ', f.record_key, f.field_zh), coalesce(p.district_code, c.district_code),
           coalesce(p.community_code, c.community_code), p.developer_name, p.developer_code
           FROM fact_conflict f LEFT JOIN of_record r ON r.table_name = f.table_name AND r.record_key = f.record_key
           LEFT JOIN projects p ON p.project_id = r.project_id LEFT JOIN communities c ON c.community_code = r.community_code
    UNION ALL SELECT 'layer', layer_id, layer_id, NULL, NULL, NULL, NULL FROM fact_layer
    UNION ALL SELECT 'figure', figure_id, concat_ws(' ', source, figure_id), district_code, NULL, NULL, NULL FROM fact_figure
    UNION ALL SELECT 'idle_facility', facility_id, name, district_code, community_by_map, NULL, NULL FROM fact_idle_facility
    UNION ALL SELECT 'office', office_id, community_name, district_code, community_code, NULL, NULL FROM fact_office
    UNION ALL FROM own_subject
)
SELECT n.*, d.district_name, c.community_name
FROM named n LEFT JOIN districts d USING (district_code) LEFT JOIN communities c USING (community_code);
