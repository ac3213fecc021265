"""Real variants of the duty as example layers: their cases pass, and they judge as their texts say, to the hundredth and to the day."""

from dataclasses import replace
from decimal import Decimal as D
from pathlib import Path

import pytest

from planning_check import pipeline
from planning_check.errors import UsageError
from planning_check.rulebook.cases import run_cases
from planning_check.rulebook.loading import load
from tests.rulebook import mutations
from tests.rulebook.provinces import FOLDER, NAMES, PAID, book, given, judged_once, room, together

__all__ = ["judged_once"]  # a fixture: pytest finds it here


def column(con, name, subject="project"):
    """One judged value of every subject, in the order of their keys."""
    return [value for (value,) in con.execute(f"SELECT {name} FROM judged_{subject} ORDER BY {subject}_id").fetchall()]


def test_there_is_an_example_for_every_variant():
    wanted = "base_above_ground base_residential base_counted per_household floors_and_entrance tiers pooled_phases tolerance_bands"
    assert {*wanted.split(), "agreement_gate", "two_places", "built_on"} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_its_cases_pass_and_every_day_matters(name):
    own = [o for o in book(name).ordinances if FOLDER.name in o.path.parts]
    assert own
    assert all(o.example and not o.verified for o in own)
    assert [r.detail.en for r in run_cases(book(name), [], own) if not r.passed] == []
    assert [what for o in own for what in mutations.ordinance_survivors(o, book(name))] == []


def test_an_example_changes_the_ordinances_alone():
    """So that all of them can be judged at once by one plan of the rules."""
    for name in NAMES:
        assert replace(book(name), ordinances=(), off={}, overridden={}, hashes={}) == replace(book(None), ordinances=(), off={}, hashes={})


@pytest.mark.parametrize("name", NAMES)
@together
def test_every_rule_runs_under_it(name):
    con = yield given(name)
    found = [dict(zip(names, con.fetchone(), strict=True)) for s in ("project", "premises") if (names := _columns(con, s))]
    for rule in book(name).rules:
        outcomes = [row[f"{rule.id}__outcome"] for row in found if f"{rule.id}__outcome" in row]
        assert len(outcomes) == (rule.subject in ("project", "premises")) and "error" not in outcomes


def _columns(con, subject: str) -> list[str]:
    return [d[0] for d in con.execute(f"FROM judged_{subject}").description]


def test_examples_do_not_judge_by_themselves():
    assert [o.id for o in load([pipeline.bundled("rules")]).ordinances] == ["survey_share"]
    assert "tiers" in [o.id for o in book("tiers").ordinances]


def test_a_bundled_example_is_named_from_any_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    named = [Path("examples/tiers")]
    assert "tiers" in [o.id for o in pipeline.load_rules(named).ordinances]
    (tmp_path / "examples" / "tiers" / "ordinances").mkdir(parents=True)
    with pytest.raises(UsageError, match="no rule files"):  # one's own folder of that name comes first
        pipeline.load_rules(named)


def test_a_city_folder_with_nothing_but_examples_is_refused(tmp_path):
    (tmp_path / "examples").mkdir()
    (tmp_path / "examples" / "overrides.yaml").write_text("off: {AR02: 示例}\n", "utf-8")
    with pytest.raises(UsageError, match="no rule files"):
        load([pipeline.bundled("rules"), tmp_path])


@pytest.mark.parametrize(("name", "required", "outcome"), [
    ("base_above_ground", 480, "pass"), ("base_residential", 540, "violation"), ("base_counted", 475, "pass"),
    ("pooled_phases", 620, "violation"),
    ("tiers", 800, "violation"),
])  # fmt: skip
@together
def test_one_project_owes_by_the_base(name, required, outcome):
    """Vector 3: 480 m2 are enough above ground and counted, and 140 too few of the total."""
    con = yield given(name)
    assert column(con, "required_m2") == [required]
    assert column(con, "AR03__outcome") == [outcome]
    if name == "pooled_phases":
        assert con.execute("SELECT area_m2 FROM finding_head WHERE rule_id = 'AR03'").fetchall() == [(140,)]
        assert column(con, "AR06__outcome") == ["violation"]


@together
def test_the_base_of_the_ordinance_alone_counts_and_is_never_replaced():
    con = yield given("base_above_ground", {"survey_above_ground_m2": None})
    assert column(con, "required_m2") == [None]
    assert column(con, "AR03__outcome") == ["undetermined"]


