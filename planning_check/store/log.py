"""The log of a series: a chain of entries, each with the hash of the one before it, so that nothing in it can be changed unseen.

``hash`` = digest(``prev`` and the JSON array [series, seq, at, actor, role, action, fingerprint, of_run, body] without spaces), in lower
hexadecimal digits; the first entry's ``prev`` is the digest of ``series:`` and the series' name. Who writes has the database's lock of
writers. A chain whose end was cut off is whole in itself: the number and the hash of its head stand on paper (sign-off sheet, notices).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine, Row

from planning_check.cases import ADDING_UP, Event
from planning_check.store.models import CaseEvent, Run

#: ``sm3`` (GB/T 32905) where Python's OpenSSL has it.
ALGORITHMS = ("sha256", "sm3")
_TOLD = ("series", "seq", "at", "actor", "role", "action", "fingerprint", "of_run", "body")
_AT_ONCE = 2_000
#: The action by which a run enters.
RUN = "run"


@dataclass(frozen=True)
class Entry:
    """What is to be written: a step (or ``run``) in a role, what it says, about which case and run."""

    action: str
    role: str
    body: Mapping[str, Any] = field(default_factory=dict)
    fingerprint: str | None = None
    of_run: int | None = None


@dataclass(frozen=True)
class Head:
    """The last entry of a chain, as it stands on paper."""

    series: str
    seq: int
    hash: str


@dataclass(frozen=True)
class Broken:
    """The first entry that is not what was written: its number, and what is wrong: ``hash`` (its text was changed), ``prev`` (another
    stands before it), ``gap`` (one is missing before it), or ``cut`` (the chain is shorter than its head on paper)."""

    series: str
    seq: int
    what: str


def append(
    connection: Connection, series: str, at: dt.datetime, actor: str, entries: Sequence[Entry], algorithm: str = "sha256"
) -> Head | None:  # fmt: skip
    """Write entries to the end of a chain, within a transaction that has the right to write (``connecting.writing``); its new head."""
    head = head_of(connection, series)
    if not entries:
        return head
    seq, prev = (head.seq, head.hash) if head else (0, _first(series, algorithm))
    rows = []
    for seq, entry in enumerate(entries, seq + 1):  # noqa: B020
        told = (series, seq, at.isoformat(timespec="seconds"), actor, entry.role, entry.action, entry.fingerprint, entry.of_run)
        row: dict[str, Any] = dict(zip(_TOLD, (*told, canonical(entry.body)), strict=True))
        row |= {"algorithm": algorithm, "prev": prev, "hash": _hash(algorithm, prev, row)}
        rows.append(row)
        prev = row["hash"]
    connection.execute(sa.insert(CaseEvent), rows)
    return Head(series, seq, prev)


def head_of(connection: Connection, series: str) -> Head | None:
    """The last entry of a series; None where it has none."""
    log = CaseEvent.__table__.c
    row = connection.execute(sa.select(log.seq, log.hash).where(log.series == series).order_by(log.seq.desc()).limit(1)).first()
    return Head(series, row.seq, row.hash) if row else None


def head(engine: Engine, series: str) -> Head | None:
    with engine.connect() as connection:
        return head_of(connection, series)


def events(engine: Engine, series: str, *, of_cases: bool = False, of_case: str | None = None) -> list[Event]:
    """The entries of a series, oldest first; ``of_cases``: only those about a case; ``of_case``: about this one."""
    with engine.connect() as connection:
        return events_of(connection, series, of_cases=of_cases, of_case=of_case)


def events_of(connection: Connection, series: str, *, of_cases: bool = False, of_case: str | None = None) -> list[Event]:
    """The same, within a transaction."""
    log = CaseEvent.__table__.c
    query = sa.select(CaseEvent.__table__).where(log.series == series).order_by(log.seq)
    if of_case is not None:
        query = query.where(log.fingerprint == of_case)
    elif of_cases:
        query = query.where(log.fingerprint.is_not(None))
    return [_event(row) for row in connection.execute(query)]


def telling(connection: Connection, series: str, of: sa.ColumnElement[bool] | None = None) -> list[Event]:
    """The entries that tell where the cases of a series stand, oldest first: ``cases.follow`` comes to the same from them as from all.

    They are the last entry of each action about a case, and all of those that add up (:data:`~planning_check.cases.ADDING_UP`): as many as
    there are cases, not as long as the log. ``of``: a condition on ``case_event`` that chooses the cases.
    """
    log = CaseEvent.__table__.c
    about = [log.series == series, log.fingerprint.is_not(None), *([] if of is None else [of])]
    last = sa.select(sa.func.max(log.seq)).where(*about).group_by(log.fingerprint, log.action)
    query = sa.select(CaseEvent.__table__).where(*about, sa.or_(log.action.in_(ADDING_UP), log.seq.in_(last))).order_by(log.seq)
    return [_event(row) for row in connection.execute(query)]


def reopened_by(engine: Engine, run_id: int) -> list[Event]:
    """The steps with which a check reopened cases."""
    log = CaseEvent.__table__.c
    wanted = (log.of_run == run_id, log.action == "reopen", log.role == "system")
    query = sa.select(CaseEvent.__table__).join(Run.__table__, Run.__table__.c.series == log.series)
    with engine.connect() as connection:
        return [_event(row) for row in connection.execute(query.where(Run.__table__.c.id == run_id, *wanted).order_by(log.seq))]


def latest_check(engine: Engine, series: str) -> Event | None:
    """The entry of the latest check of a series: what it says beside its root are the proofs that its rules demand (``proofs``)."""
    log = CaseEvent.__table__.c
    query = sa.select(CaseEvent.__table__).where(log.series == series, log.action == "run").order_by(log.seq.desc()).limit(1)
    with engine.connect() as connection:
        row = connection.execute(query).first()
    return _event(row) if row else None


@dataclass(frozen=True)
class LoggedRun:
    """What the log says of a run: the entry by which it was recorded."""

    series: str
    seq: int
    at: str
    hash: str
    body: Mapping[str, Any]


def runs_logged(engine: Engine) -> dict[int, LoggedRun]:
    """The runs that the logs tell of, by their numbers."""
    log = CaseEvent.__table__.c
    query = sa.select(log.series, log.seq, log.at, log.hash, log.body, log.of_run).where(log.action == RUN, log.of_run.is_not(None))
    with engine.connect() as connection:
        return {row.of_run: LoggedRun(*row[:4], json.loads(row.body)) for row in connection.execute(query.order_by(log.series, log.seq))}


def is_logged(connection: Connection, run_id: int) -> bool:
    """Whether a run entered the log: those that older versions recorded did not."""
    log = CaseEvent.__table__.c
    return connection.scalar(sa.select(log.seq).where(log.action == RUN, log.of_run == run_id).limit(1)) is not None


def check_log(engine: Engine, papers: Iterable[Head] = ()) -> Iterator[Broken]:
    """The first thing that is wrong in the chain of each series. ``papers``: heads as they stand on paper."""
    log = CaseEvent.__table__
    with engine.connect() as connection:
        known = connection.scalars(sa.select(log.c.series).distinct().order_by(log.c.series)).all()
        wrong = {series: _broken(connection, series) for series in known}
        yield from (found for found in wrong.values() if found)
        for paper in papers:
            kept = connection.scalar(sa.select(log.c.hash).where(log.c.series == paper.series, log.c.seq == paper.seq))
            if kept != paper.hash:
                yield Broken(paper.series, paper.seq, "cut" if kept is None else "hash")


def _broken(connection: Connection, series: str) -> Broken | None:
    log, seq, prev = CaseEvent.__table__, 0, None
    query = sa.select(log).where(log.c.series == series).order_by(log.c.seq)
    with connection.execute(query, execution_options={"yield_per": _AT_ONCE}) as rows:
        for row in rows:
            seq += 1
            if row.seq != seq:
                return Broken(series, seq, "gap")
            if row.algorithm in ALGORITHMS and row.prev != (_first(series, row.algorithm) if prev is None else prev):
                return Broken(series, seq, "prev")
            if row.hash != entry_hash(row._asdict()):
                return Broken(series, seq, "hash")
            prev = row.hash
    return None


def canonical(body: Mapping[str, Any]) -> str:
    """JSON with sorted keys and without spaces; decimals and days as text."""
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


def _hash(algorithm: str, prev: str, row: Mapping[str, Any]) -> str:
    told = json.dumps([row[name] for name in _TOLD], ensure_ascii=False, separators=(",", ":"))
    return hashlib.new(algorithm, (prev + told).encode("utf-8", "surrogatepass")).hexdigest()


def entry_hash(row: Mapping[str, Any]) -> str:
    """The hash that an entry (columns of ``case_event``) must have; '' where its algorithm is none of ours."""
    return _hash(row["algorithm"], row["prev"], row) if row["algorithm"] in ALGORITHMS else ""


def _first(series: str, algorithm: str) -> str:
    return hashlib.new(algorithm, f"series:{series}".encode("utf-8", "surrogatepass")).hexdigest()


def _event(row: Row[Any]) -> Event:
    return Event(row.seq, row.at, row.actor, row.role, row.action, row.fingerprint, row.of_run, json.loads(row.body))
