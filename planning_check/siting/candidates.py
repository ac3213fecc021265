"""Where something could be built: idle facilities, public land, renewal areas, and rooms that were planned and never handed over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from planning_check.errors import Place, Text
from planning_check.schema import ROOM_USES
from planning_check.siting.result import LeftOut, Site
from planning_check.words import UNKNOWN

if TYPE_CHECKING:
    import datetime as dt

    import duckdb

    from planning_check.siting.ground import Ground, Spot
    from planning_check.siting.kinds import FacilityKind

_CENT = Decimal("0.01")


#: Kind of site -> SQL of the rows of its register: key, name, m2 (indoors and outdoors), why it is no site (or NULL), a day, its row.
#: ``$used``: a share of use beyond which a facility is not idle; ``$until``: when it must be free; ``$uses``: the words of the delivery for
#: land that may be built on; ``$known``: all those that are understood.
_REGISTERS = {
    "idle": """
        SELECT facility_id AS key, name, usable_m2 AS indoor_m2, outdoor_m2, CASE WHEN use_rate > $used THEN 'in_use'
               WHEN available_from_hi > $until THEN 'not_available' END AS why, available_from_lo AS day,
               available_from_hi AS day_hi, geometry, geometry_crs AS crs, row_ids[1] AS row_id, use_rate
        FROM idle_facilities ORDER BY key""",
    "parcel": """
        SELECT p.parcel_id AS key, p.land_use_code AS name, coalesce(f.measured_m2, f.land_area_m2) AS indoor_m2, indoor_m2 AS outdoor_m2,
               CASE WHEN NOT coalesce(list_contains($known, p.land_use_code), false) THEN 'use_unknown'
                    WHEN f.names_project IS NULL THEN 'project_unknown' WHEN f.overlap_project_id IS NOT NULL THEN 'overlaps' END AS why,
               NULL::DATE AS day, NULL::DATE AS day_hi, p.geometry, p.geometry_crs AS crs, p.row_ids[1] AS row_id
        FROM parcels p JOIN fact_parcel f USING (parcel_id)
        WHERE p.project_id IS NULL
          AND (p.land_use_code IS NULL OR NOT list_contains($known, p.land_use_code) OR list_contains($uses, p.land_use_code))
        ORDER BY key""",
    "renewal": """
        SELECT renewal_id AS key, name, NULL::DECIMAL(18, 2) AS indoor_m2, NULL::DECIMAL(18, 2) AS outdoor_m2, NULL AS why,
               planned_start_on_lo AS day, planned_start_on_hi AS day_hi, geometry, geometry_crs AS crs, row_ids[1] AS row_id
        FROM renewal_areas ORDER BY key""",
    "premises": """
        SELECT f.premises_id AS key, concat_ws(' ', j.project_name, f.building) AS name,
               coalesce(f.surveyed_m2, f.permitted_m2, f.planned_m2) AS indoor_m2, NULL::DECIMAL(18, 2) AS outdoor_m2,
               CASE WHEN f.is_handed_over IS NULL THEN 'handover_unknown'
                    WHEN f.same_room_premises_id IS NOT NULL THEN 'same_room' END AS why,
               NULL::DATE AS day, NULL::DATE AS day_hi, p.geometry, p.geometry_crs AS crs, p.row_ids[1] AS row_id, f.project_id,
               f.current_use
        FROM fact_premises f JOIN premises p USING (premises_id) LEFT JOIN fact_project j ON j.project_id = f.project_id
        WHERE f.kind = 'community' AND f.is_handed_over IS DISTINCT FROM true
          AND coalesce(j.life_state, '') NOT IN ('cancelled', 'merged', 'split')
        ORDER BY key""",
}  # fmt: skip
_ROOM_USES = {choice.code: choice.label for choice in ROOM_USES}


def candidates_of(
    con: duckdb.DuckDBPyConnection, ground: Ground, kind: FacilityKind, *, until: dt.date, used: float,
    land_uses: dict[str, tuple[str, ...]],
) -> tuple[list[Site], list[LeftOut]]:  # fmt: skip
    """The sites by register and key, and the rows that are none though their register may hold some.

    ``until``: by when an idle facility must be free; ``used``: a share of use beyond which it is not idle; ``land_uses``: a text of the
    delivery -> the uses that it names, of those that are understood.
    """
    told = {"used": used, "until": until, "known": sorted(land_uses), "uses": _buildable(land_uses, kind)}
    made: list[Site | LeftOut] = []
    for register, query in _REGISTERS.items():
        if register in kind.costs:
            rows = list(_rows(con, query, told))
            spots = ground.spots([(row["geometry"], row["crs"]) for row in rows])
            made += [_site(row, spot, register, ground, kind) for row, spot in zip(rows, spots, strict=True)]
    return _in_communities([one for one in made if isinstance(one, Site)], ground), [one for one in made if isinstance(one, LeftOut)]


def _buildable(land_uses: dict[str, tuple[str, ...]], kind: FacilityKind) -> list[str]:
    return sorted(text for text, uses in land_uses.items() if set(uses) <= set(kind.land_uses))


def _rows(con: duckdb.DuckDBPyConnection, rows: str, told: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The rows with the file, sheet and row that tell them."""
    query = f"""
        SELECT t.* EXCLUDE (row_id), s.file, s.sheet, n.row FROM ({rows}) t LEFT JOIN raw_row n USING (row_id)
        LEFT JOIN source s USING (source_id) ORDER BY key"""
    found = con.execute(query, {name: value for name, value in told.items() if f"${name}" in rows})
    names = [column[0] for column in found.description or ()]
    for row in found.fetchall():
        yield dict(zip(names, row, strict=True))


