"""Which version of the law governs a subject, and why each of the others on file does not: told from the records of ordinances.

A version is a stretch of days with one set of clause values of one ordinance in one place. ``tests/report/test_governing.py`` holds what is
said here against what judged (``assess.law``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from planning_check.errors import Text
from planning_check.report.told.facts import fact_label

#: The possible days of an anchor: the first and the last.
Days = tuple[dt.date, dt.date]
ALWAYS: Days = (dt.date.min, dt.date.max)
_DAY = dt.timedelta(days=1)
#: What becomes of a version, in the order in which they are told.
VERDICTS = {
    "governs": Text("适用", "governs"),
    "may": Text("可能适用", "may govern"),
    "conflict": Text("冲突", "in conflict"),
    "gives_way": Text("让位", "gives way"),
    "narrower": Text("让位", "gives way"),
    "early": Text("尚未施行", "not yet in force"),
    "late": Text("已过期", "no longer in force"),
    "elsewhere": Text("他处", "elsewhere"),
}


@dataclass(frozen=True)
class Version:
    """One stretch of days of an ordinance (``record``: as ``rulebook.texts`` has it) in a ``place`` of its jurisdiction."""

    record: Mapping[str, Any]
    place: str
    first: dt.date
    last: dt.date

    @property
    def id(self) -> str:
        return str(self.record["id"])

    @property
    def depth(self) -> int:
        return len(self.record["jurisdiction"])

    @property
    def named(self) -> Text:
        """Its ordinance and its days: 某办法（own）2008-01-01 起."""
        title, until = self.record["title"], "" if self.last == dt.date.max else self.last.isoformat()
        return Text(
            f"{title['zh']}（{self.id}）{self.first} {f'至 {until}' if until else '起'}",
            f"{title['en']} ({self.id}), {self.first} {f'to {until}' if until else 'on'}",
        )

    def placed(self, clause: str) -> Mapping[str, Any] | None:
        """What goes before the ordinance's own values of a clause in this place and these days: of several the narrowest, if any."""
        told = self.record["clauses"].get(clause, {}).get("placed", {})
        held = [
            o
            for o in reversed(told.values())
            if self.place.startswith(o["jurisdiction"]) and _day(o["from"]) <= self.first <= _last(o["to"])
        ]
        return max(held, key=lambda one: len(one["jurisdiction"]), default=None)

    def value(self, clause: str) -> Any:
        """What it says of a clause; None where it says nothing."""
        told, placed = self.record["clauses"].get(clause), self.placed(clause)
        if told is None:
            return None
        return placed["value"] if placed else [one["value"] for one in told["values"] if _day(one["from"]) <= self.first][-1]

    def source(self, clause: str) -> Text:
        """Where the law, or the city's file for the place, says so; and from which ordinance a clause is inherited."""
        told, placed = self.record["clauses"].get(clause), self.placed(clause)
        if told is None:
            return Text("没有写到", "it says nothing of it")
        if placed:
            return Text(f"{placed['cite']}（{placed['where']}）", f"{placed['cite']} ({placed['where']})")
        origin = told.get("inherited_from")
        return Text(f"{told['cite']}{f'（承 {origin}）' if origin else ''}", f"{told['cite']}{f' (from {origin})' if origin else ''}")


@dataclass(frozen=True)
class Weighed:
    """One version and what became of it. ``verdict``: governs, may (it is not known whether it does), conflict, gives_way, narrower, early
    (the day is before its first), late (after its last), elsewhere."""

    version: Version
    verdict: str
    why: Text

    @property
    def told(self) -> Text:
        """What became of it, which it is, and why."""
        verdict, named = VERDICTS[self.verdict], self.version.named
        return Text(f"{verdict.zh}：{named.zh}：{self.why.zh}", f"{verdict.en}: {named.en}: {self.why.en}")


