"""Every construct of the expression language on single rows: its value, and which fact is missing where it is unknown."""

import datetime as dt
from decimal import Decimal

import duckdb
import pytest

from planning_check.errors import RulebookError
from planning_check.rulebook import terms as t
from planning_check.rulebook.expressions import compile_expression, compile_margin
from planning_check.rulebook.nodes import Item

COLUMNS = {
    "n0": "DECIMAL(18, 0)", "n2": "DECIMAL(18, 2)", "m2": "DECIMAL(18, 2)", "n6": "DECIMAL(18, 6)",
    "one_lo": "DATE", "one_hi": "DATE", "two_lo": "DATE",
    "two_hi": "DATE", "word": "VARCHAR", "list": "VARCHAR[]", "other_list": "VARCHAR[]", "yes": "BOOLEAN", "also": "BOOLEAN",
    "steps": "STRUCT(at_least DECIMAL(18, 2), gives DECIMAL(18, 6))[]", "cell": "DECIMAL(18, 2)", "unread": "BOOLEAN",
}  # fmt: skip
SCOPE = {
    "n0": t.symbol("n0", "number", "n0"),
    "n2": t.symbol("n2", "number", "n2", scale=2),
    "m2": t.symbol("m2", "number", "m2", scale=2),
    "n6": t.symbol("n6", "number", "n6", scale=6),
    "one": t.symbol("one", "date", "one_lo", hi="one_hi"),
    "two": t.symbol("two", "date", "two_lo", hi="two_hi"),
    "word": t.symbol("word", "text", "word", choices=("a", "b")),
    "list": t.symbol("list", "list", "list"),
    "other_list": t.symbol("other_list", "list", "other_list"),
    "yes": t.symbol("yes", "bool", "yes"),
    "also": t.symbol("also", "bool", "also"),
    "steps": t.symbol("steps", "steps", "steps"),
    "cell": t.symbol("cell", "number", "cell", scale=2, not_read="unread"),
    "codes": t.symbol("codes", "list", "list", choices=("a", "b")),
}
CON = duckdb.connect()
MAY, DAY, LATE = ("2009-05-01", "2009-05-31"), ("2009-05-20", "2009-05-20"), ("2009-06-01", "2009-06-01")
STEPS = [{"at_least": 0, "gives": 300}, {"at_least": 30000, "gives": 800}]


def item(text: str) -> Item:
    return Item(text, "rule.yaml", 7)


def told(sql: str, row: dict):
    given = {}
    for name, value in row.items():
        if name in ("one", "two"):
            given |= {f"{name}_lo": value[0], f"{name}_hi": value[1]}
        else:
            given[name] = value
    columns = ", ".join(
        f"CAST(${name} AS {kind}) AS {name}" if name in given else f"CAST(NULL AS {kind}) AS {name}" for name, kind in COLUMNS.items()
    )
    return CON.execute(f"SELECT {sql} FROM (SELECT {columns})", given).fetchone()[0]


def value(text: str, **row):
    return told(compile_expression(item(text), SCOPE).sql, row)


def missing(text: str, **row) -> list[str]:
    term = compile_expression(item(text), SCOPE)
    assert told(term.sql, row) is None, "it is known"
    return sorted(set(told(term.missing, row).split(",")) - {""})


def latest(text: str, **row):
    return told(compile_expression(item(text), SCOPE).hi, row)


