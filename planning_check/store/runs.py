"""The runs on record, and one of them by its number."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine, Row

from planning_check.errors import Place, Text, UsageError
from planning_check.store.models import Record, Run


@dataclass(frozen=True)
class StoredRun:
    """One recorded run. ``manifest`` is what it depended on; ``title`` and ``notice`` are the delivery's own."""

    id: int
    digest: str
    as_of: dt.date
    created_at: str
    tool_version: str
    title: Text | None
    notice: Text | None
    manifest: dict[str, Any]


def runs(engine: Engine) -> list[StoredRun]:
    """Every run, oldest first."""
    with engine.connect() as connection:
        return [_run(row) for row in connection.execute(sa.select(Run.__table__).order_by(Run.id))]


def rows_of(engine: Engine, run_id: int, model: type[Record], line: type[Any], order: str) -> list[Any]:
    """The rows of one of a run's tables as ``line``, a dataclass whose fields are columns of it, in the order of one column."""
    table = model.__table__.c
    query = sa.select(*(table[field.name] for field in fields(line))).where(table.run_id == run_id).order_by(table[order])
    with engine.connect() as connection:
        return [line(*row) for row in connection.execute(query)]


def load_run(engine: Engine, run: int | None = None) -> StoredRun:
    """The run of that number, or the latest. Raises UsageError if there is none."""
    chosen = sa.select(Run.__table__).order_by(Run.id.desc()).limit(1)
    if run is not None:
        chosen = chosen.where(Run.id == run)
    with engine.connect() as connection:
        row = connection.execute(chosen).first()
        if row is None:
            raise _no_run(connection, run, engine)
    return _run(row)


def _run(row: Row[Any]) -> StoredRun:
    return StoredRun(
        row.id, row.digest, row.as_of, row.created_at, row.tool_version,
        _text(row.title_zh, row.title_en), _text(row.notice_zh, row.notice_en), row.manifest,
    )  # fmt: skip


def _text(zh: str | None, en: str | None) -> Text | None:
    return Text(zh or en or "", en or zh or "") if zh or en else None


def _no_run(connection: sa.Connection, run: int | None, engine: Engine) -> UsageError:
    where = Place(engine.url.database) if engine.dialect.name == "sqlite" and engine.url.database else None
    last = connection.scalar(sa.select(sa.func.max(Run.id)))
    if run is None or last is None:
        return UsageError(
            Text("这里还没有检查记录", "no check is recorded here"), where=where,
            fix=Text("先运行 planning-check check", "run planning-check check first"),
        )  # fmt: skip
    return UsageError(
        Text(f"没有第 {run} 次检查", f"there is no run {run}"), where=where,
        fix=Text(f"最近一次是第 {last} 次", f"the latest is run {last}"),
    )  # fmt: skip
