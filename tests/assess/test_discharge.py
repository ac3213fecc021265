"""What discharges the duty: a room that counts, received free by a body that the ordinance names; the rest went to others.

Each scenario is a project of its own that owes 500 m2, was accepted on 1 June 2010 and has a deposit, half of it refunded on 25 May.
"""

import datetime as dt
import json

import pytest

from tests.judged import HOUSING, plan, run

RULES = plan("AR03", "HO01", "HO02", "HO03", "MO05", "MO08")
COMMUNITIES = [{"community_code": "C1", "community_name": "甲社区", "district_code": "990101"}]
UNIT = "610902001001GB00001F0001000"


def room(area=500, **values):
    return {"kind": "community", "surveyed_m2": area, **values}


def to(kind, area=500, on="2010-05-20", room="R1", **values):
    """A handover; ``room``: which of the project's rooms, none if it names none."""
    return {"recipient_kind": kind, "area_m2": area, "handed_over_on": on, "room": room, **values}


COMMITTEE, COMPANY = to("committee"), to("property_company")
UNNAMED = to("committee", room=None)
PROPERTY = room(kind="property_management")
#: name -> (rooms, handovers, area that discharges, verdicts of HO01 HO02 HO03 MO05)
SCENARIOS = {
    "committee": ([room()], [COMMITTEE], 500, "PPPP"),
    "street": ([room()], [to("street")], 0, "VNVV"),
    "civil affairs": ([room()], [to("civil_affairs")], 0, "VNVV"),
    "property company": ([room()], [COMPANY], 0, "VNVV"),
    "owners' committee": ([room()], [to("owners_committee")], 0, "VNVV"),
    "affiliate": ([room()], [to("developer_affiliate")], 0, "VNVV"),
    "other": ([room()], [to("other")], 0, "VNVV"),
    "nothing": ([room()], [], 0, "VNVV"),
    "half each": ([room()], [to("committee", 250), to("property_company", 250)], 250, "PVPV"),
    "in two parts": ([room()], [to("committee", 300), to("committee", 200, on="2010-05-25")], 500, "PPPP"),
    "in two parts, the second late": ([room()], [to("committee", 300), to("committee", 200, on="2010-08-20")], 500, "PPVP"),
    "in two parts, one of them to the company": ([room()], [to("committee", 300), to("property_company", 200, on="2010-05-25")],
                                                 300, "PVPV"),
    "a part told twice": ([room()], [to("committee", 300), to("committee", 300)], 300, "PVPV"),
    "company, then committee": ([room()], [{**COMPANY, "community_code": "C1"}, to("committee", on="2010-08-20", community_code="C1")],
                                500, "PPVP"),
    "committee, then company": ([room()], [COMMITTEE, to("property_company", on="2010-08-20")], 500, "PPPP"),
    "property room": ([PROPERTY], [COMMITTEE], 0, "VNVV"),
    "temporary building": ([room(temporary=True)], [COMMITTEE], 0, "VNVV"),
    "of another duty": ([room(counts_toward="other_duty")], [COMMITTEE], 0, "VNVV"),
    "room of unknown kind": ([room(kind=None)], [COMMITTEE], None, "????"),
    "unknown recipient": ([room()], [to(None, recipient_name="某单位")], None, "????"),
    "unknown recipient, room full": ([room()], [to(None), COMMITTEE], 500, "PPPP"),
    "unknown recipient, property room": ([PROPERTY], [to(None)], 0, "VNVV"),
    "community alone": ([room()], [to(None, community_code="C1")], 500, "PPPP"),
    "community and its name": ([room()], [to(None, community_code="C1", recipient_name="甲社区居委会")], 500, "PPPP"),
    "community and another's name": ([room()], [to(None, community_code="C1", recipient_name="甲物业服务有限公司")], None, "????"),
    "community nobody knows": ([room()], [to(None, community_code="C9")], None, "????"),
    "no price told": ([room()], [to("committee", price_yuan=None)], 500, "PPPP"),
    "free": ([room()], [to("committee", price_yuan=0)], 500, "PPPP"),
    "sold": ([room()], [to("committee", price_yuan=1)], 0, "VNVV"),
    "unnamed, no rooms": ([], [UNNAMED], 500, "PPPP"),
    "unnamed, a room that counts": ([room(), PROPERTY], [UNNAMED], 500, "PPPP"),
    "unnamed, property rooms": ([PROPERTY], [UNNAMED], None, "????"),
    "unnamed, temporary room": ([room(temporary=True)], [UNNAMED], None, "????"),
    "unnamed, room of unknown kind": ([room(kind=None)], [UNNAMED], 500, "PPPP"),
    "unnamed, larger than the property rooms": ([{**PROPERTY, "surveyed_m2": 499}], [UNNAMED], 500, "PPPP"),
    "unnamed, company": ([PROPERTY], [to("property_company", room=None)], 0, "VNVV"),
    "a room nobody registered": ([room()], [to("committee", room="R9")], 500, "PPPP"),
    "unknown day": ([room()], [to("committee", on=None)], None, "????"),
    "unknown day, company": ([room()], [to("property_company", on=None)], 0, "VNVV"),
    "unknown day, company, then committee": ([room()], [to("property_company", on=None), COMMITTEE], 500, "PPPP"),
    "claimed first": ([room(unit_code=UNIT + "1")], [COMMITTEE], 500, "PPPP"),
    "claimed second": ([room(unit_code=UNIT + "1")], [to("committee", on="2010-05-25")], 0, "VNVV"),
    "lost row": ([room()], [COMPANY], None, "????"),
}  # fmt: skip


