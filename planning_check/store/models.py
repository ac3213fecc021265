"""The tables of the system of record: runs, what each read, found and judged.

Every table but ``run`` and ``case_event`` (the log of a series) starts with the run's number and, where the order matters, a number
within the run, so that a run reads back as it was written. Areas are whole dm2 (0.01 m2), money is whole fen: see :class:`Scaled`.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, LargeBinary, MetaData, String, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from planning_check.record.finding import FIELDS, OWN
from planning_check.store.types import Coded, Hex64, JsonText, Scaled

#: Raised with every change of these tables, for which there is then a step in ``migrations``; a database with a higher number is refused.
SCHEMA_VERSION = 10
#: The oldest shape that can be brought to this one: before it, findings held their texts instead of what these are made from.
OLDEST_SHAPE = 5
#: Text is kept and ordered by its bytes, whatever language the server speaks: SQLite does so always.
_BYTES = Text().with_variant(Text(collation="C"), "postgresql")


#: Words that stand in the database as their place here: a list only ever grows at its end.
CODED_OUTCOMES = ("violation", "undetermined", "error", "exempt", "pass", "not_due", "not_applicable")
CODED_SEVERITIES = ("critical", "major", "minor", "lead", "data", "info")
CODED_ROBUSTNESS = ("robust", "fragile", "untested")


#: For the tables with a line for every subject: SQLite keeps the rows in the order of their key instead of the key a second time.
_BY_KEY = {"sqlite_with_rowid": False}


def _word(letters: int) -> String:
    return String(letters).with_variant(String(letters, collation="C"), "postgresql")


class Record(DeclarativeBase):
    """A table of the store."""

    metadata = MetaData()
    type_annotation_map: ClassVar = {str: _BYTES, int: BigInteger, dict[str, Any]: JsonText}


class SchemaVersion(Record):
    """One row: the number of the tables' shape."""

    __tablename__ = "planning_check_schema"
    version: Mapped[int] = mapped_column(Integer, primary_key=True)


class Run(Record):
    """One check of one delivery. ``digest`` is over inputs, rules, as-of and options: equal digests, equal findings.

    ``series``: whose checks, one after the other, it is one of; ``parent_run_id``: the one before it there. ``root``: over everything that
    was recorded of it (``store.root``); none for a run recorded before roots were.
    """

    __tablename__ = "run"
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    digest: Mapped[str] = mapped_column(_word(64))
    as_of: Mapped[dt.date]
    created_at: Mapped[str]
    tool_version: Mapped[str]
    title_zh: Mapped[str | None]
    title_en: Mapped[str | None]
    notice_zh: Mapped[str | None]
    notice_en: Mapped[str | None]
    manifest: Mapped[dict[str, Any]]
    series: Mapped[str] = mapped_column(server_default="")
    parent_run_id: Mapped[int | None] = mapped_column(Integer, ForeignKey("run.id", name="run_parent"))
    root: Mapped[str | None] = mapped_column(_word(64))
    __table_args__ = ({"sqlite_autoincrement": True},)  # a number is never given twice


def _run_id() -> Mapped[int]:
    return mapped_column(Integer, ForeignKey("run.id"), primary_key=True)


def _number() -> Mapped[int]:
    return mapped_column(BigInteger, primary_key=True, autoincrement=False)


class RunSource(Record):
    """One sheet, layer or text file that was read: rows_read = rows_used + rows_quarantined."""

    __tablename__ = "run_source"
    run_id: Mapped[int] = _run_id()
    source_id: Mapped[int] = _number()
    file: Mapped[str]
    sheet: Mapped[str]
    table_name: Mapped[str]
    sha256: Mapped[str]
    header_row: Mapped[int | None]
    rows_read: Mapped[int]
    rows_used: Mapped[int]
    rows_quarantined: Mapped[int]
    crs: Mapped[str | None]
    encoding: Mapped[str | None]


