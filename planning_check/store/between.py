"""Two runs of a series held against each other by what is on record: which things differ, and which verdicts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine, Row

from planning_check.errors import Text
from planning_check.record.causes import FACTORS, Judged
from planning_check.record.changes import CorrectionChange, Named, Short, TextChange, Things
from planning_check.record.correction import CorrectionRow
from planning_check.record.run import StoredRun
from planning_check.record.waiver import judging
from planning_check.store.corrections import corrections
from planning_check.store.models import Finding, Run, RunRule, RunSource, RunStatus, RunSubject
from planning_check.store.register import in_parts, outcomes_in
from planning_check.store.runs import load_run

_DIGITS = 12
_JUDGED = ("outcome", "status", "severity", "area_m2", "yuan")
_NAMED = ("subject_name", "project_id", "district_code", "district_name", "developer_name")
#: What a row of the register of corrections says.
_SAID = (
    "file", "sheet", "record_key", "field_told", "old_value", "new_value", "reason", "corrected_by", "corrected_on", "valid_to",
)  # fmt: skip
#: Parts of a record that follow from others, say where the file stands, or count what the run found.
_DERIVED = {"rule": ("sha256", "file", "steps", "clauses"), "ordinance": ("sha256", "projects")}


def things(engine: Engine, before: StoredRun, after: StoredRun) -> Things:
    """What differs between two runs, as far as their records tell without judging again."""
    one, other = before.manifest, after.manifest
    registers = [corrections(engine, run.id) for run in (before, after)]
    with engine.connect() as connection:
        only = [_only_corrections(connection, run.id) for run in (before, after)]
        rules = [_rules(connection, run.id) for run in (before, after)]
    files = _files(*({name: digest for name, digest in m.get("inputs", {}).items() if name not in o}
                     for m, o in zip((one, other), only, strict=True)))  # fmt: skip
    told = tuple(_corrections(*registers))
    differs = {
        "data": bool(files),
        "correction": bool(told),
        "reading": _unlike(one, other, "mapping_sha256", "read_as"),
        "rules": _digests(one) != _digests(other) or _unlike(one, other, "rules_off", "overrides", "select", "ignore"),
        "time": before.as_of != after.as_of or _unlike(one, other, "delivered_on"),
        "program": before.tool_version != after.tool_version or _unlike(one, other, "duckdb_version"),
    }
    return Things(
        tuple(code for code in FACTORS if differs[code]), files, told,
        tuple(_texts(one, other, *rules)) if differs["rules"] else (),
        (before.as_of.isoformat(), after.as_of.isoformat()), (before.tool_version, after.tool_version),
    )  # fmt: skip


def _unlike(one: Mapping[str, Any], other: Mapping[str, Any], *names: str) -> bool:
    return any(one.get(name) != other.get(name) for name in names)


def _only_corrections(connection: Connection, run_id: int) -> set[str]:
    """The files that hold nothing but the register of corrections."""
    source = RunSource.__table__.c
    tables: dict[str, set[str]] = {}
    for file, table in connection.execute(sa.select(source.file, source.table_name).where(source.run_id == run_id)):
        tables.setdefault(file, set()).add(table)
    return {file for file, names in tables.items() if names == {"corrections"}}


def _files(one: Mapping[str, str], other: Mapping[str, str]) -> dict[str, str]:
    told = {name: "gone" if name not in other else "new" if name not in one else "changed" for name in sorted({*one, *other})}
    return {name: what for name, what in told.items() if one.get(name) != other.get(name)}


def _corrections(one: Sequence[CorrectionRow], other: Sequence[CorrectionRow]) -> Iterator[CorrectionChange]:
    sides = [{tuple(getattr(row, name) for name in _SAID): row for row in rows} for rows in (one, other)]
    for number, (own, there) in enumerate((sides, sides[::-1])):
        yield from (CorrectionChange(row, bool(number)) for said, row in own.items() if said not in there)


def _rules(connection: Connection, run_id: int) -> dict[str, dict[str, Any]]:
    """The rules of a run as people read them."""
    rule = RunRule.__table__.c
    return {row.rule_id: row.text or {} for row in connection.execute(sa.select(rule.rule_id, rule.text).where(rule.run_id == run_id))}


def _texts(one: Mapping[str, Any], other: Mapping[str, Any], *rules: Mapping[str, dict[str, Any]]) -> Iterator[TextChange]:
    """What differs in the texts: of files by their digests, of rules and ordinances part by part."""
    yield from _parts("file", "", _digests(one), _digests(other))
    laws = [{law["id"]: law for law in m.get("ordinances", ())} for m in (one, other)]
    for what, sides in (("ordinance", laws), ("rule", rules)):
        for key in sorted({*sides[0], *sides[1]}):
            flat = [_flat({k: v for k, v in side.get(key, {}).items() if k not in _DERIVED[what]}) for side in sides]
            there = [key in side for side in sides]
            yield from _parts(what, key, *flat) if all(there) else (TextChange(what, key, "", *("+" if t else "" for t in there)),)


def _digests(manifest: Mapping[str, Any]) -> dict[str, str]:
    return {name: sha256[:_DIGITS] for name, sha256 in judging(manifest.get("rules", {})).items()}


def _parts(what: str, key: str, one: Mapping[str, str], other: Mapping[str, str]) -> Iterator[TextChange]:
    for part in sorted({*one, *other}):
        if one.get(part) != other.get(part):
            yield TextChange(what, key or part, part if key else "", one.get(part, ""), other.get(part, ""))


def _flat(record: Any, path: str = "") -> dict[str, str]:
    """The leaves of a record by their paths; of a list of named things by their names. In which line something stands is no part of it."""
    if isinstance(record, list) and record and all(isinstance(one, dict) and "name" in one for one in record):
        record = {one["name"]: {k: v for k, v in one.items() if k != "name"} for one in record}
    if isinstance(record, dict):
        return {k: v for key, one in record.items() if key != "where" for k, v in _flat(one, f"{path}.{key}" if path else key).items()}
    return {path: " ".join(record.split()) if isinstance(record, str) else json.dumps(record, ensure_ascii=False, sort_keys=True)}


def verdicts_between(engine: Engine, before: int, after: int, letters: Mapping[str, str]) -> list[tuple[Named, Judged, Judged]]:
    """Every rule and subject with a finding in either run that is not the same in the other, in the order of lists, rules and subjects.
    ``letters``: the register's letter -> outcome."""
    with engine.connect() as connection:
        sides = [{row.fingerprint: row for row in connection.execute(_unlike_in(*pair))} for pair in ((before, after), (after, before))]
        found = {key: sides[1].get(key) or sides[0][key] for key in {*sides[0], *sides[1]}}
        judged = []
        for run_id, side in zip((before, after), sides, strict=True):
            absent = [row for key, row in found.items() if key not in side]
            outcomes = outcomes_in(connection, run_id, [(row.rule_id, row.subject_key) for row in absent], letters)
            judged.append({key: _judged(row) for key, row in side.items()}
                          | {row.fingerprint: Judged(outcomes.get((row.rule_id, row.subject_key))) for row in absent})  # fmt: skip
    told = [(_named(row), judged[0][key], judged[1][key]) for key, row in found.items()]
    return sorted(told, key=lambda one: (one[0].list, one[0].rule_id, one[0].subject_key))


