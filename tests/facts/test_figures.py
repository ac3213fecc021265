"""Figures as reported against the records: exact, and unknown where a count is."""

import datetime as dt
from decimal import Decimal

import pytest

from tests.facts.tables import connection, facts


def community(number, district="990101", **values):
    return {
        "community_code": f"C{number}",
        "community_name": f"C{number}",
        "district_code": district,
        "population": 1000,
        "project_supported": True,
        **values,
    }


def office(number, tenure, **values):
    return {"office_id": f"O{number}", "community_code": f"C{number}", "tenure": tenure, **values}


def figure(name, stated=0, district=None, number=1, **values):
    return {"figure_id": f"F{number}", "figure": name, "stated": stated, "district_code": district, **values}


DISTRICTS = [{"district_code": f"99010{n}", "district_name": f"{n}区"} for n in (1, 2)]


def computed(name, communities, offices=None, district=None, **rest):
    rest |= {} if offices is None else {"offices": offices}
    con = connection(communities=communities, districts=DISTRICTS, reported_figures=[figure(name, district=district)], **rest)
    return facts(con, "figure", "computed")[0][0]


def test_the_shares_of_the_survey():
    communities = [community(n, project_supported=n < 115) for n in range(129)]
    offices = [office(n, "rented" if n < 14 else "borrowed" if n < 23 else "owned_titled") for n in range(129)]
    assert computed("project_supported_percent", communities) == Decimal("89.1473")
    assert computed("rented_or_borrowed_percent", communities, offices) == Decimal("17.8295")
    assert computed("rented_or_borrowed", communities, offices) == 23


@pytest.mark.parametrize(
    ("supported", "of", "percent"), [(1, 3, "33.3333"), (2, 3, "66.6667"), (1, 32, "3.125"), (1, 64, "1.5625"), (1, 128, "0.7813")]
)
def test_percent_is_rounded_half_up(supported, of, percent):
    assert computed("project_supported_percent", [community(n, project_supported=n < supported) for n in range(of)]) == Decimal(percent)


def test_of_one_district():
    communities = [community(1), community(2), community(3, "990102", population=500)]
    assert computed("communities", communities, district="990101") == 2
    assert computed("population", communities, district="990102") == 500
    assert computed("population", communities) == 2500
    assert computed("communities", communities[:2], district="990102") == 0
    assert computed("project_supported_percent", communities[:2], district="990102") is None
    assert computed("communities", communities, district="990109") is None


def test_a_gap_leaves_its_own_district_and_the_city_unknown():
    communities = [community(1, population=None), community(2, "990102", project_supported=None)]
    assert computed("population", communities) is None
    assert computed("population", communities, district="990101") is None
    assert computed("population", communities, district="990102") == 1000
    assert computed("project_supported", communities) is None
    assert computed("project_supported", communities, district="990101") == 1


def test_unknown_tenure_and_rows_set_aside_leave_it_unknown():
    communities = [community(1), community(2)]
    assert computed("rented_or_borrowed", communities, [office(1, "rented"), office(2, "unknown")]) is None
    assert computed("rented_or_borrowed", communities) is None  # no register of offices
    assert computed("rented_or_borrowed", communities, [office(1, "rented")], quarantine=[("offices", None, "duplicate_key")]) is None
    assert computed("communities", communities, quarantine=[("communities", None, "duplicate_key")]) is None
    assert computed("communities", communities, quarantine=[("communities", None, "total_row")]) == 2


def test_a_community_without_an_office_rents_none():
    assert computed("rented_or_borrowed", [community(1), community(2)], [office(1, "rented")]) == 1
    for name in ("rented_or_borrowed", "project_supported", "population"):
        assert computed(name, [community(1)], [office(1, "rented")], district="990102") == 0


def test_an_office_that_is_still_rented_is_counted_whatever_its_papers_say():
    communities = [community(1)]
    assert computed("rented_or_borrowed", communities, [office(1, "rented", resolved_on="2011-06-30")]) == 1
    assert computed("rented_or_borrowed", communities, [office(1, "rented", resolved_on="2011-07-01")]) == 1
    cut = {"as_of": dt.date(2011, 6, 15)}
    assert computed("rented_or_borrowed", communities, [office(1, "rented", resolved_on="2011-06")], **cut) == 1
    assert computed("rented_or_borrowed", communities, [office(1, "owned_titled", resolved_on="2011-06")], **cut) == 0


def test_without_the_register_of_communities_nothing_is_known():
    con = connection(reported_figures=[figure("communities")])
    assert facts(con, "figure", "computed") == [(None,)]


def test_sum_of_what_the_districts_report():
    def summed(*reported, name="communities"):
        given = [figure(name), *(figure(name, s, d, n) for n, (s, d) in enumerate(reported, 2))]
        return facts(connection(districts=DISTRICTS, communities=[], reported_figures=given), "figure", "districts_sum")[0][0]

    assert summed((47, "990101"), (8, "990102")) == 55
    assert summed((47, "990101")) is None
    assert summed((47, "990101"), (8, "990102"), (8, "990102")) is None  # told twice
    assert summed((47, "990101"), (8, "990109")) is None  # no district
    assert summed((88, "990101"), (90, "990102"), name="project_supported_percent") is None


def test_a_district_has_no_sum_of_districts():
    con = connection(
        districts=DISTRICTS,
        communities=[],
        reported_figures=[figure("communities", 1, d["district_code"], n) for n, d in enumerate(DISTRICTS)],
    )
    assert facts(con, "figure", "districts_sum", "is_percent") == [(None, False), (None, False)]
