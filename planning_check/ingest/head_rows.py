"""Headers of several rows, made one: 建筑面积 over 地上 | 地下 | 合计 is 地上建筑面积 | 地下建筑面积 | 总建筑面积."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from planning_check.ingest.plain import plain

#: Merged cells of the sheet: first row, first column, last row, last column; rows counted from 0 in the head.
Groups = Sequence[tuple[int, int, int, int]]
_VALUE = re.compile(r"[-+¥￥]?[\d.,/年月日%:-]+|p\d+.*")
_TOTAL = re.compile(r"(?:合计|总计|小计|总数|总|计|total)$")
_NOTE = re.compile(r"^(.*?)[(\[【](.*)[)\]】]$")
#: Words over a group that add nothing to the heads below.
_EMPTY = re.compile(
    r"(?:项目|基本|主要|用房|土地|规划局|住建局|民政局|不动产|登记|移交|折资|保证金|社区|办理|技术|经济|建设)*(?:情况|信息|指标|数据|内容|资料|事项|部分)?"
)
_LONGEST_TITLE = 8  # a longer text over a group is a title of the sheet


@dataclass(frozen=True)
class HeadRow:
    """One row that may be the header, in the head's ``row``-th row (the last of those it was made of)."""

    cells: list[str]
    row: int


def head_rows(head: Sequence[Sequence[str]], groups: Groups | None) -> list[HeadRow]:
    """Every row of the head, two rows of one header being one; the lower of them also by itself, for the upper may be a title."""
    rows, at = [], 0
    while at < len(head):
        cells, last = list(head[at]), at
        while last + 1 < len(head) and _continues(cells, head[last + 1], _spans(cells, last, groups)):
            cells = _joined(cells, head[last + 1], _spans(cells, last, groups))
            last += 1
        if last == at:
            cells = _without_wide(cells, at, groups)
        rows.append(HeadRow(cells, last))
        if last > at:
            rows.append(HeadRow(list(head[last]), last))
        at = last + 1
    return rows


def _spans(cells: Sequence[str], row: int, groups: Groups | None) -> list[tuple[int, int]]:
    """The heads of a row that stand over several columns: first and last column.
    Without merged cells, blanks to the right belong to a head."""
    merged = [(left, right) for top, left, bottom, right in groups or () if top <= row <= bottom and right > left and left < len(cells)]
    if groups:
        return merged
    found = []
    for first, cell in enumerate(cells):
        last = first
        while cell.strip() and last + 1 < len(cells) and not cells[last + 1].strip():
            last += 1
        if last > first:
            found.append((first, last))
    return found


def _continues(top: Sequence[str], below: Sequence[str], spans: list[tuple[int, int]]) -> bool:
    """Whether a row holds the heads under the groups of the row above: words there, and nothing under the other heads."""
    below = [*below, *[""] * (len(top) - len(below))]
    inside = {i for first, last in spans for i in range(first, last + 1)}
    heads = {c.strip() for c in top if c.strip()}
    under = [i for i in inside if i < len(below) and below[i].strip() and below[i] != (top[i] if i < len(top) else "")]
    if len(heads) < 2 or len(under) < 2 or any(_VALUE.fullmatch(plain(c)) for c in below if c.strip()):
        return False
    return all(not below[i].strip() or below[i] == top[i] for i in range(len(top)) if i not in inside and top[i].strip())


def _joined(top: Sequence[str], below: Sequence[str], spans: list[tuple[int, int]]) -> list[str]:
    over = {i: top[first] for first, last in spans for i in range(first, last + 1)}
    width = max(len(top), len(below))
    cells = []
    for i in range(width):
        lower, upper = (below[i] if i < len(below) else "").strip(), (over.get(i) or (top[i] if i < len(top) else "")).strip()
        cells.append(upper if not lower or lower == upper else lower if not upper else _one(upper, lower))
    return cells


def _told(text: str) -> tuple[str, str]:
    """A heading without its unit, and the unit."""
    found = _NOTE.fullmatch(text)
    return (found[1], found[2]) if found else (text, "")


def _one(upper: str, lower: str) -> str:
    """The heading of a column from that of its group and its own, with the unit of either."""
    (group, unit), (own, nearer) = (_told(plain(t)) for t in (upper, lower))
    unit = f"（{nearer or unit}）" if nearer or unit else ""
    if _EMPTY.fullmatch(group) or len(group) > _LONGEST_TITLE:
        return lower if nearer else f"{own}{unit}"
    if _TOTAL.fullmatch(own):
        return f"总{group}{unit}"
    measure = re.search(r"面积|金额|日期|时间|户数|人口", group)
    return f"{own}{group}{unit}" if measure and not re.search(r"面积|金额|日期|时间|户数|人口", own) else f"{group}{own}{unit}"


def _without_wide(cells: list[str], row: int, groups: Groups | None) -> list[str]:
    """A head over several columns with nothing below it names none of them (a title in the first column alone is no head anyway)."""
    wide = {first: last for first, last in _spans(cells, row, groups) if groups}
    return [f"{c}（跨 {wide[i] - i + 1} 列）" if i in wide and c.strip() else c for i, c in enumerate(cells)]
