"""Projects around thresholds: each in its band, those just below with their developers; a plain share has no threshold."""

from importlib.resources import files

import duckdb
import pytest

from planning_check.assess.bunching import EDGES, bunching
from planning_check.report.console.bunching import bunching_csv, bunching_lines
from planning_check.report.console.layout import WIDTH, display_width

FIVE = 5.0  # percent below a threshold that is just below
TIERS = "[{'at_least': 0.0, 'gives': 300.0}, {'at_least': 30000.0, 'gives': 800.0}]"


def judged(*rows, tiers="NULL", minimum="0", share="NULL"):
    con = duckdb.connect()
    con.execute(files("planning_check.facts").joinpath("identity.sql").read_text("utf-8"))
    con.execute(f"""CREATE TABLE judged_project AS SELECT 'x' AS project_id, 'o' AS ordinance_id, 'x' AS developer_code,
        'x' AS developer_name, 0::DECIMAL(18, 2) AS base_survey_m2, 0::DECIMAL(18, 2) AS base_permit_m2,
        0::DECIMAL(18, 2) AS base_plan_m2, 'governed' AS law_state, true AS duty_applies,
        {tiers}::STRUCT(at_least DECIMAL(18, 6), gives DECIMAL(18, 6))[] AS law_tiers, {minimum}::DECIMAL(18, 6) AS law_minimum_m2,
        {share}::DECIMAL(18, 6) AS law_share""")
    for number, (developer, base, *other) in enumerate(rows):
        con.execute(f"INSERT INTO judged_project SELECT 'P{number}', ordinance_id, ?, ? || '公司', ?, 1, 1, ?, ?, "
                    "law_tiers, law_minimum_m2, law_share FROM judged_project WHERE project_id = 'x'",
                    [developer, developer, base, *(other or ["governed", True])])  # fmt: skip
    con.execute("DELETE FROM judged_project WHERE project_id = 'x'")
    return con


def test_each_in_its_band():
    sizes = [23_999.99, 24_000, 27_000, 28_500, 29_399.99, 29_400, 29_999.99, 30_000, 30_600, 31_500, 33_000, 35_999.99, 36_000]
    (found,) = bunching(judged(*[(f"D{n}", size) for n, size in enumerate(sizes)], tiers=TIERS), FIVE)
    assert (found.ordinance_id, found.kind, str(found.base_m2)) == ("o", "tier", "30000.00")
    assert dict(zip(EDGES, found.bands, strict=False)) == {-20: 1, -10: 1, -5: 2, -2: 2, 0: 1, 2: 1, 5: 1, 10: 2}
    assert (found.below, found.above) == (4, 2)
    assert found.just_below == ("P3", "P4", "P5", "P6")
    assert found.repeated == ()


def test_who_stops_short_again_and_again():
    (found,) = bunching(
        judged(("A", 29_900), ("A", 29_950), ("B", 29_800), ("A", 30_100), (None, 29_000), (None, 29_001), tiers=TIERS), FIVE
    )
    assert found.repeated == (("A公司", 2),)
    assert found.below == 5


def test_who_owes_nothing_or_is_not_governed_is_not_counted():
    (found,) = bunching(judged(("A", 29_900, "legacy", True), ("B", 29_900, "governed", False), ("C", 29_900), tiers=TIERS), FIVE)
    assert found.just_below == ("P2",)


def test_a_minimum_ends_where_the_share_reaches_it():
    (found,) = bunching(judged(("A", 29_000), minimum="300", share="0.01"), FIVE)
    assert (found.kind, str(found.base_m2), found.below) == ("minimum", "30000.00", 1)


@pytest.mark.parametrize("law", [{"share": "0.01"}, {}])
def test_without_a_threshold_there_is_none_to_stay_below(law):
    assert bunching(judged(("A", 29_900), **law), FIVE) == []
    assert "plain share" in "\n".join(bunching_lines([], "en"))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_fits_and_the_csv_cannot_run(lang):
    found = bunching(judged(("=A", 29_900), ("=A", 29_901), tiers=TIERS), FIVE)
    lines = bunching_lines(found, lang)
    assert all(display_width(line) <= WIDTH for line in lines)
    "\n".join(lines).encode("gbk")
    rows = "".join(bunching_csv(found)).splitlines()
    assert rows[0] == "\ufeffordinance,kind,threshold_m2,from_percent,to_percent,projects,just_below"
    assert rows[4] == "o,tier,30000.00,-2,0,2,P0 P1"
