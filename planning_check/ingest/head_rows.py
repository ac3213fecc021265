"""Headers of several rows, made one: 建筑面积 over 地上 | 地下 | 合计 is 地上建筑面积 | 地下建筑面积 | 总建筑面积;
units in a row of their own under the header are part of it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from planning_check.following import follows
from planning_check.ingest.headers import every_word
from planning_check.ingest.units import factor, is_unit
from planning_check.ingest.wording import heading, is_other

#: Merged cells of the sheet: first row, first column, last row, last column; rows counted from 0 in the head.
Groups = Sequence[tuple[int, int, int, int]]
_VALUE = re.compile(r"[-+¥￥]?[\d.,/年月日%:-]+|p\d+.*")
_TOTAL = re.compile(r"(?:合计|总计|小计|共计|总数|总量|总|计|total)$")
_NOTE = re.compile(r"^(.*?)\(([^()]*)\)$")
_MEASURE = re.compile(r"面积|金额|日期|时间|户数|人口|单价|比例|编号|名称")
_NUMBER = re.compile(r"[(第]*(?:[0-9]{1,2}|[一二三四五六七八九十甲乙丙丁戊己庚辛壬癸a-z]|栏次|序号)[)栏列.]*|")
#: What stands in a row of units under the heads of columns that have none.
_NO_UNIT = re.compile(
    r"(?:计量)?单位|-+|/|年[-/.]?月[-/.]?日?|y+[-/.]?m+([-/.]?d+)?|(?:yes/no|units?)|文本|文字|字符|数字|数值|整数|小数|日期|编码|代码|名称|是[/或]?否|"
    "必填|选填|下拉|无"
)
#: A group that says only what is measured.
_BARE_MEASURE = re.compile(r"(?:各?类?(?:面积|金额|日期|时间|规模|指标|数量|比例))+")
#: Words over a group that add nothing to the heads below.
_EMPTY = re.compile(
    r"(?:项目|基本|主要|用房|办公|土地|规划局|住建局|民政局|不动产|登记|移交|折资|保证金|社区|办理|技术|经济|建设|规模|概况|工程|位置|坐落|地点)*"
)
_AND_SO_ON = re.compile("(?:情况|信息|指标|数据|内容|资料|事项|部分|阶段|环节)+$")
_LONGEST_TITLE = 8  # a longer text over a group is a title of the sheet


@dataclass(frozen=True)
class HeadRow:
    """What may be the header: made of the head's rows ``top`` to ``row``."""

    cells: list[str]
    row: int
    top: int = 0


def head_rows(head: Sequence[Sequence[str]], groups: Groups | None) -> list[HeadRow]:
    """Every row of the head, two rows of one header being one; the lower of them also by itself, for the upper may be a title."""
    rows, at = [], 0
    while at < len(head):
        cells, last = list(head[at]), at
        while last + 1 < len(head) and _continues(cells, head[last + 1], _spans(cells, last, groups)):
            cells = _joined(cells, head[last + 1], _spans(cells, last, groups), merged=bool(groups))
            last += 1
        lowest = last
        if last == at:
            cells = _without_wide(cells, at, groups)
        units = next((n for n in (1, 2) if last + n < len(head) and _is_unit_row(cells, head[last + n])), 0)
        units = 0 if units == 2 and not _is_numbering(head[last + 1]) else units
        last += units
        rows.append(HeadRow(_with_units(cells, head[last]) if units else cells, last, at))
        if lowest > at:
            alone = list(head[lowest])
            rows.append(HeadRow(_with_units(alone, head[last]) if units else alone, last, lowest))
        at = last + 1
    return rows


def _is_unit_row(heads: Sequence[str], below: Sequence[str]) -> bool:
    """Whether a row holds nothing but units, of which one at least is that of an area, a sum or a price."""
    own = [c for i, c in enumerate(below) if c.strip() and (i >= len(heads) or c != heads[i])]  # a head may be merged down
    words = [_bare_unit(c) for c in own]
    known = [w for w in words if any(factor(measures, w) is not None for measures in ("m2", "yuan/m2", "yuan/year"))]
    return bool(known) and len(words) <= len([c for c in heads if c.strip()]) and all(is_unit(w) or _NO_UNIT.fullmatch(w) for w in words)


def _is_numbering(row: Sequence[str]) -> bool:
    """Whether a row may number the columns, between the heads and their units."""
    return all(_NUMBER.fullmatch(heading(c)) for c in row if c.strip())


def _bare_unit(cell: str) -> str:
    return re.sub("^单位:?(?=.)", "", heading(cell).strip("()"))


