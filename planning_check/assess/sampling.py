"""Which cases are visited again, and what the visits say of all of them. Pure, and the same on every machine.

The order of the draw is that of sha256 over ``seed:key`` in UTF-8, in hexadecimal digits; no random numbers of a language or a library are
used. ``simple``: the first ``n``. ``stratified``: by list, two of each at least, then one by one where most is lacking of its share, the
first of each. ``money``: what is worth a whole step (all money by what is left of ``n``) or more is taken for certain, again and again
until none is; of the rest every step-th yuan is drawn from one start, in the order of the draw: the chance is in proportion to the money.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

METHODS = ("simple", "stratified", "money")
#: What a visit can find; a unit without one of them was not seen.
BROKEN, FIXED = "broken", "fixed"
_LEVEL = 0.95


class TooFew(ValueError):
    """A sample of so few cannot be drawn; ``least``: how many can."""

    def __init__(self, least: int) -> None:
        super().__init__(f"at least {least}")
        self.least = least


@dataclass(frozen=True)
class Unit:
    """One case of the population. ``fen``: its money in hundredths of a yuan, None where nobody knows."""

    key: str
    stratum: str
    fen: int | None


@dataclass(frozen=True)
class Draw:
    """What was drawn. ``chosen``: unit -> the stratum that it is counted in (``certain`` or ``drawn`` by money, its list where
    stratified). ``sizes``: units of each stratum in the population; ``worth``: their fen. ``left_out``: units without known money, which
    a draw by money cannot reach."""

    method: str
    chosen: Mapping[str, str]
    sizes: Mapping[str, int]
    worth: Mapping[str, int]
    left_out: int

    @property
    def population(self) -> int:
        """Units that could be drawn."""
        return sum(self.sizes.values())


@dataclass(frozen=True)
class Interval:
    """How much is still broken: from ``least`` (all that was not seen is fixed) to ``most`` (all of it is broken), with the bounds
    ``lower`` and ``upper`` of 95 %. Of a draw by money it is fen, else cases."""

    least: Fraction
    most: Fraction
    lower: Fraction
    upper: Fraction
    whole: int
    exact: bool


def draw(units: Sequence[Unit], method: str, n: int, seed: int) -> Draw:
    """Draw ``n`` of them, all where there are not so many. Raises TooFew where ``stratified`` cannot take two of each list."""
    ordered = sorted(units, key=lambda unit: (_place(seed, unit.key), unit.key))
    if method == "money":
        return _by_money(ordered, n, seed)
    if method == "stratified":
        return _stratified(ordered, n)
    return Draw(method, {unit.key: "all" for unit in ordered[:n]}, {"all": len(ordered)}, {}, 0)


def _place(seed: int, key: str) -> str:
    return hashlib.sha256(f"{seed}:{key}".encode("utf-8", "surrogatepass")).hexdigest()


def _stratified(ordered: Sequence[Unit], n: int) -> Draw:
    strata: dict[str, list[Unit]] = {}
    for unit in sorted(ordered, key=lambda unit: unit.stratum):
        strata.setdefault(unit.stratum, []).append(unit)
    sizes = {name: len(of_it) for name, of_it in strata.items()}
    parts = _parts(sizes, n)
    chosen = {unit.key: name for name, of_it in strata.items() for unit in of_it[: parts[name]]}
    return Draw("stratified", chosen, sizes, {}, 0)


def _parts(sizes: Mapping[str, int], n: int) -> dict[str, int]:
    """How many of each: two at least (or all), the rest one by one where most is lacking of its share; ties by name."""
    if n >= sum(sizes.values()):
        return dict(sizes)
    least = {name: min(2, size) for name, size in sizes.items()}
    if n < sum(least.values()):
        raise TooFew(sum(least.values()))
    parts = dict(least)
    wanted = {name: Fraction(n * size, sum(sizes.values())) for name, size in sizes.items()}
    while sum(parts.values()) < n:
        open_ = [name for name, size in sizes.items() if parts[name] < size]
        parts[min(open_, key=lambda name: (parts[name] - wanted[name], name))] += 1
    return parts


def _by_money(ordered: Sequence[Unit], n: int, seed: int) -> Draw:
    rest = [(unit.key, unit.fen) for unit in ordered if unit.fen]
    left_out = len(ordered) - len(rest)
    worth: dict[str, int] = dict(rest)
    certain: list[str] = []
    while rest and len(certain) < n:
        step = Fraction(sum(fen for _, fen in rest), n - len(certain))
        whole = [key for key, fen in rest if fen >= step]
        if not whole:
            break
        certain += whole
        rest = [(key, fen) for key, fen in rest if fen < step]
    drawn = _every_step(rest, n - len(certain), seed)
    chosen = dict.fromkeys(certain, "certain") | dict.fromkeys(drawn, "drawn")
    strata = {"certain": certain, "drawn": [key for key, _ in rest]}
    return Draw(
        "money", chosen, {name: len(keys) for name, keys in strata.items()},
        {name: sum(worth[key] for key in keys) for name, keys in strata.items()}, left_out,
    )  # fmt: skip


def _every_step(rest: Sequence[tuple[str, int]], n: int, seed: int) -> list[str]:
    """The units that hold the points start, start + step, ...; each is worth less than a step, so that none is met twice."""
    total = sum(fen for _, fen in rest)
    if not total or n <= 0:
        return []
    start = int(_place(seed, "start"), 16) % total
    drawn, met, upto = [], 0, 0
    for key, fen in rest:
        upto += fen
        if met < n and start + met * total < upto * n:  # the point (start + met * total) / n lies in this unit
            drawn.append(key)
            met += 1
    return drawn


def project(drawn: Draw, found: Mapping[str, str], worth: Mapping[str, int]) -> Interval:
    """What the visits say of the population. ``found``: key -> broken or fixed, of the units that were seen; ``worth``: key -> fen.

    ``simple``: exact for a population of that size (hypergeometric; Clopper-Pearson's for one without end). ``stratified``: Korn and
    Graubard's, which is Clopper-Pearson's with as many units as the strata's variance is worth (not exact). ``money``: what is certain as
    it was found, and of the rest Stringer's bound, which with whole units is Clopper-Pearson's.
    """
    seen = {name: [found.get(key) for key, of_it in drawn.chosen.items() if of_it == name] for name in drawn.sizes}
    broken = {name: sum(one == BROKEN for one in of_it) for name, of_it in seen.items()}
    unseen = {name: sum(one not in (BROKEN, FIXED) for one in of_it) for name, of_it in seen.items()}
    either = {name: broken[name] + unseen[name] for name in seen}
    taken = {name: len(of_it) for name, of_it in seen.items()}
    if drawn.method == "money":
        return _of_money(drawn, found, worth, (broken["drawn"], either["drawn"], taken["drawn"]))
    rate = [_rate(drawn.sizes, taken, counts) for counts in (broken, either)]
    size = drawn.population
    if drawn.method == "simple":
        n = taken["all"]
        lower, upper = Fraction(_fewest(size, n, broken["all"])), Fraction(_most(size, n, either["all"]))
    else:
        lower = _worth_of(drawn.sizes, taken, broken, rate[0])[0] * size
        upper = _worth_of(drawn.sizes, taken, either, rate[1])[1] * size
    return Interval(rate[0] * size, rate[1] * size, lower, upper, size, drawn.method == "simple")


def _of_money(drawn: Draw, found: Mapping[str, str], worth: Mapping[str, int], counts: tuple[int, int, int]) -> Interval:
    certain = [key for key, of_it in drawn.chosen.items() if of_it == "certain"]
    sure = sum(worth[key] for key in certain if found.get(key) == BROKEN)
    open_ = sum(worth[key] for key in certain if found.get(key) not in (BROKEN, FIXED))
    rest, (broken, either, n) = drawn.worth["drawn"], counts
    whole = sum(drawn.worth.values())
    if not n:
        return Interval(Fraction(sure), Fraction(sure + open_), Fraction(sure), Fraction(sure + open_ + rest), whole, True)
    return Interval(
        sure + Fraction(rest * broken, n), sure + open_ + Fraction(rest * either, n),
        sure + rest * clopper_pearson(broken, n)[0], sure + open_ + rest * clopper_pearson(either, n)[1], whole, False,
    )  # fmt: skip


def _rate(sizes: Mapping[str, int], taken: Mapping[str, int], counts: Mapping[str, int]) -> Fraction:
    """The strata's rates by their share of all."""
    size = sum(sizes.values())
    return sum((Fraction(sizes[name] * counts[name], size * taken[name]) for name in sizes if taken[name]), Fraction())


def _worth_of(sizes: Mapping[str, int], taken: Mapping[str, int], counts: Mapping[str, int], rate: Fraction) -> tuple[Fraction, Fraction]:
    size, n = sum(sizes.values()), sum(taken.values())
    if n == size:
        return rate, rate
    variance = Fraction()
    for name, count in counts.items():
        if sizes[name] > taken[name] > 1:
            share, of_it = Fraction(count, taken[name]), Fraction(sizes[name], size)
            variance += of_it**2 * (1 - Fraction(taken[name], sizes[name])) * share * (1 - share) / (taken[name] - 1)
    worth = min(Fraction(n), rate * (1 - rate) / variance) if variance else Fraction(n)
    return clopper_pearson(rate * worth, worth)


def clopper_pearson(count: Fraction | int, n: Fraction | int) -> tuple[Fraction, Fraction]:
    """The interval of 95 % of a share of which ``count`` of ``n`` were found."""
    from scipy.stats import beta

    tail = (1 - _LEVEL) / 2
    lower = float(beta.ppf(tail, float(count), float(n - count + 1))) if count > 0 else 0.0
    upper = float(beta.ppf(1 - tail, float(count + 1), float(n - count))) if count < n else 1.0
    return _four(lower), _four(upper)


def _four(share: float) -> Fraction:
    """To a millionth, so that it is the same on every machine."""
    return Fraction(Decimal(share).quantize(Decimal("0.000001")))


def _fewest(size: int, n: int, count: int) -> int:
    """The fewest broken of ``size`` with which ``count`` or more of ``n`` are not too rare."""
    from scipy.stats import hypergeom

    return _first(count, size - (n - count), lambda all_: hypergeom.sf(count - 1, size, all_, n) > (1 - _LEVEL) / 2)


def _most(size: int, n: int, count: int) -> int:
    """The most of which ``count`` or fewer are not too rare."""
    from scipy.stats import hypergeom

    rare = _first(count, size - (n - count) + 1, lambda all_: all_ > size - (n - count)
                  or hypergeom.cdf(count, size, all_, n) <= (1 - _LEVEL) / 2)  # fmt: skip
    return rare - 1


def _first(low: int, high: int, holds: Callable[[int], bool]) -> int:
    """The first number of those from low to high of which it holds; it holds of all after it, and of the last."""
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle + 1, high)
    return low
