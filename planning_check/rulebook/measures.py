"""Measures: legal quantities that several rules share, defined once in ``rules/measures.yaml``, each may use those above it.

A measure is an expression on a project, a room or a handover, a formula one on numbers that it is given; a room sum adds
up or counts the rooms of a project; a handed sum adds up what was handed over, each room up to its size, or takes the last
day of it; a carry is what the phases of a development have from each other, a phase day the first or last day of theirs; a tally counts or
adds up the projects of a community, a development or a group. A limit is one number that several rules share.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from planning_check.errors import Text
from planning_check.facts.dictionary import HANDED, PREMISES
from planning_check.rulebook.nodes import Item, check_name, read_yaml
from planning_check.words import BUREAUS

#: What a tally goes over -> the key that says which one a project belongs to; to several groups, ``cluster_ids``.
TALLIED_OVER = {"community": "community_code", "development": "development_id", "cluster": "cluster_id"}
#: Whose handovers a handed sum goes over: a project's, or of its project those that a deposit event is held against.
HANDED_OVER = ("project", "deposit")
_FORMS = (
    "of", "value", "sums_rooms", "counts_rooms_where", "sums_handed", "last_day_handed", "carries", "first_of_phases", "last_of_phases",
    "counts_where", "sums",
)  # fmt: skip
_KEYS = ("id", "subject", "takes", "unit", "title", *_FORMS, "over", "where", "owner", "cite")


@dataclass(frozen=True)
class Measure:
    """A quantity of a ``project``, of ``premises`` (one room) or of a room ``handed`` to someone."""

    id: str
    subject: str
    unit: str
    title: Text
    of: Item
    cite: str


@dataclass(frozen=True)
class RoomSum:
    """The sum of one area of the project's rooms that meet a condition, unknown if it or an area that counts is;
    without field how many surely do."""

    id: str
    field: str | None
    title: Text
    where: Item
    cite: str


@dataclass(frozen=True)
class HandedSum:
    """The area handed over that meets a condition, each room up to its size, or the last of a day of it (``field``).

    ``over``: of a project in all, or by the day of each deposit event.
    """

    id: str
    field: str
    is_day: bool
    over: str
    title: Text
    where: Item
    cite: str


@dataclass(frozen=True)
class Carry:
    """What a phase of a development has from the others (``given_id``: and gives them): see ``carrying``.

    ``parts``: what it ``has``, what it ``owes``, whether that is ``due``, the ``day`` of what it has (if that is asked for), ``where`` it
    counts, and what must be ``alike`` in phases that have from each other.
    """

    id: str
    title: Text
    parts: dict[str, Item]
    cite: str

    @property
    def day_id(self) -> str:
        return f"{self.id.removesuffix('_m2')}_on"

    @property
    def given_id(self) -> str:
        return self.id.replace("carried", "given", 1)


@dataclass(frozen=True)
class PhaseDay:
    """The first (``is_last``: the last) of a ``day`` of the phases of a project's development that are bound by law and meet ``where``."""

    id: str
    is_last: bool
    title: Text
    day: Item
    where: Item
    cite: str


@dataclass(frozen=True)
class Tally:
    """How many governed projects of a community (development, group) surely meet a condition, or the sum of a number of theirs;
    ``owner``: who can supply it."""

    id: str
    over: str
    title: Text
    where: Item
    sums: Item | None
    owner: str
    cite: str


@dataclass(frozen=True)
class Limit:
    """A number that rules judge by, given once for all of them; ``--set measures.<id>=`` and ``overrides.yaml`` can change it."""

    id: str
    value: Decimal
    unit: str
    title: Text
    cite: str


@dataclass(frozen=True)
class Formula:
    """A formula of numbers that it ``takes``, with the facts and the law of whatever calls it; what calls it has it written out."""

    id: str
    takes: tuple[str, ...]
    unit: str
    title: Text
    of: Item
    cite: str


AnyMeasure = Measure | RoomSum | HandedSum | Carry | PhaseDay | Tally | Formula | Limit


def read_measures(path: Path, name: str) -> list[AnyMeasure]:
    """Read a measures file. Raises RulebookError with file:line."""
    return [_read(entry) for entry in read_yaml(path, name=name).items()]


def _read(entry: Item) -> AnyMeasure:
    entry.mapping(_KEYS)
    own, title, cite = entry.need("id").text(), entry.need("title").bilingual(), entry.need("cite").text()
    check_name(own, entry)
    if entry.get("value"):
        return Limit(own, entry.need("value").number(), entry.need("unit").text(), title, cite)
    if entry.get("sums_rooms") or entry.get("counts_rooms_where"):
        areas = tuple(f.name for f in PREMISES.facts.values() if f.type == "area")
        field = given.text(areas) if (given := entry.get("sums_rooms")) else None
        return RoomSum(own, field, title, entry.get("counts_rooms_where") or entry.need("where"), cite)
    if any(entry.get(form) for form in ("sums_handed", "last_day_handed", "carries", "first_of_phases", "last_of_phases")):
        return _read_sum(entry, own, title, cite)
    if entry.get("counts_where") or entry.get("sums"):
        over = entry.need("over").text(tuple(TALLIED_OVER))
        where = entry.get("counts_where") or entry.need("where")
        owner = given.text(tuple(BUREAUS)) if (given := entry.get("owner")) else "planning"
        return Tally(own, over, title, where, entry.get("sums"), owner, cite)
    unit, subject = entry.get("unit"), entry.get("subject")
    told = str(unit.value or "") if unit else ""
    if entry.get("takes"):
        return Formula(own, _takes(entry.need("takes")), told, title, entry.need("of"), cite)
    return Measure(
        id=own,
        subject=subject.text(("project", "premises", "handed")) if subject else "project",
        unit=told,
        title=title,
        of=entry.need("of"),
        cite=cite,
    )


def _read_sum(entry: Item, own: str, title: Text, cite: str) -> HandedSum | Carry | PhaseDay:
    if entry.get("first_of_phases") or entry.get("last_of_phases"):
        day = entry.get("first_of_phases") or entry.need("last_of_phases")
        return PhaseDay(own, entry.get("first_of_phases") is None, title, day, entry.need("where"), cite)
    if entry.get("carries"):
        return Carry(own, title, entry.need("carries").mapping(("has", "owes", "due", "day", "where", "alike")), cite)
    last, over = entry.get("last_day_handed"), entry.get("over")
    days = tuple(column for _, kind, column in HANDED.values() if kind == "date")
    field = last.text(days) if last else entry.need("sums_handed").text(("area_m2",))
    return HandedSum(own, field, last is not None, over.text(HANDED_OVER) if over else "project", title, entry.need("where"), cite)


def _takes(item: Item) -> tuple[str, ...]:
    names = tuple(one.text() for one in item.items())
    for name in names:
        check_name(name, item)
    if not names or len(set(names)) < len(names):
        raise item.fail("参数须写明，且不得重名", "name the arguments, each once", fix_zh="写成 [base_m2]", fix_en="write [base_m2]")
    return names


def with_limits(measures: Sequence[AnyMeasure], changed: Mapping[str, Decimal]) -> tuple[AnyMeasure, ...]:
    """The measures with other values of these limits."""
    return tuple(replace(m, value=changed[m.id]) if isinstance(m, Limit) and m.id in changed else m for m in measures)