class SourceColumn(Record):
    """One column of a source: where a field stands, under which header, in which unit, and the cell that says it where the header does
    not: ``亩 (A1)``. Value = text x factor, which is rounded to six places here; the unit tells it exactly."""

    __tablename__ = "source_column"
    run_id: Mapped[int] = _run_id()
    number: Mapped[int] = _number()
    source_id: Mapped[int]
    field: Mapped[str]
    letter: Mapped[str | None]
    header: Mapped[str | None]
    unit: Mapped[str | None]
    factor: Mapped[Decimal | None] = mapped_column("factor_millionths", Scaled(6), key="factor")


class SheetSeen(Record):
    """One file, sheet or layer of the delivery, used or not. ``source_id``: of :class:`RunSource`, where it was used; else ``code``: the
    kind of the problem that says why not, ``rows_seen``: how many rows it has (none: nobody knows), ``nearest``: JSON, the tables that it
    is most like and what they lack. ``sample``: text as it was decoded.
    """

    __tablename__ = "sheet_seen"
    run_id: Mapped[int] = _run_id()
    number: Mapped[int] = _number()
    file: Mapped[str]
    sheet: Mapped[str]
    source_id: Mapped[int | None]
    code: Mapped[str | None]
    is_hidden: Mapped[bool]
    hidden_rows: Mapped[int]
    rows_seen: Mapped[int | None]
    sample: Mapped[str | None]
    nearest: Mapped[str | None]


class HeadingSeen(Record):
    """One heading of a sheet or layer. ``field``: what its column is; else ``nearest``: what it is most like. ``how``: see
    ``ingest.seen``."""

    __tablename__ = "heading_seen"
    run_id: Mapped[int] = _run_id()
    number: Mapped[int] = _number()
    file: Mapped[str]
    sheet: Mapped[str]
    table_name: Mapped[str | None]
    letter: Mapped[str]
    header: Mapped[str]
    field: Mapped[str | None]
    nearest: Mapped[str | None]
    unit: Mapped[str | None]
    how: Mapped[str]


class CorrectionLine(Record):
    """One row of the register of corrections. ``state``: see ``ingest.corrections``; of one that found its cell ``table_name``, ``field``,
    ``row_id`` and ``raw``: the cell, and its text as delivered."""

    __tablename__ = "correction"
    run_id: Mapped[int] = _run_id()
    number: Mapped[int] = _number()
    state: Mapped[str]
    file: Mapped[str]
    sheet: Mapped[str]
    record_key: Mapped[str]
    field_told: Mapped[str]
    old_value: Mapped[str]
    new_value: Mapped[str]
    reason: Mapped[str]
    corrected_by: Mapped[str]
    corrected_on: Mapped[str]
    valid_to: Mapped[str]
    register_row: Mapped[int]
    source_id: Mapped[int | None]
    row_id: Mapped[int | None]
    table_name: Mapped[str | None]
    field: Mapped[str | None]
    raw: Mapped[str | None]


class OutcomeWithout(Record):
    """One rule and subject that comes out otherwise where the delivery is read as it came. ``cause``: corrections (they are left out) or
    precedence (nobody goes before); an outcome is none where there is no such subject.
    The amounts are those of violations, as text."""

    __tablename__ = "outcome_without"
    run_id: Mapped[int] = _run_id()
    number: Mapped[int] = _number()
    cause: Mapped[str]
    rule_id: Mapped[str]
    subject: Mapped[str]
    subject_key: Mapped[str]
    outcome: Mapped[str | None]
    area_m2: Mapped[str | None]
    yuan: Mapped[str | None]
    without: Mapped[str | None]
    area_without_m2: Mapped[str | None]
    yuan_without: Mapped[str | None]


class DisagreementLine(Record):
    """One record and field that several sources tell differently; see ``ingest.disagreeing``."""

    __tablename__ = "disagreement"
    run_id: Mapped[int] = _run_id()
    number: Mapped[int] = _number()
    table_name: Mapped[str]
    record_key: Mapped[str | None]
    field: Mapped[str]
    told: Mapped[str]
    used: Mapped[str | None]
    why: Mapped[str]
    difference: Mapped[str | None]


