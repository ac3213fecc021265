"""Delimited text: its encoding and separator by evidence, and what was taken for granted is said."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from planning_check.errors import Text
from planning_check.ingest.kinds import unmarked_utf16
from planning_check.ingest.limits import BeyondLimits, size_told
from planning_check.ingest.plain import without_controls
from planning_check.ingest.sheets import FileProblem, Sheet

MOST_TEXT_BYTES = 1 << 30  # it takes several times that of memory
_SEPARATORS = {",": Text("逗号", "commas"), "\t": Text("制表符", "tabs"), ";": Text("分号", "semicolons"), "|": Text("竖线", "bars")}
_USUAL = {".csv": ",", ".tsv": "\t"}
#: What programs declare, and what they write.
_DECLARED = {"gb2312": "gb18030", "gbk": "gb18030", "gb_2312-80": "gb18030", "unicode": "utf-16", "big5-hkscs": "big5hkscs"}
#: Two bytes that are a common character of each encoding: level 1 of GB 2312 and of Big5; and all two-byte characters.
_PAIRS = re.compile(rb"[\x81-\xfe][\x40-\x7e\x80-\xfe]")
_COMMON_GB, _COMMON_BIG5 = re.compile(rb"[\xa1-\xa3\xb0-\xd7][\xa1-\xfe]"), re.compile(rb"[\xa1-\xc6][\x40-\x7e\xa1-\xfe]")


def whole(path: Path, most: int = MOST_TEXT_BYTES) -> bytes:
    """The bytes of a file. Raises FileProblem for one that is too large."""
    if path.stat().st_size > most:
        said, limit = size_told(path.stat().st_size), size_told(most)
        raise BeyondLimits(Text(f"文字文件太大（{said}，最多 {limit}）", f"too large for a text file ({said}, at most {limit})"))
    return path.read_bytes()


def read_text(path: Path) -> Sheet:
    """The one sheet of a delimited text file."""
    data = whole(path)
    if not data.startswith((b"\xff\xfe", b"\xfe\xff")) and unmarked_utf16(data[:65_536]) is None and data.count(0) * 2 > len(data):
        raise FileProblem("unreadable_file", Text("内容大半是空字符（NUL），不是文字", "more than half of it is NUL, which is no text"))
    text, encoding = decoded(data)
    text = without_controls(text)
    if not text.strip():
        raise FileProblem("empty_file")
    csv.field_size_limit(2**31 - 1)
    delimiter, usual = _separator(text, path.suffix.lower())
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    notes = []
    if encoding in ("big5", "big5hkscs", "utf-16-le", "utf-16-be"):
        notes.append(("text_read_as", _evidence(encoding)))
    if delimiter != usual:
        told = _SEPARATORS[delimiter]
        notes.append(("text_read_as", Text(f"以{told.zh}分隔的文字", f"text separated by {told.en}")))
    return Sheet("", _text_rows(reader), encoding=encoding, delimited=True, notes=notes)


def _separator(text: str, ending: str) -> tuple[str, str]:
    """The separator of the first lines, and the usual one of the ending."""
    start = text.split("\n", 10)[:10]
    counts = {d: sum(line.count(d) for line in start) for d in _SEPARATORS}
    usual = _USUAL.get(ending, ",")
    if ending == ".tsv" or not any(counts.values()):
        return usual, usual
    return max(counts, key=lambda d: (counts[d], d == usual)), usual


def _evidence(encoding: str) -> Text:
    if encoding.startswith("big5"):
        return Text("Big5（繁体）文字：按它读，用字都是常用字，按 GB18030 读则多是生僻字",
                    "Big5 (Traditional) text: read so its characters are common ones, read as GB18030 mostly rare ones")  # fmt: skip
    return Text("没有标记的 UTF-16 文字：半角字符各占两个字节", "UTF-16 text without its mark: every ASCII letter takes two bytes")


def _text_rows(reader: Any) -> Iterator[list[str]]:
    """Rows of a delimited file. An unclosed quote would swallow every row after it, so it stops the file."""
    try:
        yield from reader
    except csv.Error as error:
        place = f"{reader.line_num}"
        raise FileProblem("unreadable_file", Text(f"第 {place} 行附近引号不成对", f"quotes do not match near line {place}")) from error


def decoded(data: bytes, declared: str = "") -> tuple[str, str]:
    """The text and the encoding that it proved to be in: UTF-16 by its mark or its NULs, what was ``declared``, UTF-8,
    Big5 where the bytes say so, else GB18030. Raises FileProblem where none fits."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        choices = ["utf-16"]
    elif data.startswith(b"\xef\xbb\xbf"):
        choices = ["utf-8-sig"]
    elif unmarked := unmarked_utf16(data[:65_536]):
        choices = [unmarked]
    else:
        named = _DECLARED.get(declared.lower(), declared.lower())
        choices = [*filter(None, [named]), "utf-8", *(["big5", "big5hkscs"] if _looks_big5(data) else []), "gb18030"]
    for encoding in choices:
        try:
            return data.decode(encoding), encoding
        except (UnicodeDecodeError, LookupError):
            continue
    raise FileProblem("text_encoding", _why_not(data))


def _looks_big5(data: bytes) -> bool:
    """Whether nearly all characters are common ones of Big5 and few would be common ones of GB 2312.
    (Nearly every pair of bytes is a character of either; it takes a few of them to tell.)"""
    try:
        data.decode("big5hkscs")
    except UnicodeDecodeError:
        return False
    pairs = _PAIRS.findall(data[: 1 << 20])
    if len(pairs) < 4:
        return False
    common_gb, common_big5 = (sum(1 for pair in pairs if common.fullmatch(pair)) / len(pairs) for common in (_COMMON_GB, _COMMON_BIG5))
    return common_big5 > 0.95 and common_gb < 0.6


def _why_not(data: bytes) -> Text:
    """What is wrong, with the line, where nearly all of it is UTF-8."""
    text = data.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    if bad * 100 > max(len(text), 1) or data.isascii():
        return Text("既不是 UTF-8，也不是 GB18030 或 Big5", "the text is neither UTF-8 nor GB18030 nor Big5")
    line = text.count("\n", 0, text.index("\ufffd")) + 1
    return Text(
        f"是 UTF-8，但第 {line} 行有不成字的字节（共 {bad} 处）", f"UTF-8, but for bytes on line {line} that are no letter ({bad} in all)"
    )
