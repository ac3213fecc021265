"""One room under two projects counts once: for who handed it over first, then whose plan was approved first."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

#: What must not differ for two rooms to be one, by rank of the key (1 unit, 2 title, 3 place): unit 1, title 2.
_DISTINGUISHES = {1: 0, 2: 1, 3: 3}
_CLAIMS = """
SELECT premises_id, project_id, handed_lo, handed_hi, known, list(rank ORDER BY rank, key) AS ranks, list(key ORDER BY rank, key) AS keys
FROM room_key GROUP BY premises_id, project_id, handed_lo, handed_hi, known, planned_lo ORDER BY handed_lo, planned_lo, premises_id
"""


@dataclass
class Claim:
    """A project's claim to a room; ``elsewhere``: another has it first (None: which is first is unknown), ``same``: that other claim."""

    premises_id: str
    project_id: str
    handed_lo: dt.date
    handed_hi: dt.date
    known: int
    ranks: list[int]
    keys: list[str]
    elsewhere: bool | None = False
    same: Claim | None = None

    def marks(self) -> list[tuple[str, int]]:
        """Its keys, the surest first, each with what it knows that can tell it apart from another room of that key."""
        return [(key, self.known & _DISTINGUISHES[rank]) for rank, key in zip(self.ranks, self.keys, strict=True)]


def claim_rooms(con: duckdb.DuckDBPyConnection) -> None:
    """Table ``room_claim`` (premises_id, same_room_premises_id, same_room_project_id, is_claimed_elsewhere): the rooms told twice.

    Reads ``premises``, ``projects`` and ``handed_room``.
    """
    import pyarrow as pa

    con.execute(files("planning_check.facts").joinpath("room_key.sql").read_text("utf-8"))
    claims = [Claim(*row) for row in con.execute(_CLAIMS).fetchall()]
    settle(claims)
    twice = [(c.premises_id, c.same.premises_id, c.same.project_id, c.elsewhere) for c in claims if c.same]
    names = ("premises_id", "same_room_premises_id", "same_room_project_id", "is_claimed_elsewhere")
    columns = list(zip(*twice, strict=True)) or [()] * len(names)
    types = (pa.string(), pa.string(), pa.string(), pa.bool_())
    con.register("claimed", pa.table({n: pa.array(c, t) for n, c, t in zip(names, columns, types, strict=True)}))
    con.execute("CREATE OR REPLACE TABLE room_claim AS SELECT * FROM claimed")
    con.unregister("claimed")


def settle(claims: list[Claim]) -> None:
    """Go through the claims, first to last: each counts unless one of another project that counts already is to the same room."""
    holders: dict[tuple[str, int], list[Claim]] = {}
    for claim in claims:
        holder = _holder(claim, holders)
        if holder is None:
            for mark in claim.marks():
                found = holders.setdefault(mark, [])
                if len(found) < 2 and all(f.project_id != claim.project_id for f in found):  # two projects: one is not the next claim's own
                    found.append(claim)
            continue
        claim.same, holder.same = holder, holder.same or claim
        if holder.handed_hi <= claim.handed_lo:
            claim.elsewhere = True
        else:
            claim.elsewhere = holder.elsewhere = None


def _holder(claim: Claim, holders: dict[tuple[str, int], list[Claim]]) -> Claim | None:
    for key, known in claim.marks():
        for other in range(4):
            if known & other == 0:
                for holder in holders.get((key, other), ()):
                    if holder.project_id != claim.project_id:
                        return holder
    return None
