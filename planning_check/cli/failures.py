"""What a failure of the machine means to the person at it: memory, disk, rights, depth, database. Everything else unforeseen is a bug."""

from __future__ import annotations

import errno
import sys
import tempfile
from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

from planning_check.engine import lacked_memory
from planning_check.errors import ActionableError, MachineError, Place, Text, UsageError

if TYPE_CHECKING:
    from sqlalchemy.exc import DBAPIError

#: A fault of the program itself.
EXIT_BUG = 70
_MEMORY = Text(
    "关闭别的程序，把给出的 --memory 放宽，或把报送分成几份检查，或换一台内存大的电脑；以前的记录没有改动",
    "close other programs, allow more by --memory if it was given, check the delivery in parts, or use a computer with more memory; "
    "earlier records were left as they are",
)
_NO_ROOM = Text("腾出空间再运行一次", "make room and run it again")
_NO_RIGHT = (
    Text("没有读写的权限", "no right to read or write"),
    Text("检查权限，或换一个位置；文件在别的程序里打开的，先关闭",
         "look at the rights, or choose another place; close the file if another program has it open"),
)  # fmt: skip
_NUMBERS = {
    errno.ENOSPC: (Text("磁盘已满", "the disk is full"), _NO_ROOM),
    errno.EDQUOT: (Text("磁盘配额已用完", "the disk quota is used up"), _NO_ROOM),
    errno.EFBIG: (
        Text("文件超过了允许的大小", "the file would be larger than is allowed"),
        Text("换一个位置，或放宽限制（ulimit -f）", "choose another place, or allow more (ulimit -f)"),
    ),
    errno.EACCES: _NO_RIGHT,
    errno.EPERM: _NO_RIGHT,
    errno.EROFS: (Text("这个位置只能读，不能写", "the place can be read only"), Text("换一个位置", "choose another place")),
    errno.ENAMETOOLONG: (Text("文件名太长", "the name is too long"), Text("用短一些的文件名或文件夹", "use a shorter name or folder")),
    errno.EMFILE: (Text("打开的文件太多", "too many files are open"), Text("关闭别的程序再试", "close other programs and try again")),
}
#: Of these the user gave a wrong name, and the computer is as it should be (exit 2).
_MISNAMED = {
    errno.EISDIR: (Text("这是文件夹，不是文件", "this is a folder, not a file"), Text("把文件夹移开，或换一个名称", "move the folder away, or give another name")),
    errno.ENOTDIR: (Text("路径中间的一段是文件，不是文件夹", "a part of the path is a file, not a folder"), Text("检查路径", "look at the path")),
    errno.ELOOP: (Text("链接绕成了圈", "links lead in a circle"), Text("去掉链接，放进文件本身", "put the file itself in place of the link")),
}  # fmt: skip
_NAME_SHOWN = 160
_ANY = Text("检查这个文件、它所在的磁盘和权限，再运行一次", "look at the file, its disk and the rights, and run it again")


def foreseen(error: BaseException) -> ActionableError | None:
    """What to tell about ``error``; None if it is none of these, and so a bug of the program."""
    if lacked_memory(error) or _no_room_for_a_library(error):
        return MachineError(Text("内存不够", "there is not enough memory"), fix=_MEMORY)
    if _is(error, "duckdb", "IOException"):  # it reads and writes nothing but what it spills
        said = str(error).splitlines()[0]
        return MachineError(
            Text("暂存的数据写不下", "what is spilled to disk finds no room"), where=Place(tempfile.gettempdir()), why=Text(said, said),
            fix=Text("腾出空间，或用环境变量 TMPDIR 换一个大的磁盘", "make room, or name a larger disk by the variable TMPDIR"),
        )  # fmt: skip
    if isinstance(error, RecursionError):
        return UsageError(
            Text("规则、模板或清单套叠太深", "a rule, a template or a manifest is nested too deep"),
            fix=Text("减少括号或缩进的层数", "use fewer brackets or levels"),
        )
    if _is(error, "sqlalchemy.exc", "DBAPIError"):
        from planning_check.store import explained

        return explained(cast("DBAPIError", error))
    if isinstance(error, UnicodeEncodeError) and error.reason.startswith("surrogates"):
        shown = ascii(error.object[max(error.start - 40, 0) : error.end + 40])
        return UsageError(
            Text(f"名称里有这台电脑认不出的字节：{shown}", f"a name holds bytes that this computer cannot read as text: {shown}"),
            fix=Text("重新输入，或把文件改名（压缩包解压时选 GBK 编码）", "type it again, or rename the file (unpack the archive as GBK)"),
        )
    system = next((one for one in _behind(error) if isinstance(one, OSError) and (one is error or one.errno in _NUMBERS)), None)
    return _of_the_system(system) if system else None


def _behind(error: BaseException | None) -> Iterator[BaseException]:
    """The error, and those that libraries made it from."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _no_room_for_a_library(error: BaseException) -> bool:
    """A library that is there and cannot be put into memory, in the words of the loader; or compiled code that was given none and says
    nothing."""
    if isinstance(error, SystemError):
        return any(words in str(error) for words in ("without exception set", "without setting an exception"))
    return isinstance(error, ImportError) and any(words in str(error) for words in ("failed to map segment", "annot allocate memory"))


def _of_the_system(error: OSError) -> ActionableError:
    number, said = error.errno or 0, error.strerror or str(error)
    what, fix = (_MISNAMED | _NUMBERS).get(number, (Text("文件读不出或写不进", "a file cannot be read or written"), _ANY))
    kind = UsageError if number in _MISNAMED else MachineError
    return kind(what, where=Place(_short(str(error.filename))) if error.filename else None, why=Text(said, said), fix=fix)


def _short(name: str) -> str:
    half = _NAME_SHOWN // 2
    return name if len(name) <= _NAME_SHOWN else f"{name[:half]}...{name[-half:]}"


def _is(error: BaseException, module: str, name: str) -> bool:
    """Whether it is of a class of a module that may never have been imported."""
    kind = getattr(sys.modules.get(module), name, None)
    return kind is not None and isinstance(error, kind)
