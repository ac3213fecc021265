"""A tiny run made by hand: the DuckDB tables that a check leaves, and the manifest beside them."""

import datetime as dt
import json

import duckdb

from planning_check.ingest.seen import SQL as SEEN
from planning_check.store.blocks import Telling

CREATED = dt.datetime(2011, 7, 1, 9, 30, tzinfo=dt.UTC)
SCHEMA = (
    """
CREATE TABLE source (source_id INTEGER, file VARCHAR, sheet VARCHAR, table_name VARCHAR, sha256 VARCHAR, header_row INTEGER,
    rows_read BIGINT, rows_used BIGINT, rows_quarantined BIGINT, crs VARCHAR, encoding VARCHAR);
CREATE TABLE source_column (source_id INTEGER, field VARCHAR, letter VARCHAR, header VARCHAR, unit VARCHAR, factor DECIMAL(18, 6));
CREATE TABLE problem (problem_no INTEGER, row_id BIGINT, source_id INTEGER, file VARCHAR, sheet VARCHAR, row BIGINT, letter VARCHAR,
    table_name VARCHAR, key VARCHAR, field VARCHAR, raw VARCHAR, code VARCHAR, quarantined BOOLEAN, what_zh VARCHAR, what_en VARCHAR,
    fix_zh VARCHAR, fix_en VARCHAR);
"""
    + SEEN
    + """
CREATE TABLE finding (fingerprint VARCHAR, rule_id VARCHAR, rule_sha256 VARCHAR, subject VARCHAR, subject_key VARCHAR, subject_name VARCHAR,
    project_id VARCHAR, outcome VARCHAR, list VARCHAR, severity VARCHAR, responsible VARCHAR, district_code VARCHAR, district_name VARCHAR,
    community_code VARCHAR, community_name VARCHAR, developer_name VARCHAR, developer_code VARCHAR, law_state VARCHAR, ordinance_id VARCHAR,
    ordinance_sha256 VARCHAR, status VARCHAR, status_zh VARCHAR, status_en VARCHAR, area_m2 DECIMAL(18, 2), yuan DECIMAL(18, 2),
    yuan_min DECIMAL(18, 2), remedy_hand_over_m2 DECIMAL(18, 2), remedy_pay_yuan DECIMAL(18, 2), remedy_document VARCHAR,
    robustness VARCHAR, alternatives VARCHAR, exposure_area_min_m2 DECIMAL(18, 2), exposure_area_max_m2 DECIMAL(18, 2),
    exposure_min_yuan DECIMAL(18, 2), exposure_max_yuan DECIMAL(18, 2), reason_zh VARCHAR, reason_en VARCHAR, message_zh VARCHAR,
    message_en VARCHAR, cure_zh VARCHAR, cure_en VARCHAR, consequence VARCHAR, facts VARCHAR, law VARCHAR, numbers VARCHAR,
    missing VARCHAR, missing_owner VARCHAR, sources VARCHAR);
CREATE TABLE register (subject VARCHAR, subject_key VARCHAR, outcomes VARCHAR);
CREATE TABLE register_count (rule_id VARCHAR, outcome VARCHAR, reason_zh VARCHAR, reason_en VARCHAR, subjects BIGINT);
CREATE TABLE subject_geometry (subject VARCHAR, subject_key VARCHAR, project_id VARCHAR, name VARCHAR, crs VARCHAR, geometry BLOB);
CREATE TABLE profile (name VARCHAR, group_key VARCHAR, value DECIMAL(18, 4));
CREATE TABLE robustness (rule_id VARCHAR, project_id VARCHAR, robustness VARCHAR, alternatives VARCHAR);
CREATE TABLE doubt (rule_id VARCHAR, subject_key VARCHAR, registers VARCHAR[], zh VARCHAR, en VARCHAR);
CREATE TABLE leading_finding (project_id VARCHAR, missing_rule VARCHAR, worth_rule VARCHAR);
CREATE TABLE leading_list (list VARCHAR);
CREATE TABLE named_subject (subject VARCHAR, subject_key VARCHAR, subject_name VARCHAR, district_code VARCHAR, district_name VARCHAR,
    community_name VARCHAR, developer_name VARCHAR);
CREATE TABLE balance (project_id VARCHAR, project_name VARCHAR, district_code VARCHAR, district_name VARCHAR, developer_name VARCHAR,
    developer_code VARCHAR, state VARCHAR, required_m2 DECIMAL(18, 2), handed_m2 DECIMAL(18, 2), in_lieu_m2 DECIMAL(18, 2),
    waived_m2 DECIMAL(18, 2), residual_m2 DECIMAL(18, 2), residual_yuan DECIMAL(18, 2), surplus_m2 DECIMAL(18, 2), twice_m2 DECIMAL(18, 2),
    missing VARCHAR, share_parts VARCHAR);
CREATE TABLE fund_line (number BIGINT, project_id VARCHAR, project_name VARCHAR, district_code VARCHAR, district_name VARCHAR,
    is_in_ledger VARCHAR, community_code VARCHAR, community_name VARCHAR, is_own VARCHAR, year BIGINT, what VARCHAR, register VARCHAR,
    item VARCHAR, yuan DECIMAL(18, 2), counts VARCHAR, spent_on VARCHAR, on_lo DATE, on_hi DATE);
CREATE TABLE correction (number BIGINT, state VARCHAR, file VARCHAR, sheet VARCHAR, record_key VARCHAR, field_told VARCHAR,
    old_value VARCHAR, new_value VARCHAR, reason VARCHAR, corrected_by VARCHAR, corrected_on VARCHAR, valid_to VARCHAR, register_row BIGINT,
    source_id BIGINT, row_id BIGINT, table_name VARCHAR, field VARCHAR, raw VARCHAR);
CREATE TABLE outcome_without (cause VARCHAR, rule_id VARCHAR, subject VARCHAR, subject_key VARCHAR, outcome VARCHAR, area_m2 VARCHAR,
    yuan VARCHAR, without VARCHAR, area_without_m2 VARCHAR, yuan_without VARCHAR);
CREATE TABLE disagreement (table_name VARCHAR, record_key VARCHAR, field VARCHAR, told VARCHAR, used VARCHAR, why VARCHAR,
    difference VARCHAR);
CREATE TABLE districts (district_code VARCHAR, district_name VARCHAR);
"""
)
RULES = {  # id: subject, list, severity, responsible, title zh, title en, violated_when, consequence
    "AR03": ("project", "violations", "critical", "planning", "实测面积不足", "Short at the survey", "shortfall_m2 > 0", ["order_make_up"]),
    "HO01": (
        "project",
        "violations",
        "critical",
        "civil_affairs",
        "应移交未移交",
        "Nothing handed over",
        "handed_m2 = 0",
        ["order_handover"],
    ),
    "MO05": ("project", "deposits", "critical", "housing", "保证金没收案", "Forfeiture case", "handed_m2 = 0", ["propose_forfeit"]),
    "OF01": ("office", "offices", "major", "civil_affairs", "租借用房未解决", "Rented office", "is_open", ["joint_meeting"]),
    "OF02": ("office", "offices", "info", "civil_affairs", "处置途径", "Path", "is_open", ["joint_meeting"]),
    "US01": ("premises", "violations", "critical", "planning", "擅改用途", "Change of use", "current_use <> 'community'", ["order_return"]),
}
PLACES = {
    "P1": ("610902", "汉滨区", "610902001001", "新城", "甲置业有限公司"),
    "P2": ("610921", "汉阴县", "610921001001", "城关", "乙置业有限公司"),
    "O1": ("610902", "汉滨区", "610902001001", "新城", None),
}
TITLE, NOTICE = {"zh": "小城（虚构）", "en": "Small city (invented)"}, {"zh": "数据均为虚构。", "en": "All data are invented."}


