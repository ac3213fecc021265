"""Neighbouring projects of one developer as groups: what may be one development cut up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb

    from planning_check.measuring import Measuring

_PAIRS = """
SELECT n.project_id, n.other_id, n.metres FROM project_near n
JOIN projects a ON a.project_id = n.project_id JOIN projects b ON b.project_id = n.other_id AND b.developer_code = a.developer_code
WHERE number_of(a.developer_code) IS NOT NULL
ORDER BY n.metres, n.project_id, n.other_id
"""


def group_neighbours(con: duckdb.DuckDBPyConnection, measuring: Measuring) -> None:
    """Table ``project_group`` (project_id, cluster_id, within_m, farthest_m): projects linked by near parcels, directly or through others.

    Grouped anew for each of ``group_m`` (``within_m``), so that a rule judges the groups of its own distance: at 30 m two of three in a row
    may be a group. ``cluster_id`` the smallest project id of the group, at any but the first distance with that distance behind it
    (``P1@30``); ``farthest_m`` the widest gap that has to be crossed to link all of it.
    """
    import pyarrow as pa

    pairs = con.execute(_PAIRS).fetchall()
    rows: list[tuple[Any, ...]] = []
    for number, within in enumerate(measuring.group_m):
        mark = f"@{within:g}" if number else ""
        rows += [(member, f"{lead}{mark}", within, gap) for member, lead, gap in _grouped([p for p in pairs if p[2] <= within])]
    members, keys, distances, gaps = zip(*rows, strict=True) if rows else ((), (), (), ())
    metres = pa.decimal128(18, 2)
    con.register("grouped", pa.table({
        "project_id": pa.array(members, pa.string()), "cluster_id": pa.array(keys, pa.string()),
        "within_m": pa.array(distances, pa.float64()), "farthest_m": pa.array(gaps, metres),
    }))  # fmt: skip
    con.execute("CREATE OR REPLACE TABLE project_group AS SELECT * REPLACE (within_m::DECIMAL(18, 6) AS within_m) FROM grouped")
    con.unregister("grouped")


def _grouped(pairs: list[tuple[str, str, Any]]) -> list[tuple[str, str, Any]]:
    """Every project that the pairs link, with the smallest id of its group and the widest gap in it; pairs come nearest first."""
    leader: dict[str, str] = {}
    farthest = {}
    for one, other, metres in pairs:  # so the last pair that links two groups is the widest gap
        a, b = _lead(leader, one), _lead(leader, other)
        if a != b:
            leader[max(a, b)] = min(a, b)
            farthest[min(a, b)] = metres
    return [(member, lead, farthest[lead]) for member in sorted(leader) for lead in [_lead(leader, member)]]


def _lead(leader: dict[str, str], member: str) -> str:
    """The smallest id of the group so far; the way to it is made short on the way."""
    way = []
    while leader.setdefault(member, member) != member:
        way.append(member)
        member = leader[member]
    for passed in way:
        leader[passed] = member
    return member
