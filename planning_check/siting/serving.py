"""How many people places with a capacity can serve, each of them within the reach of a place: places are added one by one. Pure.

People may be sent to another place within their reach so that a new one serves more; whoever is served stays served.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True)
class Places:
    """Places by number: how many people each serves at most, and the points that lie within its reach, ``points[first[n]:first[n +
    1]]``."""

    capacity: np.ndarray
    first: np.ndarray
    points: np.ndarray

    def __len__(self) -> int:
        return len(self.capacity)

    def reach(self, number: int) -> np.ndarray:
        """The points within reach of one place."""
        return self.points[self.first[number] : self.first[number + 1]]

    def of(self, numbers: np.ndarray) -> Places:
        """Some of them, in the order given."""
        import numpy as np

        reaches = [self.reach(int(number)) for number in numbers]
        first = np.concatenate([[0], np.cumsum([len(one) for one in reaches])]).astype(np.int64)
        return Places(self.capacity[numbers], first, np.concatenate([*reaches, np.zeros(0, np.int64)]))


class Serving:
    """Who is served by the places so far. ``left``: people at every point whom nobody serves; they only become fewer."""

    def __init__(self, people: np.ndarray) -> None:
        import numpy as np

        self.left = people.astype(np.int64)
        self._reaches: list[np.ndarray] = []
        self._flow: dict[int, dict[int, int]] = {}  # point -> place -> people
        self._closed = np.zeros(len(people), bool)  # from here nobody unserved can be reached, and never will be
        self._done: list[tuple[int, int, int]] | None = None  # of a trial: point, place (-1: left), people

    @property
    def unserved(self) -> int:
        return int(self.left.sum())

    def serve(self, points: np.ndarray, capacity: int) -> int:
        """Add a place; how many more people are served."""
        number = len(self._reaches)
        self._reaches.append(points)
        served = self._directly(number, points, capacity)
        while served < capacity and (more := self._rearranged(number, points, capacity - served)):
            served += more
        return served

    def gain(self, points: np.ndarray, capacity: int) -> int:
        """How many more would be served with one more place; nothing is changed."""
        self._done, before = [], self._closed.copy()
        try:
            served = self.serve(points, capacity)
            if served:
                self._closed = before
            for point, place, people in reversed(self._done):
                if place < 0:
                    self.left[point] -= people
                else:
                    self._flow[point][place] -= people
        finally:
            self._done = None
            self._reaches.pop()
        return served

    def _move(self, point: int, place: int, people: int) -> None:
        if place < 0:
            self.left[point] += people
        else:
            flow = self._flow.setdefault(point, {})
            flow[place] = flow.get(place, 0) + people
        if self._done is not None:
            self._done.append((point, place, people))

    def _directly(self, number: int, points: np.ndarray, capacity: int) -> int:
        """Serve those who are not served yet, in the order of the points."""
        import numpy as np

        here = self.left[points]
        taken = np.clip(capacity - (np.cumsum(here) - here), 0, here)
        for at in np.flatnonzero(taken):
            self._move(int(points[at]), number, int(taken[at]))
            self._move(int(points[at]), -1, -int(taken[at]))
        return int(taken.sum())

    def _rearranged(self, number: int, points: np.ndarray, capacity: int) -> int:
        """Take over from other places, along a shortest way, so that they serve somebody who is not served; 0 where there is no way."""
        came: dict[int, tuple[int, int] | None] = {int(point): None for point in points if not self._closed[point]}
        waiting, asked = deque(came), {number}
        while waiting:
            point = waiting.popleft()
            if self.left[point] > 0:
                return self._along(number, point, came, capacity)
            for place, people in self._flow.get(point, {}).items():
                if people > 0 and place not in asked:
                    asked.add(place)
                    for further in self._reaches[place].tolist():
                        if further not in came and not self._closed[further]:
                            came[further] = (point, place)
                            waiting.append(further)
        if came:
            self._closed[list(came)] = True
        return 0

    def _along(self, number: int, end: int, came: dict[int, tuple[int, int] | None], capacity: int) -> int:
        most, point = min(capacity, int(self.left[end])), end
        while (step := came[point]) is not None:
            most, point = min(most, self._flow[step[0]][step[1]]), step[0]
        self._move(end, -1, -most)
        point = end
        while (step := came[point]) is not None:
            before, place = step
            self._move(point, place, most)
            self._move(before, place, -most)
            point = before
        self._move(point, number, most)
        return most


def served_by(people: np.ndarray, *several: Places) -> Serving:
    """All of these places serving, one after the other."""
    made = Serving(people)
    for places in several:
        for number in range(len(places)):
            made.serve(places.reach(number), int(places.capacity[number]))
    return made
