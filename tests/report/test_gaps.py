"""Movements of money that do not match are named one by one; what may still be explained by what was not read is not."""

from decimal import Decimal as D

import pytest

from planning_check.errors import Place
from planning_check.report.console.gaps import gaps_csv, gaps_lines
from planning_check.report.console.layout import display_width
from planning_check.report.told.funds import Span, closed
from planning_check.report.told.gaps import Gap, gaps
from tests.report.test_funds import ROWS, RUN, UNREAD, line


def found(rows):
    return gaps(rows, closed(RUN, rows, "project").projects)


def told(rows):
    return {(gap.kind, gap.row.project_id, gap.row.item) for gap in found(rows)}


def test_each_movement_is_named_with_why():
    assert told(ROWS) == {
        ("part_credited", "P1", "B1"), ("part_credited", "P1", "Z1"), ("elsewhere", "P1", "B2"), ("beyond", "P2", "B4"),
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
    ("zh", ("来款后从未拨付：1 笔，20.00 元", "甲.xlsx > 保证金 > 第 5 行 > D 列", "记录里没有存出处", "P5")),
    ("en", ("came in, never credited: 1, 20.00 yuan", "row 5 > column D", "not kept", "P5")),
])  # fmt: skip
def test_every_line_says_where_it_stands_or_that_this_is_not_kept(lang, words):
    rows = [*ROWS, UNREAD]
    gone = [Gap(g.kind, g.row, g.left, Place("甲.xlsx", "保证金", 5, "D") if g.row.item == "B5" else None) for g in found(rows)]
    lines = gaps_lines(closed(RUN, rows, "project"), gone, lang)
    assert all(display_width(text) <= 80 for text in lines)
    assert all(word in " ".join(" ".join(lines).split()) for word in words)
    assert len(list(gaps_csv(gone, lang))) == len(gone) + 1
    assert "=" not in gaps_lines(closed(RUN, [], "project"), [], lang)[0]