def _unlike_in(run_id: int, other: int) -> sa.Select[Any]:
    """The findings of one run that are not, or not so, in the other."""
    finding, there = Finding.__table__, Finding.__table__.alias("there")
    rule, subject = RunRule.__table__, RunSubject.__table__
    joined = finding.join(rule, sa.and_(rule.c.run_id == finding.c.run_id, rule.c.rule_id == finding.c.rule_id)).outerjoin(
        subject,
        sa.and_(
            subject.c.run_id == finding.c.run_id,
            subject.c.subject == rule.c.subject,
            subject.c.subject_key == finding.c.subject_key,
        ),
    )
    status = RunStatus.__table__
    joined = joined.outerjoin(
        status,
        sa.and_(status.c.run_id == finding.c.run_id, status.c.rule_id == finding.c.rule_id, status.c.status == finding.c.status),
    )
    alike = [finding.c[name].is_not_distinct_from(there.c[name]) for name in _JUDGED]
    same = sa.exists().where(there.c.run_id == other, there.c.fingerprint == finding.c.fingerprint, *alike)
    own = [finding.c[name] for name in ("fingerprint", "rule_id", "subject_key", *_JUDGED)]
    columns = [*own, rule.c.list, rule.c.subject, status.c.label_zh, status.c.label_en, *(subject.c[name] for name in _NAMED)]
    return sa.select(*columns).select_from(joined).where(finding.c.run_id == run_id, ~same)


