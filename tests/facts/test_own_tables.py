"""Facts of own tables: sums, counts, the latest and what is looked up, against a recount in plain Python; unknown stays unknown."""

import datetime as dt
import random
from decimal import Decimal
from pathlib import Path

import pytest

from planning_check import following
from planning_check.facts import measuring
from planning_check.rulebook.own_tables import read_own_tables
from tests.facts.tables import AS_OF, prepared
from tests.widths import MEASURING

FUNDS = """\
table: funds
title: {zh: 经费, en: community money}
owner: civil_affairs
judged: yes
fields:
  community_code: {type: code, need: key, of: community, zh: 社区代码, en: community code}
  year: {type: integer, need: key, zh: 年度, en: year}
  paid_yuan: {type: money, zh: 拨付, en: paid}
  paid_on: {type: date, zh: 拨付日期, en: paid on}
  paid_to: {type: choice, zh: 拨付对象, en: paid to, choices: {community: {zh: 社区, en: community}, street: {zh: 街道, en: street}}}
facts:
  community:
    years: {count: yes, where: paid_yuan >= 100, zh: 年数, en: years}
    total_yuan: {sum: paid_yuan, where: paid_to = 'community', zh: 合计, en: total}
    last_to: {latest: paid_to, by: paid_on, zh: 最近对象, en: last to}
    last_yuan: {latest: paid_yuan, by: year, where: year <= 2010, zh: 最近金额, en: last amount}
  funds:
    people: {lookup: community.population}
    kind: {lookup: community.kind}
    all_years: {lookup: community.years}
"""
ROOMS = """\
table: rooms
title: {zh: 活动室台账, en: activity rooms}
owner: civil_affairs
judged: yes
fields:
  room_id: {type: code, need: key, zh: 活动室编号, en: room id}
  office_id: {type: code, of: office, zh: 办公用房编号, en: office id}
  size_m2: {type: area, zh: 活动室面积, en: size}
facts:
  office:
    rooms: {count: yes, zh: 活动室数, en: rooms}
  rooms:
    tenure: {lookup: office.tenure}
"""
_DAYS = ("2009-03-02", "2009-03", "2010-07", "2010-07-09", "any")
A, B = "A1", "B2"
PEOPLE = {"community_name": "甲", "district_code": "610902", "population": 4200, "kind": "estate"}
HERE = [{"community_code": A, **PEOPLE}, {"community_code": B, **PEOPLE, "community_name": "乙", "population": None}]


def own(tmp_path: Path, *texts: str):
    files = []
    for text in texts:
        path = tmp_path / f"{text.split()[1]}.yaml"
        path.write_text(text, "utf-8")
        files.append((path, path.name))
    return read_own_tables(files)


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    return own(tmp_path_factory.mktemp("own"), FUNDS)


def measured(tables, *, in_doubt: bool = False, **told):
    with following.in_force(tables):
        con = prepared(communities=HERE, **told)
        measuring.measure(con, AS_OF, MEASURING, in_doubt=in_doubt)
        return con


def of(con, community: str = A, *names: str):
    asked = ", ".join(names or ("years", "total_yuan", "last_to", "last_yuan"))
    return con.execute(f"SELECT {asked} FROM fact_community WHERE community_code = ?", [community]).fetchone()


def row(year, paid=None, on=None, to=None, community=A, **more):
    return {"community_code": community, "year": year, "paid_yuan": paid, "paid_on": on, "paid_to": to, **more}


def test_rows_are_counted_and_added_up(tables):
    con = measured(tables, funds=[row(2009, 100, "2009-05-01", "street"), row(2010, "250.50", "2010-05-01", "community")])
    assert of(con) == (2, Decimal("250.50"), "community", Decimal("250.50"))


def test_over_nothing_it_is_none_where_the_register_was_delivered_and_unknown_where_not(tables):
    assert of(measured(tables, funds=[row(2009, 100, community=B)])) == (0, 0, None, None)
    assert of(measured(tables)) == (None, None, None, None)


def test_an_unknown_that_may_count_makes_a_sum_unknown_and_one_that_does_not_leaves_it(tables):
    assert of(measured(tables, funds=[row(2009, None, "2009-05-01", "street")])) == (None, 0, "street", None)
    assert of(measured(tables, funds=[row(2009, None, "2009-05-01", "community")]))[1] is None
    assert of(measured(tables, funds=[row(2009, 100, "2009-05-01", None)]))[:2] == (1, None)


