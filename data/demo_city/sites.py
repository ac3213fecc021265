"""Where the developments stand: blocks chosen for each, phases side by side, and in what stage each one is."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from .blocks import Block
from .ground import Place
from .settings import COMMITTEE, DISTRICTS, ESTATE, VILLAGE, stream

LEGACY, COMPLETED, OPEN = "legacy", "completed", "open"  # older than the rule; governed and completed; governed and not completed
STAGES = {LEGACY: 38, COMPLETED: 150, OPEN: 40}
PULL = {ESTATE: 5.0, VILLAGE: 1.7, COMMITTEE: 1.3}  # how much building each kind of community draws
PHASED = (
    (COMPLETED, COMPLETED),
    (COMPLETED, OPEN),
    (LEGACY, COMPLETED),
    (COMPLETED, COMPLETED, OPEN),
    (COMPLETED, OPEN),
    (LEGACY, COMPLETED, COMPLETED),
    (COMPLETED, COMPLETED),
    (COMPLETED, COMPLETED, OPEN),
    (COMPLETED, COMPLETED),
)


@dataclass
class Site:
    """The land of one development, or of one phase of it."""

    place: int
    blocks: list[Block]
    stage: str = ""
    group: int | None = None  # the development that it is a phase of
    phase: tuple[int, int] | None = None  # number, of how many
    second_place: int | None = None
    extra: dict[str, object] = field(default_factory=dict)

    @property
    def land_m2(self) -> float:
        return sum(round(b.ground.area, 2) for b in self.blocks if b.ground)


def _shares(places: list[Place]) -> dict[int, int]:
    """How many developments each community gets; estates most."""
    found: dict[int, int] = {}
    for district in DISTRICTS:
        numbers = [i for i, p in enumerate(places) if p.district is district]
        pull = {i: PULL[places[i].kind] for i in numbers}
        exact = {i: district.projects * pull[i] / sum(pull.values()) for i in numbers}
        found |= {i: int(exact[i]) for i in numbers}
        rest = district.projects - sum(int(e) for e in exact.values())
        for i in sorted(numbers, key=lambda i: int(exact[i]) - exact[i])[:rest]:
            found[i] += 1
    return found


def _good(block: Block) -> bool:
    return block.notch_of is None and block.ground is not None and 3_800 < block.ground.area < 42_000


def _nearest(block: Block, others: list[Block], count: int) -> list[Block]:
    return sorted(others, key=lambda b: block.straight.distance(b.straight) + block.straight.centroid.distance(b.straight.centroid) / 10)[
        :count
    ]


def _phased(places: list[Place], shares: dict[int, int], free: dict[int, list[Block]]) -> list[Site]:
    """Developments of two or three phases, in estate communities with room for them."""
    wide = sorted((i for i, p in enumerate(places) if p.kind == ESTATE and shares[i] >= 4), key=lambda i: (-len(free[i]), i))
    sites: list[Site] = []
    for group, (number, stages) in enumerate(zip(wide, PHASED, strict=False)):
        first = free[number][0]
        blocks = [first, *_nearest(first, free[number][1:], len(stages) - 1)]
        for order, (block, stage) in enumerate(zip(blocks, stages, strict=True), start=1):
            free[number].remove(block)
            sites.append(Site(number, [block], stage, group, (order, len(stages))))
        shares[number] -= len(stages)
    return sites


def _single(rng: Random, number: int, count: int, free: list[Block]) -> list[Site]:
    """Developments of one phase; a few stand on two parcels."""
    sites = []
    for _ in range(count):
        block = free.pop(0)
        blocks = [block]
        if rng.random() < 0.03 and free:
            blocks += _nearest(block, free, 1)
            free.remove(blocks[1])
        sites.append(Site(number, blocks))
    return sites


def sites(places: list[Place]) -> list[Site]:
    """All developments, in the order of their communities, each with its stage."""
    rng = stream("sites")
    shares = _shares(places)
    free: dict[int, list[Block]] = {}
    across: list[Site] = []
    for number, place in enumerate(places):
        free[number] = [b for b in place.blocks if _good(b) and b.across is None]
        rng.shuffle(free[number])
        across += [Site(number, [b], second_place=b.across) for b in place.blocks if b.across is not None]
    for site in across:
        shares[site.place] -= 1
    found = across + _phased(places, shares, free)
    for number in range(len(places)):
        found += _single(rng, number, shares[number], free[number])
    stages = [s for s, n in STAGES.items() for _ in range(n - sum(site.stage == s for site in found))]
    rng.shuffle(stages)
    for site in found:
        site.stage = site.stage or stages.pop()
    return sorted(found, key=lambda s: s.place)
