"""A sample on the console: how it was drawn, its cases, and what the visits say of all of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from planning_check.cases import REVISITS
from planning_check.errors import Text
from planning_check.report.console.deciding import STATES_OF_LINES
from planning_check.report.console.layout import WIDTH, Paint, plain, table, wrap
from planning_check.report.told.numbers import number
from planning_check.report.told.sampling import Sample, drawn_texts, result_texts
from planning_check.words import LISTS, label

_MOST = 40


def sample_lines(found: Sample, lang: str, *, paint: Paint = plain, full: bool = False) -> list[str]:
    """Population, seed and method; the cases; what was found and what can be projected."""
    run = found.run
    lines = [paint(Text(f"复查抽样（第 {run.id} 次检查，截至 {run.as_of}）", f"Sample to be visited (run {run.id}, as of {run.as_of})").get(lang),
                   "title")]  # fmt: skip
    for text in drawn_texts(found):
        lines += wrap(text.get(lang), WIDTH, indent="  ", hanging="    ")
    shown = found.units if full else found.units[:_MOST]
    heads = Text("键|名单|规则|对象|名称|金额 元|复查", "key|list|rule|subject|name|yuan|found").get(lang).split("|")
    rows = [
        [unit["fingerprint"], label(LISTS, unit["list"], lang), unit["rule_id"], unit["subject_key"], unit["subject_name"] or "",
         number(unit["yuan"]), _found(found.results.get(unit["fingerprint"]), lang)]
        for unit in shown
    ]  # fmt: skip
    lines += ["", *table(heads, rows, numbers=(5,), width=WIDTH + 20, paint=paint)]
    if len(found.units) > len(shown):
        rest = len(found.units) - len(shown)
        lines.append(paint(Text(f"  另有 {rest} 件（-v 全部列出）", f"  {rest} more (-v lists all)").get(lang), "dim"))
    lines.append("")
    return [*lines, *projected_lines(found, lang)]


def projected_lines(found: Sample, lang: str) -> list[str]:
    """What was found, and what it says of the population."""
    return [line for text in result_texts(found) for line in wrap(text.get(lang), WIDTH, indent="  ", hanging="    ")]


def visits_lines(found: Sample, lines: Sequence[Any], unread: Sequence[Any], lang: str, *, paint: Paint = plain) -> Iterator[str]:
    """What was understood of a list that was filled in: a line a case, what could not be read, and what all of it says."""
    counts = {state: sum(line.state == state for line in lines) for state in STATES_OF_LINES}
    told = [f"{word.get(lang)} {counts[state]}" for state, word in reversed(STATES_OF_LINES.items()) if counts[state]]
    total = len(lines)
    yield paint(
        Text(f"复查结果 {total} 件：{'，'.join(told) or '没有'}", f"Visits {total}: {', '.join(told) or 'none'}").get(lang), "title"
    )
    rows = [
        [STATES_OF_LINES[line.state].get(lang), line.key, _found(line.body.get("found"), lang), line.body.get("visited_by", ""),
         line.body.get("visited_on", ""), line.body.get("note", "")]
        for line in lines if line.state in ("new", "changed")
    ]  # fmt: skip
    heads = Text("|键|复查结果|复查人|复查日期|备注", "|key|found|visited by|visited on|note").get(lang).split("|")
    yield from table(heads, rows, width=WIDTH, paint=paint) if rows else ()
    for where, raw, why in [(line.where, line.key, line.why) for line in lines if line.why] + [(o.where, o.raw, o.why) for o in unread]:
        yield from wrap(Text(f"{where.get('zh')} “{raw}”：{why.zh}", f"{where.get('en')} '{raw}': {why.en}").get(lang), WIDTH,
                        indent="  ", hanging="    ")  # fmt: skip
    yield ""
    yield from projected_lines(found, lang)


def _found(code: str | None, lang: str) -> str:
    return REVISITS[code].get(lang) if code in REVISITS else ""
