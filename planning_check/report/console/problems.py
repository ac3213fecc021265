"""The problems of a delivery on the first screen: what was not read before all else, with each way to mend it."""

from __future__ import annotations

from collections.abc import Sequence

from planning_check.errors import Text
from planning_check.report.console.layout import WIDTH, wrap
from planning_check.report.told.numbers import counted
from planning_check.report.told.summary import ProblemKind

#: What was not read: for how many ways to mend it, and how many of each, are shown.
_MOST_WAYS, _MOST_ALIKE = 8, 3
#: Other problems by weight, and how many of each sort are shown: needed columns, columns not used (of which each may have been meant for
#: one that is needed), rows and cells.
_SORTS = (((1,), 4), ((2,), 12), ((3, 4), 4))


def problem_lines(problems: Sequence[ProblemKind], lang: str, full: bool) -> list[str]:
    """What was not read and which columns were not used before all else; of each sort a few, ``full``: all."""
    lines, left = _unread([kind for kind in problems if kind.weight == 0], lang, full)
    for sort, most in _SORTS:
        kinds = [kind for kind in problems if kind.weight in sort]
        shown = len(kinds) if full else most
        lines += [line for kind in kinds[:shown] for line in _lines(kind, lang)]
        left += kinds[shown:]
    if left:
        count = sum(kind.count for kind in left)
        files = ", ".join(dict.fromkeys(kind.where.file for kind in left if kind.weight == 0))
        unread = Text(f"；没有读的还有：{files}", f"; not read either: {files}").get(lang) if files else ""
        more = Text(f"- 另有 {len(left)} 类问题 {count} 处（-v 全部列出）", f"- {len(left)} more kinds, {count} cases (-v lists all)")
        lines += wrap(more.get(lang) + unread, WIDTH, indent="  ", hanging="    ")
    return lines


def _unread(kinds: Sequence[ProblemKind], lang: str, full: bool) -> tuple[list[str], list[ProblemKind]]:
    """What was not read, and each way to mend it once; and what is not shown."""
    alike: dict[Text, list[ProblemKind]] = {}
    for kind in kinds:
        alike.setdefault(kind.fix, []).append(kind)
    lines: list[str] = []
    left: list[ProblemKind] = []
    for place, (fix, some) in enumerate(alike.items()):
        shown = len(some) if full else _MOST_ALIKE if place < _MOST_WAYS else 0
        lines += [line for kind in some[:shown] for line in _lines(kind, lang)]
        if shown and fix.get(lang):
            lines += wrap(Text("怎么办：", "what to do: ").get(lang) + fix.get(lang), WIDTH, indent="      ", hanging="      ")
        left += some[shown:]
    return lines, left


def _lines(kind: ProblemKind, lang: str) -> list[str]:
    """Where it is, what it is, and how often."""
    aside = Text("，整行隔离", ", row set aside").get(lang) if kind.quarantined else ""
    often = Text(f"（{kind.count} 处{aside}）", f" ({counted(kind.count, 'case')}{aside})").get(lang) if kind.count > 1 or aside else ""
    text = f"{kind.where.get(lang)}{Text('：', ': ').get(lang)}{kind.what.get(lang)}{often}"
    return wrap(text, WIDTH, indent="  - ", hanging="    ")
