"""Where to build next, laid out for a console, and as rows for programs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from planning_check.errors import Text, speaking
from planning_check.report.console.layout import WIDTH, Paint, plain, table, wrap
from planning_check.report.tables.exports import BOM, csv_row
from planning_check.report.told import siting as told
from planning_check.report.told.numbers import number
from planning_check.siting.result import Line, Ranked, Siting

#: How many of the sites that were not chosen, and of the communities, are shown; all with -v.
_SHOWN = 5


def siting_page(found: Siting, lang: str, *, paint: Paint = plain, full: bool = False) -> list[str]:
    """The answer, the sites chosen and the next best, who stays unserved, and what it rests on."""
    say = speaking(lang)
    lines = [paint(told.title(found).get(lang), "title")]
    for text in told.answer(found):
        lines += wrap(text.get(lang), WIDTH, hanging="  ")
    rest = [one for one in found.ranked if not one.order and one.alone]
    if found.chosen:
        lines += ["", paint(say("选中的", "Chosen"), "head"), *_sites(found, found.chosen, lang, paint)]
    if rest:
        shown = rest if full else rest[:_SHOWN]
        head = say(f"没有选中的（只建这一处时新服务的人数；列出 {len(shown)} 处，共 {number(len(rest))} 处）",
                   f"Not chosen (people newly served if it were the only one; {len(shown)} of {number(len(rest))})")  # fmt: skip
        lines += ["", paint(head, "head"), *_sites(found, shown, lang, paint)]
    lines += ["", paint(say("选址之后仍没有服务的人", "People unserved after the choice"), "head"), *_districts(found, lang, paint)]
    open_ = sorted((line for line in found.communities if line.unserved), key=lambda line: (-line.unserved, line.code))
    shown_open = open_ if full else open_[:_SHOWN]
    if shown_open:
        head = say(
            f"最多的社区（列出 {len(shown_open)} 个，共 {len(open_)} 个）", f"Communities with most ({len(shown_open)} of {len(open_)})"
        )
        lines += ["", paint(head, "head"), *_communities(shown_open, lang, paint)]
    lines += [""]
    for text in told.doubts(found):
        lines += [paint(line, "alarm") for line in wrap(text.get(lang), WIDTH, hanging="  ")]
    for text in told.caveats(found):
        lines += wrap(text.get(lang), WIDTH, hanging="  ")
    return lines


def _sites(found: Siting, sites: Sequence[Ranked], lang: str, paint: Paint) -> Iterator[str]:
    heads = Text("序|编号|名称|社区|新服务 人|㎡|造价 元|每万元|每㎡", "no.|id|name|community|people new|㎡|yuan|per 10k|per ㎡").get(lang)
    rows = [
        [
            str(one.order or ""), one.site.key, one.site.name, told.community_name(found, one.site.community), number(one.people),
            number(one.site.m2), number(one.site.yuan), number(one.per_10k_yuan), number(one.per_m2),
        ]
        for one in sites
    ]  # fmt: skip
    head, *shown = table(heads.split("|"), rows, numbers=(4, 5, 6, 7, 8), paint=paint)
    yield head
    for one, row in zip(sites, shown, strict=True):
        yield row
        parts = [
            told.site_kind(one),
            one.site.note,
            Text(one.site.source.get("zh"), one.site.source.get("en")) if one.site.source else None,
        ]
        text = Text("；", "; ").get(lang).join(part.get(lang) for part in parts if part)
        yield from (paint(line, "dim") for line in wrap(text, WIDTH, indent=" " * 6, hanging=" " * 8))


def _districts(found: Siting, lang: str, paint: Paint) -> list[str]:
    heads = Text("区县|人口|现在没有服务|选址后没有服务", "district|people|unserved now|after the choice").get(lang).split("|")
    total = Line("", Text("全市", "whole city").get(lang), "", *(sum(getattr(x, n) for x in found.communities) for n in _NUMBERS))
    return table(heads, [_row(line, lang) for line in [*found.districts, total]], numbers=(1, 2, 3), paint=paint, total=1)


_NUMBERS = ("people", "unserved_now", "unserved")


def _communities(lines: Sequence[Line], lang: str, paint: Paint) -> list[str]:
    heads = (
        Text("社区|区县|人口|现在没有服务|选址后没有服务", "community|district|people|unserved now|after the choice").get(lang).split("|")
    )
    rows = []
    for line in lines:
        name, *numbers = _row(line, lang)
        rows.append([name, line.district, *numbers])
    return table(heads, rows, numbers=(2, 3, 4), paint=paint)


def _row(line: Line, lang: str) -> list[str]:
    name = line.name or Text("（不在任何社区）", "(in no community)").get(lang)
    return [name, *(number(getattr(line, name)) for name in _NUMBERS)]


def siting_csv(found: Siting) -> Iterator[str]:
    """A line a site, the chosen first."""
    yield BOM + csv_row(told.COLUMNS)
    for one in found.ranked:
        yield csv_row(told.record(found, one).values())


def siting_json(found: Siting) -> Iterator[str]:
    """The whole answer: sites, communities, what was not counted, the numbers used."""
    whole = {
        "facility": found.kind.code, "population": found.population, "as_of": found.as_of, "sites_at_most": found.at_most,
        "budget_yuan": found.budget_yuan, "people": found.people, "planned_people": found.planned, "is_told": found.is_told,
        "served_now": found.served_now if found.is_told else None, "newly_served": found.newly, "bound": found.bound,
        "is_proven": found.is_proven, "is_greedy": found.is_greedy, "unserved": found.unserved,
        "greedy": {order: {"newly_served": people, "sites": list(keys)} for order, (people, keys) in found.greedy.items()},
        "unsure": [{"key": one.key, "name": one.name, "why": one.why} for one in found.unsure],
        "served_now_at_most": found.served_at_most, "newly_served_at_least": found.people_at_least,
        "sites": [told.record(found, one) for one in found.ranked],
        "communities": [
            {"community_code": x.code, "community_name": x.name, "district": x.district} | {name: getattr(x, name) for name in _NUMBERS}
            for x in found.communities
        ],
        "left_out": [{"register": x.register, "why": x.why, "key": x.key, "name": x.name} for x in found.left_out],
        "rows_set_aside": {one.register: one.rows for one in found.lost},
        "figures": {
            name: {"value": one.value, "unit": one.unit, "cite": one.cite, "verified": one.verified, "where": one.where}
            for name, one in found.figures.items()
        },
    }  # fmt: skip
    yield json.dumps(whole, ensure_ascii=False, indent=2, default=str) + "\n"
