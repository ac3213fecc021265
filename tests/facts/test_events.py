"""What the facts share: registers told, handovers each once, money in lieu as area; ``events.sql`` alone, on its own tables."""

import datetime as dt
import random
from decimal import Decimal
from importlib.resources import files

import duckdb
import pytest

from planning_check.schema import BY_NAME, NOT_READ, SQL_TYPES
from tests.facts.tables import day, insert

SQL = files("planning_check.facts").joinpath("events.sql")
UNREAD = files("planning_check.facts").joinpath("lost.sql").read_text("utf-8").partition(";")[0]  # the macro that begins it
NUMBERS = files("planning_check.facts").joinpath("identity.sql").read_text("utf-8").partition("CREATE OR REPLACE TABLE")[0]
AS_OF = dt.date(2009, 3, 20)
NOW, NEXT, CUT, MAY, LATE = "2009-03-20", "2009-03-21", "2009-03", "2008-05", "2009-01-10"


def made(told=(), prices=(), as_of=AS_OF, **rows):
    con = duckdb.connect(config={"threads": 1})
    con.execute(f"SET VARIABLE as_of = DATE '{as_of}'")
    con.execute(
        "CREATE TABLE delivered (table_name VARCHAR, field VARCHAR); "
        "CREATE TABLE listed_price (payment_id VARCHAR, counts_at_yuan_per_m2 DECIMAL(18, 2))"
    )
    for name in ("communities", "handovers", "premises", "payments"):
        types = {c: SQL_TYPES[f.type] for f in BY_NAME[name].fields for c in f.columns} | {NOT_READ: "VARCHAR[]", "row_ids": "BIGINT[]"}
        con.execute(f"CREATE TABLE {name} ({', '.join(f'{n} {x}' for n, x in types.items())})")
        for given in rows.get(name, ()):
            row = {}
            for field, value in given.items():
                if field == NOT_READ:
                    row[field] = value
                    continue
                column = BY_NAME[name].field(field)
                row |= dict(zip(column.columns, day(value), strict=True)) if column.type == "date" else {field: value}
            insert(con, name, row)
    for table, values in (("delivered", told), ("listed_price", prices)):
        if values:
            con.executemany(f"INSERT INTO {table} VALUES (?, ?)", values)
    con.execute(UNREAD)
    con.execute(NUMBERS)
    con.execute(SQL.read_text("utf-8"))
    return con


REGISTERS = ("projects", "premises", "handovers", "payments", "deposits", "demands", "parcels", "communities", "offices")
FIELDS = [
    ("projects", "filed_on", "filings"), ("projects", "filing_no", "filings"), ("projects", "developer_changed_on", "transfers"),
    ("projects", "previous_developer_name", "transfers"), ("premises", "title_no", "titles"), ("premises", "titled_on", "titles"),
    ("projects", "planning_accepted_on", "acceptances"),
]  # fmt: skip


@pytest.mark.parametrize(("told", "found"), [
    ([], set()), *(([("other", "x"), (name, "x"), (name, "y")], {name}) for name in REGISTERS),
    *(([("other", "x"), (table, field)], {table, what}) for table, field, what in FIELDS),
    *(([("offices", field)], {"offices"}) for _, field, _ in FIELDS),
])  # fmt: skip
def test_which_registers_and_fields_were_delivered(told, found):
    con = made(told)
    names = [row[0] for row in con.execute("SELECT column_name FROM (DESCRIBE register_told)").fetchall()]
    assert con.execute("FROM register_told").fetchall() == [tuple(name in found for name in names)]
    assert found <= set(names)


def test_any_day_is_from_the_first_to_the_last():
    asked = [("0001-01-01", "9999-12-31"), ("0001-01-01", "2009-12-31"), ("2009-01-01", "9999-12-31"), (None, None)]
    con = made()
    assert [con.execute("SELECT is_any_day(?::DATE, ?::DATE)", pair).fetchone()[0] for pair in asked] == [True, False, False, False]


