"""Values as people write them, and what is read of each."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning_check.ingest.plain import HYPHENS, WHITESPACE, is_blank, not_blank_sql, trimmed_sql
from planning_check.ingest.values import labels
from planning_check.schema import BY_NAME, TABLES
from tests.ingest.typing_cells import AREA, CON, DATE, HOUSEHOLDS, MONEY, QUICK, UNSEEN, script, typed
from tests.widths import load


@pytest.mark.parametrize(
    ("text", "value", "code"),
    [
        ("-0.01", None, "negative"),
        ("-5㎡", None, "negative"),
        ("-99999999999999999999", None, "negative"),
        ("1000000000", Decimal("1000000000.00"), None),
        ("1000000000.01", None, "out_of_range"),
        ("1" * 40, None, "out_of_range"),
        ("1,23", None, "not_a_number"),
        ("10 20", None, "not_a_number"),
        ("10\u302020", None, "not_a_number"),
        ("10\u00a0200", None, "not_a_number"),
        ("1\u200b000", None, "not_a_number"),
        ("2009\u3000 10 \u30001", None, "not_a_number"),
        ("10 .5", None, "not_a_number"),
        ("\u200e500\ufeff㎡ ", Decimal("500.00"), None),
        ("10\u2009200\u2009300.5", Decimal("10200300.50"), None),
        ("10\u202f20", None, "not_a_number"),
        ("约300", None, "not_a_number"),
        ("=SUM(A1:A3)", None, "not_a_number"),
        ("300平方英尺", None, "not_a_number"),
        ("1_000", None, "not_a_number"),
        ("inf", None, "not_a_number"),
        ("1.005", Decimal("1.01"), None),
        ("1.00499999999999999999999999999", Decimal("1.00"), None),
        ("0.00749999999999999999999999999亩", Decimal("5.00"), None),
        ("—", None, None),
        ("待定", None, "not_told"),
        ("见附件", None, "not_told"),
        ("办理中", None, "not_told"),
        ("？", None, "not_told"),
        ("未报", None, "not_told"),
        ("无", None, None),
        ("Nah", None, None),
        ("无此项", None, None),
        ("×", None, None),
        ("1, 234", None, "not_a_number"),
        ("1\u00ad234", None, "not_a_number"),
        ("\u2212500", None, "negative"),
        ("'1,234", Decimal("1234.00"), None),
        ('="300"', Decimal("300.00"), None),
        ("'10 20", None, "not_a_number"),
        ("0", Decimal("0.00"), None),
    ],
)
def test_area(text, value, code):
    assert typed(AREA, [text]) == [(value, code)]


@pytest.mark.parametrize(
    "text",
    [
        "2009年5月31日前",
        "09/5/12",
        "39934",
        "2009-5-12至2010-1-1",
        "2009 1 2",
        "2009\u300012",
        "May-09",
        "31/05/09",
        "2009年5-12",
        "2009/5-12",
        "已移交",
        "2009.",
        "20095",
    ],
)
def test_not_a_date(text):
    assert typed(DATE, [text]) == [(None, None, "not_a_date")]


@pytest.mark.parametrize(
    ("text", "value", "code"),
    [
        ("12户", 12, None),
        ("1,200", 1200, None),
        ("12.0", 12, None),
        ("12.5", None, "not_whole"),
        ("-3", None, "negative"),
        ("三", None, "not_a_number"),
    ],
)
def test_count(text, value, code):
    assert typed(HOUSEHOLDS, [text]) == [(value, code)]


def test_storeys_below_ground_are_negative():
    assert typed(BY_NAME["premises"].field("floor_from"), ["-1", "3层", "2F"]) == [(-1, None), (3, None), (2, None)]


def test_shares_and_lengths():
    assert typed(BY_NAME["idle_facilities"].field("use_rate"), ["60%", "0.6"]) == [(Decimal("0.6"), None)] * 2
    assert typed(BY_NAME["premises"].field("storey_height_m"), ["3.2m", "320cm", "3.2米"]) == [(Decimal("3.2"), None)] * 3


@pytest.mark.parametrize("text", ["是", "有", "Y", "yes", "TRUE", "1", "√", " 是 "])
def test_yes(text):
    assert typed(BY_NAME["projects"].field("plan_states_place"), [text]) == [(True, None)]


@pytest.mark.parametrize("text", ["否", "无", "N", "no", "False", "0", "×"])
def test_no(text):
    assert typed(BY_NAME["projects"].field("plan_states_place"), [text]) == [(False, None)]


def test_neither_yes_nor_no():
    assert typed(BY_NAME["projects"].field("plan_states_place"), ["也许", "不详", "2", "—"]) == [
        (None, "not_yes_no"),
        (None, "not_yes_no"),
        (None, "not_yes_no"),
        (None, None),
    ]


def test_every_word_of_every_choice_is_understood():
    for table in TABLES:
        for field in (f for f in table.fields if f.type == "choice"):
            words = labels(field.choices)
            assert typed(field, list(words)) == [(code, None) for code in words.values()], (table.name, field.name)
            assert {c.code for c in field.choices} == set(words.values())


def test_choices_are_told_apart_and_sorted():
    uses = BY_NAME["projects"].field("uses")
    cells = ["住宅、商业", "商业,住宅；办公", "住宅/住宅", "住宅\n停车", "住宅、鬼屋", "无", "", None]
    assert [v for v, _ in typed(uses, cells)] == [
        ["commercial", "residential"], ["commercial", "office", "residential"], ["residential"],
        ["parking", "residential"], None, None, None, None,
    ]  # fmt: skip
    assert [c for _, c in typed(uses, cells)] == [None, None, None, None, "unknown_choice", None, None, None]


def test_brackets_of_either_width_name_the_same_choice():
    tenure = BY_NAME["offices"].field("tenure")
    assert typed(tenure, ["自有（有产权）", "自有(有产权)", "无", "不详"]) == [
        (v, None) for v in ("owned_titled", "owned_titled", "none", "unknown")
    ]


def test_codes_stay_as_delivered_in_half_width():
    code = BY_NAME["projects"].field("filing_no")
    cells = ["００１２", " 西社备〔2009〕12号 ", "6.109E+14", "无", "12.0"]
    expected = [("0012", None), ("西社备〔2009〕12号", None), (None, "code_lost_digits"), (None, None), ("12.0", None)]
    assert typed(code, cells) == expected


PAPER, PROJECT, BUILDING = (
    BY_NAME[t].field(f) for t, f in (("premises", "title_no"), ("handovers", "project_id"), ("premises", "building"))
)


@QUICK
@given(st.lists(script, min_size=1, max_size=60))
def test_what_is_blank_is_so_in_python_and_in_sql(cells):
    query = f"SELECT list_transform(?, lambda word: {not_blank_sql('word')}), list_transform(?, lambda word: {trimmed_sql('word')})"
    assert CON.execute(query, [cells, cells]).fetchone()[0] == [not is_blank(c) for c in cells]


@QUICK
@given(
    st.text("PXY0123456789", min_size=1, max_size=8).filter(lambda c: any(x.isdigit() for x in c)),
    st.lists(st.tuples(st.text([*WHITESPACE, *UNSEEN], max_size=3), st.text([*WHITESPACE, *UNSEEN], max_size=3)), min_size=1, max_size=20),
)
def test_what_cannot_be_seen_is_no_part_of_a_code(code, around):
    wide = code.translate({c: c + 0xFEE0 for c in range(33, 127)})
    cells = [f"{a}{word}{b}" for a, b in around for word in (code, wide, "\u2060".join(code))]
    assert typed(PROJECT, cells) == [(code, None)] * len(cells)


def test_all_hyphens_of_a_code_are_one():
    assert typed(PROJECT, [f"P{h}01" for h in HYPHENS]) == [("P-01", None)] * len(HYPHENS)
    assert typed(PROJECT, ["P01①", "P01²"]) == [("P01①", None), ("P01²", None)], "a note number is no digit of the code"


@pytest.mark.parametrize(
    "text",
    ["办理中", "正在办理", "暂未办理", "待办", "待办理", "尚未取得", "未领取", "申请中",
     "审批中", "见附件", "详见备注", "无", "/", "—", "——", "N/A", "待定", "不详", "无证", "Null", "？"],
)  # fmt: skip
@pytest.mark.parametrize("spec", [PAPER, PROJECT], ids=["paper", "key"])
def test_a_word_that_says_why_there_is_no_code_is_blank(spec, text):
    assert typed(spec, [text]) == [(None, None)]


@pytest.mark.parametrize(
    ("spec", "text", "value", "code"),
    [
        (PAPER, "有", None, "not_a_code"),
        (PAPER, "〔二〇一〇〕十二号", "〔二〇一〇〕十二号", None),
        (PAPER, "长房权证字第1号", "长房权证字第1号", None),
        (PAPER, "同上", None, "same_as_above"),
        (PAPER, "2011-03-01", None, "date_in_code"),
        (PROJECT, "甲一", "甲一", None),
        (PROJECT, "〃", None, "same_as_above"),
        (BUILDING, "3月1日", None, "date_in_code"),
        (BUILDING, "1-Mar", None, "date_in_code"),
        (BUILDING, "3-1", "3-1", None),
        (BUILDING, "同上", None, "same_as_above"),
    ],
)
def test_a_code_or_place_that_identifies_nothing(spec, text, value, code):
    assert typed(spec, [text]) == [(value, code)]


def test_a_share_in_percent():
    stated = BY_NAME["projects"].field("stated_premises_percent")
    assert typed(stated, ["1%", "1", "1.0％", "10‰"]) == [(Decimal(1), None)] * 4
    assert typed(BY_NAME["reported_figures"].field("stated"), ["50%", "50"]) == [(Decimal(50), None)] * 2


@pytest.mark.parametrize(
    ("header", "cells", "values"),
    [
        ("用房占比", ["0.01", "0.01%", "1", "0", "0.8"], [None, Decimal("0.01"), Decimal(1), Decimal(0), None]),
        ("用房占比", ["0.8552", "1.0081", "0.499"], [Decimal("0.8552"), Decimal("1.0081"), Decimal("0.499")]),
        ("用房占比(%)", ["0.01", "1%"], [Decimal("0.01"), Decimal(1)]), ("台账所列用房占比（%）", ["0.01"], [Decimal("0.01")]),
        ("stated_premises_percent", ["0.8"], [Decimal("0.8")]), ("配建比例（百分比）", ["0.8"], [Decimal("0.8")]),
    ],
)  # fmt: skip
def test_a_bare_number_below_one_is_a_percent_only_where_that_is_said(tmp_path, header, cells, values):
    rows = "".join(f"P{n},甲,1,{cell}\n" for n, cell in enumerate(cells))
    (tmp_path / "项目.csv").write_text(f"项目编号,项目名称,区县,{header}\n{rows}", "utf-8")
    con = duckdb.connect()
    load(con, [tmp_path])
    assert [v for (v,) in con.execute("SELECT stated_premises_percent FROM projects ORDER BY project_id").fetchall()] == values
    unclear = con.execute("SELECT file, row, raw FROM problem WHERE code = 'percent_or_share' ORDER BY row").fetchall()
    assert unclear == [("项目.csv", n + 2, cell) for n, (cell, value) in enumerate(zip(cells, values, strict=True)) if value is None]


def test_a_bare_use_rate_above_one_may_be_a_percentage(tmp_path):
    (tmp_path / "闲置设施.csv").write_text("设施编号,设施名称,利用率\nF1,甲,0.3\nF2,乙,30\nF3,丙,30%\nF4,丁,1\n", "utf-8")
    con = duckdb.connect()
    load(con, [tmp_path])
    assert [v for (v,) in con.execute("SELECT use_rate FROM idle_facilities ORDER BY facility_id").fetchall()] == [
        Decimal("0.3"),
        None,
        Decimal("0.3"),
        1,
    ]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2009-05-31T23:30:00", 31), ("2009-05-31T16:00:00Z", 32), ("2009-05-31 15:59:59+00", 31), ("2009-06-01T00:00:00+08:00", 32),
        ("2009-05-31T00:00:00Z", 31), ("2009-05-31T20:00:00-0500", 32),
    ],
)  # fmt: skip
def test_a_moment_with_a_zone_is_a_day_in_china(text, day):
    expected = dt.date(2009, 5, 1) + dt.timedelta(days=day - 1)
    assert typed(DATE, [text]) == [(expected, expected, None)]


@pytest.mark.parametrize(
    ("text", "code"),
    [("2010-02-29", "no_such_date"), ("2110-06-01", "out_of_range"), ("2009年13月", "no_such_date"), ("前年", "not_a_date")],
)
def test_no_such_day_and_not_legible_are_two_things(text, code):
    assert typed(DATE, [text]) == [(None, None, code)]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("二〇〇九年五月", (2009, 5, 1), (2009, 5, 31)), ("二零零九年十一月二十三日", (2009, 11, 23), None), ("二○一○年十月三十一日", (2010, 10, 31), None),
        ("二〇〇九年", (2009, 1, 1), (2009, 12, 31)), ("2009年十二月廿三日", (2009, 12, 23), None), ("2009-05-12（周二）", (2009, 5, 12), None),
        ("2009-5-12 下午 3:00:00", (2009, 5, 12), None), ("12 May 2009", (2009, 5, 12), None), ("May 12, 2009", (2009, 5, 12), None),
        ("Sept 2009", (2009, 9, 1), (2009, 9, 30)), ("13/05/2009", (2009, 5, 13), None), ("05/13/2009", (2009, 5, 13), None),
        ("05/05/2009", (2009, 5, 5), None), ("05/2009", (2009, 5, 1), (2009, 5, 31)), ("'2009-05-12", (2009, 5, 12), None),
        ("2009/5/31 18:00:00Z", (2009, 6, 1), None), ("2009-5-31 18:00 GMT", (2009, 6, 1), None),
    ],
)  # fmt: skip
def test_a_day_in_other_words(text, first, last):
    assert typed(DATE, [text]) == [(dt.date(*first), dt.date(*(last or first)), None)]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        *((t, "sentinel_date") for t in ("1900-01-01", "9999-12-31", "2099-12-31", "0000-00-00", "00000000", "1900-01-00", "0")),
        ("1899/12/30", "sentinel_date"),
        *((t, "not_told") for t in ("不详", "待定", "未知", "未报", "办理中", "见附件", "？")),
        *((t, None) for t in ("", "无", "—", "/", "未移交", "尚未办理", "×")),
        ("05/12/2009", "day_or_month"), ("31/02/2009", "no_such_date"),
    ],
)  # fmt: skip
def test_a_day_that_is_none(text, code):
    assert typed(DATE, [text]) == [(None, None, code)]


numerals = "〇一二三四五六七八九"


def spoken(n: int) -> str:
    tens, ones = divmod(n, 10)
    return (numerals[tens] if tens > 1 else "") + ("十" if tens else "") + (numerals[ones] if ones else "")


@QUICK
@given(st.lists(st.dates(dt.date(1980, 1, 1), dt.date(2098, 12, 31)), min_size=1, max_size=40))
def test_any_day_in_chinese_numerals_in_english_and_with_its_order(days):
    year = ["".join(numerals[int(c)] for c in str(d.year)) for d in days]
    for cells in (
        [f"{y}年{spoken(d.month)}月{spoken(d.day)}日" for y, d in zip(year, days, strict=True)],
        [f"{d.day} {d:%B} {d.year}" for d in days],
        [f"{d:%B} {d.day}, {d.year}" for d in days],
    ):
        assert typed(DATE, cells) == [(d, d, None) for d in days]
    for day, (low, high, code) in zip(days, typed(DATE, [f"{d:%d/%m/%Y}" for d in days]), strict=True):
        clear = day.day > 12 or day.day == day.month
        assert (low, high, code) == ((day, day, None) if clear else (None, None, "day_or_month"))


@pytest.mark.parametrize(
    ("cells", "day"),
    [
        (["31/05/2009", "05/12/2009"], dt.date(2009, 12, 5)), (["05/31/2009", "05/12/2009"], dt.date(2009, 5, 12)),
        (["31/05/2009", "05/31/2009", "05/12/2009"], None), (["05/05/2009", "05/12/2009"], None),
    ],
)  # fmt: skip
def test_the_order_of_day_and_month_is_what_the_sheet_shows(tmp_path, cells, day):
    rows = "".join(f"P{n},甲,1,{cell}\n" for n, cell in enumerate(cells))
    (tmp_path / "1项目.csv").write_text(f"项目编号,项目名称,区县,竣工日期\n{rows}", "utf-8")
    (tmp_path / "2项目.csv").write_text("项目编号,项目名称,区县,竣工日期\nQ1,甲,1,05/12/2009\n", "utf-8")
    con = duckdb.connect()
    load(con, [tmp_path])
    (found,) = con.execute(f"SELECT completed_on_lo FROM projects WHERE project_id = 'P{len(cells) - 1}'").fetchone()
    assert found == (day or dt.date(1, 1, 1))
    assert con.execute("SELECT completed_on_lo FROM projects WHERE project_id = 'Q1'").fetchone() == (dt.date(1, 1, 1),)
    said = con.execute("SELECT file, row FROM problem WHERE code = 'day_or_month' ORDER BY file").fetchall()
    assert said == [*([] if day else [("1项目.csv", len(cells) + 1)]), ("2项目.csv", 2)]


@pytest.mark.parametrize(("cells", "code"), [(["2009.1", "2009.5"], "ambiguous_month"), (["2009.1", "2009.10"], None), (["2009-1"], None)])
def test_a_month_that_went_through_a_number_may_be_october(tmp_path, cells, code):
    rows = "".join(f"P{n},甲,1,{cell}\n" for n, cell in enumerate(cells))
    (tmp_path / "项目.csv").write_text(f"项目编号,项目名称,区县,竣工日期\n{rows}", "utf-8")
    con = duckdb.connect()
    load(con, [tmp_path])
    assert [c for (c,) in con.execute("SELECT code FROM problem").fetchall()] == [code] * bool(code)


@pytest.mark.parametrize(
    ("text", "value", "code"),
    [
        *((t, None, "foreign_money") for t in ("£500.00", "￡9", "€1,200", "$5", "HK$20", "US$1,000", "500美元", "1000日元", "港币500元")),
        ("￥500", 500, None), ("¥1,234.50", Decimal("1234.50"), None), ("人民币500元整", 500, None), ("RMB500", 500, None),
        ("若干", None, "not_a_number"),
    ],
)  # fmt: skip
def test_money_of_another_country_is_no_yuan(text, value, code):
    assert typed(MONEY, [text]) == [(value, code)]


WRAPPED = st.sampled_from(['="{}"', "'{}", '"{}"', "＝＂{}＂", "‘{}", "'{}'"])


@QUICK
@given(st.lists(st.tuples(st.from_regex(r"[A-Z]{0,3}[0-9]{2,12}", fullmatch=True), WRAPPED), min_size=1, max_size=40))
def test_what_keeps_a_text_a_text_is_no_part_of_it(cells):
    wrapped = [around.format(code) for code, around in cells]
    for spec in (PROJECT, BY_NAME["projects"].field("project_name")):
        assert typed(spec, wrapped) == [(code, None) for code, _ in cells]
    assert typed(MONEY, [around.format(n) for n, (_, around) in enumerate(cells)]) == [(n, None) for n in range(len(cells))]


@pytest.mark.parametrize("text", ["XM\u00a0001", "XM\u3000001", "XM\n001", "XM\u00ad001", "XM\u200b001", "\u202eXM001", "XM\u2009001"])
def test_white_space_that_is_no_plain_space_is_no_part_of_a_code(text):
    assert typed(PROJECT, [text]) == [("XM001", None)]


def test_a_word_in_a_column_is_one_problem(tmp_path):
    cells = ["见附件", "300", "见附件", "Nah", "若干", "若干", "约3", "约3", "无", "1900"]
    rows = "".join(f"P{n},甲,1,{cell}\n" for n, cell in enumerate(cells))
    (tmp_path / "项目.csv").write_text(f"项目编号,项目名称,区县,总建筑面积\n{rows}", "utf-8")
    con = duckdb.connect()
    load(con, [tmp_path])
    found = con.execute("SELECT row, raw, code FROM problem ORDER BY row").fetchall()
    assert found == [(2, "见附件", "not_told"), (6, "若干", "not_a_number"), (8, "约3", "not_a_number"), (9, "约3", "not_a_number")]
    unread = con.execute("SELECT project_id FROM projects WHERE list_contains(not_read, 'plan_total_m2') ORDER BY 1").fetchall()
    assert unread == [(f"P{n}",) for n in (0, 2, 4, 5, 6, 7)], "each cell stays unknown"
