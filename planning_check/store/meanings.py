"""What a database error means to the person who ran the command, by its code: what a server says depends on its language."""

from __future__ import annotations

from typing import Any

from sqlalchemy import exc
from sqlalchemy.engine import URL

from planning_check.disk import is_full
from planning_check.errors import ActionableError, MachineError, Text, UsageError
from planning_check.store.address import file_of, where

Meaning = tuple[Text, Text]
_OTHER = Text("从备份恢复，或用 --db 换一个文件", "restore it from a backup, or choose another file with --db")
CANNOT_OPEN: Meaning = (
    Text("数据库打不开", "the database cannot be opened"),
    Text("检查地址、权限和网络", "look at the address, the permissions and the network"),
)
READ_ONLY: Meaning = (
    Text("数据库不能写入", "the database cannot be written to"),
    Text("检查文件权限，或用 --db 换一个位置", "look at the file's permissions, or choose another place with --db"),
)
IN_USE: Meaning = (
    Text("数据库正被另一个程序使用", "another program is using the database"),
    Text("关闭另一个程序（或等它结束）再试", "close the other program (or wait for it) and try again"),
)
FULL: Meaning = (Text("磁盘已满，没有记录", "the disk is full, nothing was recorded"), Text("腾出空间再试", "make room and try again"))
DAMAGED: Meaning = (Text("数据库文件已损坏或不是数据库", "the file is damaged or no database"), _OTHER)
INCOMPLETE: Meaning = (Text("数据库里的表不完整", "the tables of the database are incomplete"), _OTHER)
DISK_FAILS: Meaning = (
    Text("数据库所在的磁盘读写不了", "the disk of the database cannot be read or written"),
    Text("多半是磁盘满了：腾出空间再试；否则检查磁盘", "mostly it is full: make room and try again; else look at the disk"),
)
NO_MEMORY: Meaning = (
    Text("数据库的内存不够", "the database has not enough memory"),
    Text("关闭别的程序再试", "close other programs and try again"),
)
NO_RIGHT: Meaning = (
    Text("没有使用这个数据库的权限", "no right to do this in the database"),
    Text("请数据库管理员给予权限：记录要 SELECT、INSERT、CREATE，查看只要 SELECT",
         "ask the administrator for the rights: SELECT, INSERT and CREATE to record, SELECT to read"),
)  # fmt: skip
NOT_LET_IN: Meaning = (
    Text("数据库不接受这个用户名或密码", "the database does not accept this user or password"),
    Text("检查地址里的用户名和密码", "look at the user and the password of the address"),
)
NO_SUCH: Meaning = (
    Text("服务器上没有这个数据库", "there is no such database on the server"),
    Text("请管理员先建库，或改正地址", "have it made first, or correct the address"),
)
AWAY: Meaning = (
    Text("数据库服务器连不上或中断了", "the database server cannot be reached, or it went away"),
    Text("检查地址和网络，稍后再试；没有记录完的检查不留痕迹",
         "look at the address and the network, and try again later; a check that was not recorded whole leaves no trace"),
)  # fmt: skip
BAD_TEXT: Meaning = (
    Text("数据库存不下报送里的某些字符", "the database cannot hold some character of the delivery"),
    Text("用 UTF8 编码建库", "make the database with the encoding UTF8"),
)
#: Primary result codes of SQLite (the last eight bits of the extended ones).
_SQLITE: dict[int, Meaning] = {
    1: INCOMPLETE, 3: NO_RIGHT, 5: IN_USE, 6: IN_USE, 7: NO_MEMORY, 8: READ_ONLY, 10: DISK_FAILS, 11: DAMAGED, 13: FULL,
    14: CANNOT_OPEN, 23: NO_RIGHT, 24: DAMAGED, 26: DAMAGED,
}  # fmt: skip
#: SQLSTATE, the longest beginning first.
_SQLSTATES: tuple[tuple[str, Meaning], ...] = (
    ("42P01", INCOMPLETE), ("42703", INCOMPLETE), ("42501", NO_RIGHT), ("3D000", NO_SUCH), ("53100", FULL), ("53200", NO_MEMORY),
    ("25006", READ_ONLY), ("57P0", AWAY), ("57014", AWAY), ("55P03", IN_USE), ("22021", BAD_TEXT), ("22P05", BAD_TEXT),
    ("28", NOT_LET_IN), ("08", AWAY), ("40", IN_USE), ("53", AWAY), ("XX", DAMAGED), ("58", AWAY),
)  # fmt: skip
#: What the computer lacks, and not the command (exit 4).
_LACKING = (READ_ONLY, FULL, DISK_FAILS, NO_MEMORY)
_SQLITE_BUSY = (5, 6)


def is_busy(error: BaseException) -> bool:
    """Whether SQLite only wants to be asked again: somebody else holds the lock."""
    return (_sqlite_code(getattr(error, "orig", error)) or 0) in _SQLITE_BUSY


def lacks_disk(error: exc.DBAPIError) -> bool:
    """Whether SQLite could not make or fill a file beside the database."""
    return _sqlite_code(error.orig) in (10, 13, 14)


def explained(error: exc.DBAPIError, url: URL | None = None) -> ActionableError:
    """What a database error means, and what to do about it."""
    said = (str(error.orig).splitlines() or [type(error.orig).__name__])[0]
    what, fix = _meaning(error.orig)
    path = file_of(url) if url is not None else None
    if path is not None and lacks_disk(error) and is_full(path.parent):  # SQLite says no more than that its files cannot be made or read
        what, fix = FULL
    kind = MachineError if (what, fix) in _LACKING else UsageError
    return kind(what, where=where(url) if url is not None else None, why=Text(said, said), fix=fix)


def _meaning(error: Any) -> Meaning:
    code = _sqlite_code(error)
    if code is not None:
        return _SQLITE.get(code, CANNOT_OPEN)
    state = getattr(error, "sqlstate", None) or ""
    return next((meaning for begins, meaning in _SQLSTATES if state.startswith(begins)), CANNOT_OPEN)


def _sqlite_code(error: Any) -> int | None:
    """The primary code; Python gives none where it could not make a text of a cell, which is damage."""
    import sqlite3

    code = getattr(error, "sqlite_errorcode", None)
    if code is None and isinstance(error, sqlite3.OperationalError) and "decode" in str(error).lower():
        return 11
    return None if code is None else code & 0xFF


def damaged(url: URL, why: Text | None = None) -> UsageError:
    what, fix = DAMAGED
    return UsageError(what, where=where(url), why=why, fix=fix)