@pytest.mark.parametrize(("values", "stands"), [
    ({}, True), ({"valid_from": NOW}, True), ({"valid_from": NEXT}, False), ({"valid_from": CUT}, True), ({"valid_to": NOW}, False),
    ({"valid_to": NEXT}, True), ({"valid_to": CUT}, True), ({"valid_from": NOW, "valid_to": NOW}, False),
])  # fmt: skip
def test_communities_of_the_day(values, stands):
    con = made(communities=[{"community_code": "C1", **values}])
    assert bool(con.execute("FROM current_community").fetchall()) is stands


C1 = {"community_code": "C1", "community_name": "甲 社区"}


def handover(number=1, **values):
    return {
        "handover_id": f"H{number}",
        "project_id": "P1",
        "premises_id": "R1",
        "area_m2": 100,
        "handed_over_on": LATE,
        "recipient_kind": "street",
        **values,
    }


def told(columns, *handovers, table="handed_told", **rows):
    con = made(handovers=handovers, communities=[C1], **rows)
    return con.execute(f"SELECT {columns} FROM {table} ORDER BY ALL").fetchall()


@pytest.mark.parametrize(("values", "counts"), [
    ({"handed_over_on": NOW}, True), ({"handed_over_on": NEXT}, False), ({"handed_over_on": CUT}, None), ({"handed_over_on": MAY}, True),
    ({"handed_over_on": None}, None), ({"handed_over_on": None, "agreed_on": MAY}, False),
    ({"handed_over_on": NOW, "agreed_on": MAY}, True),
    ({"handed_over_on": CUT, "agreed_on": MAY}, None),
])  # fmt: skip
def test_whether_a_handover_has_taken_place(values, counts):
    assert told("counts", handover(**values)) == [(counts,)]


@pytest.mark.parametrize(("values", "kind"), [
    ({"recipient_kind": "street", "community_code": "C1"}, "street"), ({"community_code": "C1"}, "committee"),
    ({"community_code": "C9"}, None), ({}, None),
    ({"community_code": "C1", "recipient_name": "（甲社区）某某"}, "committee"), ({"community_code": "C1", "recipient_name": "乙居委会"}, "committee"),
    ({"community_code": "C1", "recipient_name": "乙居民委员会"}, "committee"), ({"community_code": "C1", "recipient_name": "乙公司"}, None),
    ({"recipient_name": "乙居委会"}, None), ({"community_code": "C1", NOT_READ: ["recipient_kind"]}, None),
    ({"community_code": "C1", NOT_READ: ["area_m2"]}, "committee"),
])  # fmt: skip
def test_who_received_it(values, kind):
    assert told("recipient_kind", handover(**{"recipient_kind": None, **values})) == [(kind,)]


def test_told_again_to_the_same_body_on_the_same_terms_is_one_handover():
    ends = "handed_over_on_lo, handed_over_on_hi, agreed_on_lo, agreed_on_hi, price_yuan, area_m2, is_named"
    twice = [
        handover(1, handed_over_on="2008-05", agreed_on="2007-05", area_m2=90),
        handover(2, handed_over_on="2008-06", agreed_on="2007-06", price_yuan=0),
    ]
    days = (dt.date(2008, 5, 1), dt.date(2008, 5, 31), dt.date(2007, 6, 1), dt.date(2007, 6, 30))
    assert told(ends, *twice) == [(*days, 0, 100, True)]
    assert told(ends, *reversed(twice)) == [(*days, 0, 100, True)]
    assert told("price_yuan", handover(1, price_yuan=1), handover(2, price_yuan=2)) == [(2,)]
    assert told("price_yuan", handover(1, price_yuan=0), handover(2, price_yuan=1)) == [(0,), (1,)]
    assert told("price_yuan", handover(1, price_yuan=None), handover(2, price_yuan=0)) == [(0,)]
    assert len(told("room", handover(), handover(2, recipient_kind="committee"))) == 2
    assert len(told("room", handover(recipient_name="甲"), handover(2, recipient_name="乙"))) == 2
    assert len(told("room", handover(community_code="C1", recipient_name="甲"), handover(2, community_code="C1", recipient_name="乙"))) == 1
    assert len(told("room", handover(), handover(2, project_id="P2"))) == 2
    assert len(told("room", handover(), handover(2, handed_over_on=NEXT))) == 2
    assert told("room, is_named", handover(1, premises_id=None), handover(2, premises_id=None)) == [
        ("handover H1", False),
        ("handover H2", False),
    ]