def _site(row: dict[str, Any], spot: Spot, register: str, ground: Ground, kind: FacilityKind) -> Site | LeftOut:
    key, name = str(row["key"]), str(row["name"] or "")
    if row["why"]:
        return LeftOut(register, row["why"], key, name)
    at = spot.x, spot.y
    if spot.why:
        land = ground.land.get(row.get("project_id") or "")
        if land is None:
            return LeftOut(register, spot.why, key, name)
        at = float(land[0, 0]), float(land[0, 1])  # a room without a place lies on its project's land
    m2 = row["indoor_m2" if kind.setting == "indoor" else "outdoor_m2"]
    if register == "renewal":
        m2 = Decimal(spot.m2) if spot.m2 > 0 else None
    if m2 is None:
        return LeftOut(register, "no_area", key, name)
    if m2 < kind.least_m2.value or min(m2, kind.usual_m2.value) < _CENT:
        return LeftOut(register, "too_small", key, name)
    m2 = min(Decimal(m2), kind.usual_m2.value).quantize(_CENT, ROUND_HALF_UP)
    yuan = (m2 * kind.costs[register].value).quantize(_CENT, ROUND_HALF_UP)
    place = Place(row["file"], row["sheet"], row["row"]) if row["file"] else None
    return Site(register, key, name, "", m2, int(m2 * kind.serves_per_m2.value), yuan, *at, place, _note(register, row))


def _note(register: str, row: dict[str, Any]) -> Text | None:
    """What must be seen to before anything is built there."""
    day = " - ".join(dict.fromkeys(str(row[name]) for name in ("day", "day_hi") if row[name]))
    if register == "idle":
        free = Text(f"{day} 起可用", f"free from {day}") if day else Text("何时可用未报", "when it is free was not told")
        return free if row["use_rate"] is not None else Text(f"{free.zh}；利用率未报", f"{free.en}; how much it is used was not told")
    if register == "parcel":
        return Text("是否空地须现场查看", "whether it is vacant must be seen on the spot")
    if register == "renewal":
        return Text(f"计划 {day} 启动", f"planned to begin on {day}") if day else Text("启动日期未定", "no day of beginning told")
    use = _ROOM_USES.get(row["current_use"] or "", UNKNOWN)
    return Text(f"先由开发企业移交；现状用途：{use.zh}", f"to be handed over by the developer first; present use: {use.en}")


def _in_communities(sites: Sequence[Site], ground: Ground) -> list[Site]:
    import numpy as np

    if not sites:
        return []
    numbers = ground.at(np.array([(site.x, site.y) for site in sites]))
    return [replace(site, community=ground.communities[n].code if n >= 0 else "") for site, n in zip(sites, numbers, strict=True)]
