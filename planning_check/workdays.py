"""Which days are worked in China, and on which day a number of working days ends. A year of which that is not known is never guessed.

The table is that of the library ``chinesecalendar`` (what the State Council arranged, year by year), under what a city's own
``workdays.yaml`` says (``rulebook.workdays``).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache

from planning_check.errors import Text

_DAY = dt.timedelta(days=1)
FILE = "workdays.yaml"
#: What to do about a year that is not known.
FIX = Text(f"写成日期，或在规则文件夹的 {FILE} 里补上这一年，或更新 chinesecalendar",
           f"write a day, or add the year to {FILE} in the rules folder, or update chinesecalendar")  # fmt: skip


class UnknownYear(ValueError):
    """The holidays of ``year`` are not known, so no working day of it can be counted."""

    def __init__(self, year: int) -> None:
        super().__init__(str(year))
        self.year = year
        self.why = Text(
            f"不知道 {year} 年的节假日安排，数不出工作日", f"the holidays of {year} are not known: no working days can be counted"
        )


@dataclass(frozen=True)
class Workdays:
    """The days of work. ``years``: those of which ``off`` and ``on`` say everything; of others they say single days, before the library.

    ``off``: days off that would be worked; ``on``: days of a weekend, or a holiday of the library, that are worked. Sorted, once each.
    """

    years: tuple[int, ...] = ()
    off: tuple[dt.date, ...] = ()
    on: tuple[dt.date, ...] = ()

    @property
    def known(self) -> tuple[int, ...]:
        """The years that are known, ascending."""
        return tuple(sorted({*library_years(), *self.years}))

    def is_workday(self, day: dt.date) -> bool:
        """Raises UnknownYear."""
        if day in self.off or day in self.on:
            return day in self.on
        if day.year in self.years:
            return day.weekday() < 5
        if day.year not in library_years():
            raise UnknownYear(day.year)
        import chinese_calendar

        return bool(chinese_calendar.is_workday(day))

    def after(self, day: dt.date, count: int) -> dt.date:
        """The ``count``-th working day after a day, which is not counted itself. Raises UnknownYear."""
        while count:
            day += _DAY
            count -= self.is_workday(day)
        return day

    def between(self, first: dt.date, last: dt.date) -> int:
        """How many working days lie after ``first``, up to ``last`` with it; negative where ``last`` is the earlier. Raises UnknownYear."""
        if last < first:
            return -self.between(last, first)
        return sum(self.is_workday(first + _DAY * n) for n in range(1, (last - first).days + 1))


@cache
def library_years() -> frozenset[int]:
    """The years that the library tells whole: those with their National Day, not one whose New Year alone an earlier notice arranged."""
    from chinese_calendar import constants

    return frozenset(day.year for day in constants.holidays if (day.month, day.day) == (10, 1))