@together
def test_a_share_changed_on_a_day_counts_from_that_day():
    con = yield given("base_above_ground", {"plan_approved_on": "2009-12-31"}, {"plan_approved_on": "2010-01-01"},
                 {"plan_approved_on": None, "land_acquired_on": "2006-05-01"})  # fmt: skip
    assert column(con, "required_m2") == [480, 384, 480], "the third: between the land of 2006 and the permit of 2008"


@together
def test_areas_may_be_cut_off():
    con = yield given("base_counted", {"survey_counted_m2": D("47500.99")})
    assert column(con, "required_m2") == [D("475.00")]


@together
def test_steps():
    """Vector 8."""
    homes = ["29999.99", "30000.00", "99999.99", "100000.00", "179999.99", "180000.00", "279999.99", "280000.00"]
    con = yield given("tiers", *({"survey_residential_m2": D(size)} for size in homes))
    assert column(con, "required_m2") == [300, 800, 800, 1700, 1700, 2500, 2500, 4800]


@together
def test_no_money_where_the_ordinance_allows_none():
    con = yield given("tiers", rooms=[], payments=[{**PAID, "payment_id": "Z1", "amount_yuan": 9_000_000}])
    assert column(con, "in_lieu_counted_m2") == [0]
    assert con.execute("SELECT status FROM finding_head WHERE rule_id = 'MO02'").fetchall() == [("not_allowed",)]


@together
def test_two_small_developments_owe_less_than_one_under_steps():
    """Vector 7: 2 x 29,000 m2 owe 300 each, as one of 58,000 they would owe 800."""
    small = {"developer_code": "91X", "plan_residential_m2": 29000, "plan_total_m2": 30000}
    near = [{"project_id": "P1", "other_id": "P2", "metres": 12}]
    found = "SELECT outcome, area_m2 FROM finding_head WHERE rule_id = 'AP03'"
    tiers, survey = yield given("tiers", small, small, project_near=near), given(None, small, small, project_near=near)
    assert tiers.execute(found).fetchall() == [("violation", 200)]
    assert survey.execute(found).fetchall() == [], "under a plain share nothing is gained"


@together
def test_per_household_with_a_minimum():
    approved = [
        ("2010-12-31", 2000),
        ("2011-01-01", 2000),
        ("2010-12-31", 1499),
        ("2010-12-31", 1500),
        ("2010-12-31", 1501),
        ("2011-01-01", None),
    ]
    con = yield given("per_household", *({"plan_approved_on": day, "permitted_on": "2011-02-01", "households": n} for day, n in approved))
    assert column(con, "required_m2") == [400, 600, 300, 300, D("300.20"), None]
    assert column(con, "AR03__outcome") == ["pass", "violation", "pass", "pass", "pass", "undetermined"]
    assert column(con, "AR10__outcome") == ["pass", "violation", "pass", "pass", "pass", "undetermined"]


@together
def test_rooms_that_the_ordinance_bars_are_left_out():
    rooms = [
        room(1, surveyed_m2=140), room(2, project_id="P1", surveyed_m2=200, basement=True, floor_from=-1, floor_to=-1),
        room(3, project_id="P1", surveyed_m2=40, floor_from=3, floor_to=3), room(4, project_id="P1", surveyed_m2=100, stilt=True),
        room(5, project_id="P1", surveyed_m2=60, storey_height_m=D("2.20")),
        room(6, project_id="P1", surveyed_m2=70, storey_height_m=D("2.19")),
        room(7, project_id="P1", surveyed_m2=80, own_entrance=False, floor_from=2, floor_to=2),
    ]  # fmt: skip
    con = yield given("floors_and_entrance", rooms=rooms)
    assert column(con, "required_m2") == [D("186.00")]
    assert column(con, "counted_survey_m2") == [140 + 40 + 60 + 80], "neither basement nor stilt floor, nor a storey below 2.20 m"
    assert column(con, "AR07__outcome", "premises") == ["pass", "violation", "pass", "violation", "pass", "violation", "pass"]
    assert column(con, "PL05__outcome", "premises") == ["pass", "violation", "violation", "violation", "pass", "violation", "violation"]
    assert column(con, "AR09__outcome") == ["violation"], "a room below 50 m2, and more than two places"


@together
def test_a_minimum_whatever_the_share():
    con = yield given(
        "floors_and_entrance", {"survey_total_m2": 50000}, {"survey_total_m2": 50002}, rooms=[room(1, surveyed_m2=D("149.99"))]
    )
    assert column(con, "required_m2") == [150, D("150.01")]
    assert column(con, "AR09__status")[0] == "below"