def fingerprint(rule: str, key: str) -> str:
    return f"{rule}{key}".encode().hex()[:16].ljust(16, "0")


def finding(rule: str, key: str, **given) -> dict:
    """One finding; what is not given follows from the rule and the subject."""
    subject, list_, severity, responsible, *_ = RULES[rule]
    place = PLACES[given.get("project_id") or key]
    base = {
        "fingerprint": fingerprint(rule, key), "rule_id": rule, "rule_sha256": rule * 16, "subject": subject, "subject_key": key,
        "subject_name": f"花园{key}", "project_id": key if subject == "project" else None, "outcome": "violation", "list": list_,
        "severity": severity, "responsible": responsible, "district_code": place[0], "district_name": place[1], "community_code": place[2],
        "community_name": place[3], "developer_name": place[4], "ordinance_id": "law",
        "message_zh": f"{rule} 的说明", "message_en": f"{rule} says", "cure_zh": "补足", "cure_en": "make up",
        "consequence": ",".join(RULES[rule][7]), "facts": {}, "law": {}, "numbers": {}, "missing": [], "sources": {},
    }  # fmt: skip
    return base | given


READINGS = [
    {"clause": "base", "value": "residential", "outcome": "pass", "margin": "-30.00", "unit": "m2"},
    {"clause": "tolerance_m2", "value": "1.00", "outcome": "violation", "margin": "619.00", "unit": "m2"},
]
FINDINGS = [
    finding("AR03", "P1", area_m2="620.00", yuan="2480000.00", remedy_hand_over_m2="620.00", remedy_pay_yuan="2480000.00",
            robustness="fragile", alternatives=READINGS, status="short", status_zh="不足", status_en="short", sources={"projects": [1, 2]},
            facts={"survey_total_m2": "62000.00", "community_surveyed_m2": "0.00", "uses": "residential"},
            law={"share": "0.01", "tiers": None}, numbers={"required_m2": "620.0", "shortfall_m2": "620.00", "duty_applies": "true"}),
    finding("AR03", "P2", outcome="undetermined", message_zh=None, message_en=None, cure_zh=None, cure_en=None, missing=["survey_total_m2"],
            missing_owner="real_estate", facts={"survey_total_m2": None}, sources={"projects": [3]}, exposure_area_min_m2="0.00",
            exposure_area_max_m2="450.00", exposure_min_yuan="0.00", exposure_max_yuan="900000.00"),
    finding("HO01", "P1", area_m2="500.00", remedy_document="handover_certificate"),
    finding("US01", "U1", project_id="P1", subject_name='=cmd|"x"!A0', area_m2="100.00", status="sold", status_zh="已出售", status_en="sold"),
    finding("MO05", "P2", area_m2="300.00", yuan="500000.00", yuan_min="300000.50", status="demand_to_serve", status_zh="待催告",
            status_en="demand to serve"),
    finding("OF01", "O1", subject_name="新城", facts={"tenure": "rented"}, ordinance_id=None),
    finding("OF02", "O1", subject_name="新城", severity="info", status="renewal", status_zh="旧城改造", status_en="renewal", ordinance_id=None),
]  # fmt: skip
BALANCE = [
    (
        "P1",
        "花园P1",
        "610902",
        "汉滨区",
        "甲置业有限公司",
        "91X",
        "overdue",
        "620.00",
        "0.00",
        "0.00",
        "0.00",
        "620.00",
        "2480000.00",
        "0.00",
        "0.00",
        None,
        "610902001001 666667,610902001002 333333",
    ),
    ("P2", "花园P2", "610921", "汉阴县", "乙置业有限公司", None, "unknown", *[None] * 8, "survey_total_m2", None),
]
_P1, _P2 = ("P1", "花园P1", "610902", "汉滨区", "yes"), ("P2", '=cmd|"x"!A0', "610921", "汉阴县", "yes")
FUND = [
    (1, *_P1, "610902001001", "新城", None, 2010, "forfeited", "deposits", "B1", "400000.00", "yes", None, "2010-12-01", "2010-12-01"),
    (
        2,
        *_P1,
        "610902001001",
        "新城",
        "yes",
        2011,
        "credited",
        "deposits",
        "B2",
        "150000.50",
        "yes",
        "services",
        "2011-01-05",
        "2011-01-05",
    ),
    (3, *_P2, None, None, None, 2009, "in_lieu", "payments", "Z1", "300000.00", "unknown", None, "2009-06-01", "2009-06-30"),
    (4, *_P2, None, None, None, None, "unread", "deposits", None, None, "unknown", None, None, None),
]
SOURCES = [
    (1, "规划局/项目.xlsx", "台账", "projects", "a" * 64, 1, 3, 2, 1, None, None),
    (2, "房管局/实测.csv", "", "projects", "b" * 64, 1, 1, 1, 0, None, "gb18030"),
]
PROBLEM = (1, None, 1, "规划局/项目.xlsx", "台账", 4, "A", "projects", None, "project_id", None, "no_key", True, "缺少项目编号", "no project id",
           "补上编号", "add the id")  # fmt: skip
