"""Single clauses and parameters by place and date: which value holds where and when, told with place, days, file and citation."""

from datetime import date
from decimal import Decimal as D

import duckdb
import pytest

from planning_check import pipeline
from planning_check.clauses import CLAUSES
from planning_check.errors import RulebookError
from planning_check.report.console.explain import rule_lines
from planning_check.report.told.clauses import cite_of
from planning_check.rulebook.cases import run_cases
from planning_check.rulebook.compile import RuleCompiler, compile_measures
from planning_check.rulebook.loading import load
from planning_check.rulebook.messages import plain_text
from planning_check.rulebook.scopes import law_scope
from planning_check.rulebook.texts import ordinance_record
from tests.rulebook.laws import book_of, built_on, folder, law_of, law_of_office

SHARE = """\
clauses:
  survey_share.share:
    - {jurisdiction: "990103", from: 2010-01-01, value: 0.008, cite: 甲区规定第二条}
    - {jurisdiction: "990103", from: 2011-01-01, value: 0.009, cite: 甲区规定第二条修改, verified: yes}
    - {jurisdiction: "99", from: 2009-01-01, to: 2009-12-31, value: null, cite: 全省停一年}
"""


def test_a_clause_has_another_value_in_a_place_from_a_day_on(tmp_path):
    book = book_of(folder(tmp_path, SHARE))
    places = [("990103", "2009-12-31"), ("990103", "2010-01-01"), ("990103", "2010-12-31"), ("990103", "2011-01-01"),
              ("990104", "2008-12-31"), ("990104", "2009-01-01"), ("990104", "2010-01-01"), ("610902", "2010-01-01")]  # fmt: skip
    one = D("0.01")
    assert [share for _, _, share in law_of(book, *places)] == [None, D("0.008"), D("0.008"), D("0.009"), one, None, one, one]
    assert {(state, id_) for state, id_, _ in law_of(book, *places)} == {("governed", "survey_share")}, "it is the same ordinance"
    assert law_of(book, ("990103", "2010-01"), ("990103", "2009-12"), clause="base") == [("governed", "survey_share", "total")] * 2


def test_a_month_on_both_sides_of_its_first_day_is_unclear_there_and_nowhere_else(tmp_path):
    book = book_of(folder(tmp_path, SHARE.replace("2010-01-01", "2010-01-15")))
    assert [state for state, *_ in law_of(book, ("990103", "2010-01"), ("990104", "2010-01"))] == ["anchor_unclear", "governed"]


def test_an_office_standard_in_one_district(tmp_path):
    override = 'clauses:\n  survey_share.office_minimum_m2: [{jurisdiction: "990104", from: 2010-01-01, value: 350, cite: 乙区}]\n'
    found = law_of_office(
        book_of(folder(tmp_path, override)), ("990104", "2011-06-30"), ("990104", "2009-12-31"), ("990103", "2011-06-30")
    )  # fmt: skip
    assert [value for *_, value in found] == [350, 300, 300]


def test_what_is_inherited_comes_with_its_places_and_ones_own_go_first(tmp_path):
    ours = built_on("ours", "survey_share", "jurisdiction: '9901'\nfrom: 2008-01-01\n")
    both = SHARE + '  ours.share: [{jurisdiction: "990103", from: 2010-06-01, value: 0.007, cite: 本市}]\n'
    found = law_of(
        book_of(folder(tmp_path, both, ours=ours)), *(("990103", d) for d in ("2007-12-31", "2010-05-31", "2010-06-01", "2011-06-01"))
    )
    assert [(id_, share) for _, id_, share in found] == [
        ("survey_share", D("0.01")), ("ours", D("0.008")), ("ours", D("0.007")), ("ours", D("0.007")),
    ]  # fmt: skip


def test_the_longest_jurisdiction_of_an_ordinance_still_goes_before_a_place_of_another(tmp_path):
    """A city's ordinance governs in its district, whatever the survey's has been given for that district."""
    ours = built_on("ours", "survey_share", "jurisdiction: '9901'\nfrom: 2008-01-01\nclauses:\n  share: {value: 0.02, cite: 本市}\n")
    assert law_of(book_of(folder(tmp_path, SHARE, ours=ours)), ("990103", "2010-01-01")) == [("governed", "ours", D("0.02"))]


NEAR = """\
parameters:
  OF02.near_m:
    - {jurisdiction: "990103", from: 2010-01-01, value: 300.5, cite: 甲区规定第三条}
    - {jurisdiction: "", from: 2011-07-01, value: 400, cite: 全市}
"""


