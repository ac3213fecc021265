"""Movements of money that do not match are named one by one; what may still be explained by what was not read is not."""

import csv
import datetime as dt
from dataclasses import replace
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning_check.errors import Place
from planning_check.report.console.gaps import gaps_csv, gaps_lines
from planning_check.report.console.layout import display_width
from planning_check.report.told.covering import not_credited, uncovered, used_without
from planning_check.report.told.funds import Span, closed
from planning_check.report.told.gaps import KINDS, Gap, gaps
from tests.report.test_funds import ROWS, RUN, UNREAD, line


def found(rows):
    return gaps(rows, closed(RUN, rows, "project"))


def told(rows):
    return {(gap.kind, gap.row.project_id, gap.row.item) for gap in found(rows)}


def test_each_movement_is_named_with_why():
    assert told(ROWS) == {
        ("part_credited", "P1", "B1"), ("never_credited", "P1", "Z1"), ("elsewhere", "P1", "B2"), ("beyond", "P2", "B4"),
        ("not_known", "P3", "Z3"), ("never_credited", "P4", "B5"), ("unlisted", "P4", "B5"),
    }  # fmt: skip
    assert next(gap.left for gap in found(ROWS) if gap.kind == "beyond") == Span(D("-30.50"), D("-30.50"))


def test_a_credit_of_which_nothing_came_in_has_no_origin():
    assert told([line("P7", "credited", "9.00", "2010-01-01", community="C1", own="yes", used="services")]) == {("no_origin", "P7", "B1")}
    assert ("no_origin", "P7", "B1") not in told([line("P7", "credited", "9.00", "2010-01-01", counts="no")])


def test_a_payment_that_was_credited_whole_is_matched():
    rows = [
        line("P1", "in_lieu", "5.00", "2010-01-01", item="Z1"), line("P1", "in_lieu", "7.00", "2010-01-01", item="Z2"),
        line("P1", "credited", "7.00", "2010-03-01", item="Z2", community="C1", own="yes", used="services"),
    ]  # fmt: skip
    assert told(rows) == {("never_credited", "P1", "Z1")}
    assert told(rows[1:]) == set()


def parts(rows):
    return {(gap.kind, gap.row.item): (gap.yuan.least, gap.yuan.most) for gap in found(rows) if gap.part}


def forfeited(yuan, on, item="B1", **told):
    return line("P1", "forfeited", yuan, on, item=item, **told)


def credited(yuan, on, item="B9", **told):
    return line("P1", "credited", yuan, on, item=item, **({"community": "C1", "own": "yes", "used": "services"} | told))


def used(yuan, on, item="Z1", **told):
    return line("P1", "used", yuan, on, item=item, **({"used": "services"} | told))


def test_of_what_went_out_the_uncovered_part_is_told_in_the_order_of_days():
    rows = [forfeited("180.00", "2010-12-20"), credited("180.00", "2011-01-24"), credited("20.00", "2011-05-20", "B10")]
    assert parts(rows) == {("beyond", "B10"): (20, 20)}, "the first credit is covered"
    rows[2] = credited("20.00", "2011-01-23", "B10")
    assert parts(rows) == {("beyond", "B9"): (20, 20)}, "the later one of the two, whatever its number"
    assert parts([*rows, forfeited("20.00", "2011-03-01", "B11")]) == {("early", "B9"): (20, 20)}, "it came in after it went out"


def test_what_came_in_is_credited_oldest_first():
    rows = [forfeited("100.00", "2010-02-01", "B2"), forfeited("100.00", "2010-01-01", "B1"), credited("130.00", "2010-03-01")]
    assert parts(rows) == {("part_credited", "B2"): (70, 70)}
    rows[2] = credited("30.00", "2010-03-01")
    assert parts(rows) == {("part_credited", "B1"): (70, 70), ("never_credited", "B2"): (100, 100)}


