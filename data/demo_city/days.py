"""Days, and months whose day nobody wrote down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random


@dataclass(frozen=True)
class Month:
    """A date known only to the month."""

    year: int
    month: int

    @classmethod
    def of(cls, day: date) -> Month:
        return cls(day.year, day.month)


Day = date | Month


def later(day: date, days: float) -> date:
    return day + timedelta(days=round(days))


def between(rng: Random, first: date, last: date) -> date:
    """A working day from first to last."""
    day = later(first, rng.randint(0, max(0, (last - first).days)))
    return later(day, -(day.weekday() - 4)) if day.weekday() > 4 and later(day, -2) >= first else day
