"""The runs on record, and one of them by its number."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine, Row

from planning_check import declared
from planning_check.errors import Text, UsageError
from planning_check.record.run import StoredRun
from planning_check.store.address import where
from planning_check.store.models import Record, Run, RunFacet, RunRule


def runs(engine: Engine) -> list[StoredRun]:
    """Every run, oldest first."""
    with engine.connect() as connection:
        return [_run(row) for row in connection.execute(sa.select(Run.__table__).order_by(Run.id))]


@dataclass(frozen=True)
class RunLine:
    """A run with the numbers of its violations and of its verdicts that are open."""

    run: StoredRun
    violations: int
    undetermined: int


def run_lines(engine: Engine) -> list[RunLine]:
    """Every run with its numbers, oldest first."""
    facet = RunFacet.__table__.c
    query = sa.select(facet.run_id, facet.outcome, sa.func.sum(facet.findings)).group_by(facet.run_id, facet.outcome)
    with engine.connect() as connection:
        counts = {(run_id, outcome): int(found) for run_id, outcome, found in connection.execute(query)}
    return [RunLine(run, *(counts.get((run.id, outcome), 0) for outcome in ("violation", "undetermined"))) for run in runs(engine)]


def rows_of(engine: Engine, run_id: int, model: type[Record], line: type[Any], order: str) -> list[Any]:
    """The rows of one of a run's tables as ``line``, a dataclass whose fields are columns of it, in the order of one column."""
    table = model.__table__.c
    query = sa.select(*(table[field.name] for field in fields(line))).where(table.run_id == run_id).order_by(table[order])
    with engine.connect() as connection:
        return [line(*row) for row in connection.execute(query)]


def rules_of(engine: Engine, run_id: int) -> Sequence[Row[Any]]:
    """The rules that a run judged by, in order: RunRule."""
    rule = RunRule.__table__
    with engine.connect() as connection:
        return connection.execute(sa.select(rule).where(rule.c.run_id == run_id).order_by(rule.c.rule_id)).all()


def load_run(engine: Engine, run: int | str | None = None) -> StoredRun:
    """The run of that number, the latest of the series of that name, or the latest of all. Raises UsageError if there is none.

    Own tables that it was made with are in force from here to the end of the command, so that what is told of it knows their words.
    """
    chosen = sa.select(Run.__table__).order_by(Run.id.desc()).limit(1)
    if isinstance(run, str):
        chosen = chosen.where(Run.series == run)
    elif run is not None:
        chosen = chosen.where(Run.id == run)
    with engine.connect() as connection:
        row = connection.execute(chosen).first()
        if row is None:
            raise _no_run(connection, run, engine)
    declared.also(declared.of_record(row.manifest.get("own_tables", ())))
    return _run(row)


def latest_of_series(engine: Engine) -> list[tuple[str, int]]:
    """Every series with its latest run, the latest first."""
    last = sa.func.max(Run.id)
    with engine.connect() as connection:
        return [(row[0], row[1]) for row in connection.execute(sa.select(Run.series, last).group_by(Run.series).order_by(last.desc()))]


def shards_told(digest: str, manifest: Mapping[str, Any]) -> set[tuple[str, str, str]]:
    """Digest, shard and root of what was loaded with the run of a province, as its manifest tells it."""
    cities = manifest.get("cities") or ()
    return {(digest, city["shard"], city["root"]) for city in cities if isinstance(city, dict) and city.get("root")}


def number_of(engine: Engine, digest: str, created_at: dt.datetime) -> int:
    """The number of the run of that digest and time; 0 if it is not on record."""
    wanted = sa.select(sa.func.max(Run.id)).where(Run.digest == digest, Run.created_at == created_at.isoformat(timespec="seconds"))
    with engine.connect() as connection:
        return connection.execute(wanted).scalar() or 0


def _run(row: Row[Any]) -> StoredRun:
    return StoredRun(
        row.id, row.digest, row.as_of, row.created_at, row.tool_version,
        _text(row.title_zh, row.title_en), _text(row.notice_zh, row.notice_en), row.manifest,
        row.series, row.parent_run_id, row.root,
    )  # fmt: skip


def _text(zh: str | None, en: str | None) -> Text | None:
    return Text(zh or en or "", en or zh or "") if zh or en else None


def _no_run(connection: sa.Connection, run: int | str | None, engine: Engine) -> UsageError:
    place = where(engine.url)
    last = connection.scalar(sa.select(sa.func.max(Run.id)))
    if run is None or last is None:
        return UsageError(
            Text("这里还没有检查记录", "no check is recorded here"), where=place,
            fix=Text("先运行 planning-check check", "run planning-check check first"),
        )  # fmt: skip
    if isinstance(run, str):
        known = ", ".join(connection.scalars(sa.select(Run.series).distinct().order_by(Run.series)))
        return UsageError(
            Text(f"没有这个系列：{run}", f"there is no series {run}"), where=place, fix=Text(f"已有：{known}", f"there are: {known}")
        )
    return UsageError(
        Text(f"没有第 {run} 次检查", f"there is no run {run}"),
        where=place,
        fix=Text(f"最近一次是第 {last} 次", f"the latest is run {last}"),
    )
