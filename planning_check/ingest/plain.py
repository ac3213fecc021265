"""Text as it is compared: full-width letters made half-width, white space taken out, small letters.

Every function comes in Python (for headers and choice labels) and in SQL (for cells), and both do the same.
"""

from __future__ import annotations

_FULL_WIDTH = {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_MINUS = {"\u2212": "-"}
#: Everything that a person sees as blank: spaces, tabs, line breaks, the ideographic space, no-break and zero-width ones.
WHITESPACE = " \t\r\n\u3000\u00a0\u200b\ufeff"
_MAPPED = {**_FULL_WIDTH, **_MINUS}
_TABLE = str.maketrans({**_MAPPED, **dict.fromkeys(WHITESPACE, None)})
_CODE_WIDTH = {full: half for full, half in _MAPPED.items() if half.isalnum() or half == "-"}
_SPACE = r"[ \t\r\n\x{3000}\x{A0}\x{200B}\x{FEFF}]"
_MESSY = _SPACE[:-1] + r"\x{2212}\x{FF01}-\x{FF5E}]"


def plain(text: str) -> str:
    """The text as it is compared with labels and units."""
    return text.translate(_TABLE).lower()


def quoted(text: str) -> str:
    """An SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


def name(identifier: str) -> str:
    """A quoted SQL name (fields are called ``on`` and ``use``)."""
    return '"' + identifier.replace('"', '""') + '"'


def names(identifiers: list[str] | tuple[str, ...]) -> str:
    return ", ".join(name(i) for i in identifiers)


def plain_sql(expression: str) -> str:
    """SQL for :func:`plain`. ``translate`` is slow, so it runs only on text that needs it."""
    source = quoted("".join(_MAPPED) + WHITESPACE)
    target = quoted("".join(_MAPPED.values()))
    messy = quoted(_MESSY)
    return f"CASE WHEN regexp_matches({expression}, {messy}) THEN lower(translate({expression}, {source}, {target})) ELSE lower({expression}) END"


def trimmed_sql(expression: str) -> str:
    """SQL for the text without white space around it. (The pattern costs a third of ``trim`` and is nearly always the end of it.)"""
    return (
        f"CASE WHEN regexp_matches({expression}, '^{_SPACE}|{_SPACE}$') THEN trim({expression}, {quoted(WHITESPACE)}) ELSE {expression} END"
    )


def not_blank_sql(expression: str) -> str:
    """SQL: whether a person sees anything there."""
    return f"NOT regexp_full_match({expression}, '{_SPACE}*')"


def code_sql(expression: str) -> str:
    """SQL for a code: half-width letters and digits, no white space around it; everything else as delivered."""
    source, target = quoted("".join(_CODE_WIDTH)), quoted("".join(_CODE_WIDTH.values()))
    narrow = f"translate(trim({expression}, {quoted(WHITESPACE)}), {source}, {target})"
    return f"CASE WHEN regexp_matches({expression}, {quoted(_MESSY)}) THEN {narrow} ELSE {expression} END"


def mapping_sql(expression: str, values: dict[str, str]) -> str:
    """SQL that looks a plain text up in a small dictionary (NULL where it is not there)."""
    if not values:
        return "CAST(NULL AS VARCHAR)"
    whens = " ".join(f"WHEN {quoted(k)} THEN {quoted(v)}" for k, v in values.items())
    return f"CASE {expression} {whens} END"
