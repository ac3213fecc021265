"""Two readings of the law on one delivery: new, gone, changed, and sums that tie with the lists."""

from decimal import Decimal
from functools import cache

import pytest

from planning_check import assess, pipeline
from planning_check.errors import UsageError
from planning_check.rulebook.settings import apply_settings
from tests.facts.tables import connection
from tests.judged import BOOK, HOUSING

ROOMS = [
    {"premises_id": f"R{n}", "project_id": f"P{n}", "kind": "community", "surveyed_m2": area} for n, area in ((1, 600), (2, 400), (3, 1000))
]
PROJECTS = [{**HOUSING, "project_id": f"P{n}", "district_code": f"99010{n}"} for n in (1, 2, 3)]


@cache
def before():
    """The city as the bundled rules judge it: measured and judged once, beside every other reading."""
    con = connection(
        projects=PROJECTS, premises=ROOMS, handovers=[], payments=[], districts=[{"district_code": "990101", "district_name": "甲区"}]
    )
    read(con, "before", BOOK)
    return con


def read(con, name, book):
    assess.assess(con, book.plan([rule for rule in ("AR02", "AR03", "HO01") if rule in {r.id for r in book.rules}]))
    assess.keep_reading(con, name)


@cache
def compared(*settings):
    con = before()
    read(con, "after", apply_settings(BOOK, settings))
    return assess.compare(con)


def changes(comparison, rule="AR03"):
    return {c["subject_key"]: (c["change"], c["area_before_m2"], c["area_after_m2"]) for c in comparison.changes if c["rule_id"] == rule}


def test_a_doubled_share_is_new_for_one_worse_for_another_and_no_matter_to_the_third():
    found = compared("survey_share.share=0.02")
    assert changes(found) == {"P1": ("new", None, 400), "P2": ("changed", 100, 600)}
    line = next(r for r in found.rules if r["rule_id"] == "AR03")
    assert (line["before"], line["after"], line["new"], line["gone"], line["changed"]) == (1, 2, 1, 0, 1)


def test_the_same_law_changes_nothing():
    found = compared("survey_share.share=0.01")
    assert found.changes == []
    assert found.outcomes[0] == found.outcomes[1]


def test_a_rule_switched_off_is_gone_and_not_a_pass():
    found = compared("AR03=off")
    assert changes(found) == {"P2": ("gone", 100, None)}
    assert sum(found.outcomes[0].values()) - sum(found.outcomes[1].values()) == len(PROJECTS)


def test_a_first_day_after_the_projects_makes_them_legacy():
    found = compared("survey_share.from=2009-01-01")
    assert changes(found)["P2"][0] == "gone"


def test_a_value_from_a_day_on_leaves_older_projects_alone():
    assert compared("survey_share.share@2008-03-11=0.02").changes == []
    assert changes(compared("survey_share.share@2008-03-10=0.02"))["P1"][0] == "new"


def test_district_sums_count_a_project_once_with_its_largest():
    found = compared("survey_share.share=0.02")
    rows = {d["district_code"]: d for d in found.districts if d["list"] == "violations"}
    assert rows["990101"]["district_name"] == "甲区"
    assert rows["990102"]["area_before_m2"] == Decimal("500.00"), "HO01 misses 500, AR03 100: the larger counts, once"
    assert rows["990102"]["area_after_m2"] == Decimal("1000.00")


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("share=0.02", "no ordinance or rule share"),
        ("survey_share.shore=0.02", "no clause shore"),
        ("survey_share.share=much", "a number is expected"),
        ("survey_share.base=everything", "unknown value everything"),
        ("OF02.near=3", "has no parameter near"),
        ("OF02.near_m=far", "a number is expected"),
        ("nonsense", "cannot be read"),
        ("survey_share.share=", ""),
    ],
)
def test_a_setting_that_does_not_fit_is_refused(setting, said):
    if not said:
        assert apply_settings(BOOK, [setting]).ordinances[0].clauses["share"].values[0][1] is None, "an empty value is a repeal"
        return
    with pytest.raises(UsageError) as caught:
        apply_settings(BOOK, [setting])
    assert said in caught.value.render("en")
    assert setting in caught.value.render("zh")
    assert caught.value.fix is not None


def test_nothing_to_change_is_refused():
    import datetime as dt

    with pytest.raises(UsageError, match="nothing is changed"):
        pipeline.simulate(pipeline.Options([], as_of=None, today=dt.date(2011, 6, 30)))
