"""Findings read back in the order of their run, chosen by list, rule, outcome, district or subject."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine, Row

from planning_check.cases import Case
from planning_check.errors import Text, UsageError
from planning_check.record.finding import FIELDS
from planning_check.record.finding import Finding as Found
from planning_check.record.waiver import fields_of, in_force
from planning_check.store.choosing import order
from planning_check.store.models import Finding, RegisterLine, Run, RunFacet, RunRule, RunStatus, RunSubject, Unjudged
from planning_check.store.standing import case_fields, in_states, listed, standings
from planning_check.store.told import TOLD, Told

_BATCH_FINDINGS = 4_000
_MOST_INSIDE = 5
F, R, S, C, U = Finding.__table__.c, RunRule.__table__.c, RunSubject.__table__.c, RunStatus.__table__.c, Unjudged.__table__.c


@dataclass(frozen=True)
class Filters:
    """Which findings. ``rule`` is an id or a family (AR); ``district``, ``developer`` and ``community`` a code or a name; ``limit`` the
    most to give.

    ``states``: those whose case is in one of these by now (``cases.STATES``; a finding that nothing was done about is open).
    ``projects``: about one of these, by their ids or names. ``sort``: one of ``words.SORTS``, else as they were recorded.
    ``fingerprints``: those of these keys. ``responsible``: the bureau that must act; ``owner``: a bureau that owes a missing fact.
    """

    list: str | None = None
    rule: str | None = None
    outcome: str | None = None
    severity: str | None = None
    district: str | None = None
    subject: str | None = None
    developer: str | None = None
    community: str | None = None
    robustness: str | None = None
    responsible: str | None = None
    owner: str | None = None
    states: tuple[str, ...] = ()
    projects: tuple[str, ...] = ()
    fingerprints: tuple[str, ...] | None = None
    limit: int | None = None
    sort: str | None = None


def findings(
    engine: Engine, run_id: int, filters: Filters = Filters(), told: Told | None = None, standing: Mapping[str, Case] | None = None
) -> Iterator[Found]:
    """The findings of a run with what stands about them in the log, streamed. ``told``: what has been read of that run so far, to read on
    from; ``standing``: where its cases stand, if that was read already.

    Raises UsageError for a rule, district, developer or community that the run does not know.
    """
    check_filters(engine, run_id, filters)
    return _stream(engine, run_id, filters, told, standing)


def _stream(engine: Engine, run_id: int, filters: Filters, told: Told | None, standing: Mapping[str, Case] | None) -> Iterator[Found]:
    with engine.connect() as connection, ExitStack() as own:
        told = told or own.enter_context(Told(run_id))
        standing = standing or standings(connection, run_id)
        manifest = connection.scalar(sa.select(Run.manifest).where(Run.id == run_id))
        ordinances = {ordinance["id"]: ordinance for ordinance in (manifest or {}).get("ordinances", ())}
        waivers = in_force(manifest or {})
        query = _query(run_id, filters, standing).order_by(None).order_by(*order(connection, run_id, filters.sort))
        rows = connection.execute(query, execution_options={"yield_per": _BATCH_FINDINGS})
        for batch in rows.partitions():
            yield from _told(connection, batch, told, ordinances, standing, waivers)


def _told(
    connection: Connection, batch: Sequence[Row[Any]], told: Told, ordinances: dict[str, Any], standing: Mapping[str, Case],
    waivers: Mapping[str, dict[str, Any]],
) -> Iterator[Found]:  # fmt: skip
    """The findings of a batch with what people read of them."""
    keys: dict[str, list[str]] = {}
    for row in batch:
        keys.setdefault(row.rule_id, []).append(row.subject_key)
    texts = {rule_id: told.texts(connection, rule_id, of_rule) for rule_id, of_rule in keys.items()}
    records = [dict(row._mapping) | (texts[row.rule_id].get(row.subject_key) or dict.fromkeys(TOLD)) for row in batch]
    ids = {row_id for record in records for of_table in (record["sources"] or {}).values() for row_id in of_table}
    places = told.places(connection, ids)
    for record in records:
        case = case_fields(standing.get(record["fingerprint"])) | fields_of(waivers.get(record["fingerprint"]))
        yield cast("Found", _record(record, places) | _law(ordinances.get(record["ordinance_id"])) | case)


def count(engine: Engine, run_id: int, filters: Filters, standing: Mapping[str, Case] | None = None) -> int:
    """How many findings there are of that choice: from the facets, where it names nothing finer."""
    with engine.connect() as connection:
        finer = (filters.owner, filters.subject, filters.developer, filters.community, filters.limit, filters.states, filters.projects)
        if any(finer) or filters.fingerprints is not None:
            standing = standing or standings(connection, run_id)
            return connection.scalar(sa.select(sa.func.count()).select_from(_query(run_id, filters, standing).subquery())) or 0
        facet, rule = RunFacet.__table__, RunRule.__table__
        joined = facet.join(rule, sa.and_(R.run_id == facet.c.run_id, R.rule_id == facet.c.rule_id))
        counted = sa.select(sa.func.sum(facet.c.findings)).select_from(joined).where(facet.c.run_id == run_id)
        return int(connection.scalar(counted.where(*_conditions(filters, facet.c, facet.c))) or 0)


def _query(run_id: int, filters: Filters, standing: Mapping[str, Case]) -> sa.Select[Any]:
    finding, rule, subject, status = Finding.__table__, RunRule.__table__, RunSubject.__table__, RunStatus.__table__
    joined = (
        finding.join(rule, sa.and_(R.run_id == F.run_id, R.rule_id == F.rule_id))
        .join(subject, sa.and_(S.run_id == F.run_id, S.subject == R.subject, S.subject_key == F.subject_key))
        .outerjoin(status, sa.and_(C.run_id == F.run_id, C.rule_id == F.rule_id, C.status == F.status))
        .outerjoin(Unjudged.__table__, sa.and_(U.run_id == F.run_id, U.number == F.unjudged))
    )
    tables = {"finding": F, "subject": S, "rule": R, "status": C, "unjudged": U}
    recorded = [(name, field) for name, field in FIELDS.items() if field.kept in tables]
    columns = [F.number, *(tables[field.kept][field.column or name].label(name) for name, field in recorded)]
    query = sa.select(*columns).select_from(joined).where(F.run_id == run_id, *_conditions(filters))
    if filters.states:
        query = query.where(in_states(standing, filters.states, F.fingerprint))
    query = query.order_by(F.number)
    return query.limit(filters.limit) if filters.limit else query


def _conditions(filters: Filters, finding: Any = F, subject: Any = S) -> list[sa.ColumnElement[bool]]:
    same = (
        (R.list, filters.list), (finding.outcome, filters.outcome), (finding.severity, filters.severity),
        (finding.robustness, filters.robustness), (R.responsible, filters.responsible),
    )  # fmt: skip
    wanted = [column == value for column, value in same if value]
    if filters.rule:
        wanted.append(finding.rule_id.startswith(filters.rule.upper(), autoescape=True))
    if filters.owner:
        wanted.append(("," + U.missing_owner + ",").contains(f",{filters.owner},", autoescape=True))
    if filters.subject:
        wanted.append(finding.subject_key == filters.subject)
    if filters.projects:
        own = RunSubject.__table__.alias().c
        named = sa.select(own.project_id).where(own.run_id == F.run_id, own.subject == "project", own.subject_name.in_(filters.projects))
        wanted.append(sa.or_(S.project_id.in_(filters.projects), S.project_id.in_(named)))
    if filters.fingerprints is not None:
        wanted.append(finding.fingerprint.in_(listed(filters.fingerprints, finding.fingerprint)))
    if filters.district:
        wanted.append(sa.or_(subject.district_code == filters.district, subject.district_name == filters.district))
    if filters.developer:
        wanted.append(sa.or_(S.developer_code == filters.developer, S.developer_name == filters.developer))
    if filters.community:
        wanted.append(sa.or_(S.community_code == filters.community, S.community_name == filters.community))
    return wanted


def check_filters(engine: Engine, run_id: int, filters: Filters) -> None:
    """Say so where a filter can only find nothing: no such rule, family, district, developer or community in the run."""
    with engine.connect() as connection:
        if filters.rule:
            known = connection.scalars(sa.select(R.rule_id).where(R.run_id == run_id).order_by(R.rule_id)).all()
            if not any(rule_id.startswith(filters.rule.upper()) for rule_id in known):
                raise unknown(Text("规则", "rule"), filters.rule, filters.rule.upper(), known)
        for kind, given, columns in (
            (Text("区县", "district"), filters.district, (S.district_code, S.district_name)),
            (Text("开发企业", "developer"), filters.developer, (S.developer_code, S.developer_name)),
            (Text("社区", "community"), filters.community, (S.community_code, S.community_name)),
        ):
            if given:
                rows = connection.execute(sa.select(*columns).where(S.run_id == run_id).distinct()).all()
                codes, names = ({str(value) for value in column if value} for column in zip(*rows, strict=True)) if rows else (set(), set())
                if given not in codes | names:
                    raise unknown(kind, given, given, sorted(codes if given.isascii() else names))
        _check_projects(connection, run_id, filters.projects)


def developer_codes(engine: Engine, run_id: int, name: str) -> list[str]:
    """The codes of the developers that bear a name, in the order of codes; '' for those of which no code is told."""
    query = sa.select(sa.func.coalesce(S.developer_code, "")).where(S.run_id == run_id, S.developer_name == name).distinct()
    with engine.connect() as connection:
        return sorted(connection.scalars(query))


def _check_projects(connection: Connection, run_id: int, projects: Sequence[str]) -> None:
    """A project of which nothing was found is known by the register of outcomes."""
    if not projects:
        return
    line = RegisterLine.__table__.c
    keys = connection.scalars(sa.select(line.subject_key).where(line.run_id == run_id, line.subject == "project")).all()
    named = connection.execute(
        sa.select(S.project_id, S.subject_name).where(S.run_id == run_id, sa.or_(S.subject == "project", S.project_id.in_(projects)))
    ).all()
    known = {*keys, *(value for row in named for value in row if value)}
    for given in projects:
        if given not in known:
            inside = [one for one in sorted(known) if given.lower() in one.lower()][:_MOST_INSIDE]
            raise unknown(Text("项目", "project"), given, given, inside or sorted(known))


def unknown(kind: Text, given: str, word: str, known: Sequence[str]) -> UsageError:
    """An error that names the nearest known words."""
    near = ", ".join((get_close_matches(word, known, n=5, cutoff=0.5) or list(known))[:12])
    return UsageError(
        Text(f"本次检查没有这个{kind.zh}：{given}", f"the run has no such {kind.en}: {given}"),
        fix=Text(f"相近的有：{near}", f"near it: {near}") if near else None,
    )


def _law(ordinance: dict[str, Any] | None) -> dict[str, Any]:
    return {f"ordinance_{name}": ordinance[name] if ordinance else None for name in ("sha256", "verified")}


def _record(record: dict[str, Any], places: dict[int, dict[str, Any]]) -> dict[str, Any]:
    del record["number"]
    for lang in ("zh", "en"):
        record[f"reason_{lang}"] = record.pop(f"exempt_{lang}") or record[f"reason_{lang}"]
    ids = [row_id for table in sorted(record["sources"] or {}) for row_id in record["sources"][table]]
    record["sources"] = [places[row_id] for row_id in ids if row_id in places]
    for several in ("consequence", "missing_owner"):
        record[several] = [code for code in (record[several] or "").split(",") if code]
    for named in ("facts", "law", "numbers"):
        record[named] = record[named] or {}
    record["missing"] = record["missing"] or []
    record["alternatives"] = record["alternatives"] or []
    return record
