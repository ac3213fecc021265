"""Measures: legal quantities that several rules share, defined once in ``rules/measures.yaml``, each may use those above it.

A measure is an expression on a project or a room; a room sum adds up the rooms of a project; a tally counts or adds
up the projects of a community, a development or a group.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from planning_check.errors import Text
from planning_check.facts.dictionary import PREMISES
from planning_check.rulebook.nodes import Item, check_name, read_yaml

#: What a tally goes over -> the key that says which one a project belongs to; to several groups, ``cluster_ids``.
TALLIED_OVER = {"community": "community_code", "development": "development_id", "cluster": "cluster_id"}
_KEYS = ("id", "subject", "unit", "title", "of", "sums_rooms", "counts_where", "sums", "over", "where", "cite")


@dataclass(frozen=True)
class Measure:
    """A quantity of a ``project`` or of ``premises`` (one room)."""

    id: str
    subject: str
    unit: str
    title: Text
    of: Item
    cite: str


@dataclass(frozen=True)
class RoomSum:
    """The sum of one area of the project's rooms that meet a condition; unknown if it or an area that counts is."""

    id: str
    field: str
    title: Text
    where: Item
    cite: str


@dataclass(frozen=True)
class Tally:
    """How many governed projects of a community (development, group) surely meet a condition, or the sum of a number of theirs."""

    id: str
    over: str
    title: Text
    where: Item
    sums: Item | None
    cite: str


AnyMeasure = Measure | RoomSum | Tally


def read_measures(path: Path, name: str) -> list[AnyMeasure]:
    """Read a measures file. Raises RulebookError with file:line."""
    return [_read(entry) for entry in read_yaml(path, name=name).items()]


def _read(entry: Item) -> AnyMeasure:
    entry.mapping(_KEYS)
    own, title, cite = entry.need("id").text(), entry.need("title").bilingual(), entry.need("cite").text()
    check_name(own, entry)
    if entry.get("sums_rooms"):
        areas = tuple(f.name for f in PREMISES.facts.values() if f.type == "area")
        return RoomSum(own, entry.get("sums_rooms").text(areas), title, entry.need("where"), cite)
    if entry.get("counts_where") or entry.get("sums"):
        over = entry.need("over").text(tuple(TALLIED_OVER))
        where = entry.get("counts_where") or entry.need("where")
        return Tally(own, over, title, where, entry.get("sums"), cite)
    unit, subject = entry.get("unit"), entry.get("subject")
    return Measure(
        id=own,
        subject=subject.text(("project", "premises")) if subject else "project",
        unit=str(unit.value or "") if unit else "",
        title=title,
        of=entry.need("of"),
        cite=cite,
    )
