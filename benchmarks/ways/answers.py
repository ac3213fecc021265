"""What is asked of every way, what it answers, and whether two answers are the same."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

VALIDITY, SHARES, OVERLAPS = "read, validity and repair", "shares of communities", "overlaps among parcels"
RULES = "8 rules"
INVALID, PIECES = f"{VALIDITY}: invalid", f"{SHARES}: m2 of the pieces"
PAIRS, LARGEST = f"{OVERLAPS}: pairs", f"{OVERLAPS}: largest m2 shared"

REPAIR_SHARE = 0.01  # what changes more of the area is no repair: nobody knows which land was meant
SLIVER_M2 = 1  # less is drawing
WITHIN_HUNDREDTHS = 1  # of a m2: how far two answers may be apart


class NotHereError(Exception):
    """A peer that this machine has not got; says what is missing."""


@dataclass(frozen=True)
class Found:
    """Things found, by one or two numbers, and hundredths of m2 of each where it is measured.

    ``parcels``: how many of the two numbers are those of parcels, for leaving some out.
    """

    one: np.ndarray
    other: np.ndarray | None = None
    m2: np.ndarray | None = None
    parcels: int = 1

    def in_order(self, without: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Rows of numbers, and hundredths of m2, in order; what is less than half a hundredth is none. ``without``: parcels left out."""
        other = np.zeros(len(self.one), int) if self.other is None else self.other
        hundredths = np.ones(len(self.one), int) if self.m2 is None else np.rint(np.asarray(self.m2) * 100).astype(int)
        kept = hundredths > 0
        if self.parcels > 0:
            kept &= ~np.isin(self.one, without)
        if self.parcels > 1:
            kept &= ~np.isin(other, without)
        rows, hundredths = np.stack([self.one, other], axis=1)[kept], hundredths[kept]
        order = np.lexsort(rows.T[::-1])
        return rows[order], hundredths[order]


@dataclass(frozen=True)
class Answers:
    """All that a way found, by the name of the question.

    ``without``: parcels of which it answers another question. ``notes``: what people should know.
    """

    found: dict[str, Found]
    without: np.ndarray = field(default_factory=lambda: np.empty(0, int))
    notes: tuple[str, ...] = ()


def differences(ours: Answers, theirs: Answers) -> list[str]:
    """What a way answers otherwise, a sentence each; what it does not answer is not compared."""
    told = []
    for name, found in theirs.found.items():
        rows, hundredths = ours.found[name].in_order(theirs.without)
        their_rows, their_hundredths = found.in_order(theirs.without)
        if not np.array_equal(rows, their_rows):
            mine, yours = (set(map(tuple, these.tolist())) for these in (rows, their_rows))
            told.append(f"{name}: {len(mine - yours)} missing and {len(yours - mine)} too many of {len(mine)}, such as {min(mine ^ yours)}")
        elif len(rows) and (apart := np.abs(hundredths - their_hundredths)).max() > WITHIN_HUNDREDTHS:
            told.append(f"{name}: apart by up to {apart.max() / 100} m2, at {tuple(rows[apart.argmax()].tolist())}")
        elif name == PIECES and (apart := _by_community(rows, hundredths - their_hundredths)) > WITHIN_HUNDREDTHS:
            told.append(f"{name}: a community's apart by {apart / 100} m2 in all")
    return told


def _by_community(rows: np.ndarray, apart: np.ndarray) -> float:
    return np.abs(np.bincount(rows[:, 1], apart)).max() if len(rows) else 0


def largest(one: np.ndarray, other: np.ndarray, m2: np.ndarray) -> Found:
    """Of pairs: the most that each parcel shares with another one."""
    parcel, both = np.concatenate([one, other]), np.concatenate([m2, m2])
    numbers, at = np.unique(parcel, return_inverse=True)
    most = np.zeros(len(numbers))
    np.maximum.at(most, at, both)
    return Found(numbers, m2=most)
