"""How close projects lie below and above the sizes at which the law asks for more: where many stop just short, somebody counted."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

import duckdb

#: Percent of the threshold; what lies farther off is not shown. The bands nearest to it are the narrowest.
EDGES = (-20, -10, -5, -2, 0, 2, 5, 10, 20)
#: Below a threshold by so much at most is just below.
JUST_BELOW_PERCENT = 5


@dataclass(frozen=True)
class Threshold:
    """One size (``base_m2``) at which an ordinance's requirement changes; ``kind``: tier or minimum.

    ``bands``: projects from each of ``EDGES`` up to the next. ``below``, ``above``: projects within ``JUST_BELOW_PERCENT`` on either side;
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


_THRESHOLDS = """
WITH sized AS (
    SELECT project_id, ordinance_id, coalesce(developer_code, developer_name, '') AS developer, coalesce(developer_name, developer_code, '') AS name,
           coalesce(base_survey_m2, base_permit_m2, base_plan_m2) AS base_m2, law_tiers, law_minimum_m2, law_share
    FROM judged_project WHERE law_state = 'governed' AND duty_applies
), threshold AS (
    SELECT DISTINCT ordinance_id, 'tier' AS kind, unnest(law_tiers).at_least AS at FROM sized
    UNION SELECT DISTINCT ordinance_id, 'minimum', CAST(law_minimum_m2 / law_share AS DECIMAL(18, 2)) FROM sized
    WHERE law_tiers IS NULL AND law_minimum_m2 > 0 AND law_share > 0
)
SELECT t.ordinance_id, t.kind, t.at, s.project_id, s.developer, s.name, (s.base_m2 - t.at) * 100 / t.at AS percent
FROM threshold t LEFT JOIN sized s ON s.ordinance_id = t.ordinance_id AND abs(s.base_m2 - t.at) * 100 <= 20 * t.at
WHERE t.at > 0 ORDER BY t.ordinance_id, t.at, t.kind, s.base_m2, s.project_id
"""


def bunching(con: duckdb.DuckDBPyConnection) -> list[Threshold]:
    """The thresholds of the ordinances that govern projects with a duty, and the projects around them, by their base floor area (built, else
    permitted, else planned). Empty where the law asks a plain share: then no size is better than another."""
    groups: dict[tuple, list] = {}
    for ordinance, kind, at, *project in con.execute(_THRESHOLDS).fetchall():
        groups.setdefault((ordinance, kind, at), []).append(project)
    return [_threshold(*key, [p for p in projects if p[0] is not None]) for key, projects in groups.items()]


def _threshold(ordinance: str, kind: str, at: Decimal, projects: list) -> Threshold:
    bands = [sum(low <= percent < high for *_, percent in projects) for low, high in pairwise(EDGES)]
    below = [(key, developer, name) for key, developer, name, percent in projects if -JUST_BELOW_PERCENT <= percent < 0]
    several: dict[str, list[str]] = {}
    for _, developer, name in below:
        if developer:
            several.setdefault(developer, []).append(name)
    repeated = tuple(sorted(((names[0], len(names)) for names in several.values() if len(names) > 1), key=lambda pair: (-pair[1], pair[0])))
    above = sum(0 <= percent < JUST_BELOW_PERCENT for *_, percent in projects)
    return Threshold(
        ordinance, kind, Decimal(at).quantize(Decimal("0.01")), tuple(bands), len(below), above, repeated, tuple(key for key, *_ in below)
    )