def test_credited_before_it_came_in():
    assert parts([credited("100.00", "2010-01-01"), forfeited("100.00", "2010-01-02")]) == {("early", "B9"): (100, 100)}
    assert parts([credited("100.00", "2010-01-02"), forfeited("100.00", "2010-01-02")]) == {}, "of one day what comes in is first"
    assert parts([credited("100.00", "2010-01-15"), forfeited("40.00", "2010-01-01"), forfeited("60.00", "2010-02-01", "B2")]) == {
        ("early", "B9"): (60, 60)
    }
    assert parts([credited("100.00", "2010-01-15"), forfeited("100.00", "2010-01-01", to="2010-01-31")]) == {
        ("order_unknown", "B9"): (0, 100)
    }, "some day of January"
    paid = [line("P1", "in_lieu", "50.00", "2010-02-01", item="Z1"), credited("50.00", "2010-01-01", "Z1")]
    assert parts(paid) == {("early", "Z1"): (50, 50)}
    assert parts([paid[0], credited("50.00", "2010-03-01", "Z1")]) == {}
    booked = [forfeited("50.00", "2010-02-01", to="2010-02-28"), credited("50.00", "2010-02-01", "B1", to="2010-02-28")]
    assert parts(booked) == {}, "forfeited straight to the community: one event has one day"


def test_used_without_a_credit_is_named_by_what_nothing_covers():
    assert told([line("P1", "in_lieu", "50.00", "2010-02-01", item="Z1"), used("50.00", "2010-02-01")]) == {
        ("never_credited", "P1", "Z1"), ("used_uncredited", "P1", "Z1"),
    }  # fmt: skip
    in_two = [forfeited("80.00", "2010-01-01", "B1"), forfeited("40.00", "2010-02-01", "B2"), used("80.00", "2010-01-01", "B1"),
              used("40.00", "2010-02-01", "B2")]  # fmt: skip
    assert parts([*in_two, credited("120.00", "2010-03-01")]) == {}, "credited afterwards: nobody tells the day of a use"
    assert parts([*in_two, credited("90.00", "2010-03-01")]) == {("used_uncredited", "B2"): (30, 30), ("part_credited", "B2"): (30, 30)}
    assert parts([*in_two, credited("120.00", "2010-03-01", counts="unknown")]) == {
        ("used_uncredited", "B1"): (0, 80), ("used_uncredited", "B2"): (0, 40),
    }, "a credit of which nobody knows whether it happened"  # fmt: skip


def test_only_a_credit_to_the_same_community_covers_a_use():
    rows = [forfeited("80.00", "2010-01-01"), used("80.00", "2010-01-01", "B1", community="C1")]
    assert ("used_uncredited", "B1") not in parts([*rows, credited("80.00", "2010-02-01")])
    assert parts([*rows, credited("80.00", "2010-02-01", community="C2")]) == {("used_uncredited", "B1"): (80, 80)}
    assert parts([*rows, credited("80.00", "2010-02-01", community=None, own="unknown")]) == {("used_uncredited", "B1"): (0, 80)}
    whose = [rows[0], used("80.00", "2010-01-01", "B1")]
    assert parts([*whose, credited("80.00", "2010-02-01", community="C9", own="no")]) == {("used_uncredited", "B1"): (80, 80)}
    assert parts([*whose, credited("80.00", "2010-02-01", community="C2")]) == {}, "another of the project's own"
    other = line("P2", "credited", "80.00", "2010-02-01", item="B7", community="C1", own="yes", used="services")
    assert parts([*whose, other])["used_uncredited", "B1"] == (80, 80), "a credit of another project"
    both = [*rows, forfeited("80.00", "2010-01-02", "B2"), used("80.00", "2009-01-02", "B2")]
    two = [credited("80.00", "2010-02-01"), credited("80.00", "2010-02-01", "B8", community="C2")]
    assert parts([*both, *two]) == {}, "the use that names no community leaves the other its credit"


def test_money_that_was_given_back_or_only_held_can_be_neither_credited_nor_used():
    refunded = line("P1", "in_lieu", "50.00", "2009-02-01", item="Z1", counts="no")
    never = line("P1", "in_lieu", "50.00", item="Z1", counts="no")
    out = {"counts": "no", "item": "Z1"}
    assert told([refunded, credited("50.00", "2009-03-01", **out)]) == {("given_back", "P1", "Z1")}
    assert told([never, credited("50.00", "2009-03-01", **out)]) == {("given_back", "P1", "Z1")}
    assert told([refunded, credited("50.00", "2011-12-01", **out)]) == set(), "to come"
    assert told([refunded, credited("50.00", None, **out)]) == {("not_known", "P1", "Z1")}
    assert told([never, credited("50.00", None, **out)]) == set(), "a community is named, and nothing has moved"
    for payment in (refunded, never):
        assert told([payment, used("50.00", "2009-02-01")]) == {("used_given_back", "P1", "Z1")}
    assert told([used("70.00", "2009-02-01", "B5")]) == {("used_held", "P1", "B5")}
    assert told([used("70.00", "2009-02-01", "B5", used="not_read", counts="unknown")]) == {("not_known", "P1", "B5")}


