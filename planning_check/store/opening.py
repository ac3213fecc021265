"""Opening the system of record: a database by its URL, its tables made, and clear words for what cannot be opened."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import exc
from sqlalchemy.engine import URL, Engine, make_url

from planning_check.errors import Place, Text, UsageError
from planning_check.store.models import SCHEMA_VERSION, Record, SchemaVersion

SQLITE_MAGIC = b"SQLite format 3\x00"


def open_store(url: str, *, write: bool = True, wait_seconds: float = 5.0) -> Engine:
    """The database at ``url``; with ``write`` its tables are made if it is new, without it must hold runs already.

    ``wait_seconds``: how long to wait for another process that is writing. Raises UsageError for a URL that is none, a
    folder or file that is not there, a file that is no database or not ours, a newer shape, no right to write, a lock.
    """
    parsed = _parse(url)
    if parsed.get_backend_name() == "sqlite":
        _check_file(parsed, write)
    engine = _engine(parsed, wait_seconds)
    try:
        _check_tables(engine, write)
    except exc.DBAPIError as error:
        engine.dispose()
        raise explained(error, parsed) from error
    return engine


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
        parsed.get_dialect()
    except (exc.NoSuchModuleError, ImportError):
        raise _no_driver(url.split(":", 1)[0]) from None
    except exc.ArgumentError:
        shown = url if "@" not in url else "***"
        raise UsageError(
            Text(f"数据库地址写法不对：{shown}", f"not a database URL: {shown}"),
            fix=Text("写成 sqlite:///文件名.sqlite，或 postgresql+psycopg://主机/库名",
                     "write sqlite:///file.sqlite, or postgresql+psycopg://host/database"),
        ) from None  # fmt: skip
    return parsed


def _no_driver(scheme: str) -> UsageError:
    return UsageError(
        Text(f"不支持这种数据库，或未安装它的驱动：{scheme}", f"unknown kind of database, or its driver is not installed: {scheme}"),
        fix=Text("用 sqlite:///文件名.sqlite，或先安装驱动", "use sqlite:///file.sqlite, or install the driver first"),
    )


def _check_file(url: URL, write: bool) -> None:
    """Catch what SQLite would say in its own words: no folder, a folder for a file, no file to read, another kind of file."""
    name = url.database
    if not name or name == ":memory:" or name.startswith("file:"):
        return
    path, where = Path(name), Place(name)
    if path.is_dir():
        raise UsageError(Text("这是文件夹，不是数据库文件", "this is a folder, not a database file"), where=where)
    if not path.parent.is_dir():
        raise UsageError(
            Text(f"文件夹不存在：{path.parent}", f"the folder does not exist: {path.parent}"), where=where,
            fix=Text("先建文件夹，或换一个位置", "make the folder first, or choose another place"),
        )  # fmt: skip
    if not path.exists():
        if not write:
            raise _nothing_recorded(where)
        return
    with path.open("rb") as file:
        head = file.read(len(SQLITE_MAGIC))
    if head and head != SQLITE_MAGIC:
        raise UsageError(
            Text("不是 SQLite 数据库文件", "not an SQLite database file"), where=where,
            fix=Text("换一个文件名；原文件没有改动", "choose another file name; this file was left as it is"),
        )  # fmt: skip


def _nothing_recorded(where: Place | None) -> UsageError:
    return UsageError(
        Text("这里还没有检查记录", "no check is recorded here"), where=where,
        fix=Text("先运行 planning-check check，或用 --db 指明数据库", "run planning-check check first, or name the database with --db"),
    )  # fmt: skip


def _engine(url: URL, wait_seconds: float) -> Engine:
    sqlite = url.get_backend_name() == "sqlite"
    try:
        engine = sa.create_engine(url, connect_args={"timeout": wait_seconds} if sqlite else {})
    except ImportError:
        raise _no_driver(url.drivername) from None
    if sqlite:
        _own_transactions(engine)
    return engine


def writing(engine: Engine) -> sa.Connection:
    """A connection whose transaction takes the right to write at its start, not at its first row."""
    return engine.connect().execution_options(writing=True)


def _own_transactions(engine: Engine) -> None:
    """Let a transaction begin where it is asked for: Python's sqlite3 begins late and not for CREATE TABLE."""

    @sa.event.listens_for(engine, "connect")
    def _no_implicit_begin(connection: Any, _record: Any) -> None:
        connection.isolation_level = None

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writing") else "BEGIN")


