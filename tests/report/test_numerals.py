"""Capital numerals by example and by reading them back; days in words."""

import datetime as dt
import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning_check.report.notices.numerals import capital_yuan, day_text, day_words

DIGITS = {d: i for i, d in enumerate("零壹贰叁肆伍陆柒捌玖")}
PLACES = {"拾": 10, "佰": 100, "仟": 1000}


def read_back(text):
    """The amount in fen, read as a person would: every digit times its place."""
    text = text.removesuffix("整")
    whole, _, rest = text.rpartition("元") if "元" in text else ("", "", text)
    total = group = digit = 0
    over_100_million = 0
    for sign in whole:
        if sign in DIGITS:
            digit = DIGITS[sign]
        elif sign in PLACES:
            group, digit = group + digit * PLACES[sign], 0
        elif sign == "万":
            total, group, digit = total + (group + digit) * 10_000, 0, 0
        else:
            assert sign == "亿"
            over_100_million, total, group, digit = (over_100_million + total + group + digit) * 10**8, 0, 0, 0
    fen = (over_100_million + total + group + digit) * 100
    for sign in rest:
        if sign in DIGITS:
            digit_of_rest = DIGITS[sign]
        else:
            fen += digit_of_rest * {"角": 10, "分": 1}[sign]
    return fen


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("123456.78", "壹拾贰万叁仟肆佰伍拾陆元柒角捌分"),
        ("260000", "贰拾陆万元整"),
        ("0", "零元整"),
        ("0.05", "伍分"),
        ("0.50", "伍角整"),
        ("10.05", "壹拾元零伍分"),
        ("1409.50", "壹仟肆佰零玖元伍角整"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("107000.53", "壹拾万柒仟元伍角叁分"),
        ("100000001", "壹亿零壹元整"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("11000", "壹万壹仟元整"),
        ("210000000", "贰亿壹仟万元整"),
        ("10000100.05", "壹仟万零壹佰元零伍分"),
        ("1010", "壹仟零壹拾元整"),
        ("100010000", "壹亿零壹万元整"),
        ("20010000", "贰仟零壹万元整"),
        ("100001000", "壹亿零壹仟元整"),
        ("-1", "负壹元整"),
        ("0.005", "壹分"),
        ("-0.005", "负壹分"),
        ("11000", "壹万壹仟元整"),
        ("210000000", "贰亿壹仟万元整"),
        ("100100000", "壹亿零壹拾万元整"),
        ("1001000", "壹佰万壹仟元整"),
        ("10010", "壹万零壹拾元整"),
        ("10950", "壹万零玖佰伍拾元整"),
        ("109500000", "壹亿零玖佰伍拾万元整"),
        ("10000.01", "壹万元零壹分"),
        ("1001", "壹仟零壹元整"),
        ("1010101.10", "壹佰零壹万零壹佰零壹元壹角整"),
        (
            "99999999999999999999.99",
            "玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分",
        ),
    ],
)
def test_by_example(amount, text):
    assert capital_yuan(Decimal(amount)) == text


@given(st.integers(0, 10**17 - 1))
def test_reads_back_as_the_same_amount(fen):
    text = capital_yuan(Decimal(fen) / 100)
    assert read_back(text) == fen
    assert "零零" not in text
    assert text.endswith("分") != text.endswith("整")


@given(
    st.one_of(st.integers(1, 10**12 - 1), st.lists(st.sampled_from("00001"), min_size=1, max_size=11).map(lambda d: int("1" + "".join(d))))
)
def test_every_zero_is_where_the_digits_written_out_have_it(yuan):
    """The way of the textbooks: write every digit with its place, then leave out places without a number and all but one 零 of a row."""
    places = ["", "拾", "佰", "仟", "万", "拾", "佰", "仟", "亿", "拾", "佰", "仟"]
    written = "".join("零壹贰叁肆伍陆柒捌玖"[int(d)] + place for d, place in zip(str(yuan), places[len(str(yuan)) - 1 :: -1], strict=True))
    written = re.sub("零[拾佰仟]", "零", written)
    written = re.sub("零+(?=[万亿])", "", written)
    written = re.sub("零+", "零", written.replace("亿万", "亿零")).rstrip("零")
    assert capital_yuan(Decimal(yuan)) == f"{written}元整"


def test_absurd_amounts_are_refused():
    for sign in (1, -1):
        with pytest.raises(ValueError, match="100000"):
            capital_yuan(sign * Decimal(10) ** 20)


def test_days():
    day = dt.date(2011, 6, 30)
    assert (day_text(day, "zh"), day_words(day, "zh"), day_text(day, "en")) == ("2011年6月30日", "二〇一一年六月三十日", "30 June 2011")
    assert day_words(dt.date(2020, 10, 11), "zh") == "二〇二〇年十月十一日"
    assert day_words(dt.date(2001, 12, 20), "zh") == "二〇〇一年十二月二十日"