@together
def test_tolerance_by_size_just_inside_and_outside():
    sizes = [
        (62_000, "601.40"),
        (62_000, "601.39"),
        (100_000, "970.00"),
        (100_001, "980.00"),
        (100_001, "980.01"),
        (200_000, "1960.00"),
        (200_000, "1959.99"),
    ]
    rooms = [room(n, surveyed_m2=D(size)) for n, (_, size) in enumerate(sizes, 1)]
    con = yield given("tolerance_bands", *({"survey_total_m2": total} for total, _ in sizes), rooms=rooms)
    assert column(con, "AR03__outcome") == ["pass", "violation", "pass", "violation", "pass", "pass", "violation"], (
        "3 % to 1,000 m2, then 2 %"
    )


@together
def test_money_for_the_whole_by_agreement_into_the_named_account():
    payments = [{**PAID, "payment_id": f"Z{n}", "project_id": f"P{n}", "receipt_no": f"A{n}", **changed} for n, changed in enumerate(
        ({}, {"amount_yuan": D("2479999.99")}, {"agreement_no": None}, {"account": "往来户"}), 1)]  # fmt: skip
    con = yield given("tolerance_bands", {}, {}, {}, {}, rooms=[], payments=payments)
    assert column(con, "in_lieu_counted_m2") == [620, 0, 0, 620]
    assert column(con, "AR03__outcome") == ["pass", "violation", "violation", "pass"]
    assert con.execute("SELECT status FROM finding_head WHERE rule_id = 'MO02' ORDER BY subject_key").fetchall() == [
        ("not_whole",),
        ("not_agreed",),
    ]
    assert con.execute("SELECT subject_key, status FROM finding_head WHERE rule_id = 'MO03'").fetchall() == [("Z4", "wrong_account")]


@pytest.mark.parametrize(("name", "third_accepted_on", "outcome", "needed"), [
    ("base_residential", None, "violation", 300), ("floors_and_entrance", None, "violation", 1000), ("pooled_phases", None, "not_due", 0),
    ("pooled_phases", "2011-06-29", "violation", 1000), ("pooled_phases", "2011-06-30", "not_due", 1000),
])  # fmt: skip
@together
def test_phases(name, third_accepted_on, outcome, needed):
    """Vector 12: phases that owe 300, 300 and 400; nothing handed over after the first acceptance (or the last)."""
    share, size = {"base_residential": (D("0.012"), "survey_residential_m2"), "floors_and_entrance": (D("0.003"), "survey_total_m2")}.get(
        name, (D("0.01"), "survey_total_m2")
    )
    accepted = ["2010-06-01", third_accepted_on, third_accepted_on]
    phases = [
        {
            "development_id": "Z",
            "phase_no": n,
            "phase_count": 3,
            "started_on": "2010-01-10",
            "planning_accepted_on": day,
            size: D(owes) / share,
        }
        for n, (owes, day) in enumerate(zip((300, 300, 400), accepted, strict=True), 1)
    ]
    con = yield given(name, *phases, rooms=[])
    assert column(con, "required_m2") == [300, 300, 400]
    assert column(con, "HO07__outcome", "development") == [outcome]
    assert column(con, "HO07__needed_m2", "development") == [needed]


@together
def test_ninety_days_after_completion():
    con = yield given("agreement_gate", *({"completed_on": day, "planning_accepted_on": None} for day in ("2011-04-01", "2011-03-31")))
    assert column(con, "HO01__outcome") == ["not_due", "violation"], "the ninetieth day is 30 June 2011, the day of the check"


@together
def test_an_agreement_before_acceptance_is_enough_where_the_ordinance_says_so():
    dates = {"permitted_on": "2010-03-01", "planning_accepted_on": "2011-04-01"}
    handed = [{"handover_id": f"Y{n}", "project_id": f"P{n}", "area_m2": 620, "agreed_on": agreed, "handed_over_on": "2011-05-01",
               "recipient_kind": "committee", "price_yuan": 500_000, "condition": "none"}
              for n, agreed in enumerate(["2011-04-01", "2011-04-02", "2011-04-01"], 1)]  # fmt: skip
    projects = [{**dates, "plan_approved_on": day} for day in ("2010-01-01", "2010-01-01", "2009-12-31")]
    con, survey = yield given("agreement_gate", *projects, handovers=handed), given(None, *projects, handovers=handed)
    assert column(con, "HO03__outcome") == ["pass", "violation", "not_applicable"], "the third: within days after completion"
    assert column(con, "HO06__outcome", "handover") == ["not_applicable"] * 3, "bought at cost"
    assert column(survey, "HO03__outcome") == ["violation"] * 3, "the survey's ordinance asks for the handover itself"
    assert column(survey, "HO06__outcome", "handover") == ["violation"] * 3, "and for no price"


