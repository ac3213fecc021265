"""What worked cases do not hold is remarked with file and line: one good folder, and each kind of gap made in it."""

import datetime as dt
import re
from pathlib import Path

import pytest

from planning_check import pipeline
from planning_check.rulebook.breaking import comparisons, nudged, shifted, swapped
from planning_check.rulebook.compile import make_plan
from planning_check.rulebook.compile_measures import compile_measures
from planning_check.rulebook.holding import look_at_cases, placed_days_lacking
from tests.rulebook.laws import book_of, built_on, folder

RULE = """\
id: ZZ01
subject: office
list: programme
severity: minor
responsible: civil_affairs
title: {zh: 租金偏高, en: The rent is high}
basis: [试]
parameters:
  most_yuan_per_m2: {value: 120, unit: yuan}
  rented_days: {value: 30, unit: days}
applies_when:
  - when: tenure = 'rented'
    otherwise: {zh: 不是租用, en: it is not rented}
let:
  rent_yuan_per_m2: divide(rent_yuan_per_year, area_m2, 2)
due_when: add_days(since, param.rented_days) <= as_of
violated_when: rent_yuan_per_m2 > param.most_yuan_per_m2
consequence: [joint_meeting]
cure: {zh: 议价, en: negotiate}
message: {zh: "{rent_yuan_per_m2}", en: "{rent_yuan_per_m2}"}
trap: {zh: 无, en: none}
background: {tenure: rented, area_m2: 200.00, since: 2011-05-31, as_of: 2011-06-30}
cases:
  - it: exactly 120, on the very day
    given: {rent_yuan_per_year: 24000.00}
    expect: {outcome: pass, rent_yuan_per_m2: 120}
  - it: a cent more
    given: {rent_yuan_per_year: 24002.00}
    expect: {outcome: violation, rent_yuan_per_m2: 120.01}
  - it: a day too early
    given: {rent_yuan_per_year: 24002.00, since: 2011-06-01}
    expect: {outcome: not_due}
  - it: rent unknown
    given: {}
    expect: {outcome: undetermined, missing: [rent_yuan_per_year]}
  - it: borrowed
    given: {tenure: borrowed}
    expect: {outcome: not_applicable}
"""
ORDINANCE = """\
id: own
title: {zh: 本市办法, en: Our ordinance}
jurisdiction: "99"
from: 2006-04-09
to: 2010-12-31
anchor: plan_approved_on
verified: no
clauses:
  share: {values: [{from: 2006-04-09, value: 0.01}, {from: 2009-01-01, value: 0.02}], unit: "1", cite: 第三条}
cases:
"""
DAYS = ("2006-04-08", "2006-04-09", "2008-12-31", "2009-01-01", "2010-12-31", "2011-01-01")


@pytest.fixture
def own(tmp_path) -> Path:
    for family in ("offices", "ordinances"):
        (tmp_path / "own" / family).mkdir(parents=True)
    (tmp_path / "own" / "offices" / "ZZ01_rent.yaml").write_text(RULE, "utf-8")
    write_ordinance(tmp_path / "own", DAYS)
    return tmp_path / "own"


def write_ordinance(own: Path, days) -> None:
    states = {"2006-04-08": "legacy", "2011-01-01": "gap"}
    cases = [
        f'  - it: on {day}\n    given: {{district_code: "990101", plan_approved_on: {day}}}\n'
        f"    expect: {{law_state: {states.get(day, 'governed')}}}\n"
        for day in days
    ]
    (own / "ordinances" / "own.yaml").write_text(ORDINANCE + "".join(cases), "utf-8")


def remarks(own: Path) -> list[str]:
    book = pipeline.load_rules([own])
    rules = [rule for rule in book.rules if rule.id == "ZZ01"]
    looked = look_at_cases(book, rules, [one for one in book.ordinances if one.id == "own"])
    found = [remark for one in looked for remark in one.remarks]
    assert all(remark.fix.zh and remark.fix.en and remark.what.zh for remark in found)
    return [f"{remark.where.get('en')}: {remark.what.en}" for remark in found]


