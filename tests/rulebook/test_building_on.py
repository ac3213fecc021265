"""An ordinance that builds on another has its clauses, goes before it within its own place and days, and gives way outside of them."""

from datetime import date
from decimal import Decimal as D

import pytest

from planning_check import pipeline
from planning_check.errors import RulebookError
from planning_check.rulebook.differences import silent
from planning_check.rulebook.loading import load
from planning_check.rulebook.settings import apply_settings
from planning_check.rulebook.texts import ordinance_record
from tests.rulebook.laws import book_of, built_on, folder, law_of, law_of_office

SHARE = "clauses:\n  share: {value: 0.008, unit: '1', cite: 本市办法第三条}\n"
OURS = built_on("ours", "survey_share", "jurisdiction: '9901'\nfrom: 2008-01-01\n" + SHARE)


def ordinance(book, id_):
    return next(o for o in book.ordinances if o.id == id_)


def test_what_it_does_not_state_it_inherits_with_its_citation(tmp_path):
    book = book_of(folder(tmp_path, ours=OURS))
    ours, survey = ordinance(book, "ours"), ordinance(book, "survey_share")
    assert set(ours.clauses) == set(survey.clauses)
    assert (ours.anchor, ours.verified, ours.begins, ours.ends.year) == (survey.anchor, False, date(2008, 1, 1), 9999)
    assert ours.based_on == ("survey_share",)
    assert ours.clauses["share"].values == ((date(2008, 1, 1), D("0.008")),) and ours.clauses["share"].origin == ""
    base = ours.clauses["base"]
    assert base.values == ((date(2008, 1, 1), "total"),), "the days before its own first day are cut"
    assert base.origin == "survey_share" and base.cite == survey.clauses["base"].cite
    clauses = ordinance_record(ours)["clauses"]
    assert clauses["base"]["inherited_from"] == "survey_share" and "inherited_from" not in clauses["share"]
    assert silent(book, [ours]) == [], "its base says something about every clause"


def test_it_is_silent_about_what_its_base_is_silent_about(tmp_path):
    bare = OURS.replace("based_on: survey_share\n", "").replace(
        "from: 2008", "anchor: plan_approved_on\nverified: no\nto: null\nfrom: 2008"
    )
    more = built_on(
        "more", "ours", "from: 2009-01-01\nclauses:\n  base: {value: total, cite: 本市办法}\n  tiers: {value: null, cite: 无}\n"
    )
    one, other = silent(book_of(folder(tmp_path, ours=bare, more=more)), book_of(folder(tmp_path)).ordinances[1:])
    assert (one.ordinance_id, other.ordinance_id) == ("more", "ours")
    assert (len(one.clauses), len(other.clauses)) == (37, 39), "null is no silence"


def test_before_its_first_day_and_after_its_last_the_base_governs(tmp_path):
    ends = OURS.replace("from: 2008-01-01", "from: 2008-01-01\nto: 2010-06-30")
    found = law_of(
        book_of(folder(tmp_path, ours=ends)),
        ("990102", "2007-12-31"), ("990102", "2008-01-01"), ("990102", "2010-06-30"), ("990102", "2010-07-01"), ("610902", "2009-01-01"),
        ("990102", "2006-04-08"),
    )  # fmt: skip
    survey, ours = ("governed", "survey_share", D("0.01")), ("governed", "ours", D("0.008"))
    assert found == [survey, ours, ours, survey, survey, ("legacy", None, None)]


SAME = built_on("ours", "survey_share", "from: 2008-01-01\n" + SHARE)


def test_of_the_same_place_it_goes_before_its_base_and_is_no_conflict(tmp_path):
    ends = SAME.replace("from: 2008-01-01", "from: 2008-01-01\nto: 2010-06-30")
    book = book_of(folder(tmp_path, ours=ends))
    found = law_of(book, *(("990102", day) for day in ("2007-12-31", "2008-01-01", "2010-06-30", "2010-07-01", "2007-12", "2008-01", "")))
    survey, ours = ("governed", "survey_share", D("0.01")), ("governed", "ours", D("0.008"))
    assert found[:4] == [survey, ours, ours, survey]
    assert found[4:] == [survey, ours, ("anchor_unclear", None, None)], "a day that is not known may be of either"
    assert law_of_office(book, ("990102", "2007-12-31"), ("990102", "2008-01-01")) == [
        ("governed", "survey_share", D(300)), ("governed", "ours", D(300)),
    ]  # fmt: skip


def test_a_month_that_lies_on_both_sides_of_its_first_day_is_unclear(tmp_path):
    book = book_of(folder(tmp_path, ours=SAME.replace("2008-01-01", "2008-01-15")))
    assert law_of(book, ("990102", "2008-01")) == [("anchor_unclear", None, None)]


def test_two_that_build_on_one_at_the_same_place_and_time_are_in_conflict(tmp_path):
    book = book_of(folder(tmp_path, ours=SAME, other=SAME.replace("id: ours", "id: other")))
    assert law_of(book, ("990102", "2009-01-01"), ("990102", "2007-12-31")) == [
        ("conflict", None, None), ("governed", "survey_share", D("0.01")),
    ]  # fmt: skip


def test_chains(tmp_path):
    """The third inherits from both, names the one that states it, and goes before both."""
    third = built_on("third", "ours", "from: 2010-01-01\nclauses:\n  base: {value: counted, cite: 第三次}\n")
    book = book_of(folder(tmp_path, ours=SAME, third=third))
    made = ordinance(book, "third")
    assert made.based_on == ("ours", "survey_share")
    assert [made.clauses[n].origin for n in ("share", "base", "phases")] == ["ours", "", "survey_share"]
    assert law_of(book, *(("990102", day) for day in ("2007-01-01", "2009-12-31", "2010-01-01"))) == [
        ("governed", "survey_share", D("0.01")), ("governed", "ours", D("0.008")), ("governed", "third", D("0.008")),
    ]  # fmt: skip


