"""Movements of money that do not match, on the console, as rows of a sheet and as CSV."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from planning_check.errors import Text
from planning_check.report.console.funds import WIDTH, day_text, left_out
from planning_check.report.console.layout import Paint, plain, wrap
from planning_check.report.tables.exports import BOM, csv_row
from planning_check.report.told.funds import Closing, Span
from planning_check.report.told.gaps import KINDS, WHAT, Gap
from planning_check.report.told.numbers import number

_MOST = 25
GAP_HEADS = (Text("项目", "project"), Text("名称", "name"), Text("款项", "movement"), Text("编号", "id"), Text("金额 元", "yuan"),
             Text("日期", "day"), Text("为什么对不上", "why it does not match"), Text("对不上的部分 元", "of it unmatched, yuan"),
             Text("项目差额 元", "left in the project, yuan"), Text("出处", "where it stands"))  # fmt: skip
_UNKNOWN = Text("不明", "unknown")


def gap_row(gap: Gap, lang: str) -> list[Any]:
    """One movement that does not match, by :data:`GAP_HEADS`."""
    row = gap.row
    day = day_text((row.on_lo, row.on_hi)) if row.on_lo and row.on_hi else _UNKNOWN.get(lang)
    part, left = ("" if span is None else _span(span) for span in (gap.part, gap.left))
    where = gap.where.get(lang) if gap.where else Text("记录里没有存出处", "its row is not kept with the run").get(lang)
    told = (row.project_id or _UNKNOWN.get(lang), row.project_name or "", WHAT[row.what].get(lang), row.item or "", row.yuan)
    return [*told, day, KINDS[gap.kind].get(lang), part, left, where]


def _span(span: Span) -> str:
    return number(span.least) if span.exact else f"{number(span.least)} - {number(span.most)}"


def gap_notes(found: Sequence[Gap], lang: str) -> list[str]:
    """How to read what is listed."""
    if not any(gap.row.what == "used" for gap in found):
        return []
    told = Text(
        "使用日期没有报送，“使用”列的是到账（发生）日期；只要有拨付，不论先后都算",
        "nobody delivers the day of a use: 'used' has the day on which the money came in; any credit covers it, of whatever day",
    )
    return [told.get(lang)]


def gaps_lines(closing: Closing, found: Sequence[Gap], lang: str, *, paint: Paint = plain, full: bool = False) -> list[str]:
    """The movements that do not match, by why, each with its cell; then what was not read or not delivered, of which nothing is known."""
    title = Text(
        f"对不上的款项 {len(found)} 笔　截至 {closing.as_of}", f"Movements that do not match: {len(found)}, as of {closing.as_of}"
    ).get(lang)
    lines = [paint(title, "title")]
    for kind, label in KINDS.items():
        of_kind = [gap for gap in found if gap.kind == kind]
        if not of_kind:
            continue
        total = _span(sum((gap.yuan for gap in of_kind), Span()))
        head = Text(f"{label.zh}：{len(of_kind)} 笔，{total} 元", f"{label.en}: {len(of_kind)}, {total} yuan").get(lang)
        lines += ["", paint(head, "head")]
        for gap in of_kind if full else of_kind[:_MOST]:
            project, name, what, item, yuan, day, _, part, left, where = gap_row(gap, lang)
            told = f"{project} {name}  {what} {item}  {number(yuan)}  {day}"
            told += Text(f"  其中对不上 {part}", f"  of it unmatched {part}").get(lang) if part and part != number(yuan) else ""
            told += Text(f"  项目差额 {left}", f"  left in the project {left}").get(lang) if left else ""
            lines += wrap(told, WIDTH, indent="  ", hanging="    ")
            lines += wrap(where, WIDTH, indent="    ", hanging="      ")
        if not full and len(of_kind) > _MOST:
            rest = len(of_kind) - _MOST
            lines.append(paint(Text(f"  另有 {rest} 笔（-v 全部列出）", f"  {rest} more (-v lists all)").get(lang), "dim"))
    if not found:
        lines.append(Text("  已读的款项都对得上", "  all movements that were read match").get(lang))
    rest_told = [*gap_notes(found, lang), *left_out(closing, lang)]
    return [*lines, *([""] if rest_told else []), *(line for text in rest_told for line in wrap(text, WIDTH, indent="  ", hanging="    "))]


def gaps_csv(found: Sequence[Gap], lang: str) -> Iterator[str]:
    """The same, a row a movement."""
    yield BOM + csv_row([head.get(lang) for head in GAP_HEADS])
    for gap in found:
        yield csv_row(gap_row(gap, lang))