def _judged(row: Row[Any]) -> Judged:
    """How a finding came out."""
    label = Text(row.label_zh, row.label_en) if row.label_zh else None
    return Judged(row.outcome, row.status, row.severity, row.area_m2, row.yuan, label)


def _named(row: Row[Any]) -> Named:
    own = (row.fingerprint, row.rule_id, row.list, row.subject, row.subject_key)
    return Named(*own, *(getattr(row, name) for name in _NAMED))


def stood_before(engine: Engine, series: str, run_id: int, fingerprints: Sequence[str]) -> set[str]:
    """Those of the fingerprints that were violations in a run of the series before this one."""
    finding, run = Finding.__table__.c, Run.__table__.c
    earlier = sa.select(run.id).where(run.series == series, run.id < run_id)
    with engine.connect() as connection:
        return {
            key
            for some in in_parts(fingerprints)
            for key in connection.scalars(
                sa.select(finding.fingerprint)
                .where(finding.run_id.in_(earlier), finding.outcome == "violation", finding.fingerprint.in_(some))
                .distinct()
            )
        }


def short_since(engine: Engine, after: StoredRun) -> Short | None:
    """A run against the one before it in its series, counted; None for the first."""
    if after.parent_run_id is None:
        return None
    before = load_run(engine, after.parent_run_id)
    earlier = sa.select(Run.__table__.c.id).where(Run.__table__.c.series == after.series, Run.__table__.c.id < before.id)
    finding = Finding.__table__
    with engine.connect() as connection:
        new = _violations(after.id).where(~_stands_in(finding, [before.id]))
        counts = {
            "new": new.where(~_stands_in(finding, earlier)),
            "reopened": new.where(_stands_in(finding, earlier)),
            "gone": _violations(before.id).where(~_stands_in(finding, [after.id])),
            "changed": _violations(after.id).where(_stands_in(finding, [before.id]), ~_stands_in(finding, [before.id], alike=True)),
        }
        told = tuple((kind, int(found)) for kind, query in counts.items() if (found := connection.scalar(query)))
    return Short(before.id, before.as_of.isoformat(), told, things(engine, before, after).factors)


def _violations(run_id: int) -> sa.Select[int]:
    finding = Finding.__table__.c
    return sa.select(sa.func.count()).select_from(Finding.__table__).where(finding.run_id == run_id, finding.outcome == "violation")


def _stands_in(finding: sa.FromClause, runs: Any, *, alike: bool = False) -> sa.ColumnElement[bool]:
    """Whether a violation is one in some of the runs too; ``alike``: and comes to the same."""
    there = Finding.__table__.alias()
    same = [finding.c[name].is_not_distinct_from(there.c[name]) for name in _JUDGED] if alike else []
    return sa.exists().where(there.c.run_id.in_(runs), there.c.outcome == "violation", there.c.fingerprint == finding.c.fingerprint, *same)