@dataclass(frozen=True)
class Governing:
    """All versions on file weighed for one place and day. ``state``: governed, legacy, none, gap, conflict or anchor_unclear, as of the law
    that judged; ``days``: the anchors that were asked for, with their possible days."""

    place: str | None
    state: str
    days: tuple[tuple[str, Days], ...]
    weighed: tuple[Weighed, ...]

    def in_order(self) -> list[Weighed]:
        """The versions, the one that governs first."""
        return sorted(self.weighed, key=lambda one: list(VERDICTS).index(one.verdict))

    def having(self, *verdicts: str) -> list[Version]:
        """The versions of which that became."""
        return [one.version for one in self.weighed if one.verdict in verdicts]


def versions(record: Mapping[str, Any], place: str | None = None) -> list[Version]:
    """The versions of an ordinance as they hold in a place (None: in its own), in the order of their days."""
    own = record["jurisdiction"]
    places = {own} | {p for p in _placed_in(record) if p.startswith(own) and place is not None and place.startswith(p)}
    at = max(places, key=len)
    begins, ends = _day(record["from"]), _last(record["to"])
    days = {_day(one["from"]) for clause in record["clauses"].values() for one in clause["values"]}
    for clause in record["clauses"].values():
        for one in clause.get("placed", {}).values():
            if at.startswith(one["jurisdiction"]):
                days |= {_day(one["from"])} | ({_day(one["to"]) + _DAY} if one["to"] else set())
    starts = sorted({begins} | {day for day in days if begins < day <= ends})
    lasts = [start - _DAY for start in starts[1:]] + [ends]
    return [Version(record, at, first, last) for first, last in zip(starts, lasts, strict=True)]


def _placed_in(record: Mapping[str, Any]) -> Iterable[str]:
    return (one["jurisdiction"] for clause in record["clauses"].values() for one in clause.get("placed", {}).values())


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def _last(text: str | None) -> dt.date:
    return _day(text) if text else dt.date.max


def on_day(day: dt.date) -> Callable[[str], Days]:
    """The days of every anchor where the day is known."""
    return lambda _anchor: (day, day)


def weigh(ordinances: Sequence[Mapping[str, Any]], place: str | None, days: Callable[[str], Days], *, on: Text | None = None) -> Governing:
    """Every version on file for a place and the possible days of each ordinance's anchor.
    ``on``: what the day is, where it is no anchor."""
    here = [v for record in ordinances if (place or "").startswith(record["jurisdiction"]) for v in versions(record, place)]
    span = {id(v): days(v.record["anchor"]) for v in here}
    surely = [v for v in here if span[id(v)][0] >= v.first and span[id(v)][1] <= v.last]
    maybe = [v for v in here if span[id(v)][0] <= v.last and span[id(v)][1] >= v.first]
    above = {id(v): _built_on_it(v, surely) for v in here}
    best = max((v.depth for v in surely if above[id(v)] is None), default=0)
    may, sure = ([v for v in some if above[id(v)] is None and v.depth >= best] for some in (maybe, surely))
    state = _state(here, may, sure, span, above)
    whole = [v for v in maybe if span[id(v)][0] >= _day(v.record["from"]) and span[id(v)][1] <= _last(v.record["to"])]
    weighed = []
    for v in here:
        told = on or anchor_text(v.record["anchor"], span[id(v)])
        if span[id(v)][1] < v.first:
            weighed.append(Weighed(v, "early", Text(f"{told.zh}，早于其首日 {v.first}", f"{told.en}, before its first day {v.first}")))
        elif span[id(v)][0] > v.last:
            weighed.append(Weighed(v, "late", _late(v, told)))
        elif (yields := _yields(v, surely)) or (state == "anchor_unclear" and (yields := _yields(v, whole))):
            weighed.append(Weighed(v, *yields))
        else:
            weighed.append(Weighed(v, *_stands(v, state, v in sure, told)))
    others = [record for record in ordinances if not (place or "").startswith(record["jurisdiction"])]
    weighed += [_elsewhere(v, place) for record in others for v in versions(record)]
    anchors = tuple(dict.fromkeys((v.record["anchor"], span[id(v)]) for v in here))
    return Governing(place, state, anchors, tuple(weighed))


