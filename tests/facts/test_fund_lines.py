"""The movements of money for communities, as they are recorded, close to what the facts of each project say."""

import random
from types import SimpleNamespace

import pytest

from planning_check.record.run import FundRow
from planning_check.report.told.funds import closed
from tests.facts.tables import AS_OF, connection

DAYS = ("2008-03-01", "2009-11", "2010-07-15", "2011-06", "2011-06-30", "2011-08-01", None)
MIDDLE = AS_OF.replace(day=15)  # cuts the last month
FIELDS = ", ".join(FundRow.__annotations__)


def lines(con):
    return [FundRow(*row) for row in con.execute(f"SELECT {FIELDS} FROM fund_line ORDER BY number").fetchall()]


def deposit(chance, project, number):
    kind = chance.choice(("forfeited", "forfeited", "credited", "paid"))
    return {
        "event_id": f"E{project}.{number}", "project_id": f"P{project}", "event": kind, "amount_yuan": chance.choice((100, 250, "0.01")),
        "event_on": chance.choice(DAYS[:-1]),
        "booked_to": chance.choice((None, "community", "fiscal_account")) if kind == "forfeited" else None,
        "community_code": chance.choice((None, "C1", "C9")), "spent_on": chance.choice((None, "services", "other")),
    }  # fmt: skip


def city(seed):
    """Projects with deposits forfeited and credited and payments in lieu, on days that are known, cut by the day of the check,
    to come or not told."""
    chance = random.Random(seed)
    projects, deposits, payments = [], [], []
    for p in range(12):
        own = chance.choice((None, "C1", "C2"))
        projects.append({"project_id": f"P{p}", "community_code": own, "designated_community_code": chance.choice((None, None, "C2"))})
        deposits += [deposit(chance, p, n) for n in range(chance.randrange(4))]
        payments += [
            {"payment_id": f"Z{p}.{n}", "project_id": f"P{p}", "amount_yuan": 40 + n, "received_on": chance.choice(DAYS),
             "refunded_on": chance.choice((None, None, *DAYS)), "credited_on": chance.choice((None, *DAYS)),
             "credited_community_code": chance.choice((None, "C1"))}
            for n in range(chance.randrange(3))
        ]  # fmt: skip
    return projects, deposits, payments


@pytest.mark.parametrize("seed", range(6))
def test_the_closing_of_every_project_is_that_of_the_facts(seed):
    projects, deposits, payments = city(seed)
    con = connection(MIDDLE, projects=projects, deposits=deposits, payments=payments,
                     quarantine=[("payments", "P3", "bad_number")],
                     communities=[{"community_code": c} for c in ("C1", "C2", "C9")])  # fmt: skip
    found = {group.code: group for group in closed(SimpleNamespace(id=1, as_of=MIDDLE), lines(con), "project").groups}
    facts = con.execute(
        "SELECT project_id, in_yuan, out_yuan, elsewhere_yuan, waiting_lo, waiting_hi FROM project_fund ORDER BY 1"
    ).fetchall()
    assert len(facts) == 12
    for project, came, credited, elsewhere, first, last in facts:
        group = found.get(project)
        if group is None:
            assert (came, credited, first) == (0, 0, None)
        elif came is None:
            assert group.is_open or not (group.came.exact and group.credited.exact)
        else:
            assert (group.came.least, group.came.most, group.credited.least, group.credited.most) == (came, came, credited, credited)
            assert group.since == ((first, last) if first else None)
            assert elsewhere is None or group.elsewhere.least == group.elsewhere.most == elsewhere
    assert found["P3"].is_open


