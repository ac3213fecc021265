"""What a rule may read laid out for a console, and as rows for programs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from planning_check.errors import Text, speaking
from planning_check.report.console.layout import WIDTH, Paint, plain, table, wrap
from planning_check.report.tables.exports import BOM, csv_row
from planning_check.report.told.numbers import counted, number
from planning_check.words import BUREAUS, UNITS, label

_GROUPS = {
    "fact": Text("事实", "Facts"),
    "day": Text("日期", "The day"),
    "measure": Text("各规则共用的量", "Measures that rules share"),
    "law": Text("管辖办法的条款", "Clauses of the law that governs"),
    "project": Text("所属项目的事实和量", "Facts and measures of the project behind it"),
    "formula": Text("算式", "Formulas"),
    "function": Text("函数", "Functions"),
}
_TYPES = {
    "text": Text("文字", "text"),
    "code": Text("编码", "code"),
    "choice": Text("取值之一", "one of a list"),
    "choices": Text("若干取值", "several of a list"),
    "list": Text("若干取值", "several of a list"),
    "steps": Text("分档", "steps"),
    "integer": Text("整数", "whole number"),
    "number": Text("数字", "number"),
    "area": Text("面积", "area"),
    "money": Text("金额", "money"),
    "bool": Text("是否", "yes or no"),
    "date": Text("日期", "day"),
}
_LAW_BY = {
    "project": Text("随所属项目", "its project's"),
    "as_of": Text("随所在区县", "its district's"),
    "none": Text("不读", "none"),
}
_COLUMNS = ("subject", "name", "group", "type", "unit", "zh", "en", "owner", "reads", "codes", "of", "example")
_COUNTS = ("subject", "zh", "en", "law_by", "rules", "facts", "names")


def names_page(named: Any, lang: str, *, paint: Paint = plain, width: int = WIDTH, full: bool = False) -> list[str]:
    """Every name that a rule on the subject reads, by kind; of the project behind it only how many there are, unless in ``full``.

    ``named``: ``rulebook.names.Named``.
    """
    say = speaking(lang)
    title = say(f"{named.subject} {named.label.zh}：规则可读的名称", f"{named.subject} ({named.label.en}): what a rule on it may read")
    law = label(_LAW_BY, named.law_by, lang)
    lines = [paint(line, "title") for line in wrap(title, width)]
    lines += wrap(say(f"主键 {named.key}；适用办法：{law}；现有规则 {named.rules} 条",
                      f"key {named.key}; law: {law}; {counted(named.rules, 'rule')} on it"), width, indent="  ")  # fmt: skip
    for group, head in _GROUPS.items():
        if not (names := named.of(group)):
            continue
        lines += ["", paint(f"{head.get(lang)} {number(len(names))}", "head")]
        if group == "project" and not full:
            told = say("写作 project.名称，如 project.developer_name；planning-check rules facts project 逐个列出",
                       "written project.NAME, such as project.developer_name; planning-check rules facts project lists them")  # fmt: skip
            lines += wrap(told, width, indent="  ")
        else:
            lines += [line for name in names for line in _name_lines(name, lang, paint, width)]
    told = say("另有本规则 parameters 里的 param.名称 和 let 里的各步；写法：+ - *、比较、and or not、between、in、is null、case when",
               "Also the rule's own parameters as param.NAME and its steps under let; "
               "written with + - *, comparisons, and or not, between, in, is null, case when")  # fmt: skip
    return [*lines, "", *wrap(told, width)]


def _name_lines(name: Any, lang: str, paint: Paint, width: int) -> Iterator[str]:
    say = speaking(lang)
    both = say(f"{name.label.zh}（{name.label.en}）", f"{name.label.en} ({name.label.zh})")
    head = name.of if name.group == "function" else name.name
    yield from wrap(f"{head}  {both}", width, indent="  ", hanging="      ")
    unit = label(UNITS, name.unit, lang)
    kind = " ".join(part for part in (label(_TYPES, name.type, lang), unit) if part)
    owner = label(BUREAUS, name.owner, lang) if name.owner else ""
    example = say(f"如 {name.example}", f"e.g. {name.example}") if name.example else ""
    told = [part for part in (kind, owner, example) if part]
    details = [say("，", ", ").join(told)] if told and name.type else []
    if name.codes:
        details.append(say("；", "; ").join(f"{code} {words.get(lang)}" for code, words in name.codes))
    if name.of and name.group != "function":
        details.append(f"= {name.of}" if name.group != "formula" else name.of)
    if name.reads:
        details.append("<- " + say("、", ", ").join(name.reads))
    for detail in details:
        yield from (paint(line, "dim") for line in wrap(detail, width, indent="      ", hanging="        "))


def subjects_page(found: Sequence[Any], lang: str, *, paint: Paint = plain, width: int = WIDTH) -> list[str]:
    """What rules judge, with how many facts and names a rule on each may read."""
    say = speaking(lang)
    heads = say("对象|名称|适用办法|规则|事实|全部名称", "subject|called|law|rules|facts|all names").split("|")
    rows = [
        (one.subject, one.label.get(lang), label(_LAW_BY, one.law_by, lang),
         number(one.rules), number(len(one.of("fact"))), number(len(one.names)))
        for one in found
    ]  # fmt: skip
    told = say("逐个名称：planning-check rules facts office", "Every name: planning-check rules facts office")
    return [*table(heads, rows, numbers=(3, 4, 5), width=width, indent="", paint=paint), "", told]


def _record(named: Any, name: Any) -> dict[str, Any]:
    codes = {code: {"zh": words.zh, "en": words.en} for code, words in name.codes}
    values = (
        named.subject, name.name, name.group, name.type, name.unit, name.label.zh, name.label.en, name.owner, list(name.reads), codes,
        name.of, name.example,
    )  # fmt: skip
    return dict(zip(_COLUMNS, values, strict=True))


def names_csv(named: Any) -> Iterator[str]:
    """A row a name; cells and codes are joined with "; "."""
    yield BOM + csv_row(_COLUMNS)
    for name in named.names:
        record = _record(named, name)
        codes = "; ".join(f"{code}={words['zh']} {words['en']}" for code, words in record["codes"].items())
        yield csv_row({**record, "reads": "; ".join(record["reads"]), "codes": codes}.values())


def names_json(named: Any) -> Iterator[str]:
    """The same as JSON: codes with their words in both languages."""
    told = {
        "subject": named.subject, "zh": named.label.zh, "en": named.label.en, "key": named.key, "law_by": named.law_by,
        "rules": named.rules, "names": [_record(named, name) for name in named.names],
    }  # fmt: skip
    yield json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def _counts(one: Any) -> dict[str, Any]:
    values = (one.subject, one.label.zh, one.label.en, one.law_by, one.rules, len(one.of("fact")), len(one.names))
    return dict(zip(_COUNTS, values, strict=True))


def subjects_csv(found: Sequence[Any]) -> Iterator[str]:
    """A row a subject."""
    yield BOM + csv_row(_COUNTS)
    for one in found:
        yield csv_row(_counts(one).values())


def subjects_json(found: Sequence[Any]) -> Iterator[str]:
    """The same as JSON."""
    yield json.dumps([_counts(one) for one in found], ensure_ascii=False, indent=2) + "\n"
