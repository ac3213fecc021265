"""How much of a long piece of work is done, told while it goes on."""

from __future__ import annotations

from collections.abc import Callable

#: Hears the share that is done, from 0 to 1.
Told = Callable[[float], None]


class Parts:
    """A piece of work in so many parts, each as long as the others as far as anybody knows. Nobody need hear of it."""

    def __init__(self, count: int, told: Told | None = None) -> None:
        self.count, self.told, self.done = count, told, 0

    def next(self) -> None:
        """One more is done."""
        self.done += 1
        self.within(0)

    def within(self, share: float) -> None:
        """Of the one under way so much is done."""
        if self.told:
            self.told(min((self.done + share) / self.count, 1.0) if self.count else 1.0)
