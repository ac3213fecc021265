"""Where a database is: a URL, or the path of a file for SQLite; how it is shown, and what is wrong with an address."""

from __future__ import annotations

import os
import re
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import exc
from sqlalchemy.engine import URL, make_url

from planning_check.errors import MachineError, Place, Text, UsageError

#: What a name:word@host looks like: an address with a password that lacks its beginning, not a file.
_SECRET = re.compile(r"[^/\\]+:[^/\\]*@")
#: What may follow the ? of an SQLite URL (the sqlite3 module of Python); after ``uri=true`` SQLite's own words too.
_SQLITE_OPTIONS = frozenset(("uri", "timeout", "isolation_level", "check_same_thread", "cached_statements", "detect_types"))


def parsed(given: str) -> URL:
    """The URL of a database given as a URL or as a path. Raises UsageError for what is neither."""
    if "://" not in given:
        if not given or "\x00" in given or _SECRET.match(given):
            raise _no_address("***" if "@" in given else given)
        return URL.create("sqlite", database=given)
    try:
        url = make_url(given)
        url.get_dialect()
    except (exc.NoSuchModuleError, ImportError):
        raise no_driver(given.split(":", 1)[0]) from None
    except (exc.ArgumentError, ValueError):
        raise _no_address(given if "@" not in given else "***") from None
    if is_sqlite(url) and (url.host or url.username):
        raise _no_address(given if "@" not in given else "***")
    if is_sqlite(url) and "?" in given and (not url.query or ("uri" not in url.query and set(url.query) - _SQLITE_OPTIONS)):
        raise UsageError(
            Text("数据库地址里 ? 后面的写法不认识", "what follows the ? of this address is unknown"), where=Place(given),
            fix=Text("文件名里有问号时，不写 sqlite:///，直接写文件名",
                     "if the name of the file holds a ?, write the plain name of the file without sqlite:///"),
        )  # fmt: skip
    return url


def is_sqlite(url: URL) -> bool:
    return url.get_backend_name() == "sqlite"


def file_of(url: URL) -> Path | None:
    """The file of an SQLite database; none for a server, for memory, and for a name that only SQLite can read."""
    name = url.database
    return Path(name) if is_sqlite(url) and name and name != ":memory:" and not name.startswith("file:") else None


def for_reading(url: URL) -> URL:
    """A file in a folder that cannot be written to is read as one that nobody changes: SQLite would want to put a file beside it."""
    path = file_of(url)
    if path is None or not path.exists() or os.access(path.parent, os.W_OK):
        return url
    if not is_closed(path):
        log = path.with_name(path.name + "-wal")
        if path.with_name(path.name + "-shm").exists():
            return url
        raise MachineError(
            Text("数据库没有正常关闭，而它所在的文件夹只能读", "the database was not closed properly, and its folder can only be read"),
            where=where(url),
            fix=Text(f"把它和 {log.name} 一起复制到可以写入的文件夹，再用 --db 指明",
                     f"copy it together with {log.name} into a folder that can be written to, and name it with --db"),
        )  # fmt: skip
    return unchanging(path)


def is_closed(path: Path) -> bool:
    """Whether everything is in the file itself: nothing waits in the log beside it."""
    log = path.with_name(path.name + "-wal")
    return not log.exists() or log.stat().st_size == 0


def unchanging(path: Path) -> URL:
    """The address by which SQLite reads a file without locks and without files beside it."""
    query = {"mode": "ro", "immutable": "1", "uri": "true"}
    return URL.create("sqlite", database="file:" + quote(str(path.resolve())), query=query)


def shown(url: URL) -> str:
    """The address as people may see it: the file, or the server and the database on it, never a password or an option."""
    if is_sqlite(url):
        return url.database or ":memory:"
    query = {name: value if isinstance(value, str) else value[-1] for name, value in url.query.items()}
    host, port = url.host or query.get("host", "localhost"), url.port or query.get("port")
    database = url.database or query.get("dbname") or url.username or ""
    return f"{url.get_backend_name()} {host}{f':{port}' if port else ''} {database}".rstrip()


def where(url: URL) -> Place:
    return Place(shown(url))


def no_driver(scheme: str) -> UsageError:
    postgresql = scheme.startswith("postgres")
    return UsageError(
        Text(f"不支持这种数据库，或未安装它的驱动：{scheme}", f"unknown kind of database, or its driver is not installed: {scheme}"),
        fix=Text("安装 planning-check[postgresql]，地址写成 postgresql+psycopg://主机/库名",
                 "install planning-check[postgresql] and write postgresql+psycopg://host/database")
        if postgresql else Text("用 sqlite:///文件名.sqlite，或先安装驱动", "use sqlite:///file.sqlite, or install the driver first"),
    )  # fmt: skip


def _no_address(given: str) -> UsageError:
    return UsageError(
        Text(f"数据库地址写法不对：{given}", f"not a database URL: {given}"),
        fix=Text("写文件名，或 sqlite:///文件名.sqlite，或 postgresql+psycopg://主机/库名",
                 "write the name of a file, or sqlite:///file.sqlite, or postgresql+psycopg://host/database"),
    )  # fmt: skip


def check_file(url: URL, write: bool) -> None:
    """Catch what SQLite would say in its own words: no folder, a folder or a pipe for a file, no file to read."""
    path = file_of(url)
    if path is None:
        return
    place = where(url)
    if path.is_dir():
        raise UsageError(Text("这是文件夹，不是数据库文件", "this is a folder, not a database file"), where=place)
    if not path.parent.is_dir():
        raise UsageError(
            Text(f"文件夹不存在：{path.parent}", f"the folder does not exist: {path.parent}"), where=place,
            fix=Text("先建文件夹，或换一个位置", "make the folder first, or choose another place"),
        )  # fmt: skip
    if not path.exists():
        if not write:
            raise nothing_recorded(place)
        if not os.access(path.parent, os.W_OK):
            raise _no_right(place, "这个文件夹里不能新建数据库", "no database can be made in this folder")
        return
    if not path.is_file():  # what is in it SQLite tells: opening it beside SQLite would, when it is closed, take SQLite's locks away
        raise UsageError(
            Text("不是 SQLite 数据库文件", "not an SQLite database file"), where=place,
            fix=Text("换一个文件名；原文件没有改动", "choose another file name; this file was left as it is"),
        )  # fmt: skip
    if not os.access(path, os.R_OK):
        raise _no_right(place, "没有读这个数据库的权限", "no right to read this database")


def _no_right(place: Place, zh: str, en: str) -> MachineError:
    return MachineError(
        Text(zh, en), where=place, fix=Text("检查权限，或用 --db 换一个位置", "look at the rights, or choose another place with --db")
    )


def nothing_recorded(place: Place | None) -> UsageError:
    return UsageError(
        Text("这里还没有检查记录", "no check is recorded here"), where=place,
        fix=Text("先运行 planning-check check，或用 --db 指明数据库", "run planning-check check first, or name the database with --db"),
    )  # fmt: skip