def _check_tables(engine: Engine, write: bool) -> None:
    with writing(engine) if write else engine.connect() as connection, connection.begin():
        there = set(sa.inspect(connection).get_table_names())
        if SchemaVersion.__tablename__ in there:
            _check_version(connection, engine.url)
            if write:  # say now, not after minutes of work, that the file is read-only
                connection.execute(sa.update(SchemaVersion).values(version=SCHEMA_VERSION))
            return
        ours = set(Record.metadata.tables)
        if there & ours or (there and engine.dialect.name == "sqlite"):
            raise UsageError(
                Text("这个数据库是别的程序的", "this database belongs to another program"), where=_where(engine.url),
                why=Text(f"里面有表 {_some(there)}", f"it holds the tables {_some(there)}"),
                fix=Text("用 --db 换一个文件", "choose another file with --db"),
            )  # fmt: skip
        if not write:
            raise _nothing_recorded(_where(engine.url))
        Record.metadata.create_all(connection)
        connection.execute(sa.insert(SchemaVersion).values(version=SCHEMA_VERSION))


def _some(names: set[str]) -> str:
    return ", ".join(sorted(names)[:3]) + (" ..." if len(names) > 3 else "")


def _check_version(connection: sa.Connection, url: URL) -> None:
    """Refuse another shape than ours: what a program does not understand it neither reads wrong nor changes."""
    version = connection.scalar(sa.select(sa.func.max(SchemaVersion.version)))
    if version is None or version < SCHEMA_VERSION:
        raise UsageError(
            Text(f"这个数据库由较早的版本记录（第 {version or '?'} 版格式，本程序用第 {SCHEMA_VERSION} 版），没有改动",
                 f"the database was recorded by an older version (shape {version or '?'}, this program uses shape {SCHEMA_VERSION}); it was left as it is"),
            where=_where(url),
            fix=Text("用 --db 换一个文件重新检查；原有记录仍可用当时的版本查看",
                     "check again into another file with --db; what is in this one can be read with the version that recorded it"),
        )  # fmt: skip
    if version > SCHEMA_VERSION:
        raise UsageError(
            Text(f"数据库格式为第 {version} 版，本程序用第 {SCHEMA_VERSION} 版",
                 f"the database has shape {version}, this program uses shape {SCHEMA_VERSION}"),
            where=_where(url),
            fix=Text("升级 planning-check，或用 --db 换一个文件", "upgrade planning-check, or choose another file with --db"),
        )  # fmt: skip


def _where(url: URL) -> Place:
    if url.get_backend_name() == "sqlite" and url.database:
        return Place(url.database)
    return Place(url.render_as_string(hide_password=True))


#: What databases say, in part -> what it means and what to do about it.
_MEANINGS = (
    (("readonly", "read-only"), Text("数据库不能写入", "the database cannot be written to"),
     Text("检查文件权限，或用 --db 换一个位置", "look at the file's permissions, or choose another place with --db")),
    (("locked", "busy"), Text("数据库正被另一个程序使用", "another program is using the database"),
     Text("关闭另一个程序（或等它结束）再试", "close the other program (or wait for it) and try again")),
    (("full",), Text("磁盘已满，没有记录", "the disk is full, nothing was recorded"),
     Text("腾出空间再试", "make room and try again")),
    (("not a database", "malformed", "corrupt"), Text("数据库文件已损坏或不是数据库", "the file is damaged or no database"),
     Text("从备份恢复，或用 --db 换一个文件", "restore it from a backup, or choose another file with --db")),
    (("no such column", "no such table"), Text("数据库里的表不完整", "the tables of the database are incomplete"),
     Text("从备份恢复，或用 --db 换一个文件", "restore it from a backup, or choose another file with --db")),
)  # fmt: skip
_CANNOT_OPEN = (
    Text("数据库打不开", "the database cannot be opened"),
    Text("检查地址、权限和网络", "look at the address, the permissions and the network"),
)


def explained(error: exc.DBAPIError, url: URL | None = None) -> UsageError:
    """What a database error means to the person who ran the command."""
    said = str(error.orig)
    what, fix = next(((w, f) for words, w, f in _MEANINGS if any(word in said.lower() for word in words)), _CANNOT_OPEN)
    return UsageError(what, where=_where(url) if url is not None else None, why=Text(said.splitlines()[0], said.splitlines()[0]), fix=fix)
