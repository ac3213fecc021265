"""Windows over a single row, written without a window.

Most projects are a development of their own. A window function costs the same for each of them as for a development of many phases,
and of one row everybody knows the sum, the least and the last: its own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

WINDOW = " OVER ("
#: A development, or a project that is one of its own, in one reading of the law.
WHOLE = "PARTITION BY scenario, coalesce('d ' || development_id, project_id)"
ALONE = "development_id IS NULL"  # the only row of its whole
_BEFORE = "1 PRECEDING)"  # a frame that ends before the row itself: of a single row it is empty
_OWN = ("sum", "min", "max", "bool_and", "string_agg")  # of one row they are what that row has


def without_windows(layers: Sequence[Sequence[str]]) -> list[list[str]] | None:
    """The layers as they are for a row that is ``ALONE``; None if they hold a window that this does not know, or over another partition."""
    try:
        return [[_without(item) for item in layer] for layer in layers]
    except _UnknownWindowError:
        return None


class _UnknownWindowError(Exception):
    pass


def _without(item: str) -> str:
    while (at := item.find(WINDOW)) >= 0:
        end = _closing(item, at + len(WINDOW) - 1)
        if not item.startswith(WHOLE, at + len(WINDOW)):
            raise _UnknownWindowError
        start, arguments, condition = _called(item[:at])
        if item[:end].endswith(_BEFORE) or condition:
            value = f"(CASE WHEN {'false' if item[:end].endswith(_BEFORE) else condition} THEN {arguments} END)"
        else:
            value = f"({arguments})"
        item = item[:start] + value + item[end:]
    return item


def _called(text: str) -> tuple[int, str, str]:
    """Of a text that ends with an aggregate and perhaps its filter: where it begins, its first argument, and the condition."""
    begins, condition = len(text), ""
    opening = _opening(text)
    if text[:opening].endswith(" FILTER "):
        condition, begins = text[opening + 1 : -1], opening - len(" FILTER ")
        opening = _opening(text[:begins])
    name = re.search(r"\w+$", text[:opening])
    if name is None or name.group() not in _OWN:
        raise _UnknownWindowError
    return name.start(), _first(text[opening + 1 : begins - 1]), condition


def _depths(text: str) -> list[int]:
    """How many brackets are open after each character, those inside texts not counted; inside a text it is -1."""
    depth, quoted, depths = 0, False, []
    for character in text:
        if character == "'":
            quoted = not quoted
        elif not quoted:
            depth += (character == "(") - (character == ")")
        depths.append(-1 if quoted else depth)
    return depths


def _closing(text: str, opening: int) -> int:
    """The place behind the bracket that closes the one at ``opening``."""
    return opening + _depths(text[opening:]).index(0) + 1


def _opening(text: str) -> int:
    """The place of the bracket that the last character of the text closes."""
    depths = _depths(text)
    if not text.endswith(")") or depths[-1] < 0:
        raise _UnknownWindowError
    return max(at for at, depth in enumerate(depths) if depth == depths[-1] + 1 and text[at] == "(")


def _first(arguments: str) -> str:
    """The first of several arguments."""
    return next((arguments[:at] for at, depth in enumerate(_depths(arguments)) if depth == 0 and arguments[at] == ","), arguments)
