"""Bringing an older database to this version's shape: in one transaction, under the lock of writers, a copy of the file beside it first."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from planning_check.errors import Place, Text, UsageError
from planning_check.store.address import file_of, where
from planning_check.store.models import SCHEMA_VERSION, SchemaVersion

MIGRATIONS = Path(__file__).parent / "migrations"


@dataclass(frozen=True)
class Upgraded:
    """From which shape to which; ``copy``: the file as it was, for SQLite."""

    before: int
    after: int
    copy: Path | None

    @property
    def said(self) -> Text:
        zh = f"数据库已从第 {self.before} 版格式升级到第 {self.after} 版"
        en = f"the database was brought from shape {self.before} to shape {self.after}"
        return Text(f"{zh}；升级前的副本：{self.copy}", f"{en}; a copy of it as it was: {self.copy}") if self.copy else Text(zh, en)


def upgrade_within(connection: Connection, shape: int) -> Upgraded:
    """Upgrade the tables within the transaction of ``connection``, which has the right to write."""
    path = file_of(connection.engine.url)
    copy = _copied(path, shape) if path else None
    _migrate(connection, shape)
    connection.execute(sa.update(SchemaVersion).values(version=SCHEMA_VERSION))
    return Upgraded(shape, SCHEMA_VERSION, copy)


def _copied(path: Path, shape: int) -> Path:
    """A copy under a name that is free, whole or not there."""
    names = (path.with_name(f"{path.stem}.shape{shape}{f'-{n}' if n else ''}{path.suffix}") for n in range(1000))
    copy = next(name for name in names if not name.exists())
    try:
        copy_file(path, copy)
    except (sqlite3.Error, OSError) as error:
        raise UsageError(
            Text("升级前的副本写不成，数据库没有改动", "no copy could be made before upgrading; the database was left as it is"),
            where=Place(str(copy)), why=Text(str(error), str(error)),
            fix=Text("检查磁盘空间和权限", "look at the room on the disk and the rights"),
        ) from error  # fmt: skip
    return copy


def back_up(engine: sa.Engine, copy: Path) -> None:
    """A copy of an SQLite database, made while others may write. Raises UsageError for one on a server, and where no copy can be made."""
    path = file_of(engine.url)
    if path is None:
        raise UsageError(
            Text("只备份文件里的记录库，这个在服务器上", "only a database in a file is copied, and this one is on a server"),
            where=where(engine.url),
            fix=Text("用 PostgreSQL 自己的 pg_dump 备份", "use PostgreSQL's own pg_dump"),
        )  # fmt: skip
    try:
        copy_file(path, copy)
    except (sqlite3.Error, OSError) as error:
        raise UsageError(
            Text("副本写不成", "no copy could be made"), where=Place(str(copy)), why=Text(str(error), str(error)),
            fix=Text("检查磁盘空间和权限", "look at the room on the disk and the rights"),
        ) from error  # fmt: skip


def copy_file(path: Path, copy: Path) -> None:
    """The database in an SQLite file as it is now, whole even while others write, into a new file; where that fails none is left.
    Raises sqlite3.Error or OSError."""
    try:
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
    except (sqlite3.Error, OSError):
        with suppress(OSError):
            copy.unlink()
        raise


def _migrate(connection: Connection, shape: int) -> None:
    """``planning_check_schema`` says which shape it is; alembic's own table follows it."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.stamp(config, revision_of(shape), purge=True)
    command.upgrade(config, "head")


def revision_of(shape: int) -> str:
    return f"{shape:04}"
