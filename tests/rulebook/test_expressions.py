"""The expression language: exact decimals, interval dates, unknown is never a pass; everything else is refused."""

import datetime as dt
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning_check import pipeline
from planning_check.errors import RulebookError
from planning_check.rulebook import terms as t
from planning_check.rulebook.compile_measures import compile_measures
from planning_check.rulebook.expressions import compile_expression
from planning_check.rulebook.measures import read_measures
from planning_check.rulebook.nodes import Item

SCOPE = {
    "a_m2": t.symbol("a_m2", "number", "a_m2", scale=2),
    "b_m2": t.symbol("b_m2", "number", "b_m2", scale=2),
    "law.share": t.symbol("law.share", "number", "law_share", scale=6),
    "first_on": t.symbol("first_on", "date", "first_on_lo", hi="first_on_hi"),
    "last_on": t.symbol("last_on", "date", "last_on_lo", hi="last_on_hi"),
    "tenure": t.symbol("tenure", "text", "tenure", choices=("rented", "owned", "unknown")),
    "uses": t.symbol("uses", "list", "uses"),
    "law.uses": t.symbol("law.uses", "list", "law_uses"),
    "titled": t.symbol("titled", "bool", "titled"),
}
COLUMNS = (
    "a_m2 DECIMAL(18, 2), b_m2 DECIMAL(18, 2), law_share DECIMAL(18, 6), first_on_lo DATE, first_on_hi DATE, "
    "last_on_lo DATE, last_on_hi DATE, tenure VARCHAR, uses VARCHAR[], law_uses VARCHAR[], titled BOOLEAN"
)
CON = duckdb.connect()


def value(text: str, **row):
    """The expression's value on one row, and what is missing where it is unknown."""
    names = [c.split()[0] for c in COLUMNS.replace("(18, ", "(18,").split(", ")]
    CON.execute(f"CREATE OR REPLACE TABLE one ({COLUMNS})")
    CON.execute(f"INSERT INTO one VALUES ({', '.join('?' * len(names))})", [row.get(n) for n in names])
    term = compile_expression(Item(text, "rule.yaml", 7), SCOPE)
    found = CON.execute(f"SELECT {term.sql}, {term.missing} FROM one").fetchone()
    return found[0], sorted(set(found[1].split(",")) - {""}) if found[0] is None else []


def refused(text: str) -> str:
    with pytest.raises(RulebookError) as caught:
        compile_expression(Item(text, "rule.yaml", 7), SCOPE)
    assert caught.value.where.get("en") == "rule.yaml:7"
    return caught.value.render("en")


@pytest.mark.parametrize(
    "text",
    [
        "(" * 3000 + "titled" + ")" * 3000,
        "not " * 3000 + "titled",
        "a_m2" + " + 1" * 3000 + " > 0",
        "0" + " - -1" * 3000 + " > 0",
        "true" + " and titled" * 3000,
        "case when titled then " * 500 + "true" + " end" * 500,
        "round(" * 1000 + "a_m2" + ")" * 1000 + " > 0",
    ],
)
def test_nested_too_deep_is_refused(text):
    said = refused(text)
    assert "the expression is nested too deep" in said
    assert len(said) < 300


def test_greatest_of_an_unknown_is_unknown():
    assert value("greatest(a_m2, 300)") == (None, ["a_m2"])
    assert value("greatest(a_m2, 300)", a_m2=Decimal("299.99"))[0] == 300


def test_only_the_unknown_side_of_or_is_missing():
    assert value("a_m2 > 1 or titled", a_m2=Decimal(0)) == (None, ["titled"])
    assert value("a_m2 > 1 or titled", a_m2=Decimal(2)) == (True, [])


def test_case_with_an_unknown_condition_is_unknown():
    assert value("case when a_m2 > 1 then 1 else 2 end") == (None, ["a_m2"])


def test_a_code_that_means_unknown_names_its_fact():
    assert value("case tenure when 'unknown' then null else tenure in ('rented') end", tenure="unknown") == (None, ["tenure"])


def test_half_up_on_the_legal_boundary():
    assert value("round(law.share * a_m2, 2)", law_share=Decimal("0.01"), a_m2=Decimal("1000.50"))[0] == Decimal("10.01")


def test_one_absurd_value_does_not_stop_the_query():
    huge = Decimal("9999999999999999.99")
    assert value("a_m2 * b_m2 * a_m2", a_m2=huge, b_m2=huge)[0] is None


