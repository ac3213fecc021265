"""Projects around the law's thresholds, as a distribution for a console and as rows for a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from planning_check.assess.bunching import EDGES, Threshold
from planning_check.errors import speaking
from planning_check.report.console.layout import WIDTH, Paint, plain, wrap
from planning_check.report.tables.exports import BOM, csv_row
from planning_check.report.told.numbers import number

_BAR = 40


def bunching_lines(found: Sequence[Threshold], lang: str, *, paint: Paint = plain) -> list[str]:
    """A bar a band for each threshold, and what to make of it."""

    say = speaking(lang)
    lines = [paint(say("起点和分档附近的项目分布", "Projects around the thresholds of the law"), "title")]
    if not found:
        return [*lines, *wrap(say("适用办法只按比例，没有分档也没有最低面积：项目大小没有门槛可躲。用 --rules examples/tiers 看一个分档的例子",
                                  "The law asks a plain share, without steps or minimum: there is no threshold to stay below. "
                                  "--rules examples/tiers shows one with steps"), WIDTH, indent="  ")]  # fmt: skip
    for one in found:
        kind = say("分档", "step") if one.kind == "tier" else say("最低面积起作用处", "where the minimum ends")
        lines += ["", paint(f"{one.ordinance_id}　{kind} {number(one.base_m2)} ㎡", "head")]
        most = max(one.bands, default=0)
        for low, high, count in zip(EDGES, EDGES[1:], one.bands, strict=False):
            bar = "#" * (-(-count * _BAR // most) if most else 0)
            lines.append(f"  {low:>4} .. {high:>4} %  {number(count):>6}  {bar}".rstrip())
        near = f"{one.just_below_percent:g} %"
        lines += wrap(say(f"低于门槛 {near} 以内 {one.below} 个，高于 {near} 以内 {one.above} 个",
                          f"within {near} below: {one.below}, within {near} above: {one.above}"), WIDTH, indent="  ")  # fmt: skip
        if one.repeated:
            names = say("、", ", ").join(f"{name} {count}" for name, count in one.repeated[:10])
            lines += wrap(
                say("多次刚好低于门槛的企业：", "Developers several times just below: ") + names, WIDTH, indent="  ", hanging="    "
            )
    lines += ["", *wrap(say("刚好低于门槛的明显多于刚好高于的，值得查规划条件和分期；项目少时差一两个说明不了什么。相邻地块合并的判断见 AP03",
                            "Clearly more just below than just above is worth a look at conditions and phases; "
                            "with few projects one or two prove nothing. AP03 judges neighbouring parcels together"),
                        WIDTH, indent="")]  # fmt: skip
    return lines


def bunching_csv(found: Sequence[Threshold]) -> Iterator[str]:
    """A row a band, and the projects just below in their row."""
    yield BOM
    yield csv_row(("ordinance", "kind", "threshold_m2", "from_percent", "to_percent", "projects", "just_below"))
    yield from map(csv_row, _rows(found))


def _rows(found: Sequence[Threshold]) -> Iterator[tuple[str, ...]]:
    for one in found:
        for low, high, count in zip(EDGES, EDGES[1:], one.bands, strict=False):
            keys = " ".join(one.just_below) if high == 0 else ""
            yield one.ordinance_id, one.kind, str(one.base_m2), str(low), str(high), str(count), keys
