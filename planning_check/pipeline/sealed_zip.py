"""A zip file whose every byte follows from its contents: the same members give the same file, and one that is put together otherwise is
refused.

Zip files say twice what they hold, may hide bytes between members, name one thing twice, lead out of their folder, or unpack without end.
Here members are stored as they are, side by side from the first byte to the last, so that nothing unpacks to more than it is, no version
of a library packs otherwise, and both lists are held to what they must be.
"""

from __future__ import annotations

import hashlib
import stat
import struct
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from planning_check.errors import Place, Text, UsageError
from planning_check.ingest.archives import MOST_BYTES, MOST_FILES

_CHUNK = 1 << 20
_DAY = (1980, 1, 1, 0, 0, 0)
_MODE = (stat.S_IFREG | 0o644) << 16
_UNIX, _UTF8, _VERSION, _DOS_DAY = 3, 0x800, 20, 33
#: Names that Windows keeps for itself, and signs that no name may hold.
_DEVICES = {"con", "prn", "aux", "nul", *(f"{one}{n}" for one in ("com", "lpt") for n in range(10))}


class Sealing:
    """The zip file in the making: members in the order in which they are given, and the digest of each."""

    def __init__(self, file: zipfile.ZipFile) -> None:
        self.file, self.left = file, MOST_BYTES
        self.digests: dict[str, str] = {}
        self._seen: set[str] = set()

    def add(self, name: str, pieces: Iterable[bytes]) -> None:
        """One member. Raises UsageError for a name that would be refused, one that is there, and what is too much to be read again."""
        wrong = _wrong_name(name, self._seen)
        if wrong:
            raise UsageError(Text(f"放不进证据包：{wrong.zh}", f"it cannot be bundled: {wrong.en}"), where=Place(name),
                             fix=Text("改名或移开，或不带报送文件", "rename it or move it away, or leave out the files of the delivery"))  # fmt: skip
        info = zipfile.ZipInfo(name, _DAY)
        info.compress_type, info.external_attr, info.create_system = zipfile.ZIP_STORED, _MODE, _UNIX
        whole = hashlib.sha256()
        with self.file.open(info, "w") as member:
            for piece in pieces:
                self.left -= len(piece)
                if self.left < 0 or len(self.digests) >= MOST_FILES:
                    raise UsageError(
                        Text("太大，放不进一个证据包", "too much for one bundle"), why=_limits(),
                        fix=Text("不带报送文件，只带它们的摘要", "leave out the files of the delivery; their digests are in it"),
                    )  # fmt: skip
                whole.update(piece)
                member.write(piece)
        self.digests[name] = whole.hexdigest()


@contextmanager
def sealing(path: Path) -> Iterator[Sealing]:
    """Make such a file at a path that is not there yet."""
    with zipfile.ZipFile(path, "x") as file:
        yield Sealing(file)


def unsealed(path: Path, folder: Path) -> dict[str, str]:
    """Unpack such a file into an empty folder: the digest of each member, in their order. Raises UsageError for one that was not made
    so, whatever is wrong with it, before anything that it leads to is touched."""
    try:
        with zipfile.ZipFile(path) as file:
            members = file.infolist()
            _check_sizes(path, members)
            _check_layout(path, members)
            found: dict[str, str] = {}
            seen: set[str] = set()
            for info in members:
                wrong = _wrong_name(info.filename, seen)
                if wrong:
                    raise _refused(path, Text(f"{info.filename!a}：{wrong.zh}", f"{info.filename!a}: {wrong.en}"))
                found[info.filename] = _extract(file, info, folder.joinpath(*PurePosixPath(info.filename).parts))
            return found
    except (zipfile.BadZipFile, EOFError, NotImplementedError, ValueError, RuntimeError, struct.error) as error:
        raise _refused(path, Text(f"不完整或已损坏（{error}）", f"it is incomplete or damaged ({error})")) from error


def _extract(file: zipfile.ZipFile, info: zipfile.ZipInfo, place: Path) -> str:
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as error:  # a file that another member needs as its folder
        raise zipfile.BadZipFile(info.filename) from error
    whole, left = hashlib.sha256(), info.file_size
    with file.open(info) as member, place.open("xb") as made:
        while block := member.read(_CHUNK):
            left -= len(block)
            whole.update(block)
            made.write(block)
    if left:
        raise zipfile.BadZipFile(info.filename)
    return whole.hexdigest()


def _check_sizes(path: Path, members: list[zipfile.ZipInfo]) -> None:
    size = sum(one.file_size for one in members)
    if len(members) > MOST_FILES or size > min(MOST_BYTES, path.stat().st_size):
        raise _refused(
            path,
            Text(f"解开有 {len(members)} 个文件、{size / 2**20:.0f} MB，太多", f"it holds {len(members)} files, {size / 2**20:.0f} MB"),
        )


def _limits() -> Text:
    mb = MOST_BYTES >> 20
    return Text(f"最多 {MOST_FILES} 个文件、{mb} MB", f"at most {MOST_FILES} files and {mb} MB")


def _check_layout(path: Path, members: list[zipfile.ZipInfo]) -> None:
    """That the file is what :func:`sealing` makes of these members: no byte beside, nothing told in two ways."""
    at, listed = 0, b""
    with path.open("rb") as raw:
        for info in members:
            name = info.filename.encode("utf-8")
            flags = 0 if info.filename.isascii() else _UTF8
            told = (flags, zipfile.ZIP_STORED, 0, _DOS_DAY, info.CRC, info.file_size, info.file_size, len(name), 0)
            local = struct.pack("<4sH4H3L2H", b"PK\3\4", _VERSION, *told) + name
            raw.seek(at)
            if raw.read(len(local)) != local:
                raise zipfile.BadZipFile(f"{info.filename!a}")
            listed += struct.pack("<4s2BH4H3L5H2L", b"PK\1\2", _VERSION, _UNIX, _VERSION, *told, 0, 0, 0, _MODE, at) + name
            at += len(local) + info.file_size
        raw.seek(at)
        end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, len(members), len(members), len(listed), at, 0)
        if raw.read() != listed + end:
            raise zipfile.BadZipFile("it holds more than its list tells, or tells it otherwise")


def _wrong_name(name: str, seen: set[str]) -> Text | None:
    """What is wrong with a name, for any system that it may be unpacked on; ``seen``: those before it, to which it is added."""
    parts = name.split("/")
    if any(part in ("", ".", "..") or part[-1] in ". " or part.split(".")[0].lower() in _DEVICES for part in parts):
        return Text("文件名用不了", "a name that cannot be used")
    if any(sign in '\\:*?"<>|' or unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Zl", "Zp") for sign in name):
        return Text("文件名里有用不了的字符", "a name with a sign that cannot be used")
    folded = unicodedata.normalize("NFC", name).casefold()
    if folded in seen:
        return Text("有两个文件叫这个名字", "two files have this name")
    seen.add(folded)
    return None


def _refused(path: Path, why: Text) -> UsageError:
    return UsageError(
        Text("这个证据包被改过，或不是 planning-check bundle 写出的", "the bundle was changed, or was not written by planning-check bundle"),
        where=Place(str(path)), why=why, fix=Text("要一份原件", "ask for the original"),
    )  # fmt: skip
