"""What serves already: the facilities of the bundled register, by community, and those of a pack's own table, by place and capacity."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from planning_check.schema import BY_NAME
from planning_check.siting.kinds import OWN_TABLE
from planning_check.siting.result import Facility, LeftOut, Lost

if TYPE_CHECKING:
    import duckdb

    from planning_check.siting.ground import Ground, Spot
    from planning_check.siting.kinds import FacilityKind

#: More people than this nowhere live; what serves more serves all of them.
MOST_PEOPLE = 1_000_000_000
#: SQL: rows of a register that were set aside and are a record.
_LOST = "SELECT count(*) FROM quarantine WHERE table_name = ? AND code NOT IN ('total_row', 'repeated_header', 'duplicate_row')"


@dataclass(frozen=True)
class Supply:
    """``known``: facilities with a capacity; ``unsure``: those that may serve, nobody knows how many; ``lost``: rows set aside;
    ``is_told``: whether any register that could tell of this kind was delivered."""

    known: tuple[Facility, ...]
    unsure: tuple[Facility, ...]
    left_out: tuple[LeftOut, ...]
    lost: tuple[Lost, ...]
    is_told: bool


def supply_of(con: duckdb.DuckDBPyConnection, ground: Ground, kind: FacilityKind) -> Supply:
    """The facilities of one kind. A row of the bundled register has no place of its own: it is taken at a point inside its community, and
    gives way where the pack's table tells of that kind in the same community."""
    there = {row[0] for row in con.execute("SELECT DISTINCT table_name FROM delivered").fetchall()}
    rows: list[dict[str, Any]] = []
    if OWN_TABLE in there and kind.present.get(OWN_TABLE):
        rows += _rows(con, _own_sql(con), list(kind.present[OWN_TABLE]))
    finer = {row["community_code"] for row in rows}
    left_out: list[LeftOut] = []
    if kinds := kind.present.get("community_facilities"):
        for row in _rows(con, _BUNDLED, list(kinds)):
            if row["community_code"] in finer:
                left_out.append(LeftOut("facilities", "told_twice", row["key"], row["name"]))
            else:
                rows.append(row)
    numbers = {community.code: number for number, community in enumerate(ground.communities)}
    spots = ground.spots([(row["geometry"], row["crs"]) for row in rows])
    made = [_facility(row, spot, ground, kind, numbers) for row, spot in zip(rows, spots, strict=True)]
    left_out += [one for one in made if isinstance(one, LeftOut)]
    facilities = [one for one in made if isinstance(one, Facility)]
    registers = [register for register in kind.present if register in there]
    counts = {register: con.execute(_LOST, [register]).fetchall()[0][0] for register in registers}
    lost = tuple(Lost(register, BY_NAME[register].label, rows) for register, rows in counts.items() if rows)
    known, unsure = (tuple(one for one in facilities if (one.capacity is None) is unknown) for unknown in (False, True))
    return Supply(known, unsure, tuple(left_out), lost, bool(registers))


_BUNDLED = """
SELECT f.community_code || ' ' || f.kind AS key, coalesce(c.community_name, f.community_code) AS name, f.community_code, f.area_m2,
       NULL::BIGINT AS capacity, true AS is_open, NULL::BLOB AS geometry, NULL AS crs
FROM community_facilities f LEFT JOIN communities c USING (community_code) WHERE list_contains(?, f.kind) ORDER BY key
"""
_OWN = """
SELECT facility_id AS key, coalesce({name}, facility_id) AS name, community_code, {area_m2} AS area_m2, {capacity} AS capacity,
       {open_to_residents} AS is_open, {geometry} AS geometry, {geometry_crs} AS crs
FROM service_facilities WHERE list_contains(?, kind) ORDER BY facility_id
"""


def _own_sql(con: duckdb.DuckDBPyConnection) -> str:
    """A city's own declaration of the table may leave columns out: they are unknown."""
    told = con.execute("SELECT column_name FROM information_schema.columns WHERE table_name = 'service_facilities'").fetchall()
    names = ("name", "area_m2", "capacity", "open_to_residents", "geometry", "geometry_crs")
    return _OWN.format(**{name: name if (name,) in told else "NULL" for name in names})


def _rows(con: duckdb.DuckDBPyConnection, query: str, kinds: list[str]) -> list[dict[str, Any]]:
    found = con.execute(query, [kinds])
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _facility(row: dict[str, Any], spot: Spot, ground: Ground, kind: FacilityKind, numbers: dict[str, int]) -> Facility | LeftOut:
    key, name = row["key"], row["name"]
    if row["is_open"] is False:
        return LeftOut("facilities", "not_open", key, name)
    at = spot.x, spot.y
    if spot.why:
        inner = ground.inner(numbers.get(row["community_code"], -1))
        if inner is None:
            return LeftOut("facilities", spot.why, key, name)
        at = float(inner[0, 0]), float(inner[0, 1])
    capacity, why = _capacity(row["capacity"], row["area_m2"], kind)
    if row["is_open"] is None:
        capacity, why = None, "open_unknown"
    return Facility(key, name, row["community_code"] or "", capacity, *at, why)


def _capacity(places: int | None, area_m2: Decimal | None, kind: FacilityKind) -> tuple[int | None, str]:
    """How many people it serves: by its places where the kind is reckoned in places and they are told, else by its area; why it is not
    known. How many can be in a room at a time says nothing of how many it serves."""
    if kind.serves_per_place and places is not None and places >= 0:
        return min(int(places * kind.serves_per_place.value), MOST_PEOPLE), ""
    if area_m2 is None or area_m2 < 0:
        return None, "no_capacity" if kind.serves_per_place else "no_area"
    return min(int(area_m2 * kind.serves_per_m2.value), MOST_PEOPLE), ""
