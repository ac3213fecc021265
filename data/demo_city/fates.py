"""Which development gets which situation: decks of fixed size, dealt by chance to those that a situation can fit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from . import gaps, situations
from .acts import Books
from .developments import Development
from .settings import stream
from .sites import COMPLETED, LEGACY, OPEN

#: Completed and governed; whoever is left over did nothing.
COMPLETED_DECK = {
    "half_each": 1, "mixed_two_prices": 2, "not_accepted": 3, "unknown_handover_day": 2, "accepted_a_day_early": 1,
    "changed": 12, "changed_unknown": 2, "short_kept": 13, "kept": 9, "partial": 8, "to_property_company": 4, "to_owners": 1,
    "to_wrong_community": 3, "accepted_first": 6, "unfiled": 3, "filed_late": 3, "let_by_committee": 1, "plan_incomplete": 3,
    "lieu_short": 4, "lieu_whole": 3, "mixed_filed_late": 1, "mixed_kept": 1, "mixed_underpaid": 1, "exempt_document": 3,
    "exempt_claim": 4, "unknown_survey": 4, "unknown_room": 2, "unknown_register": 3, "unknown_filing": 3,
    "unknown_designation": 2, "grown": 2,
}  # fmt: skip
OPEN_DECK = {
    "open_short": 6, "open_unfiled": 7, "open_filed_late": 3, "open_place_missing": 4, "open_filing_undated": 3, "open_cut_in_permit": 2,
}  # fmt: skip
LEGACY_DECK = {"legacy_handed": 3, "legacy_changed": 3}
LEFT_OVER = {COMPLETED: "nothing", OPEN: "open_nothing", LEGACY: "legacy_nothing"}

FITS: dict[str, Callable[[Development], bool]] = {
    "half_each": lambda d: d.site.second_place is not None,
    "to_wrong_community": lambda d: "neighbour" in d.site.extra,
    "mixed_two_prices": lambda d: d.completed_on < date(2009, 10, 1),
    "not_accepted": lambda d: d.completed_on > date(2011, 1, 15),
    "unknown_handover_day": lambda d: d.completed_on < date(2011, 3, 1) and d.accepted_on.day > 12,
    "open_cut_in_permit": lambda d: d.row["permitted_on"] is not None,
}


def _deal(deck: dict[str, int], takers: list[Development], left_over: str) -> None:
    """Hands out the situations, the choosy ones first; those who have one already count toward it."""
    had = [d.situation for d in takers]
    for name, count in sorted(deck.items(), key=lambda item: item[0] not in FITS):
        free = [d for d in takers if not d.situation and FITS.get(name, lambda _: True)(d)]
        for one in free[: max(0, count - had.count(name))]:
            one.situation = name
    for one in takers:
        one.situation = one.situation or left_over


def deal(books: Books, found: list[Development]) -> None:
    """Gives every development its situation and lets it happen, in the order of their numbers."""
    rng = stream("fates")
    for stage, deck in ((COMPLETED, COMPLETED_DECK), (OPEN, OPEN_DECK), (LEGACY, LEGACY_DECK)):
        takers = [d for d in found if d.site.stage == stage and d.is_housing]
        rng.shuffle(takers)
        _deal(deck, takers, LEFT_OVER[stage])
    for one in found:
        act = getattr(situations, one.situation, None) or getattr(gaps, one.situation, None)
        if act:
            act(books, one)


def designate(books: Books, found: list[Development]) -> None:
    """The communities that developments lie in, and those that civil affairs designated for the handover."""
    for one in found:
        one.row["community_code"] = books.code_of(one)
        expects = one.is_housing and one.site.stage != LEGACY and not one.site.extra.get("undesignated")
        if expects and (one.rooms or one.situation.startswith("unknown") or books.rng.random() < 0.5):
            one.row["designated_community_code"] = books.code_of(one)


def other_rooms(books: Books, found: list[Development]) -> None:
    """Rooms for the property management, which do not count; a few that every ledger has and nobody may count."""
    for one in found:
        if one.is_housing and books.rng.random() < 0.3 and one.row.get("permitted_on"):
            area = round(one.need_m2("permit") * books.rng.uniform(0.25, 0.4), 2)
            rooms = len(one.rooms) + 1
            books.add(
                "premises",
                premises_id=f"YF{one.id[2:]}-{rooms}",
                project_id=one.id,
                kind="property_management",
                planned_m2=area,
                permitted_m2=area,
                surveyed_m2=area if one.row.get("survey_total_m2") else None,
                building=f"{books.rng.randint(1, 9)}号楼",
                floor_from=1,
                floor_to=1,
                current_use="property_management" if one.row.get("survey_total_m2") else None,
            )
