"""What the bureaus' papers say of developments beside their figures: amendments, conditions, transfers, phases, shares;
and slips of the pen."""

from __future__ import annotations

from datetime import date

from .acts import Books
from .days import later
from .developments import Development
from .settings import AS_OF, stream
from .sites import COMPLETED, LEGACY, OPEN

STAGES = ("plan", "permit", "survey")
NOTHING = ("nothing", "open_nothing")
ORDINARY = (*NOTHING, "short_kept", "kept", "changed")


def papers(books: Books, found: list[Development]) -> None:
    """Writes them into the rows; only blanks are filled but where a flaw is meant (``flaws`` lists those)."""
    _below_ground(found)
    _conditions(found)
    _amendments(books, found)
    _transfers(found)
    _phases(found)
    _shares(found)
    _slips(found)
    _filed_last(books, found)


def plain(found: list[Development], stage: str = COMPLETED) -> list[Development]:
    """Ordinary developments of a stage, with uses and dates known, in the order of their numbers."""
    return [
        d for d in found if d.situation in ORDINARY and d.site.stage == stage and d.row["uses"] and d.row["plan_approved_on"] == d.plan_on
    ]


def _below_ground(found: list[Development]) -> None:
    """The area below ground is the rest of the total; in three ledgers it is not."""
    for one in found:
        for stage in STAGES:
            total, above = one.row.get(f"{stage}_total_m2"), one.row.get(f"{stage}_above_ground_m2")
            if total is not None and above is not None:
                one.row[f"{stage}_below_ground_m2"] = round(float(total) - float(above), 2)
    for one, slip in zip(plain(found)[14:17], (120.0, -36.5, 0.8), strict=True):
        one.row["plan_below_ground_m2"] = round(float(one.row["plan_below_ground_m2"]) + slip, 2)
    ten_thousand = next(d for d in found if d.site.stage == LEGACY and d.row.get("permit_total_m2") and d.is_housing)
    ten_thousand.row["permit_total_m2"] = round(float(ten_thousand.row["permit_total_m2"]) / 10_000, 2)


def _conditions(found: list[Development]) -> None:
    """Whether the planning conditions or the grant contract state the duty; older ones were not asked."""
    rng = stream("conditions")
    for one in found:
        if one.site.stage != LEGACY:
            draw = rng.random()
            one.row["conditions_state_duty"] = None if draw < 0.12 else draw > 0.2


def _amendments(books: Books, found: list[Development]) -> None:
    """Five amended plans: two that touched the premises were not filed again, one was, one did not touch them, one does not say."""
    built = [
        d
        for d in found
        if d.rooms and d.row.get("filed_on") and d.site.stage == COMPLETED and d.situation in ("kept", "partial", "short_kept")
    ]
    for number, (one, touches) in enumerate(zip(built[3:], (True, True, True, False, None), strict=False)):
        amended = later(one.plan_on, 190)
        one.row |= {"plan_amended_on": amended, "amendment_touches_premises": touches}
        if number == 2:
            one.row["refiled_on"] = later(amended, 0)


def _transfers(found: list[Development]) -> None:
    """Three changed hands: one without approval, one with, one before its permit."""
    one, two, three = plain(found)[17:20]
    one.row |= {"previous_developer_name": "云川兴业房地产开发有限公司", "developer_changed_on": later(one.row["permitted_on"], 160)}
    two.row |= {"previous_developer_name": "棠州恒基置业有限公司", "developer_changed_on": later(two.row["permitted_on"], 95)}
    two.row["transfer_no"] = f"棠建转〔{two.row['developer_changed_on'].year}〕4号"
    three.row |= {"previous_developer_name": "清漪东城置业有限公司", "developer_changed_on": later(three.row["permitted_on"], -40)}


def _phases(found: list[Development]) -> None:
    """The whole development's floor area on every phase; one is 2 % off. One development has a phase plan."""
    groups: dict[str, list[Development]] = {}
    for one in found:
        if one.row.get("development_id"):
            groups.setdefault(str(one.row["development_id"]), []).append(one)
    for number, (_, members) in enumerate(sorted(groups.items())):
        total = sum(float(d.row["plan_total_m2"]) for d in members)
        for one in members:
            one.row["development_total_m2"] = round(total * (1.02 if number == 0 else 1), 2)
            if number == 1:
                one.row["phase_plan_no"] = "棠规分〔2007〕2号"
    lonely = plain(found)[20]
    lonely.row["project_name"] = f"{lonely.row['project_name']}二期"


def _shares(found: list[Development]) -> None:
    """Some ledgers state the share of the premises; one states it wrongly."""
    stated = [d for d in found if d.row.get("plan_states_area_m2") and d.row.get("plan_total_m2")][::4]
    for number, one in enumerate(stated):
        share = 100 * float(one.row["plan_states_area_m2"]) / float(one.row["plan_total_m2"])
        one.row["stated_premises_percent"] = round(share + (0.35 if number == 3 else 0), 4)


def _slips(found: list[Development]) -> None:
    """Started before the permit (twice), a start in the future, one permit number on two developments."""
    early, earlier, first, second = plain(found)[21:25]
    early.row["started_on"] = later(early.row["permitted_on"], -12)
    earlier.row["started_on"] = later(earlier.row["permitted_on"], -75)
    second.row["permit_no"] = first.row["permit_no"]
    waiting = [d for d in found if d.site.stage == OPEN and d.row.get("permitted_on") and d.situation in NOTHING][-1]
    waiting.row["started_on"] = date(2011, 9, 1)
    assert waiting.row["started_on"] > AS_OF


def _filed_last(books: Books, found: list[Development]) -> None:
    """One filed its premises five weeks after it had handed them over."""
    one = [d for d in found if d.situation == "filed_late"][-1]
    handed = next(r["handed_over_on"] for r in books.rows["handovers"] if r["project_id"] == one.id)
    one.row["filed_on"] = later(handed, 35)
    one.row["filing_no"] = f"棠民备〔{one.row['filed_on'].year}〕58号"
