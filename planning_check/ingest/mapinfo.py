"""What MapInfo layers (.tab, .mif) say of themselves: where their content is, and the encoding of their texts, often a wrong one."""

from __future__ import annotations

import re
from pathlib import Path

from planning_check.errors import Text
from planning_check.ingest.dbf import Attributes, beside
from planning_check.ingest.kinds import Kind
from planning_check.ingest.markup import MOST_BYTES
from planning_check.ingest.sheets import FileProblem
from planning_check.ingest.texts import decoded, whole

PARTS = {"tab": (".dat", ".map", ".id", ".ind"), "mif": (".mid",)}
_NEEDED = {"tab": (".dat", ".map", ".id"), "mif": (".mid",)}
_HEAD, _LONGEST_TAB = 65_536, 1 << 20
_CHARSET = re.compile(rb'(charset\s+"?)([\w.-]+)', re.I)
#: Those that tell letters of Chinese; of any other the letters themselves say what they are.
_TOLD = (b"windowssimpchinese", b"windowstradchinese", b"utf-8")
_NAMES = {"utf-8": b"UTF-8", "gb18030": b"WindowsSimpChinese", "big5": b"WindowsTradChinese", "big5hkscs": b"WindowsTradChinese"}
#: A table that is kept in the files of its own name, and words of one that names others.
_OWN, _ELSEWHERE = re.compile(rb"^\s*type\s+native\b", re.I | re.M), re.compile(rb"create\s+view|open\s+table|isseamless", re.I)


def rewritten(path: Path, kind: Kind) -> bytes | None:
    """The .tab or .mif with the encoding that its texts are in, where it says another or none; else None. Raises FileProblem for one
    without its parts or whose content is in files of other names."""
    head = whole(path, _LONGEST_TAB) if kind.name == "tab" else _start(path)
    if kind.name == "tab" and (not _OWN.search(head) or _ELSEWHERE.search(head)):
        said = Text(
            "MapInfo 视图、无缝图层或链接，内容在别的文件里", "a MapInfo view, seamless table or link, whose content is in other files"
        )
        raise FileProblem("layer_file", said)
    lacking = [end for end in _NEEDED[kind.name] if beside(path, end) is None]
    if lacking:
        raise FileProblem("mapinfo_parts", Text(f"缺 {'、'.join(lacking)}", f"without {', '.join(lacking)}"))
    told = _CHARSET.search(head)
    if told is None or told[2].lower() in _TOLD:
        return None
    content = whole(path, MOST_BYTES)
    name = _NAMES.get(_encoding(content, path, kind))
    return _CHARSET.sub(rb"\1" + name, content[:_HEAD]) + content[_HEAD:] if name else None


def _start(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_HEAD)


def _encoding(content: bytes, path: Path, kind: Kind) -> str:
    """The encoding of names and values."""
    values = beside(path, _NEEDED[kind.name][0])
    if kind.name == "mif":
        return decoded(content + (whole(values, MOST_BYTES) if values else b""))[1]
    names = decoded(content)[1]
    return names if not content.isascii() or values is None else Attributes(values.read_bytes(), "").encoding