def test_a_dated_list_replaces_the_whole_list_and_an_inherited_one_is_cut(tmp_path):
    dated = "clauses:\n  share: {values: [{from: 2008-01-01, value: 0.008}, {from: 2009-01-01, value: 0.009}], cite: 甲}\n"
    first = built_on("first", "survey_share", "from: 2008-01-01\n" + dated)
    book = book_of(folder(tmp_path, first=first, second=built_on("second", "first", "from: 2008-07-01\njurisdiction: '99'\n")))
    assert ordinance(book, "second").clauses["share"].values == ((date(2008, 7, 1), D("0.008")), (date(2009, 1, 1), D("0.009")))
    whole = "from: 2008-07-01\nclauses:\n  share: {value: 0.02, cite: 乙}\n"
    book = book_of(folder(tmp_path, first=first, second=built_on("second", "first", whole)))
    assert ordinance(book, "second").clauses["share"].values == ((date(2008, 7, 1), D("0.02")),)


def test_it_may_be_decided_by_another_day_than_its_base(tmp_path):
    """Only what it surely covers by its own day is taken from the base; a permit comes after the approval."""
    book = book_of(folder(tmp_path, ours=SAME.replace("from:", "anchor: permitted_on\nfrom:")))
    assert law_of(book, ("990102", "2009-01-01"), ("990102", "2007-06-01")) == [
        ("governed", "ours", D("0.008")), ("anchor_unclear", None, None),
    ]  # fmt: skip


def test_a_base_that_is_switched_off_is_inherited_from_all_the_same(tmp_path):
    book = book_of(folder(tmp_path, "off: {survey_share: 本市另有办法}\n", ours=SAME))
    assert [o.id for o in book.ordinances] == ["ours"] and ordinance(book, "ours").clauses["base"].origin == "survey_share"
    assert law_of(book, ("990102", "2007-01-01")) == [("legacy", None, None)]


@pytest.mark.parametrize(("files", "where", "said"), [
    ({"ours": SAME.replace("survey_share", "survey_shore")}, "ours.yaml:2", "there is no ordinance survey_shore"),
    ({"ours": SAME.replace("survey_share", "ours")}, "ours.yaml:2", "an ordinance cannot build on itself: ours -> ours"),
    ({"ours": SAME.replace("survey_share", "other"), "other": SAME.replace("id: ours", "id: other").replace("survey_share", "ours")},
     "ours.yaml:2", "an ordinance cannot build on itself: other -> ours -> other"),
    ({"ours": SAME.replace("2008-01-01", "2006-04-08")}, "ours.yaml:4", "has values from 2006-04-09 only: there is no base"),
    ({"ours": SAME.replace("share:", "shore:")}, "ours.yaml:6", "unknown key shore"),
    ({"ours": SAME, "other": SAME}, "ours.yaml:1", "id ours is already defined"),
    ({"ours": SAME.replace("based_on: survey_share\n", "")}, "ours.yaml:1", "to is missing"),
    ({"ours": SAME.replace("from: 2008-01-01", "from: 2008-01-01\nto: 2007-01-01")}, "ours.yaml:5", "the last day is before the first"),
])  # fmt: skip
def test_mistakes_are_refused_with_file_and_line(tmp_path, files, where, said):
    with pytest.raises(RulebookError) as caught:
        load([pipeline.bundled("rules"), folder(tmp_path, **files)])
    assert f"our_city/ordinances/{where}" in caught.value.render("en") and said in caught.value.render("en")
    assert caught.value.render("zh") != caught.value.render("en")


def test_a_base_changed_on_the_command_line_is_inherited_as_changed(tmp_path):
    third = built_on("third", "ours", "from: 2010-01-01\nclauses:\n  base: {value: counted, cite: 第三次}\n")
    book = book_of(folder(tmp_path, ours=SAME, third=third))
    changed = apply_settings(book, ["survey_share.share=0.05", "survey_share.base=residential", "survey_share.phases@2009-01-01=end"])
    assert {o.id: (o.clauses["share"].values[-1][1], o.clauses["base"].values[-1][1]) for o in changed.ordinances} == {
        "survey_share": (D("0.05"), "residential"), "ours": (D("0.008"), "residential"), "third": (D("0.008"), "counted"),
    }  # fmt: skip
    assert ordinance(changed, "ours").clauses["phases"].values == ((date(2008, 1, 1), "cumulative"), (date(2009, 1, 1), "end"))
    assert ordinance(changed, "third").clauses["phases"].values == ((date(2010, 1, 1), "end"),)


def test_the_terms_of_a_contract_come_from_what_goes_before_its_base(tmp_path):
    """A project older than any ordinance, bound by its contract without an amount: the share is that of the law now in force there."""
    both = SAME + "  in_lieu: {value: whole_only, cite: 本市}\n"
    book = book_of(folder(tmp_path, ours=both))
    found = law_of(book, ("990102", "2005-01-01"), clause="share", conditions_state_duty=True, conditions_percent=None)
    assert found == [("contract", "ours", D("0.008"))]
    ends = book_of(folder(tmp_path, ours=both.replace("from: 2008-01-01", "from: 2008-01-01\nto: 2011-06-29")))
    assert law_of(ends, ("990102", "2005-01-01"), clause="share", conditions_state_duty=True) == [("contract", "survey_share", D("0.01"))]
