"""Public rooms that wait for a use, and own offices without title: each with the path proposed, and what is known of it.

What a line says are the facts that the rule reads, by their own words; the path and its reason are the class that the rule gives.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from planning_check.errors import Text
from planning_check.record.finding import Finding
from planning_check.record.run import StoredRun
from planning_check.report.told.cities import Cities, cities_of
from planning_check.report.told.facts import fact_label, fact_value, find_fact
from planning_check.words import UNITS
from planning_check.words import label as word

_NUMBERS = ("area", "money", "number", "integer")


@dataclass(frozen=True)
class Kind:
    """One list. ``facts``: its columns, of which ``first`` stand on a narrow screen, and those of ``aside``, the last, on no paper.
    ``counted``: the facts of which it is said of how many nobody knows them; ``area``: the fact that is summed up by path."""

    rule_id: str
    subject: str
    title: Text
    noun: Text
    facts: tuple[str, ...]
    first: tuple[str, ...]
    counted: tuple[str, ...]
    area: str
    aside: tuple[str, ...] = ()

    def label(self, name: str) -> Text:
        """What a column is called."""
        return fact_label(self.subject, name)

    def unit(self, name: str, lang: str) -> str:
        """The unit that its numbers are in, '' for none."""
        fact = find_fact(self.subject, name)
        return word(UNITS, fact.unit, lang) if fact and fact.unit else ""

    def is_number(self, name: str) -> bool:
        """Whether a column holds numbers."""
        fact = find_fact(self.subject, name)
        return fact is not None and fact.type in _NUMBERS

    def cell(self, room: Room, name: str, lang: str) -> str | Decimal:
        """What is known of a room, a number as a number."""
        text = room.facts.get(name)
        return Decimal(text) if text is not None and self.is_number(name) else self.value(room, name, lang)

    def value(self, room: Room, name: str, lang: str) -> str:
        """What is known of a room, as people read it."""
        return fact_value(find_fact(self.subject, name), room.facts.get(name), lang)


IDLE = Kind(
    "OF09", "idle_facility", Text("闲置或不开放的公共设施", "Public facilities idle or closed to residents"), Text("处设施", "facilities"),
    ("usable_m2", "capacity_persons", "opening_hours", "open_to_residents", "use_rate", "owner", "offered_path", "nearest_office_name",
     "nearest_office_m", "kind", "owner_kind", "available_from"),
    ("usable_m2", "capacity_persons", "opening_hours", "open_to_residents", "use_rate", "nearest_office_m"),
    ("opening_hours", "capacity_persons", "offered_path"), "usable_m2", ("kind", "owner_kind", "available_from"),
)  # fmt: skip
UNTITLED = Kind(
    "OF08", "office", Text("自有而无产权的社区办公用房", "Communities' own offices without title"), Text("处办公用房", "offices"),
    ("area_m2", "since", "tenure_text", "demolition_risk", "title_no", "nearest_idle_name", "nearest_idle_m", "nearest_idle_usable_m2"),
    ("area_m2", "since", "demolition_risk", "nearest_idle_m"),
    ("area_m2", "since", "demolition_risk"), "area_m2",
)  # fmt: skip


@dataclass(frozen=True)
class Room:
    """One room: its path with the reason, '' where none can be proposed; ``facts``: as recorded, None for what is not known."""

    key: str
    name: str
    district: str
    community: str
    path: str
    reason: Text
    facts: dict[str, str | None]
    is_dismissed: bool
    city: Text


@dataclass(frozen=True)
class Rooms:
    """``rooms``: by path, the largest first. ``open``: of how many nobody knows whether they belong to the list, with the names of what is
    missing. ``was_judged``: whether the run judged by the rule at all."""

    run: StoredRun
    kind: Kind
    rooms: Sequence[Room]
    paths: dict[str, Text]
    open: int = 0
    missing: tuple[str, ...] = ()
    was_judged: bool = True

    def of(self, path: str) -> list[Room]:
        """Those of one path, '' for those of none."""
        return [room for room in self.rooms if room.path == path]

    def area(self, path: str) -> tuple[Decimal, int]:
        """The area of a path's rooms as far as it is known, and of how many it is not."""
        told = [room.facts.get(self.kind.area) for room in self.of(path)]
        return sum((Decimal(text) for text in told if text is not None), Decimal(0)), told.count(None)

    def unknown(self, name: str) -> int:
        """Of how many rooms a fact is not known."""
        return sum(room.facts.get(name) is None for room in self.rooms)

    def chosen(self, paths: Sequence[str]) -> Rooms:
        """Those of some paths alone; all of them where none is named."""
        return replace(self, rooms=[room for room in self.rooms if room.path in paths]) if paths else self


def rooms(run: StoredRun, kind: Kind, paths: dict[str, Text], findings: Iterable[Finding], *, was_judged: bool = True) -> Rooms:
    """``findings``: of the kind's rule; ``paths``: its classes in their order, with their words."""
    found, missing, open_, cities = [], set(), 0, cities_of(run.manifest)
    for one in findings:
        if one["outcome"] == "violation":
            found.append(_room(one, cities))
        elif one["outcome"] in ("undetermined", "error"):
            open_ += 1
            missing |= set(one["missing"])
    order = list(paths)
    found.sort(key=lambda room: (order.index(room.path) if room.path in order else len(order), *_large_first(room, kind), room.key))
    return Rooms(run, kind, found, paths, open_, tuple(sorted(missing)), was_judged)


def _large_first(room: Room, kind: Kind) -> tuple[bool, Decimal]:
    text = room.facts.get(kind.area)
    return text is None, -Decimal(text or 0)


def _room(one: Finding, cities: Cities) -> Room:
    facts = dict(one["facts"])
    name = facts.get("name") or one["subject_name"] or ""
    reason = Text(one["status_zh"] or "", one["status_en"] or "")
    return Room(
        one["subject_key"], name, one["district_name"] or "", one["community_name"] or "", one["status"] or "", reason, facts,
        one["case_state"] == "dismissed", cities.name(one["district_code"]),
    )  # fmt: skip
