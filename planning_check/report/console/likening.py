"""Like cases side by side on the console: a column a case, a row a fact, what differs marked."""

from __future__ import annotations

from collections.abc import Sequence

from planning_check.assess.likeness import Near
from planning_check.errors import Text
from planning_check.record.finding import Finding
from planning_check.report.console.layout import WIDTH, Paint, plain, table, wrap
from planning_check.report.told.facts import fact_label, fact_value, find_fact
from planning_check.report.told.likening import MEASURE, Likeness, kinds_of, state_text, value
from planning_check.report.told.numbers import number
from planning_check.words import OUTCOMES, label

_WIDE = 120


def likeness_lines(found: Likeness, lang: str, *, paint: Paint = plain) -> list[str]:
    """The outcome asked for beside the nearest that came out the other way, and beside those that the meeting decided the other way."""
    one, run = found.one, found.run
    name = f"{one['rule_id']} {one['subject_key']} {one['subject_name'] or ''}".strip()
    title = Text(f"同类对照：{name}（第 {run.id} 次检查，截至 {run.as_of}）", f"Like cases: {name} (run {run.id}, as of {run.as_of})")
    counted = [f"{OUTCOMES[code].get(lang)} {number(found.outcomes[code])}" for code in OUTCOMES if found.outcomes[code]]
    told = Text("，", ", ").get(lang).join(counted)
    lines = [
        paint(title.get(lang), "title"),
        *wrap(Text(f"这条规则：{told}", f"This rule: {told}").get(lang), WIDTH, indent="  ", hanging="    "),
    ]
    lines += ["", *_beside(found, found.near, Text("结论相反的最近几个", "The nearest with the opposite outcome"), lang, paint)]
    if found.decided:
        lines += ["", *_beside(found, found.decided, Text("会议决定相反的最近几个", "The nearest decided the other way"), lang, paint)]
    return [*lines, "", *wrap(MEASURE.get(lang), WIDTH, indent="  ", hanging="  ")]


def _beside(found: Likeness, near: Sequence[tuple[Near, Finding]], head: Text, lang: str, paint: Paint) -> list[str]:
    lines = [paint(head.get(lang), "head")]
    if not near:
        return [*lines, "  " + Text("没有可比的", "there is none to compare with").get(lang)]
    shown = [found.one, *(finding for _, finding in near)]
    rows = [
        ["", Text("名称", "name").get(lang), *(f["subject_name"] or "" for f in shown)],
        ["", Text("结论", "outcome").get(lang), *(label(OUTCOMES, f["outcome"], lang) for f in shown)],
        ["", Text("相差", "apart").get(lang), "", *(f"{float(one.apart):.2f} ({one.compared})" for one, _ in near)],
    ]  # fmt: skip
    states = [state_text(found, finding).get(lang) for finding in shown]
    rows += [["", Text("案件", "case").get(lang), *states]] if any(states) else []
    compared = kinds_of(found.one)
    for name in (name for name in found.facts if name in compared):
        values = [value(finding, name) for finding in shown]
        fact = find_fact(found.one["subject"], name)
        mark = "*" if len(set(values)) > 1 else ""
        rows.append([mark, fact_label(found.one["subject"], name).get(lang), *(fact_value(fact, one, lang) for one in values)])
    heads = ["", Text("事实", "fact").get(lang), *(finding["subject_key"] for finding in shown)]
    return [*lines, *table(heads, rows, width=_WIDE, paint=paint)]
