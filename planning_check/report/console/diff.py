"""Two runs of a series compared: what differs, how many verdicts changed and why, then each of them with its cause and its evidence."""

from __future__ import annotations

from collections.abc import Iterator

from planning_check.errors import Text
from planning_check.record.causes import KINDS
from planning_check.record.changes import Change, Differing
from planning_check.report.console.layout import WIDTH, Paint, plain, wrap
from planning_check.report.told.differing import (
    alone_line,
    by_cause,
    by_kind,
    cause_line,
    counts_line,
    evidence_lines,
    judged_line,
    judged_text,
    lost_lines,
    things_lines,
)
from planning_check.words import label

_MOST_OF_A_KIND = 10
_MOST_LINES_OF_EVIDENCE = 4


def diff_lines(found: Differing, lang: str, *, paint: Paint = plain, full: bool = False) -> Iterator[str]:
    """The lines to print; ``full`` leaves nothing out."""
    one, other = found.before, found.after
    title = other.title.get(lang) if other.title else other.series
    yield from wrap(
        Text(f"{title}：第 {one.id} 次检查（截至 {one.as_of}）→ 第 {other.id} 次检查（截至 {other.as_of}）",
             f"{title}: run {one.id} (as of {one.as_of}) → run {other.id} (as of {other.as_of})").get(lang),
        WIDTH, hanging="  ",
    )  # fmt: skip
    yield ""
    yield paint(Text("有什么不同", "What differs").get(lang), "head")
    told = list(things_lines(found.things)) or [Text("没有：文件、规则、截至日都相同", "nothing: files, rules and days are the same")]
    for line in told:
        yield from wrap(line.get(lang), WIDTH, indent="  - ", hanging="    ")
    yield ""
    yield paint(Text("结论的变化", "Changes of outcome").get(lang), "head")
    yield from wrap(counts_line(found).get(lang), WIDTH, indent="  ")
    for cause, count in by_cause(found.changes):
        yield from wrap(Text(f"{count} 项　{cause.zh}", f"{count}  {cause.en}").get(lang), WIDTH, indent="    ", hanging="        ")
    for line in lost_lines(found):
        yield from (paint(text, "alarm") for text in wrap(line.get(lang), WIDTH, indent="  ! ", hanging="    "))
    for kind, some in by_kind(found.changes).items():
        yield ""
        yield paint(f"{label(KINDS, kind, lang)} {len(some)}", "head")
        shown = some if full else some[:_MOST_OF_A_KIND]
        for change in shown:
            yield from _change(change, lang, full)
        if len(some) > len(shown):
            left = len(some) - len(shown)
            yield Text(f"  …… 另有 {left} 项（-v 全部列出，-o 写入文件）", f"  ... {left} more (-v lists all, -o writes a file)").get(lang)
    if found.changes:
        yield ""
        yield from wrap(judged_line(found).get(lang), WIDTH)


def _change(change: Change, lang: str, full: bool) -> Iterator[str]:
    named = change.named
    place = Text(f"（{named.district_name}）", f" ({named.district_name})").get(lang) if named.district_name else ""
    yield from wrap(f"{named.rule_id} {named.subject_key} {named.subject_name or ''}{place}", WIDTH, indent="  ", hanging="    ")
    if change.before != change.after:
        yield from wrap(f"{judged_text(change.before).get(lang)} → {judged_text(change.after).get(lang)}", WIDTH, indent="      ")
    yield from wrap(cause_line(change).get(lang), WIDTH, indent="      ", hanging="        ")
    if alone := alone_line(change):
        yield from wrap(alone.get(lang), WIDTH, indent="      ", hanging="        ")
    lines = list(evidence_lines(change))
    for line in lines if full else lines[:_MOST_LINES_OF_EVIDENCE]:
        yield from wrap(line.get(lang), WIDTH, indent="        ", hanging="          ")
    if not full and len(lines) > _MOST_LINES_OF_EVIDENCE:
        left = len(lines) - _MOST_LINES_OF_EVIDENCE
        yield Text(f"        …… 另有 {left} 处", f"        ... {left} more").get(lang)