@pytest.mark.parametrize(
    ("text", "row", "right"),
    [
        ("n2 + m2 * 2 - 1", {"n2": "0.50", "m2": "1.25"}, Decimal("2.00")),
        ("n2 + n6", {"n2": 1, "n6": "0.000001"}, Decimal("1.000001")),
        ("n0 - n6", {"n0": 1, "n6": "0.000001"}, Decimal("0.999999")),
        ("n2 * n6", {"n2": "9999999999999999.99", "n6": "999999999999"}, Decimal("9999999999989999990000000000.01")),
        ("-n2", {"n2": 3}, -3),
        ("abs(n2 - m2)", {"n2": 1, "m2": "1.01"}, Decimal("0.01")),
        ("round(n6, 2)", {"n6": "10.005"}, Decimal("10.01")),
        ("round(n6)", {"n6": "0.5"}, 1),
        ("round(n6, 6)", {"n6": "0.1234565"}, Decimal("0.123457")),
        ("round_down(n6, 2)", {"n6": "0.019999"}, Decimal("0.01")),
        ("round_down(n6, 2)", {"n6": "-0.019999"}, Decimal("-0.01")),
        ("divide(n2, n6, 0)", {"n2": 5, "n6": 2}, 3),
        ("divide_down(n2, m2, 0)", {"n2": "-5", "m2": 2}, -2),
        ("divide(n2, m2, 6)", {"n2": 1, "m2": 3}, Decimal("0.333333")),
        ("divide(n0, n6, 2)", {"n0": 1, "n6": "0.000003"}, Decimal("333333.33")),
        ("greatest(n2, n6, 1)", {"n2": 2, "n6": "2.000001"}, Decimal("2.000001")),
        ("least(n2, n6, 1)", {"n2": 2, "n6": "0.999999"}, Decimal("0.999999")),
        ("coalesce(n0, n6, 0.5)", {"n6": "0.000001"}, Decimal("0.000001")),
        ("step(steps, n2)", {"steps": STEPS, "n2": "29999.99"}, 300),
        ("step(steps, n2)", {"steps": STEPS, "n2": 30000}, 800),
        ("step(steps, n2)", {"steps": STEPS[1:], "n2": "29999.99"}, None),
        ("n6 in (1, 0.5)", {"n6": "0.500000"}, True),
        ("n0 in (1, 0.5)", {"n0": 0}, False),
        ("n2 between 1 and 2", {"n2": 1}, True),
        ("n2 between 1 and 2", {"n2": 2}, True),
        ("n2 between 1 and 2", {"n2": "2.01"}, False),
        ("n2 between 1 and 2", {"n2": "0.99"}, False),
        ("n2 is null", {}, True),
        ("n2 is not null", {}, False),
        ("not yes", {"yes": False}, True),
        ("yes and also", {"yes": False}, False),
        ("yes or also", {"also": True}, True),
        ("yes = true", {"yes": True}, True),
        ("yes <> false", {"yes": False}, False),
        ("word = 'a'", {"word": "a"}, True),
        ("word in ('a', 'b')", {"word": "b"}, True),
        ("word in list", {"word": "b", "list": ["b"]}, True),
        ("word in (list)", {"word": "b", "list": ["a"]}, False),
        ("has_any(list, other_list)", {"list": ["a"], "other_list": ["b", "a"]}, True),
        ("has_any(list, other_list)", {"list": ["a"], "other_list": []}, False),
        ("has_any(codes, other_list)", {"other_list": ["b", "c", "a"]}, True),  # whichever of the two it is
        ("has_any(codes, other_list)", {"other_list": ["b", "c"]}, None),
        ("has_any(codes, other_list)", {"list": ["a"], "other_list": ["b"]}, False),
        ("case word when 'a' then 1 when 'b' then 2 end", {"word": "b"}, 2),
        ("case when n2 > 1 then 'x' else 'y' end", {"n2": 1}, "y"),
        ("case when n2 > 1 then n0 when n2 > 0 then n6 else m2 end", {"n2": 1, "n6": "0.000001"}, Decimal("0.000001")),
        ("case when yes then one else two end < date '2009-05-21'", {"yes": True, "one": DAY, "two": LATE}, True),
        ("days_between(one, two)", {"one": DAY, "two": LATE}, 12),
        ("days_between(one, two)", {"one": MAY, "two": LATE}, None),
        ("days_between(one, two)", {"one": LATE, "two": MAY}, None),
        ("add_days(one, 12) = two", {"one": DAY, "two": LATE}, True),
        ("add_days(one, n6)", {"one": DAY, "n6": 12}, dt.date(2009, 6, 1)),
        ("add_months(one, 1)", {"one": ("2009-01-31", "2009-01-31")}, dt.date(2009, 2, 28)),
        ("one = two", {"one": DAY, "two": DAY}, True),
        ("one <> two", {"one": DAY, "two": LATE}, True),
        ("one = two", {"one": MAY, "two": LATE}, False),
        ("one = two", {"one": LATE, "two": MAY}, False),
        ("one = two", {"one": MAY, "two": MAY}, None),
        ("greatest(one, two) < date '2009-06-02'", {"one": MAY, "two": LATE}, True),
        ("date '2009-05-20' = one", {"one": DAY}, True),
        ("true or yes", {}, True),
        ("n6 * n6", {"n6": "0.000001"}, Decimal("0.000000000001")),
        ("n2 + null", {"n2": 1}, None),
    ],
)  # fmt: skip
def test_value(text, row, right):
    assert value(text, **row) == right


