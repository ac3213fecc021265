"""Draws from a seed, and the rows of the registers that a city is made of."""

from __future__ import annotations

import datetime as dt
import random


class Chance:
    """``rng`` draws, ``without`` are the features left out, ``rows`` the registers."""

    rng: random.Random
    without: frozenset[str]
    rows: dict[str, list[dict]]

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def has(self, feature: str) -> bool:
        return feature not in self.without

    def pick(self, *weighted: tuple[object, float]) -> object:
        values, weights = zip(*weighted, strict=True)
        return self.rng.choices(values, weights)[0]

    def told(self, day: dt.date | None, unknown: float = 0.04, month: float = 0.06) -> str | None:
        """A day as a register tells it: to the day, to the month, or not."""
        if day is None or self.chance(unknown):
            return None
        return f"{day:%Y-%m}" if self.chance(month) else day.isoformat()

    def after(self, day: dt.date, least: int, most: int) -> dt.date:
        return day + dt.timedelta(days=self.rng.randint(least, most))

    def add(self, table: str, **row: object) -> dict:
        self.rows[table].append(row)
        return row

    def number(self, table: str, letters: str) -> str:
        return f"{letters}{len(self.rows[table]) + 1:05d}"
