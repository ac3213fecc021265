"""``precedence.yaml`` is read strictly: every mistake with its file and line."""

import pytest

from planning_check import pipeline
from planning_check.errors import RulebookError
from planning_check.rulebook.preceding import precedence_of

GOOD = """precedence:
  - table: projects
    field: survey_total_m2
    order: [real_estate, housing]
    from: 2010-01-01
    to: 2011-12-31
    cite: 会议纪要
    verified: no
"""


def read(folder, text):
    folder.mkdir(exist_ok=True)
    (folder / "precedence.yaml").write_text(text, "utf-8")
    return precedence_of([pipeline.bundled("rules"), folder])


def test_the_bundled_rules_settle_nothing():
    assert precedence_of([pipeline.bundled("rules")]) == () == pipeline.load_rules().precedence


def test_a_city_says_who_goes_before_and_a_later_folder_says_it_anew(tmp_path):
    (one,) = read(tmp_path / "city", GOOD)
    assert (one.table, one.field, one.order, one.where, one.verified) == (
        "projects", "survey_total_m2", ("real_estate", "housing"), "city/precedence.yaml:2", False,
    )  # fmt: skip
    other = tmp_path / "other"
    read(other, GOOD.replace("[real_estate, housing]", "[housing, real_estate]"))
    assert [p.order for p in precedence_of([tmp_path / "city", other])] == [("housing", "real_estate")]
    book = pipeline.load_rules([tmp_path / "city"])
    assert book.precedence == (one,) and "city/precedence.yaml" in book.hashes


@pytest.mark.parametrize(
    ("old", "new", "line", "why"),
    [("projects", "project", 2, "unknown value"), ("survey_total_m2", "project_id", 3, "unknown value"),
     ("housing]", "bank]", 4, "unknown value"),
     ("[real_estate, housing]", "[housing]", 4, "two or more"), ("[real_estate, housing]", "[housing, housing]", 4, "two or more"),
     ("order: [real_estate, housing]", "latest_by: households", 4, "unknown value"),
     ("    order: [real_estate, housing]\n", "", 2, "either"),
     ("    cite: 会议纪要\n", "", 2, "cite is missing"), ("verified: no", "verified: perhaps", 8, "unknown value"),
     ("to: 2011-12-31", "to: 2009-12-31", 2, "not after"), ("to:", "until:", 6, "unknown key"),
     ("from: 2010-01-01", "from: soon", 5, "a date")],
)  # fmt: skip
def test_a_mistake_is_refused_with_its_line(tmp_path, old, new, line, why):
    assert old in GOOD
    with pytest.raises(RulebookError, match=why) as refused:
        read(tmp_path / "city", GOOD.replace(old, new))
    assert f"city/precedence.yaml:{line}" in str(refused.value)


def test_two_entries_for_one_day_are_refused_and_one_after_the_other_is_not(tmp_path):
    second = GOOD.split("\n", 1)[1]
    with pytest.raises(RulebookError, match="two entries for the same day"):
        read(tmp_path / "city", GOOD + second)
    assert len(read(tmp_path / "city", GOOD + second.replace("2010-01-01", "2012-01-01").replace("    to: 2011-12-31\n", ""))) == 2
