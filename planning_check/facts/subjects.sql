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
    UNION ALL SELECT 'office', office_id, community_name, district_code, community_code, NULL, NULL FROM fact_office
)
SELECT n.*, d.district_name, c.community_name
FROM named n LEFT JOIN districts d USING (district_code) LEFT JOIN communities c USING (community_code);
