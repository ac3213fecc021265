"""What became of a project, each way of telling it a scenario of its own: what the record must say, by which day, of which successors."""

import datetime as dt

from tests.facts.tables import connection

AS_OF = dt.date(2011, 6, 15)
NOW, NEXT, CUT = "2011-06-15", "2011-06-16", "2011-06"
DAY, MONTH = "2009-05-20", "2009-05"
BEFORE, LAST, AFTER = "2009-05-19", "2009-05-31", "2009-06-01"
OPEN, CANCELLED, MERGED, SPLIT = (("open", None, None), ("cancelled", None, None), ("merged", None, None), ("split", None, None))
HEIR = ("successor_unclear", None, None)


def ended(status, on=DAY, into=None, **values):
    return {"project_status": status, "project_status_on": on, "successor_project_ids": into, **values}


def cancelled(on=DAY, **values):
    return ended("cancelled", on, **values)


def merged(on=DAY, into="B", **values):
    return ended("merged", on, into, **values)


def split(on=DAY, into="B、C", **values):
    return ended("split", on, into, **values)


def against(word):
    return ("open", word, None)


def doubted(state, word):
    return (state, None, word)


def one(changes, told, **rows):
    """A project A, and B and C as large as A together."""
    return ({"A": changes, "B": {}, "C": {}}, {"A": told, "B": OPEN, "C": OPEN}, rows)


def room(project="A"):
    return {"premises_id": "R", "project_id": project}


def handed(on, number=1):
    return {"handover_id": f"H{number}", "project_id": "A", "area_m2": 9, "handed_over_on": on}


def event(on, kind="paid", number=1):
    return {"event_id": f"E{number}", "project_id": "A", "event": kind, "amount_yuan": 9, "event_on": on}


UNREAD = {"not_read": ["project_status"]}
PAYMENT = {"payment_id": "Z", "project_id": "A", "amount_yuan": 9}
_WORDS = {"planning_accepted_on": "accepted", "delivered_on": "delivered", "completed_on": "completed", "completion_filed_on": "completed"}
_LATER = {"permitted_on": "permitted", "started_on": "started", **_WORDS}

