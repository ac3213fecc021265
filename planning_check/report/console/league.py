"""The cities of a province on the console: a line each, the worst first, those that were not checked last and without figures."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from planning_check.errors import speaking
from planning_check.report.console.layout import Paint, display_width, plain, table, wrap
from planning_check.report.told.cities import HEAD
from planning_check.report.told.league import FIGURES, SORTS, CityLine, Figure, League
from planning_check.report.told.numbers import ROUNDED, number, percent, rounded_yuan

_MOST = 25
_NARROWEST, _WIDEST = 60, 160


def league_lines(found: League, lang: str, *, paint: Paint = plain, full: bool = False, width: int = 100) -> list[str]:
    """The first cities or, with ``full``, all; beside each other where that fits the width, else duty and lists one below the other."""
    say, run, width = speaking(lang), found.run, max(_NARROWEST, min(width, _WIDEST))
    count = sum(bool(line.label) for line in found.lines) + len(found.failed)
    title = say(f"各城市　截至 {run.as_of}（第 {run.id} 次检查）", f"League of cities as of {run.as_of} (run {run.id})")
    lines = [paint(title, "title")]
    if found.failed:
        told = say(
            f"{count} 座城市中 {len(found.failed)} 座没有检查，不在任何合计内，见表末",
            f"{len(found.failed)} of {count} cities not checked and in no sum: see the end of the table",
        )
        lines += [paint(line, "alarm") for line in wrap(told, width, indent="! ", hanging="  ")]
    lines += [say(f"  次序：{SORTS[found.sort][0].zh}", f"  Order: {SORTS[found.sort][0].en}")]
    whole = _table(found, FIGURES, lang, paint, full, _WIDEST * 2)
    if max(map(display_width, whole)) <= width:
        lines += ["", *whole]
    else:
        for group in dict.fromkeys(figure.group for figure in FIGURES):
            lines += ["", *_table(found, [figure for figure in FIGURES if figure.group == group], lang, paint, full, width)]
    if not full and len(found.lines) > _MOST:
        rest = len(found.lines) - _MOST
        lines.append(
            paint(say(f"  另有 {rest} 座（-v 全部列出），合计是全部的", f"  {rest} more (-v lists all); the sums are of all"), "dim")
        )
    lines.append("")
    for one in found.failed:
        told = say(f"{one.name.zh} 没有检查：", f"{one.name.en} not checked: ") + (one.why.get(lang) if one.why else "—")
        lines += [paint(line, "alarm") for line in wrap(told, width, indent="! ", hanging="  ")]
    for figure in FIGURES:
        if figure.note:
            lines += wrap(f"{figure.head.get(lang)}{say('：', ': ')}{figure.note.get(lang)}", width, indent="  ", hanging="    ")
    for text in (
        say(
            f"折资、最低、最高的单位是{ROUNDED.zh}；“—”为不明，不在合计内",
            f"in lieu, lowest, highest in {ROUNDED.en}; '—': not known, in no sum",
        ),
        say("一个项目在一份名单上占一行，不予认定的也在内", "a project is one line of a list; what was dismissed is in it too"),
    ):
        lines += wrap(text, width, indent="  ", hanging="    ")
    return lines


def _table(found: League, figures: Sequence[Figure], lang: str, paint: Paint, full: bool, width: int) -> list[str]:
    say = speaking(lang)
    shown = found.lines if full else found.lines[:_MOST]
    rows = [[line.name.get(lang), *(told(figure, line, lang) for figure in figures)] for line in shown]
    rows += [[one.name.get(lang), say("没有检查", "not checked"), *[""] * (len(figures) - 1)] for one in found.failed]
    rows.append([found.total.name.get(lang), *(told(figure, found.total, lang) for figure in figures)])
    heads = [HEAD.get(lang), *(figure.head.get(lang) for figure in figures)]
    return table(heads, rows, numbers=range(1, len(heads)), paint=paint, total=1, width=width)


def told(figure: Figure, line: CityLine, lang: str) -> str:
    """A figure as text: a dash where it is not known, nothing where no line could have it."""
    value = figure.of(line)
    if value is None:
        lines = 1 if figure.kind == "share" else line.of("deposits" if "forfeit" in figure.name else "violations").lines
        return "—" if lines else ""
    if figure.kind == "share":
        return percent(Decimal(value), 1)
    return rounded_yuan(Decimal(value), lang) if figure.kind == "money" else number(value)