@pytest.mark.parametrize(
    ("text", "row", "asked"),
    [
        ("n2 + m2", {"n2": 1}, ["m2"]),
        ("n2 * m2 > 1", {}, ["m2", "n2"]),
        ("not yes", {}, ["yes"]),
        ("yes and also", {"yes": True}, ["also"]),
        ("yes or also", {"also": False}, ["yes"]),
        ("n2 between 1 and m2", {"n2": 3}, ["m2"]),
        ("n2 in (1, 2)", {}, ["n2"]),
        ("word in list", {"word": "a"}, ["list"]),
        ("has_any(list, other_list)", {"list": ["a"]}, ["other_list"]),
        ("has_any(list, other_list)", {"other_list": ["a"]}, ["list"]),
        ("least(n2, m2)", {"n2": 1}, ["m2"]),
        ("greatest(n2, m2)", {"m2": 1}, ["n2"]),
        ("coalesce(n2, m2)", {}, ["m2", "n2"]),
        ("coalesce(yes and also, also)", {}, ["also", "yes"]),
        ("round(n2 * m2, 2)", {"m2": 1}, ["n2"]),
        ("round_down(n2, 1)", {}, ["n2"]),
        ("divide(n2, m2, 2)", {"n2": 1}, ["m2"]),
        ("step(steps, n2)", {"steps": STEPS}, ["n2"]),
        ("days_between(one, two)", {"one": DAY, "two": MAY}, ["two"]),
        ("one < two", {"one": MAY, "two": DAY}, ["one"]),
        ("add_days(one, n0) < two", {"one": DAY, "two": DAY}, ["n0"]),
        ("case when yes then n2 else m2 end", {"yes": False}, ["m2"]),
        ("case when yes then n2 else m2 end", {"yes": True}, ["n2"]),
        ("case when yes then n2 end", {"yes": False}, ["yes"]),
        ("case when yes then n2 else null end", {"yes": False}, ["yes"]),
        ("case when yes then null else n2 end", {"yes": True}, ["yes"]),
        ("case when yes then n2 when also then m2 else 1 end", {"yes": False}, ["also"]),
        ("case when yes then n2 when also then m2 else 1 end", {"also": True}, ["yes"]),
        ("greatest(one, two) < date '2009-05-21'", {"one": MAY, "two": DAY}, ["one"]),
    ],
)
def test_what_is_missing(text, row, asked):
    assert missing(text, **row) == asked


WRITTEN, BLANK, UNREAD = {"cell": 3, "unread": False}, {"unread": False}, {"unread": True}


@pytest.mark.parametrize(("text", "written", "blank"), [
    ("cell is null", False, True),
    ("cell is not null", True, False),
    ("coalesce(cell, 7)", 3, 7),
    ("coalesce(cell, n2)", 3, None),
    ("coalesce(cell > 2, false)", True, False),
    ("coalesce(2 < cell, false)", True, False),
    ("coalesce(n2, cell, 7)", 3, 7),
    ("coalesce(abs(cell), 7)", 3, 7),
])  # fmt: skip
def test_a_blank_cell_says_that_there_is_none_one_that_nobody_could_read_does_not(text, written, blank):
    assert (value(text, **WRITTEN), value(text, **BLANK)) == (written, blank)
    assert missing(text, **UNREAD) == ["cell"]
    if text.startswith("coalesce(cell"):
        assert missing(text, n2=1, **UNREAD) == ["cell"]  # whatever stands behind it