def test_of_a_project_with_rows_that_were_not_read_no_use_is_said_to_be_without_credit():
    rows = [used("50.00", "2010-02-01")]
    assert ("used_uncredited", "P1", "Z1") in told(rows)
    assert told([*rows, line("P1", "unread", None, counts="unknown")]) == set(), "the credit may be the row that was not read"
    assert told([*rows, line(None, "not_delivered", None, counts="unknown")]) == set()


def test_uses_are_in_no_sum_of_what_came_in_or_was_credited():
    rows = [line("P1", "in_lieu", "50.00", "2010-02-01", item="Z1"), used("50.00", "2010-02-01")]
    assert closed(RUN, rows, "project") == closed(RUN, rows[:1], "project")


@pytest.mark.parametrize(("lang", "words"), [("zh", ("其中对不上 30.00", "拨付多于来款：1 笔，30.00 元", "使用日期没有报送")),
                                             ("en", ("of it unmatched 30.00", "in: 1, 30.00 yuan", "the day of a use"))])  # fmt: skip
def test_the_part_is_told_beside_the_sum_and_the_day_of_a_use_is_not_pretended(lang, words):
    rows = [forfeited("50.00", "2010-01-01"), credited("80.00", "2010-02-01"), line("P2", "used", "70.00", "2009-02-01", item="B5")]
    text = " ".join(" ".join(gaps_lines(closed(RUN, rows, "project"), found(rows), lang)).split())
    assert all(word in text for word in words), text
    cells = {row[6]: row for row in csv.reader(gaps_csv(found(rows), lang))}
    beyond = cells[KINDS["beyond"].get(lang)]
    assert (beyond[4], beyond[7], beyond[8]) == ("80.00", "30.00", "-30.00")


def test_of_what_was_not_read_whole_nothing_is_told():
    forfeited = line("P5", "forfeited", "5.00", "2010-01-01")
    assert told([forfeited]) == {("never_credited", "P5", "B1")}
    assert told([forfeited, UNREAD]) == set()
    nowhere = line(None, "not_delivered", None, counts="unknown")
    assert told([forfeited, nowhere]) == set()
    assert told([line("P5", "credited", "5.00", "2010-01-01", community=None, own="unknown")]) >= {
        ("whose_unknown", "P5", "B1"), ("use_unknown", "P5", "B1"),
    }  # fmt: skip


@pytest.mark.parametrize(("lang", "words"), [
    ("zh", ("来款后从未拨付：2 笔，120.00 元", "甲.xlsx > 保证金 > 第 5 行 > D 列", "记录里没有存出处", "P5")),
    ("en", ("came in, never credited: 2, 120.00 yuan", "row 5 > column D", "not kept", "P5")),
])  # fmt: skip
def test_every_line_says_where_it_stands_or_that_this_is_not_kept(lang, words):
    rows = [*ROWS, UNREAD]
    gone = [Gap(g.kind, g.row, g.part, g.left, Place("甲.xlsx", "保证金", 5, "D") if g.row.item == "B5" else None) for g in found(rows)]
    lines = gaps_lines(closed(RUN, rows, "project"), gone, lang)
    assert all(display_width(text) <= 80 for text in lines)
    assert all(word in " ".join(" ".join(lines).split()) for word in words)
    assert len(list(gaps_csv(gone, lang))) == len(gone) + 1
    assert "=" not in gaps_lines(closed(RUN, [], "project"), [], lang)[0]


MOVE = st.tuples(st.booleans(), st.integers(1, 9), st.integers(1, 28), st.integers(0, 2), st.sampled_from(["yes", "yes", "unknown"]))
MOVES = st.lists(MOVE, max_size=8)


def moved(moves):
    """(came in, went out) of moves, each on a day that may be a few days later than told."""
    came, went = [], []
    for number, (is_out, yuan, day, more, counts) in enumerate(moves):
        on, to = (f"2010-01-{last:02d}" for last in (day, day + more))
        if is_out:
            went.append(credited(yuan, on, f"B{number}", to=to, counts=counts))
        else:
            came.append(forfeited(yuan, on, f"B{number}", to=to, counts=counts))
    return came, went


