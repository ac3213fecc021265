"""What keeps two cities apart though something links them: as one delivery they would accuse the innocent, or not be read as they are."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from planning_check.errors import Text
from planning_check.province.keys import Told
from planning_check.province.linking import Shared
from planning_check.schema import BY_NAME


@dataclass(frozen=True)
class Side:
    """One of two cities: what it is called, what it told, and the day that it states as its own."""

    label: str
    told: Told
    as_of: dt.date | None


def why_apart(one: Side, other: Side, shared: Shared | None) -> Text | None:
    """Why two cities are checked each by itself, and what would put that right; None where nothing is in the way."""
    for side in (one, other):
        if side.told.has_whole_figures:
            return Text(
                f"{side.label} 上报的统计是全市的，合起来就对不上：各报各区县的，或不报",
                f"{side.label} reports figures of the whole city, which would not fit both: report them by district, or none",
            )
    if one.as_of != other.as_of:
        days = [side.as_of.isoformat() if side.as_of else None for side in (one, other)]
        zh, en = ([f"{side.label} {day or none}" for side, day in zip((one, other), days, strict=True)] for none in ("没写", "none"))
        return Text(
            f"报送日期不同（{'，'.join(zh)}）：delivery.yaml 里的 as_of 写成同一天", f"they state different days ({', '.join(en)}): "
            "have one as_of in delivery.yaml",
        )  # fmt: skip
    return _register(one, other) or _numbered_alike(one, other, shared) or _districts(one, other)


def _register(one: Side, other: Side) -> Text | None:
    for has, lacks in ((one, other), (other, one)):
        missing = sorted(has.told.speaking - lacks.told.speaking, key=lambda name: ("." in name, name))
        if missing:
            what = _called(missing[0])
            return Text(
                f"{has.label} 报了{what.zh}，{lacks.label} 没报：合起来会把没报的当成没有。{lacks.label} 补报（没有的报空表）",
                f"{has.label} told {what.en} and {lacks.label} did not: together, untold would be none. {lacks.label} delivers it, too "
                "(an empty one where there is nothing)",
            )
    return None


def _called(name: str) -> Text:
    table, _, column = name.partition(".")
    if table not in BY_NAME:
        return Text(name, name)
    label = BY_NAME[table].label
    if not column:
        return label
    field = BY_NAME[table].field(column).label
    return Text(f"{label.zh}的{field.zh}", f"{field.en} of {label.en}")


def _numbered_alike(one: Side, other: Side, shared: Shared | None) -> Text | None:
    table = shared.numbered_alike if shared else None
    if not shared or not table:
        return None
    label = BY_NAME[table].label
    return Text(
        f"编号撞了：{label.zh}有 {shared.both[table]} 个编号两边都有，其中 {shared.others[table]} 个各指各的。"
        f"{one.label} 或 {other.label} 改用自己的编号（在源头加上本市代码）",
        f"they number alike: {shared.both[table]} ids of {label.en} stand in both, and {shared.others[table]} of them are two records. "
        f"{one.label} or {other.label} gives ids of its own (with the city's code before them, at source)",
    )


def _districts(one: Side, other: Side) -> Text | None:
    name = clashing_name(one.told, other.told)
    if name is None:
        return None
    return Text(
        f"两边都有“{name}”而代码不同，合起来就分不清：区县在表里写代码和全名（带市名）",
        f"both have a district '{name}', of two codes, which nothing would tell apart together: write its code, and the city before the "
        "name",
    )


def clashing_name(one: Told, other: Told, *, stems: bool = False) -> str | None:
    """A name that is a district of each, of two codes. ``stems``: without its unit, too, as it may be told."""
    mine, theirs = (told.names | told.stems if stems or one.by_names or other.by_names else told.names for told in (one, other))
    return next((word for word in sorted(mine) if word in theirs and mine[word] != theirs[word]), None)
