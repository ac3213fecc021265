"""Money for communities: closed by project, community and year it is the same money; what is not known is a range, never nothing."""

import csv
import datetime as dt
import io
from decimal import Decimal as D
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning_check.report.console.funds import WIDTH, funds_csv, funds_lines
from planning_check.report.console.layout import display_width
from planning_check.report.told.funds import BY, Span, closed
from planning_check.store import FundRow

RUN = SimpleNamespace(id=3, as_of=dt.date(2011, 6, 30))


def line(project, what, yuan, on=None, *, item="B1", counts="yes", community=None, own=None, used=None, listed="yes", to=None):
    first, last = (dt.date.fromisoformat(day) if day else None for day in (on, to or on))
    register = "payments" if item.startswith("Z") else "deposits"
    return FundRow(
        project, project and f"{project}苑", "990101", "甲区", listed, community, community and f"{community}社区", own,
        first.year if first and first.year == last.year else None, what, register, item,
        None if yuan is None else D(yuan), counts, used, first, last,
    )  # fmt: skip


ROWS = [
    line("P1", "forfeited", "400.00", "2009-12-01", item="B1", community="C1"),
    line("P1", "in_lieu", "100.00", "2010-02-01", item="Z1", community="C1"),
    line("P1", "credited", "300.00", "2010-03-01", item="B2", community="C2", own="no", used="other"),
    line("P2", "forfeited", "50.00", "2010-05-01", item="B3", community="C2"),
    line("P2", "credited", "80.50", "2011-05-01", item="B4", community="C2", own="yes", used="services"),
    line("P3", "in_lieu", "70.00", "2011-06-01", to="2011-07-31", item="Z3", counts="unknown"),
    line("P3", "in_lieu", "999.00", "2011-09-01", item="Z4", counts="no"),
    line("P4", "forfeited", "20.00", "2008-01-01", item="B5", listed="no"),
]  # fmt: skip
UNREAD = line("P5", "unread", None, counts="unknown")


def groups(rows, by):
    return {group.code: group for group in closed(RUN, rows, by).groups}


def test_by_project_what_waits_since_when_and_what_is_too_much():
    found = groups(ROWS, "project")
    assert list(found) == ["P1", "P3", "P4", "P2"]
    assert (found["P1"].on_the_way, found["P1"].since) == (Span(D(200), D(200)), (dt.date(2009, 12, 1),) * 2)
    assert (found["P2"].balance, found["P2"].beyond, found["P2"].since) == (
        Span(D("-30.50"), D("-30.50")),
        Span(D("30.50"), D("30.50")),
        None,
    )
    assert (found["P3"].came, found["P3"].on_the_way, found["P3"].since) == (Span(D(0), D(70)), Span(D(0), D(70)), None)
    assert found["P4"].unlisted


def test_the_oldest_money_is_credited_first():
    paid = line("P1", "credited", "400.00", "2010-03-01", item="B9", community="C1", own="yes")
    assert groups([*ROWS[:2], paid], "project")["P1"].since == (dt.date(2010, 2, 1),) * 2


def test_by_community_what_is_for_it_what_it_got_and_whose():
    found = groups(ROWS, "community")
    assert (found["C1"].came, found["C1"].credited, found["C1"].balance) == (Span(D(500), D(500)), Span(), Span(D(500), D(500)))
    assert (found["C2"].came.least, found["C2"].credited.least, found["C2"].elsewhere.least, found["C2"].balance.least) == (
        50,
        D("380.50"),
        300,
        D("-330.50"),
    )
    assert found[""].came == Span(D(20), D(90)), "nobody told for whom"


def test_by_year_each_opens_with_what_the_last_closed_with():
    found = groups([*ROWS, line("P1", "in_lieu", 7, "2009-12-01", to="2010-01-31", item="Z9", community="C1")], "year")
    assert list(found) == ["2008", "2009", "2010", "2011", ""]
    assert (found["2011"].came, found["2011"].balance, found[""].balance) == (
        Span(D(0), D(70)),
        Span(D("189.50"), D("259.50")),
        Span(D("196.50"), D("266.50")),
    )
    told = [found[year] for year in ("2008", "2009", "2010", "2011")]
    assert [(g.opening.least, g.came.least, g.credited.least, g.balance.least) for g in told] == [
        (0, 20, 0, 20), (20, 400, 0, 420), (420, 150, 300, 270), (270, 0, D("80.50"), D("189.50")),
    ]  # fmt: skip
    assert all(g.balance.least == g.opening.least + g.came.least - g.credited.least for g in told)


def test_money_of_one_payment_is_credited_only_where_it_came_in():
    rows = [
        line("P1", "in_lieu", 70, "2011-06-01", item="Z1", counts="unknown"),
        line("P1", "credited", 70, "2011-06-01", item="Z1", counts="unknown"),
    ]
    assert groups(rows, "project")["P1"].balance == Span(D(0), D(70)), "it cannot be credited and not have come in"


def test_what_was_not_read_is_open_and_in_no_sum():
    found = closed(RUN, [*ROWS, UNREAD], "project")
    assert [group.code for group in found.groups if group.is_open] == ["P5"]
    assert (found.total.is_open, found.unread, found.on_the_way) == (True, ("P5",), closed(RUN, ROWS, "project").on_the_way)
    page = "\n".join(funds_lines(found, "zh"))
    assert next(part for part in page.splitlines() if part.startswith("  P5")).split()[2:] == ["不明"] * 4
    assert "已读合计" in page and "没读出" in page


