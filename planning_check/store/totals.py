"""The sums of a run that its summary shows, read from the small tables that were recorded beside the findings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from planning_check.record.changes import Short
from planning_check.record.run import StoredRun
from planning_check.record.waiver import in_force
from planning_check.store import models as m
from planning_check.store.between import short_since
from planning_check.store.corrections import corrections, disagreements, outcomes_without
from planning_check.store.decided import Decided
from planning_check.store.decided import decided as decided_of
from planning_check.store.runs import load_run
from planning_check.store.standing import standings
from planning_check.store.told import Told

Rows = Sequence[Any]


@dataclass(frozen=True)
class RunTotals:
    """What the summary of a run needs; every field but ``run`` is rows with the columns named beside it."""

    run: StoredRun
    sources: Rows  # RunSource, problems
    problems: Rows  # code, quarantined, cases, source_id, and the first: file sheet row letter what_zh what_en fix_zh fix_en
    sheets: Rows  # SheetSeen
    headings: Rows  # HeadingSeen
    rules: Rows  # RunRule
    statuses: Rows  # RunStatus
    districts: Rows  # list district_code district_name lines findings with_area area_m2 yuan yuan_min
    severities: Rows  # list severity lines
    lines: Rows  # ListLine, and of the finding that leads it: rule_id finding_severity robustness facts message_zh message_en
    unjudged: Rows  # Unjudged
    ask_first: Rows  # AskFirst
    robustness: Rows  # robustness, findings, projects
    alternatives: Rows  # AlternativeCount
    exposed: Rows  # one row: projects, priced, area_min_m2, area_max_m2, min_yuan, max_yuan of open verdicts
    counts: Rows  # RegisterCount
    register: Rows  # subject subjects letters
    profile: Rows  # Profile
    corrections: Rows  # CorrectionRow
    without: Rows  # WithoutRow
    disagreements: Rows  # DisagreementRow
    since: Short | None
    decided: Decided


def totals(engine: Engine, run: int | None = None, *, lines: int = 40, told: Mapping[str, int] | None = None) -> RunTotals:
    """The totals of a run (the latest if none is named), with the first ``lines`` lines of each list.

    ``told``: of how many lines of a list facts and message are read; of all of them if it is not given.
    """
    stored = load_run(engine, run)
    told_otherwise = [read(engine, stored.id) for read in (corrections, outcomes_without, disagreements)]
    since = short_since(engine, stored)
    with engine.connect() as connection:

        def all_of(query: sa.Select[Any]) -> Rows:
            return connection.execute(query).all()

        return RunTotals(
            stored,
            sources=all_of(_sources(stored.id)),
            problems=all_of(_problems(stored.id)),
            rules=all_of(_whole(m.RunRule, stored.id, "rule_id")),
            statuses=all_of(_whole(m.RunStatus, stored.id, "rule_id", "status")),
            sheets=all_of(_whole(m.SheetSeen, stored.id, "number")),
            headings=all_of(_whole(m.HeadingSeen, stored.id, "number")),
            districts=all_of(by_district(stored.id)),
            severities=all_of(_severities(stored.id)),
            lines=_with_texts(connection, stored.id, all_of(_lines(stored.id, lines)), told),
            unjudged=all_of(_whole(m.Unjudged, stored.id, "number")),
            ask_first=all_of(_whole(m.AskFirst, stored.id, "number")),
            robustness=sorted(all_of(_robustness(stored.id)), key=lambda row: row.robustness),  # held as codes, told as words
            alternatives=all_of(_whole(m.AlternativeCount, stored.id, "rule_id", "clause", "value")),
            exposed=all_of(_exposed(stored.id)),
            counts=all_of(_whole(m.RegisterCount, stored.id, "number")),
            register=all_of(_register(stored.id)),
            profile=all_of(_whole(m.Profile, stored.id, "number")),
            corrections=told_otherwise[0],
            without=told_otherwise[1],
            disagreements=told_otherwise[2],
            since=since,
            decided=decided_of(connection, stored.id, standings(connection, stored.id), in_force(stored.manifest)),
        )


def _whole(model: type[m.Record], run_id: int, *order: str) -> sa.Select[Any]:
    table = model.__table__
    return sa.select(table).where(table.c.run_id == run_id).order_by(*(table.c[name] for name in order))


def _sources(run_id: int) -> sa.Select[Any]:
    source, problem = m.RunSource.__table__.c, m.StoredProblem.__table__.c
    problems = (
        sa.select(sa.func.count())
        .where(problem.run_id == run_id, problem.source_id == source.source_id)
        .scalar_subquery()
        .label("problems")
    )  # fmt: skip
    return sa.select(m.RunSource.__table__, problems).where(source.run_id == run_id).order_by(source.source_id)


def _problems(run_id: int) -> sa.Select[Any]:
    """Problems of one kind in one column of a table, or of one file or sheet: how many, and the first of them."""
    problem = m.StoredProblem.__table__.c
    alike = (problem.code, problem.quarantined, problem.table_name, problem.field, problem.file, problem.sheet)
    kinds = (
        sa.select(*alike, sa.func.count().label("cases"), sa.func.min(problem.problem_no).label("first"))
        .where(problem.run_id == run_id)
        .group_by(*alike)
        .subquery()
    )
    first = (problem.file, problem.sheet, problem.row, problem.letter, problem.what_zh, problem.what_en, problem.fix_zh, problem.fix_en)
    return (
        sa.select(kinds.c.code, kinds.c.quarantined, kinds.c.cases, problem.source_id, *first)
        .join_from(kinds, m.StoredProblem.__table__, sa.and_(problem.run_id == run_id, problem.problem_no == kinds.c.first))
        .order_by(kinds.c.cases.desc(), kinds.c.code, kinds.c.first)
    )


def _summed(table: sa.FromClause) -> list[sa.ColumnElement[Any]]:
    return [sa.func.sum(table.c[name], type_=table.c[name].type).label(name) for name in ("area_m2", "yuan", "yuan_min")]


def _whole_sum(number: sa.ColumnElement[int]) -> sa.ColumnElement[int]:
    """A sum of whole numbers, whole on every database: PostgreSQL would give a decimal."""
    return sa.cast(sa.func.sum(number), sa.BigInteger)


def by_district(run_id: int) -> sa.Select[Any]:
    """The sums of every list by district: list district_code district_name lines findings with_area area_m2 yuan yuan_min."""
    line = m.ListLine.__table__.c
    groups = (line.list, line.district_code, line.district_name)
    counted = (sa.func.count().label("lines"), _whole_sum(line.findings).label("findings"), sa.func.count(line.area_m2).label("with_area"))
    return (
        sa.select(*groups, *counted, *_summed(m.ListLine.__table__))
        .where(line.run_id == run_id)
        .group_by(*groups)
        .order_by(line.list, line.district_code.is_(None), line.district_code)
    )


def _severities(run_id: int) -> sa.Select[Any]:
    line = m.ListLine.__table__.c
    return (
        sa.select(line.list, line.severity, sa.func.count().label("lines")).where(line.run_id == run_id).group_by(line.list, line.severity)
    )


def _lines(run_id: int, most: int) -> sa.Select[Any]:
    line, finding = m.ListLine.__table__.c, m.Finding.__table__.c
    return (
        sa.select(
            *(column.label(column.key) for column in line),
            finding.rule_id,
            finding.subject_key.label("finding_key"),
            finding.severity.label("finding_severity"),
            finding.robustness,
        )
        .join_from(m.ListLine.__table__, m.Finding.__table__, sa.and_(finding.run_id == run_id, finding.number == line.finding_number))
        .where(line.run_id == run_id, line.number <= most)
        .order_by(line.list, line.number)
    )


def _with_texts(connection: Connection, run_id: int, rows: Rows, first: Mapping[str, int] | None) -> list[SimpleNamespace]:
    """The lines with facts and message of the finding that leads them, as far as these are asked for."""
    keys: dict[str, list[str]] = {}
    for row in rows:
        if first is None or row.number <= first.get(row.list, 0):
            keys.setdefault(row.rule_id, []).append(row.finding_key)
    with Told(run_id) as reading:
        texts = {rule_id: reading.texts(connection, rule_id, of_rule) for rule_id, of_rule in keys.items()}
    said = [texts.get(row.rule_id, {}).get(row.finding_key, {}) for row in rows]
    names = ("facts", "message_zh", "message_en")
    return [SimpleNamespace(**row._mapping, **{name: told.get(name) for name in names}) for row, told in zip(rows, said, strict=True)]


def _robustness(run_id: int) -> sa.Select[Any]:
    finding = m.Finding.__table__.c
    projects = sa.func.count(sa.distinct(finding.subject_key)).label("projects")
    query = sa.select(finding.robustness, sa.func.count().label("findings"), projects)
    return query.where(finding.run_id == run_id, finding.robustness.is_not(None)).group_by(finding.robustness)


def _exposed(run_id: int) -> sa.Select[Any]:
    """Open verdicts: the largest of each project, so that nothing is added twice."""
    finding = m.Finding.__table__.c
    names = ("exposure_area_min_m2", "exposure_area_max_m2", "exposure_min_yuan", "exposure_max_yuan")
    largest = [sa.func.max(finding[name], type_=finding[name].type).label(name) for name in names]
    open_ = sa.select(finding.subject_key, *largest).where(
        finding.run_id == run_id, finding.outcome == "undetermined", finding.exposure_area_max_m2 > 0
    )
    project = open_.group_by(finding.subject_key).subquery().c
    counts = (sa.func.count().label("projects"), sa.func.count(project.exposure_max_yuan).label("priced"))
    sums = [sa.func.sum(project[n], type_=finding[n].type).label(n) for n in names]
    columns: list[sa.ColumnElement[Any]] = [*counts, *sums]
    return sa.select(*columns)


def _register(run_id: int) -> sa.Select[Any]:
    line = m.RegisterLine.__table__.c
    letters = _whole_sum(sa.func.length(line.outcomes)).label("letters")
    return (
        sa.select(line.subject, sa.func.count().label("subjects"), letters)
        .where(line.run_id == run_id)
        .group_by(line.subject)
        .order_by(line.subject)
    )
