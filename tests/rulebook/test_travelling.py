"""Worked cases under a city's folder: green by what they were written for, and told where the city's law makes them come out otherwise."""

import pytest

from planning_check import pipeline
from planning_check.errors import RulebookError
from planning_check.report.console.cases import differing_lines
from planning_check.rulebook.cases import run_cases
from planning_check.rulebook.travelling import try_by_city
from tests.rulebook.laws import book_of, built_on, folder

NEAR = "parameters: {OF02.near_m: 300}\n"
PLACED = 'parameters:\n  OF02.near_m: [{jurisdiction: "990103", from: 2010-01-01, value: 300, cite: 甲}]\n'
MINIMUM = "from: 2008-01-01\njurisdiction: '9901'\nclauses:\n  office_minimum_m2: {value: 350, cite: 甲}\n"
FIRST_DAY = "批准日期不明，首日取得土地，批准不会更早 / approval unknown, land acquired on the first day"
ELSEWHERE = "其他区县同样适用 / any other district"


def failing(city, *rules):
    return [r for r in pipeline.rules_test([city], rules) if not r.passed]


@pytest.mark.parametrize(("overrides", "under"), [
    (NEAR, "OF02.near_m = 300"), (PLACED, "OF02.near_m = 300 (990103, from 2010-01-01)"),
])  # fmt: skip
def test_bundled_cases_stay_green_and_say_what_another_parameter_does(tmp_path, overrides, under):
    city = folder(tmp_path, overrides)
    assert failing(city, "OF02") == []
    differing = pipeline.rules_tried([city], ["OF02"])
    assert {one.under.en for one in differing} == {under}
    assert all(one.owner == "OF02" and "OF02_path.yaml" in one.where.get("en") for one in differing) and differing
    assert all("expected" in one.detail.en and "应为" in one.detail.zh for one in differing)


def test_a_city_that_changes_nothing_of_a_rule_changes_none_of_its_cases(tmp_path):
    city = folder(tmp_path, NEAR, ours=built_on("ours", "survey_share", MINIMUM))
    assert pipeline.rules_tried([city], ["HO09"]) == [], "it reads neither"
    assert pipeline.rules_tried([], ["OF02"]) == []


def test_cases_are_tried_by_every_set_of_clauses_that_bears_on_them(tmp_path):
    override = 'clauses:\n  ours.share: [{jurisdiction: "990103", from: 2010-01-01, value: 0.008, cite: 甲}]\n'
    city = folder(tmp_path, override, ours=built_on("ours", "survey_share", MINIMUM))
    assert failing(city, "AR01", "OF03") == []
    assert {(one.owner, one.under.en) for one in pipeline.rules_tried([city], ["AR01", "OF03"])} == {
        ("AR01", "ours (990103, from 2010-01-01)"), ("OF03", "ours (9901, from 2008-01-01)"),
    }  # fmt: skip


def test_own_rules_go_by_the_law_of_their_own_folder_and_a_later_folder_is_told_apart(tmp_path):
    """The first folder's rule is written for its parameter; the second changes it."""
    first = folder(tmp_path / "one", NEAR)
    rule = (pipeline.bundled("rules") / "offices" / "OF02_path.yaml").read_text("utf-8")
    (first / "offices").mkdir()
    (first / "offices" / "ZZ02_path.yaml").write_text(rule.replace("id: OF02", "id: ZZ02"), "utf-8")
    second = folder(tmp_path / "two", "parameters: {ZZ02.near_m: 200}\n")
    second = second.rename(second.parent / "other_city")
    assert [r for r in pipeline.rules_test([first, second], ["ZZ02"]) if not r.passed] == []
    assert {one.under.en for one in pipeline.rules_tried([first, second], ["ZZ02"])} == {"ZZ02.near_m = 200"}
    assert pipeline.rules_tried([first], ["ZZ02"]) == [], "they are its own"


def test_an_ordinance_is_tried_with_the_cases_of_its_base_in_its_own_place(tmp_path):
    book = book_of(folder(tmp_path, ours=built_on("ours", "survey_share", MINIMUM)))
    failed = {r.it: r.detail.en for r in run_cases(book, [], [book.ordinances[1]]) if not r.passed}
    assert set(failed) == {FIRST_DAY, ELSEWHERE}
    assert "office_minimum_m2: expected 300, got 350" in failed[ELSEWHERE] and "inherited from survey_share" in failed[ELSEWHERE]
    assert "replaces_cases" in failed[ELSEWHERE]


