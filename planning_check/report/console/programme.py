"""The programme's order, laid out for a console, and as rows for programs."""

from __future__ import annotations

import json
from collections.abc import Iterator

from planning_check.errors import Text, speaking
from planning_check.report.console.layout import WIDTH, Paint, plain, table, wrap
from planning_check.report.tables.exports import BOM, csv_row
from planning_check.report.told import programme as told
from planning_check.report.told.numbers import number
from planning_check.siting.kinds import PARTS, Figure
from planning_check.siting.programme import Programme

#: How many communities are shown; all with -v.
_SHOWN = 20


def programme_page(found: Programme, lang: str, *, paint: Paint = plain, full: bool = False) -> list[str]:
    """A row a community, the most pressing first, with every part of its score and how many rules of the lists it breaks (which, the files
    say); and the weights."""
    say = speaking(lang)
    lines = [paint(told.title(found).get(lang), "title"), ""]
    shown = found.lines if full else found.lines[:_SHOWN]
    if not shown:
        return [*lines, say("待建设和租借办公用房名单上没有社区", "no community is on the lists of the programme and of offices")]
    heads = Text(
        "序|社区|区县|得分|无用房|拆迁租期|未服务|面积缺口|违反规则", "no.|community|district|score|none|ending|unserved|gap|rules broken"
    ).get(lang)
    rows = [
        [
            str(place), line.name, line.district, told.spanned(line.least, line.most),
            *(told.part_text(line.parts[part]) for part in PARTS), str(len(line.rules)),
        ]
        for place, line in enumerate(shown, 1)
    ]  # fmt: skip
    lines += table(heads.split("|"), rows, numbers=(0, 3, 4, 5, 6, 7, 8), paint=paint)
    if len(shown) < len(found.lines):
        lines += [
            say(
                f"  列出 {len(shown)} 个，共 {number(len(found.lines))} 个（-v 全部）",
                f"  {len(shown)} of {number(len(found.lines))} (-v: all)",
            )
        ]
    lines += [""]
    for text in told.basis(found):
        lines += wrap(text.get(lang), WIDTH, hanging="  ")
    return lines


def programme_csv(found: Programme) -> Iterator[str]:
    """A line a community."""
    yield BOM + csv_row(told.COLUMNS)
    for place, line in enumerate(found.lines, 1):
        yield csv_row(told.record(place, line).values())


def programme_json(found: Programme) -> Iterator[str]:
    """The same with the weights."""
    whole = {
        "as_of": found.as_of, "facility": found.kind.code,
        "weights": {part: _figure(one) for part, one in found.weights.items()},
        "communities": [told.record(place, line) for place, line in enumerate(found.lines, 1)],
    }  # fmt: skip
    yield json.dumps(whole, ensure_ascii=False, indent=2, default=str) + "\n"


def _figure(one: Figure) -> dict[str, object]:
    return {"value": one.value, "cite": one.cite, "verified": one.verified, "where": one.where}
