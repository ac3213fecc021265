"""Units: every known one is exact, and none is too large or too small to be recorded."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning_check.ingest.headers import read_header
from planning_check.ingest.units import FOREIGN, UNITS, factor, in_millionths, is_unit, unit_at_end, units_at_start
from planning_check.ingest.values import LIMITS
from planning_check.store.types import Scaled
from tests.ingest.conftest import Folder
from tests.ingest.typing_cells import AREA, MONEY, QUICK, typed

FIELDS = {"m2": AREA, "yuan": MONEY}
_KNOWN = sorted({(measures, word) for measures in FIELDS for word in UNITS[measures]})


@pytest.mark.parametrize(
    ("measures", "words", "expected"),
    [
        ("m2", "㎡ m2 m² 平方米 平米 ㎡ sqm", 1), ("m2", "万㎡ 万平方米 公顷 ha hm² 10,000m2", 10_000), ("m2", "亩 畝 市亩 mu", Fraction(2000, 3)),
        ("m2", "km² km2 平方公里 平方千米 ㎢", 10**6), ("m2", "万亩", Fraction(20_000_000, 3)), ("m2", "公亩", 100), ("m2", "千平方米", 1000),
        ("yuan", "元 圆 人民币元 元人民币", 1), ("yuan", "万元 萬元 人民币万元", 10_000), ("yuan", "千元", 1000), ("yuan", "百万元", 10**6),
        ("yuan", "千万元", 10**7), ("yuan", "亿元 億元", 10**8), ("yuan/m2", "万元/亩", 15), ("yuan/m2", "亿元/平方公里", 100),
        ("yuan/m2", "元/公顷", Fraction(1, 10_000)), ("yuan/year", "万元/月", 120_000), ("m", "厘米", Fraction(1, 100)), ("count", "万户", 10_000),
        ("percent", "%", 1), ("rate", "%", Fraction(1, 100)), ("percent", "‰", Fraction(1, 10)),
    ],
)  # fmt: skip
def test_factors(measures, words, expected):
    assert {factor(measures, word) for word in words.split()} == {Fraction(expected)}


@pytest.mark.parametrize("unit", ["坪", "平方英尺", "英亩", "万", "百万", "美元", "港币", "甲", "户型", ""])
def test_what_is_no_unit_here_has_no_factor(unit):
    assert [factor(measures, unit) for measures in ("m2", "yuan", "yuan/m2")] == [None] * 3


def test_no_word_is_both_known_and_foreign():
    for measures, words in FOREIGN.items():
        known = UNITS[measures] if measures else {**UNITS["m2"], **UNITS["yuan"]}
        assert not set(words.split("|")) & set(known)


@pytest.mark.parametrize(("measures", "word"), _KNOWN)
def test_every_unit_is_read_in_a_heading_and_recorded(measures: str, word: str):
    table, name = ("projects", "总建筑面积") if measures == "m2" else ("deposits", "金额")
    column = read_header(f"{name}（{word}）", table, 0, "A")
    assert column is not None and column.factor == UNITS[measures][word]


@pytest.mark.parametrize("times", sorted({t for units in UNITS.values() for t in units.values()}))
def test_every_factor_can_be_recorded(times: Fraction):
    recorded = Decimal(in_millionths(times))
    assert abs(Fraction(recorded) - times) <= Fraction(1, 2_000_000)
    assert Scaled(6).process_bind_param(recorded, None) < 2**63
    assert recorded == times or times.denominator % 3 == 0, "exact but for thirds"


@QUICK
@given(
    st.sampled_from(sorted({(m, UNITS[m][w]) for m, w in _KNOWN})),
    st.lists(st.decimals(min_value=0, max_value=10**7, allow_nan=False, places=6), min_size=1, max_size=20),
)
def test_a_number_in_any_unit_is_exact(unit: tuple[str, Fraction], numbers: list[Decimal]):
    measures, times = unit
    read = typed(FIELDS[measures], [f"{n:f}" for n in numbers], str(times.numerator), str(times.denominator))
    for number, told in zip(numbers, read, strict=True):
        hundredths = floor(Fraction(number) * times * 100 + Fraction(1, 2))  # half up
        believed = hundredths <= LIMITS[FIELDS[measures].type] * 100
        assert told == ((Decimal(hundredths) / 100, None) if believed else (None, "out_of_range"))


@QUICK
@given(st.lists(st.sampled_from([word for _, word in _KNOWN if len(word) > 1]), min_size=1, max_size=4))
def test_units_one_after_the_other_are_told_apart(words: list[str]):
    assert units_at_start("、".join(words)) == (words, "") and all(is_unit(w) for w in words)
    assert unit_at_end(f"某{words[0]}").endswith(words[0])


@pytest.mark.parametrize("unit", ["百万元", "千万元", "亿元"])
def test_large_units_of_money(folder: Folder, unit: str):
    folder.csv("保证金.csv", f"流水号,项目编号,事项,金额（{unit}）,日期\nB1,P1,缴存,1.23,2010-01-01\n").load()
    expected = Decimal("1.23") * {"百万元": 10**6, "千万元": 10**7, "亿元": 10**8}[unit]
    assert folder.one("SELECT amount_yuan FROM deposits") == (expected,)
    assert folder.one("SELECT factor FROM source_column WHERE field = 'amount_yuan'") == (expected / Decimal("1.23"),)


def test_percent_by_format_sign_and_header_is_the_same(folder: Folder):
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    columns = [
        ("用房占比", 0.01, "0.0%"),
        ("用房占比（%）", 1, "General"),
        ("用房占比", "1%", "@"),
        ("用房占比（%）", 0.01, "0.00%"),
        ("用房占比（%）", "１％", "@"),
    ]
    for number, (header, value, shown) in enumerate(columns):
        sheet = book.create_sheet(f"项目{number}")
        for row in (
            ["项目编号", "项目名称", "区县", header, header.replace("用房占比", "合同约定配建比例")],
            [f"P{number}", "甲", "1", value, value],
        ):
            sheet.append(row)
        for cell in sheet["D2"], sheet["E2"]:
            cell.number_format = shown
    book.save(folder.path / "a.xlsx")
    folder.load()
    assert folder.rows("SELECT DISTINCT stated_premises_percent, conditions_percent FROM projects") == [(Decimal(1), Decimal(1))]
    assert folder.problems() == []


def test_a_contracts_share_without_a_sign_is_percent_where_it_can_be_nothing_else(folder: Folder):
    head = "项目编号,项目名称,区县,合同约定配建比例"
    folder.csv("1项目.csv", f"{head}\nP1,甲,1,0.5\n").csv("2项目.csv", f"{head}\nP2,乙,1,0.01\n").csv(
        "3项目.csv", f"{head}\nP3,丙,1,0.05%\n"
    ).load()
    assert folder.rows("SELECT conditions_percent FROM projects ORDER BY project_id") == [(Decimal("0.5"),), (None,), (Decimal("0.05"),)]
    assert [(p["key"], p["code"]) for p in folder.problems()] == [("P2", "percent_or_share")]
