"""Small breaks of a module of the engine, one at a time: see ``tests/mutations_engine.py``."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "planning_check"

SWAPS = {
    "<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "==", "+": "-", "-": "+", "*": "+", "//": "*", "%": "+",
    "and": "or", "or": "and", "not": "", "True": "False", "False": "True", "min": "max", "max": "min", "any": "all", "all": "any",
    "ROUND_HALF_UP": "ROUND_DOWN", "hi": "sql",
}  # fmt: skip
#: in SQL: what is looked for, and what stands there instead
IN_SQL: tuple[tuple[str, str], ...] = (
    (r"<=", "<"), (r"(?<![<>=])<(?![=>])", "<="), (r">=", ">"), (r"(?<![<=>-])>(?![=])", ">="),
    (r"(?<![<>=!:])=(?![=>])", "<>"), (r"<>", "="),
    (r"\bAND\b", "OR"), (r"\bOR\b(?! REPLACE)", "AND"), (r"\bNOT (?!MATERIALIZED)", ""), (r"\bIS NOT NULL\b", "IS NULL"),
    (r"\bIS NULL\b", "IS NOT NULL"),
    (r"\bleast\b", "greatest"), (r"\bgreatest\b", "least"), (r"\bmin\(", "max("), (r"\bmax\(", "min("),
    (r"_lo\b", "_hi"), (r"_hi\b", "_lo"),
    (r"\bbool_and\b", "bool_or"), (r"\bbool_or\b", "bool_and"), (r" DESC\b", ""), (r" FILTER \((?:[^()]|\([^()]*\))*\)", ""),
    (r"\bcoalesce\(([^(),]+), [^(),]+\)", r"\1"), (r"\bLEFT JOIN\b", "JOIN"), (r"\bUNION\b(?! ALL)", "UNION ALL"), (r"\bDISTINCT ", ""),
    (r" \+ ", " - "), (r" - ", " + "), (r"(?<![\w.:'])\d+(?![\w.'])", "+1"), (r"\btrue\b", "false"), (r"\bfalse\b", "true"),
)  # fmt: skip
_IS_SQL = re.compile(
    r"\b(SELECT|CASE|WHEN|FROM|CAST|JOIN|ELSE|NULL|IS NULL|COALESCE|coalesce|list_filter|list_contains|list_has_any|date_diff)\b| // "
)
_SPOKEN = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True)
class Mutant:
    """A module with one thing broken: the name says where and what, without line numbers, so that it stands when lines move."""

    module: str
    name: str
    text: str


def mutants(module: str) -> list[Mutant]:
    source = (PACKAGE / module).read_text("utf-8")
    spots = _in_sql(source, 0) if module.endswith(".sql") else _in_python(source)
    found: dict[str, Mutant] = {}
    for start, end, new in spots:
        line_start, line_end = source.rfind("\n", 0, start) + 1, source.find("\n", end)
        line = f"{source[line_start:start]}«{source[start:end]}→{new}»{source[end : line_end if line_end >= 0 else None]}".strip()
        name, number = line, 2
        while name in found:
            name, number = f"{line} ({number})", number + 1
        found[name] = Mutant(module, name, source[:start] + new + source[end:])
    return list(found.values())


def _in_python(source: str) -> Iterator[tuple[int, int, str]]:
    """Places in code, and in the strings that hold SQL; not in what is said to people, in docstrings or imports."""
    offsets = [0]
    for line in source.splitlines(keepends=True):
        offsets.append(offsets[-1] + len(line))
    offsets.append(offsets[-1])
    before = None
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        start, end = (offsets[row - 1] + column for row, column in (token.start, token.end))
        line = source[offsets[token.start[0] - 1] : offsets[token.start[0]]]
        is_docstring = token.type == tokenize.STRING and (before is None or before.type in (tokenize.INDENT, tokenize.NEWLINE, tokenize.NL))
        if token.type == tokenize.STRING:
            if not is_docstring and _IS_SQL.search(token.string) and not _SPOKEN.search(token.string):
                yield from _in_sql(token.string, start)
            elif token.string.startswith("f"):
                yield from _in_braces(token.string, start)
        elif not line.lstrip().startswith(("import ", "from ", "@")):
            if token.type == tokenize.NUMBER and token.string.isdigit():
                yield start, end, str(int(token.string) + 1)
            elif token.string in SWAPS and not (token.string in "*-+" and _is_sign(before)) and not _is_keyword_argument(source, start):
                yield start, end, SWAPS[token.string]
        if token.type not in (tokenize.COMMENT,):
            before = token


def _in_braces(text: str, offset: int) -> Iterator[tuple[int, int, str]]:
    """The code inside a formatted string."""
    for braces in re.finditer(r"\{[^{}]*\}", text):
        for match in re.finditer(r"==|\bnot\b|\bif\b (?=\w)|(?<![\w.:'])\d+(?![\w.'%])", braces.group()):
            word = match.group()
            new = {"==": "!=", "not": "", "if ": "if not "}.get(word)
            new = str(int(word) + 1) if new is None else new
            yield offset + braces.start() + match.start(), offset + braces.start() + match.end(), new


def _is_sign(before: tokenize.TokenInfo | None) -> bool:
    """Whether an operator after this token has nothing on its left: a sign, or a star before arguments."""
    return (
        before is None
        or before.string in "([{,=:"
        or before.type in (tokenize.NEWLINE, tokenize.INDENT)
        or before.string in ("return", "in")
    )


def _is_keyword_argument(source: str, start: int) -> bool:
    """``hi=…`` names an argument; only ``.hi`` is read."""
    return source.startswith("hi", start) and source[start - 1] != "."


def _in_sql(text: str, offset: int) -> Iterator[tuple[int, int, str]]:
    dead = [m.span() for m in re.finditer(r"--[^\n]*", text)]
    for pattern, new in IN_SQL:
        for match in re.finditer(pattern, text):
            if any(a <= match.start() < b for a, b in dead):
                continue
            given = str(int(match.group()) + 1) if new == "+1" else match.expand(new)
            yield offset + match.start(), offset + match.end(), given
