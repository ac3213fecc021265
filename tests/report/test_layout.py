"""Text laid out by display width: nothing lost, nothing too wide."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning_check.report.console.layout import HARD_SPACE, Columns, cut, display_width, pad, table, wrap
from planning_check.report.told.numbers import number, percent

TEXT = st.text("规划验收（面积）㎡，。ab 12.5-_/", max_size=200)


def test_chinese_takes_two_columns():
    assert display_width("规划ab㎡") == 4 + 2 + 2
    assert pad("规划", 6) == "规划  "
    assert pad("1.5", 6, right=True) == "   1.5"
    assert cut("规划验收", 8) == "规划验收"
    assert cut("规划验收表", 8) == "规划验.."


@given(TEXT, st.integers(66, 120))
def test_wrapping_keeps_within_the_width_and_loses_nothing(text, width):
    lines = wrap(text, width, indent="  ", hanging="    ")
    assert all(display_width(line) <= width + 2 for line in lines)  # closing punctuation may hang
    assert "".join("".join(lines).split()) == "".join(text.split())


@given(st.text(max_size=60), st.integers(2, 40))
def test_cutting_keeps_within_the_width(text, width):
    assert display_width(cut(text, width)) <= max(width, 2)


def test_closing_punctuation_never_begins_a_line_nor_opening_ends_one():
    lines = wrap("一二三四五，六七八九十（一二三四五）六七八九十", 12)
    assert not any(line[0] in "，）" for line in lines)
    assert not any(line[-1] in "（" for line in lines)


def test_a_hard_space_is_no_place_to_break():
    assert wrap(f"aaaa bbbb{HARD_SPACE}12", 10) == ["aaaa", "bbbb 12"]


def test_the_text_column_gives_way_not_the_numbers():
    lines = table(["name", "yuan"], [["x" * 200, "1,234,567.00"]], numbers=(1,), width=60)
    assert all(display_width(line) <= 60 for line in lines)
    assert lines[1].endswith("..  1,234,567.00")


def test_a_total_is_set_off_only_below_several_rows():
    assert len(table(["a", "b"], [["x", "1"], ["total", "1"]], total=True)) == 4
    assert len(table(["a", "b"], [["total", "1"]], total=True)) == 2


def test_later_rows_are_cut_to_measured_columns():
    columns = Columns.fit(["a"], [["short"]], indent="")
    assert columns.line(["much longer"]) == "muc.."


def test_a_line_break_in_a_cell_is_a_space():
    assert table(["a"], [["one\ntwo"]])[1].strip() == "one two"


@pytest.mark.parametrize(
    ("value", "shown"),
    [(None, ""), (1234, "1,234"), (Decimal("1234.50"), "1,234.50"), (Decimal("-0.01"), "-0.01"), (Decimal("0"), "0")],
)
def test_numbers(value, shown):
    assert number(value) == shown


def test_shares_are_rounded_half_up_and_of_nothing_there_is_none():
    assert percent(23, 129) == "17.83 %"
    assert percent(115, 129) == "89.15 %"
    assert percent(1, 16) == "6.25 %"
    assert percent(1, 800) == "0.13 %"
    assert percent(0, 0) == "-"