class StoredProblem(Record):
    """One thing in the delivery that could not be used, with what to do about it."""

    __tablename__ = "problem"
    run_id: Mapped[int] = _run_id()
    problem_no: Mapped[int] = _number()
    row_id: Mapped[int | None]
    source_id: Mapped[int | None]
    file: Mapped[str | None]
    sheet: Mapped[str | None]
    row: Mapped[int | None]
    letter: Mapped[str | None]
    table_name: Mapped[str | None]
    key: Mapped[str | None]
    field: Mapped[str | None]
    raw: Mapped[str | None]
    code: Mapped[str]
    quarantined: Mapped[bool]
    what_zh: Mapped[str]
    what_en: Mapped[str]
    fix_zh: Mapped[str | None]
    fix_en: Mapped[str | None]


class RunRule(Record):
    """One rule that judged: what is the same in all its findings. ``text`` is the rule as people read it, ``told_sql`` the query that
    makes the texts of its findings from the evidence."""

    __tablename__ = "run_rule"
    run_id: Mapped[int] = _run_id()
    rule_id: Mapped[str] = mapped_column(_word(20), primary_key=True)
    sha256: Mapped[str | None]
    subject: Mapped[str]
    list: Mapped[str]
    severity: Mapped[str | None]
    responsible: Mapped[str]
    consequence: Mapped[str | None]
    title_zh: Mapped[str]
    title_en: Mapped[str]
    text: Mapped[dict[str, Any] | None]
    told_sql: Mapped[str | None]


class RunStatus(Record):
    """One class that a rule puts its violations in, such as the stage of a forfeiture case, and their sums."""

    __tablename__ = "run_status"
    run_id: Mapped[int] = _run_id()
    rule_id: Mapped[str] = mapped_column(_word(20), primary_key=True)
    status: Mapped[str] = mapped_column(_word(60), primary_key=True)
    label_zh: Mapped[str]
    label_en: Mapped[str]
    findings: Mapped[int]
    area_m2: Mapped[Decimal | None] = mapped_column("area_dm2", Scaled(2), key="area_m2")
    yuan: Mapped[Decimal | None] = mapped_column("amount_fen", Scaled(2), key="yuan")
    yuan_min: Mapped[Decimal | None] = mapped_column("amount_min_fen", Scaled(2), key="yuan_min")


class RunSubject(Record):
    """One subject with findings: what it is called, where it is, whose it is."""

    __tablename__ = "run_subject"
    __table_args__ = _BY_KEY
    run_id: Mapped[int] = _run_id()
    subject: Mapped[str] = mapped_column(_word(20), primary_key=True)
    subject_key: Mapped[str] = mapped_column(primary_key=True)
    subject_name: Mapped[str | None]
    project_id: Mapped[str | None]
    district_code: Mapped[str | None]
    district_name: Mapped[str | None]
    community_code: Mapped[str | None]
    community_name: Mapped[str | None]
    developer_name: Mapped[str | None]
    developer_code: Mapped[str | None]


def _own_column(name: str) -> Any:
    """The column of a field that is kept with the finding: its place there, its type, and whole numbers under the name of their step."""
    field = FIELDS[name]
    where: dict[str, Any] = {"nullable": field.optional, "sort_order": field.place}
    if field.kind == "decimal":
        return mapped_column(_in_steps(name), Scaled(2), key=name, **where)
    return mapped_column(_OWN_TYPES.get(name, Record.type_annotation_map[str]), **where)


def _in_steps(name: str) -> str:
    """``area_m2`` -> ``area_dm2``, ``remedy_pay_yuan`` -> ``remedy_pay_fen``, ``yuan_min`` -> ``amount_min_fen``."""
    if name.startswith("yuan"):
        return f"amount{name.removeprefix('yuan')}_fen"
    return name.replace("_m2", "_dm2").replace("_yuan", "_fen")


