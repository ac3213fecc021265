"""Completed developments of which something is not known, or that claim an exemption;
and those not yet completed or older than the rule."""

from __future__ import annotations

from .acts import Books, accepted, build, file_with_civil_affairs, hand, hand_all, plan_says, plan_silent
from .days import Month, later
from .developments import Development
from .settings import AS_OF
from .situations import changed, in_time, nothing, ready

SURVEY_AREAS = ("survey_total_m2", "survey_above_ground_m2", "survey_residential_m2", "survey_counted_m2")


def unknown_survey(books: Books, one: Development) -> None:
    """All in order as far as known, but nobody sent the as-built floor areas."""
    hand_all(books, one, ready(books, one), in_time(books, one))
    for name in SURVEY_AREAS:
        one.row[name] = None


def unknown_room(books: Books, one: Development) -> None:
    """All in order, but one room was not surveyed: a sum over an unknown is unknown."""
    rooms = ready(books, one)
    hand_all(books, one, rooms, in_time(books, one))
    next(p for p in books.rows["premises"] if p["premises_id"] == rooms[-1])["surveyed_m2"] = None


def unknown_register(books: Books, one: Development) -> None:
    """Handed over in time, but no room stands in the register, and the register is not known to be complete."""
    area = one.full_m2 + 4
    plan_says(one, area)
    file_with_civil_affairs(books, one)
    hand(books, one, area, in_time(books, one))


def unknown_filing(books: Books, one: Development) -> None:
    """All in order; the filing has a number but no date."""
    hand_all(books, one, ready(books, one), in_time(books, one))
    file_with_civil_affairs(books, one, undated=True)


def unknown_designation(books: Books, one: Development) -> None:
    """All in order; nobody knows which committee civil affairs had designated."""
    hand_all(books, one, ready(books, one), in_time(books, one))
    one.site.extra["undesignated"] = True


def unknown_handover_day(books: Books, one: Development) -> None:
    """All in order; handed over in the month of planning acceptance, on a day that nobody wrote down."""
    day = accepted(one)
    one.accepted_on = one.row["planning_accepted_on"] = day.replace(day=20) if later(day.replace(day=20), 0) <= AS_OF else day
    hand_all(books, one, ready(books, one), Month.of(day))


def not_accepted(books: Books, one: Development) -> None:
    """Completed, neither accepted nor delivered yet; the room is too small."""
    ready(books, one, 0.8)
    one.accepted_on = one.row["planning_accepted_on"] = one.row["delivered_on"] = one.row["completion_filed_on"] = None


def grown(books: Books, one: Development) -> None:
    """The building grew by 8 % at the survey, the premises did not."""
    for name in SURVEY_AREAS:
        one.row[name] = round(float(one.row[name.replace("survey", "permit")]) * 1.08, 2)
    area = float(int(max(one.need_m2("plan"), one.need_m2("permit"))) + 1)
    plan_says(one, area)
    file_with_civil_affairs(books, one)
    hand_all(books, one, build(books, one, [area]), in_time(books, one))


def exempt_document(books: Books, one: Development) -> None:
    """Exempted, with the document."""
    plan_silent(books, one)
    one.row["premises_register_complete"] = True
    on = later(one.plan_on, -books.rng.randint(10, 60))
    kind = books.rng.choice(("保障性住房", "保障性住房", "拆迁安置房"))
    one.row |= {"exemption_kind": kind, "exemption_no": f"棠政函〔{on.year}〕{books.rng.randint(11, 96)}号", "exemption_on": on}


def exempt_claim(books: Books, one: Development) -> None:
    """An exemption is claimed and no document shown."""
    nothing(books, one)
    one.row["exemption_kind"] = books.rng.choice(("保障性住房", "拆迁安置房", "单位集资建房"))


def open_nothing(books: Books, one: Development) -> None:
    nothing(books, one)


def open_short(books: Books, one: Development) -> None:
    """Planned and filed, but too small already on paper."""
    area = round(one.need_m2("plan") * books.rng.uniform(0.35, 0.9), 2)
    plan_says(one, area)
    file_with_civil_affairs(books, one)
    build(books, one, [area])


def open_unfiled(books: Books, one: Development) -> None:
    """Planned in full, not filed."""
    plan_says(one, one.full_m2)
    build(books, one, [one.full_m2])


def open_filed_late(books: Books, one: Development) -> None:
    open_unfiled(books, one)
    file_with_civil_affairs(books, one, min(later(one.plan_on, books.rng.randint(20, 120)), AS_OF))


def open_place_missing(books: Books, one: Development) -> None:
    """Planned in full and filed, but the plan does not say where."""
    open_unfiled(books, one)
    plan_says(one, one.full_m2, place=False, floor=books.rng.random() < 0.5)
    file_with_civil_affairs(books, one)


def open_filing_undated(books: Books, one: Development) -> None:
    open_unfiled(books, one)
    file_with_civil_affairs(books, one, undated=True)


def open_cut_in_permit(books: Books, one: Development) -> None:
    """Full in the plan, cut down in the permit, and filed afterwards."""
    open_filed_late(books, one)
    for row in books.rows["premises"]:
        if row["premises_id"] in one.rooms and row["permitted_m2"]:
            row["permitted_m2"] = round(float(row["permitted_m2"]) * 0.7, 2)


def legacy_nothing(books: Books, one: Development) -> None:
    """Older than the rule: the plan did not have to say anything."""
    one.row["premises_register_complete"] = True if books.rng.random() < 0.4 else None


def legacy_handed(books: Books, one: Development) -> None:
    """Older than the rule; gave a small room all the same."""
    area = float(books.rng.randint(60, 180))
    plan_says(one, area)
    hand_all(books, one, build(books, one, [area]), in_time(books, one))


def legacy_changed(books: Books, one: Development) -> None:
    """Older than the rule; the room of the old plan is a shop today."""
    changed(books, one)
    one.row["filed_on"] = one.row["filing_no"] = None
