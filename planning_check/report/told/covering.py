"""Movements of money in the order of their days: what went out before it had come in, what nothing covers, what is left of what came in.

What came in first goes out first. Where a day is known as a month only, or it is not known whether a movement happened, both ends are told:
the one in which the least does not match, and the one in which the most does.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from planning_check.record.run import FundRow
from planning_check.report.told.funds import Span

_NONE = Decimal("0.00")


@dataclass(frozen=True)
class Uncovered:
    """Of one movement out, in yuan. ``early``: what had not come in by its day and came later; ``never``: what nothing covers."""

    early: Span
    never: Span


def uncovered(came: Sequence[FundRow], went: Sequence[FundRow]) -> list[Uncovered]:
    """Of each of ``went`` in their order. Of one day what comes in is there before what goes out."""
    sure = [row for row in came if row.counts == "yes"]
    least = _swept(came, [row for row in went if row.counts == "yes"], late=False)
    early, never = _swept(sure, went, late=True), _behind(sure, went)
    ends = [[least.get(id(row), (_NONE, _NONE)), (early[id(row)][0], never[id(row)])] for row in went]
    return [Uncovered(*(Span(min(a, b), max(a, b)) for a, b in zip(*both, strict=True))) for both in ends]


def not_credited(came: Sequence[FundRow], went: Sequence[FundRow]) -> list[Span]:
    """What is left of each of ``came``, in their order, after what went out; all of these count for certain."""
    most = _left(came, [row for row in went if row.counts == "yes"])
    least = _left(came, went)
    return [Span(least[id(row)], most[id(row)]) for row in came]


def used_without(used: Sequence[FundRow], credited: Sequence[FundRow]) -> list[Span]:
    """What of each use, in their order, no credit to its community covers: where it names none, to one that may be the project's. Nobody
    tells the day of a use, so any credit covers it."""
    least = _taken(used, credited, sure=False)
    most = _taken(used, [row for row in credited if row.counts == "yes"], sure=True)
    return [Span(*sorted((least[id(row)], most[id(row)]))) for row in used]


def _swept(came: Iterable[FundRow], went: Iterable[FundRow], *, late: bool) -> dict[int, tuple[Decimal, Decimal]]:
    """(early, never) of each that went out, by its identity. ``late``: what came in came on the last day that it can have, and went
    out on the first."""
    moves = [(_day(row.on_hi if late else row.on_lo, late=late), False, row) for row in came]
    moves += [(_day(row.on_lo if late else row.on_hi, late=not late), True, row) for row in went]
    there = _NONE
    short: dict[int, Decimal] = {}
    early: dict[int, Decimal] = {}
    for _, is_out, row in sorted(moves, key=lambda move: (move[0], move[1], move[2].register, move[2].item or "")):
        yuan = row.yuan or _NONE
        if is_out:
            covered = min(there, yuan)
            there -= covered
            short[id(row)], early[id(row)] = yuan - covered, _NONE
            continue
        for key, lacking in short.items():  # the oldest first
            covered = min(yuan, lacking)
            short[key], early[key], yuan = lacking - covered, early[key] + covered, yuan - covered
        there += yuan
    return {key: (early[key], short[key]) for key in short}


def _behind(came: Iterable[FundRow], went: Iterable[FundRow]) -> dict[int, Decimal]:
    """What nothing covers of each that went out, by its identity, where those of which it is not certain went first, and the certain ones
    on the last day that they can have: most of these has then been taken from them."""
    left = sum((row.yuan or _NONE for row in came), _NONE)
    found = {}
    for row in sorted(went, key=_certain_last):
        covered = min(left, row.yuan or _NONE)
        left -= covered
        found[id(row)] = (row.yuan or _NONE) - covered
    return found


def _certain_last(row: FundRow) -> tuple[dt.date, bool, str, str]:
    is_sure = row.counts == "yes"
    return _day(row.on_hi if is_sure else row.on_lo, late=is_sure), is_sure, row.register, row.item or ""


def _day(day: dt.date | None, *, late: bool) -> dt.date:
    return day or (dt.date.max if late else dt.date.min)


def _left(came: Sequence[FundRow], went: Iterable[FundRow]) -> dict[int, Decimal]:
    out = sum((row.yuan or _NONE for row in went), _NONE)
    found = {}
    for row in sorted(came, key=lambda row: (_day(row.on_lo, late=True), row.register, row.item or "")):
        covered = min(out, row.yuan or _NONE)
        out -= covered
        found[id(row)] = (row.yuan or _NONE) - covered
    return found


def _taken(used: Sequence[FundRow], credited: Iterable[FundRow], *, sure: bool) -> dict[int, Decimal]:
    """What is left of each use. Uses that name their community come first: those that name none may take what is left of any."""
    there = {id(row): (row, row.yuan or _NONE) for row in credited}
    found = {}
    for use in sorted(used, key=lambda row: (row.community_code is None, _day(row.on_lo, late=True), row.register, row.item or "")):
        lacking = use.yuan or _NONE
        for key, (row, left), _ in sorted(_fitting(use, there.items(), sure=sure), key=lambda one: not one[2]):  # its own before any
            covered = min(lacking, left)
            there[key], lacking = (row, left - covered), lacking - covered
        found[id(use)] = lacking
    return found


def _fitting(
    use: FundRow, credits_: Iterable[tuple[int, tuple[FundRow, Decimal]]], *, sure: bool
) -> Iterator[tuple[int, tuple[FundRow, Decimal], bool]]:
    """Those that may cover the use, and whether they are of its community for certain."""
    for key, (row, left) in list(credits_):
        if use.community_code is not None and row.community_code is not None:
            fits: bool | None = use.community_code == row.community_code
        elif use.community_code is not None:
            fits = None  # nobody tells to whom it was credited
        else:
            fits = {"yes": True, "no": False}.get(row.is_own or "")
        if fits or (fits is None and not sure):
            yield key, (row, left), bool(fits)