def _with_units(heads: Sequence[str], units: Sequence[str]) -> list[str]:
    """The heads with the units of the row below, in brackets; a head that has a unit keeps it."""
    below = [_bare_unit(c) if c.strip() else "" for c in [*units, *[""] * (len(heads) - len(units))]]
    return [
        f"{c}（{u}）" if c.strip() and is_unit(u) and not is_unit(_told(heading(c))[1]) else c for c, u in zip(heads, below, strict=False)
    ]


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
    """Whether a row holds the heads under the groups of the row above: words there, and nothing but heads under the others."""
    below = [*below, *[""] * (len(top) - len(below))]
    inside = {i for first, last in spans for i in range(first, last + 1)}
    heads = {c.strip() for c in top if c.strip()}
    under = [i for i in inside if i < len(below) and below[i].strip() and below[i] != (top[i] if i < len(top) else "")]
    if len(heads) < 2 or len(under) < 2 or _is_unit_row(top, below) or any(_VALUE.fullmatch(heading(c)) for c in below if c.strip()):
        return False
    return all(_is_head(below[i]) or below[i] == top[i] for i in range(len(top)) if i not in inside and top[i].strip() and below[i].strip())


def _is_head(cell: str) -> bool:
    """Whether a cell names what can stand in a column, or its unit, so that it is no record's."""
    word = _told(heading(cell))[0]
    return word in _words() or is_unit(_bare_unit(cell)) or any(kind.fullmatch(word) for kind in (_MEASURE, _TOTAL))


@follows
@cache
def _words() -> frozenset[str]:
    """The words that head a column of any table."""
    return frozenset(word for word, _ in every_word())


def _joined(top: Sequence[str], below: Sequence[str], spans: list[tuple[int, int]], *, merged: bool) -> list[str]:
    """Two rows in one. Without merged cells, a blank to the right of a head under the same group is that head's."""
    over = {i: top[first] for first, last in spans for i in range(first, last + 1)}
    begins = {i: first for first, last in spans for i in range(first, last + 1)}
    width = max(len(top), len(below))
    below = [*below, *[""] * (width - len(below))]
    cells = []
    for i in range(width):
        lower, upper = below[i].strip(), (over.get(i) or (top[i] if i < len(top) else "")).strip()
        if not merged and not lower and any(c.strip() for c in below[begins.get(i, i) : i]):
            upper = ""
        cells.append(upper if not lower or lower == upper else lower if not upper else _one(upper, lower))
    return cells


def _told(text: str) -> tuple[str, str]:
    """A heading without the note in brackets at its end, and the note."""
    found = _NOTE.fullmatch(text)
    return (found[1], found[2]) if found else (text, "")


def _one(upper: str, lower: str) -> str:
    """The heading of a column from that of its group and its own, with what either has in brackets."""
    if is_unit(_bare_unit(lower)):
        return _with_units([upper], [lower])[0]
    (group, unit), (own, nearer) = (_told(heading(t)) for t in (upper, lower))
    group = _AND_SO_ON.sub("", group)
    if nearer and unit and not (is_unit(nearer) and is_unit(unit)):
        nearer = f"{nearer}、{unit}"
    unit = f"（{nearer or unit}）" if nearer or unit else ""
    if word := _known(group, own) or (group.isascii() and _known("", f"{own}{group}")):
        return f"{word}{unit}"
    title = len(group) > _LONGEST_TITLE and (not is_other(group) or re.search("表|台账|清单|名单|汇总", group))
    if _EMPTY.fullmatch(group) or title or (_BARE_MEASURE.fullmatch(group) and _MEASURE.search(own)):
        return f"{own}{unit}"
    if _TOTAL.fullmatch(own):
        return f"{'' if group.startswith('总') else '总'}{group}{unit}"
    if _MEASURE.search(group) and not _MEASURE.search(own):
        return f"{own}{group.removeprefix('总')}{unit}"
    return f"{group}{own}{unit}"


def _known(group: str, own: str) -> str:
    """The heading of any table that a group's words and a head's own make, or '': 规划建筑面积 and 地上 are 规划地上建筑面积."""
    part = "总" if _TOTAL.fullmatch(own) else own.removesuffix("面积") if group.endswith("面积") else own
    whole = group.replace("总", "", 1)
    made = (f"{group}{own}", *(f"{whole[:at]}{part}{whole[at:]}" for at in range(len(whole))))
    return next((word for word in made if word in _words()), "")


def _without_wide(cells: list[str], row: int, groups: Groups | None) -> list[str]:
    """A head over several columns with nothing below it names none of them (a title in the first column alone is no head anyway)."""
    wide = {first: last for first, last in _spans(cells, row, groups) if groups}
    return [f"{c}（跨 {wide[i] - i + 1} 列）" if i in wide and c.strip() else c for i, c in enumerate(cells)]
