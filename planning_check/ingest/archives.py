"""A zip archive: what is in it is read as if it had been delivered beside it, within limits that are kept while it is unpacked."""

from __future__ import annotations

import stat
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from planning_check.errors import Text
from planning_check.ingest.delivery import File, as_text, inside
from planning_check.ingest.kinds import is_geodatabase
from planning_check.ingest.limits import size_told
from planning_check.ingest.sheets import FileProblem

#: What one archive may hold: files, bytes, and bytes for each that it has itself (of more than the least).
MOST_FILES, MOST_BYTES, MOST_TIMES, LEAST_BYTES = 5_000, 2 << 30, 200, 100 << 20
_CHUNK = 1 << 20
_UTF8, _ENCRYPTED = 0x800, 0x1


@contextmanager
def unpacked(file: File) -> Iterator[list[File]]:
    """The files of the archive, by names that begin with its own, until the block ends. Raises FileProblem where it is no archive
    or holds too much; a member that is encrypted, damaged, a link or leads out is a file that is refused."""
    with tempfile.TemporaryDirectory(prefix="planning_check_archive.", ignore_cleanup_errors=True) as folder:
        try:
            with zipfile.ZipFile(file.path) as package:
                members = [one for one in package.infolist() if not one.is_dir()]
                _refuse_much(sum(one.file_size for one in members), len(members), file.path)
                refused = _extract(package, members, Path(folder), file)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError) as error:
            raise FileProblem("unreadable_file", Text("压缩包不完整或已损坏", "the archive is incomplete or damaged")) from error
        roots = (str(Path(folder).resolve()),)
        own = f"{Path(file.name).stem.removesuffix('.gdb')}.gdb"  # of a geodatabase whose files are packed without their folder
        found = [
            File(
                path,
                f"{file.name}/{as_text(path.relative_to(folder).as_posix()) if path != Path(folder) else own}",
                told,
                roots,
                packed=True,
            )
            for path, told in ([(Path(folder), "")] if is_geodatabase(Path(folder)) else sorted(inside(Path(folder), roots)))
        ]
        yield sorted([*found, *refused], key=lambda one: one.name)


def _refuse_much(size: int, files: int, path: Path) -> None:
    ratio = size / max(path.stat().st_size, 1)
    if files > MOST_FILES or size > MOST_BYTES or (size > LEAST_BYTES and ratio > MOST_TIMES):
        most = f"{MOST_FILES:,}", size_told(MOST_BYTES), f"{MOST_TIMES}", size_told(LEAST_BYTES)
        raise FileProblem(
            "archive_file",
            Text(
                f"压缩包，解开有 {files:,} 个文件、{size_told(size)}；一个最多 {most[0]} 个文件、{most[1]}，超过 {most[3]} 的最多为压缩包的 {most[2]} 倍",
                f"an archive of {files:,} files, {size_told(size)} unpacked; one may hold {most[0]} files and {most[1]}, "
                f"and beyond {most[3]} no more than {most[2]} times its own size",
            ),
        )


def _extract(package: zipfile.ZipFile, members: list[zipfile.ZipInfo], folder: Path, file: File) -> list[File]:
    """Unpack what is sound; the members that are not. What each holds is counted, whatever it says of itself."""
    refused, left = [], MOST_BYTES
    for member in members:
        name = _name(member)
        parts = PurePosixPath(name.replace("\\", "/")).parts
        told = f"{file.name}/{as_text(name)}"
        place = folder.joinpath(*parts) if parts else folder
        if not parts or ".." in parts or parts[0] == "/" or ":" in parts[0] or stat.S_ISLNK(member.external_attr >> 16):
            refused.append(File(file.path, told, "link_outside", packed=True))
        elif member.flag_bits & _ENCRYPTED:
            refused.append(File(file.path, told, "password_protected", packed=True))
        elif not any(part.startswith(".") for part in parts):
            try:
                place.parent.mkdir(parents=True, exist_ok=True)
                with package.open(member) as source, place.open("xb") as made:
                    while block := source.read(_CHUNK):
                        left -= len(block)
                        if left < 0:
                            _refuse_much(MOST_BYTES + 1, len(members), file.path)
                        made.write(block)
            except FileProblem:
                raise
            except Exception:  # whatever the libraries raise over damaged bytes, or the system over a name
                place.unlink(missing_ok=True)
                said = Text("在压缩包里已损坏，或文件名用不了", "damaged in the archive, or of a name that cannot be used")
                refused.append(File(file.path, told, "unreadable_file", packed=True, detail=said))
    return refused


def _name(member: zipfile.ZipInfo) -> str:
    """The name of a member: Chinese programs write GBK and do not say so."""
    if member.flag_bits & _UTF8:
        return member.filename
    data = member.filename.encode("cp437", "replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return member.filename
