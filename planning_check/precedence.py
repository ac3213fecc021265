"""Which of two bureaus, or of two dated documents, a field is taken from where they tell it differently: the city's ``precedence.yaml``."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from planning_check.errors import Text


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

    @property
    def why(self) -> str:
        """By what a value was settled, as the tables keep it; ``settled_by`` tells it."""
        return f"precedence:{'' if self.verified else '?'}{self.cite} ({self.where})"


def settled_by(why: str) -> Text | None:
    """What settled a value, and whether nobody checked that against the gazette; None where nothing did."""
    kept, _, cite = why.partition(":")
    if kept != "precedence":
        return None
    return Text(f"{cite[1:]}，未核实", f"{cite[1:]}, not verified") if cite.startswith("?") else Text(cite, cite)
