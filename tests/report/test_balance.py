"""The balance by project, developer and district: what is known is summed, what is not is counted, and it all adds up."""

import csv
import datetime as dt
import io
from decimal import Decimal as D
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning_check.report.console.balance import balance_csv, balance_lines
from planning_check.report.console.layout import WIDTH, display_width
from planning_check.report.told.balance import PARTS, balanced
from planning_check.store import BalanceRow

RUN = SimpleNamespace(id=3, as_of=dt.date(2011, 6, 30), manifest={})


def row(project, developer, code, district, state, *areas, yuan=None, surplus=0, twice=0, documents=None, shares=None):
    known = [D(a) for a in areas] if areas else [None] * 5
    extra = [D(surplus), D(twice)] if areas else [None, None]
    return BalanceRow(
        project,
        f"{project}苑",
        district,
        f"{district}区",
        developer,
        code,
        state,
        *known,
        yuan and D(yuan),
        *extra,
        None,
        documents,
        shares,
    )


ROWS = [
    row("P1", "甲置业", "91A", "990101", "overdue", 500, 200, 50, 0, 250, yuan="500000.00", documents="filing,plan_statement"),
    row("P2", "甲置业（新名）", "91A", "990102", "settled", 100, 100, 0, 0, 0, surplus=20, documents="filing"),
    row("P3", "乙置业", None, "990101", "overdue", 300, 0, 0, 0, 300, twice="12.50"),
    row("P4", "乙置业", None, "990101", "unknown"),
    row("P5", "丙置业", "91C", "990102", "no_duty"),
    row("P6", "丙置业", "91C", "990102", "not_due", 80, 0, 0, 0, 80, yuan="160000.00"),
    row("P7", "=丁", "91D", "990102", "settled", 40, 0, 0, 40, 0),
]


def groups(by):
    return {g.code: g for g in balanced(RUN, ROWS, by).groups}


@pytest.mark.parametrize("by", ["project", "developer", "district"])
def test_every_group_and_the_city_add_up(by):
    found = balanced(RUN, ROWS, by)
    assert all(g.adds_up for g in (*found.groups, found.total))
    for part in PARTS:
        assert sum(g.sums[part] for g in found.groups) == found.total.sums[part]
    assert sum(g.overdue_m2 for g in found.groups) == found.total.overdue_m2 == 550


def test_a_renamed_developer_is_one_and_one_without_code_goes_by_its_name():
    found = groups("developer")
    assert found["91A"].projects == 2
    assert found["91A"].sums["required_m2"] == 600
    assert found["乙置业"].states == {"overdue": 1, "unknown": 1}
    assert found["乙置业"].sums["required_m2"] == 300, "the unknown one is in no sum"


def test_money_is_that_of_overdue_projects_with_a_price():
    total = balanced(RUN, ROWS, "district").total
    assert (total.overdue_yuan, total.unpriced) == (D("500000.00"), 1)
    assert (total.surplus_m2, total.twice_m2) == (20, D("12.50"))
    assert total.documents == {"filing": 2, "plan_statement": 1}


def test_those_that_owe_most_come_first_and_projects_without_duty_are_not_listed():
    assert [g.code for g in balanced(RUN, ROWS, "project").groups] == ["P3", "P1", "P6", "P2", "P4", "P7"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_text_fits_the_console_and_says_what_is_left_out(lang):
    text = balance_lines(balanced(RUN, ROWS, "developer"), lang, full=True)
    assert all(display_width(line) <= WIDTH for line in text)
    for line in text:
        line.encode("gbk")
    whole = "\n".join(text)
    assert ("没有单价" if lang == "zh" else "no unit price") in whole
    assert "12.50" in whole
    assert "1,020.00" in whole


def test_csv_has_the_equation_and_runs_no_formula():
    text = "".join(balance_csv(balanced(RUN, ROWS, "developer")))
    read = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    first = next(r for r in read if r["code"] == "91A")
    assert D(first["required_m2"]) == sum(D(first[p]) for p in PARTS[1:])
    assert next(r for r in read if r["code"] == "91D")["name"] == "'=丁"


SHARES = st.lists(st.integers(1, 1_000_000), min_size=1, max_size=6).map(
    lambda weights: [w * 1_000_000 // sum(weights) for w in weights[1:]]
)
AREA = st.decimals(0, 99_999, places=2)


@given(
    st.lists(st.tuples(AREA, AREA, AREA, AREA, AREA, SHARES, st.sampled_from(["overdue", "settled", "not_due"])), min_size=1, max_size=8)
)
def test_communities_add_up_to_the_city_to_the_last_hundredth(projects):
    rows = []
    for n, (handed, paid, waived, residual, yuan, rest, state) in enumerate(projects):
        millionths = [1_000_000 - sum(rest), *rest]
        shares = ",".join(f"C{k} {m}" for k, m in enumerate(millionths))
        rows.append(
            row(
                f"P{n}",
                "甲",
                "91A",
                "990101",
                state,
                handed + paid + waived + residual,
                handed,
                paid,
                waived,
                residual,
                yuan=yuan,
                shares=shares,
            )
        )
    found = balanced(RUN, rows, "community")
    assert all(g.adds_up for g in (*found.groups, found.total))
    for part in PARTS:
        assert sum(g.sums[part] for g in found.groups) == found.total.sums[part]
    for name in ("residual_yuan", "overdue_m2", "overdue_yuan"):
        assert sum(getattr(g, name) for g in found.groups) == getattr(found.total, name)


def test_a_project_on_two_communities_owes_in_both_by_share():
    rows = [
        row("P1", "甲", "91A", "990101", "overdue", "100.01", 0, 0, 0, "100.01", yuan="3.00", shares="C2 666667,C1 333333"),
        row("P2", "甲", "91A", "990101", "unknown", shares="C1 1000000"),
        row("P3", "甲", "91A", "990101", "overdue", 7, 0, 0, 0, 7),
        row("P4", "甲", "91A", "990101", "no_duty", shares="C1 1000000"),
    ]
    found = balanced(RUN, rows, "community", {"C1": "一社区"})
    assert [(g.code, g.name, g.sums["required_m2"], g.projects) for g in found.groups] == [
        ("C2", "", D("66.67"), 1), ("C1", "一社区", D("33.34"), 2), ("", "", D("7.00"), 1),
    ]  # fmt: skip
    page = "\n".join(balance_lines(found, "en"))
    assert "no known community" in page
    assert "—" in page
