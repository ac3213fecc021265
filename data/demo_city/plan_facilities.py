"""What the plans of the developments ask for beside community premises: parking, markets, rooms for the elderly; and what was built of it.

The survey says that early estates had no parking and that markets and rooms for the elderly are lacking. Every figure is invented.
``meant`` says what is wrong with which row on purpose.
"""

from __future__ import annotations

from datetime import date

from .acts import Row
from .settings import stream

PARKING_FROM = 2005  # plans before it ask for no parking
SHORT_PLACES = {3: 0.0, 17: 0.6, 29: 0.85, 41: 0.995}  # the n-th row of parking: what share of it was built
SHORT_ROOMS = {2: 0.0, 9: 0.5, 16: 0.97}
NOT_TOLD = (6, 23)
_ROOMS = {"市": ("农贸市场", 900), "老": ("老年活动室", 220), "卫": ("卫生室", 120), "文": ("文化活动室", 200)}


def plan_facilities(projects: list[Row]) -> list[Row]:
    """A row a development and kind of facility, for those whose plan is approved and has homes."""
    rng, rows = stream("plan facilities"), []
    counted = {"parking": 0, "rooms": 0}
    for project in projects:
        approved, homes = project.get("plan_approved_on"), int(project.get("households") or 0)
        if not isinstance(approved, date) or homes < 150:
            continue
        built = isinstance(project.get("completed_on"), date)
        places = homes * rng.randrange(8, 16) // 100 if approved.year >= PARKING_FROM else 0
        share = SHORT_PLACES.get(counted["parking"], 1.0) if built and places else 1.0
        if built and places:
            counted["parking"] += 1
        rows.append({"project_id": project["project_id"], "kind": "停车位", "planned_places": places,
                     "built_places": int(places * share) if built else None})  # fmt: skip
        if homes >= 600:
            name, usual = _ROOMS["市老卫文"[rng.randrange(4)]]
            planned = usual + 10 * rng.randrange(12)
            told = None if counted["rooms"] in NOT_TOLD else round(planned * SHORT_ROOMS.get(counted["rooms"], 1.0), 2)
            counted["rooms"] += built
            rows.append({"project_id": project["project_id"], "kind": name, "planned_m2": planned, "built_m2": told if built else None})
    return rows


def meant(rows: list[Row]) -> dict[str, dict[str, str]]:
    """Rule -> key of the row -> what is wrong with it on purpose."""
    short = [r for r in rows if (r.get("built_places") or 0) < (r.get("planned_places") or 0) and r.get("built_places") is not None]
    small = [r for r in rows if r.get("built_m2") is not None and r["built_m2"] < r["planned_m2"]]
    codes = {"停车位": "parking", "农贸市场": "market", "老年活动室": "elderly", "卫生室": "health", "文化活动室": "culture"}
    return {
        rule: {f"{r['project_id']} / {codes[str(r['kind'])]}": "less built than planned" for r in found}
        for rule, found in (("FS08", short), ("FS09", small))
    }