SCENARIOS = [
    # from its day on
    one({}, OPEN), one({"project_status": "building"}, OPEN), one(ended("stalled"), OPEN),
    one(cancelled(NOW), CANCELLED), one(cancelled(NEXT), OPEN), one(cancelled(None), CANCELLED),
    one(cancelled(CUT), ("day_unclear", None, None)),
    one(merged(NOW), MERGED), one(merged(NEXT), OPEN), one(merged(CUT), ("day_unclear", None, None)),
    one(merged(CUT, into="X"), doubted("day_unclear", "not_in_ledger")),
    one(cancelled(NEXT, planning_accepted_on=DAY), OPEN), one(merged(NEXT, into="X"), OPEN),
    one(cancelled(CUT, planning_accepted_on=DAY), against("accepted")),
    # what is built is not cancelled, whenever
    *(one(cancelled(NOW, **{name: on}), against(word)) for name, word in _WORDS.items() for on in (BEFORE, NOW, CUT)),
    *(one(cancelled(**{name: NEXT}), CANCELLED) for name in _WORDS),
    one(cancelled(planning_accepted_on=DAY, delivered_on=DAY), against("accepted")),
    one(cancelled(completed_on=DAY, delivered_on=DAY), against("delivered")),
    one(cancelled(survey_total_m2=0), CANCELLED), one(cancelled(survey_total_m2=1), against("surveyed")),
    one(cancelled(), against("handed_over"), handovers=[handed(NOW)]), one(cancelled(), CANCELLED, handovers=[handed(NEXT)]),
    one(cancelled(), against("handed_over"), handovers=[handed(CUT)]),
    one(cancelled(), against("handed_over"), handovers=[handed(DAY), handed(DAY, 2)]),
    one(merged(survey_total_m2=1), MERGED), one(split(planning_accepted_on=BEFORE), SPLIT),
    # what goes on after it is not merged, cancelled or split: surely after it, and by the day of the check
    *(one(merged(MONTH, **{name: on}), told) for name, word in _LATER.items() for on, told in (
        (LAST, MERGED), (AFTER, against(word)), (NOW, against(word)), (CUT, against(word)), (NEXT, MERGED))),
    *(one(merged(**{name: MONTH}), MERGED) for name in _LATER),
    *(one(split(**{name: AFTER}), against(word)) for name, word in _LATER.items()),
    one(cancelled(permitted_on=AFTER), against("permitted")), one(cancelled(started_on=LAST), against("started")),
    one(cancelled(started_on=DAY), CANCELLED),
    one(merged(completed_on=BEFORE, completion_filed_on=AFTER), against("completed")),
    one(merged(completed_on=AFTER, completion_filed_on=NEXT), against("completed")),
    *(one(merged(MONTH), told, deposits=[event(on)])
      for on, told in ((LAST, MERGED), (AFTER, against("deposit_paid")), (NOW, against("deposit_paid")), (CUT, against("deposit_paid")),
                       (NEXT, MERGED))),
    one(merged(), MERGED, deposits=[event(MONTH)]), one(merged(), MERGED, deposits=[event(AFTER, "refunded")]),
    one(merged(), against("deposit_paid"), deposits=[event(BEFORE), event(AFTER, number=2)]),
    # a word that nobody can read
    one(UNREAD, ("status_unclear", None, None)), one({"planning_accepted_on": NOW, **UNREAD}, OPEN),
    one({"project_status_on": "any"}, OPEN), one({"not_read": ["project_name"]}, OPEN),
    one({"project_status_on": "any", **UNREAD}, ("status_unclear", None, None)), one({"project_status": "building", **UNREAD}, OPEN),
    one({"successor_project_ids": "B"}, ("status_unclear", None, None)), one({"successor_project_ids": "B", "delivered_on": NOW}, OPEN),
    one(cancelled("any", not_read=["project_name"]), ("day_unclear", None, None)),
    one(cancelled(None, not_read=["project_name"]), CANCELLED),
    # who takes over
    one(merged(into="X"), doubted("open", "not_in_ledger")), one(split(into="B、X"), doubted("open", "not_in_ledger")),
    one(merged(into=None), doubted("open", "not_named")), one(merged(into="A"), doubted("open", "not_named")),
    one(merged(into=" B; "), MERGED),
    one(split(into="A,B|C"), SPLIT), one(merged(into="B B"), MERGED),
    ({"A": merged(), "B": cancelled()}, {"A": doubted("open", "ended_itself"), "B": CANCELLED}, {}),
    ({"A": merged(), "B": cancelled(NEXT)}, {"A": MERGED, "B": OPEN}, {}),
    ({"A": merged(), "B": cancelled(CUT)}, {"A": doubted("open", "ended_itself"), "B": ("day_unclear", None, None)}, {}),
    ({"A": merged(), "B": cancelled(delivered_on=NOW)}, {"A": MERGED, "B": against("delivered")}, {}),
    ({"A": merged(), "B": merged(into="C"), "C": {"permit_total_m2": 1000}},
     {"A": doubted("open", "ended_itself"), "B": MERGED, "C": OPEN}, {}),
    ({"A": split(), "B": {}, "C": cancelled()}, {"A": doubted("open", "ended_itself"), "B": OPEN, "C": CANCELLED}, {}),
    ({"A": split(), "B": ended("stalled"), "C": {}}, {"A": SPLIT, "B": OPEN, "C": OPEN}, {}),
    # large enough for all that goes into it
    ({"A": merged(), "B": {"permit_total_m2": 99}}, {"A": doubted("successor_unclear", "smaller"), "B": OPEN}, {}),
    ({"A": merged(), "B": {"permit_total_m2": 999, "survey_total_m2": 100}}, {"A": MERGED, "B": OPEN}, {}),
    ({"A": merged(), "B": {"permit_total_m2": None}}, {"A": MERGED, "B": OPEN}, {}),  # as planned: 100
    ({"A": merged(), "B": {"permit_total_m2": None, "plan_total_m2": None}},
     {"A": doubted("successor_unclear", "area_unknown"), "B": OPEN}, {}),
    ({"A": merged(permit_total_m2=None, plan_total_m2=None), "B": {}}, {"A": doubted("successor_unclear", "area_unknown"), "B": OPEN}, {}),
    ({"A": split(permit_total_m2=200), "B": {}, "C": {}}, {"A": SPLIT, "B": OPEN, "C": OPEN}, {}),
    ({"A": split(permit_total_m2=201), "B": {}, "C": {}}, {"A": doubted("successor_unclear", "smaller"), "B": OPEN, "C": OPEN}, {}),
    ({"A": split(permit_total_m2=50), "B": {}, "C": {"permit_total_m2": None, "plan_total_m2": None}},
     {"A": doubted("successor_unclear", "area_unknown"), "B": OPEN, "C": OPEN}, {}),
    ({"A": merged(), "C": merged(), "B": {"permit_total_m2": 200}}, {"A": MERGED, "C": MERGED, "B": OPEN}, {}),
    ({"A": merged(), "C": merged(), "B": {"permit_total_m2": 199}},
     {"A": doubted("successor_unclear", "smaller"), "C": doubted("successor_unclear", "smaller"), "B": OPEN}, {}),
    ({"A": merged(), "C": merged(permit_total_m2=None, plan_total_m2=None), "B": {"permit_total_m2": 999}},
     {"A": doubted("successor_unclear", "area_unknown"), "C": doubted("successor_unclear", "area_unknown"), "B": OPEN}, {}),
    # what a split project had is nobody's yet
    *(({"A": split(), "B": {}, "C": {}}, {"A": SPLIT, "B": HEIR, "C": HEIR}, rows)
      for rows in ({"premises": [room()]}, {"handovers": [handed(DAY)]}, {"payments": [PAYMENT]})),
    ({"A": split(into="B"), "B": {}}, {"A": SPLIT, "B": HEIR}, {"premises": [room()]}),
    ({"A": merged(into="B,C"), "B": {}, "C": {}}, {"A": MERGED, "B": HEIR, "C": HEIR}, {"premises": [room()]}),
    ({"A": split(), "D": split(), "B": {}, "C": {}}, {"A": SPLIT, "D": SPLIT, "B": HEIR, "C": HEIR},
     {"premises": [room(), {**room("D"), "premises_id": "S"}]}),
    ({"A": split(CUT), "B": {}, "C": {}}, {"A": ("day_unclear", None, None), "B": HEIR, "C": HEIR}, {"premises": [room()]}),
    one(split(NEXT), OPEN, premises=[room()]), one(split(permitted_on=AFTER), against("permitted"), premises=[room()]),
    one(split(into="B、X"), doubted("open", "not_in_ledger"), premises=[room()]),
    one(ended("cancelled", into="B,C"), CANCELLED, premises=[room()]),
    one(merged(), MERGED, premises=[room()]),
]  # fmt: skip
TABLES = ("premises", "handovers", "payments", "deposits", "demands", "decisions")


