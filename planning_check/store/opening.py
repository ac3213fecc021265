"""Opening the system of record: its tables made or brought to this version's shape under a lock,
and clear words for what cannot be opened."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import sqlalchemy as sa
from sqlalchemy import exc
from sqlalchemy.engine import Connection, Engine

from planning_check.errors import Text, UsageError
from planning_check.store.address import check_file, file_of, for_reading, is_closed, nothing_recorded, parsed, unchanging, where
from planning_check.store.connecting import Telling, connected, writing
from planning_check.store.log_guard import guard
from planning_check.store.meanings import INCOMPLETE, damaged, explained, is_busy, lacks_disk
from planning_check.store.models import OLDEST_SHAPE, SCHEMA_VERSION, Record, SchemaVersion
from planning_check.store.postgis import show_shapes
from planning_check.store.upgrading import Upgraded, upgrade_within

#: Larger files are looked through by ``planning-check db check`` only: it takes a second for some hundred megabytes.
_LOOKED_THROUGH_BYTES = 32 * 1024 * 1024


def open_store(address: str, *, write: bool = True, told: Telling | None = None, wait_seconds: float | None = None) -> Engine:
    """The database at ``address``, a URL or the path of a file; without ``write`` it must hold runs already and is never changed.

    With ``write`` its tables are made if it is new, and brought to this version's shape if they are older (a copy of the file is kept
    beside it). ``told`` hears what the user should know: that another program is waited for (without end, or ``wait_seconds`` at most),
    that a copy was made. Raises UsageError for no address, a folder or file that is not there, a file that is damaged, no database or not
    ours, another shape, no right.
    """
    url = parsed(address)
    check_file(url, write)
    engine = connected(url if write else for_reading(url), write=write, told=told, wait_seconds=wait_seconds)
    try:
        (_ready if write else _readable)(engine, told)
    except exc.DBAPIError as error:
        engine.dispose()
        if not write and (path := file_of(url)) and lacks_disk(error) and is_closed(path):  # no room for SQLite's files beside it
            return open_store(unchanging(path).render_as_string(), write=False)
        raise explained(error, url) from error
    except UnicodeDecodeError as error:  # names of tables, or what SQLite says of its pages
        engine.dispose()
        raise damaged(url, Text("里面的文字读不出", "its text cannot be read")) from error
    return engine


def shape_of(connection: Connection) -> int | None:
    """The number of the tables' shape; none for an empty database. Raises UsageError for tables of others,
    and for ours if they are not whole."""
    engine, there = connection.engine, set(sa.inspect(connection).get_table_names())
    ours = set(Record.metadata.tables)
    if SchemaVersion.__tablename__ not in there:
        if there & ours or (there and engine.dialect.name == "sqlite"):
            raise UsageError(
                Text("这个数据库是别的程序的", "this database belongs to another program"), where=where(engine.url),
                why=Text(f"里面有表 {_some(there)}", f"it holds the tables {_some(there)}"),
                fix=Text("用 --db 换一个文件", "choose another file with --db"),
            )  # fmt: skip
        return None
    shapes = connection.execute(sa.text(f"SELECT version FROM {SchemaVersion.__tablename__}")).scalars().all()
    if len(shapes) != 1 or type(shapes[0]) is not int:
        raise damaged(engine.url, Text("没有记下格式的版本", "the number of its shape is missing or unreadable"))
    if shapes[0] == SCHEMA_VERSION and ours - there:
        what, fix = INCOMPLETE
        raise UsageError(
            what, where=where(engine.url), why=Text(f"缺少 {_some(ours - there)}", f"{_some(ours - there)} is missing"), fix=fix
        )
    return shapes[0]


def _some(names: set[str]) -> str:
    return ", ".join(sorted(names)[:3]) + (" ..." if len(names) > 3 else "")


def _readable(engine: Engine, _told: Telling | None) -> None:
    path = file_of(engine.url)
    with engine.connect() as connection, connection.begin():
        if path is not None and path.stat().st_size <= _LOOKED_THROUGH_BYTES:
            look_through(connection)
        shape = shape_of(connection)
    if shape is None:
        raise nothing_recorded(where(engine.url))
    if shape != SCHEMA_VERSION:
        raise _other_shape(engine, shape, reads=True)


def look_through(connection: Connection) -> None:
    """Let SQLite look whether its pages are whole."""
    if connection.dialect.name == "sqlite":
        said = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
        if said != "ok":
            raise damaged(connection.engine.url, Text(f"SQLite：{said}", f"SQLite: {said}"))


def upgrade(address: str, told: Telling | None = None) -> Upgraded | None:
    """Bring a database that holds runs to this version's shape; none if it has that already. Raises UsageError as :func:`open_store`."""
    url = parsed(address)
    check_file(url, write=False)
    engine = connected(url, write=True, told=told)
    try:
        with engine.connect() as connection:
            if shape_of(connection) is None:
                raise nothing_recorded(where(url))
        done = _brought_up(engine, None)
        _write_ahead(engine)
        return done
    except exc.DBAPIError as error:
        raise explained(error, url) from error
    finally:
        engine.dispose()