def test_month_only_dates():
    may = {"first_on_lo": dt.date(2009, 5, 1), "first_on_hi": dt.date(2009, 5, 31)}
    for day, outcome in ((dt.date(2009, 5, 20), None), (dt.date(2009, 6, 1), True), (dt.date(2009, 4, 30), False)):
        assert value("first_on <= last_on", **may, last_on_lo=day, last_on_hi=day)[0] is outcome
    assert value("first_on <= last_on", **may, last_on_lo=day, last_on_hi=dt.date(2009, 5, 3))[1] == ["first_on", "last_on"]


INTERVAL = st.tuples(st.integers(0, 12), st.integers(0, 12)).map(sorted)
START = dt.date(2009, 5, 1)


@settings(deadline=None, max_examples=60)
@given(INTERVAL, INTERVAL, st.sampled_from(["<", "<=", ">", ">=", "=", "<>"]))
def test_interval_comparison_is_what_every_pair_of_days_says(first, last, operator):
    """True if it holds for every pair of possible days, false if for none, else unknown."""
    check = {"<": int.__lt__, "<=": int.__le__, ">": int.__gt__, ">=": int.__ge__, "=": int.__eq__, "<>": int.__ne__}[operator]
    said = {check(x, y) for x in range(first[0], first[1] + 1) for y in range(last[0], last[1] + 1)}
    days = [START + dt.timedelta(days=n) for n in (*first, *last)]
    row = dict(zip(("first_on_lo", "first_on_hi", "last_on_lo", "last_on_hi"), days, strict=True))
    assert value(f"first_on {operator} last_on", **row)[0] is (said.pop() if len(said) == 1 else None)


MONEY = st.decimals(min_value="0", max_value="9999999999", places=2)


@settings(deadline=None, max_examples=60)
@given(MONEY, MONEY)
def test_division_is_exact(top, bottom):
    if bottom == 0:
        assert value("divide(a_m2, b_m2, 2)", a_m2=top, b_m2=bottom)[0] is None
        return
    exact = Decimal(0)
    import decimal

    with decimal.localcontext(prec=60):
        exact = top / bottom
        half_up, down = exact.quantize(Decimal("0.01"), ROUND_HALF_UP), exact.quantize(Decimal("0.01"), ROUND_FLOOR)
    assert value("divide(a_m2, b_m2, 2)", a_m2=top, b_m2=bottom)[0] == half_up
    assert value("divide_down(a_m2, b_m2, 2)", a_m2=top, b_m2=bottom)[0] == down


def test_lists():
    assert value("has_any(uses, law.uses)", uses=["office", "residential"], law_uses=["residential"])[0] is True
    assert value("tenure in law.uses", tenure="rented", law_uses=["owned"])[0] is False
    assert value("tenure in law.uses", law_uses=["owned"]) == (None, ["tenure"])


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("read_text('secret')", "function read_text is not allowed"),
        ("(select a_m2 from one)", "not allowed here"),
        ("a_m2; drop table one", "exactly one expression"),
        ("a_m2 > 1 -- all of them", "comments are not allowed"),
        ("a_m2 / b_m2", "not allowed here"),
        ("a_m2 > 1e2", "must not use an exponent"),
        ("a_m2::varchar = '1'", "only dates"),
        ("a_m22 > 1", "unknown name a_m22 (near it: a_m2"),
        ("law.shar > 1", "unknown name law.shar (near it: law.share"),
        ("a_m2 > titled", "a number is expected here, not a bool"),
        ("first_on > 3", "a date is expected here, not a number"),
        ("tenure = 'rent'", "no such value 'rent'; known: rented, owned, unknown"),
        ("tenure > 'a'", "cannot be compared with >"),
        ("titled and a_m2", "a bool is expected here, not a number"),
        ("divide(a_m2, 2)", "wrong number of arguments"),
        ("date '2009-02-30' < first_on", "no such day"),
        ("a_m2 >", "cannot be parsed"),
        ("law.share * law.share * law.share", "more than 12 decimals"),
        ("getenv('HOME') = 'x'", "function getenv is not allowed"),
        ("*", "not allowed here"),
    ],
)
def test_refused(text, says):
    assert says in refused(text)


@pytest.mark.parametrize(
    "text", ["greatest(a_m2 - b_m2, 0)", "coalesce(a_m2 - b_m2, 0)", "case when a_m2 > b_m2 then a_m2 - b_m2 else 0 end", "a_m2 - b_m2 + 0"]
)
def test_numbers_of_different_scales_keep_their_hundredths(text):
    assert value(text, a_m2=Decimal("1.01"), b_m2=Decimal("1.00"))[0] == Decimal("0.01")
    assert value(f"({text}) > 0", a_m2=Decimal("1.01"), b_m2=Decimal("1.00"))[0] is True


