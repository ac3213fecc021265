"""A receipt for two payments counts once, for the first."""

import datetime as dt
from decimal import Decimal

import pytest

from tests.facts.doubles import FILLERS, estate, receipts
from tests.facts.tables import connection, facts


def payment(number, of, receipt, on="2009-01-05", amount=400000, **more):
    return {
        "payment_id": f"Z{number}",
        "project_id": f"P{of}",
        "amount_yuan": amount,
        "unit_price_yuan_per_m2": 4000,
        "received_on": on,
        "receipt_no": receipt,
        **more,
    }


ONE_DEVELOPER = [estate(1, developer_name="甲置业有限公司"), estate(2, developer_name="甲置业有限公司")]


def test_a_receipt_used_twice():
    paid = [
        payment(1, 1, "票1", "2009-02-01"),
        payment(2, 2, "票1", "2009-01-31"),
        payment(3, 1, "票2"),
        payment(4, 1, None),
        payment(5, 2, None),
    ]
    con = connection(projects=ONE_DEVELOPER, payments=paid)
    assert facts(con, "payment", "same_receipt_payment_id") == [("Z2",), (None,), (None,), (None,), (None,)]
    assert facts(con, "project", "in_lieu_m2", "in_lieu_twice_m2") == [(300, 100), (200, 0)]


def test_where_every_receipt_was_used_before_all_is_told_twice():
    con = connection(projects=ONE_DEVELOPER, payments=[payment(1, 1, "票1"), payment(2, 2, "票1", "2009-02-01")])
    assert facts(con, "project", "in_lieu_m2", "in_lieu_twice_m2") == [(100, 0), (100, 100)]


def test_a_project_that_the_ledger_lacks_is_its_own_payer():
    paid = [payment(1, 7, "票1"), payment(2, 7, "票1", "2009-02-01"), payment(3, 8, "票1", "2009-03-01")]
    assert receipts([estate(1)], paid) == {"Z2": "Z1"}


def test_nothing_paid_twice_is_none_where_the_sum_is_unknown_too():
    paid = [payment(1, 1, "票1", unit_price_yuan_per_m2=None)]
    con = connection(projects=ONE_DEVELOPER, payments=paid)
    assert facts(con, "project", "in_lieu_m2", "in_lieu_twice_m2") == [(None, 0), (0, 0)]


OTHERS = [estate(1, developer_name="甲置业有限公司"), estate(2, developer_name="乙置业有限公司")]


@pytest.mark.parametrize(("projects", "one", "two", "same"), [
    (ONE_DEVELOPER, {}, {"on": "2010-01-05"}, False),  # numbers begin anew every year
    (ONE_DEVELOPER, {}, {"amount": 500000}, False),
    (OTHERS, {}, {}, False),
    (OTHERS, {"account": "社区建设专户"}, {"account": "社区建设专户"}, True),  # one book of receipts
    (OTHERS, {"account": "社区建设专户"}, {"account": "财政专户"}, False),
    ([estate(1), estate(2)], {}, {}, False),
    ([estate(1, developer_code="无"), estate(2, developer_code="无")], {}, {}, False),
])  # fmt: skip
def test_a_receipt_is_one_by_payer_or_account_year_and_amount(projects, one, two, same):
    paid = [payment(1, 1, "00012345", **one), payment(2, 2, "00012345", **two)]
    assert receipts(projects, paid) == ({"Z2": "Z1"} if same else {})


def test_of_two_that_used_the_receipt_before_the_earlier_is_named():
    book = {"receipt": "00012345", "account": "社区建设专户"}
    paid = [payment(1, 2, on="2009-03-05", **book), payment(2, 1, "00012345", on="2009-02-05"), payment(3, 1, on="2009-04-05", **book)]
    assert receipts(OTHERS, paid) == {"Z3": "Z2"}  # Z1 by the account, Z2 by the payer


def test_a_word_instead_of_a_receipt_number_links_no_payments():
    paid = [payment(3 * n + more, 1 + more // 2, word, account="社区建设专户") for n, word in enumerate(FILLERS) for more in range(3)]
    assert receipts(ONE_DEVELOPER, paid) == {}


def test_what_a_repeated_receipt_adds_is_the_sum_less_the_sum_without_it():
    paid = [
        {**payment(1, 1, "票1", amount=100), "unit_price_yuan_per_m2": 3000},
        {**payment(2, 1, "票1", amount=100), "unit_price_yuan_per_m2": 3000},
    ]  # 0.0333… + 0.0333… is 0.06, the first alone 0.03
    assert facts(connection(projects=[estate(1)], payments=paid), "project", "in_lieu_m2", "in_lieu_twice_m2") == [
        (Decimal("0.06"), Decimal("0.03")),
    ]  # fmt: skip


def test_a_receipt_after_the_day_of_the_check_is_not_there_yet():
    paid = [payment(1, 1, "票1", "2011-01-05"), payment(2, 1, "票1", "2011-07-01")]
    con = connection(projects=[estate(1)], payments=paid)
    assert facts(con, "payment", "receipt_no", "same_receipt_payment_id") == [("票1", None), (None, None)]
    assert facts(con, "project", "in_lieu_m2", "in_lieu_twice_m2") == [(100, 0)]
    paid[1]["received_on"] = "2011-06-30"
    assert facts(connection(projects=[estate(1)], payments=paid), "project", "in_lieu_m2", "in_lieu_twice_m2") == [(200, 100)]


def test_of_a_month_that_is_not_over_a_receipt_is_there_already():
    paid = [payment(1, 1, "票1", "2011-05-05"), payment(2, 1, "票1", "2011-06")]
    assert receipts([estate(1)], paid) == {"Z2": "Z1"}
    assert receipts([estate(1)], paid, as_of=dt.date(2011, 6, 1)) == {"Z2": "Z1"}  # the month may have brought it
    assert receipts([estate(1)], paid, as_of=dt.date(2011, 5, 31)) == {}


def test_a_receipt_of_a_day_that_nobody_can_tell_is_of_no_year():
    """Numbers begin anew every year: of an unknown one nothing is the same."""
    for days in (("any", "any"), ("2011-05-05", "any"), ("any", "2011-05-05")):
        assert receipts([estate(1)], [payment(n, 1, "票1", day) for n, day in enumerate(days)]) == {}
