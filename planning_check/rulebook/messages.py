"""Texts with numbers put in: ``{name}`` templates of messages and cures compiled to SQL, in both languages."""

from __future__ import annotations

import re

from planning_check.errors import either
from planning_check.rulebook.nodes import Item, hint
from planning_check.rulebook.terms import Term
from planning_check.schema import ANY_DAY, Choice
from planning_check.sql import quoted

_FIELD = re.compile(r"\{([^{}]*)\}")
UNKNOWN = {"zh": "未知", "en": "unknown"}


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
    """SQL: the term as people read it: 1,234.50 for areas and money (by the unit in its name), labels for codes, 未知/unknown."""
    if term.kind == "number":
        if name.endswith(("_m2", "_yuan")):
            shown = f"format('{{:,.2f}}', CAST({term.sql} AS DOUBLE))"
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
    return f"coalesce({shown}, '{UNKNOWN[lang]}')"


def _list_text(term: Term, lang: str, choices: tuple[Choice, ...]) -> str:
    """SQL: labels joined as the language joins a list, 无/none for an empty one."""
    whens = " ".join(f"WHEN {quoted(c.code)} THEN {quoted(c.label.get(lang))}" for c in choices)
    each = f"CASE c {whens} ELSE c END" if whens else "c"
    comma, none = either(lang, ("、", "无"), (", ", "none"))
    joined = f"array_to_string(list_transform({term.sql}, lambda c: {each}), '{comma}')"
    return f"(CASE len({term.sql}) WHEN 0 THEN '{none}' ELSE {joined} END)"


def compile_template(item: Item, scope: dict[str, Term], choices: dict[str, tuple[Choice, ...]], lang: str) -> tuple[str, set[str]]:
    """SQL of one template, and the names that it puts in. An unknown field stops the load at the template's line."""
    template = item.need(lang).text()
    if template.count("{") != len(_FIELD.findall(template)) or template.count("{") != template.count("}"):
        raise item.need(lang).fail("花括号不成对", "unbalanced braces")
    parts, used, last = [], set(), 0
    for match in _FIELD.finditer(template):
        name = match.group(1).strip()
        if name not in scope:
            near = hint(name, scope)
            raise item.need(lang).fail(
                f"文字中的 {{{name}}} 不认识", f"unknown {{{name}}} in the text", fix_zh=f"相近：{near}", fix_en=f"near it: {near}"
            )
        parts += [quoted(template[last : match.start()]), reader_text(name, scope[name], lang, choices.get(name, ()))]
        used.add(name)
        last = match.end()
    parts.append(quoted(template[last:]))
    return " || ".join(p for p in parts if p != "''") or "''", used
