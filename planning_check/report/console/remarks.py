"""What was looked at in a rulebook, laid out for a console."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from planning_check.errors import Text
from planning_check.report.console.layout import WIDTH, Paint, plain, wrap
from planning_check.report.told.numbers import number


def remark_lines(looked: Sequence[Any], lang: str, *, paint: Paint = plain) -> list[str]:
    """Every question with its remarks (``rulebook.remarks``), where they stand, what to do; and how many there are."""
    lines: list[str] = []
    for one in looked:
        of = Text(f"（{one.of.zh}）", f" ({one.of.en})").get(lang) if one.of else ""
        lines.append(paint(f"{one.title.get(lang)}{Text('：', ': ').get(lang)}{number(len(one.remarks))}{of}", "head"))
        for place, remark in enumerate(one.remarks, 1):
            lines += wrap(
                f"{remark.where.get(lang)}{Text('：', ': ').get(lang)}{remark.what.get(lang)}", WIDTH, indent="  ", hanging="    "
            )
            if [other.fix for other in one.remarks[place : place + 1]] != [remark.fix]:  # said once for those that are alike
                lines += wrap(f"{Text('怎么办：', 'what to do: ').get(lang)}{remark.fix.get(lang)}", WIDTH, indent="    ")
    found = sum(len(one.remarks) for one in looked)
    if not found:
        return [*lines, "", paint(Text("没有要看的", "Nothing to look at").get(lang), "head")]
    total = Text(f"共 {number(found)} 处要看；规则可以使用", f"{number(found)} to look at; the rules can be used as they are").get(lang)
    return [*lines, "", paint(total, "head")]