_OWN_TYPES: dict[str, Any] = {
    "fingerprint": Hex64, "outcome": Coded(*CODED_OUTCOMES), "severity": Coded(*CODED_SEVERITIES), "robustness": Coded(*CODED_ROBUSTNESS),
}  # fmt: skip
_Own = type("_Own", (), {name: _own_column(name) for name in OWN})


class Finding(_Own, Record):  # type: ignore[valid-type, misc]  # made from record.finding
    """One subject that failed one rule, could not be judged, or is exempt: who and how much. What people read of it is made from the
    evidence when they read it (``store.told``).

    ``number`` is its place in the run: by list, rule, subject. ``unjudged``: the line of :class:`Unjudged` that says what an open verdict
    lacks. ``remedy_*``: the least that would cure it. ``robustness``: robust, fragile or untested. ``exposure_*``: what is at stake in an
    open verdict, at best and at worst.
    """

    __tablename__ = "finding"
    run_id: Mapped[int] = _run_id()
    number: Mapped[int] = _number()
    unjudged: Mapped[int | None] = mapped_column(sort_order=1_000)
    __table_args__ = (
        Index("finding_by_subject", "run_id", "rule_id", "subject_key"),
        Index("finding_by_fingerprint", "run_id", "fingerprint"),
        Index("finding_by_outcome", "run_id", "outcome"),
        _BY_KEY,
    )


class RunFacet(Record):
    """How many findings of a rule have the same outcome, severity, robustness and district,
    so that choices are counted without reading them."""

    __tablename__ = "run_facet"
    run_id: Mapped[int] = _run_id()
    number: Mapped[int] = _number()
    rule_id: Mapped[str]
    outcome: Mapped[str] = mapped_column(Coded(*CODED_OUTCOMES))
    severity: Mapped[str] = mapped_column(Coded(*CODED_SEVERITIES))
    robustness: Mapped[str | None] = mapped_column(Coded(*CODED_ROBUSTNESS))
    district_code: Mapped[str | None]
    district_name: Mapped[str | None]
    findings: Mapped[int]


class RunRoot(Record):
    """The hash over the rows that a run recorded in one table (``store.root``)."""

    __tablename__ = "run_root"
    run_id: Mapped[int] = _run_id()
    table_name: Mapped[str] = mapped_column(_word(60), primary_key=True)
    rows: Mapped[int]
    sha256: Mapped[str] = mapped_column(_word(64))


class ColumnBlock(Record):
    """A block of the evidence: some thousand rows of one kind, from ``first_key`` to ``last_key``, as a Parquet file (``store.blocks``)."""

    __tablename__ = "column_block"
    run_id: Mapped[int] = _run_id()
    kind: Mapped[str] = mapped_column(_word(60), primary_key=True)
    number: Mapped[int] = _number()
    first_key: Mapped[str]
    last_key: Mapped[str]
    rows: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary)


class ListLine(Record):
    """One line of a list: a project (or an office) with all its violations on that list, heaviest lines first.

    Area and money are those of one violation, not a sum: several rules see the same missing square metres. On a list with rules that say
    what is missing (``leading``) they are what is missing and its worth, and none where nothing is.
    ``rules`` and ``statuses`` (rule:status) are comma-joined; ``finding_number``: the finding that says what is missing, else the one that
    weighs most.
    """

    __tablename__ = "list_line"
    __table_args__ = _BY_KEY
    run_id: Mapped[int] = _run_id()
    list: Mapped[str] = mapped_column(_word(20), primary_key=True)
    number: Mapped[int] = _number()
    subject: Mapped[str]
    subject_key: Mapped[str]
    subject_name: Mapped[str | None]
    district_code: Mapped[str | None]
    district_name: Mapped[str | None]
    community_name: Mapped[str | None]
    developer_name: Mapped[str | None]
    severity: Mapped[str]
    findings: Mapped[int]
    rules: Mapped[str]
    statuses: Mapped[str | None]
    area_m2: Mapped[Decimal | None] = mapped_column("area_dm2", Scaled(2), key="area_m2")
    yuan: Mapped[Decimal | None] = mapped_column("amount_fen", Scaled(2), key="yuan")
    yuan_min: Mapped[Decimal | None] = mapped_column("amount_min_fen", Scaled(2), key="yuan_min")
    finding_number: Mapped[int]


