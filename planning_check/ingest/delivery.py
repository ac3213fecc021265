"""A delivery: the files that a run reads, and the optional manifest ``delivery.yaml`` beside them."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from planning_check.errors import Place, SourceError, Text, UsageError

MANIFEST = "delivery.yaml"
#: Files that belong to another file or to nobody: sidecars, notes, scripts, the tool's own database.
_SIDECARS = (".shx", ".prj", ".cpg", ".qpj", ".sbn", ".sbx", ".qix", ".qmd", ".qml", ".aux", ".xml")
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
    """One file: where it is, and the name it goes by in every report."""

    path: Path
    name: str


def find_files(paths: Sequence[Path]) -> list[File]:
    """The files of the delivery, by name. Folders are searched; a file that is named is always taken."""
    found: dict[Path, File] = {}
    for path in paths:
        if not path.exists():
            raise SourceError(
                Text("找不到这个文件或文件夹", "no such file or folder"),
                where=Place(str(path)),
                fix=Text("检查路径，或用引号括起含空格的路径", "check the path; put quotes around one that has spaces"),
            )
        prefix = f"{path.name}/" if len(paths) > 1 and path.is_dir() else ""
        inside = _inside(path) if path.is_dir() else [path]
        for one in inside:
            name = prefix + one.relative_to(path).as_posix() if path.is_dir() else one.name
            found.setdefault(one.resolve(), File(one, name))
    return sorted(_told_apart(found.values()), key=lambda f: (f.name, str(f.path)))


def _told_apart(files: Iterable[File]) -> list[File]:
    """Files of one name go by as many of their folders as it takes: reports, digests and keys know a file by its name."""
    told = list(files)
    while len(alike := Counter(f.name for f in told)) < len(told):
        told = [_longer(f) if alike[f.name] > 1 else f for f in told]
    return told


def _longer(file: File) -> File:
    """The file with one more of its folders in its name."""
    parts = file.path.resolve().parts
    return File(file.path, "/".join(parts[-2 - file.name.count("/") :]))


def _inside(folder: Path) -> list[Path]:
    found = []
    for path in sorted(folder.iterdir()):
        if path.name.startswith((".", "~$")):
            continue
        if path.is_dir() and path.suffix.lower() != ".gdb":
            found += _inside(path)
        elif not _ignored(path):
            found.append(path)
    return found


def _ignored(path: Path) -> bool:
    if path.name.upper().startswith("README") or path.suffix.lower() in _IGNORED:
        return True
    return path.suffix.lower() == ".dbf" and any(path.with_suffix(s).exists() for s in (".shp", ".SHP"))


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


def _checked(manifest: Path) -> dict:
    from ruamel.yaml import YAML
    from ruamel.yaml.comments import CommentedMap
    from ruamel.yaml.error import MarkedYAMLError

    try:
        content = YAML().load(manifest.read_text("utf-8")) or CommentedMap()
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise _wrong(manifest, line, Text("不是合法的 YAML", "not valid YAML")) from error
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
        return Text(str(value["zh"]).strip(), str(value["en"]).strip())
    raise _wrong(manifest, line, Text(f"{key} 要写 zh 和 en 两种文字", f"{key} needs the two texts zh and en"))


def _wrong(manifest: Path, line: int, what: Text) -> UsageError:
    fix = Text("可用的键：title、notice（各有 zh、en）、as_of", "the keys are title and notice (each with zh and en) and as_of")
    return UsageError(what, where=Place(manifest.name, line=line), fix=fix)
