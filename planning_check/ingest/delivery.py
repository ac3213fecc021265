"""A delivery: the files that a run reads, and the optional manifest ``delivery.yaml`` beside them."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from planning_check.errors import Place, SourceError, Text, UsageError
from planning_check.ingest.kinds import is_geodatabase
from planning_check.ingest.plain import without_controls
from planning_check.schema import TABLES, Table

if TYPE_CHECKING:
    import duckdb

MANIFEST = "delivery.yaml"
CONFIGURATION = "planning_check.toml"  # of the command line, where a delivery lies beside it
#: Files that belong to another file or to nobody: sidecars, notes, scripts, the tool's own database.
_SIDECARS = (".prj", ".cpg", ".qpj", ".sbn", ".sbx", ".qix", ".qmd", ".qml", ".aux")
#: Parts of a layer, and what it is named by.
_PARTS = {**dict.fromkeys((".dbf", ".shx"), (".shp",)), **dict.fromkeys((".dat", ".map", ".id", ".ind"), (".tab",)), ".mid": (".mif",)}
_DATABASES = tuple(kind + end for kind in (".gpkg", ".sqlite") for end in ("", "-wal", "-shm", "-journal"))[1:]
_IGNORED = frozenset((*_SIDECARS, *_DATABASES, ".md", ".py", ".yaml", ".yml"))


@dataclass(frozen=True)
class Delivery:
    """What was delivered. ``as_of`` is the day the records stand at, where the manifest says so."""

    title: Text | None
    notice: Text | None
    as_of: dt.date | None
    files: tuple[str, ...]


@dataclass(frozen=True)
class File:
    """One file: where it is, and the name it goes by in every report. ``refused``: the problem for which it is not opened at all.
    ``roots``: the folder that it was found in, which its companions must not lead out of, with all else that was delivered;
    none for one that was named. ``packed``: it lay in an archive."""

    path: Path
    name: str
    refused: str = ""
    roots: tuple[str, ...] = ()
    packed: bool = False
    detail: Text | None = None


def delivered_tables(con: duckdb.DuckDBPyConnection) -> list[Table]:
    """The tables that some sheet or layer is, in the schema's order: the raw rows of the others are none."""
    there = {name for (name,) in con.execute("SELECT DISTINCT table_name FROM source").fetchall()}
    return [table for table in TABLES if table.name in there]


def find_files(paths: Sequence[Path], labels: Sequence[str] = ()) -> list[File]:
    """The files of the delivery, by name. Folders are searched; a file that is named is always taken.
    Links are followed to what was delivered. ``labels``: what the names of the files in each path begin with, where not with the name of
    the folder, if there are several."""
    found: dict[str, File] = {}
    roots = tuple(os.path.realpath(path) for path in paths)
    for number, path in enumerate(paths):
        if not os.path.exists(path):  # noqa: PTH110 - without an error for a path that cannot be one
            raise SourceError(
                Text("找不到这个文件或文件夹", "no such file or folder"),
                where=Place(str(path)),
                fix=Text("检查路径，或用引号括起含空格的路径", "check the path; put quotes around one that has spaces"),
            )
        if not path.is_dir():
            found.setdefault(os.path.realpath(path), File(path, path.name))
            continue
        prefix = f"{labels[number]}/" if labels else f"{path.name}/" if len(paths) > 1 else ""
        for one, refused in sorted(inside(path, roots), key=lambda each: (_is_link(each[0]), str(each[0]))):
            key = str(one) if refused else os.path.realpath(one)
            found.setdefault(key, File(one, prefix + one.relative_to(path).as_posix(), refused, roots))
    return _legible(sorted(_told_apart(found.values()), key=lambda f: str(f.path)))


def _legible(files: Iterable[File]) -> list[File]:
    """The files by names that can be shown and recorded; where that makes two alike, they are numbered."""
    seen: Counter[str] = Counter()
    told = []
    for file in files:
        name = PurePath(as_text(file.name))
        seen[name.as_posix()] += 1
        number = seen[name.as_posix()]
        told.append(replace(file, name=(name if number == 1 else name.with_stem(f"{name.stem} ({number})")).as_posix()))
    return sorted(told, key=lambda f: (f.name, str(f.path)))


def as_text(name: str) -> str:
    """A name of a file as text: bytes that are no UTF-8 are GBK, as Chinese archives unpack; without control characters."""
    try:
        name.encode()
    except UnicodeEncodeError:
        data = os.fsencode(name)
        with suppress(UnicodeDecodeError):
            return without_controls(data.decode("gb18030"))
        name = data.decode("utf-8", "replace")
    return without_controls(name)


def _told_apart(files: Iterable[File]) -> list[File]:
    """Files of one name go by as many of their folders as it takes: reports, digests and keys know a file by its name."""
    told = list(files)
    while len(alike := Counter(f.name for f in told)) < len(told):
        told = [_longer(f) if alike[f.name] > 1 else f for f in told]
    return told


def _longer(file: File) -> File:
    """The file with one more of its folders in its name."""
    parts = Path(os.path.realpath(file.path)).parts
    return replace(file, name="/".join(parts[-2 - file.name.count("/") :]))