def edit(own: Path, old: str, new: str) -> None:
    path = own / "offices" / "ZZ01_rent.yaml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def without(own: Path, it: str) -> None:
    """Take one case out."""
    edit(own, next(re.finditer(rf"  - it: {it}\n    given: .*\n    expect: .*\n", RULE)).group(), "")


def test_cases_that_hold_everything_leave_nothing_to_say(own):
    assert remarks(own) == []


def test_an_outcome_without_a_case(own):
    without(own, "borrowed")
    assert "own/offices/ZZ01_rent.yaml:24: ZZ01 has no worked case that comes out not_applicable" in remarks(own)
    without(own, "a day too early")
    assert "own/offices/ZZ01_rent.yaml:24: ZZ01 has no worked case that comes out not_due, not_applicable" in remarks(own)


def test_a_threshold_whose_upper_side_has_no_case(own):
    edit(own, "24002.00}\n    expect: {outcome: violation, rent_yuan_per_m2: 120.01}", "26000.00}\n    expect: {outcome: violation}")
    found = remarks(own)
    line = "rent_yuan_per_m2 > param.most_yuan_per_m2: no case lies within 0.01 above it"
    assert f"own/offices/ZZ01_rent.yaml:17: ZZ01 violated_when: {line}" in found
    assert (
        "own/offices/ZZ01_rent.yaml:9: ZZ01 parameter most_yuan_per_m2: most_yuan_per_m2 = 120: no case notices if it is moved a little"
        in found
    )
    assert len(found) == 2


def test_a_threshold_on_which_no_case_lies(own):
    edit(own, "24000.00}\n    expect: {outcome: pass, rent_yuan_per_m2: 120}", "23000.00}\n    expect: {outcome: pass}")
    assert remarks(own) == [
        "own/offices/ZZ01_rent.yaml:17: ZZ01 violated_when: rent_yuan_per_m2 > param.most_yuan_per_m2: "
        "no case lies on it; no case lies within 0.01 below it",
    ]


def test_a_threshold_that_no_case_comes_near(own):
    edit(own, "since: 2011-05-31", "since: 2010-05-31")
    edit(own, "since: 2011-06-01", "since: 2011-06-20")
    found = remarks(own)
    assert (
        "own/offices/ZZ01_rent.yaml:16: ZZ01 due_when: add_days(since, param.rented_days) <= as_of: no worked case comes near it" in found
    )
    assert len(found) == 2 and "parameter rented_days" in found[0]


def test_a_day_without_its_case(own):
    write_ordinance(own, [day for day in DAYS if day not in ("2008-12-31", "2011-01-01")])
    assert remarks(own) == ["own/ordinances/own.yaml:9: ordinance own has no worked case with plan_approved_on on 2008-12-31, 2011-01-01"]


def test_a_clause_that_no_rule_reads(own, tmp_path):
    off = [rule.id for rule in pipeline.load_rules().rules if "office_minimum_m2" in rule.path.read_text("utf-8")]
    (own / "overrides.yaml").write_text("off: {" + ", ".join(f"{rule}: 试" for rule in off) + "}\n", "utf-8")
    path = own / "ordinances" / "own.yaml"
    path.write_text(
        path.read_text("utf-8").replace("cases:\n", "  office_minimum_m2: {value: 350, unit: m2, cite: 第四条}\ncases:\n"), "utf-8"
    )
    assert (
        "own/ordinances/own.yaml:10: no rule reads clause office_minimum_m2 (standard area of an office): whatever it says changes nothing"
        in (remarks(own))
    )
    path.write_text(path.read_text("utf-8").replace("value: 350", "value: null"), "utf-8")
    assert remarks(own) == [], "what says nothing misleads nobody"


@pytest.mark.parametrize(
    ("text", "sides"),
    [
        ("a > b", [("a", ">", "b")]),
        ("a - (b + 1) >= 1.5 and not c < d", [("a - (b + 1)", ">=", "1.5"), ("c", "<", "d")]),
        ("case when a = 'x > y' then b end <> c", [("a", "=", "'x > y'"), ("case when a = 'x > y' then b end", "<>", "c")]),
        ("(a or b <= date '2009-01-01') and f(c, d) > 2", [("b", "<=", "date '2009-01-01'"), ("f(c, d)", ">", "2")]),
        ("coalesce(a > b, false)", [("a", ">", "b")]),
    ],
)
def test_comparisons_are_found_with_both_their_sides(text, sides):
    assert [(one.left, one.sign, one.right) for one in comparisons(text)] == sides


