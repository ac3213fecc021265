"""What waiting costs: rent by day of use, a range where only a month is told, and nothing unknown shown as none."""

import datetime as dt
from decimal import Decimal as D
from types import SimpleNamespace

import pytest

from planning_check.report.console.rents import rents_csv, rents_lines
from planning_check.report.told.funds import Span
from planning_check.report.told.rents import rents

RUN = SimpleNamespace(id=3, as_of=dt.date(2011, 6, 30), manifest={})


def office(key, rent, since, *, outcome="violation", area="100.00", path=None):
    facts = {"rent_yuan_per_year": rent, "since": since, "area_m2": area, "tenure": "rented", "resolution_path": path}
    return {
        "subject_key": key,
        "subject_name": f"{key}社区",
        "district_name": "甲区",
        "district_code": None,
        "outcome": outcome,
        "facts": facts,
    }


def path(key, status):
    return {"subject_key": key, "status": status, "status_zh": f"{status}途径", "status_en": status}


OFFICES = [
    office("O1", "36500.00", "2010-01-01"), office("O2", "3650.00", "2011-06"), office("O3", None, "2009"), office("O4", "500.00", None),
    office("O5", None, None, outcome="undetermined"), office("O6", "36600.00", "2008", path="idle_swap"),
]  # fmt: skip
PATHS = [path("O1", "idle_reuse"), path("O2", "return_by_developer"), path("O3", "idle_reuse"), path("O4", "livelihood_project")]


def found(**costs):
    return {one.key: one for one in rents(RUN, OFFICES, PATHS, {name: D(cost) for name, cost in costs.items()}).offices}


def test_rent_is_paid_by_the_day_of_each_year():
    one = found()["O1"]
    assert one.by_year == {2010: Span(D("36500.00"), D("36500.00")), 2011: Span(D("18100.00"), D("18100.00"))}, "365 and 181 days"
    assert one.paid == Span(D("54600.00"), D("54600.00"))
    month = found()["O2"]
    assert month.paid == Span(D("10.00"), D("300.00")), "a day or thirty"
    leap = found()["O6"].by_year
    assert leap[2008] == Span(D("100.00"), D("36600.00")), "of 366"
    assert leap[2009] == Span(D("36600.00"), D("36600.00"))


def test_what_is_not_known_is_in_no_sum_and_is_no_zero():
    whole = rents(RUN, OFFICES, PATHS, {})
    assert [found()[key].paid for key in ("O3", "O4")] == [None, None]
    assert whole.undetermined == 1 and "O5" not in found()
    assert whole.paid == sum(whole.by_year.values(), Span())
    assert whole.paid.least == sum(one.paid.least for one in whole.offices if one.paid)
    for row in list(rents_csv(whole, "en"))[1:]:
        if row.startswith(("O3", "O4")):
            assert "unknown,unknown,unknown" in row and ",0" not in row.replace(",0,", "")
    assert rents(RUN, [office("O7", "1.00", "sometime")], [], {}).offices[0].paid is None


def test_a_path_pays_back_by_its_cost_that_was_told_and_at_once_where_the_developer_owes_it():
    assert {key: one.payback for key, one in found(idle_reuse="1095").items()} == {
        "O1": D("3.0"), "O2": D(0), "O3": None, "O4": None, "O6": None,
    }  # fmt: skip
    assert found()["O1"].payback is None
    assert found(livelihood_project="10")["O4"].payback == D("2.0")


@pytest.mark.parametrize(("lang", "words"), [
    ("zh", ("2 处没有写租金或使用起始", "1 处是否租借不明", "54,600.00", "10.00 - 300.00")),
    ("en", ("2 tell no rent or no first day", "1 of which it is not known", "54,600.00")),
])  # fmt: skip
def test_the_page_says_what_is_left_out(lang, words):
    page = " ".join(" ".join(rents_lines(rents(RUN, OFFICES, PATHS, {}), lang)).split())
    assert all(word in page for word in words)