def test_what_stands_before_a_cell_that_nobody_could_read_is_known():
    assert value("coalesce(n2, cell, 7)", n2=1, **UNREAD) == 1
    assert missing("coalesce(cell, n2)", **BLANK) == ["cell", "n2"]
    assert missing("coalesce(cell, n2 + m2)", n2=1, **BLANK) == ["cell", "m2"]


def test_where_it_only_says_of_what_class_a_verdict_is_a_cell_is_taken_as_blank():
    term = compile_expression(item("coalesce(cell, 7)"), SCOPE, "number", decided=True)
    assert (told(term.sql, UNREAD), told(term.sql, WRITTEN)) == (7, 3)
    term = compile_expression(item("coalesce(cell, 7)"), SCOPE, "number")
    assert told(term.sql, UNREAD) is None


@pytest.mark.parametrize(
    ("text", "row", "last"),
    [
        ("add_days(one, 2)", {"one": MAY}, dt.date(2009, 6, 2)),
        ("add_months(one, 1)", {"one": MAY}, dt.date(2009, 6, 30)),
        ("greatest(one, two)", {"one": MAY, "two": DAY}, dt.date(2009, 5, 31)),
        ("least(one, two)", {"one": MAY, "two": DAY}, dt.date(2009, 5, 20)),
        ("coalesce(one, two)", {"two": MAY}, dt.date(2009, 5, 31)),
        ("case when yes then one else two end", {"yes": True, "one": MAY, "two": DAY}, dt.date(2009, 5, 31)),
        ("case when yes then one else two end", {"yes": False, "one": DAY, "two": MAY}, dt.date(2009, 5, 31)),
        ("case when yes then one end", {"yes": True, "one": MAY}, dt.date(2009, 5, 31)),
        ("case when yes then one else two end", {"one": MAY, "two": DAY}, None),
        ("date '2009-05-20'", {}, dt.date(2009, 5, 20)),
    ],
)
def test_the_last_possible_day(text, row, last):
    assert latest(text, **row) == last


@pytest.mark.parametrize(
    ("text", "row", "margin"),
    [
        ("n2 > 10", {"n2": "10.50"}, Decimal("0.50")),
        ("n2 >= 10", {"n2": 9}, -1),
        ("((n2 < 10))", {"n2": "9.75"}, Decimal("0.25")),
        ("n2 <= m2", {"n2": 12, "m2": 10}, -2),
        ("one > two", {"one": LATE, "two": DAY}, 12),
        ("one <= two", {"one": DAY, "two": LATE}, 12),
        ("one < two", {"one": MAY, "two": LATE}, None),
        ("coalesce(cell, 7) > 2", {"unread": False}, 5),
        ("coalesce(cell, 7) > 2", {"unread": True}, None),
    ],
)
def test_the_margin_of_a_comparison(text, row, margin):
    assert told(compile_margin(item(text), SCOPE).sql, row) == margin