def tables(scenarios):
    """Every scenario with ids of its own."""
    found = {name: [] for name in ("projects", *TABLES)}
    for number, (projects, _, rows) in enumerate(scenarios):
        mark = f"{number:03d}"
        for name, changes in projects.items():
            into = changes.get("successor_project_ids")
            own = {"successor_project_ids": into and "".join(c if c in " ,、;|" else mark + c for c in into)}
            found["projects"].append({"plan_total_m2": 100, "permit_total_m2": 100, **changes, "project_id": mark + name, **own})
        for table, given in rows.items():
            ids = ("premises_id", "handover_id", "payment_id", "event_id", "demand_id", "decision_id", "project_id")
            found[table] += [{name: mark + value if name in ids else value for name, value in row.items()} for row in given]
    return found


def test_what_became_of_each():
    con = connection(AS_OF, **tables(SCENARIOS))
    told = con.execute("SELECT project_id, life_state, status_contradicted_by, successor_doubt FROM project_life ORDER BY 1").fetchall()
    expected = sorted((f"{n:03d}{name}", *one) for n, (_, wanted, _) in enumerate(SCENARIOS) for name, one in wanted.items())
    assert told == expected


def test_what_a_merged_project_has_belongs_to_the_one_that_it_went_into():
    rows = {
        "premises": [room()], "handovers": [handed(BEFORE)], "payments": [PAYMENT], "deposits": [event(BEFORE)],
        "demands": [{"demand_id": "F", "project_id": "A"}], "decisions": [{"decision_id": "J", "project_id": "A"}],
    }  # fmt: skip
    two = {"A": merged(into="B,C"), "B": {}, "C": {}}
    scenarios = [({"A": changes, "B": {}}, {}, rows) for changes in (merged(into="B B"), merged(NEXT), cancelled())] + [(two, {}, rows)]
    lost = [("premises", f"{n:03d}A", "negative") for n in range(4)]
    con = connection(AS_OF, quarantine=lost, **tables(scenarios))
    for table in (*TABLES, "quarantine"):
        owners = [owner for (owner,) in con.execute(f"SELECT project_id FROM {table} ORDER BY 1").fetchall()]
        assert owners == ["000B", "001A", "002A", "003A"], table
    assert con.execute("SELECT project_id, successor_id FROM carried ORDER BY 1").fetchall() == [("000A", "000B")]