class Unjudged(Record):
    """How many subjects a rule could not judge for want of the same facts, and which bureaus own those."""

    __tablename__ = "unjudged"
    run_id: Mapped[int] = _run_id()
    number: Mapped[int] = _number()
    rule_id: Mapped[str]
    missing: Mapped[Any] = mapped_column(JsonText, nullable=True)
    missing_owner: Mapped[str | None]
    reason_zh: Mapped[str | None]
    reason_en: Mapped[str | None]
    subjects: Mapped[int]


class AlternativeCount(Record):
    """How a rule's violations came out under one other reading of the law."""

    __tablename__ = "alternative_count"
    run_id: Mapped[int] = _run_id()
    rule_id: Mapped[str] = mapped_column(_word(20), primary_key=True)
    clause: Mapped[str] = mapped_column(_word(60), primary_key=True)
    value: Mapped[str] = mapped_column(primary_key=True)
    stand: Mapped[int]
    fall: Mapped[int]
    untested: Mapped[int]


class AskFirst(Record):
    """One missing fact: the open verdicts that it alone would settle, and those that need others too, with the money at stake.

    Area and money are those of projects (the largest of a project's open verdicts, worst less best), so that nothing is added twice.
    """

    __tablename__ = "ask_first"
    run_id: Mapped[int] = _run_id()
    number: Mapped[int] = _number()
    name: Mapped[str]
    owner: Mapped[str | None]
    subjects: Mapped[int]
    settles: Mapped[int]
    area_m2: Mapped[Decimal | None] = mapped_column("area_dm2", Scaled(2), key="area_m2")
    yuan: Mapped[Decimal | None] = mapped_column("amount_fen", Scaled(2), key="yuan")
    settled_yuan: Mapped[Decimal | None] = mapped_column("settled_fen", Scaled(2), key="settled_yuan")


class BalanceLine(Record):
    """One project's obligation: required = handed over + in lieu + exempt + residual, to 0.01 m2; unknown parts are NULL.

    ``state``: no_duty, unknown, settled, not_due, overdue or due_unclear. ``documents``: those that would cure its findings.
    """

    __tablename__ = "balance_line"
    __table_args__ = _BY_KEY
    run_id: Mapped[int] = _run_id()
    project_id: Mapped[str] = mapped_column(primary_key=True)
    project_name: Mapped[str | None]
    district_code: Mapped[str | None]
    district_name: Mapped[str | None]
    developer_name: Mapped[str | None]
    developer_code: Mapped[str | None]
    state: Mapped[str]
    required_m2: Mapped[Decimal | None] = mapped_column("required_dm2", Scaled(2), key="required_m2")
    handed_m2: Mapped[Decimal | None] = mapped_column("handed_dm2", Scaled(2), key="handed_m2")
    in_lieu_m2: Mapped[Decimal | None] = mapped_column("in_lieu_dm2", Scaled(2), key="in_lieu_m2")
    waived_m2: Mapped[Decimal | None] = mapped_column("waived_dm2", Scaled(2), key="waived_m2")
    residual_m2: Mapped[Decimal | None] = mapped_column("residual_dm2", Scaled(2), key="residual_m2")
    residual_yuan: Mapped[Decimal | None] = mapped_column("residual_fen", Scaled(2), key="residual_yuan")
    surplus_m2: Mapped[Decimal | None] = mapped_column("surplus_dm2", Scaled(2), key="surplus_m2")
    twice_m2: Mapped[Decimal | None] = mapped_column("twice_dm2", Scaled(2), key="twice_m2")
    missing: Mapped[str | None]
    documents: Mapped[str | None]
    share_parts: Mapped[str | None]


