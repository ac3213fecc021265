"""Idle and closed public rooms, and own offices without title: on the console, as CSV and JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal

from planning_check.errors import Text
from planning_check.report.console.layout import Paint, plain, table, wrap
from planning_check.report.tables.exports import BOM, csv_row
from planning_check.report.told.cities import beside, cities_of
from planning_check.report.told.numbers import number
from planning_check.report.told.rooms import Room, Rooms
from planning_check.words import UNKNOWN

_WIDE = 120
NO_PATH = Text("途径不明：缺少定途径的事实", "no path: what it turns on is not known")
_FIRST = Text("编号|名称|区县", "id|name|district")


def rooms_lines(found: Rooms, lang: str, *, paint: Paint = plain) -> list[str]:
    """Path by path, each with its reason, how many there are and their area; then what is not known."""
    run, kind = found.run, found.kind
    lines = [paint(Text(f"{kind.title.zh}　截至 {run.as_of}（第 {run.id} 次检查）", f"{kind.title.en} as of {run.as_of} (run {run.id})")
                   .get(lang), "title")]  # fmt: skip
    for path in (*found.paths, ""):
        if shown := found.of(path):
            lines += ["", paint(_heading(found, path, lang), "head")]
            heads = [*_FIRST.get(lang).split("|"), *(kind.label(name).get(lang) for name in kind.first)]
            numbers = [n for n, name in enumerate(kind.first, 3) if name.endswith(("_m2", "_m", "_persons", "_rate"))]
            rows = [[room.key, room.name, room.district, *(kind.value(room, name, lang) for name in kind.first)] for room in shown]
            lines += table(heads, rows, numbers=numbers, width=_WIDE, paint=paint)
    return [*lines, "", *(line for text in notes(found) for line in wrap(text.get(lang), 80, indent="  ", hanging="    "))]


def path_text(found: Rooms, path: str) -> Text:
    """The path with its reason."""
    return found.paths.get(path, NO_PATH)


def _heading(found: Rooms, path: str, lang: str) -> str:
    area, unknown = found.area(path)
    name, count = path_text(found, path).get(lang), number(len(found.of(path)))
    lost = Text(f"，另有 {unknown} 处面积未知", f", of {unknown} more it is unknown").get(lang) if unknown else ""
    return f"{name}{Text(f'（{count} 处，{number(area)} ㎡{lost}）', f' ({count}, {number(area)} ㎡{lost})').get(lang)}"


def notes(found: Rooms) -> Iterator[Text]:
    """How many there are, what is not known of them, and what could not be judged."""
    kind, rooms = found.kind, found.rooms
    if not found.was_judged:
        yield Text(
            f"这次检查没有用规则 {kind.rule_id}，有没有不知道",
            f"this check did not judge by {kind.rule_id}: whether there are any is unknown",
        )
        return
    yield Text(f"共 {number(len(rooms))} {kind.noun.zh}", f"{number(len(rooms))} {kind.noun.en} in all")
    for name in kind.counted:
        label = kind.label(name)
        if unknown := found.unknown(name):
            yield Text(
                f"{label.zh}：{number(unknown)} 处没有报，不等于没有", f"{label.en}: of {number(unknown)} not reported, which is not none"
            )
    if found.open:
        wanting = [kind.label(name) for name in found.missing]
        yield Text(f"另有 {number(found.open)} 处未能判定是否在内，缺：{'、'.join(one.zh for one in wanting)}",
                   f"of {number(found.open)} more it could not be judged, for want of: {', '.join(one.en for one in wanting)}")  # fmt: skip
    if dismissed := sum(room.is_dismissed for room in rooms):
        yield Text(f"其中会议不予认定的 {number(dismissed)} 处", f"of these the meeting dismissed {number(dismissed)}")
    yield Text(f"途径由规则 {kind.rule_id} 拟定，由联席会议确定：planning-check explain {kind.rule_id}",
               f"paths are proposed by the rule {kind.rule_id}, the joint meeting settles them: "
               f"planning-check explain {kind.rule_id}")  # fmt: skip


def heads(found: Rooms, lang: str) -> list[str]:
    """The columns of the whole list, numbers with their unit."""
    kind = found.kind
    first = Text("编号|名称|区县|社区|拟议途径", "id|name|district|community|path proposed").get(lang).split("|")
    first[2:2] = cities_of(found.run.manifest).column(lang)
    return [*first, *(f"{kind.label(name).get(lang)} {kind.unit(name, lang)}".rstrip() for name in kind.facts)]


def cells(found: Rooms, room: Room, lang: str) -> list[str | Decimal]:
    """A room on them, numbers as numbers; what is not known is said."""
    unknown = UNKNOWN.get(lang)
    first = [text or unknown for text in (room.key, room.name, *beside(room.city, lang), room.district, room.community)]
    return [*first, path_text(found, room.path).get(lang), *(found.kind.cell(room, name, lang) for name in found.kind.facts)]


def rooms_csv(found: Rooms, lang: str) -> Iterator[str]:
    """A row a room."""
    yield BOM + csv_row(heads(found, lang))
    for room in found.rooms:
        yield csv_row(cells(found, room, lang))


def rooms_json(found: Rooms) -> Iterator[str]:
    """The same with codes, in both languages; null for what is not known."""
    listed = [
        {"key": room.key, "name": room.name or None,
         **({"city_zh": room.city.zh, "city_en": room.city.en} if room.city.zh else {}),
         "district": room.district or None, "community": room.community or None,
         "path": room.path or None, "path_zh": path_text(found, room.path).zh, "path_en": path_text(found, room.path).en,
         **{name: room.facts.get(name) for name in found.kind.facts}}
        for room in found.rooms
    ]  # fmt: skip
    told = {"run": found.run.id, "as_of": found.run.as_of, "rule": found.kind.rule_id, "rooms": listed, "undetermined": found.open}
    yield json.dumps(told, ensure_ascii=False, indent=2, default=str) + "\n"
