"""What is recorded of a run: for each table of the store, the DuckDB query that gives its rows."""

from __future__ import annotations

from planning_check.record.finding import FIELDS
from planning_check.store import models as m
from planning_check.words import SEVERITIES

#: One row a subject: what it is called, where it is, whose it is.
SUBJECTS = f"""
CREATE OR REPLACE TEMP TABLE finding_subject AS
SELECT DISTINCT ON (subject, subject_key) subject_key, {", ".join(name for name, field in FIELDS.items() if field.kept == "subject")}
FROM finding_head ORDER BY subject, subject_key, number
"""
#: What is the same in all findings of a rule, for rules that the manifest does not describe.
RULES = """
SELECT rule_id, any_value(rule_sha256) AS sha256, any_value(subject) AS subject, any_value(list) AS list,
       any_value(responsible) AS responsible, any_value(consequence) AS consequence
FROM finding_head WHERE list_contains(?, rule_id) GROUP BY rule_id ORDER BY rule_id
"""
#: Whose a line is: the project as it was delivered, though none of its own findings is there; of one that was not, what its room says.
_NAMED = ("subject_name", "district_code", "district_name", "community_name", "developer_name")
_RANK = "CASE severity " + " ".join(f"WHEN '{code}' THEN {rank}" for rank, code in enumerate(SEVERITIES)) + " END"
_STATUSES = """
SELECT rule_id, status, any_value(status_zh) AS label_zh, any_value(status_en) AS label_en, count(*) AS findings,
       sum(area_m2) AS area_m2, sum(yuan) AS yuan, sum(yuan_min) AS yuan_min
FROM finding_head WHERE status IS NOT NULL GROUP BY rule_id, status ORDER BY rule_id, status
"""
_LINES = f"""
WITH failing AS (
    SELECT h.*, {_RANK} AS rank, CASE WHEN h.project_id IS NULL THEN subject ELSE 'project' END AS line_subject,
           coalesce(h.project_id, subject_key) AS line_key,
           h.subject = 'project' AND coalesce(d.missing_rule = h.rule_id, false) AS says_missing,
           h.subject = 'project' AND coalesce(d.worth_rule = h.rule_id, false) AS says_worth
    FROM finding_head h LEFT JOIN leading_finding d ON d.project_id = h.project_id WHERE outcome = 'violation'
), line AS (
    SELECT list, line_subject AS subject, line_key AS subject_key, min(rank) AS rank, count(*) AS findings,
           array_to_string(list_sort(list_distinct(list(rule_id))), ',') AS rules,
           array_to_string(list_sort(list_distinct(list(rule_id || ':' || status) FILTER (status IS NOT NULL))), ',') AS statuses,
           min(subject || '|' || subject_key) AS any_subject, any_value(yuan) FILTER (says_worth) AS worth_yuan,
           arg_min({{'number': number, 'area_m2': area_m2, 'yuan': yuan, 'yuan_min': yuan_min, 'says_missing': says_missing}},
               {{'lead': NOT says_missing, 'worth': NOT says_worth, 'rank': rank, 'area': -coalesce(area_m2, -1),
                 'yuan': -coalesce(yuan, -1), 'number': number}}) AS first
    FROM failing GROUP BY list, line_subject, line_key
), amount AS (  -- amounts that belong together: what is missing and its worth; on a list without such rules, those of one finding
    SELECT * EXCLUDE (first), first.number AS finding_number, says.of_missing,
           CASE WHEN first.says_missing OR NOT says.of_missing THEN first.area_m2 END AS area_m2,
           CASE WHEN says.of_missing THEN worth_yuan ELSE first.yuan END AS yuan,
           CASE WHEN NOT says.of_missing THEN first.yuan_min END AS yuan_min
    FROM line, LATERAL (SELECT list IN (SELECT list FROM leading_list) AS of_missing) says
)
SELECT l.* EXCLUDE (rank, any_subject, statuses, of_missing, worth_yuan), nullif(l.statuses, '') AS statuses, severity.code AS severity,
       {", ".join(f"coalesce(own.{name}, s.{name}) AS {name}" for name in _NAMED)},
       row_number() OVER (PARTITION BY l.list ORDER BY l.rank, CASE WHEN l.list = 'deposits' THEN l.yuan END DESC NULLS LAST,
       l.area_m2 DESC NULLS LAST, l.yuan DESC NULLS LAST, l.subject, l.subject_key) AS number
FROM amount l
JOIN (VALUES {", ".join(f"({rank}, '{code}')" for rank, code in enumerate(SEVERITIES))}) severity(rank, code) ON severity.rank = l.rank
LEFT JOIN named_subject own ON own.subject = l.subject AND own.subject_key = l.subject_key
LEFT JOIN finding_subject s ON own.subject IS NULL AND s.subject || '|' || s.subject_key = l.any_subject
ORDER BY l.list, number
"""
#: What open verdicts lack, each set of missing facts of a rule once; the findings refer to it by its number.
UNJUDGED = """
CREATE OR REPLACE TEMP TABLE unjudged_line AS
SELECT row_number() OVER (ORDER BY count(*) DESC, rule_id, missing, reason_en) AS number, rule_id, missing, missing_owner,
       reason_zh, reason_en, count(*) AS subjects
FROM finding_head WHERE outcome IN ('undetermined', 'not_applicable') GROUP BY rule_id, missing, missing_owner, reason_zh, reason_en
"""
_FINDINGS = """
SELECT h.* EXCLUDE (missing, missing_owner), u.number AS unjudged
FROM finding_head h LEFT JOIN unjudged_line u ON h.outcome IN ('undetermined', 'not_applicable') AND u.rule_id = h.rule_id
     AND u.missing IS NOT DISTINCT FROM h.missing AND u.missing_owner IS NOT DISTINCT FROM h.missing_owner
     AND u.reason_en IS NOT DISTINCT FROM h.reason_en
     AND u.reason_zh IS NOT DISTINCT FROM h.reason_zh
ORDER BY h.number
"""
_FACETS = """
SELECT row_number() OVER (ORDER BY min(number)) AS number, rule_id, outcome, severity, robustness, district_code, district_name,
       count(*) AS findings
FROM finding_head GROUP BY rule_id, outcome, severity, robustness, district_code, district_name ORDER BY number
"""
#: A missing fact settles a project where it is all that its open verdicts lack. Tallies name the facts of other projects: left out.
_ASK_FIRST = """
WITH open_ AS (
    SELECT project_id, subject_key, subject, from_json(missing, '["VARCHAR"]') AS names, missing_owner,
           coalesce(exposure_area_max_m2, 0) - coalesce(exposure_area_min_m2, 0) AS area_m2,
           coalesce(exposure_max_yuan, 0) - coalesce(exposure_min_yuan, 0) AS yuan
    FROM finding_head WHERE outcome = 'undetermined'
), asked AS (
    SELECT unnest(names) AS name, coalesce(project_id, subject || ':' || subject_key) AS who, len(names) = 1 AS alone,
           missing_owner, area_m2, yuan
    FROM open_
), each AS (
    SELECT name, who, min(missing_owner) FILTER (alone) AS owner, bool_or(alone) AS alone, max(area_m2) AS area_m2, max(yuan) AS yuan,
           max(yuan) FILTER (alone) AS settled_yuan
    FROM asked GROUP BY name, who
)
, resting AS (  -- accusations that rest on a register with something unread come first: "unread:<table>"
    SELECT unnest(d.registers) AS register, coalesce(f.project_id, f.subject || ':' || f.subject_key) AS who,
           max(f.area_m2) AS area_m2, max(f.yuan) AS yuan
    FROM doubt d JOIN finding_head f ON f.rule_id = d.rule_id AND f.subject_key = d.subject_key AND f.outcome = 'violation'
    GROUP BY register, who
), told AS (
    SELECT 1 AS rank, 'unread:' || register AS name, NULL AS owner, count(*) AS subjects, count(*) AS settles,
           sum(area_m2) AS area_m2, sum(yuan) AS yuan, coalesce(sum(yuan), 0) AS settled_yuan FROM resting GROUP BY register
    UNION ALL SELECT 2, name, min(owner), count(*), count(*) FILTER (alone), sum(area_m2), sum(yuan), coalesce(sum(settled_yuan), 0)
    FROM each GROUP BY name
)
SELECT row_number() OVER (ORDER BY rank, settled_yuan DESC, yuan DESC, subjects DESC, name) AS number, * EXCLUDE (rank)
FROM told ORDER BY number
"""
_ALTERNATIVES = """
WITH each AS (
    SELECT rule_id, unnest(from_json(alternatives, '[{"clause": "VARCHAR", "value": "VARCHAR", "outcome": "VARCHAR"}]')) AS reading
    FROM robustness
)
SELECT rule_id, reading.clause AS clause, reading.value AS value, count(*) FILTER (reading.outcome = 'violation') AS stand,
       count(*) FILTER (reading.outcome NOT IN ('violation', 'undetermined', 'error')) AS fall,
       count(*) FILTER (reading.outcome IN ('undetermined', 'error')) AS untested
FROM each GROUP BY ALL ORDER BY ALL
"""
_BALANCE = """
WITH papers AS (
    SELECT project_id, array_to_string(list_sort(list_distinct(list(remedy_document))), ',') AS documents
    FROM finding_head WHERE outcome = 'violation' AND remedy_document IS NOT NULL AND project_id IS NOT NULL GROUP BY project_id
)
SELECT b.*, p.documents FROM balance b LEFT JOIN papers p USING (project_id) ORDER BY project_id
"""
_PROFILE = """
SELECT row_number() OVER (ORDER BY p.name, p.group_key) AS number, p.name, p.group_key, d.district_name AS group_name, p.value
FROM profile p LEFT JOIN districts d ON d.district_code = p.group_key ORDER BY number
"""
_IN_ORDER = "SELECT *, row_number() OVER () AS number FROM {table}"