def test_a_comparison_is_swapped_and_moved_where_it_stands():
    first, second = comparisons("a > b and add_days(a, 1) <= c")
    assert first.swapped() == "a >= b and add_days(a, 1) <= c" and second.swapped() == "a > b and add_days(a, 1) < c"
    assert first.moved("-0.01", is_day=False) == "a - 0.01 > b and add_days(a, 1) <= c"
    assert second.moved("1", is_day=True) == "a > b and add_days(add_days(a, 1), 1) <= c"


def test_what_is_broken_can_be_judged_and_days_are_moved_by_a_day():
    """A variant that cannot be compiled would count as noticed."""
    book = pipeline.load_rules()
    measures = compile_measures(book.measures)
    for rule_id in ("AR03", "HO09", "MO06", "OF03", "PL03"):
        rule = book.rule(rule_id)
        broken = [*swapped(rule), *shifted(rule, measures), *nudged(rule)]
        assert {one.how for one in broken} >= {"swapped", "above", "below"}
        for one in broken:
            assert make_plan(book.ordinances, book.measures, [one.rule]).rules
    moved = {one.of: one.text for one in nudged(book.rule("HO09"))}
    assert moved == {"days_for_title = 365": "366"}
    assert {one.text for one in nudged(book.rule("MO06")) if "list_rule_on" in one.of} == {
        (book.rule("MO06").parameters["list_rule_on"] + dt.timedelta(days=1)).isoformat()
    }


LAYERS = [
    f"{kind}/{path.name}"
    for kind in ("packs", "examples")
    for path in sorted((pipeline.bundled("rules") / kind).iterdir())
    if path.is_dir()
]


@pytest.mark.parametrize("layer", LAYERS)
def test_the_cases_of_every_bundled_layer_hold_everything(layer):
    """Of the bundled rules themselves too: tests/rulebook/test_mutations.py and test_cases.py."""
    looked = pipeline.rules_check(pipeline.Options((), as_of=None, today=dt.date(2011, 6, 30), rule_dirs=(Path(layer),)))
    by_title = {one.title.en: one for one in looked}
    silent = by_title.pop("clauses that an ordinance does not mention")
    assert [remark.what.en for one in by_title.values() for remark in one.remarks] == []
    assert layer.startswith("examples/") or silent.remarks == []
    assert all(one.of for one in by_title.values()), "it says of how many rules and ordinances"


def test_it_says_how_much_was_looked_at(own):
    book = pipeline.load_rules([own])
    looked = look_at_cases(book, [rule for rule in book.rules if rule.id == "ZZ01"], [])
    assert [one.of.en for one in looked] == ["ordinances: 0", "rules: 1, cases: 5", "rules: 1, cases: 5", "ordinances: 0"]


def test_a_value_of_one_place_needs_cases_there_on_its_days_and_the_days_before(tmp_path):
    """A case next door does not hold it; that of a base is tried with the base."""
    cases = "cases:\n" + "".join(
        f'  - it: {place} {day}\n    given: {{district_code: "{place}", plan_approved_on: {day}}}\n    expect: {{law_state: governed}}\n'
        for place, day in (("990103", "2010-01-01"), ("990102", "2009-12-31"), ("990103", "2011-01-01"), ("990103", "2010-12-31"))
    )
    ours = built_on("ours", "survey_share", "from: 2008-01-01\nclauses:\n  share: {value: 0.02, cite: 甲}\n" + cases)
    placed = 'clauses:\n  ours.share: [{jurisdiction: "990103", from: 2010-01-01, to: 2010-12-31, value: 0.03, cite: 乙}]\n'
    placed += '  survey_share.share: [{jurisdiction: "990103", from: 2010-01-01, value: 0.03, cite: 乙}]\n'
    found = placed_days_lacking(next(o for o in book_of(folder(tmp_path, placed, ours=ours)).ordinances if o.id == "ours"))
    assert [(name, one.where, days) for name, one, days in found] == [("share", "our_city/overrides.yaml:2", [dt.date(2009, 12, 31)])]