def tables(scenarios=SCENARIOS):
    found = {"projects": [], "premises": [], "handovers": [], "deposits": [], "payments": [], "demands": [], "communities": COMMUNITIES}
    for name, (rooms, handovers, _, _) in scenarios.items():
        found["projects"].append({**HOUSING, "project_id": name, "developer_code": None})
        found["premises"] += [{"premises_id": f"{name} R{n}", "project_id": name, **one} for n, one in enumerate(rooms, 1)]
        for n, one in enumerate(handovers, 1):
            where = f"{name} {one['room']}" if one["room"] else None
            found["handovers"].append(
                {"handover_id": f"{name} H{n}", "project_id": name, "premises_id": where} | {k: v for k, v in one.items() if k != "room"}
            )
        for n, (event, yuan, on) in enumerate([("paid", 800000, "2009-01-05"), ("refunded", 400000, "2010-05-25")]):
            found["deposits"].append({"event_id": f"{name} E{n}", "project_id": name, "event": event, "amount_yuan": yuan, "event_on": on})
    return found


@pytest.fixture(scope="module")
def con():
    return run(RULES, **tables(), quarantine=[("handovers", "lost row", "bad_number")]).whole()


def one(con, name, *columns):
    return con.execute(f"SELECT {', '.join(columns)} FROM judged_project WHERE project_id = ?", [name]).fetchone()


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_reader_of_the_measure_gives_the_same_answer(con, name):
    _, _, area, verdicts = SCENARIOS[name]
    counted, *outcomes = one(con, name, "handed_counted_m2", "HO01__outcome", "HO02__outcome", "HO03__outcome", "MO05__outcome")
    assert counted == area
    assert "".join({"undetermined": "?", "violation": "V", "pass": "P", "not_applicable": "N"}[o] for o in outcomes) == verdicts
    handed, residual, state = con.execute("SELECT handed_m2, residual_m2, state FROM balance WHERE project_id = ?", [name]).fetchone()
    assert (handed, residual, state) == (
        (area, 500 - area, "settled" if area == 500 else "overdue") if area is not None else (None, None, "unknown")
    )


@pytest.mark.parametrize(("name", "outcome"), [
    ("committee", "pass"), ("property company", "violation"), ("half each", "pass"), ("company, then committee", "violation"),
    ("property room", "violation"), ("unknown recipient", "undetermined"), ("sold", "violation"), ("unknown day, company", "violation"),
])  # fmt: skip
def test_a_refund_is_early_unless_what_discharges_was_handed_over_by_then(con, name, outcome):
    assert con.execute("SELECT MO08__outcome FROM judged_deposit WHERE event_id = ?", [f"{name} E1"]).fetchone() == (outcome,)