class FundLine(Record):
    """One movement of money for a community, as delivered: forfeited or in_lieu (it came in), credited, or used though its own row tells no
    credit; ``counts``: yes, no or unknown.

    ``item``: id of the event or payment in ``register``. ``is_own``: whether the community credited is one of the project's. A register
    that is not whole, for a project or (without one) for all, is a line of its own without a sum: unread, or not_delivered.
    """

    __tablename__ = "fund_line"
    __table_args__ = _BY_KEY
    run_id: Mapped[int] = _run_id()
    number: Mapped[int] = _number()
    project_id: Mapped[str | None]
    project_name: Mapped[str | None]
    district_code: Mapped[str | None]
    district_name: Mapped[str | None]
    is_in_ledger: Mapped[str | None]
    community_code: Mapped[str | None]
    community_name: Mapped[str | None]
    is_own: Mapped[str | None]
    year: Mapped[int | None]
    what: Mapped[str]
    register: Mapped[str]
    item: Mapped[str | None]
    yuan: Mapped[Decimal | None] = mapped_column("amount_fen", Scaled(2), key="yuan")
    counts: Mapped[str]
    spent_on: Mapped[str | None]
    on_lo: Mapped[dt.date | None]
    on_hi: Mapped[dt.date | None]


class RegisterLine(Record):
    """One subject with the outcomes of all its rules, a letter each, in the order of rule ids."""

    __tablename__ = "register_line"
    __table_args__ = _BY_KEY
    run_id: Mapped[int] = _run_id()
    subject: Mapped[str] = mapped_column(_word(20), primary_key=True)
    subject_key: Mapped[str] = mapped_column(primary_key=True)
    outcomes: Mapped[str]


class RegisterCount(Record):
    """How many subjects came out how under a rule, and why where it does not apply; adds up to rules x subjects."""

    __tablename__ = "register_count"
    run_id: Mapped[int] = _run_id()
    number: Mapped[int] = _number()
    rule_id: Mapped[str]
    outcome: Mapped[str]
    reason_zh: Mapped[str | None]
    reason_en: Mapped[str | None]
    subjects: Mapped[int]


class SubjectGeometry(Record):
    """A shape for the map, WKB in the CRS it was delivered in: parcels and rooms with findings, communities, offices, idle facilities."""

    __tablename__ = "subject_geometry"
    run_id: Mapped[int] = _run_id()
    number: Mapped[int] = _number()
    subject: Mapped[str]
    subject_key: Mapped[str]
    project_id: Mapped[str | None]
    name: Mapped[str | None]
    crs: Mapped[str | None]
    geometry: Mapped[bytes | None] = mapped_column(LargeBinary)


class Profile(Record):
    """The city in figures, as the survey counts them; ``group_name`` is the district's, where the group is one."""

    __tablename__ = "profile"
    run_id: Mapped[int] = _run_id()
    number: Mapped[int] = _number()
    name: Mapped[str]
    group_key: Mapped[str]
    group_name: Mapped[str | None]
    value: Mapped[Decimal] = mapped_column("value_ten_thousandths", Scaled(4), key="value")


class MatchOffice(Record):
    """An office that looks for a place, and the idle facility it was matched to; ``lacks``: why it could not take part."""

    __tablename__ = "match_office"
    run_id: Mapped[int] = _run_id()
    office_id: Mapped[str] = mapped_column(primary_key=True)
    community_name: Mapped[str | None]
    community_code: Mapped[str | None]
    district_code: Mapped[str | None]
    need_m2: Mapped[Decimal | None] = mapped_column("need_dm2", Scaled(2), key="need_m2")
    outdoor_need_m2: Mapped[Decimal | None] = mapped_column("outdoor_need_dm2", Scaled(2), key="outdoor_need_m2")
    lacks: Mapped[str | None]
    facility_id: Mapped[str | None]


