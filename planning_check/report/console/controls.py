"""What bureaus let pass, on the console: each rule over all years, or year by year, and what the list comes to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from planning_check.errors import Text
from planning_check.report.console.layout import Paint, plain, table, wrap
from planning_check.report.tables.controls import percent
from planning_check.report.told.cities import HEAD
from planning_check.report.told.controls import LIST, Control, Controls, Listed
from planning_check.report.told.numbers import number
from planning_check.words import BUREAUS, LISTS, UNKNOWN, label

_WIDE, _NARROW = 120, 100
_HEADS = Text(
    "放过了什么|规则|区县|年度|放过|办理数|占比|未判定|面积 ㎡|金额 元",
    "what was let pass|rule|district|year|let pass|of acts|share|open|area ㎡|yuan",
)
_BY_YEAR = Text("年度|名单上|不予认定|面积 ㎡|金额 元", "year|on the list|dismissed|area ㎡|yuan")
_DISTRICT, _YEAR = 2, 3
_NUMBERS = (4, 6, 7, 8, 9)


def controls_lines(found: Controls, lang: str, *, paint: Paint = plain, full: bool = False) -> list[str]:
    """Bureau by bureau. ``full``: each rule year by year, which a choice of one bureau or year is, too."""
    run = found.run
    lines = [paint(Text(f"部门履职：放过了什么　截至 {run.as_of}（第 {run.id} 次检查）",
                        f"What bureaus let pass, as of {run.as_of} (run {run.id})").get(lang), "title")]  # fmt: skip
    by_year = full or len(found.years) == 1 or (len(found.bureaus) == 1 and not found.is_by_district)
    left_out = [*([] if found.is_by_district else [_DISTRICT]), *([] if by_year else [_YEAR])]
    for bureau in found.bureaus:
        lines += ["", paint(label(BUREAUS, bureau, lang), "head")]
        shown: list[Control] = found.of(bureau) if by_year else found.sums(bureau)
        if found.is_by_district and not full:
            shown = [line for line in shown if line.passed or line.dismissed or line.open]
        lines += _table([_heads(found, lang), *(_row(line, found, lang) for line in shown)], left_out, paint)
        if listed := found.by_year(bureau):
            lines += _listed(listed, lang, paint)
    if found.is_by_district and not full:
        lines += [
            "",
            Text(
                f"  没有放过、也没有未判定的{found.group.zh}不列，-v 全列",
                f"  {'cities' if found.group == HEAD else 'districts'} without any are left out; -v lists them all",
            ).get(lang),
        ]
    if not found.bureaus:
        lines.append(Text("  没有规则查部门的办理", "  no rule watches an act of a bureau").get(lang))
    return [*lines, "", *(line for text in notes(found, on_console=True) for line in wrap(text.get(lang), 80, indent="  ", hanging="    "))]


def _heads(found: Controls, lang: str) -> list[str]:
    heads = _HEADS.get(lang).split("|")
    heads[_DISTRICT] = found.group.get(lang)
    return heads


def _table(rows: list[list[str]], left_out: Sequence[int], paint: Paint) -> list[str]:
    """The heads and rows, without the columns that have nothing to say."""
    kept = [n for n in range(len(rows[0])) if n not in left_out]
    heads, *shown = [[row[n] for n in kept] for row in rows]
    return table(heads, shown, numbers=[kept.index(n) for n in _NUMBERS], width=_WIDE, paint=paint)


def _listed(listed: dict[int | None, Listed], lang: str, paint: Paint) -> list[str]:
    rows = [[year_text(year, lang), *_amounts(one)] for year, one in listed.items()]
    total = [Text("合计", "in all").get(lang), *_amounts(sum(listed.values(), Listed()))]
    heads = _BY_YEAR.get(lang).split("|")
    return ["", *table(heads, [*rows, total], numbers=(1, 2, 3, 4), width=_NARROW, indent="    ", paint=paint, total=1)]


def _amounts(one: Listed) -> list[str]:
    return [number(one.passed), number(one.dismissed), number(one.area_m2) or "-", number(one.yuan) or "-"]


def _row(line: Control, found: Controls, lang: str) -> list[str]:
    """One rule in one year, or over all of them."""
    mark = "" if line.list == LIST else "*"
    passed = number(line.passed) + (f" (-{number(line.dismissed)})" if line.dismissed else "")
    acts = f"{acts_text(line, lang)} {line.act.get(lang)}"
    return [
        line.title.get(lang), line.rule_id + mark, place_text(line, found, lang), year_text(line.year, lang),
        passed, acts, share_text(line, lang), number(line.open),
        number(line.area_m2) or "-", number(line.yuan) or "-",
    ]  # fmt: skip


def place_text(line: Control, found: Controls, lang: str) -> str:
    """The district or city, or that it is not known."""
    named = found.names.get(line.district or "")
    return (named.get(lang) if named else line.district) or UNKNOWN.get(lang)


def year_text(year: int | None, lang: str) -> str:
    """The year, or that it is not known."""
    return UNKNOWN.get(lang) if year is None else str(year)


def acts_text(line: Control, lang: str) -> str:
    """Of how many acts, at least and at most."""
    if line.acts is None:
        return UNKNOWN.get(lang)
    least, most = map(number, line.acts)
    return least if least == most else f"{least} - {most}"


def share_text(line: Control, lang: str) -> str:
    """The share, the lowest and the highest where they differ."""
    if line.share is None:
        return UNKNOWN.get(lang)
    least, most = (percent(one) for one in line.share)
    return f"{least} %" if least == most else f"{least} - {most} %"


def notes(found: Controls, *, on_console: bool = False) -> Iterator[Text]:
    """What the list comes to, and how to read the figures; ``on_console``: where lists and dismissals have no columns of their own."""
    whole, name = found.whole, LISTS[LIST]
    parts = [Text(f"名单“{name.zh}”全部：放过 {number(whole.passed)} 条", f"The list '{name.en}' in all: {number(whole.passed)} let pass")]
    if whole.area_m2 is not None:
        parts.append(Text(f"面积 {number(whole.area_m2)} ㎡", f"{number(whole.area_m2)} ㎡"))
    if whole.yuan is not None:
        parts.append(Text(f"金额 {number(whole.yuan)} 元", f"{number(whole.yuan)} yuan"))
    if whole.dismissed:
        parts.append(Text(f"另有不予认定 {number(whole.dismissed)} 条", f"{number(whole.dismissed)} more dismissed"))
    yield Text("，".join(one.zh for one in parts), ", ".join(one.en for one in parts))
    yield _ADDED
    if on_console and any(line.list != LIST for line in found.lines):
        yield _OTHER_LISTS
    if on_console and any(line.dismissed for line in found.lines):
        yield _DISMISSED
    if any(line.open for line in found.lines):
        yield _OPEN
    lost = [line for line in found.lines if line.year is None or (line.acts and line.acts[0] < line.acts[1])]
    if lost:
        rules = ", ".join(dict.fromkeys(line.rule_id for line in lost))
        yield Text(_LOST.zh.format(rules), _LOST.en.format(rules))
    yield _DELIVERED if found.is_counted else _NOT_COUNTED


_ADDED = Text(
    "各规则的面积、金额可能是同一笔，不能相加；名单按项目只计一次",
    "area and money of several rules may be the same and do not add up; the list counts each project's once",
)
_OTHER_LISTS = Text(
    "带 * 的规则不在这份名单上，问题记在开发企业名下，部门也有一次办理",
    "rules with * are not on this list: the developer is in breach, and a bureau acted, too",
)
_DISMISSED = Text("括号内是会议不予认定的，不在放过数内", "in brackets: dismissed by the meeting, not among what was let pass")
_OPEN = Text(
    "未判定的在办理数内，不算放过，也不算没有放过，占比写最低和最高；肯定不是这种办理的不在内",
    "what is open is among the acts, and neither let pass nor in order: the share is told at its lowest and highest; what surely is no "
    "such act is left out",
)
_LOST = Text(
    "{} 有年份不明的办理，可能属于任何一年：各年的办理数、占比写最低和最高",
    "of {} the year of some acts is unknown and may be any: acts and share of a year are told at their lowest and highest",
)
_DELIVERED = Text(
    "办理数是报送里有的、规则判到的；没有报送的办理不在内", "acts are those that were delivered and judged; others nobody knows of"
)
_NOT_COUNTED = Text(
    "这次检查没有记下办理数（旧版本），占比不明；重新检查即可",
    "this check, of an older version, did not count acts: shares are unknown until it is checked anew",
)