def _stands(v: Version, state: str, is_sure: bool, told: Text) -> tuple[str, Text]:
    """What becomes of a version that nothing goes before."""
    within = Text(f"{told.zh}，在其期间", f"{told.en}, within its days")
    if state == "governed":
        return "governs", within
    if state == "conflict" and is_sure:
        return "conflict", Text(f"{within.zh}，与另一部同地同日", f"{within.en}: so is another one's of the same place")
    if is_sure:
        return "may", Text(f"{within.zh}，除非另一部适用", f"{within.en}, unless another one governs")
    return "may", Text(f"{told.zh}，可能在其期间，也可能不在", f"{told.en}: it may lie within its days, or not")


def _built_on_it(version: Version, surely: Sequence[Version]) -> Version | None:
    """What builds on a version's ordinance, is of the same place, and surely covers: the version gives way to it."""
    return next((s for s in surely if s.depth == version.depth and version.id in s.record.get("based_on", ())), None)


def _state(
    here: Sequence[Version], may: Sequence[Version], sure: Sequence[Version], span: Mapping[int, Days], above: Mapping[int, Version | None]
) -> str:
    if not here:
        return "none"
    if len(may) == len(sure) == 1:
        return "governed"
    if not may:
        return "legacy" if all(span[id(v)][1] < v.first for v in here if above[id(v)] is None) else "gap"
    return "conflict" if len(sure) > 1 else "anchor_unclear"


def _late(v: Version, told: Text) -> Text:
    ended = v.last == _last(v.record["to"])
    then = (
        Text("此后废止", "when the ordinance ended")
        if ended
        else Text(f"{v.last + _DAY} 起改用后值", f"from {v.last + _DAY} it has other values")
    )
    return Text(f"{told.zh}，晚于其末日 {v.last}（{then.zh}）", f"{told.en}, after its last day {v.last} ({then.en})")


def _yields(v: Version, surely: Sequence[Version]) -> tuple[str, Text] | None:
    """To which of those that surely cover a version gives way, if it does."""
    narrower = [s for s in surely if s.depth > v.depth and _built_on_it(s, surely) is None]
    if (built_on := _built_on_it(v, surely)) is not None:
        return "gives_way", Text(f"让位于承它的 {built_on.id}", f"gives way to {built_on.id}, which builds on it")
    if not narrower:
        return None
    deepest = max(narrower, key=lambda one: one.depth)
    where = deepest.record["jurisdiction"]
    return "narrower", Text(f"地域更窄的 {deepest.id}（{where}）优先", f"{deepest.id}, of a narrower place ({where}), goes before it")


def _elsewhere(v: Version, place: str | None) -> Weighed:
    of = v.record["jurisdiction"]
    if not place:
        return Weighed(v, "elsewhere", Text(f"是 {of} 的，区县不明", f"it is of {of}, and the district is not known"))
    return Weighed(v, "elsewhere", Text(f"是 {of} 的，这里是 {place}", f"it is of {of}, and this is {place}"))


def anchor_text(anchor: str, days: Days) -> Text:
    """What an anchor's day is known to be."""
    label, (first, last) = fact_label("project", anchor), days
    if first == last:
        return Text(f"{label.zh} {first}", f"{label.en} {first}")
    if days == ALWAYS:
        return Text(f"{label.zh}不明", f"{label.en}: unknown")
    if first == dt.date.min or last == dt.date.max:
        least = Text(f"不早于 {first}", f"not before {first}") if last == dt.date.max else Text(f"不晚于 {last}", f"not after {last}")
        return Text(f"{label.zh}{least.zh}", f"{label.en}: {least.en}")
    return Text(f"{label.zh}在 {first} 至 {last} 之间", f"{label.en}: between {first} and {last}")


def differing(some: Sequence[Version], clauses: Iterable[str]) -> list[tuple[str, list[Any]]]:
    """The clauses in which versions differ, and what each says."""
    told = [(name, [v.value(name) for v in some]) for name in clauses]
    return [(name, values) for name, values in told if any(value != values[0] for value in values)]
