"""How the lists went from run to run of a series, and how long what is open has been known: pure data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from planning_check.errors import Text
from planning_check.record.run import StoredRun

#: Days since a violation was first seen: the longest of each class, and none for what is older.
AGES = (30, 90, 180, 365, None)


@dataclass(frozen=True)
class TrendRow:
    """One list (of one district or developer; none of them is told where ``group`` is '') in one run: its lines, in m2 and yuan; a project
    is one line of a list, with the largest of its violations."""

    run_id: int
    list: str
    group: str
    lines: int
    area_m2: Decimal | None
    yuan: Decimal | None


@dataclass(frozen=True)
class Aged:
    """A violation of the latest run, and the first day, of those that runs of the series were made for, on which it was one."""

    list: str
    rule_id: str
    subject_key: str
    subject_name: str | None
    first_on: dt.date


@dataclass(frozen=True)
class Trend:
    """``runs``: of the series, by the day that they were made for; ``latest``: the one whose violations are ``aged``. ``by``: list,
    district, city or developer. ``names``: of a province's series, what districts are called by their codes, or cities by their labels."""

    by: str
    latest: StoredRun
    runs: Sequence[StoredRun]
    rows: Sequence[TrendRow]
    aged: Sequence[Aged]
    names: Mapping[str, Text] = field(default_factory=dict)

    def called(self, group: str, lang: str) -> str:
        """What a group is called."""
        return self.names[group].get(lang) if group in self.names else group
