"""Every value that is typed, against a plain Python reckoning of it; whole columns at a time."""

from __future__ import annotations

import calendar
import datetime as dt
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from planning_check.ingest.blanks import BLANKS
from planning_check.ingest.plain import plain, plain_sql
from planning_check.ingest.units import CELL_UNITS, UNITS
from planning_check.ingest.values import LIMITS
from planning_check.schema import BY_NAME
from tests.ingest.typing_cells import AREA, CON, DATE, HOUSEHOLDS, MONEY, QUICK, script, typed


def half_up(value: Fraction, places: int = 2) -> Decimal:
    """Exact, without a float: the nearest hundredth, halves away from zero."""
    scaled = value * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(whole).scaleb(-places)


def as_written(value: Decimal, style: str) -> str:
    text = f"{value:,f}" if style == "separators" else f"{value:f}"
    if style == "full width":
        text = text.translate(str.maketrans("0123456789.", "０１２３４５６７８９．"))
    return f"  {text}\u3000\n" if style == "spaces" else text


numbers = st.decimals(min_value=0, max_value=99_999_999, allow_nan=False, places=None).map(abs)
written = st.tuples(numbers, st.sampled_from(["plain", "separators", "full width", "spaces"]))


@QUICK
@given(st.lists(written, min_size=1, max_size=60))
def test_areas_are_exact_to_the_hundredth(cells):
    values = typed(AREA, [as_written(v, style) for v, style in cells])
    assert values == [(v.quantize(Decimal("0.01"), ROUND_HALF_UP), None) for v, _ in cells]


@QUICK
@given(st.lists(st.tuples(numbers, st.sampled_from(sorted(CELL_UNITS["m2"]))), min_size=1, max_size=60))
def test_a_unit_in_the_cell_counts_exactly(cells):
    values = typed(AREA, [f"{v:f}{unit}" for v, unit in cells], times="10000")  # whatever the header says
    for (v, unit), (value, code) in zip(cells, values, strict=True):
        exact = Fraction(v) * CELL_UNITS["m2"][unit]
        expected = half_up(exact)
        assert (value, code) == ((expected, None) if expected <= LIMITS["area"] else (None, "out_of_range"))


@QUICK
@given(st.lists(numbers, min_size=1, max_size=60), st.sampled_from(sorted(set(UNITS["m2"].values()) | set(UNITS["yuan"].values()))))
def test_a_unit_in_the_header_counts_exactly(cells, factor):
    values = typed(MONEY, [f"{v:f}" for v in cells], str(factor.numerator), str(factor.denominator))
    for v, (value, code) in zip(cells, values, strict=True):
        expected = half_up(Fraction(v) * factor)
        assert (value, code) == ((expected, None) if expected <= LIMITS["money"] else (None, "out_of_range"))


days = st.dates(dt.date(1980, 1, 1), dt.date(2100, 12, 31))
DAY_STYLES = {
    "iso": "{y:04d}-{m:02d}-{d:02d}", "slash": "{y}/{m}/{d}", "dot": "{y}.{m}.{d}", "packed": "{y:04d}{m:02d}{d:02d}",
    "chinese": "{y}年{m}月{d}日", "cell": "{y:04d}-{m:02d}-{d:02d} 00:00:00", "spaced": " {y} 年 {m} 月 {d} 日 ",
}  # fmt: skip
MONTH_STYLES = ["{y}年{m}月", "{y}-{m:02d}", "{y}.{m}", "{y}/{m}", "{y:04d}{m:02d}"]
YEAR_STYLES = ["{y}", "{y}年"]


@QUICK
@given(st.lists(st.tuples(days, st.sampled_from([*DAY_STYLES.values(), *MONTH_STYLES, *YEAR_STYLES])), min_size=1, max_size=80))
def test_dates_are_the_days_they_may_be(cells):
    values = typed(DATE, [style.format(y=v.year, m=v.month, d=v.day) for v, style in cells])
    for (v, style), value in zip(cells, values, strict=True):
        if style in YEAR_STYLES:
            expected = dt.date(v.year, 1, 1), dt.date(v.year, 12, 31)
        elif style in MONTH_STYLES:
            expected = v.replace(day=1), v.replace(day=calendar.monthrange(v.year, v.month)[1])
        else:
            expected = v, v
        assert value == (*expected, None)


@QUICK
@given(st.lists(st.tuples(st.integers(1900, 2200), st.integers(0, 14), st.integers(0, 33)), min_size=1, max_size=80))
def test_a_day_that_is_not_in_the_calendar_is_no_date(cells):
    for style in ("iso", "chinese", "packed"):
        values = typed(DATE, [DAY_STYLES[style].format(y=y, m=m, d=d) for y, m, d in cells])
        for (y, m, d), (low, high, code) in zip(cells, values, strict=True):
            if style == "iso" and (y, m, d) == (1900, 1, 0):
                assert code == "sentinel_date"
                continue
            exists = 1 <= m <= 12 and 1 <= d <= calendar.monthrange(y, m)[1]
            if not exists:
                assert (low, high, code) == (None, None, "no_such_date")
            elif (y, m, d) in ((1900, 1, 1), (1901, 1, 1), (1970, 1, 1), (2099, 12, 31)):
                assert (low, high, code) == (None, None, "sentinel_date")
            elif 1980 <= y <= 2100:
                assert (low, high, code) == (dt.date(y, m, d), dt.date(y, m, d), None)
            else:
                assert (low, high, code) == (None, None, "out_of_range")


any_text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)


@QUICK
@given(st.lists(st.none() | any_text | st.text("0123456789.,-+e年月日/万元㎡亩% ", max_size=12), min_size=1, max_size=60))
def test_any_text_is_a_value_or_a_problem_or_blank_never_two_of_them(cells):
    for spec in (AREA, MONEY, DATE, HOUSEHOLDS, *BY_NAME["offices"].fields[2:4], BY_NAME["projects"].field("uses")):
        for text, (*value, code) in zip(cells, typed(spec, cells), strict=True):
            blank = text is None or plain(text) in BLANKS
            assert not (value[0] is not None and code)
            if blank and spec.type not in ("choice", "bool"):
                assert (value[0], code) == (None, None)


@QUICK
@given(st.lists(script, min_size=1, max_size=60))
def test_plain_text_is_the_same_in_python_and_in_sql(cells):
    query = f"SELECT list_transform(?, lambda word: {plain_sql('word')})"
    assert CON.execute(query, [cells]).fetchall() == [([plain(c) for c in cells],)]
