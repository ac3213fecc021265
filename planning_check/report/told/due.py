"""What falls due, by bureau: overdue first, then by day, and last what has no known day. Pure data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from planning_check.errors import Text
from planning_check.words import BUREAUS
from planning_check.workdays import UnknownYear, Workdays

#: In the order in which they are shown.
STATES = {
    "overdue": Text("已逾期", "overdue"), "perhaps": Text("可能已逾期", "perhaps overdue"), "due": Text("将到期", "to come"),
    "unknown": Text("期限不明", "day not known"),
}  # fmt: skip


@dataclass(frozen=True)
class Due:
    """One thing that falls due. ``kind``: of ``words.DUE``; ``first``, ``last``: the days that it may be (one day, a month, or none);
    ``source``: the cell or the entry of the log that tells it; ``number``: of the document; ``yuan``: what is due, or held."""

    kind: str
    bureau: str
    key: str
    name: str
    number: str
    yuan: Decimal | None
    first: dt.date | None
    last: dt.date | None
    source: Text

    @property
    def sum_unknown(self) -> bool:
        """Whether there is a sum that nobody told: the rent of a lease. Of the rest a sum is told, or there is none."""
        return self.kind == "lease" and self.yuan is None

    def state(self, on: dt.date) -> str:
        """Of :data:`STATES`, on a day. The last day itself is not overdue."""
        if self.first is None or self.last is None:
            return "unknown"
        return "overdue" if self.last < on else "perhaps" if self.first < on else "due"

    def days(self, on: dt.date) -> int | None:
        """Days of the calendar that are left to the first day that it may be; below 0: since the last that it may have been."""
        if self.first is None or self.last is None:
            return None
        return ((self.last if self.last < on else self.first) - on).days

    def workdays(self, on: dt.date, table: Workdays) -> int | None:
        """The same in working days; None where the day or the holidays of a year are not known."""
        days = self.days(on)
        try:
            return None if days is None else table.between(on, on + dt.timedelta(days=days))
        except UnknownYear:
            return None


def days_span(due: Due) -> str:
    """The day, or the first and the last that it may be; '' where it is not known."""
    if due.first is None or due.last is None:
        return ""
    return f"{due.first}" if due.first == due.last else f"{due.first}/{due.last}"


@dataclass(frozen=True)
class Falling:
    """What falls due within ``within`` days of ``on``. ``later``: how many come after that; ``notes``: what could not be looked at."""

    run_id: int
    series: str
    on: dt.date
    within: int
    table: Workdays
    dues: Sequence[Due]
    later: int
    notes: Sequence[Text] = field(default_factory=tuple)

    def of(self, bureau: str) -> list[Due]:
        """Those of one bureau, in order."""
        return [due for due in self.dues if due.bureau == bureau]

    @property
    def unknown_years(self) -> list[int]:
        """Years of which no working days could be counted."""
        ends = [self.on + dt.timedelta(days=days) for due in self.dues if (days := due.days(self.on)) is not None]
        years = {year for end in ends for year in range(min(end, self.on).year, max(end, self.on).year + 1)}
        return sorted(years - set(self.table.known))


def falling(
    run_id: int, series: str, on: dt.date, within: int, table: Workdays, dues: Iterable[Due], bureau: str | None, notes: Sequence[Text] = ()
) -> Falling:  # fmt: skip
    """What falls due in order, of one bureau if one is named."""
    order = list(STATES)
    chosen = [due for due in dues if bureau is None or due.bureau == bureau]
    last = on + dt.timedelta(days=within)
    near = [due for due in chosen if due.first is None or due.first <= last]
    near.sort(key=lambda d: (list(BUREAUS).index(d.bureau), order.index(d.state(on)), d.first or dt.date.max, d.kind, d.key, d.number))
    return Falling(run_id, series, on, within, table, near, len(chosen) - len(near), tuple(notes))
