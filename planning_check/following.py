"""What follows the dictionary of tables and facts: a city's own tables come into force for a while, and all that was worked out from the
dictionary before is forgotten, or made anew.

The tables (``schema``), the facts and subjects (``facts.dictionary``) and the words for them are read by every room, as module data. They
are the dictionary *in force*: the objects stay, and own tables stand in them for as long as a rulebook that brings them is at work
(``in_force``), or to the end of the command that opened a run that was made with them (``declared.also``). So nobody passes them on, and
two rulebooks in one process do not see each other's: whatever works by a book names it, and what was before comes back after it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

Cached = TypeVar("Cached", bound=Any)

_FOLLOWERS: list[Callable[[], None]] = []
_NOW: list[Any] = []


def follow(follower: Callable[[], None]) -> None:
    """Call it whenever other own tables come into force, after those that asked before it; and now, if any are."""
    _FOLLOWERS.append(follower)
    if _NOW:
        follower()


def follows(cached: Cached) -> Cached:
    """For a function with a cache that reads the dictionary: what it holds is forgotten when the dictionary changes."""
    follow(cached.cache_clear)
    return cached


def current() -> tuple[Any, ...]:
    """The own tables in force (``declared.OwnTable``)."""
    return tuple(_NOW)


@contextmanager
def in_force(own: Sequence[Any]) -> Iterator[None]:
    """These own tables and no others, until the end of the ``with``; then those that were before."""
    before = current()
    _put(own)
    try:
        yield
    finally:
        _put(before)


def restored() -> Any:
    """A ``with`` at whose end those are in force that are now, whatever came into force in it."""
    return in_force(current())


def put(own: Sequence[Any]) -> None:
    """These and no others, to the end of the command (``declared.also``)."""
    _put(own)


def _put(own: Sequence[Any]) -> None:
    if list(own) != _NOW:
        _NOW[:] = own
        for follower in _FOLLOWERS:
            follower()