@pytest.mark.parametrize(("district", "as_of", "near"), [
    ("990103", "2009-12-31", 500), ("990103", "2010-01-01", D("300.5")), ("990104", "2011-06-30", 500), ("990104", "2011-07-01", 400),
    ("990103", "2011-07-01", D("300.5")), (None, "2011-06-30", None),
])  # fmt: skip
def test_a_parameter_by_place_and_date(tmp_path, district, as_of, near):
    """In the office's district on the day of the check; where that is not known, the parameter is not."""
    book = book_of(folder(tmp_path, NEAR))
    office = {"office_id": "B1", "district_code": district, "as_of": date.fromisoformat(as_of)}
    assert _parameter(book, "OF02", "near_m", office) == near


def _parameter(book, rule, name, row):
    term = RuleCompiler(book.rule(rule), compile_measures(book.measures), ["plan_approved_on"], ()).scope[f"param.{name}"]
    con = duckdb.connect()
    value, missing = con.execute(
        f"SELECT {term.sql}, {term.missing} FROM (SELECT ?::VARCHAR AS district_code, ?::DATE AS as_of)",
        [row["district_code"], row["as_of"]],
    ).fetchone()
    assert (value is None) == (missing == "district_code,")
    return value


def test_it_is_said_where_it_is_used(tmp_path):
    book = book_of(folder(tmp_path, SHARE + NEAR))
    assert book.overridden["survey_share.share[990103 2010-01-01]"] == "our_city/overrides.yaml:3"
    assert book.overridden["OF02.near_m[* 2011-07-01]"] == "our_city/overrides.yaml:9"
    share = ordinance_record(book.ordinances[0])["clauses"]["share"]
    assert (
        cite_of(share, "0.008000", "990103").en
        == "990103, from 2010-01-01 to 2010-12-31 (our_city/overrides.yaml:3, not verified): 甲区规定第二条"
    )
    assert cite_of(share, "0.009", "990103").zh == "990103，2011-01-01 起（our_city/overrides.yaml:4，已核实）：甲区规定第二条修改"
    assert cite_of(share, "0.01", "990103").zh == share["cite"], "before its first day, and elsewhere"
    assert cite_of(share, "0.008", "990104").zh == share["cite"]
    shown = " ".join("\n".join(rule_lines(pipeline.explain_rule("OF02", [tmp_path / "our_city"]), "en")).split())
    assert "300.5 m: 990103, from 2010-01-01 (our_city/overrides.yaml:8, not verified): 甲区规定第三条" in shown
    page = pipeline.rules_page([tmp_path / "our_city"])
    assert "0.008: 990103, from 2010-01-01 to 2010-12-31 (our_city/overrides.yaml:3, not verified)" in page and "甲区规定第二条修改" in page
    assert "everywhere, from 2011-07-01 (our_city/overrides.yaml:9, not verified): 全市" in page


def test_distances_of_places_are_measured_too(tmp_path):
    near = 'parameters:\n  AP03.near_m: [{jurisdiction: "990103", from: 2010-01-01, value: 80, cite: 甲}]\n'
    plain, placed = load([pipeline.bundled("rules")]).measuring.group_m, book_of(folder(tmp_path, near)).measuring.group_m
    assert set(placed) - set(plain) == {80.0}


@pytest.mark.parametrize(("overrides", "line", "said"), [
    (SHARE.replace("survey_share.share", "survey_share.shore"), 3, "unknown key survey_share.shore"),
    (SHARE.replace("0.008", "much"), 3, "a number is expected here"),
    (SHARE.replace(", cite: 甲区规定第二条}", "}"), 3, "cite is missing"),
    (SHARE.replace("from: 2010-01-01, ", ""), 3, "from is missing"),
    (SHARE.replace("2011-01-01", "2010-01-01"), 4,
     "survey_share.share has two values for 990103 on 2010-01-01, the other at our_city/overrides.yaml:3"),
    (SHARE.replace("2010-01-01,", "2010-01-01, to: 2011-01-01,"), 4, "has two values for 990103 on 2011-01-01"),
    (SHARE.replace('"990103", from: 2010', '"99010", from: 2010'), 3, "not a division-code prefix"),
    (SHARE.replace("to: 2009-12-31", "to: 2006-04-08").replace("from: 2009-01-01", "from: 2006-01-01"), 5, "this value would never hold"),
    (SHARE.replace("to: 2009-12-31", "to: 2008-12-31"), 5, "the last day is before the first"),
    (NEAR.replace("OF02.near_m", "OF02.nearly_m"), 3, "unknown key OF02.nearly_m"),
    (NEAR.replace("300.5", "null"), 3, "a number is expected here"),
    (NEAR.replace("OF02.near_m", "GE02.area_m2"), 3, "GE02 judges a"),
    (NEAR.replace("OF02.near_m", "DA05.points"), 3, "or may be of the whole city"),
    (NEAR.replace("OF02.near_m", "US04.record_days"), 3, "it has one value for the whole city"),
])  # fmt: skip
def test_mistakes_are_refused_with_file_and_line(tmp_path, overrides, line, said):
    with pytest.raises(RulebookError) as caught:
        book_of(folder(tmp_path, overrides))
    assert f"our_city/overrides.yaml:{line}: " in caught.value.render("en") and said in caught.value.render("en")