PARTS = {"recipient_kind": "committee", "community_code": "C1"}


@pytest.mark.parametrize(("one", "other", "areas"), [
    ({"receipt_no": "凭2010001号"}, {"receipt_no": "凭2010002号"}, [200, 300]),  # a receipt of its own, on whatever day
    ({"receipt_no": "凭2010001号"}, {"receipt_no": "凭2010001号"}, [300]),  # one receipt: told again
    ({"receipt_no": "凭2010001号"}, {"receipt_no": "凭 2010001 号", "handed_over_on": "2008-07-01"}, [300]),
    ({}, {"handed_over_on": "2008-07-01"}, [200, 300]), ({}, {}, [300]), ({"receipt_no": "凭2010001号"}, {}, [300]),  # else a day of its own
    ({}, {"handed_over_on": "2008-07"}, [300]), ({"receipt_no": "见附件"}, {"receipt_no": "办理中"}, [300]),
    ({}, {"recipient_kind": "street"}, [200, 300]),
    ({"handed_over_on": NEXT}, {"handed_over_on": None, "agreed_on": MAY}, [300]),  # agreed for a day and on no day: neither has happened
])  # fmt: skip
def test_a_room_may_be_handed_over_in_parts(one, other, areas):
    """300 m2 and 200 m2 of one room of 500 m2 to one body."""
    base = {**PARTS, "handed_over_on": "2008-06-05"}
    rows = [handover(1, **{**base, "area_m2": 300, **one}), handover(2, **{**base, "area_m2": 200, **other})]
    room = [{"premises_id": "R1", "project_id": "P1", "surveyed_m2": 500}]
    for table in ("handed_told", "handed_room"):
        assert [row[0] for row in told("area_m2", *rows, table=table, premises=room)] == areas
    room[0]["surveyed_m2"] = 400  # what is told beyond the size of the room is the same room again
    assert told("sum(area_m2)", *rows, table="handed_room", premises=room) == [(min(sum(areas), 400),)]


ONE = {**PARTS, "receipt_no": "凭2010001号", "building": "1号楼", "floor": 1, "area_m2": 250}


@pytest.mark.parametrize(("other", "areas"), [
    ({}, [250]), ({"receipt_no": "凭2010002号"}, [250, 250]), ({"receipt_no": None}, [250, 250]), ({"area_m2": 200}, [200, 250]),
    ({"building": "2号楼"}, [250, 250]), ({"floor": 2}, [250, 250]), ({"floor": None}, [250, 250]), ({"project_id": "P2"}, [250, 250]),
])  # fmt: skip
@pytest.mark.parametrize("named", ["R1", None])
def test_a_receipt_that_tells_the_same_without_its_room_tells_it_again(named, other, areas):
    rows = [handover(1, **{**ONE, "premises_id": named}), handover(2, **{**ONE, "premises_id": None, **other})]
    room = [{"premises_id": "R1", "project_id": "P1", "surveyed_m2": 500}]
    for table in ("handed_told", "handed_room"):
        assert [row[0] for row in told("area_m2", *rows, table=table, premises=room)] == areas


def test_of_two_rooms_on_one_receipt_it_is_not_known_which_is_told_again():
    rows = [handover(1, **ONE), handover(2, **{**ONE, "premises_id": "R2"}), handover(3, **{**ONE, "premises_id": None})]
    assert told("room", *rows) == [("R1",), ("R2",), ("handover H3",)]
    words = [handover(1, **{**ONE, "building": "见附件"}), handover(2, **{**ONE, "building": "见附件", "premises_id": None})]
    assert len(told("room", *words)) == 2


