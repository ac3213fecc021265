"""In which order communities on the lists of the programme and of offices are built up: by a score whose parts and weights are shown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from planning_check.errors import Text
from planning_check.siting.kinds import PARTS, FacilityKind, Figure
from planning_check.siting.planning import present_state, shares_unserved

if TYPE_CHECKING:
    import duckdb

    from planning_check.siting.kinds import Facilities

#: Lists of findings whose communities are ordered.
LISTS = ("programme", "offices")
_CENT = Decimal("0.01")
#: A row a community with a violation on one of the lists; true, false or NULL where it is not known. A borrowed office that tells no term
#: is taken to have none, as by the rules; a rented one must tell it.
_LISTED = """
WITH listed AS (
    SELECT community_code, list(DISTINCT rule_id ORDER BY rule_id) AS rules FROM finding_head
    WHERE outcome = 'violation' AND list_contains($lists, list) AND community_code IS NOT NULL GROUP BY community_code
), office AS (
    SELECT *, demolition_risk OR CASE WHEN tenure = 'none' THEN false WHEN lease_end_hi <= $until THEN true
        WHEN lease_end_lo > $until THEN false
        WHEN lease_end_lo IS NULL AND tenure NOT IN ('rented', 'unknown') THEN false END AS ends
    FROM fact_office
), offices AS (
    SELECT community_code, CASE WHEN bool_or(tenure NOT IN ('none', 'unknown')) THEN false WHEN bool_and(tenure = 'none') THEN true
        END AS has_none, CASE WHEN bool_or(ends) THEN true WHEN count(*) = count(ends) THEN false END AS ending
    FROM office GROUP BY community_code
)
SELECT community_code, f.community_name, coalesce(d.district_name, f.district_code), l.rules, o.has_none, o.ending, v.office_m2,
       v.office_need_m2
FROM listed l JOIN fact_community f USING (community_code) LEFT JOIN districts d ON d.district_code = f.district_code
LEFT JOIN offices o USING (community_code) LEFT JOIN coverage_line v USING (community_code) ORDER BY community_code
"""


@dataclass(frozen=True)
class Share:
    """One part of a score, between two shares from 0 to 1 that are the same where it is known."""

    least: Decimal
    most: Decimal

    @property
    def is_known(self) -> bool:
        return self.least == self.most


_ANY = Share(Decimal(0), Decimal(1))


@dataclass(frozen=True)
class Standing:
    """A community: the rules that put it on the lists, and the parts of its score by name."""

    code: str
    name: str
    district: str
    rules: tuple[str, ...]
    parts: Mapping[str, Share]
    least: Decimal
    most: Decimal


@dataclass(frozen=True)
class Programme:
    """The communities in order: the greatest score that is certain first, then the greatest that may be, then by code."""

    title: Text | None
    as_of: dt.date
    kind: FacilityKind
    lease_days: Figure
    weights: Mapping[str, Figure]
    lines: Sequence[Standing]


def programme_of(
    con: duckdb.DuckDBPyConnection, facilities: Facilities, kind: FacilityKind, population: str, as_of: dt.date, title: Text | None
) -> Programme:
    """The order of those on the lists. Needs what was judged (``finding_head``) and ``coverage_line``; raises as ``present_state``."""
    state = present_state(con, facilities, kind, population)
    told = shares_unserved(state, kind) if state.supply.is_told else {}
    open_ = {code: Share(*shares) for code, shares in told.items()}
    until = as_of + dt.timedelta(days=int(facilities.lease_days.value))
    lines = []
    for code, name, district, rules, has_none, ending, area, need in con.execute(
        _LISTED, {"lists": list(LISTS), "until": until}
    ).fetchall():
        parts = {"no_premises": _truth(has_none), "ending": _truth(ending), "unserved": open_.get(code, _ANY), "area_gap": _gap(area, need)}
        sums = [
            sum((facilities.weights[part].value * getattr(parts[part], end) for part in PARTS), Decimal(0)) for end in ("least", "most")
        ]
        lines.append(Standing(code, name, district, tuple(rules), parts, *(total.quantize(_CENT, ROUND_HALF_UP) for total in sums)))
    lines.sort(key=lambda line: (-line.least, -line.most, line.code))
    return Programme(title, as_of, kind, facilities.lease_days, facilities.weights, lines)


def _truth(value: bool | None) -> Share:
    return _ANY if value is None else Share(Decimal(value), Decimal(value))


def _gap(area: Decimal | None, need: Decimal | None) -> Share:
    """What is missing of the area that the law asks for, as a share of it."""
    if area is None or need is None:
        return _ANY
    missing = max(Decimal(0), Decimal(need) - Decimal(area)) / Decimal(need) if need else Decimal(0)
    return Share(missing, missing)
