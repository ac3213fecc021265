-- Names and places of subjects, for findings. (The rows of each subject are generated from the fact dictionary.)
CREATE OR REPLACE VIEW subject_info AS
WITH named AS (
    SELECT 'project' AS subject, project_id AS subject_key, project_name AS subject_name, district_code, community_code,
           developer_name, developer_code FROM fact_project
    UNION ALL SELECT 'premises', f.premises_id, concat_ws(' ', p.project_name, f.building, f.premises_id), p.district_code, p.community_code,
           p.developer_name, p.developer_code FROM fact_premises f LEFT JOIN projects p USING (project_id)
    UNION ALL SELECT 'handover', f.handover_id, concat_ws(' ', p.project_name, f.recipient_name), p.district_code, p.community_code,
           p.developer_name, p.developer_code FROM fact_handover f LEFT JOIN projects p USING (project_id)
    UNION ALL SELECT 'deposit', f.event_id, p.project_name, p.district_code, p.community_code,
           p.developer_name, p.developer_code FROM fact_deposit f LEFT JOIN projects p USING (project_id)
    UNION ALL SELECT 'development', f.development_id, p.project_name, p.district_code, p.community_code,
           p.developer_name, p.developer_code FROM fact_development f LEFT JOIN projects p USING (project_id)
    UNION ALL SELECT 'cluster', f.cluster_id, f.members, p.district_code, p.community_code,
           p.developer_name, p.developer_code FROM fact_cluster f LEFT JOIN projects p USING (project_id)
    UNION ALL SELECT 'parcel', f.parcel_id, p.project_name, p.district_code, p.community_code,
           p.developer_name, p.developer_code FROM fact_parcel f LEFT JOIN projects p USING (project_id)
    UNION ALL SELECT 'payment', f.payment_id, p.project_name, p.district_code, p.community_code,
           p.developer_name, p.developer_code FROM fact_payment f LEFT JOIN projects p USING (project_id)
    UNION ALL SELECT 'decision', f.decision_id, p.project_name, p.district_code, p.community_code,
           p.developer_name, p.developer_code FROM fact_decision f LEFT JOIN projects p USING (project_id)
    UNION ALL SELECT 'community', community_code, community_name, district_code, community_code, NULL, NULL FROM fact_community
    UNION ALL SELECT 'reference', f.project_id, p.project_name, p.district_code, p.community_code,
           p.developer_name, p.developer_code FROM fact_reference f LEFT JOIN projects p USING (project_id)
    UNION ALL SELECT 'code', code_key, code_value, NULL, NULL, NULL, NULL FROM fact_code
    UNION ALL SELECT 'conflict', f.conflict_id, concat_ws(' ', f.record_key, f.field_zh), p.district_code, p.community_code,
           p.developer_name, p.developer_code FROM fact_conflict f LEFT JOIN projects p ON f.table_name = 'projects' AND p.project_id = f.record_key
    UNION ALL SELECT 'figure', figure_id, source, district_code, NULL, NULL, NULL FROM fact_figure
    UNION ALL SELECT 'office', office_id, community_name, district_code, community_code, NULL, NULL FROM fact_office
)
SELECT n.*, d.district_name, c.community_name
FROM named n LEFT JOIN districts d USING (district_code) LEFT JOIN communities c USING (community_code);