@pytest.mark.parametrize(("room", "size"), [
    ({}, 100), ({"planned_m2": 150}, 150), ({"planned_m2": 50}, 100), ({"planned_m2": 150, "permitted_m2": 140}, 140),
    ({"planned_m2": 150, "permitted_m2": 140, "surveyed_m2": 130}, 130), ({"premises_id": "R2", "surveyed_m2": 130}, 100), (None, 100),
])  # fmt: skip
def test_the_size_of_the_room(room, size):
    rooms = [] if room is None else [{"premises_id": "R1", "project_id": "P1", **room}]
    assert told("size_m2", handover(), premises=rooms) == [(size,)]


def test_a_room_is_not_larger_than_what_is_told_of_it():
    assert told("size_m2", handover(area_m2=Decimal("0.50"))) == [(Decimal("0.50"),)]
    assert told("area_m2", handover(area_m2=0), table="handed_room") == [(0,)]


def shared(*handovers, size=100):
    return told(
        "recipient_kind, area_m2",
        *handovers,
        table="handed_room",
        premises=[{"premises_id": "R1", "project_id": "P1", "surveyed_m2": size}],
    )


def test_a_room_is_handed_over_once_as_far_as_it_is_large():
    a = handover(area_m2=60)
    b = handover(2, area_m2=60, recipient_kind="committee", handed_over_on="2009-01-11")
    assert shared(a, b) == [("committee", 40), ("street", 60)]
    assert shared(b, a) == [("committee", 40), ("street", 60)]
    assert shared({**a, "area_m2": 100}, b) == [("street", 100)]
    assert shared({**a, "area_m2": Decimal("99.99")}, b) == [("committee", Decimal("0.01")), ("street", Decimal("99.99"))]
    assert shared(a, {**b, "handed_over_on": LATE}) == [("committee", 60), ("street", 40)]  # of one day by name
    assert shared(a, {**b, "handed_over_on": NEXT}) == [("committee", 60), ("street", 60)]  # not yet
    assert shared({**a, "handed_over_on": None}, {**b, "handed_over_on": None}) == [("committee", 60), ("street", 40)]
    assert shared(a, {**b, "project_id": "P2"}) == [("committee", 60), ("street", 60)]
    assert shared({**a, "handed_over_on": "2009-01"}, b) == [("committee", 40), ("street", 60)]  # from its first possible day
    assert shared({**a, "area_m2": 0}, b) == [("committee", 60), ("street", 0)]
    assert shared(a, {**b, "premises_id": "R2"}) == [("committee", 60), ("street", 60)]
    c = handover(3, area_m2=30, recipient_kind="other", handed_over_on="2009-01-12")
    assert shared(a, {**b, "area_m2": 30}, c) == [("committee", 30), ("other", 10), ("street", 60)]
    assert shared(a, b, size=0) == [("street", 60)]  # as large as the largest handed over
    assert shared({**a, "area_m2": 160}, b) == [("street", 160)]


DAYS = (None, "2009-02-10", "2009-02", NOW, NEXT, CUT)


def days(text):
    first, last = day(text)
    return [first + dt.timedelta(n) for n in range((last - first).days + 1)]


def by_now(text):
    """Whether it has happened by the day of the check: one answer, if all the days that it may mean give it."""
    answers = {on <= AS_OF for on in days(text)}
    return answers.pop() if len(answers) == 1 else None


def both(a, b):
    return False if a is False or b is False else None if a is None or b is None else True


def payment(chance, n):
    received, refunded = chance.choice(DAYS), chance.choice((None, None, *DAYS))
    number, agreed_on = chance.choice((None, "协1")), chance.choice(DAYS)
    agreed = False if number is None else True if agreed_on is None else by_now(agreed_on)
    back = False if refunded is None else by_now(refunded)
    has = received is not None and both(by_now(received), None if back is None else not back)
    row = {"amount_yuan": 4000 * 10**n, "received_on": received, "refunded_on": refunded, "agreement_no": number, "agreed_on": agreed_on}
    return row, chance.choice((4000,) * 8 + (None, 0)), agreed, has


def total(parts):
    """The sum over (counts, amount): unknown if one may count, or counts and is itself unknown."""
    return None if any(c is None or (c and a is None) for c, a in parts) else sum(a for c, a in parts if c)