def test_a_register_that_was_not_delivered_leaves_every_sum_open():
    rows = [*ROWS, line(None, "not_delivered", None, item="Z", counts="unknown")]
    for by in BY:
        assert all(group.is_open for group in closed(RUN, rows, by).groups)
    page = "\n".join(funds_lines(closed(RUN, rows, "project"), "en"))
    assert "On the way: unknown" in page
    assert "'payments in lieu' was not delivered" in page


def test_nothing_came_in():
    assert "没有没收款" in "\n".join(funds_lines(closed(RUN, [], "project"), "zh"))


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("by", BY)
def test_the_text_fits_eighty_columns_and_names_lowest_and_highest(lang, by):
    lines = funds_lines(closed(RUN, [*ROWS, UNREAD], by), lang, full=True)
    for text in lines:
        assert display_width(text) <= WIDTH, text
        text.encode("gbk")
    assert ("最高" if lang == "zh" else "highest") in "\n".join(lines)


def test_csv_runs_no_formula_and_says_what_is_unknown():
    evil = FundRow(**{**vars(ROWS[0]), "project_id": "P0", "project_name": '=cmd|"x"!A0'})
    text = "".join(funds_csv(closed(RUN, [*ROWS, UNREAD, evil], "project")))
    read = {row["code"]: row for row in csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))}
    assert read["P0"]["name"] == '\'=cmd|"x"!A0'
    assert (read["P2"]["balance_least_yuan"], read["P3"]["came_least_yuan"], read["P3"]["came_most_yuan"]) == ("-30.50", "0.00", "70.00")
    assert [read["P5"][n] for n in ("came_least_yuan", "credited_most_yuan", "balance_most_yuan", "waiting_since_first", "is_whole")] == [
        *["unknown"] * 4,
        "no",
    ]
    assert (read["P4"]["in_ledger"], read["P3"]["waiting_since_first"], read["P2"]["waiting_since_first"]) == ("no", "unknown", "")


MOVED = st.tuples(
    st.sampled_from(["P1", "P2", "P3"]), st.sampled_from(["forfeited", "in_lieu", "credited"]), st.decimals("0.01", "99", places=2),
    st.dates(dt.date(2007, 1, 1), dt.date(2011, 6, 30)).map(str), st.sampled_from(["yes", "yes", "no", "unknown"]),
    st.sampled_from(["C1", "C2", None]), st.booleans(), st.booleans(),
)  # fmt: skip


def moved(found):
    for number, (project, what, yuan, on, counts, community, is_own, is_twin) in enumerate(found):
        item = f"{'Z' if what == 'in_lieu' else 'B'}{number}"
        own = None if what != "credited" else "unknown" if not community else "yes" if is_own else "no"
        yield line(
            project,
            what,
            yuan,
            on,
            item=item,
            counts=counts,
            community=community,
            own=own,
            to="2011-07-31" if counts == "unknown" else None,
        )
        if is_twin and what != "credited":  # credited straight away
            yield line(
                project,
                "credited",
                yuan,
                on,
                item=item,
                counts="unknown" if counts == "yes" and is_own else counts,
                community="C1",
                own="yes",
            )


@given(st.lists(MOVED, max_size=12))
def test_by_project_community_and_year_it_is_the_same_money(found):
    rows = list(moved(found))
    views = [closed(RUN, rows, by) for by in BY]
    for view in views:
        assert (view.total, view.on_the_way, view.beyond) == (views[0].total, views[0].on_the_way, views[0].beyond)
        for name in ("came", "credited", "elsewhere"):
            assert sum((getattr(group, name) for group in view.groups), Span()) == getattr(view.total, name)
    total = views[0].total
    assert sum((group.balance for group in views[0].groups), Span()) == total.balance
    assert not views[2].groups or views[2].groups[-1].balance == total.balance
    exact = [group for group in views[0].groups if group.came.exact and group.credited.exact]
    assert all(group.balance.exact and group.came.least == group.credited.least + group.balance.least for group in exact)
    assert all(group.on_the_way.least + group.credited.least == group.came.least + group.beyond.least for group in exact)
    if len(exact) == len(views[0].groups):
        assert total.came.least + views[0].beyond.least == total.credited.least + views[0].on_the_way.least


@given(st.lists(MOVED, max_size=5))
def test_lowest_and_highest_are_those_of_all_ways_in_which_it_can_be(found):
    rows = list(moved(found))
    open_ = sorted({(row.project_id, row.item, row.what == "credited") for row in rows if row.counts == "unknown"})
    ways = []
    for mask in range(2 ** len(open_)):
        chosen = {key: bool(mask >> n & 1) for n, key in enumerate(open_)}
        counts = [chosen.get((row.project_id, row.item, row.what == "credited"), row.counts == "yes") for row in rows]
        came = {row.item: is_in for row, is_in in zip(rows, counts, strict=True) if row.what != "credited"}
        if all(came.get(row.item, True) for row, is_in in zip(rows, counts, strict=True) if row.what == "credited" and is_in):
            ways.append(
                sum((row.yuan * (-1 if row.what == "credited" else 1) for row, is_in in zip(rows, counts, strict=True) if is_in), D(0))
            )
    assert closed(RUN, rows, "project").total.balance == Span(min(ways), max(ways))
