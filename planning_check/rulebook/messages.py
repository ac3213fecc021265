"""Texts with numbers put in: messages and cures compiled to SQL, in both languages.

``{name}`` puts a fact or a let in; ``[[name|text|otherwise]]`` says the text unless it is known that ``name`` does not hold, and then
the other, or nothing: what is not known is neither left out nor told as none.
"""

from __future__ import annotations

import re

from planning_check.errors import either
from planning_check.rulebook.nodes import Item, hint
from planning_check.rulebook.terms import Term
from planning_check.schema import ANY_DAY, Choice, is_year
from planning_check.sql import quoted

_FIELD = re.compile(r"\{([^{}]*)\}")
_CHOICE = re.compile(r"\[\[([^\[\]|]*)\|([^\[\]|]*)(?:\|([^\[\]|]*))?\]\]")
UNKNOWN = {"zh": "未知", "en": "unknown"}
#: a day, number of a document, name or code that the records do not state: left blank, or written so that nobody can tell
NOT_STATED = {"zh": "未载明", "en": "not stated"}


def date_text(lo: str, hi: str) -> str:
    """SQL: a day as 2009-05-04, a month as 2009-05, a year as 2009, anything else as first..last; NULL of what may be any day."""
    first, last = (
        f"CASE WHEN {end} = {day} THEN '' ELSE strftime({end}, '%Y-%m-%d') END" for end, day in zip((lo, hi), ANY_DAY, strict=True)
    )
    return (
        f"(CASE WHEN {lo} = {ANY_DAY[0]} AND {hi} = {ANY_DAY[1]} THEN NULL WHEN {lo} = {hi} THEN strftime({lo}, '%Y-%m-%d') "
        f"WHEN {lo} = date_trunc('month', {lo}) AND {hi} = last_day({lo}) THEN strftime({lo}, '%Y-%m') "
        f"WHEN strftime({lo}, '%m-%d') = '01-01' AND {hi} = {lo} + to_years(1) - to_days(1) THEN strftime({lo}, '%Y') "
        f"ELSE ({first}) || '..' || ({last}) END)"
    )


def plain_text(term: Term) -> str:
    """SQL: the term as text for the record: exact numbers without separators, codes as they are; NULL if unknown."""
    if term.kind == "date":
        return date_text(term.sql, term.hi)
    if term.kind == "list":
        return f"array_to_string({term.sql}, ',')"
    if term.kind == "number":
        return f"CAST({term.sql} AS VARCHAR)" if term.scale <= 2 else _trimmed(term.sql)
    return f"CAST({term.sql} AS VARCHAR)"


def _trimmed(sql: str) -> str:
    """SQL: a decimal with digits behind its point, without the zeros at its end."""
    return f"rtrim(rtrim(CAST({sql} AS VARCHAR), '0'), '.')"


def reader_text(name: str, term: Term, lang: str, choices: tuple[Choice, ...]) -> str:
    """SQL: the term as people read it: 1,234.50 for areas and money (by the unit in its name), labels for codes.

    A number or a yes that is not known is 未知/unknown, a day or a text 未载明/not stated.
    """
    if term.kind == "number":
        if name.endswith(("_m2", "_yuan")):
            shown = f"format('{{:,.2f}}', CAST({term.sql} AS DOUBLE))"
        elif is_year(name.rpartition(".")[2]):
            shown = f"CAST({term.sql} AS VARCHAR)"
        elif term.scale > 2:
            shown = _trimmed(term.sql)
        else:
            shown = f"format('{{:,.{term.scale}f}}', CAST({term.sql} AS DOUBLE))"
    elif term.kind == "bool":
        yes, no = either(lang, ("是", "否"), ("yes", "no"))
        shown = f"CASE {term.sql} WHEN true THEN '{yes}' WHEN false THEN '{no}' END"
    elif term.kind == "list":
        shown = _list_text(term, lang, choices)
    elif choices:
        whens = " ".join(f"WHEN {quoted(c.code)} THEN {quoted(c.label.get(lang))}" for c in choices)
        shown = f"CASE {term.sql} {whens} ELSE {term.sql} END"
    else:
        shown = plain_text(term)
    nothing = UNKNOWN if term.kind in ("number", "bool") else NOT_STATED
    return f"coalesce({shown}, '{nothing[lang]}')"


def _list_text(term: Term, lang: str, choices: tuple[Choice, ...]) -> str:
    """SQL: labels joined as the language joins a list, 无/none for an empty one."""
    whens = " ".join(f"WHEN {quoted(c.code)} THEN {quoted(c.label.get(lang))}" for c in choices)
    each = f"CASE c {whens} ELSE c END" if whens else "c"
    comma, none = either(lang, ("、", "无"), (", ", "none"))
    joined = f"array_to_string(list_transform({term.sql}, lambda c: {each}), '{comma}')"
    return f"(CASE len({term.sql}) WHEN 0 THEN '{none}' ELSE {joined} END)"


def names_in(template: str) -> list[str]:
    """The names that a template puts in or asks for."""
    return [name.strip() for name in _FIELD.findall(template) + [name for name, *_ in _CHOICE.findall(template)]]


def compile_template(item: Item, scope: dict[str, Term], choices: dict[str, tuple[Choice, ...]], lang: str) -> tuple[str, set[str]]:
    """SQL of one template, and the names that it puts in. An unknown field or condition stops the load at the template's line."""
    told = item.need(lang)
    template = told.text()
    if "[[" in _CHOICE.sub("", template) or "]]" in _CHOICE.sub("", template):
        raise told.fail(
            "“[[条件|文字|否则]]”写得不完整，或一个套在另一个里", "[[condition|text|otherwise]] is not complete, or stands inside another"
        )
    parts: list[str] = []
    used: set[str] = set()
    last = 0
    for match in _CHOICE.finditer(template):
        name = match.group(1).strip()
        if _known(name, told, scope).kind != "bool":
            raise told.fail(f"[[{name}|…]] 的条件不是“是/否”", f"the condition of [[{name}|...]] is no yes or no")
        plain, held, otherwise = (
            _filled(text, told, scope, choices, lang, used)
            for text in (template[last : match.start()], match.group(2), match.group(3) or "")
        )
        parts += [plain, f"CASE WHEN NOT {scope[name].sql} THEN {otherwise} ELSE {held} END"]
        used.add(name)
        last = match.end()
    parts.append(_filled(template[last:], told, scope, choices, lang, used))
    return " || ".join(p for p in parts if p != "''") or "''", used


def _filled(text: str, told: Item, scope: dict[str, Term], choices: dict[str, tuple[Choice, ...]], lang: str, used: set[str]) -> str:
    """SQL of a text with its fields put in; adds their names to ``used``."""
    if text.count("{") != len(_FIELD.findall(text)) or text.count("{") != text.count("}"):
        raise told.fail("花括号不成对", "unbalanced braces")
    parts, last = [], 0
    for match in _FIELD.finditer(text):
        name = match.group(1).strip()
        parts += [quoted(text[last : match.start()]), reader_text(name, _known(name, told, scope), lang, choices.get(name, ()))]
        used.add(name)
        last = match.end()
    parts.append(quoted(text[last:]))
    return " || ".join(p for p in parts if p != "''") or "''"


def _known(name: str, told: Item, scope: dict[str, Term]) -> Term:
    if name not in scope:
        near = hint(name, scope)
        raise told.fail(f"文字中的 {{{name}}} 不认识", f"unknown {{{name}}} in the text", fix_zh=f"相近：{near}", fix_en=f"near it: {near}")
    return scope[name]
