"""How close projects lie below and above the sizes at which the law asks for more: where many stop just short, somebody counted."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

import duckdb

#: Percent of the threshold; what lies farther off is not shown. A display: nothing is judged by it.
#: The bands nearest to it are the narrowest.
EDGES = (-20, -10, -5, -2, 0, 2, 5, 10, 20)


@dataclass(frozen=True)
class Threshold:
    """One size (``base_m2``) at which an ordinance's requirement changes; ``kind``: tier or minimum.

    ``bands``: projects from each of ``EDGES`` up to the next. ``below``, ``above``: projects within ``just_below_percent`` on either side;
    ``repeated``: developers with several projects just below, with their number.
    """

    ordinance_id: str
    kind: str
    base_m2: Decimal
    bands: tuple[int, ...]
    below: int
    above: int
    repeated: tuple[tuple[str, int], ...]
    just_below: tuple[str, ...]
    just_below_percent: float


_THRESHOLDS = """
WITH sized AS (
    SELECT project_id, ordinance_id, coalesce(number_of(developer_code), developer_name, '') AS developer,
           coalesce(developer_name, developer_code, '') AS name,
           coalesce(base_survey_m2, base_permit_m2, base_plan_m2) AS base_m2, law_tiers, law_minimum_m2, law_share
    FROM judged_project WHERE law_state = 'governed' AND duty_applies
), threshold AS (
    SELECT DISTINCT ordinance_id, 'tier' AS kind, unnest(law_tiers).at_least AS at FROM sized
    UNION SELECT DISTINCT ordinance_id, 'minimum', CAST(law_minimum_m2 / law_share AS DECIMAL(18, 2)) FROM sized
    WHERE law_tiers IS NULL AND law_minimum_m2 > 0 AND law_share > 0
)
SELECT t.ordinance_id, t.kind, t.at, s.project_id, s.developer, s.name, (s.base_m2 - t.at) * 100 / t.at AS percent
FROM threshold t LEFT JOIN sized s ON s.ordinance_id = t.ordinance_id AND abs(s.base_m2 - t.at) * 100 <= {farthest} * t.at
WHERE t.at > 0 ORDER BY t.ordinance_id, t.at, t.kind, s.base_m2, s.project_id
"""


def bunching(con: duckdb.DuckDBPyConnection, just_below_percent: float) -> list[Threshold]:
    """The thresholds of the ordinances that govern projects with a duty, and the projects around them, by their base floor area (built,
    else permitted, else planned). Empty where the law asks a plain share: then no size is better than another."""
    farthest = max(*EDGES, just_below_percent)
    groups: dict[tuple, list] = {}
    for ordinance, kind, at, *project in con.execute(_THRESHOLDS.format(farthest=farthest)).fetchall():
        groups.setdefault((ordinance, kind, at), []).append(project)
    return [
        _threshold(ordinance, kind, at, [p for p in projects if p[0] is not None], just_below_percent)
        for (ordinance, kind, at), projects in groups.items()
    ]


def _threshold(ordinance: str, kind: str, at: Decimal, projects: list, just_below_percent: float) -> Threshold:
    bands = [sum(low <= percent < high for *_, percent in projects) for low, high in pairwise(EDGES)]
    below = [(key, developer, name) for key, developer, name, percent in projects if -just_below_percent <= percent < 0]
    several: dict[str, list[str]] = {}
    for _, developer, name in below:
        if developer:
            several.setdefault(developer, []).append(name)
    repeated = tuple(sorted(((names[0], len(names)) for names in several.values() if len(names) > 1), key=lambda pair: (-pair[1], pair[0])))
    above = sum(0 <= percent < just_below_percent for *_, percent in projects)
    return Threshold(
        ordinance,
        kind,
        Decimal(at).quantize(Decimal("0.01")),
        tuple(bands),
        len(below),
        above,
        repeated,
        tuple(key for key, *_ in below),
        just_below_percent,
    )