COPIES: tuple[tuple[type[m.Record], str], ...] = (
    (m.RunSource, "SELECT * FROM source ORDER BY source_id"),
    (m.SourceColumn, "SELECT *, row_number() OVER (ORDER BY source_id, letter, field) AS number FROM source_column ORDER BY number"),
    (m.SheetSeen, "SELECT *, row_number() OVER (ORDER BY file, sheet, source_id, code) AS number FROM sheet_seen ORDER BY number"),
    (m.HeadingSeen, "SELECT *, row_number() OVER (ORDER BY file, sheet, source_id, place) AS number FROM heading_seen ORDER BY number"),
    (m.CorrectionLine, "SELECT * FROM correction ORDER BY number"),
    (m.OutcomeWithout, _IN_ORDER.format(table="outcome_without")),
    (
        m.DisagreementLine,
        "SELECT *, row_number() OVER (ORDER BY table_name, record_key, field) AS number FROM disagreement ORDER BY number",
    ),
    (m.StoredProblem, "SELECT * FROM problem ORDER BY problem_no"),
    (m.RunStatus, _STATUSES),
    (m.RunSubject, "SELECT * FROM finding_subject ORDER BY subject, subject_key"),
    (m.Finding, _FINDINGS),
    (m.RunFacet, _FACETS),
    (m.ListLine, _LINES),
    (m.Unjudged, "SELECT * FROM unjudged_line ORDER BY number"),
    (m.AlternativeCount, _ALTERNATIVES),
    (m.AskFirst, _ASK_FIRST),
    (m.BalanceLine, _BALANCE),
    (m.FundLine, "SELECT * FROM fund_line ORDER BY number"),
    (m.RegisterLine, "SELECT * FROM register"),
    (m.RegisterCount, _IN_ORDER.format(table="register_count")),
    (m.SubjectGeometry, _IN_ORDER.format(table="subject_geometry")),
    (m.Profile, _PROFILE),
    (m.CoverageLine, "SELECT * FROM coverage_line ORDER BY community_code"),
    (m.MatchOffice, "SELECT * FROM match_office ORDER BY office_id"),
    (m.MatchFacility, "SELECT * FROM match_facility ORDER BY facility_id"),
    (m.MatchCandidate, "SELECT * FROM match_candidate ORDER BY office_id, facility_id"),
)
