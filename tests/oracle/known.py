"""What is known and what is not: days as intervals, truth of three values, exact amounts. Nothing unknown is ever zero."""

from __future__ import annotations

import datetime as dt
import re
from calendar import monthrange
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import NamedTuple

CENT = Decimal("0.01")


class Day(NamedTuple):
    """The first and last day that a date can mean; one day if it is known to the day."""

    lo: dt.date
    hi: dt.date


def at_or_before(one: Day | None, other: Day | None) -> bool | None:
    if one is None or other is None:
        return None
    if one.hi <= other.lo:
        return True
    return False if one.lo > other.hi else None


def before(one: Day | None, other: Day | None) -> bool | None:
    return no(at_or_before(other, one))


def no(value: bool | None) -> bool | None:
    return None if value is None else not value


def both(*values: bool | None) -> bool | None:
    if any(value is False for value in values):
        return False
    return None if any(value is None for value in values) else True


def either(*values: bool | None) -> bool | None:
    return no(both(*(no(value) for value in values)))


def exceeds(one: Decimal | None, other: Decimal | None) -> bool | None:
    return None if one is None or other is None else one > other


def total(values) -> Decimal | None:
    """A sum over an unknown is unknown; over nothing it is zero."""
    values = list(values)
    return None if any(value is None for value in values) else sum(values, Decimal(0))


def half_up(value: Decimal | Fraction) -> Decimal:
    if isinstance(value, Fraction):
        hundredths = value * 100
        whole = hundredths.numerator // hundredths.denominator
        return Decimal(whole + (1 if (hundredths - whole) * 2 >= 1 else 0)) / 100
    return value.quantize(CENT, ROUND_HALF_UP)


def round_down(value: Fraction) -> Decimal:
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(CENT, ROUND_DOWN)


_DATE = re.compile(r"^(\d{4})\s*[-/.年]?\s*(?:(\d{1,2})\s*[-/.月]?\s*(?:(\d{1,2})\s*日?)?)?$")


def day_of(cell: object, shows_day: bool = True) -> Day | None:
    """A cell's date; ``shows_day`` false where the cell's format shows the month only."""
    if cell is None:
        return None
    if isinstance(cell, dt.datetime):
        cell = cell.date()
    if isinstance(cell, dt.date):
        return Day(cell, cell) if shows_day else _month(cell.year, cell.month)
    found = _DATE.match(str(cell).strip())
    if not found:
        return None
    year, month, day = (int(part) if part else None for part in found.groups())
    try:
        if day:
            return Day(dt.date(year, month, day), dt.date(year, month, day))
        return _month(year, month) if month else Day(dt.date(year, 1, 1), dt.date(year, 12, 31))
    except ValueError:
        return None


def _month(year: int, month: int) -> Day:
    return Day(dt.date(year, month, 1), dt.date(year, month, monthrange(year, month)[1]))