@pytest.mark.parametrize(("name", "cells", "owner"), [
    ("room of unknown kind", ["premises.kind"], "real_estate"), ("unknown recipient", ["handovers.recipient_kind"], "civil_affairs"),
    ("unnamed, property rooms", ["handovers.area_m2", "handovers.premises_id", "premises.kind"], "civil_affairs,real_estate"),
    ("unknown day", ["handovers.handed_over_on"], "civil_affairs"), ("lost row", ["handed_m2"], "civil_affairs"),
])  # fmt: skip
def test_what_is_missing_is_the_cell_and_who_owns_it(con, name, cells, owner):
    found = con.execute("SELECT missing, missing_owner FROM finding WHERE rule_id = 'HO01' AND subject_key = ?", [name]).fetchone()
    assert (json.loads(found[0]), found[1]) == (cells, owner)


def test_what_others_received_is_shown_and_the_day_is_that_of_what_discharges(con):
    assert one(con, "property company", "handed_m2", "handed_to_others_m2") == (500, 500)
    assert one(con, "half each", "handed_m2", "handed_to_others_m2") == (500, 250)
    assert one(con, "claimed second", "handed_to_others_m2", "handed_elsewhere_m2") == (0, 500)
    assert one(con, "company, then committee", "handed_to_others_m2", "last_handed_over_on_lo") == (0, dt.date(2010, 8, 20))
    assert one(con, "committee, then company", "handed_to_others_m2", "last_handed_over_on_lo") == (0, dt.date(2010, 5, 20))
    message = con.execute("SELECT message_en FROM finding WHERE rule_id = 'HO01' AND subject_key = 'property company'").fetchone()[0]
    assert "handed over 0.00 m2 (from other phases 0.00, to others or not counting 500.00)" in message


def test_built_and_handed_over_are_counted_alike(con):
    for name in ("property room", "temporary building", "of another duty"):
        assert one(con, name, "counted_survey_m2", "AR03__outcome") == (0, "violation")


def test_days_of_what_was_handed_over_and_agreed_and_what_by_the_day_of_a_refund():
    halves = [to("committee", 125, "2009-01-05", community_code="C1"), to("committee", 125, "2010-01-05", community_code="C2")]
    agreed = [to("committee", 10, None, f"R{n}", agreed_on=on) for n, on in enumerate(["2008-01-05", "2009-03", "2011-07-01"], 2)]
    agreed.append(to("property_company", 10, None, "R2", agreed_on="2010-01-05"))
    rows = [{"premises_id": h.pop("room"), "handover_id": f"H{n}", "project_id": "P1"} | h for n, h in enumerate(halves + agreed)]
    deposits = [{"event_id": "E0", "project_id": "P1", "event": "paid", "amount_yuan": 1, "event_on": "2008-01-05"}]
    deposits += [
        {**deposits[0], "event_id": f"E{n}", "event": "refunded", "event_on": on}
        for n, on in enumerate(["2010-01-04", "2010-01-05", "2010-01"], 1)
    ]
    rooms = [{"premises_id": f"R{n}", "project_id": "P1", **room(250 if n == 1 else 10)} for n in (1, 2, 3, 4)]
    con = run(RULES, projects=[HOUSING], premises=rooms, handovers=rows, deposits=deposits, payments=[], demands=[])
    assert one(con, "P1", "last_handed_over_on_lo", "last_agreed_on_lo", "last_agreed_on_hi") == (
        dt.date(2010, 1, 5), dt.date(2009, 3, 1), dt.date(2009, 3, 31),
    )  # fmt: skip
    assert con.execute("SELECT handed_by_then_m2 FROM judged_deposit ORDER BY event_id").fetchall()[1:] == [(125,), (250,), (None,)]