COLUMNS = [(1, "uses", "J", "规划用途", None, 1), (2, "survey_total_m2", "B", "实测总建筑面积(㎡)", "m2", 1)]
ROWS = [
    (1, 1, 2, "P1", "住宅", None),
    (2, 2, 2, "P1", None, "62,000"),
    (3, 1, 3, "P2", "住宅", None),
]
REGISTER = [("office", "O1", "VV"), ("premises", "U1", "V"), ("project", "P1", "VVP"), ("project", "P2", "UDV")]
COUNTS = [
    ("AR03", "undetermined", None, None, 1), ("AR03", "violation", None, None, 1), ("HO01", "not_due", None, None, 1),
    ("HO01", "violation", None, None, 1), ("MO05", "pass", None, None, 1), ("MO05", "violation", None, None, 1),
    ("OF01", "violation", None, None, 1), ("OF02", "violation", None, None, 1), ("US01", "violation", None, None, 1),
]  # fmt: skip
PROFILE = [
    ("communities", "", 129), ("communities_by_district", "610902", 128), ("communities_by_district", "610921", 1),
    ("communities_by_kind", "estate", 129), ("rented_or_borrowed", "", 23), ("offices_by_tenure", "rented", 23),
    ("project_supported", "", 115), ("rented_or_borrowed_share", "", "0.1783"), ("facilities_by_kind", "library", 117),
]  # fmt: skip


