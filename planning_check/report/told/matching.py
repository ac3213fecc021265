"""Offices and the idle facilities found for them: what each covers, the runner-up and why it lost, who loses by a withdrawal."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from planning_check.errors import Text, UsageError
from planning_check.geo.places.assignment import assign
from planning_check.record.matching import MatchProblem
from planning_check.record.run import StoredRun

#: Every facility's withdrawal is worked out where solving anew for each looks at no more pairs than this.
MOST_PAIRS = 2_000_000


@dataclass(frozen=True)
class Line:
    """One office. ``reason``: why the runner-up lost, or, without a facility, why there is none; ``detail`` in m, m2 or a day."""

    office_id: str
    community_name: str | None
    district_code: str | None
    facility_id: str | None
    facility_name: str | None
    distance_m: Decimal | None
    office_m2: Decimal | None
    outdoor_m2: Decimal | None
    same_community: bool | None
    same_district: bool | None
    runner_up_id: str | None
    runner_up_name: str | None
    reason: str | None
    detail: str | None


@dataclass(frozen=True)
class Move:
    """What a withdrawal does to one office: from a facility to another one, or to none; ``farther_m`` may be negative."""

    withdrawn: str
    office_id: str
    community_name: str | None
    before: str | None
    after: str | None
    farther_m: Decimal | None


@dataclass(frozen=True)
class Matching:
    """A run's matching. ``moves``: by the facilities that are left out together, or else by each matched one alone (None: too many)."""

    run_id: int
    as_of: str
    far_m: int | None
    without: tuple[str, ...]
    lines: list[Line]
    moves: list[Move] | None


def matching(stored: StoredRun, problem: MatchProblem, without: Sequence[str] = ()) -> Matching:
    """Match anew without some facilities. Raises UsageError for one that the run does not know."""
    left_out = tuple(dict.fromkeys(without))
    known = [f.facility_id for f in problem.facilities]
    for facility_id in left_out:
        if facility_id not in known:
            near = ", ".join(get_close_matches(facility_id, known, n=3, cutoff=0.3) or known[:3])
            raise UsageError(
                Text(f"没有闲置设施 {facility_id}", f"no idle facility {facility_id}"),
                fix=Text(f"相近的有：{near}", f"near it: {near}") if near else None,
            )
    all_in = _solved(problem, ())
    now = _solved(problem, left_out) if left_out else all_in
    moves: list[Move] | None = None
    if left_out:
        moves = _moves(problem, all_in, now, "+".join(left_out))
    else:
        matched = sorted(set(all_in.values()))
        if len(matched) * len(problem.candidates) <= MOST_PAIRS:
            moves = [move for one in matched for move in _moves(problem, all_in, _solved(problem, (one,)), one)]
    lines = _lines(problem, now, frozenset(left_out))
    return Matching(stored.id, stored.as_of.isoformat(), stored.manifest.get("match_far_m"), left_out, lines, moves)


def _solved(problem: MatchProblem, without: Sequence[str]) -> dict[str, str]:
    """Office -> facility."""
    import numpy as np

    number = {o.office_id: n for n, o in enumerate(problem.offices)}
    place = {f.facility_id: n for n, f in enumerate(problem.facilities)}
    pairs = [c for c in problem.candidates if not c.hindrance and c.facility_id not in without]
    columns = [(number[c.office_id], place[c.facility_id], c.cost_cm) for c in pairs]
    office, facility, cost = np.array(columns, np.int64).reshape(-1, 3).T
    taken = assign(len(number), np.array([f.slots for f in problem.facilities], np.int64), office, facility, cost)
    names = list(place)
    return {o: names[taken[n]] for o, n in number.items() if taken[n] >= 0}


