"""``story.yaml``: stages of a project's story, and which rule says what is missing; a mistake is refused with file and line."""

import pytest

from planning_check import pipeline
from planning_check.errors import RulebookError
from planning_check.rulebook.story import story_of

GOOD = """cite: 会议纪要
verified: no
stages:
  - {id: plan, zh: 规划, en: plan, rules: [PL, AR01]}
  - {id: built, zh: 建成, en: built, rules: [AR, HO]}
missing: [HO01, AR03]
worth: [AR03]
settled_by: [AR03]
"""


@pytest.fixture(scope="module")
def book():
    return pipeline.load_rules()


def read(book, folder, text):
    folder.mkdir(exist_ok=True)
    (folder / "story.yaml").write_text(text, "utf-8")
    return story_of([pipeline.bundled("rules"), folder], book.rules)


def test_every_bundled_rule_has_a_stage_of_its_own_name(book):
    told = {stage["code"] for stage in book.story.told()}
    assert {book.story.stage(rule.id) for rule in book.rules} == told - {"other"}


def test_an_id_goes_before_its_family_and_what_is_not_named_is_told_last(book, tmp_path):
    story = read(book, tmp_path / "city", GOOD)
    assert [story.stage(rule) for rule in ("AR01", "AR02", "PL03", "US01")] == ["plan", "built", "plan", "other"]
    assert [stage["code"] for stage in story.told()] == ["plan", "built", "other"]
    assert (story.leading.missing, story.leading.worth, story.leading.settled_by) == (("HO01", "AR03"), ("AR03",), ("AR03",))
    assert story.leading.lists == ("violations",)


@pytest.mark.parametrize(
    ("old", "new", "line", "why"),
    [
        ("[HO01, AR03]", "[HO01, AR99]", 6, "unknown value AR99"),
        ("[HO01, AR03]", "[HO01, HO01]", 6, "HO01 is named twice"),
        ("worth: [AR03]", "worth: [HO01]", 7, "no rule that gives a project's yuan"),
        ("[HO01, AR03]", "[US01, AR03]", 6, "no rule that gives a project's area_m2"),
        ("settled_by: [AR03]", "settled_by: [AR02]", 8, "unknown value AR02"),
        ("rules: [AR, HO]", "rules: [AR, PL]", 5, "PL is in the stage plan already"),
        ("id: built", "id: plan", 5, "the stage plan is there already"),
        ("id: built", "id: other", 5, "the stage other is there already"),
        ("verified: no", "verified: perhaps", 2, "unknown value perhaps"),
        ("cite: 会议纪要\n", "", 1, "cite is missing"),
        ("worth: [AR03]\n", "worth: [AR03]\nsum: [AR03]\n", 8, "unknown key sum"),
    ],
)
def test_a_mistake_is_refused_where_it_stands(book, tmp_path, old, new, line, why):
    assert old in GOOD
    with pytest.raises(RulebookError) as refused:
        read(book, tmp_path / "city", GOOD.replace(old, new))
    assert why in str(refused.value)
    assert f"city/story.yaml:{line}" in str(refused.value)


def test_a_folder_without_one_keeps_that_of_the_folder_before(book, tmp_path):
    (tmp_path / "city").mkdir()
    assert story_of([pipeline.bundled("rules"), tmp_path / "city"], book.rules) == book.story