def test_a_month_only_date_in_front_is_the_one_that_is_missing():
    may = {"first_on_lo": dt.date(2009, 5, 1), "first_on_hi": dt.date(2009, 5, 31)}
    day = dt.date(2010, 1, 1)
    assert value("coalesce(first_on, last_on) < date '2009-05-10'", **may, last_on_lo=day, last_on_hi=day) == (None, ["first_on"])
    assert value("coalesce(first_on, last_on) < date '2009-05-10'")[1] == ["first_on", "last_on"]


OWN = """
- id: twice
  takes: [what_m2]
  unit: m2
  title: {zh: 两倍, en: twice}
  of: greatest(what_m2 * 2, coalesce(law.minimum_m2, 0))
  cite: 无
- id: four_times
  takes: [what_m2]
  unit: m2
  title: {zh: 四倍, en: four times}
  of: twice(twice(what_m2))
  cite: 无
- id: four_plan_m2
  unit: m2
  title: {zh: 四倍规划面积, en: four times the plan}
  of: four_times(plan_total_m2)
  cite: 无
"""


def own_measures(tmp_path, text: str = OWN):
    (tmp_path / "measures.yaml").write_text(text, "utf-8")
    return compile_measures(read_measures(tmp_path / "measures.yaml", "city/measures.yaml"))


def test_a_formula_of_the_rulebook_is_written_out_where_it_is_called(tmp_path):
    compiled = own_measures(tmp_path)
    layer = next(layer for layer in compiled.project_items if any("four_plan_m2" in item for item in layer))
    sql = "SELECT four_plan_m2 FROM (SELECT {} FROM (SELECT {}::DECIMAL(18, 2) AS plan_total_m2, {}::DECIMAL(18, 2) AS law_minimum_m2))"
    given = [("10.00", "NULL", Decimal(40)), ("10.00", "30", Decimal(60)), ("NULL", "30", None)]
    for size, minimum, right in given:
        assert duckdb.sql(sql.format(", ".join(layer), size, minimum)).fetchall()[0][0] == right
    assert compiled.project["four_plan_m2"].names >= {"plan_total_m2", "law.minimum_m2"}


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("twice(twice(what_m2))", "four_times(what_m2)", "function four_times is not allowed"),  # recursion
        ("twice(twice(what_m2))", "thrice(what_m2)", "function thrice is not allowed"),
        ("twice(twice(what_m2))", "twice(what_m2, what_m2)", "twice takes 1 arguments"),
        ("twice(twice(what_m2))", "twice(plan_total_m2)", "argument what_m2 is not used"),
        ("four_times(plan_total_m2)", "four_times(plan_approved_on)", "number"),
        ("what_m2 * 2", "what_m2 * nothing", "unknown name nothing"),
        ("id: twice", "id: step", "step is already a function"),
        ("id: four_times\n", "id: twice\n", "already a name"),
        ("takes: [what_m2]\n  unit: m2\n  title: {zh: 两倍", "takes: [what_m2, what_m2]\n  unit: m2\n  title: {zh: 两倍", "each once"),
    ],
)
def test_a_mistake_in_a_formula_is_named_with_its_line(tmp_path, old, new, says):
    assert old in OWN
    with pytest.raises(RulebookError, match=says) as error:
        own_measures(tmp_path, OWN.replace(old, new))
    assert error.value.where.line > 1


def test_the_required_area_stands_once():
    rules = pipeline.bundled("rules")
    own = [p for p in rules.rglob("*.yaml") if "step(law.tiers" in p.read_text("utf-8")]
    assert [p.name for p in own] == ["measures.yaml"]
    assert own[0].read_text("utf-8").count("step(law.tiers") == 1


@pytest.mark.parametrize(
    ("top", "right"),
    [
        ("1", "0.13"),
        ("-1", "-0.13"),
        ("3", "0.38"),
        ("-3", "-0.38"),
        ("0.96", "0.12"),
        ("-0.96", "-0.12"),
        ("1.04", "0.13"),
        ("-1.04", "-0.13"),
    ],
)
def test_an_exact_half_is_rounded_away_from_zero(top, right):
    """1 / 8 is 0.125: the one place where half up and half down differ."""
    assert value(f"divide({top}, 8, 2)")[0] == Decimal(right)
    assert value(f"divide({top}, -8, 2)")[0] == -Decimal(right)