def _moves(problem: MatchProblem, before: dict[str, str], after: dict[str, str], withdrawn: str) -> list[Move]:
    metres = {(c.office_id, c.facility_id): _metres(c.distance_cm) for c in problem.candidates}
    moves = []
    for office in problem.offices:
        old, new = before.get(office.office_id), after.get(office.office_id)
        if old != new:
            farther = metres[office.office_id, new] - metres[office.office_id, old] if old and new else None
            moves.append(Move(withdrawn, office.office_id, office.community_name, old, new, farther))
    return moves


def _lines(problem: MatchProblem, found: dict[str, str], without: frozenset[str]) -> list[Line]:
    near, holders = defaultdict(list), defaultdict(list)
    for candidate in problem.candidates:
        near[candidate.office_id].append(candidate)
    for office_id, facility_id in found.items():
        holders[facility_id].append(office_id)
    facilities = {f.facility_id: f for f in problem.facilities}
    outdoor = _outdoor(problem, found, facilities)
    lines = []
    for office in problem.offices:
        around = sorted(near[office.office_id], key=lambda c: (c.cost_cm, c.facility_id))
        own = next((c for c in around if c.facility_id == found.get(office.office_id)), None)
        others = [c for c in around if c is not own]
        if own is None:  # what was lost to others says more than what could never be
            others.sort(key=lambda c: bool(c.hindrance) or c.facility_id in without)
        second = others[0] if others else None
        reason, detail = _why(office, own, second, facilities, holders, without)
        place = facilities[own.facility_id] if own else None
        runner = facilities[second.facility_id] if second else None
        line = Line(
            office_id=office.office_id,
            community_name=office.community_name,
            district_code=office.district_code,
            facility_id=place and place.facility_id,
            facility_name=place and place.name,
            distance_m=_metres(own.distance_cm) if own else None,
            office_m2=office.need_m2 if own else None,
            outdoor_m2=outdoor.get(office.office_id),
            same_community=own.same_community if own else None,
            same_district=own.same_district if own else None,
            runner_up_id=runner and runner.facility_id,
            runner_up_name=runner and runner.name,
            reason=reason,
            detail=detail,
        )
        lines.append(line)
    return lines


def _outdoor(problem: MatchProblem, found: dict[str, str], facilities: dict[str, Any]) -> dict[str, Decimal]:
    """The ground that each office gets: in order of distance what it needs, as far as the facility's goes; unknown ground is left out."""
    left = {f: row.outdoor_m2 for f, row in facilities.items()}
    needs = {o.office_id: o.outdoor_need_m2 for o in problem.offices}
    got = {}
    for c in sorted(problem.candidates, key=lambda c: (c.distance_cm, c.office_id)):
        if found.get(c.office_id) == c.facility_id and left[c.facility_id] is not None and needs[c.office_id] is not None:
            got[c.office_id] = min(left[c.facility_id], needs[c.office_id])
            left[c.facility_id] -= got[c.office_id]
    return got


def _why(
    office: Any, own: Any, second: Any, facilities: dict[str, Any], holders: dict[str, list[str]], without: frozenset[str]
) -> tuple[str | None, str | None]:
    """Why the runner-up was not taken: a code and its detail."""
    if office.lacks or second is None:
        return office.lacks or (None if own else "too_far"), None
    if second.facility_id in without:
        return "withdrawn", None
    place = facilities[second.facility_id]
    if second.hindrance:
        return second.hindrance, _hindered(second.hindrance, office, place)
    if own and second.cost_cm > own.cost_cm:
        farther = second.distance_cm - own.distance_cm
        return ("farther", str(_metres(farther))) if farther > 0 else ("other_place_or_owner", None)
    full = len(holders[second.facility_id]) >= place.slots
    return ("taken", ", ".join(holders[second.facility_id])) if full else ("equal", None)


def _hindered(hindrance: str, office: Any, place: Any) -> str | None:
    """The square metres that are missing, or the day from which it can be had."""
    if hindrance == "too_small":
        return str(office.need_m2 - place.usable_m2)
    return place.available_on.isoformat() if hindrance == "not_available" else None


def _metres(centimetres: int) -> Decimal:
    return Decimal(centimetres).scaleb(-2)
