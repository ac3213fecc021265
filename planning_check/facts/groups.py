"""Neighbouring projects of one developer as groups: what may be one development cut up."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

_PAIRS = """
SELECT n.project_id, n.other_id, n.metres FROM project_near n
JOIN projects a ON a.project_id = n.project_id JOIN projects b ON b.project_id = n.other_id AND b.developer_code = a.developer_code
ORDER BY n.metres, n.project_id, n.other_id
"""


def group_neighbours(con: duckdb.DuckDBPyConnection) -> None:
    """Table ``project_group`` (project_id, cluster_id, farthest_m): projects linked by near parcels, directly or through others.

    ``cluster_id`` the smallest project id of the group; ``farthest_m`` the widest gap that has to be crossed to link all of it.
    """
    import pyarrow as pa

    pairs = con.execute(_PAIRS).fetchall()
    leader: dict[str, str] = {}
    farthest = {}
    for one, other, metres in pairs:  # the nearest first, so the last pair that links two groups is the widest gap
        a, b = _lead(leader, one), _lead(leader, other)
        if a != b:
            leader[max(a, b)] = min(a, b)
            farthest[min(a, b)] = metres
    members = sorted(leader)
    leads = [_lead(leader, member) for member in members]
    gaps = [farthest[lead] for lead in leads]
    columns = {"project_id": pa.array(members, pa.string()), "cluster_id": pa.array(leads, pa.string())}
    con.register("grouped", pa.table({**columns, "farthest_m": pa.array(gaps, pa.decimal128(18, 2))}))
    con.execute("CREATE OR REPLACE TABLE project_group AS SELECT * FROM grouped")
    con.unregister("grouped")


def _lead(leader: dict[str, str], member: str) -> str:
    """The smallest id of the group so far; the way to it is made short on the way."""
    way = []
    while leader.setdefault(member, member) != member:
        way.append(member)
        member = leader[member]
    for passed in way:
        leader[passed] = member
    return member