@pytest.mark.parametrize(("days", "to", "last"), [
    (("2009-05-01", "2010-05-01"), ("street", "community"), "community"),
    (("2010-05-01", "2010-05-01"), ("street", "community"), None),  # two of one day that differ
    (("2010-05-01", "2010-05-01"), ("street", "street"), "street"),
    (("2010-05", "2010-05-07"), ("street", "community"), None),  # which of the two is later is not known
    (("2010-04", "2010-05-07"), ("street", "community"), "community"),
    (("2010-05", "2010-05-07"), ("street", "street"), "street"),
    ((None, "2010-05-07"), ("street", "community"), None),
    (("any", "2010-05-07"), ("street", "community"), None),
    (("2009-05-01", "2010-05-01"), ("street", None), None),
])  # fmt: skip
def test_the_latest_is_told_only_where_it_is_known_which_it_is(tables, days, to, last):
    con = measured(tables, funds=[row(2009 + n, 100, on, whom) for n, (on, whom) in enumerate(zip(days, to, strict=True))])
    assert of(con, A, "last_to") == (last,)


def test_a_row_that_was_set_aside_leaves_its_community_unknown_and_no_other(tables):
    rows = [row(2009, 100, "2009-05-01", "community"), row(2009, 100, "2009-05-01", "community", community=B)]
    lost = [{"table_name": "funds", "community_code": A, "key": f"{A} / 2010", "code": "duplicate_key"}]
    con = measured(tables, funds=rows, quarantine=lost)
    assert (of(con), of(con, B)) == ((None, None, None, None), (1, 100, "community", 100))
    repeats = [{"table_name": "funds", "community_code": A, "code": "duplicate_row"}]
    assert of(measured(tables, funds=rows, quarantine=repeats))[0] == 1


def test_a_row_that_may_be_anybodys_is_so_only_in_doubt(tables):
    told = {"funds": [row(2009, 100, "2009-05-01", "community")], "quarantine": [{"table_name": "funds", "code": "missing_key"}]}
    con = measured(tables, **told)
    assert of(con)[0] == 1
    assert con.execute("SELECT table_name, rows FROM unread_register").fetchall() == [("funds", 1)]
    assert of(measured(tables, in_doubt=True, **told)) == (None, None, None, None)


def test_a_judged_row_has_its_key_its_place_and_what_is_looked_up(tables):
    con = measured(tables, funds=[row(2009, 100), row(2010, 99, community=B), row(2009, 5, community="C3")])
    columns = "row_key, people, kind, all_years, district_code, community_code"
    assert con.execute(f"SELECT {columns} FROM fact_funds ORDER BY row_key").fetchall() == [
        ("A1 / 2009", 4200, "estate", 1, "610902", A), ("B2 / 2010", None, "estate", 0, "610902", B),
        ("C3 / 2009", None, None, None, None, "C3"),
    ]  # fmt: skip
    assert con.execute("SELECT subject_key, subject_name FROM subject_info WHERE subject = 'funds' ORDER BY 1").fetchall() == [
        ("A1 / 2009", "甲 2009"), ("B2 / 2010", "乙 2010"), ("C3 / 2009", "C3 2009"),
    ]  # fmt: skip
    assert con.execute("SELECT not_read FROM fact_funds WHERE row_key = 'C3 / 2009'").fetchall() == [(["people", "kind"],)]
    assert con.execute("SELECT subject_key, rows_funds FROM subject_source_community ORDER BY 1").fetchall() == [(A, "[0]"), (B, "[1]")]
    linked = con.execute("SELECT rows_funds, rows_communities FROM subject_source_funds ORDER BY subject_key").fetchall()
    assert linked == [("[0]", "[0]"), ("[1]", "[1]"), ("[2]", None)]


def test_rows_of_offices_are_theirs_and_one_whose_office_cannot_be_read_may_be_any(tmp_path):
    offices = [{"office_id": name, "community_code": A, "tenure": "rented"} for name in ("F1", "F2")]
    rooms = [{"room_id": "R1", "office_id": "F1", "size_m2": 30}, {"room_id": "R2", "office_id": None, "not_read": ["office_id"]}]
    places = {"raw_row": [{"row_id": 1, "source_id": 1, "row": 3}], "source": [{"source_id": 1, "file": "室.csv", "sheet": ""}]}
    with following.in_force(own(tmp_path, ROOMS)):
        con = prepared(communities=HERE, offices=offices, rooms=rooms, **places)
        con.execute("CREATE TABLE raw_rooms (row_id BIGINT, office_id VARCHAR)")
        measuring.measure(con, AS_OF, MEASURING)
    assert con.execute("SELECT office_id, rooms FROM fact_office ORDER BY 1").fetchall() == [("F1", 1), ("F2", 0)]
    found = con.execute("SELECT room_id, tenure, community_code, district_code FROM fact_rooms ORDER BY 1").fetchall()
    assert found == [("R1", "rented", A, "610902"), ("R2", None, None, None)]
    assert con.execute("SELECT table_name, rows, en FROM unread_register").fetchall() == [("rooms", 1, "室.csv > row 3")]