def _ready(engine: Engine, told: Telling | None) -> None:
    with engine.connect() as connection:
        shape = shape_of(connection)
    if shape == SCHEMA_VERSION:
        _may_write(engine)
    else:
        _brought_up(engine, told)
    _write_ahead(engine)
    show_shapes(engine)


def _brought_up(engine: Engine, told: Telling | None) -> Upgraded | None:
    """Make or upgrade the tables under the lock of writers, as they are once nobody else can change them."""
    with writing(engine) as connection:
        shape = shape_of(connection)
        if shape is None:
            Record.metadata.create_all(connection)
            guard(connection)
            connection.execute(sa.insert(SchemaVersion).values(version=SCHEMA_VERSION))
        elif not OLDEST_SHAPE <= shape <= SCHEMA_VERSION:
            raise _other_shape(engine, shape, reads=False)
        elif shape < SCHEMA_VERSION:
            done = upgrade_within(connection, shape)
            if told:
                told(done.said)
            return done
    return None


def _may_write(engine: Engine) -> None:
    """Say now, not after minutes of work, that nothing can be recorded; that somebody else writes just now is no reason."""
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("INSERT INTO run SELECT * FROM run WHERE 1 = 0")
            connection.rollback()
    except exc.OperationalError as error:
        if not is_busy(error):
            raise


def _write_ahead(engine: Engine) -> None:
    """SQLite's write-ahead log: who reads does not stop who writes. Left as it is while somebody uses the file,
    and where the disk cannot have it."""
    path = file_of(engine.url)
    if path is not None:
        with closing(sqlite3.connect(path, isolation_level=None, timeout=0.5)) as plain:
            try:
                if plain.execute("PRAGMA journal_mode").fetchone() != ("wal",):
                    plain.execute("PRAGMA journal_mode = WAL")
            except sqlite3.OperationalError as error:
                if not is_busy(error):
                    raise exc.OperationalError("PRAGMA journal_mode", None, error) from error


def _other_shape(engine: Engine, shape: int, *, reads: bool) -> UsageError:
    """What a program does not understand it neither reads wrong nor changes."""
    place = where(engine.url)
    if shape > SCHEMA_VERSION:
        return UsageError(
            Text(f"数据库格式为第 {shape} 版，本程序用第 {SCHEMA_VERSION} 版",
                 f"the database has shape {shape}, this program uses shape {SCHEMA_VERSION}"),
            where=place, fix=Text("升级 planning-check，或用 --db 换一个文件", "upgrade planning-check, or choose another file with --db"),
        )  # fmt: skip
    what = Text(f"这个数据库由较早的版本记录（第 {shape} 版格式，本程序用第 {SCHEMA_VERSION} 版），没有改动",
                f"the database was recorded by an older version (shape {shape}, this program uses shape {SCHEMA_VERSION}); "
                "it was left as it is")  # fmt: skip
    if reads and shape >= OLDEST_SHAPE:
        fix = Text("运行 planning-check db upgrade --db ……（先留副本再升级），或用当时的版本查看",
                   "run planning-check db upgrade --db ... (it keeps a copy first), "
                   "or read it with the version that recorded it")  # fmt: skip
    else:
        fix = Text("用 --db 换一个文件重新检查；原有记录仍可用当时的版本查看",
                   "check again into another file with --db; "
                   "what is in this one can be read with the version that recorded it")  # fmt: skip
    return UsageError(what, where=place, fix=fix)
