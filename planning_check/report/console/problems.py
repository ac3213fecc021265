"""The problems of a delivery: what was not read before all else, with each way to mend it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from planning_check.errors import Text
from planning_check.report.console.layout import WIDTH, cut, wrap
from planning_check.report.told.numbers import counted
from planning_check.report.told.summary import ProblemKind

#: Of what was not read and is mended in one way, so many are shown where there is no room for all.
_MOST_ALIKE = 3
#: The weight of a column, unit or statement that is needed and lacks: see :class:`ProblemKind`.
_NEEDED = 1


def problem_lines(problems: Sequence[ProblemKind], lang: str) -> list[str]:
    """All of them: what was not read, by the way to mend it; then needed columns, columns that are not used, rows and cells."""
    return [line for _, lines in _pieces(problems, lang, WIDTH) for line in lines]


def problems_within(problems: Sequence[ProblemKind], lang: str, width: int, most: int) -> list[str]:
    """The same on at most ``most`` lines; each that is told is told whole, and the others are counted on the last line, by their files.
    What to do gives way where it would take the room of what is needed and lacks."""
    pieces = list(_pieces(problems, lang, width))
    if sum(len(lines) for _, lines in pieces) <= most:
        return [line for _, lines in pieces for line in lines]
    told, left = _first(_pieces(problems, lang, width, _MOST_ALIKE), problems, most)
    if any(kind.weight == _NEEDED for kind in left):
        told, left = _first((piece for piece in _pieces(problems, lang, width, _MOST_ALIKE) if piece[0]), problems, most)
    files = ", ".join(dict.fromkeys(kind.where.file for kind in left))
    more = Text(f"  - 另有 {len(left)} 类（--full 全部列出）：{files}", f"  - {len(left)} more kinds (--full lists all): {files}")
    return [*told, cut(more.get(lang), width)]


def _first(
    pieces: Iterable[tuple[ProblemKind | None, list[str]]], problems: Sequence[ProblemKind], most: int
) -> tuple[list[str], list[ProblemKind]]:
    """The lines of the first that fit, and the problems that are left; the last line is for those."""
    told: list[str] = []
    shown: list[ProblemKind] = []
    for kind, lines in pieces:
        if len(told) + len(lines) >= most:
            break
        told += lines
        shown += [kind] if kind else []
    return told, [kind for kind in problems if kind not in shown]


def _pieces(
    problems: Sequence[ProblemKind], lang: str, width: int, alike: int | None = None
) -> Iterator[tuple[ProblemKind | None, list[str]]]:
    """Each problem with its lines; below those that are mended in one way, of what was not read, what to do."""
    ways: dict[Text, list[ProblemKind]] = {}
    for kind in problems:
        if kind.weight == 0:
            ways.setdefault(kind.fix, []).append(kind)
    for fix, some in ways.items():
        yield from ((kind, _lines(kind, lang, width)) for kind in some[:alike])
        if fix.get(lang):
            yield None, wrap(Text("怎么办：", "what to do: ").get(lang) + fix.get(lang), width, indent="      ", hanging="      ")
    yield from ((kind, _lines(kind, lang, width)) for kind in sorted(problems, key=lambda kind: kind.weight) if kind.weight)


def _lines(kind: ProblemKind, lang: str, width: int) -> list[str]:
    """Where it is, what it is, and how often."""
    aside = Text("，整行隔离", ", row set aside").get(lang) if kind.quarantined else ""
    often = Text(f"（{kind.count} 处{aside}）", f" ({counted(kind.count, 'case')}{aside})").get(lang) if kind.count > 1 or aside else ""
    text = f"{kind.where.get(lang)}{Text('：', ': ').get(lang)}{kind.what.get(lang)}{often}"
    return wrap(text, width, indent="  - ", hanging="    ")