@given(MOVES)
def test_where_all_is_known_what_is_uncovered_is_what_is_short_and_what_is_left_the_rest(moves):
    came, went = moved([(is_out, yuan, day, 0, "yes") for is_out, yuan, day, _, _ in moves])
    short = sum(row.yuan for row in went) - sum(row.yuan for row in came)
    found = uncovered(came, went)
    assert all(one.early.exact and one.never.exact for one in found)
    assert sum(one.never.least for one in found) == max(short, 0)
    assert sum(span.least for span in not_credited(came, went)) == max(-short, 0)
    for row, one in zip(went, found, strict=True):
        there = sum(other.yuan for other in came if other.on_lo <= row.on_lo)
        gone = sum(other.yuan for other in went if other.on_lo < row.on_lo)
        assert 0 <= one.early.least + one.never.least <= row.yuan
        assert one.early.least + one.never.least >= min(row.yuan, gone + row.yuan - there), "at least what its own day lacks"


@given(MOVES, st.data())
def test_the_ends_hold_whatever_happened_and_on_whatever_day(moves, data):
    came, went = moved(moves)
    known = []
    for row in (*came, *went):
        on = row.on_lo + dt.timedelta(days=data.draw(st.integers(0, (row.on_hi - row.on_lo).days)))
        counts = data.draw(st.sampled_from(["yes", "no"])) if row.counts == "unknown" else "yes"
        known.append(replace(row, on_lo=on, on_hi=on, counts=counts))
    came_then, went_then = (
        [row for row in known if row.counts == "yes" and (row.what == "credited") == is_out] for is_out in (False, True)
    )
    least, most = (sum(getattr(one.never, end) for one, row in zip(uncovered(came, went), went, strict=True) if row.counts == "yes")
                   for end in ("least", "most"))  # fmt: skip
    sure = {row.item for row in went if row.counts == "yes"}
    then = sum(one.never.least for one, row in zip(uncovered(came_then, went_then), went_then, strict=True) if row.item in sure)
    assert least <= then <= most


def test_who_may_have_been_paid_before_takes_from_who_was_paid_for_certain():
    """Of the same money a payment of which nobody knows whether it happened may have been made on the day before."""
    came, went = moved([(False, 1, 1, 0, "yes"), (True, 1, 1, 1, "yes"), (True, 1, 2, 0, "unknown")])
    assert [one.never for one in uncovered(came, went)] == [Span(D(0), D(1)), Span(D(0), D(0))]


def test_a_use_takes_from_the_credits_of_its_community_before_those_that_name_none():
    """Two uses that two credits cover are covered, in whatever order the register has them."""
    credits_ = [credited(5, "2010-01-01", community=None, own="unknown"), credited(5, "2010-01-01", "B8", community="C1")]
    uses = [used(5, "2010-01-01", community="C1"), used(5, "2010-01-01", "Z2", community="C2")]
    for order in (credits_, credits_[::-1]):
        assert [span.least for span in used_without(uses, order)] == [0, 0]


PART = st.tuples(st.integers(1, 3), st.sampled_from(["C1", "C2", "C3", None]))


@given(st.lists(PART, max_size=4), st.lists(PART, max_size=4))
def test_the_least_that_no_credit_covers_is_what_no_way_to_pair_them_covers(uses, credits_):
    """Yuan by yuan, by augmenting paths: another way than taking them in an order."""
    taken = [used(yuan, "2010-01-01", f"Z{n}", community=code) for n, (yuan, code) in enumerate(uses)]
    given_ = [credited(yuan, "2010-01-01", f"B{n}", community=code, own={"C3": "no", None: "unknown"}.get(code, "yes"))
              for n, (yuan, code) in enumerate(credits_)]  # fmt: skip
    lacking = [row for row in taken for _ in range(int(row.yuan))]
    there = [row for row in given_ for _ in range(int(row.yuan))]
    pays: dict[int, int] = {}

    def fits(use, credit):
        if use.community_code and credit.community_code:
            return use.community_code == credit.community_code
        return bool(use.community_code) or credit.is_own != "no"

    def found_for(place, seen):
        for other, credit in enumerate(there):
            if other not in seen and fits(lacking[place], credit):
                seen.add(other)
                if other not in pays or found_for(pays[other], seen):
                    pays[other] = place
                    return True
        return False

    for place in range(len(lacking)):
        found_for(place, set())
    assert sum(span.least for span in used_without(taken, given_)) == len(lacking) - len(pays)