def connection(findings: list[dict] | None = None, *, copies: int = 1) -> duckdb.DuckDBPyConnection:
    """The tables of the tiny run; ``copies`` repeats its findings under other keys, to make it long."""
    con = duckdb.connect()
    con.execute(SCHEMA)
    names = [row[0] for row in con.execute("SELECT column_name FROM (DESCRIBE finding)").fetchall()]
    found = sorted(FINDINGS if findings is None else findings, key=lambda f: (_order(f), f["rule_id"], f["subject_key"]))
    _insert(con, "finding", [[_text(f.get(name)) for name in names] for f in found])
    if copies > 1:
        con.execute(
            "CREATE OR REPLACE TABLE finding AS SELECT f.* REPLACE ("
            "CASE n WHEN 0 THEN subject_key ELSE subject_key || '-' || n END AS subject_key,"
            f" CASE WHEN n = 0 OR project_id IS NULL THEN project_id ELSE project_id || '-' || n END AS project_id) "
            f"FROM (SELECT *, rowid AS place FROM finding) f, range({copies}) t(n) ORDER BY place, n"
        )
        con.execute("ALTER TABLE finding DROP place")
    con.execute(
        "INSERT INTO named_subject BY NAME SELECT DISTINCT ON (subject, subject_key) subject, subject_key, subject_name, district_code, "
        "district_name, community_name, developer_name FROM finding ORDER BY subject, subject_key, rowid"
    )
    _insert(con, "source", SOURCES)
    _insert(con, "source_column", COLUMNS)
    _insert(con, "problem", [PROBLEM])
    _keep(con)
    _insert(con, "register", REGISTER)
    _insert(con, "register_count", COUNTS)
    _insert(con, "subject_geometry", [("parcel", "D1", "P1", None, "EPSG:4545", b"\x01\x02")])
    _insert(con, "profile", PROFILE)
    _insert(con, "robustness", [("AR03", "P1", "fragile", _text(READINGS))])
    _insert(con, "balance", BALANCE)
    _insert(con, "fund_line", FUND)
    _insert(con, "districts", [("610902", "汉滨区"), ("610921", "汉阴县")])
    return con


#: What people read of a finding, as the tiny run keeps it: made already, where a check keeps what it is made from.
_TOLD = ("message_zh", "message_en", "cure_zh", "cure_en", "facts", "law", "numbers", "sources", "alternatives")
_EXEMPT = ("exempt_zh", "exempt_en")
TELLINGS = [
    Telling(
        rule,
        RULES[rule][0],
        f"SELECT told_key AS subject_key, {', '.join(_TOLD + _EXEMPT)} FROM told_{RULES[rule][0]} WHERE told_rule = '{rule}'",
    )
    for rule in RULES
]


