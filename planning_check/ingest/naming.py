"""Names of projects and communities: when two of them say the same, and which headings hold them where a register has no id."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from planning_check.following import follows
from planning_check.ingest.plain import plain
from planning_check.ingest.traditional import simplified
from planning_check.ingest.wording import heading
from planning_check.schema import BY_NAME

#: Id -> the table that registers it, and its name there.
REGISTERS = {"project_id": ("projects", "project_name"), "community_code": ("communities", "community_name")}
REGISTERED = frozenset(table for table, _ in REGISTERS.values())
#: Headings of a name besides the register's own words for it; a bare 名称 may be of anything.
_HEADINGS = {"project_id": "所属项目|所在项目|开发项目", "community_code": "所属社区|所在社区|社区居委会"}
_ANYTHING = ("名称",)

_NUMERALS = "一二三四五六七八九十"
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")
_PHASE = re.compile(rf"(?<![0-9a-z{_NUMERALS}、,，;；~～\-—至和及])第?([{_NUMERALS}]{{1,3}}|\d{{1,2}}|[ivx]{{1,4}})期(?:工程)?")
_ANY_PHASE = re.compile(rf"期\d+期|[{_NUMERALS}0-9]+期")
_PUNCTUATION = re.compile(r"[()\[\]【】{}<>《》“”\"'‘’·•.。、,，;；:：\-_~～/\\|+&#]")
_TAIL = re.compile(r"(?<=.)(?:建设|房地产开发|开发|住宅)?(?:项目|工程)$")
_COMMITTEE = re.compile(r"(?<=.)(?:居民委员会|居委会|社区工作站)$")
_STREET = re.compile(r"^.{1,8}?(?:街道办事处|街道办|街道)(?=.{2,})")


def _numeral(text: str) -> int | None:
    """A phase's number: 二, 12, 十二, ii; None for what is none (一二)."""
    if text.isdigit():
        return int(text)
    if text in _ROMAN:
        return _ROMAN.index(text) + 1
    tens, ten, ones = text.partition("十")
    if not ten:
        return _NUMERALS.index(text) + 1 if len(text) == 1 else None
    if len(tens) > 1 or len(ones) > 1:
        return None
    return (_NUMERALS.index(tens) + 1 if tens else 1) * 10 + (_NUMERALS.index(ones) + 1 if ones else 0)


def _phase(found: re.Match[str]) -> str:
    number = _numeral(found[1])
    return f"期{number}期" if number else found[0]


def name_key(name: str, field: str) -> str:
    """What two ways to write one name have in common: characters, width, brackets, the numeral of a phase, 项目 at the end.

    ``河畔一号（Ⅱ期）`` and ``河畔一号二期项目`` are one; phases that differ, and a name with and without a phase, are not.
    """
    word = plain(simplified(unicodedata.normalize("NFKC", name)))
    if field == "community_code":
        word = _COMMITTEE.sub("", _PUNCTUATION.sub("", _STREET.sub("", word)))
        return word.removesuffix("社区") or word
    return _TAIL.sub("", _PUNCTUATION.sub("", _PHASE.sub(_phase, word) if "期" in word else word))


def base_of(key: str) -> str:
    """A project's key without the phase: what its phases have in common."""
    return (_ANY_PHASE.sub("", key) if "期" in key else key) or key


@follows
@cache
def name_headings(field: str) -> frozenset[str]:
    """The headings that hold the name of what ``field`` is the id of."""
    table, name = REGISTERS[field]
    spec = BY_NAME[table].field(name)
    words = (spec.label.zh, spec.label.en, spec.name, *spec.aliases, *_HEADINGS[field].split("|"))
    return frozenset(heading(word) for word in words if word not in _ANYTHING)


def named_by(table: str, text: str) -> str:
    """The id that a heading gives the names of, in a table that only refers to the register; else ''."""
    fields = {f.name for f in BY_NAME[table].fields}
    word = heading(text)
    return next((f for f, (register, _) in REGISTERS.items() if f in fields and table != register and word in name_headings(f)), "")
