"""The values of one clause of the law over time: as the ordinances on file state them, and as they govern one place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from planning_check.errors import Text
from planning_check.report.told.governing import Governing, Version, on_day, versions, weigh

_DAY = dt.timedelta(days=1)
NOTHING = Text("", "")


@dataclass(frozen=True)
class Stretch:
    """Some days in which a clause has one value. ``state``: governed where it governs the place that was asked for, conflict, gap, legacy
    or none where nothing does (``version`` is none then), yields where another goes before it, or empty where no place was asked for."""

    first: dt.date
    last: dt.date
    state: str
    version: Version | None
    value: Any
    source: Text = NOTHING
    verified: bool = False
    why: Text = NOTHING


@dataclass(frozen=True)
class History:
    """A clause over time. ``place``: the division code that was asked for, if one was; ``stretches``: in the order of their days."""

    clause: str
    place: str | None
    stretches: tuple[Stretch, ...]
    silent: tuple[str, ...]  # ordinances that say nothing of it


def history(ordinances: Sequence[Mapping[str, Any]], clause: str, place: str | None) -> History:
    """Every dated value of a clause; of a place those that govern it, day by day, and those to which another goes before."""
    silent = tuple(str(one["id"]) for one in ordinances if clause not in one["clauses"])
    stretches = _governing(ordinances, clause, place) if place else _stated(ordinances, clause)
    return History(clause, place, tuple(sorted(stretches, key=_order)), silent)


def _order(one: Stretch) -> tuple[Any, ...]:
    version = one.version
    return (one.first, one.state == "yields", version.place if version else "", version.id if version else "")


def _stated(ordinances: Sequence[Mapping[str, Any]], clause: str) -> Iterable[Stretch]:
    """As the ordinances have it, each in its own place and in those where it has another value."""
    for record in ordinances:
        told = record["clauses"].get(clause)
        if told is not None:
            yield from _joined([_stretch(v, v.first, v.last, "", clause) for v in versions(record)])
            for place in sorted({one["jurisdiction"] for one in told.get("placed", {}).values()} - {record["jurisdiction"]}):
                there = [v for v in versions(record, place) if v.place == place and v.placed(clause)]
                yield from _joined([_stretch(v, v.first, v.last, "", clause) for v in there])


def _governing(ordinances: Sequence[Mapping[str, Any]], clause: str, place: str) -> list[Stretch]:
    """As it governs the place on each day, and what gives way there."""
    here = [v for record in ordinances if place.startswith(record["jurisdiction"]) for v in versions(record, place)]
    ends = {v.last + _DAY for v in here if v.last < dt.date.max}
    starts = sorted({dt.date.min} | {v.first for v in here} | ends)
    lasts = [start - _DAY for start in starts[1:]] + [dt.date.max]
    found: list[Stretch] = []
    yielding: dict[str, list[Stretch]] = {}
    for first, last in zip(starts, lasts, strict=True):
        one = weigh(ordinances, place, on_day(first))
        found.append(_of_day(one, first, last, clause))
        for other in (w for w in one.weighed if w.verdict in ("narrower", "gives_way") and clause in w.version.record["clauses"]):
            made = _stretch(other.version, first, last, "yields", clause)
            yielding.setdefault(other.version.id, []).append(replace(made, why=other.why))
    return _joined(found) + [one for some in yielding.values() for one in _joined(some)]


def _of_day(one: Governing, first: dt.date, last: dt.date, clause: str) -> Stretch:
    governs = one.having("governs")
    if governs:
        return _stretch(governs[0], first, last, "governed", clause)
    named = ", ".join(v.id for v in one.having("conflict"))
    return Stretch(first, last, one.state, None, None, why=Text(named.replace(", ", "、"), named))


def _stretch(version: Version, first: dt.date, last: dt.date, state: str, clause: str) -> Stretch:
    placed = version.placed(clause)
    verified = placed["verified"] if placed else version.record["verified"]
    return Stretch(first, last, state, version, version.value(clause), version.source(clause), bool(verified))


def _joined(stretches: Sequence[Stretch]) -> list[Stretch]:
    """Those that follow upon each other with one value of one ordinance, of one origin, made one."""
    made: list[Stretch] = []
    for one in stretches:
        before = made[-1] if made else None
        if before and before.last + _DAY == one.first and _alike(before, one):
            made[-1] = replace(before, last=one.last)
        else:
            made.append(one)
    return made


def _alike(one: Stretch, other: Stretch) -> bool:
    if one.version is None or other.version is None:
        return (one.version, one.state, one.why) == (other.version, other.state, other.why)
    same = (one.version.id, one.version.place, one.state, one.value, one.source, one.verified, one.why)
    return same == (other.version.id, other.version.place, other.state, other.value, other.source, other.verified, other.why)
