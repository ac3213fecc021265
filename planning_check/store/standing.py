"""Where the cases of a series stand: what was done about them, from the log, beside what its checks found."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine, Row

from planning_check.cases import MOVES, Case, follow, reason_to_reopen
from planning_check.record.finding import FIELDS
from planning_check.store.log import Entry, telling
from planning_check.store.models import CaseEvent, Finding, Run, RunRule
from planning_check.store.told import Told

_AT_ONCE = 500
_CASE = [name for name, field in FIELDS.items() if field.kept == "case"]
_DECIDED = {name: FIELDS[name].column or name for name in _CASE if not name.startswith("case_")}
#: States that a check may end: it looks at no other case.
_LOOKED_AT = ("closed", "reported", "dismissed")
_LEADING_THERE = [move.action for move in MOVES if move.after in _LOOKED_AT]
F, R, E = Finding.__table__.c, Run.__table__.c, CaseEvent.__table__.c


@dataclass(frozen=True)
class Subject:
    """What a case is about: rule, kind and key of its subject, and the last run of the series that has a finding of it."""

    rule_id: str
    subject: str
    subject_key: str
    run_id: int


def cases(engine: Engine, series: str, keys: Sequence[str] | None = None) -> dict[str, Case]:
    """Where every case of a series stands that something was done about, by fingerprint; or those of ``keys``, whatever was done."""
    with engine.connect() as connection:
        found = followed(connection, series, keys)
        first = first_found(connection, series, list(found))
    return {key: replace(case, first_run=first[key][0], first_on=first[key][1]) if key in first else case for key, case in found.items()}


def followed(connection: Connection, series: str, keys: Sequence[str] | None = None) -> dict[str, Case]:
    """The same within a transaction, without when they were first found."""
    found = follow(telling(connection, series, None if keys is None else E.fingerprint.in_(listed(sorted({*keys}), E.fingerprint))))
    return found if keys is None else {key: found.get(key, Case(key)) for key in keys}


def first_found(connection: Connection, series: str, keys: Sequence[str]) -> dict[str, tuple[int, dt.date]]:
    """Fingerprint -> number and day of the earliest check of the series in which its finding was a violation."""
    found: dict[str, tuple[int, dt.date]] = {}
    for some in parts(keys):
        query = (
            sa.select(F.fingerprint, R.id, R.as_of)
            .select_from(Finding.__table__.join(Run.__table__, R.id == F.run_id))
            .where(R.series == series, F.fingerprint.in_(some), F.outcome == "violation")
        )
        for key, run_id, as_of in connection.execute(query.order_by(R.as_of.desc(), R.id.desc())):
            found[key] = (run_id, as_of)
    return found


def parts(keys: Sequence[str]) -> list[Sequence[str]]:
    """As many as a statement takes."""
    return [keys[at : at + _AT_ONCE] for at in range(0, len(keys), _AT_ONCE)]


def subjects_of(connection: Connection, series: str, keys: Sequence[str]) -> dict[str, Subject]:
    """Fingerprint -> what that case is about; without those of which no check of the series has a finding."""
    found: dict[str, Subject] = {}
    for some in parts(keys):
        of_series = (F.fingerprint.in_(some), F.run_id.in_(sa.select(R.id).where(R.series == series)))
        newest = sa.select(F.fingerprint.label("key"), sa.func.max(F.run_id).label("run_id")).where(*of_series)
        last = newest.group_by(F.fingerprint).subquery()
        rule = RunRule.__table__
        query = sa.select(F.fingerprint, F.rule_id, rule.c.subject, F.subject_key, F.run_id).select_from(
            Finding.__table__.join(last, sa.and_(last.c.key == F.fingerprint, last.c.run_id == F.run_id))
            .join(rule, sa.and_(rule.c.run_id == F.run_id, rule.c.rule_id == F.rule_id)))  # fmt: skip
        found |= {row[0]: Subject(*row[1:]) for row in connection.execute(query)}
    return found


def reopened(connection: Connection, series: str, run_id: int, as_of: dt.date) -> list[Entry]:
    """The steps of a run that reopens cases, to be written beside its own entry, in the order of their fingerprints."""
    ever = _logged(connection, series, E.action.in_(_LEADING_THERE))
    now = {key: row for key, row in _findings(connection, run_id, ever).items() if row.outcome == "violation"}
    before = followed(connection, series, list(now))
    settled = sorted(key for key, case in before.items() if case.state in _LOOKED_AT)
    why = _reasons(connection, run_id, as_of, before, {key: now[key] for key in settled})
    return [Entry("reopen", "system", {"reason": reason | {"run": run_id}}, key, run_id) for key, reason in why.items()]


def _reasons(
    connection: Connection, run_id: int, as_of: dt.date, before: Mapping[str, Case], settled: Mapping[str, Row[Any]]
) -> dict[str, dict[str, Any]]:
    """Fingerprint -> why this run reopens the case, of those settled (with its findings of them) that it does reopen."""
    facts = _facts(connection, run_id, [row for key, row in settled.items() if before[key].state == "dismissed"])
    why = {key: reason_to_reopen(before[key], row.outcome, as_of, facts.get(key, {})) for key, row in settled.items()}
    return {key: reason for key, reason in why.items() if reason}


def _logged(connection: Connection, series: str, *of: sa.ColumnElement[bool]) -> list[str]:
    """The cases that the log has an entry of, or one ``of`` this kind."""
    query = sa.select(E.fingerprint).where(E.series == series, E.fingerprint.is_not(None), *of).distinct()
    return [key for key in connection.scalars(query) if key is not None]


def _findings(connection: Connection, run_id: int, keys: Sequence[str]) -> dict[str, Row[Any]]:
    columns: list[Any] = [F.fingerprint, F.rule_id, F.subject_key, F.outcome]
    queries = (sa.select(*columns).where(F.run_id == run_id, F.fingerprint.in_(some)) for some in parts(keys))
    return {row.fingerprint: row for query in queries for row in connection.execute(query)}


def _facts(connection: Connection, run_id: int, found: Sequence[Row[Any]]) -> dict[str, Mapping[str, Any]]:
    """Fingerprint -> what the rule judged by in this run. They are read as people read them, within the transaction that records them."""
    if not found:
        return {}
    keys: dict[str, list[str]] = {}
    for row in found:
        keys.setdefault(row.rule_id, []).append(row.subject_key)
    with Told(run_id) as told:
        texts = {rule_id: told.texts(connection, rule_id, of_rule) for rule_id, of_rule in keys.items()}
    return {row.fingerprint: texts[row.rule_id].get(row.subject_key, {}).get("facts") or {} for row in found}


def standings(connection: Connection, run_id: int) -> dict[str, Case]:
    """Where the cases that a run has findings of stand by now, beside what it found; for all papers of one run the same.

    Of those that the log has as settled and the run's own facts reopen, where no check has entered that, it is as if one had: they are to
    decide. What was done after a later check is not held against the facts of this one.
    """
    run = connection.execute(sa.select(R.series, R.as_of).where(R.id == run_id)).one()
    now = _findings(connection, run_id, _logged(connection, run.series))
    found = followed(connection, run.series, list(now))
    settled = [key for key, case in found.items() if case.state in _LOOKED_AT and case.last and (case.last.of_run or 0) <= run_id]
    why = _reasons(connection, run_id, run.as_of, found, {key: now[key] for key in sorted(settled)})
    return found | {key: replace(found[key], state="open", reason=why[key]) for key in why}


def case_fields(case: Case | None) -> dict[str, Any]:
    """What the log says of a finding, under the names of ``record.finding``; of one that nothing was done about, that it is to decide."""
    case = case or Case("")
    said = case.decision.body if case.decision else {}
    fields: dict[str, Any] = {name: said.get(of) or ([] if FIELDS[name].kind == "codes" else None) for name, of in _DECIDED.items()}
    amount = fields["decision_yuan"]
    reason = (case.reason or {}) if case.state == "open" else {}
    changed = {name: f"{_shown(then)} -> {_shown(now)}" for name, (then, now) in (reason.get("facts") or {}).items()}
    return fields | {
        "decision_yuan": Decimal(amount) if amount is not None else None,
        "case_state": case.state, "case_why": reason.get("why"), "case_changed": changed,
    }  # fmt: skip


def _shown(value: Any) -> str:
    return "?" if value is None else str(value)


def in_states(standing: Mapping[str, Case], states: Sequence[str], fingerprint: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    """The condition that a finding's case is in one of these states."""
    asks_open = "open" in states
    keys = listed([key for key, case in standing.items() if (case.state in states) != asks_open], fingerprint)
    return fingerprint.not_in(keys) if asks_open else fingerprint.in_(keys)


def listed(keys: Sequence[str], column: sa.ColumnElement[str]) -> sa.BindParameter[Any]:
    """Keys written into the statement: there may be more of them than it takes parameters."""
    return sa.bindparam(None, list(keys), type_=column.type, expanding=True, literal_execute=True)
