"""What was handed over: area and last day of what discharges, by whom it was received."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from tests.oracle.known import Day, both, exceeds, no, total
from tests.oracle.law import Law
from tests.oracle.reading import known_by
from tests.oracle.rooms import is_not_countable


@dataclass(frozen=True)
class Handed:
    """Area in m2 (unknown is None), and the days of the handovers that discharge (or may); ``sure``: of those that surely do."""

    area_m2: Decimal | None
    days: tuple[Day | None, ...]
    sure: tuple[Day | None, ...] = ()


def handed(
    handovers: list[dict], rooms: list[dict], every: dict[str, dict], left_out: set[str], law: Law, as_of: Day, hole: bool
) -> Handed:
    """A room that counts, received free by a body of the ordinance's kinds, up to its size:
    in parts where each has its own receipt or day."""
    rows = [(row, discharges(row, rooms, every, left_out, law, as_of)) for row in handovers]
    if hole or any(does is None for _, does in rows):
        days = [(row.get("handed_over_on"), does) for row, does in rows]
        return Handed(None, tuple(day for day, does in days if does is not False), () if hole else tuple(day for day, does in days if does))
    rows = sorted((row for row, does in rows if does), key=lambda row: (row["handed_over_on"].lo, row["handover_id"]))
    of_room: dict[str, list[dict]] = {}
    for row in rows:
        of_room.setdefault(row.get("premises_id") or row["handover_id"], []).append(row)
    counted = [part for key, told in of_room.items() for part in _parts(told, every.get(key))]
    return Handed(total(area for area, _ in counted), tuple(day for _, day in counted))


def _parts(told: list[dict], room: dict | None) -> list[tuple[Decimal, Day]]:
    """Of one room, in order of days, what each handover adds until the room is full."""
    sizes = (room or {}).get("surveyed_m2"), (room or {}).get("permitted_m2"), (room or {}).get("planned_m2")
    left = max(*(row["area_m2"] for row in told), next((size for size in sizes if size is not None), Decimal(0)))
    by_receipt = all(len(re.findall(r"\d", row.get("receipt_no") or "")) >= 5 for row in told)
    by_day = all(row["handed_over_on"].lo == row["handed_over_on"].hi for row in told)
    seen, found = set(), []
    for row in told:
        part = row["receipt_no"] if by_receipt else row["handed_over_on"].lo if by_day else None
        if part not in seen and left > 0:
            found.append((min(row["area_m2"], left), row["handed_over_on"]))
            left -= found[-1][0]
        seen.add(part)
    return found


def discharges(row: dict, rooms: list[dict], every: dict[str, dict], left_out: set[str], law: Law, as_of: Day) -> bool | None:
    kind, price = received_by(row), row.get("price_yuan")
    return both(
        known_by(row.get("handed_over_on"), as_of),
        None if kind is None else kind in law.recipients,
        price is None or price == 0,
        counts(row, rooms, every, left_out),
    )


def received_by(row: dict) -> str | None:
    """The kind told, else a residents' committee where a community is named."""
    return row.get("recipient_kind") or ("committee" if row.get("community_code") else None)


def counts(row: dict, rooms: list[dict], every: dict[str, dict], left_out: set[str]) -> bool | None:
    """Of the room named; where none is named, unknown if rooms are listed for the project, none of them counts
    and they are as large together."""
    room = every.get(row.get("premises_id") or "")
    if room is not None:
        return both(no(is_not_countable(room)), room["premises_id"] not in left_out)
    if not rooms or any(is_not_countable(one) is not True and one["premises_id"] not in left_out for one in rooms):
        return True
    sizes = [
        next((one[name] for name in ("surveyed_m2", "permitted_m2", "planned_m2") if one.get(name) is not None), None) for one in rooms
    ]
    return True if exceeds(row["area_m2"], total(sizes)) else None
