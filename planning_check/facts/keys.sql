-- Numbers by which payments, projects and developers are held to be one across projects. (Rooms: room_pair.sql.) province/keys.py looks for
-- them in two cities, so a join across projects has its key here: one that has it elsewhere is not seen there.

-- One receipt: one number of one year for one amount, from one payer (the project's developer), or of one account where the number is long
-- enough to tell it from those of other books. A word or a bare 0001 is no number.
CREATE OR REPLACE VIEW receipt_key AS
WITH told AS (
    SELECT p.payment_id, p.amount_yuan, p.received_on_lo, number_of(p.receipt_no) AS number, long_number_of(p.receipt_no) AS long_number,
           year(p.received_on_lo) AS year, bare_name(p.account) AS account,
               coalesce(number_of(j.developer_code), bare_name(j.developer_name), p.project_id) AS payer
    FROM payments p LEFT JOIN projects j USING (project_id)
    WHERE p.received_on_lo <= getvariable('as_of')::DATE AND year(p.received_on_lo) = year(p.received_on_hi)
)
SELECT payment_id, received_on_lo, concat_ws(' ', 'payer', payer, year, amount_yuan, number) AS key FROM told WHERE number IS NOT NULL
    AND payer IS NOT NULL AND amount_yuan IS NOT NULL
UNION ALL
SELECT payment_id, received_on_lo, concat_ws(' ', 'account', account, year, amount_yuan, long_number) FROM told
    WHERE long_number IS NOT NULL AND account IS NOT NULL AND amount_yuan IS NOT NULL;

-- One planning permit, without the words around its number.
CREATE OR REPLACE VIEW permit_key AS
SELECT project_id, permit FROM (
    SELECT project_id, replace(replace(replace(bare_name(upper(permit_no)), '建字', ''), '第', ''), '号', '') AS permit FROM projects
        WHERE number_of(permit_no) IS NOT NULL) WHERE permit <> '';

-- One developer's project of one name and phase.
CREATE OR REPLACE VIEW called_key AS
SELECT project_id, concat_ws(' ', developer_code, bare_name(project_name), coalesce(phase_no, -1)) AS name
FROM projects WHERE number_of(developer_code) IS NOT NULL;

-- What a developer is called under one code.
CREATE OR REPLACE VIEW developer_called AS
SELECT developer_code, bare_name(developer_name) AS bare, min(developer_name) AS name FROM projects
WHERE number_of(developer_code) IS NOT NULL AND developer_name IS NOT NULL GROUP BY ALL;
