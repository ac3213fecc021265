"""Which law binds a project: the ordinance file as it stands, read with a plain YAML reader."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from ruamel.yaml import YAML

from tests.oracle.known import Day, before, both, either, no
from tests.oracle.reading import known_by

ENDED = ("cancelled", "merged", "split")
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
    """governed, legacy, contract (older, but its own conditions state the duty) or anchor_unclear: which of them is not known."""
    approved = project.get("plan_approved_on")
    if approved is None:
        land, permit = project.get("land_acquired_on"), project.get("permitted_on")
        approved = Day(land.lo if land else dt.date.min, permit.hi if permit else dt.date.max)
    if approved.lo >= law.first_day:
        return "governed"
    if approved.hi >= law.first_day:
        return "anchor_unclear"
    return "contract" if project.get("conditions_state_duty") else "legacy"


def owes(project: dict, law: Law, ended: bool | None) -> bool | None:
    """Whether any duty binds the project: law and housing, or its own contract; a cancelled one owes nothing."""
    bound = state(project, law)
    duty = {"governed": houses(project, law), "contract": True, "legacy": False, "anchor_unclear": None}[bound]
    return both(duty, no(ended))


def houses(project: dict, law: Law) -> bool | None:
    uses = project.get("uses")
    if uses is None:
        return None
    return either(*(None if use is None else use in law.uses for use in uses))


def cancelled(project: dict, as_of: Day, others: list[Day | None]) -> bool | None:
    """From its day on, unless something was built, handed over or paid all the same
    (``others``: days of handovers and of money paid in)."""
    if project.get("project_status") != "cancelled":
        return False
    day = project.get("project_status_on")
    done = any(known_by(project.get(name), as_of) for name in ("planning_accepted_on", "completed_on", "delivered_on"))
    later = [project.get("started_on"), project.get("permitted_on"), *others]
    if done or project.get("survey_total_m2") or any(before(day, one) and known_by(one, as_of) for one in later):
        return False
    return True if day is None else known_by(day, as_of)


def split_up(project: dict, as_of: Day, projects: dict[str, dict]) -> bool:
    """Whether it was split by then into others that are there, stand, and are as large together;
    one that has nothing of its own to share out."""
    day = project.get("project_status_on")
    heirs = [projects.get(key) for key in re.split("[、,，;；/|\\s]+", project.get("successor_project_ids") or "")]
    if project.get("project_status") != "split" or not heirs or None in heirs or (day is not None and not known_by(day, as_of)):
        return False
    own = [project.get(name) for name in ("permitted_on", "started_on", "completed_on", "planning_accepted_on", "delivered_on")]
    if any(before(day, one) and known_by(one, as_of) for one in own) or any(one.get("project_status") in ENDED for one in heirs):
        return False
    sizes = [_size(one) for one in (project, *heirs)]
    return None not in sizes and sum(sizes[1:]) >= sizes[0]


def _size(project: dict) -> Decimal | None:
    return next((project[f"{s}_total_m2"] for s in ("survey", "permit", "plan") if project.get(f"{s}_total_m2") is not None), None)


def gone_into(project: dict, as_of: Day, projects: dict[str, dict]) -> str | None:
    """The project that this one went into, where it did by then, nothing of its own came later, and that one is there,
    large enough and still stands."""
    into, day = projects.get(project.get("successor_project_ids") or ""), project.get("project_status_on")
    if project.get("project_status") != "merged" or into is None or (day is not None and not known_by(day, as_of)):
        return None
    own = [project.get(name) for name in ("permitted_on", "started_on", "completed_on", "planning_accepted_on", "delivered_on")]
    if any(before(day, one) and known_by(one, as_of) for one in own) or into.get("project_status") in ENDED:
        return None
    sizes = [_size(project), _size(into)]
    return into["project_id"] if None not in sizes and sizes[1] >= sizes[0] else None
