"""One room under two projects counts once: for who handed it over first, then whose plan was approved first.
What only resembles is a lead."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

#: ``room_pair.mark`` of a place; its twins in one project are as many rooms.
_PLACE = 3
_CLAIMS = """
SELECT premises_id, project_id, handed_lo, handed_hi, claim_no FROM room
WHERE claim_no IN (SELECT one FROM room_pair UNION SELECT other FROM room_pair) ORDER BY claim_no
"""
_PROOFS = "SELECT other, one, mark FROM room_pair WHERE is_proof AND NOT contradicted ORDER BY other, mark, one"
#: What resembles another project's room and is not known to be it: the later of the two is told, of the surest likeness to the first.
_ALIKE = """
CREATE OR REPLACE TABLE room_alike AS
SELECT b.premises_id, a.premises_id AS resembling_premises_id, a.project_id AS resembling_project_id,
       CASE p.mark WHEN 1 THEN 'same_unit' WHEN 2 THEN 'same_title' WHEN 5 THEN 'same_number' ELSE 'same_building' END AS resembling_by
FROM room_pair p JOIN room a ON a.claim_no = p.one JOIN room b ON b.claim_no = p.other
ANTI JOIN (SELECT one, other FROM room_pair WHERE is_proof AND NOT contradicted) sure ON sure.one = p.one AND sure.other = p.other
WHERE p.contradicted = (p.mark IN (1, 2)) AND p.mark <> 3
QUALIFY row_number() OVER (PARTITION BY p.other ORDER BY p.mark, p.one) = 1 ORDER BY 1
"""


@dataclass
class Claim:
    """A project's claim to a room; ``elsewhere``: another has it first (None: which is first is unknown), ``same``: that other claim.

    ``beside``: the projects that have a room held to be this one because it lies in one place with it.
    """

    premises_id: str
    project_id: str
    handed_lo: dt.date
    handed_hi: dt.date
    number: int
    elsewhere: bool | None = False
    same: Claim | None = None
    beside: set[str] = field(default_factory=set)


def claim_rooms(con: duckdb.DuckDBPyConnection) -> None:
    """Tables ``room_claim`` (premises_id, same_room_premises_id, same_room_project_id, is_claimed_elsewhere): the rooms told twice,
    and ``room_alike`` (premises_id, resembling_premises_id, resembling_project_id, resembling_by): those that resemble one, which takes
    nothing from them.

    Reads ``premises``, ``projects``, ``handovers``, ``communities``, ``handed_room``, ``room_spot`` and ``project_land``.
    """
    import pyarrow as pa

    con.execute(files("planning_check.facts").joinpath("room_pair.sql").read_text("utf-8"))
    claims = [Claim(*row) for row in con.execute(_CLAIMS).fetchall()]
    settle(claims, con.execute(_PROOFS).fetchall())
    twice = [(c.premises_id, c.same.premises_id, c.same.project_id, c.elsewhere) for c in claims if c.same]
    names = ("premises_id", "same_room_premises_id", "same_room_project_id", "is_claimed_elsewhere")
    columns = list(zip(*twice, strict=True)) or [()] * len(names)
    types = (pa.string(), pa.string(), pa.string(), pa.bool_())
    con.register("claimed", pa.table({n: pa.array(c, t) for n, c, t in zip(names, columns, types, strict=True)}))
    con.execute("CREATE OR REPLACE TABLE room_claim AS SELECT * FROM claimed")
    con.unregister("claimed")
    con.execute(_ALIKE)


def settle(claims: list[Claim], proofs: Iterable[tuple[int, int, int]]) -> None:
    """Go through the claims, first to last: each counts unless one of another project that counts already is proven to be to the same room.

    ``proofs``: a later claim, an earlier one, and by what they are one (the surest first).
    """
    by_number = {claim.number: claim for claim in claims}
    proven = defaultdict(list)
    for later, earlier, by in proofs:
        proven[later].append((by_number[earlier], by))
    for claim in claims:
        holder = _holder(claim, proven[claim.number])
        if holder is None:
            continue
        claim.same, holder.same = holder, holder.same or claim
        if holder.handed_hi <= claim.handed_lo:
            claim.elsewhere = True
        else:
            claim.elsewhere = holder.elsewhere = None


def _holder(claim: Claim, proven: list[tuple[Claim, int]]) -> Claim | None:
    for holder, by in proven:
        if holder.same is not None and holder.same.number < holder.number:  # does not count itself
            continue
        if by == _PLACE:
            if claim.project_id in holder.beside:
                continue
            holder.beside.add(claim.project_id)
        return holder
    return None
