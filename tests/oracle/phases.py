"""Phases of one development under cumulative law: what one has beyond its share counts for the others.
Plain arithmetic, one after the other."""

from __future__ import annotations

from decimal import Decimal
from itertools import product
from typing import NamedTuple

NONE, PLENTY = Decimal(0), Decimal(10**10)


class Phase(NamedTuple):
    """What a phase has and owes (unknown is None), whether that is due, and where it stands in the order."""

    key: str
    order: tuple
    has: Decimal | None
    owes: Decimal | None
    due: bool


def gets(phases: list[Phase], key: str) -> Decimal | None:
    """The area that one phase has from the others, if that is the same at worst and at best, and in whatever order equals come."""
    own = next((one for one in phases if one.key == key), None)
    if own is None or None in (own.has, own.owes):
        return NONE
    found = set()
    for worst, turned in product((True, False), (True, False)):
        known = [
            one._replace(has=_or(one.has, NONE if worst else PLENTY), owes=_or(one.owes, PLENTY if worst else NONE))
            for one in sorted(phases, key=lambda one: one.key, reverse=turned)
        ]
        found.add(_gets(sorted(known, key=lambda one: one.order), key))
    return found.pop() if len(found) == 1 else None


def givers(phases: list[Phase], key: str) -> list[str]:
    """Who has over what one got: those before it where these are enough, else all; at worst, where something is unknown."""
    known = [
        one._replace(has=_or(one.has, NONE), owes=_or(one.owes, PLENTY)) for one in sorted(phases, key=lambda one: (one.order, one.key))
    ]
    over, before = NONE, []
    for one in known:
        left = one.has - (one.owes if one.due else NONE)
        if one.key == key:
            if over >= -left:
                return before
            break
        over = max(over + left, NONE)
        before += [one.key] if one.has > one.owes else []
    return [one.key for one in known if one.has > one.owes]


def _or(value: Decimal | None, unknown: Decimal) -> Decimal:
    return unknown if value is None else value


def _gets(phases: list[Phase], key: str) -> Decimal:
    over, short = NONE, {}
    for one in phases:
        left = one.has - (one.owes if one.due else NONE)
        used = min(over, max(-left, NONE))
        over += max(left, NONE) - used
        short[one.key] = max(-left, NONE) - used
    for one in phases:
        back = min(over, short[one.key])
        over, short[one.key] = over - back, short[one.key] - back
    for one in phases:
        if one.due:
            got = max(one.owes - one.has, NONE) - short[one.key]
        else:
            covered = min(over, one.owes)
            over -= covered
            got = covered - min(one.has, one.owes)
        if one.key == key:
            return got
    return NONE
