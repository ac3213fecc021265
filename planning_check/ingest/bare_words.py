"""Headings that leave out which kind they are (楼层, 总建筑面积, 备案日期) in a sheet that is about another kind than the field of
that word: beside 备案面积 and 备案楼栋 a 楼层 is as likely the 备案楼层."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from planning_check.following import follows
from planning_check.ingest.plain import plain
from planning_check.ingest.wording import heading, worded
from planning_check.schema import BY_NAME, Field

_AT_LEAST = 2  # headings of the other kind, where both kinds are one bureau's


def doubted(table: str, headings: Mapping[str, str]) -> dict[str, str]:
    """Of the fields of a sheet (field -> its heading) those whose heading may as well mean another field, which the sheet has not:
    that one.

    It may where that one's name is the same word with its kind in front, other headings of the same bureau have that kind in front, too
    (two of them, where the field itself is that bureau's), and nothing but keys is of the field's own bureau without it."""
    spec = {f.name: f for f in BY_NAME[table].fields}
    said = {name: heading(text) for name, text in headings.items()}
    bare = {
        name: [(o, kind) for o, kind in _longer(table, name, text) if o not in said] for name, text in said.items() if not spec[name].need
    }
    found = {}
    for name, others in bare.items():
        for other, kind in others:
            rest = {n: text for n, text in said.items() if n != name and not spec[n].need}
            of_kind = {n for n, text in rest.items() if text.startswith(kind) and spec[n].owner == spec[other].owner}
            own = [n for n in rest if spec[n].owner == spec[name].owner and not said[n].startswith(kind) and not bare.get(n)]
            if not own and len(of_kind) >= (_AT_LEAST if spec[other].owner == spec[name].owner else 1):
                found[name] = other
    return found


@follows
@cache
def _longer(table: str, name: str, text: str) -> tuple[tuple[str, str], ...]:
    """The other fields whose name is this heading with something in front, and what."""
    ways = {text.split("(", maxsplit=1)[0], worded(text.split("(", maxsplit=1)[0])}
    return tuple(
        (other.name, word.removesuffix(way))
        for other in BY_NAME[table].fields
        if other.name != name and not other.need and other.type == BY_NAME[table].field(name).type
        for word in _words(other)
        for way in ways
        if way and word != way and word.endswith(way)
    )


def _words(field: Field) -> set[str]:
    """Its names, as they are and in one wording."""
    plainly = {plain(word) for word in (field.label.zh, *field.aliases)}
    return plainly | {worded(word) for word in plainly}
