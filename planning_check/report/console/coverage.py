"""Coverage laid out for a console, and as rows for programs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, fields

from planning_check.errors import speaking
from planning_check.report.console.layout import WIDTH, Paint, plain, table, wrap
from planning_check.report.tables.exports import BOM, csv_row
from planning_check.report.told.cities import HEAD
from planning_check.report.told.coverage import Coverage, Covered
from planning_check.report.told.numbers import number


def coverage_page(found: Coverage, lang: str, *, paint: Paint = plain) -> list[str]:
    """A row a district or community, the whole under them, and what the columns mean."""

    say = speaking(lang)
    lines = [
        paint(say(f"社区设施覆盖　截至 {found.as_of}（第 {found.run_id} 次检查）",
                  f"Coverage of communities as of {found.as_of} (run {found.run_id})"), "title"),
        "",
    ]  # fmt: skip
    heads = say("区县|社区|有|缺|不明|办公够/不够/不明|场地够/不够/不明|全在外|距离不明|外 人",
                "district|n|has|lacks|unknown|office ok/short/?|ground ok/short/?|all out|?|people out")  # fmt: skip
    if found.by == "community":
        heads = say("社区", "community") + heads[heads.index("|") :]
    if found.by == "city":
        heads = HEAD.get(lang) + heads[heads.index("|") :]
    rows = [_row(one, found.called(one, lang)) for one in found.groups] + [_row(found.total, found.whole.get(lang))]
    lines += table(heads.split("|"), rows, numbers=(1, 2, 3, 4, 7, 8, 9), paint=paint, total=1)
    radius = found.radius_m or "-"
    lines += ["", *wrap(say(
        f"有、缺、不明：一部三室三站一场按项计，没有报不等于缺。外：离本社区办公用房超过 {radius} 米（本工具建议值，未核对），"
        "人数按人口在社区内均匀分布估算，距离或人口不明的不计在内。",
        f"Has, lacks, unknown: the eight functions, counted each; not reported is not lacking. Out: farther than {radius} m from the "
        "community's own office (this tool's suggestion, unverified); people are an estimate with the population spread evenly, "
        "without communities whose reach or population is not known (?)."), WIDTH, indent="  ")]  # fmt: skip
    return lines


def _row(one: Covered, name: str) -> list[str]:
    office = f"{one.office_enough}/{one.office_short}/{one.office_unknown}"
    outdoor = f"{one.outdoor_enough}/{one.outdoor_short}/{one.outdoor_unknown}"
    counts = [number(n) for n in (one.communities, one.has, one.lacks, one.not_known)]
    return [name, *counts, office, outdoor, *(number(n) for n in (one.out_of_reach, one.reach_unknown, one.outside_people))]


def coverage_csv(found: Coverage) -> Iterator[str]:
    """A line a group, columns as in :class:`Covered`."""
    names = [f.name for f in fields(Covered)]
    yield BOM + csv_row(names)
    for one in found.groups:
        yield csv_row([found.called(one, "zh") if name == "name" else getattr(one, name) for name in names])


def coverage_json(found: Coverage) -> Iterator[str]:
    """The groups and the whole."""
    told = {name: value for name, value in asdict(found).items() if name not in ("names", "whole")}
    yield json.dumps(told, ensure_ascii=False, indent=2) + "\n"
