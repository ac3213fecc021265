"""Would a scenario fail if a measure of rooms or handovers, or a sum of them, were wrong? Those that no worked case of a rule can give."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.assess.test_discharge import COMMITTEE, SCENARIOS, room, tables, to
from tests.facts.tables import connection
from tests.judged import BOOK, Judged
from tests.rulebook.mutations import breakings, with_text

RULES = ("AR03", "HO01", "MO08")
MORE = {
    "same day": ([room()], [to("committee", on="2010-05-25")], 500, ""),
    "agreed today": ([room()], [to("committee", on=None, agreed_on="2011-06-30")], 0, ""),
    "agreed later": ([room()], [to("committee", on=None, agreed_on="2011-07-01")], 0, ""),
    "two rooms": ([room(planned_m2=600, permitted_m2=550), room(30, temporary=True, planned_m2=40, permitted_m2=35)], [COMMITTEE], 500, ""),
}
PARTS = {
    "room_counts": "of", "handed_room_counts": "of", "discharges": "of", "room_is_of_another_duty": "of", "last_agreed_on": "where",
    "handed_by_then_m2": "where", "excluded_plan_m2": "where", "excluded_permit_m2": "where", "excluded_survey_m2": "where",
}  # fmt: skip
BROKEN = [
    (number, part, text)
    for number, measure in enumerate(BOOK.measures)
    if (part := PARTS.get(measure.id))
    for text in breakings(getattr(measure, part).expression())
]
#: what the scenarios of handovers in all and these say
AREAS = {name: area for name, (_, _, area, _) in (SCENARIOS | MORE).items()}
DAYS = {"agreed today": dt.date(2011, 6, 30), "agreed later": None}
BY_THEN = {"same day": 500, "agreed today": 0, "committee": 500, "property company": 0, "company, then committee": 0}
EXCLUDED = {"two rooms": (40, 35, 30), "committee": (0, 0, 0)}


@pytest.fixture(scope="module")
def con():
    """The scenarios, measured once and assessed anew by each rulebook."""
    return connection(**tables(SCENARIOS | MORE), quarantine=[("handovers", "lost row", "bad_number")])


def differs(con, book) -> Iterator[str]:
    """What a rulebook says of the scenarios that is not right; who asks for the first alone has no more judged than that takes."""
    con = Judged(con, book.plan(RULES))
    asked = "project_id, handed_own_m2, last_agreed_on_lo, excluded_plan_m2, excluded_permit_m2, excluded_survey_m2"
    for name, area, agreed, *excluded in con.execute(f"SELECT {asked} FROM lawful_project").fetchall():
        if area != AREAS[name] or agreed != DAYS.get(name, agreed) or tuple(excluded) != EXCLUDED.get(name, tuple(excluded)):
            yield name
    for name, area in con.execute("SELECT project_id, handed_counted_m2 FROM judged_project").fetchall():
        if area != AREAS[name]:
            yield name
    for event, area in con.execute("SELECT event_id, handed_by_then_m2 FROM judged_deposit").fetchall():
        name, _, number = event.rpartition(" ")
        if number == "E1" and area != BY_THEN.get(name, area):
            yield event


def test_the_measures_are_right(con):
    assert list(differs(con, BOOK)) == []


@pytest.mark.parametrize(("number", "part", "text"), BROKEN, ids=[f"{BOOK.measures[n].id}: {t[:60]}" for n, _, t in BROKEN])
def test_a_broken_measure_fails_a_scenario(con, number, part, text):
    measures = list(BOOK.measures)
    measures[number] = replace(measures[number], **{part: with_text(getattr(measures[number], part), text)})
    assert any(differs(con, replace(BOOK, measures=tuple(measures))))


def test_every_measure_of_rooms_and_handovers_that_compares_is_broken():
    assert {BOOK.measures[number].id for number, _, _ in BROKEN} == set(PARTS)