def test_a_place_outside_of_the_ordinance_and_a_clause_that_it_does_not_state_are_refused(tmp_path):
    ours = (
        'id: ours\ntitle: {zh: 办法, en: Ours}\njurisdiction: "9901"\nfrom: 2008-01-01\nto: null\nanchor: plan_approved_on\nverified: no\n'
    )
    ours += "clauses:\n  share: {value: 0.02, cite: 本市}\n"
    for clause, place, said in (("share", "9902", "lies outside the place of ordinance ours"), ("base", "990103", "does not state base")):
        value = "0.01" if clause == "share" else "total"
        text = f'clauses:\n  ours.{clause}: [{{jurisdiction: "{place}", from: 2009-01-01, value: {value}, cite: 甲}}]\n'
        with pytest.raises(RulebookError, match=said):
            book_of(folder(tmp_path, text, ours=ours))


def test_by_date_alone_any_subject_may_have_a_parameter(tmp_path):
    book = book_of(folder(tmp_path, 'parameters:\n  GE02.area_m2: [{jurisdiction: "", from: 2010-01-01, value: 7, cite: 甲}]\n'))
    row = {"district_code": None, "as_of": date(2010, 1, 1)}
    assert _parameter(book, "GE02", "area_m2", row) == 7
    assert _parameter(book, "GE02", "area_m2", row | {"as_of": date(2009, 12, 31)}) == book.rule("GE02").parameters["area_m2"]


def test_two_folders_may_not_say_two_things_of_one_place_and_day(tmp_path):
    one, other = folder(tmp_path / "a", SHARE), folder(tmp_path / "b", SHARE)
    with pytest.raises(RulebookError, match="has two values for 990103 on 2010-01-01"):
        load([pipeline.bundled("rules"), one, other.rename(other.parent / "other_city")])


@pytest.mark.parametrize(("clause", "value", "unlike"), [
    ("share", "0.008", "0.0081"), ("base", "counted", "residential"), ("tiers", "{0: 300, 30000: 800}", "{0: 300, 30000: 900}"),
    ("recipient_kinds", "[committee, street]", "[committee]"), ("exemption_kinds", "[]", "null"), ("plan_must_state", "false", "true"),
    ("share", "null", "0.01"),
])  # fmt: skip
def test_a_value_of_any_kind_is_known_again_by_what_a_run_keeps_of_it(tmp_path, clause, value, unlike):
    """Of two values for a place that lie one after the other, the one that was judged by is told."""
    override = f'clauses:\n  survey_share.{clause}:\n    - {{jurisdiction: "990103", from: 2010-01-01, value: {value}, cite: 先}}\n'
    override += f'    - {{jurisdiction: "990103", from: 2011-01-01, value: {unlike}, cite: 后}}\n'
    book = book_of(folder(tmp_path, override))
    told = ordinance_record(book.ordinances[0])["clauses"][clause]
    for day, cite in (("2010-06-01", "先"), ("2011-06-01", "后")):
        kept = recorded_text(law_of(book, ("990103", day), clause=clause)[0][2], clause)
        assert cite_of(told, kept, "990103").zh.endswith(f"：{cite}"), (day, kept)


def recorded_text(value, clause):
    """The value as the finding query writes it down."""
    kind = CLAUSES[clause]
    column = law_scope()[f"law.{clause}"]
    con = duckdb.connect()
    con.execute(f"CREATE TABLE v (law_{clause} {kind.sql_type})")
    con.execute("INSERT INTO v VALUES (?)", [value])
    return con.execute(f"SELECT {plain_text(column)} FROM v").fetchall()[0][0]


def test_a_parameter_that_has_its_own_value_from_a_day_on_changes_no_case(tmp_path):
    """Of every rule that has one, whatever it judges: by date alone, before any case."""
    plain = load([pipeline.bundled("rules")])
    lines = [
        f'  {rule.id}.{name}: [{{jurisdiction: "", from: 1990-01-01, value: {value}, cite: 同}}]'
        for rule in plain.rules
        for name, value in rule.parameters.items()
        if f"{rule.id}.{name}" != "US04.record_days"
    ]
    book = book_of(folder(tmp_path, "parameters:\n" + "\n".join(lines) + "\n"))
    placed = [rule for rule in book.rules if rule.placed]
    assert len(placed) > 25 and len({rule.subject for rule in placed}) > 6
    assert [(r.owner, r.it, r.detail.en) for r in run_cases(book, placed) if not r.passed] == []