def test_a_case_is_replaced_by_name_or_by_one_of_the_same_it(tmp_path):
    replacing = f"replaces_cases:\n  - {FIRST_DAY}\ncases:\n  - it: {ELSEWHERE}\n"
    replacing += (
        '    given: {district_code: "990102", plan_approved_on: 2011-06-30}\n    expect: {ordinance: ours, office_minimum_m2: 350}\n'
    )
    book = book_of(folder(tmp_path, ours=built_on("ours", "survey_share", MINIMUM + replacing)))
    results = run_cases(book, [], [book.ordinances[1]])
    assert [r for r in results if not r.passed] == [] and len(results) == 10
    wrong = replacing.replace("expect: {ordinance: ours, office_minimum_m2: 350}", "expect: {office_minimum_m2: 300}")
    book = book_of(folder(tmp_path, ours=built_on("ours", "survey_share", MINIMUM + wrong)))
    assert [r.detail.en for r in run_cases(book, [], [book.ordinances[1]]) if not r.passed] == ["office_minimum_m2: expected 300, got 350"]


def test_only_cases_that_there_are_can_be_replaced(tmp_path):
    book = book_of(folder(tmp_path, ours=built_on("ours", "survey_share", MINIMUM + "replaces_cases:\n  - any district\n")))
    with pytest.raises(RulebookError, match=r"ours\.yaml:9: unknown value any district"):
        run_cases(book, [], [book.ordinances[1]])


def test_a_chain_inherits_the_cases_of_all_that_it_builds_on(tmp_path):
    first = built_on("first", "survey_share", MINIMUM + f"replaces_cases:\n  - {FIRST_DAY}\n  - {ELSEWHERE}\n")
    first += 'cases:\n  - it: ours\n    given: {district_code: "990102", plan_approved_on: 2011-06-30}\n'
    first += "    expect: {ordinance: first, office_minimum_m2: 350}\n"
    book = book_of(folder(tmp_path, first=first, second=built_on("second", "first", "from: 2008-01-01\n")))
    results = run_cases(book, [], [book.ordinances[2]])
    assert len(results) == 10 and [r.detail.en for r in results if not r.passed] == [], "second stands for first where it governs"


def test_how_many_come_out_otherwise_is_said_and_all_of_them_where_asked(tmp_path):
    differing = pipeline.rules_tried([folder(tmp_path, ours=built_on("ours", "survey_share", MINIMUM.replace("350", "900")))], ["OF03"])
    assert len(differing) > 3
    text = "\n".join(differing_lines(differing, "en"))
    assert f"By the city's own law {len(differing)} come out otherwise" in text and "no failure" in text
    assert [line.split() for line in text.splitlines() if "ours (9901" in line] == [
        ["OF03", "ours", "(9901,", "from", "2008-01-01)", str(len(differing))]
    ]
    full = "\n".join(differing_lines(differing * 4, "zh", full=True))
    assert full.count(differing[0].it[:6]) == 4 and "另有" not in full
    assert "另有" in "\n".join(differing_lines(differing * 4, "zh"))
    assert differing_lines([], "zh") == []


def test_the_cases_of_an_ordinance_say_what_a_later_folder_does_to_it(tmp_path):
    """Beside its base and the others of its folder, as they were written: only what is new makes them come out otherwise."""
    cases = f"replaces_cases:\n  - {FIRST_DAY}\n  - {ELSEWHERE}\ncases:\n" + "".join(
        f'  - it: on {day}\n    given: {{district_code: "990102", plan_approved_on: {day}}}\n    expect: {{ordinance: {law}}}\n'
        for day, law in (("2008-01-01", "ours"), ("2007-12-31", "survey_share"))
    )
    first = folder(tmp_path / "one", ours=built_on("ours", "survey_share", MINIMUM + cases))
    plain = folder(tmp_path / "two", NEAR)
    plain = plain.rename(plain.parent / "other_city")
    assert otherwise(first, plain) == []
    later = folder(tmp_path / "three", third=built_on("third", "ours", "from: 2008-01-01\n"))
    later = later.rename(later.parent / "third_city")
    assert otherwise(first, later) == [("on 2008-01-01", "ordinance: expected ours, got third")]


def otherwise(*folders):
    """The cases of the ordinances of the first folder that come out otherwise by the last."""
    books = [pipeline.load_rules(folders[:n]) for n in range(len(folders) + 1)]
    return [(one.it, one.detail.en) for one in try_by_city(books, [], books[1].ordinances) if one.owner == "ours"]