def test_money_in_lieu_of_a_project_as_area():
    chance = random.Random(7)
    payments, prices, expected = [], [], []
    for number in range(150):
        given = [payment(chance, n) for n in range(chance.randint(1, 3))]
        for n, (row, price, _, _) in enumerate(given):
            payments.append({"payment_id": f"P{number:03d} {n}", "project_id": f"P{number:03d}", **row})
            prices.append((f"P{number:03d} {n}", price))
        areas = [row["amount_yuan"] // 4000 if price else None for row, price, _, _ in given]
        expected.append((
            total([(agreed, area) for (_, _, agreed, _), area in zip(given, areas, strict=True)]),
            total([(has, area) for (_, _, _, has), area in zip(given, areas, strict=True)]),
            total([(has, row["amount_yuan"]) for row, _, _, has in given]),
        ))  # fmt: skip
    con = made(payments=payments, prices=prices)
    assert con.execute("SELECT agreed_m2, received_m2, received_yuan FROM in_lieu_by_project ORDER BY project_id").fetchall() == expected


def test_areas_are_summed_before_they_are_rounded_down():
    def area(*paid):
        rows = [
            {"payment_id": f"Z{n}", "project_id": "P1", "amount_yuan": Decimal(yuan), "received_on": LATE}
            for n, (yuan, _) in enumerate(paid)
        ]
        con = made(payments=rows, prices=[(f"Z{n}", Decimal(price)) for n, (_, price) in enumerate(paid)])
        return con.execute("SELECT received_m2 FROM in_lieu_by_project").fetchone()[0]

    assert area(("1000000", "4000")) == 250
    assert area(("1000000", "4001")) == Decimal("249.93")
    assert area(("1", "3"), ("1", "3"), ("1", "3")) == 1
    assert area(("1.01", "3"), ("0.98", "3"), ("1", "3")) == Decimal("0.99")
    assert area(("0.01", "0.01")) == 1
    assert area(("99999999999999.99", "1")) == Decimal("99999999999999.99")


def test_on_the_first_of_a_month_what_is_told_of_the_month_may_have_happened():
    paid = {"payment_id": "Z1", "project_id": "P1", "amount_yuan": 1, "received_on": LATE, "refunded_on": CUT}
    con = made(as_of=dt.date(2009, 3, 1), handovers=[handover(handed_over_on=CUT)], payments=[paid], prices=[("Z1", 1)])
    assert con.execute("SELECT counts FROM handed_told").fetchall() == [(None,)]
    assert con.execute("SELECT received FROM in_lieu_payment").fetchall() == [(None,)]
    days = con.execute("SELECT received_on_lo, received_on_hi, refunded_on_lo, refunded_on_hi FROM in_lieu_payment").fetchall()
    assert days == [(dt.date(2009, 1, 10), dt.date(2009, 1, 10), dt.date(2009, 3, 1), dt.date(2009, 3, 31))]


@pytest.mark.parametrize(("values", "agreed"), [
    ({}, False), ({"agreement_no": "协1"}, True), ({NOT_READ: ["agreement_no"]}, None), ({NOT_READ: ["account"]}, False),
    ({NOT_READ: ["agreement_no"], "agreed_on": NEXT}, False), ({"agreement_no": "协1", NOT_READ: ["agreement_no"]}, True),
])  # fmt: skip
def test_an_agreement_that_nobody_could_read_may_be_one(values, agreed):
    con = made(payments=[{"payment_id": "Z1", "project_id": "P1", "amount_yuan": 1, **values}], prices=[("Z1", 1)])
    assert con.execute("SELECT agreed FROM in_lieu_payment").fetchall() == [(agreed,)]


def test_what_was_not_read_of_one_handover_was_not_read_of_the_room():
    twice = [handover(1, **{NOT_READ: ["price_yuan"]}), handover(2, **{NOT_READ: ["agreed_on"]})]
    assert told("list_sort(not_read)", *twice) == [(["agreed_on", "price_yuan"],)]
