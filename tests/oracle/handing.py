"""What was handed over: area and last day of what discharges, by whom it was received."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from tests.oracle.known import Day, both, no, total
from tests.oracle.law import Law
from tests.oracle.reading import known_by
from tests.oracle.rooms import is_not_countable


@dataclass(frozen=True)
class Handed:
    """Area in m2 (unknown is None), and the last and first day of the handovers that discharge."""

    area_m2: Decimal | None
    days: tuple[Day | None, ...]


def handed(handovers: list[dict], rooms: dict[str, dict], left_out: set[str], law: Law, as_of: Day, hole: bool) -> Handed:
    """A room that counts, received free by a body of the ordinance's kinds; of several handovers of one room the first that discharges."""
    rows = [(row, discharges(row, rooms, left_out, law, as_of)) for row in handovers]
    if hole or any(does is None for _, does in rows):
        return Handed(None, tuple(row.get("handed_over_on") for row, does in rows if does is not False))
    rows = sorted((row for row, does in rows if does), key=lambda row: (row["handed_over_on"].lo, row["handover_id"]))
    once: dict[str, dict] = {}
    for row in rows:
        once.setdefault(row.get("premises_id") or row["handover_id"], row)
    return Handed(total(row["area_m2"] for row in once.values()), tuple(row["handed_over_on"] for row in once.values()))


def with_kind(row: dict, communities: dict[tuple, dict]) -> dict:
    """Where the kind of recipient is blank: the committee of the community named, unless the name given is another's."""
    one, name = communities.get((row.get("community_code"),)), row.get("recipient_name")
    if (
        row.get("recipient_kind")
        or one is None
        or not (name is None or one["community_name"] in name or "居委会" in name or "居民委员会" in name)
    ):
        return row
    return {**row, "recipient_kind": "committee"}


def discharges(row: dict, rooms: dict[str, dict], left_out: set[str], law: Law, as_of: Day) -> bool | None:
    kind = row.get("recipient_kind")
    price = row.get("price_yuan")
    room = rooms.get(row.get("premises_id") or "")
    return both(
        known_by(row.get("handed_over_on"), as_of),
        None if kind is None else kind in law.recipients,
        price is None or price == 0,
        True if room is None else no(is_not_countable(room)),
        row.get("premises_id") not in left_out,
    )