@together
def test_title_within_a_year_with_a_lawful_holder():
    titles = [
        ("2010-06-30", {}),
        ("2010-06-29", {}),
        ("2010-06-29", {"title_holder_kind": "street"}),
        ("2010-06-29", {"title_holder_kind": "developer"}),
    ]
    rooms = [room(n, title_no="房1" if holder else None, titled_on="2010-09-01" if holder else None,
                  title_use="community", encumbrance="none", **holder)
             for n, (_, holder) in enumerate(titles, 1)]  # fmt: skip
    handed = [{"handover_id": f"Y{n}", "project_id": f"P{n}", "premises_id": f"R{n}", "area_m2": 480, "handed_over_on": day,
               "recipient_kind": "committee"}
              for n, (day, _) in enumerate(titles, 1)]  # fmt: skip
    con = yield given("agreement_gate", {}, {}, {}, {}, rooms=rooms, handovers=handed)
    assert column(con, "HO09__outcome", "premises") == ["not_due", "violation", "pass", "violation"]


@together
def test_the_longest_prefix_governs_and_a_gap_is_never_filled():
    places = [
        ("990102", "2008-06-30", "governed", "province", 310), ("990102", "2008-07-01", "governed", "district", 960),
        ("990121", "2008-07-01", "governed", "province", 310), ("990121", "2008-12-31", "governed", "province", 310),
        ("990121", "2009-01-01", "gap", None, None), ("990121", "2009-12-31", "gap", None, None),
        ("990121", "2010-01-01", "governed", "province_2010", 496), ("990102", "2010-01-01", "governed", "district", 960),
        ("990102", "2005-01-01", "legacy", None, None), ("330102", "2010-01-01", "none", None, None),
    ]  # fmt: skip
    rooms = [room(n, surveyed_m2=500) for n in range(1, 11)]
    con = yield given(
        "two_places",
        *({"district_code": code, "plan_approved_on": day, "permitted_on": "2010-02-01"} for code, day, *_ in places),
        rooms=rooms,
    )
    found = con.execute(
        "SELECT law_state, ordinance_id, required_m2, AR03__outcome FROM judged_project ORDER BY length(project_id), project_id"
    ).fetchall()
    outcome = {310: "pass", 496: "pass", 960: "violation"}
    other = {"gap": "undetermined", "legacy": "not_applicable", "none": "not_applicable"}
    assert found == [(state, law, owed, outcome.get(owed) or other[state]) for _, _, state, law, owed in places]


@pytest.mark.parametrize("kind", ["examples", "packs"])
def test_a_layer_inside_a_rules_folder_is_read_only_when_it_is_named(tmp_path, kind):
    own, pack = tmp_path / "own", tmp_path / "own" / kind / "one"
    pack.mkdir(parents=True)
    (own / "overrides.yaml").write_text("off: {AR02: 本市不查许可环节}\n", "utf-8")
    (pack / "overrides.yaml").write_text("off: {AR01: 本市不查规划环节}\n", "utf-8")
    assert set(load([pipeline.bundled("rules"), own]).off) == {"AR02"}
    assert set(load([pipeline.bundled("rules"), own, pack]).off) == {"AR01", "AR02"}


@together
def test_what_builds_on_another_judges_by_its_own_clauses_and_by_those_it_inherits():
    """A minimum and no money in lieu are its own, the share is the survey's, or that of one district from a day on."""
    con = yield given(
        "built_on", {"survey_total_m2": 15000}, {"survey_total_m2": 62000}, {"survey_total_m2": 62000, "district_code": "990123"},
        {"survey_total_m2": 62000, "district_code": "990123", "plan_approved_on": "2009-07-01", "permitted_on": "2009-08-01"},
        {"survey_total_m2": 15000, "plan_approved_on": "2007-12-31"},
    )  # fmt: skip
    assert column(con, "required_m2") == [200, 620, 620, 496, 150]
    assert column(con, "ordinance_id") == ["built_on"] * 4 + ["survey_share"]