def test_facts_are_those_of_a_recount(tables):
    """Of three hundred communities with up to five rows each, all that can be known or not of them in every mixture."""
    chance = random.Random(20110630)
    whose = [f"C{number:03d}" for number in range(300)]
    rows = [
        row(
            2005 + n, chance.choice((None, 0, 50, 100, 250)), chance.choice((None, *_DAYS)), chance.choice((None, "community", "street")), c
        )
        for c in whose
        for n in range(chance.randrange(6))
    ]
    with following.in_force(tables):
        con = prepared(communities=[{"community_code": c, **PEOPLE} for c in whose], funds=rows)
        measuring.measure(con, AS_OF, MEASURING)
    found = {
        c: told for c, *told in con.execute("SELECT community_code, years, total_yuan, last_to, last_yuan FROM fact_community").fetchall()
    }
    mine = {c: [r for r in rows if r["community_code"] == c] for c in whose}
    assert found == {c: [_years(own), _total(own), _last(own), _last_yuan(own)] for c, own in mine.items()}
    for place in range(4):
        assert 30 < sum(told[place] is None for told in found.values()) < 270, "a recount of nothing but unknowns would prove nothing"


def _years(rows):
    return None if any(r["paid_yuan"] is None for r in rows) else sum(r["paid_yuan"] >= 100 for r in rows)


def _total(rows):
    if any(r["paid_to"] is None or (r["paid_to"] == "community" and r["paid_yuan"] is None) for r in rows):
        return None
    return sum(r["paid_yuan"] for r in rows if r["paid_to"] == "community")


def _span(on):
    if on == "any":
        return dt.date.min, dt.date.max
    first = dt.date.fromisoformat(on if len(on) == 10 else f"{on}-01")
    return (first, first) if len(on) == 10 else (first, dt.date(first.year, first.month, 31))  # March and July have 31 days


def _last(rows):
    """Whichever may be the latest says it, and all that may say the same."""
    if not rows or any(r["paid_on"] is None for r in rows):
        return None
    spans = [_span(r["paid_on"]) for r in rows]
    may = {r["paid_to"] for r, (_, last) in zip(rows, spans, strict=True) if last >= max(first for first, _ in spans)}
    return may.pop() if len(may) == 1 else None


def _last_yuan(rows):
    counted = [r for r in rows if r["year"] <= 2010]
    return max(counted, key=lambda r: r["year"])["paid_yuan"] if counted else None


def test_a_day_alone_can_be_a_key(tmp_path):
    head = "table: days\ntitle: {zh: 值班表, en: duty days}\nowner: housing\njudged: yes\n"
    days = f"{head}fields:\n  day_on: {{type: date, need: key, zh: 日, en: day}}\n"
    with following.in_force(own(tmp_path, days)):
        con = prepared(days=[{"day_on": "2010-05-01"}])
        measuring.measure(con, AS_OF, MEASURING)
    assert con.execute("SELECT row_key, rows_days FROM fact_days JOIN subject_source_days ON subject_key = row_key").fetchall() == [
        ("2010-05-01", "[0]")
    ]
    assert con.execute("SELECT subject_key, subject_name FROM subject_info WHERE subject = 'days'").fetchall() == [
        ("2010-05-01", "2010-05-01")
    ]


def test_a_row_of_a_community_that_was_abolished_has_its_place_and_nothing_is_looked_up(tables):
    with following.in_force(tables):
        con = prepared(communities=[{"community_code": A, **PEOPLE, "valid_to": "2010-12-31"}], funds=[row(2009, 100)])
        measuring.measure(con, AS_OF, MEASURING)
    assert con.execute("SELECT people, district_code FROM fact_funds").fetchall() == [(None, "610902")]
    assert con.execute("SELECT subject_name FROM subject_info WHERE subject = 'funds'").fetchall() == [("甲 2009",)]
