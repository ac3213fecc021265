"""What an unknown fact of a project may be, at worst and at best for the developer: the bounds of an open verdict.

They are used only to say how much is at stake in what could not be judged, never to judge it. A floor area lies
between those that other stages report; premises, handovers and money lie between nothing and enough; a milestone has
been passed or has not; the use bears the duty or does not.
"""

from __future__ import annotations

from planning_check.facts.dictionary import PROJECT
from planning_check.schema import AREA_KINDS, STAGES

NOTHING, ENOUGH = "0::DECIMAL(18, 2)", "9999999999.99::DECIMAL(18, 2)"
LONG_AGO, NOT_YET = "DATE '0001-01-01'", "DATE '9999-12-31'"
_GIVEN = (
    "community_planned_m2", "community_permitted_m2", "community_surveyed_m2", "in_lieu_agreed_m2", "in_lieu_m2", "handed_m2",
    "handed_own_m2",
)  # fmt: skip
_TAKEN_OFF = {
    "excluded_plan_m2": "community_planned_m2", "excluded_permit_m2": "community_permitted_m2",
    "excluded_survey_m2": "community_surveyed_m2", "handed_elsewhere_m2": "handed_m2", "in_lieu_twice_m2": "in_lieu_m2",
}  # fmt: skip
_PASSED = ("plan_approved_on", "permitted_on", "completed_on", "planning_accepted_on", "delivered_on")


def _bounds() -> list[tuple[str, str, str]]:
    found = []
    stages, kinds = [stage[0] for stage in STAGES], [kind[0] for kind in AREA_KINDS]
    for stage in stages:
        for kind in kinds:
            others = ", ".join(f"{other}_{kind}_m2" for other in stages if other != stage)
            found.append((f"{stage}_{kind}_m2", f"greatest({others})", f"least({others})"))
    found += [(fact, NOTHING, ENOUGH) for fact in _GIVEN]
    found += [(fact, f"coalesce({whole}, {NOTHING})", NOTHING) for fact, whole in _TAKEN_OFF.items()]
    for fact in _PASSED:
        found += [(column, LONG_AGO, NOT_YET) for column in PROJECT.facts[fact].columns]
    found.append(("uses", "law_applies_to_uses", "CAST([] AS VARCHAR[])"))
    return found


#: (column, at worst, at best), SQL over the columns of a project's facts, law and room sums.
BOUNDS = tuple(_bounds())
