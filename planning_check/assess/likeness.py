"""Which subjects are most like one, by the facts that a rule reads. Pure.

The distance between two is the mean over these facts: of a number or a day how far apart they stand among all known values (by rank, so
that one giant does not make all others alike), of a word 0 where it is the same and 1 where not. A fact that is known of one and not of the
other counts as 1: nobody knows whether they are alike in it. One that is known of neither is left out.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

#: Of a fact: how its values are compared.
NUMBER, DAY, WORD = "number", "day", "word"


@dataclass(frozen=True)
class Near:
    """One that is like it. ``apart``: from 0 (alike in all) to 1; ``compared``: how many facts that was told from."""

    key: str
    apart: Fraction
    compared: int


def nearest(
    one: Mapping[str, str | None], others: Mapping[str, Mapping[str, str | None]], kinds: Mapping[str, str], most: int
) -> list[Near]:
    """The ``most`` nearest of the others, the nearest first, by key where they are equally near. ``kinds``: fact -> how it is compared;
    others are not looked at."""
    ranks = {
        name: sorted(value for facts in (one, *others.values()) if (value := _value(facts.get(name), kind)) is not None)
        for name, kind in kinds.items()
        if kind != WORD
    }
    found = [near for key, facts in others.items() if (near := _near(key, one, facts, kinds, ranks))]
    return sorted(found, key=lambda near: (near.apart, -near.compared, near.key))[:most]


def _near(
    key: str, one: Mapping[str, str | None], other: Mapping[str, str | None], kinds: Mapping[str, str], ranks: Mapping[str, Sequence[Any]]
) -> Near | None:  # fmt: skip
    parts = []
    for name, kind in kinds.items():
        pair = [_value(facts.get(name), kind) for facts in (one, other)]
        if pair == [None, None]:
            continue
        if None in pair:
            parts.append(Fraction(1))
        elif kind == WORD:
            parts.append(Fraction(pair[0] != pair[1]))
        else:
            parts.append(abs(_rank(pair[0], ranks[name]) - _rank(pair[1], ranks[name])))
    return Near(key, sum(parts, Fraction()) / len(parts), len(parts)) if parts else None


def _rank(value: Any, known: Sequence[Any]) -> Fraction:
    """Where a value stands among all, from 0 to 1; equal ones stand at their middle."""
    if len(known) < 2:
        return Fraction(0)
    first, after = bisect_left(known, value), bisect_right(known, value)
    return Fraction(first + after - 1, 2 * (len(known) - 1))


def _value(text: str | None, kind: str) -> Any:
    """A number as such; a number that is none is not known."""
    if text is None or text == "":
        return None
    if kind != NUMBER:
        return text
    try:
        return Decimal(text)
    except InvalidOperation:
        return None
