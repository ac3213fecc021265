"""Which law binds a project: the ordinance file as it stands, read with a plain YAML reader."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from ruamel.yaml import YAML

from tests.oracle.known import Day, both, either
from tests.oracle.reading import known_by

ORDINANCE = Path(__file__).parents[2] / "rules" / "ordinances" / "survey_share.yaml"


@dataclass(frozen=True)
class Law:
    first_day: dt.date
    share: Decimal
    base: str
    minimum_m2: Decimal
    tolerance_m2: Decimal
    recipients: frozenset[str]
    uses: frozenset[str]
    clauses: dict[str, object]


def ordinance(path: Path = ORDINANCE) -> Law:
    told = YAML(typ="safe").load(path.read_text("utf-8"))
    said = {name: clause["value"] for name, clause in told["clauses"].items()}
    assert told["anchor"] == "plan_approved_on"
    assert told["to"] is None
    assert (said["in_lieu"], said["phases"], said["handover_gate"], said["forfeit_scope"], said["exemption_kinds"]) == (
        "mixed", "cumulative", "before_planning_acceptance", "manual", [],
    )  # fmt: skip
    silent = ("basement_allowed", "stilt_allowed", "storey_height_minimum_m", "shared_counting", "in_lieu_agreement_required", "tiers")
    assert all(said[name] is None for name in silent)
    return Law(
        told["from"], Decimal(str(said["share"])), said["base"], Decimal(str(said["minimum_m2"])), Decimal(str(said["tolerance_m2"])),
        frozenset(said["recipient_kinds"]), frozenset(said["applies_to_uses"]), said,
    )  # fmt: skip


def state(project: dict, law: Law) -> str:
    """governed, legacy, contract (older, but its own conditions state the duty) or anchor_unclear."""
    approved = project.get("plan_approved_on")
    if approved is None:
        land, permit = project.get("land_acquired_on"), project.get("permitted_on")
        approved = Day(land.lo if land else dt.date.min, permit.hi if permit else dt.date.max)
    if approved.lo >= law.first_day:
        return "governed"
    stated = project.get("conditions_state_duty")
    if stated:
        return "contract"
    return "legacy" if approved.hi < law.first_day else "anchor_unclear"


def owes(project: dict, law: Law, as_of: Day) -> bool | None:
    """Whether any duty binds the project on the day: law or contract, housing, and not cancelled."""
    bound = {"governed": True, "contract": True, "legacy": False, "anchor_unclear": None}[state(project, law)]
    return both(bound, houses(project, law), cancelled(project, as_of) is not True)


def houses(project: dict, law: Law) -> bool | None:
    uses = project.get("uses")
    if uses is None:
        return None
    return either(*(None if use is None else use in law.uses for use in uses))


def cancelled(project: dict, as_of: Day) -> bool | None:
    if project.get("project_status") != "cancelled":
        return False
    return known_by(project.get("status_on"), as_of)