@pytest.mark.parametrize("text", ["n2 = 10", "n2 > 1 and yes", "yes", "not n2 > 1", "n2 between 1 and 2"])
def test_what_is_no_plain_comparison_has_no_margin(text):
    assert compile_margin(item(text), SCOPE) is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("n2 > 1 /* all */", "comments are not allowed"),
        ("/* all */ n2 > 1", "comments are not allowed"),
        ("n2 > 1 --", "comments are not allowed"),
        ("word = '--'", "comments are not allowed"),
        ("word = '/*'", "comments are not allowed"),
        ("n2 is true", "only null may follow is"),
        ("n2 in ()", "a list of values must follow in"),
        ("n2 in (select 1)", "a list of values must follow in"),
        ("one in (date '2009-05-20', date '2009-05-21')", "dates cannot be used with in"),
        ("word in ('a', 'c')", "no such value 'c'; known: a, b"),
        ("'c' = word", "no such value 'c'"),
        ("n2 in ('a')", "a number is expected here, not a text"),
        ("list = list", "a list cannot be compared with ="),
        ("steps = steps", "a steps cannot be compared with ="),
        ("yes > also", "a bool cannot be compared with >"),
        ("word >= 'a'", "a text cannot be compared with >="),
        ("greatest(word, 'a')", "greatest takes numbers or dates"),
        ("least(one, n2)", "a date is expected here, not a number"),
        ("round(n2, 7)", "whole number from 0 to 6"),
        ("round(n2, -1)", "whole number from 0 to 6"),
        ("round(n2, n0)", "whole number from 0 to 6"),
        ("round(n2, 0.5)", "whole number from 0 to 6"),
        ("add_days(one, 0.5)", "days and months must be whole numbers"),
        ("add_days(one, n2)", "days and months must be whole numbers"),
        ("add_days(n2, 1)", "a date is expected here, not a number"),
        ("has_any(word, list)", "a list is expected here, not a text"),
        ("step(n2, n2)", "a steps is expected here, not a number"),
        ("step(steps, word)", "a number is expected here, not a text"),
        ("cast('2009-05-20' as varchar) = word", "only dates such as"),
        ("cast(word as date) = one", "only dates such as"),
        ("cast(20090520 as date) = one", "only dates such as"),
        ("n6 * n6 * n0 * n2 > 0", "more than 12 decimals"),
        ("n2 + word", "a number is expected here, not a text"),
        ("coalesce(n2, 'a')", "a number is expected here, not a text"),
        ("case when n2 then 1 end", "a bool is expected here, not a number"),
        ("case when yes then 1 else 'a' end", "a number is expected here, not a text"),
        ("abs(word)", "a number is expected here, not a text"),
        ("sum(n2)", "function sum is not allowed (known: abs, add_days"),
        ("n2 || n2", "not allowed here: n2 || n2"),
    ],
)
def test_refused(text, says):
    with pytest.raises(RulebookError) as caught:
        compile_expression(item(text), SCOPE)
    assert says in caught.value.render("en")


def test_what_cannot_be_parsed_is_said_in_one_line():
    with pytest.raises(RulebookError) as caught:
        compile_expression(item("n2 >\n) 1"), SCOPE)
    said = caught.value.render("en")
    assert "it cannot be parsed (" in said and "Line 2, Col: 1" in said
    assert "\x1b" not in said  # the parser's second line marks the place with colours of a terminal


def test_a_place_demands_its_type():
    assert compile_expression(item("n2 > 1"), SCOPE, "bool").kind == "bool"
    with pytest.raises(RulebookError, match="a number is expected here"):
        compile_expression(item("n2 > 1"), SCOPE, "number")


def test_the_scale_and_the_names_of_a_term():
    def term(text):
        return compile_expression(item(text), SCOPE)

    scales = {
        "n2 + n6": 6, "n2 * n6": 8, "n6 * n6": 12, "round(n6, 2)": 2, "round(n2, 4)": 2, "divide(n6, n2, 3)": 3,
        "greatest(n2, n6)": 6, "1.50": 2, "3": 0,
        "coalesce(n0, n2)": 2, "case when yes then n2 else n6 end": 6, "step(steps, n2)": 6, "days_between(one, two)": 0,
    }  # fmt: skip
    assert {text: term(text).scale for text in scales} == scales
    assert term("case when yes then n2 else m2 end").names == {"yes", "n2", "m2"}
    assert term("n2 in (1, m2)").names == {"n2", "m2"}
    assert term("n2 is null").names == {"n2"}
    assert term("coalesce(n2, 0)").missing == t.EMPTY
    assert term("coalesce(word, word)").choices == ("a", "b")
    assert term("coalesce(word)").choices == ("a", "b")
    assert term("coalesce(word, 'b')").choices == ()
    assert term("not yes").literal is None and term("abs(1)").literal is None


def test_a_text_with_a_quote_is_quoted():
    assert value("coalesce(word, 'a''b')") == "a'b"


@pytest.mark.parametrize(("number", "scale"), [("0.15", 2), ("500", 0), ("1E+2", 0), ("0.300000", 6), ("-0.5", 1)])
def test_a_number_of_the_rules_keeps_its_decimals(number, scale):
    term = t.constant("param.x", Decimal(number))
    assert (term.scale, CON.execute(f"SELECT {term.sql}").fetchone()[0]) == (scale, Decimal(number))
    assert CON.execute(f"SELECT typeof({term.sql})").fetchone()[0] == f"DECIMAL(38,{scale})"
