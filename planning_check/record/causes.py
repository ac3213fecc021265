"""Why a verdict is another than it was: what a cause may be, and how it is proved by changing one thing at a time. Pure.

Between two checks some things differ (:data:`FACTORS`). A *state* is the set of those that are as in the newer check, the others as in the
older: none of them is the older check itself, all of them the newer. What a state comes to is found by judging again. A set of things
*suffices* where with them alone it comes out as in the newer check; the smallest that suffice are the causes: one thing, each of several,
or several together. Where a state cannot be judged again (a file or a rule is no longer there), what cannot be told from it stays open.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import combinations

from planning_check.errors import Text
from planning_check.words import CHANGES

#: What may differ between two checks and bear on a verdict, in the order in which they are told.
FACTORS = {
    "data": Text("数据", "data"),
    "correction": Text("更正登记", "register of corrections"),
    "reading": Text("对照表或坐标读法", "mapping or reading of coordinates"),
    "rules": Text("规则或办法", "rules or ordinances"),
    "time": Text("截至日后移（时间经过）", "the passing of time"),
    "program": Text("程序版本", "version of the program"),
}
#: What a change is, in the order in which they are shown.
KINDS = {
    "new": CHANGES["new"],
    "reopened": Text("再次出现或重新立案", "back again or reopened"),
    "gone": CHANGES["gone"],
    "changed": CHANGES["changed"],
    "opened": CHANGES["opened"],
    "closed": CHANGES["closed"],
    "decided": Text("会议已议", "decided since"),
    "waived": Text("豁免有变", "waiver begun or ended"),
}
State = frozenset[str]


@dataclass(frozen=True)
class Judged:
    """How one rule and subject came out. ``outcome``: none where there is no such subject or the rule did not judge; areas in m2, money
    in yuan, of findings only. ``label``: what people call its status."""

    outcome: str | None
    status: str | None = None
    severity: str | None = None
    area_m2: Decimal | None = None
    yuan: Decimal | None = None
    label: Text | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Cause:
    """Why it changed. ``ways``: the smallest sets of things that suffice, each alone; ``proved``: whether all that is smaller was judged
    and does not suffice; ``alone``: what each thing alone comes to, where that was judged; ``needed``: without which it surely would not
    have come out so; ``excluded``: what surely has no part in it."""

    ways: tuple[tuple[str, ...], ...]
    proved: bool
    alone: Mapping[str, Judged]
    needed: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()


def kind_of(before: Judged, after: Judged) -> str | None:
    """Which kind of change it is; None where it is the same."""
    if before == after:
        return None
    was, is_ = before.outcome, after.outcome
    if "violation" in (was, is_) and was != is_:
        return "new" if is_ == "violation" else "gone"
    if "undetermined" in (was, is_) and was != is_:
        return "opened" if is_ == "undetermined" else "closed"
    return "changed"


def states_between(factors: Sequence[str]) -> list[State]:
    """The states between the older and the newer check, the smaller first."""
    return [frozenset(some) for size in range(1, len(factors)) for some in combinations(factors, size)]


def settled(known: Mapping[State, Judged], factors: Sequence[str]) -> bool:
    """Whether some set of things is known to suffice, and every smaller one known not to."""
    whole = frozenset(factors)
    fitting = [state for state in known if state and state != whole and known[state] == known[whole]]
    smallest = min(map(len, fitting), default=len(factors))
    return all(state in known for state in states_between(factors) if len(state) <= min(smallest, len(factors) - 1))


def cause_of(known: Mapping[State, Judged], factors: Sequence[str]) -> Cause:
    """The causes, from what is known of the states; those of no thing and of all things must be."""
    whole = frozenset(factors)
    suffice = [state for state in (*states_between(factors), whole) if state in known and known[state] == known[whole]]
    ways = [state for state in suffice if not any(other < state for other in suffice)]
    smaller = {state for way in ways for state in states_between(factors) if state < way}
    alone = {name: known[frozenset((name,))] for name in factors if frozenset((name,)) in known}
    needed = tuple(name for name in factors if known.get(whole - {name}, known[whole]) != known[whole])
    excluded = tuple(name for name in factors if _has_no_part(name, known, factors))
    return Cause(tuple(_ordered(way, factors) for way in ways), all(state in known for state in smaller), alone, needed, excluded)


def _has_no_part(name: str, known: Mapping[State, Judged], factors: Sequence[str]) -> bool:
    """Whether nothing turns on it: in every pair of states that differ by it alone, all of them known."""
    others = [one for one in factors if one != name]
    without = [frozenset(some) for size in range(len(others) + 1) for some in combinations(others, size)]
    return all(state in known and state | {name} in known and known[state] == known[state | {name}] for state in without)


def _ordered(names: Iterable[str], order: Sequence[str]) -> tuple[str, ...]:
    chosen = set(names)
    return tuple(name for name in order if name in chosen)
