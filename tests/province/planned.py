"""The eight cities planned by hand: what the planner should find, for tests of what comes after it."""

from __future__ import annotations

import datetime as dt
from hashlib import sha256
from pathlib import Path

from planning_check import __version__
from planning_check.errors import Text
from planning_check.pipeline.province.checking import delivery_digest, rules_digest
from planning_check.pipeline.rules import load_rules
from planning_check.record.province import ALONE, LINKED, City, ProvincePlan, Shard
from tests.province import cities

NOW = dt.datetime(2011, 7, 1, 9, 0)


def plan_of(places: dict[str, Path], together: tuple[tuple[str, ...], ...] = (cities.RECEIPTS, cities.BORDER)) -> ProvincePlan:
    """A plan of the cities in these folders: those of ``together`` in one shard, the others each alone."""
    alone = [(label,) for label in places if not any(label in some for some in together)]
    shards = [some for some in together if set(some) <= places.keys()] + alone
    digests = {label: delivery_digest(place, label) for label, place in places.items()}
    digest = rules_digest(load_rules())
    told = [
        Shard(f"s{n:03d}", tuple(some), LINKED if len(some) > 1 else ALONE, 1, 1, _hash(digest, *(digests[one] for one in some)))
        for n, some in enumerate(shards, 1)
    ]
    problem = {cities.BROKEN: Text("读不了", "it cannot be read"), cities.EMPTY: Text("空文件夹", "an empty folder")}
    known = [City(label, str(place), digests[label], 1, problem=problem.get(label)) for label, place in sorted(places.items())]
    return ProvincePlan(
        cities.AS_OF, __version__, digest, tuple(known), (), tuple(told), digest=_hash(digest, *(shard.digest for shard in told))
    )


def _hash(*told: str) -> str:
    return sha256("|".join(told).encode()).hexdigest()
