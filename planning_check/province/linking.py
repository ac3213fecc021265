"""Which cities reach across: the keys that stand in two of them, and what lies at their border."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING

from planning_check.record.province import LINKS

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

    from planning_check.province.borders import Across

KEY_TABLE = """
CREATE TABLE key_seen (city INTEGER, kind VARCHAR, domain VARCHAR, key VARCHAR, sign VARCHAR, registered BOOLEAN, strong BOOLEAN,
    projects BIGINT)
"""
#: Keys of several cities by who has them and how: each kind of sharing once, for an id may stand in all cities (1, 2, 3 ...). ``alike``:
#: the place of the first city that has the same sign under the key, 0 where a city has none. A number of a room that so many projects give
#: is a filler, and links nothing unless it was none in a city alone.
_PATTERNS = """
WITH several AS (
    SELECT kind, domain, key FROM key_seen GROUP BY ALL HAVING count(*) > 1
), shared AS (
    SELECT kind, domain, key, list({'city': city, 'sign': sign, 'registered': registered, 'few': projects <= 1} ORDER BY city) AS told,
           bool_or(strong) AS strong
    FROM key_seen JOIN several USING (kind, domain, key) GROUP BY kind, domain, key
    HAVING kind NOT IN ('titles', 'units') OR sum(projects) <= $common OR bool_or(projects BETWEEN 2 AND $common)
), pattern AS (
    SELECT kind, domain, key, strong, list_transform(told, lambda t: t.city) AS cities,
           list_transform(told, lambda t: t.registered) AS registered, list_transform(told, lambda t: t.few) AS few,
           list_transform(told, lambda t: CASE WHEN t.sign IS NULL THEN 0
               ELSE list_position(list_transform(told, lambda u: u.sign), t.sign) END) AS alike
    FROM shared
)
SELECT kind, domain, strong, cities, registered, few, alike, count(*), min(key) FROM pattern
GROUP BY kind, domain, strong, cities, registered, few, alike ORDER BY ALL
"""
Pair = tuple[str, str]


@dataclass
class Shared:
    """What two cities share: ``counts`` and an ``example`` by kind of link; of registered ids, by register, how many both have (``both``)
    and how many of these are another record in each (``others``); ``prices``: zones whose prices they tell differently;
    ``may_be_misread``: an id that none of the one's registers has may be a slip for one of the other's."""

    counts: dict[str, int] = field(default_factory=dict)
    examples: dict[str, str] = field(default_factory=dict)
    both: dict[str, int] = field(default_factory=dict)
    others: dict[str, int] = field(default_factory=dict)
    prices: list[str] = field(default_factory=list)
    may_be_misread: bool = False

    def add(self, kind: str, count: int, example: str) -> None:
        self.counts[kind] = self.counts.get(kind, 0) + count
        self.examples[kind] = min(self.examples.get(kind, example), example)

    @property
    def numbered_alike(self) -> str | None:
        """The first register of which most of the ids that both have are two records: they number alike."""
        return next((table for table, both in self.both.items() if 2 * self.others.get(table, 0) > both), None)


def take_keys(con: duckdb.DuckDBPyConnection, city: int, keys: pa.Table) -> None:
    """Put the keys of one city beside those of the others."""
    con.register("keys_of_it", keys)
    con.execute("INSERT INTO key_seen SELECT ?, kind, domain, key, sign, registered, strong, projects FROM keys_of_it", [city])
    con.unregister("keys_of_it")


def shared_keys(con: duckdb.DuckDBPyConnection, labels: Sequence[str], common_projects: int) -> dict[Pair, Shared]:
    """What the keys of two cities say, by the pair of their labels, in order. ``labels``: by the numbers of the cities."""
    found: dict[Pair, Shared] = {}
    for kind, domain, strong, cities, registered, few, alike, count, example in con.execute(
        _PATTERNS, {"common": common_projects}
    ).fetchall():
        for i, j in combinations(range(len(cities)), 2):
            pair = labels[cities[i]], labels[cities[j]]
            differ = bool(alike[i] and alike[j] and alike[i] != alike[j])
            if kind == "prices":
                if differ:
                    _of(found, pair).prices.append(example)
            elif kind == "near":
                if (registered[i] and few[j]) or (registered[j] and few[i]):
                    _of(found, pair).may_be_misread = True
            elif kind == "ids":
                if strong or registered[i] or registered[j]:
                    shared = _of(found, pair)
                    shared.add(kind, count, example)
                    if registered[i] and registered[j]:
                        shared.both[domain] = shared.both.get(domain, 0) + count
                        shared.others[domain] = shared.others.get(domain, 0) + differ * count
            elif kind != "developers" or (differ and (few[i] or few[j])):
                _of(found, pair).add(kind, count, example.split(" ")[-1] if kind == "receipts" else example)
    return found


def _of(found: dict[Pair, Shared], pair: Pair) -> Shared:
    return found.setdefault((min(pair), max(pair)), Shared())


def add_borders(found: dict[Pair, Shared], pair: Pair, across: Across) -> None:
    """What was measured at the border of two cities."""
    for kind, places in across.places.items():
        _of(found, pair).add(kind, len(places), next(iter(places)))


def kinds_in_order(shared: Mapping[str, int]) -> list[str]:
    """The kinds of link, in the order of ``LINKS``."""
    return [kind for kind in LINKS if kind in shared]