def inside(top: Path, roots: Sequence[str]) -> Iterator[tuple[Path, str]]:
    """The files of a folder, each with the problem for which it is not opened, if any: it leads out of what was delivered,
    or cannot be looked into."""
    waiting, seen = [(top, os.path.realpath(top))], set()
    while waiting:
        folder, real = waiting.pop()
        if real in seen:
            continue  # links that lead in a circle
        seen.add(real)
        try:
            entries = sorted(folder.iterdir())
        except OSError:
            if folder == top:
                raise
            yield folder, "unreadable_folder"
            continue
        folders = []
        for path in entries:
            is_folder = os.path.isdir(path) and path.suffix.lower() != ".gdb" and not is_geodatabase(path)  # noqa: PTH112 - if broken, too
            if path.name.startswith((".", "~$")) or (not is_folder and _ignored(path)):
                continue
            if leads_out(path, roots):
                yield path, "link_outside"
            elif is_folder:
                folders.append(path)
            else:
                yield path, ""
        folders.sort(key=lambda p: (not _is_link(p), str(p)), reverse=True)  # a folder itself before a link to it
        waiting += [(p, os.path.realpath(p) if _is_link(p) else os.path.join(real, p.name)) for p in folders]  # noqa: PTH118


def leads_out(path: Path, roots: Sequence[str]) -> bool:
    """Whether it is a link to something that is there and was not delivered."""
    if not _is_link(path) or not os.path.exists(path):  # noqa: PTH110 - without an error for what is broken
        return False
    real = os.path.realpath(path)
    return not any(real == root or real.startswith(root.rstrip(os.sep) + os.sep) for root in roots)


def _is_link(path: Path) -> bool:
    return os.path.islink(path)  # noqa: PTH114 - without an error for a path that is too long


def _ignored(path: Path) -> bool:
    ending = path.suffix.lower()
    if ending in _IGNORED or path.name == CONFIGURATION or (path.stem.upper() == "README" and ending in ("", ".txt")):
        return True
    if ending == ".xml":  # what is written about another file
        return path.name.lower().endswith((".shp.xml", ".aux.xml")) or os.path.lexists(path.with_suffix(""))
    wholes = _PARTS.get(ending, ())
    return any(os.path.lexists(path.with_suffix(s)) for whole in wholes for s in (whole, whole.upper()))


def digest(paths: Sequence[Path]) -> str:
    """SHA-256 of a file, or of the files of one Shapefile one after the other (by suffix)."""
    total = hashlib.sha256()
    for path in paths:
        with path.open("rb") as stream:
            while block := stream.read(1 << 20):
                total.update(block)
    return total.hexdigest()


def read_manifest(paths: Sequence[Path]) -> dict:
    """Title, notice and as_of of the first manifest in the delivered folders; {} without one."""
    for path in paths:
        manifest = path / MANIFEST
        if path.is_dir() and manifest.exists():
            return _checked(manifest)
    return {}


def _content(manifest: Path) -> Any:
    """What the manifest says, with the lines where it says it. Raises UsageError for what is no UTF-8, no YAML, or no day."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    if not manifest.is_file():
        raise _wrong(manifest, 1, Text("这是文件夹或管道，不是文件", "this is a folder or a pipe, not a file"))
    if leads_out(manifest, [os.path.realpath(manifest.parent)]):
        raise _wrong(
            manifest, 1, Text("这是指向报送文件夹以外的链接，不去读取", "this is a link out of the delivery, which is not followed")
        )
    data = manifest.read_bytes()
    try:
        return YAML().load(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise _wrong(manifest, data.count(b"\n", 0, error.start) + 1, Text("文件不是 UTF-8 编码", "the file is not UTF-8")) from error
    except RecursionError:
        raise _wrong(manifest, 1, Text("套叠的层数太多", "it is nested too deep")) from None
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise _wrong(manifest, mark.line + 1 if mark else 1, Text("不是合法的 YAML", "not valid YAML")) from error
    except ValueError as error:  # a plain 2011-06-31
        line = next((n for n, text in enumerate(data.splitlines(), 1) if text.startswith(b"as_of")), 1)
        raise _wrong(manifest, line, Text("没有这样的日期", "there is no such day")) from error


def _checked(manifest: Path) -> dict:
    from ruamel.yaml.comments import CommentedMap

    content = _content(manifest) or CommentedMap()
    if not isinstance(content, CommentedMap):
        raise _wrong(manifest, 1, Text("应为“键: 值”", "expected key: value"))
    values: dict = {}
    for key, value in content.items():
        line = content.lc.key(key)[0] + 1
        if key in ("title", "notice"):
            values[key] = _bilingual(manifest, line, key, value)
        elif key == "as_of" and type(value) is dt.date:
            values[key] = value
        elif key == "as_of":
            raise _wrong(
                manifest,
                line,
                Text(f"as_of 应为日期，如 2011-06-30，而不是“{value}”", f"as_of must be a day such as 2011-06-30, not '{value}'"),
            )
        else:
            raise _wrong(manifest, line, Text(f"不认识的键 {key}", f"unknown key {key}"))
    return values


def _bilingual(manifest: Path, line: int, key: str, value: object) -> Text:
    if isinstance(value, dict) and set(value) == {"zh", "en"}:
        zh, en = (without_controls(str(value[lang])).strip() for lang in ("zh", "en"))
        return Text(zh, en)
    raise _wrong(manifest, line, Text(f"{key} 要写 zh 和 en 两种文字", f"{key} needs the two texts zh and en"))


def _wrong(manifest: Path, line: int, what: Text) -> UsageError:
    fix = Text("可用的键：title、notice（各有 zh、en）、as_of", "the keys are title and notice (each with zh and en) and as_of")
    return UsageError(what, where=Place(manifest.name, line=line), fix=fix)