class MatchFacility(Record):
    """An idle facility and how many offices it can take (``slots``)."""

    __tablename__ = "match_facility"
    run_id: Mapped[int] = _run_id()
    facility_id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str | None]
    owner_kind: Mapped[str | None]
    usable_m2: Mapped[Decimal | None] = mapped_column("usable_dm2", Scaled(2), key="usable_m2")
    outdoor_m2: Mapped[Decimal | None] = mapped_column("outdoor_dm2", Scaled(2), key="outdoor_m2")
    available_on: Mapped[dt.date | None]
    slots: Mapped[int]


class MatchCandidate(Record):
    """An office and a facility within reach of it; ``hindrance`` says why not, and is empty where they can be matched."""

    __tablename__ = "match_candidate"
    run_id: Mapped[int] = _run_id()
    office_id: Mapped[str] = mapped_column(primary_key=True)
    facility_id: Mapped[str] = mapped_column(primary_key=True)
    distance_cm: Mapped[int]
    cost_cm: Mapped[int]
    same_community: Mapped[bool | None]
    same_district: Mapped[bool | None]
    hindrance: Mapped[str]


class CoverageLine(Record):
    """What a community has and lacks, comma-joined; its offices' areas and those asked for; how much of it lies out of reach."""

    __tablename__ = "coverage_line"
    run_id: Mapped[int] = _run_id()
    community_code: Mapped[str] = mapped_column(primary_key=True)
    community_name: Mapped[str | None]
    district_code: Mapped[str | None]
    district_name: Mapped[str | None]
    population: Mapped[int | None]
    has: Mapped[str | None]
    lacks: Mapped[str | None]
    not_known: Mapped[str | None]
    office_m2: Mapped[Decimal | None] = mapped_column("office_dm2", Scaled(2), key="office_m2")
    outdoor_m2: Mapped[Decimal | None] = mapped_column("outdoor_dm2", Scaled(2), key="outdoor_m2")
    office_need_m2: Mapped[Decimal | None] = mapped_column("office_need_dm2", Scaled(2), key="office_need_m2")
    outdoor_need_m2: Mapped[Decimal | None] = mapped_column("outdoor_need_dm2", Scaled(2), key="outdoor_need_m2")
    outside_share: Mapped[Decimal | None] = mapped_column("outside_ten_thousandths", Scaled(4), key="outside_share")
    outside_people: Mapped[int | None]


class RunShard(Record):
    """One shard of a province that was loaded with a run: it can be loaded once. ``digest``: of the run; ``root``: over the contents of the
    shard's result. It is no part of the run's root: the manifest tells the same, and ``store.checking`` holds the two together."""

    __tablename__ = "run_shard"
    digest: Mapped[str] = mapped_column(_word(64), primary_key=True)
    shard: Mapped[str] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(Integer, ForeignKey("run.id"))
    root: Mapped[str] = mapped_column(_word(64))


class CaseEvent(Record):
    """One entry of the log of a series: a run that was recorded, or a step that was taken about a case. It is never changed and never
    deleted: triggers refuse it (``store.log_guard``), and ``hash`` finds it.

    ``seq``: 1, 2, 3 ... within the series. ``at``: when it was written, ``actor``: by whom, ``role``: as what (``cases.ROLES``).
    ``fingerprint``: of the case, none where it is about no case. ``of_run``: the run that it is about. ``body``: JSON, what it says.
    ``hash``: by ``algorithm``, over all of it and ``prev``, the hash of the entry before (``store.log``).
    """

    __tablename__ = "case_event"
    series: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int] = _number()
    at: Mapped[str]
    actor: Mapped[str]
    role: Mapped[str]
    action: Mapped[str]
    fingerprint: Mapped[str | None] = mapped_column(_word(16))
    of_run: Mapped[int | None]
    body: Mapped[str]
    algorithm: Mapped[str]
    prev: Mapped[str] = mapped_column(_word(64))
    hash: Mapped[str] = mapped_column(_word(64))
    __table_args__ = (
        UniqueConstraint("series", "prev", name="case_event_one_after_the_other"),
        UniqueConstraint("hash", name="case_event_hash"),
        Index("ix_case_event_case", "series", "fingerprint"),
    )