def _keep(con: duckdb.DuckDBPyConnection) -> None:
    """The findings narrow, and beside them what they are told from."""
    con.execute(
        f"CREATE OR REPLACE TABLE finding_head AS SELECT row_number() OVER () AS number, * EXCLUDE ({', '.join(_TOLD)}) FROM finding"
    )
    exempt = ", ".join(f"CASE outcome WHEN 'exempt' THEN reason_{lang} END AS exempt_{lang}" for lang in ("zh", "en"))
    for subject in {rule[0] for rule in RULES.values()}:
        con.execute(
            f"CREATE OR REPLACE TABLE told_{subject} AS SELECT subject_key AS told_key, rule_id AS told_rule, {', '.join(_TOLD)}, "
            f"{exempt} FROM finding WHERE subject = '{subject}'"
        )
    con.execute(
        "CREATE OR REPLACE TABLE cited_projects (row_id BIGINT, source_id INTEGER, row BIGINT, project_id VARCHAR, uses VARCHAR, "
        "survey_total_m2 VARCHAR)"
    )
    _insert(con, "cited_projects", ROWS)


def _order(found: dict) -> int:
    return ("violations", "deposits", "offices", "programme", "controls", "leads", "data").index(found["list"])


def _text(value: object) -> object:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value


def _insert(con: duckdb.DuckDBPyConnection, table: str, rows: list) -> None:
    if rows:
        con.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", [list(row) for row in rows])


def rule_text(rule: str) -> dict:
    subject, list_, severity, responsible, zh, en, violated_when, consequence = RULES[rule]
    steps = [
        {"name": "duty_applies", "of": "has_any(uses, law.applies_to_uses)", "label": {"zh": "负有义务", "en": "the duty applies"}, "unit": ""},
        {"name": "required_m2",
         "of": "case when law.tiers is not null then step(law.tiers, survey_total_m2) else round(law.share * survey_total_m2, 2) end",
         "label": {"zh": "应配建面积", "en": "area required"}, "unit": "m2"},
        {"name": "shortfall_m2", "of": "greatest(required_m2 - community_surveyed_m2, 0)", "label": None, "unit": "m2"},
    ]  # fmt: skip
    return {
        "id": rule, "subject": subject, "list": list_, "severity": severity, "responsible": responsible, "sha256": rule * 16,
        "consequence": consequence, "title": {"zh": zh, "en": en}, "basis": ["某法第一条"],
        "applies_when": [{"when": "duty_applies", "otherwise": {"zh": "没有住宅", "en": "no housing"}}], "exempt_when": None, "due_when": None,
        "parameters": [], "steps": steps if rule == "AR03" else [], "violated_when": violated_when, "status_of": None, "amounts": {},
        "statuses": [{"code": "demand_to_serve", "zh": "待催告", "en": "demand to serve"}] if rule == "MO05" else [],
        "cure": {"zh": "补足", "en": "make up"}, "message": {"zh": f"{rule} 的说明", "en": f"{rule} says"},
        "trap": {"zh": "先核实", "en": "verify first"}, "clauses": ["share", "tiers"] if rule == "AR03" else [], "file": f"rules/{rule}.yaml",
    }  # fmt: skip


ORDINANCE = {
    "id": "law", "title": {"zh": "某办法", "en": "An ordinance"}, "from": "2006-04-09", "to": None, "verified": False, "sha256": "c" * 64,
    "projects": 2,
    "clauses": {
        "share": {"label": {"zh": "配建比例", "en": "share"}, "unit": "1", "values": [{"from": "2006-04-09", "value": "0.01"}], "cite": "第三条"},
        "tiers": {"label": {"zh": "分档面积", "en": "steps"}, "unit": "m2", "values": [{"from": "2006-04-09", "value": None}], "cite": "未写"},
    },
}  # fmt: skip


def manifest(**given) -> dict:
    return {
        "digest": "d" * 64, "as_of": "2011-06-30", "created_at": CREATED, "tool_version": "0.1.0", "title": TITLE, "notice": NOTICE,
        "ordinances": [ORDINANCE], "law_states": {"governed": 2, "legacy": 1}, "rules_run": [rule_text(r) for r in sorted(RULES)],
    } | given  # fmt: skip
