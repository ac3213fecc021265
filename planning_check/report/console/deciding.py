"""What was understood of a meeting's decisions: a line each, worst first, then the cells that could not be read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from planning_check.errors import Text
from planning_check.record.run import StoredRun
from planning_check.report.console.layout import WIDTH, Paint, display_width, pad, plain, wrap
from planning_check.report.told.numbers import counted
from planning_check.report.told.standing import decision_text
from planning_check.words import LISTS, label

#: In the order in which they are shown.
STATES_OF_LINES = {
    "refused": Text("不能记入", "refused"), "conflict": Text("冲突", "conflict"), "changed": Text("改变", "changed"),
    "new": Text("新", "new"), "apart": Text("另有决定", "decided apart"), "same": Text("已记过", "on record"),
}  # fmt: skip
_MOST = 40


class Decided(Protocol):
    """What ``pipeline.deciding`` understood."""

    @property
    def run(self) -> StoredRun: ...
    @property
    def lines(self) -> Sequence[Any]: ...
    @property
    def unread(self) -> Sequence[Any]: ...


def decided_lines(found: Decided, lang: str, *, paint: Paint = plain, full: bool = False) -> Iterator[str]:
    """The console's lines for what was understood."""
    run = found.run
    title = run.title.get(lang) if run.title else run.series
    yield paint(Text(f"第 {run.id} 次检查（{title}，截至 {run.as_of}）", f"Run {run.id} ({title}, as of {run.as_of})").get(lang), "title")
    counts = {state: sum(line.state == state for line in found.lines) for state in STATES_OF_LINES}
    told = [f"{word.get(lang)} {counts[state]}" for state, word in reversed(STATES_OF_LINES.items()) if counts[state]]
    unread = len(found.unread)
    told += [Text(f"读不懂的单元格 {unread}", f"cells not understood {unread}").get(lang)] if unread else []
    total, rows = len(found.lines), len({line.of.key for line in found.lines if line.of})
    by_rows = Text(f"（{rows} 行名单及其各条）", f" ({counted(rows, 'line')} with their findings)").get(lang) if rows else ""
    yield Text(f"决定 {total} 件{by_rows}：{'，'.join(told) or '没有'}", f"Decisions {total}{by_rows}: {', '.join(told) or 'none'}").get(
        lang
    )
    shown = _together([line for state in STATES_OF_LINES for line in found.lines if line.state == state and (full or state != "same")])
    for lines in shown if full else shown[:_MOST]:
        yield from _lines(lines, lang, paint)
    if not full and len(shown) > _MOST:
        left = sum(map(len, shown[_MOST:]))
        yield Text(f"  …… 另有 {left} 件，-v 全部列出", f"  ... {left} more: -v lists all").get(lang)
    yield from unread_lines(found.unread, lang, paint=paint)


def unread_lines(unread: Sequence[Any], lang: str, *, paint: Paint = plain) -> Iterator[str]:
    """The cells of a filled table that could not be read, each with its place and the reason; nothing where there is none."""
    if unread:
        yield ""
        yield paint(Text("读不懂的单元格（没有采用）", "Cells not understood (not taken)").get(lang), "head")
    for one in unread:
        where = one.where
        text = Text(f"{where.get('zh')} “{one.raw}”：{one.why.zh}", f"{where.get('en')} '{one.raw}': {one.why.en}").get(lang)
        yield from wrap(text, WIDTH, indent="  ", hanging="    ")


def _together(lines: Sequence[Any]) -> list[list[Any]]:
    """Those of one line of a list that came to the same stand together."""
    found: dict[tuple[Any, ...], list[Any]] = {}
    for line in lines:
        of = (line.of.key, line.state, line.why) if line.of else (line.key, line.where)
        found.setdefault(of, []).append(line)
    return list(found.values())


def _whom(lines: Sequence[Any], lang: str) -> str:
    """The finding, or the line of a list with how many findings of it."""
    line, of = lines[0], lines[0].of
    if of is not None:
        named = f"{label(LISTS, of.list, lang)} {of.subject_key} {'' if of.name == of.subject_key else of.name}".strip()
        rules = " ".join(dict.fromkeys(one.finding["rule_id"] for one in lines if one.finding))
        count = len(lines) if rules else len(of.findings)
        return f"{named}  {Text(f'{count} 条', counted(count, 'finding')).get(lang)}  {rules}"
    if finding := line.finding:
        return f"{label(LISTS, finding['list'], lang)} {finding['rule_id']} {finding['subject_key']} {finding['subject_name'] or ''}"
    return str(line.key)


def _lines(lines: Sequence[Any], lang: str, paint: Paint) -> Iterator[str]:
    line = next((one for one in lines if one.body.get("amount_yuan")), lines[0])  # a sum is said of one of them
    state = STATES_OF_LINES[line.state].get(lang)
    head = f"  {pad(state, max(display_width(word.get(lang)) for word in STATES_OF_LINES.values()))}  {_whom(lines, lang).strip()}"
    yield paint(head, "alarm") if line.state in ("refused", "conflict") else head
    if line.why:
        place = line.where
        where = Text(f"（{place.get('zh')}）", f" ({place.get('en')})").get(lang) if place else ""
        yield from wrap(line.why.get(lang) + where, WIDTH, indent="      ")
    told = decision_text(line.body, lang)
    if told:
        yield from wrap(told, WIDTH, indent="      ")
    for before in dict.fromkeys(decision_text(one.before.decision.body, lang) for one in lines if one.before.decision):
        if line.state in ("changed", "apart"):
            yield from wrap(Text(f"原来：{before}", f"before: {before}").get(lang), WIDTH, indent="      ")
