"""How a delivery was read, laid out for a console."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from planning_check.errors import Text, speaking
from planning_check.report.console.layout import WIDTH, Paint, plain, table, wrap
from planning_check.report.told.numbers import counted, number
from planning_check.report.told.profile import table_label
from planning_check.report.told.seen import HOW, Looked, Seen, alike
from planning_check.report.told.waiting import Lacking, held_up
from planning_check.words import BUREAUS, labels

_MOST_LACKING = 6  # beside one sheet; all of them stand at the end
#: Above :func:`lacking_rows`.
LACKING = Text("没有交来、未判结论要用的表和列", "Registers and columns not delivered that open outcomes would read")


def seen_page(looked: Looked, lang: str, *, paint: Paint = plain) -> list[str]:
    """What was not read first, then each sheet with its columns, what was not delivered, and the sums."""
    say, found = speaking(lang), looked.seen
    lines = [paint(say("这份报送会怎么读", "How this delivery is read"), "title")]
    unread = [one for one in found if one.table is None]
    if unread:
        lines += [
            "",
            paint(say(f"没有采用的 {len(unread)} 个文件、工作表或图层", f"Not used: {len(unread)} files, sheets or layers"), "alarm"),
        ]
        for same in alike(unread):
            lines += _unread(same, lang)
    for one in found:
        if one.table is not None:
            lines += ["", *_sheet(one, lang, paint)]
    if looked.lacking:
        lines += ["", paint(LACKING.get(lang), "head"), *lacking_rows(looked.lacking, lang, paint)]
    return [*lines, "", *wrap(_sums(found, lang), WIDTH)]


def lacking_rows(lacking: Sequence[Lacking], lang: str, paint: Paint, indent: str = "  ") -> list[str]:
    """The registers and columns that were not delivered: of whom to ask them, and what waits for each."""
    heads = Text("数据表|列|由谁补|结论", "register|column|from whom|outcomes").get(lang).split("|")
    rows = [(one.register.get(lang), one.label.get(lang), labels(BUREAUS, one.owner, lang), number(one.outcomes)) for one in lacking]
    return table(heads, rows, numbers=(3,), paint=paint, indent=indent)


def _unread(same: Sequence[Seen], lang: str) -> Iterator[str]:
    say, one = speaking(lang), same[0]
    rows = say("行数不知", "rows: unknown") if one.rows is None else say(f"{number(one.rows)} 行", counted(one.rows, "row"))
    why = f"{say('：', ': ')}{one.why.get(lang)}" if one.why else ""
    place = say("、", ", ").join([one.place, *(other.sheet for other in same[1:])])
    yield from wrap(f"{place}{say('（', ' (')}{rows}{say('）', ')')}{why}", WIDTH, indent="  - ", hanging="    ")
    if one.headings:
        yield from wrap(say("表头：", "headings: ") + say("、", ", ").join(h.told(lang) for h in one.headings), WIDTH, indent="    ")
    if one.would_read:
        register = table_label(one.nearest_names[0])
        waits = Text(f"没有交来“{register.zh}”", f"no register '{register.en}' was delivered").get(lang)
        yield from wrap(waits + held_up(one.would_read).get(lang), WIDTH, indent="    ")
    if one.fix and one.fix.get(lang):
        yield from wrap(say("怎么办：", "what to do: ") + one.fix.get(lang), WIDTH, indent="    ")


def _sheet(one: Seen, lang: str, paint: Paint) -> Iterator[str]:
    say = speaking(lang)
    assert one.table is not None and one.read is not None, "of a sheet that was used"
    told = [
        say(f"读入 {number(one.read)} 行 = 采用 {number(one.used)} + 隔离 {number(one.quarantined)}",
            f"{counted(one.read, 'row')} read = {number(one.used)} used + {number(one.quarantined)} set aside"),
        *([say(f"表头在第 {one.header_row} 行", f"header in row {one.header_row}")] if one.header_row else ()),
        *([say(f"编码 {one.encoding}", f"encoding {one.encoding}") + (f"“{one.sample}”" if one.sample else "")] if one.encoding else ()),
        *([say(f"坐标系 {one.crs}", f"CRS {one.crs}")] if one.crs else ()),
        *([say("工作表是隐藏的", "the sheet is hidden")] if one.is_hidden else ()),
        *([say(f"有 {one.hidden_rows} 行隐藏或被筛掉", f"{one.hidden_rows} rows hidden or filtered out")] if one.hidden_rows else ()),
    ]  # fmt: skip
    yield from wrap(f"{one.place} → {one.table.get(lang)}", WIDTH)
    yield from wrap(say("；", "; ").join(told), WIDTH, indent="  ")
    rows = [(h.letter, h.header, h.field.get(lang), h.unit or "", HOW[h.how].get(lang)) for h in one.headings if h.field]
    heads = (say("列", "column"), say("表头", "heading"), say("字段", "field"), say("单位", "unit"), say("依据", "known by"))
    yield from table(heads, [tuple(" ".join(cell.split()) for cell in row) for row in rows], paint=paint)
    if one.unused:
        left = say("、", ", ").join(heading.told(lang) for heading in one.unused)
        yield from wrap(paint(say("没有采用的列：", "Columns not used: "), "head") + left, WIDTH, indent="  ", hanging="    ")
    if one.unused and one.lacks:
        lacks = say("、", ", ").join(lack.told(lang) for lack in one.lacks[:_MOST_LACKING])
        more = len(one.lacks) - _MOST_LACKING
        lacks += say(f"等 {len(one.lacks)} 列", f" and {more} more") if more > 0 else ""
        yield from wrap(paint(say("没有的列：", "Columns missing: "), "head") + lacks, WIDTH, indent="  ", hanging="    ")


def _sums(found: Sequence[Seen], lang: str) -> str:
    read, used, aside = (
        (sum(values) for values in zip(*((one.read or 0, one.used, one.quarantined) for one in found), strict=True)) if found else (0, 0, 0)
    )
    rest, unknown = sum(one.rows or 0 for one in found if one.table is None), sum(one.table is None and one.rows is None for one in found)
    more = (
        Text(f"，另有 {unknown} 个文件的行数不知", f", and those of {counted(unknown, 'file')} that nobody could count")
        if unknown
        else Text("", "")
    )
    return Text(
        f"共 {number(read + rest)} 行 = 采用 {number(used)} + 隔离 {number(aside)} + 没有采用的表里 {number(rest)}{more.zh}",
        f"{number(read + rest)} rows in all = {number(used)} used + {number(aside)} set aside "
        f"+ {number(rest)} in what was not used{more.en}",
    ).get(lang)