def test_what_came_in_stands_under_the_community_that_it_is_for():
    def home(communities=({"community_code": "C1"}, {"community_code": "C2"}), **values):
        event = {"event_id": "E1", "project_id": "P1", "event": "forfeited", "amount_yuan": 5, "event_on": "2010-01-01"}
        con = connection(projects=[{"project_id": "P1", **values}], deposits=[event],
                         payments=[], communities=list(communities),
                         project_place=[{"project_id": "P1", "community_shares": "C2 1.0"}]
                         if values.get("community_code") == "C1" else [])  # fmt: skip
        return lines(con)[0].community_code

    assert home(designated_community_code="C2", community_code="C1") == "C2"
    assert home(community_code="C2") == "C2"
    assert home(community_code="C1") is None, "on record in one, its land in the other"
    assert home(communities=[{"community_code": "C1", "successor_code": "C2"}, {"community_code": "C2"}], community_code="C1") == "C2"
    assert home(community_code="C2", not_read=["designated_community_code"]) is None
    assert home() is None


def test_what_is_not_in_the_ledger_not_read_or_not_delivered_is_said():
    event = {"event_id": "E1", "project_id": "P9", "event": "forfeited", "amount_yuan": 5, "event_on": "2010-01-01"}
    con = connection(
        projects=[{"project_id": "P1"}],
        deposits=[event],
        quarantine=[("deposits", "P1", "bad_day"), ("deposits", None, "no_key")],
    )
    assert [(row.project_id, row.what, row.register, row.is_in_ledger, row.yuan) for row in lines(con)] == [
        ("P1", "unread", "deposits", "yes", None), ("P9", "forfeited", "deposits", "no", 5),
        (None, "not_delivered", "payments", None, None),
        (None, "unread", "deposits", None, None),
    ]  # fmt: skip


def test_a_use_whose_row_tells_no_credit_is_a_movement_of_its_own():
    def event(number, kind, **told):
        return {
            "event_id": f"E{number}",
            "project_id": "P1",
            "event": kind,
            "amount_yuan": 5,
            "event_on": "2010-01-01",
            "spent_on": "services",
            **told,
        }

    def payment(number, **told):
        return {
            "payment_id": f"Z{number}",
            "project_id": "P1",
            "amount_yuan": 7,
            "spent_on": "premises",
            "received_on": "2010-02-01",
            **told,
        }

    con = connection(projects=[{"project_id": "P1", "community_code": "C1"}], communities=[{"community_code": "C1"}], deposits=[
        event(1, "forfeited", community_code="C1"), event(2, "forfeited", booked_to="community", community_code="C1"), event(3, "credited"),
        event(4, "due"), event(5, "paid", spent_on="other"), event(6, "forfeited", spent_on="unspent"),
        event(7, "forfeited", spent_on=None),
        event(8, "forfeited", spent_on=None, not_read=["spent_on"]), event(9, "paid", event_on="2011-08-01"),
        event(10, "forfeited", not_read=["booked_to"]),
    ], payments=[
        payment(1), payment(2, credited_on="2010-03-01", credited_community_code="C1"), payment(3, received_on=None),
        payment(4, refunded_on="2010-05-01"), payment(5, spent_on="unspent"), payment(6, received_on="2011-08-01"),
        payment(7, credited_on="2011-12-01"), payment(8, not_read=["credited_on"]), payment(9, credited_community_code="C1"),
    ])  # fmt: skip
    used = [row for row in lines(con) if row.what == "used"]
    assert [(row.item, row.spent_on, row.counts, row.community_code, row.yuan) for row in sorted(used, key=lambda row: row.item)] == [
        ("E1", "services", "yes", "C1", 5), ("E5", "other", "yes", None, 5), ("E8", "not_read", "unknown", None, 5),
        ("Z1", "premises", "yes", None, 7), ("Z3", "premises", "yes", None, 7), ("Z4", "premises", "yes", None, 7),
    ]  # fmt: skip
    assert lines(con)[-1].what == "used", "after what came in and was credited"
    unread = [(row.counts, row.on_lo) for row in lines(con) if row.what == "credited" and row.item == "Z8"]
    assert unread == [("unknown", None)], "a day of credit that cannot be read is no day without a credit"
