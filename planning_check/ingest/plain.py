"""Text as it is compared: full-width letters made half-width, one hyphen for all dashes, nothing that has no glyph, small letters.

Every function comes in Python (for headers and choice labels) and in SQL (for cells), and both do the same.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from planning_check.sql import quoted

#: Everything that a person sees as blank: spaces, tabs, line breaks, the ideographic space, no-break, thin and other spaces.
WHITESPACE = "\t\n\v\f\r \x85\xa0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u2028\u2029\u202f\u205f\u3000"
#: Code points without a glyph (first, last): control characters, soft hyphen, marks of direction and joining, variation selectors.
_UNSEEN = (
    (0x00, 0x08), (0x0E, 0x1F), (0x7F, 0x84), (0x86, 0x9F), (0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C), (0x180B, 0x180E),
    (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF), (0xFFF9, 0xFFFB),
    (0xE0001, 0xE007F), (0xE0100, 0xE01EF),
)  # fmt: skip
#: Those of them that no text has a use for: a terminal would obey them, and PostgreSQL holds no NUL. They are taken out as a file is read.
_CONTROLS = ((0x00, 0x08), (0x0E, 0x1F), (0x7F, 0x7F))
HYPHENS = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"
_FULL_WIDTH = {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
#: Characters that look like another one and come with text taken from old files: radicals, compatibility ideographs.
_TWINS = {
    chr(code): twin
    for first, last in ((0x2F00, 0x2FD5), (0xF900, 0xFAD9))
    for code in range(first, last + 1)
    if len(twin := unicodedata.normalize("NFKC", chr(code))) == 1 and twin != chr(code)
}
_MAPPED = {**_FULL_WIDTH, **dict.fromkeys(HYPHENS, "-")}
_CODE_MAPPED = {full: half for full, half in _MAPPED.items() if half.isalnum() or half == "-"}
_TABLE = str.maketrans({**_TWINS, **_MAPPED, **dict.fromkeys(WHITESPACE)})


def _class(characters: Iterable[str | tuple[int, int]]) -> str:
    """The inside of a character class of RE2 and of Python alike."""
    spans = [(ord(c), ord(c)) if isinstance(c, str) else c for c in characters]
    return "".join(rf"\x{{{a:X}}}-\x{{{b:X}}}" if a != b else rf"\x{{{a:X}}}" for a, b in spans)


UNSEEN = f"[{_class(_UNSEEN)}]"
#: Nothing to see: white space or no glyph at all.
BLANK = f"[{_class([*WHITESPACE, *_UNSEEN])}]"
_AROUND = f"^{BLANK}+|{BLANK}+$|{UNSEEN}"
#: What programs put around a text so that a spreadsheet keeps it as it is: ="0012", '0012, "0012". (That of a blank: ="".)
_WRAP = '^(?:[=＝]["＂]([^"＂]*)["＂]|["＂]([^"＂]+)["＂]|[\'＇‘’]([^\'＇‘’]+)[\'＇’]?)$'
_WRAPPED = r"\1\2\3"
_WRAP_PYTHON = re.compile(_WRAP)
_ODD = f"[{_class(c for c in WHITESPACE if not c.isascii())}]"
_TWIN = f"[{_class([(0x2F00, 0x2FD5), (0xF900, 0xFAD9)])}]"
_WIDE = f"[{_class([*HYPHENS, (0xFF01, 0xFF5E)])}]"
_UNCODED = f"{_AROUND}|[{_class(c for c in WHITESPACE if c != ' ')}]"
_MESSY = f"^[=＝\"＂'＇‘’]|[{_class([*WHITESPACE, *_UNSEEN, *HYPHENS, (0xFF01, 0xFF5E), (0x2F00, 0x2FD5), (0xF900, 0xFAD9)])}]"
_UNSEEN_IN_PYTHON = "".join(f"{re.escape(chr(a))}-{re.escape(chr(b))}" for a, b in _UNSEEN)
_UNSEEN_PYTHON = re.compile(f"[{_UNSEEN_IN_PYTHON}]")
_CONTROL = f"[{_class(_CONTROLS)}]"
_CONTROL_PYTHON = re.compile("[" + "".join(f"{re.escape(chr(a))}-{re.escape(chr(b))}" for a, b in _CONTROLS) + "]")
_VISIBLE = re.compile(f"[^{re.escape(WHITESPACE)}{_UNSEEN_IN_PYTHON}]")


def plain(text: str) -> str:
    """The text as it is compared with labels and units."""
    return _WRAP_PYTHON.sub(_WRAPPED, _UNSEEN_PYTHON.sub("", text).translate(_TABLE)).lower()


def without_controls(text: str) -> str:
    """The text as a person sees it: without the control characters that are no white space."""
    return text if text.isprintable() else _CONTROL_PYTHON.sub("", text)


def without_controls_sql(expression: str) -> str:
    """SQL for :func:`without_controls`."""
    return f"CASE WHEN regexp_matches({expression}, {quoted(_CONTROL)}) THEN {_without(expression, _CONTROL)} ELSE {expression} END"


def is_blank(text: str) -> bool:
    """Whether nothing of the text can be seen. (A letter or digit at its beginning, which nearly every text has, can.)"""
    return not text[:1].isalnum() and _VISIBLE.search(text) is None


def _translated(expression: str, pattern: str, mapped: dict[str, str]) -> str:
    """SQL that maps single characters. ``translate`` is slow, the more so the longer its table, and runs only on what needs it."""
    changed = f"translate({expression}, {quoted(''.join(mapped))}, {quoted(''.join(mapped.values()))})"
    return f"CASE WHEN regexp_matches({expression}, {quoted(pattern)}) THEN {changed} ELSE {expression} END"


def _without(expression: str, pattern: str) -> str:
    return f"regexp_replace({expression}, {quoted(pattern)}, '', 'g')"


def _unwrapped(expression: str) -> str:
    return f"regexp_replace({expression}, {quoted(_WRAP)}, {quoted(_WRAPPED)})"


def _one_kind_of_space(expression: str) -> str:
    return (
        f"CASE WHEN regexp_matches({expression}, {quoted(_ODD)}) "
        f"THEN regexp_replace({expression}, {quoted(_ODD)}, ' ', 'g') ELSE {expression} END"
    )


def _mended(expression: str, wide: dict[str, str], *, where: str, dropped: str) -> str:
    """SQL: ``dropped`` taken out and twins and wide characters mapped, where the text has anything of it; else as it is.

    (Written as one step after another on a list of one, so that no step is repeated inside the next.)
    """
    steps = f"[{_without(expression, dropped)}]"
    for pattern, mapped in ((_WIDE, wide), (_TWIN, _TWINS)):
        steps = f"list_transform({steps}, lambda x: {_translated('x', pattern, mapped)})"
    steps = f"list_transform({steps}, lambda x: {_unwrapped('x')})"
    return f"CASE WHEN regexp_matches({expression}, {quoted(where)}) THEN {steps}[1] ELSE {expression} END"


def plain_sql(expression: str) -> str:
    """SQL for :func:`plain`."""
    return f"lower({_mended(expression, _MAPPED, where=_MESSY, dropped=BLANK)})"


def trimmed_sql(expression: str) -> str:
    """SQL for the text without white space around it and what has no glyph; inside, every odd space is a plain one."""
    where = quoted(f"^[=＝\"＂'＇‘’]|{_AROUND}|{_ODD}")
    clean = _unwrapped(_one_kind_of_space(_without(expression, _AROUND)))
    return f"CASE WHEN regexp_matches({expression}, {where}) THEN {clean} ELSE {expression} END"


def is_clean_sql(expression: str) -> str:
    """SQL: neither as a code nor as a text is there anything to mend."""
    return f"NOT regexp_matches({expression}, {quoted(f'{_MESSY}|{_AROUND}|{_ODD}')})"


def not_blank_sql(expression: str) -> str:
    """SQL: whether a person sees anything there."""
    return f"NOT regexp_full_match({expression}, {quoted(f'{BLANK}*')})"


def code_sql(expression: str) -> str:
    """SQL for a code: half-width letters and digits, one hyphen, no white space but plain spaces inside it; everything else as delivered.

    Not all of NFKC: a note number (``P01①``) is no part of the code, but no digit of it either.
    """
    return _mended(expression, _CODE_MAPPED, where=_MESSY, dropped=_UNCODED)


def mapping_sql(expression: str, values: dict[str, str]) -> str:
    """SQL that looks a plain text up in a small dictionary (NULL where it is not there)."""
    if not values:
        return "CAST(NULL AS VARCHAR)"
    whens = " ".join(f"WHEN {quoted(k)} THEN {quoted(v)}" for k, v in values.items())
    return f"CASE {expression} {whens} END"
