"""Which of two bureaus, or of two dated documents, a field is taken from where they tell it differently: the city's ``precedence.yaml``."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class Precedence:
    """For one field of a table: bureaus in ``order``, or the row with the latest day in the field ``latest_by``. It holds for checks from
    ``first`` to ``last`` (none: without end). ``where``: file and line."""

    table: str
    field: str
    order: tuple[str, ...]
    latest_by: str
    first: dt.date
    last: dt.date | None
    cite: str
    verified: bool
    where: str

    def holds(self, day: dt.date) -> bool:
        """Whether it is in force on a day."""
        return self.first <= day and (self.last is None or day <= self.last)
