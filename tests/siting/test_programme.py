"""The programme's order: a score whose parts are known or not, each told by heart."""

import csv
import datetime as dt
import io
import json
from decimal import Decimal

import openpyxl
import pytest

from planning_check import pipeline
from planning_check.pipeline import Options
from planning_check.report.console.programme import programme_csv, programme_json, programme_page
from planning_check.report.workbook.programme import programme_xlsx
from tests.siting.town import TABLES, A, B, town

HEAD = "office_id,community_code,tenure,area_m2,outdoor_m2,lease_end,demolition_risk\n"


def ordered(folder, offices, *, facility="elderly", **tables):
    given = Options((town(folder, offices=HEAD + offices, **tables),), dt.date(2011, 6, 30), dt.date(2011, 6, 30))
    return pipeline.programme(given, facility, population="now")


def parts(found):
    return {line.code: {part: (share.least, share.most) for part, share in line.parts.items()} for line in found.lines}


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    """A's office has 150 of the 300 m2, its lease ends within the year; B has none."""
    return ordered(tmp_path_factory.mktemp("two") / "town", f"O1,{A},租用,150,1000,2012-03-31,否\nO2,{B},无用房,,,,否\n")


def test_the_parts_and_the_score_by_heart(two):
    """A: 0.52 of its people unserved (480 of 1,000 are), half of the area: 0 + 25 + 20 x 0.52 + 15 x 0.5. B: 40 + 0 + 20 + 15."""
    assert parts(two) == {
        B: {"no_premises": (1, 1), "ending": (0, 0), "unserved": (1, 1), "area_gap": (1, 1)},
        A: {"no_premises": (0, 0), "ending": (1, 1), "unserved": (Decimal("0.52"), Decimal("0.52")), "area_gap": (Decimal("0.5"),) * 2},
    }
    assert [(line.code, line.least, line.most) for line in two.lines] == [(B, 75, 75), (A, Decimal("42.90"), Decimal("42.90"))]
    assert two.lines[1].rules[0] == "OF01" and "OF06" in two.lines[1].rules


def test_what_is_not_known_is_reckoned_at_its_least_and_its_most(tmp_path):
    """A rented office that tells no lease and no area; no word of demolition; no register of what is there."""
    found = ordered(tmp_path / "town", f"O1,{A},租用,,1000,,\n", community_facilities=None)
    assert parts(found)[A] == {"no_premises": (0, 0), "ending": (0, 1), "unserved": (0, 1), "area_gap": (0, 1)}
    (line,) = (line for line in found.lines if line.code == A)
    assert (line.least, line.most) == (0, 60)
    assert any("?" in row and "0.00-60.00" in row for row in programme_page(found, "en"))


def test_a_facility_of_unknown_area_may_serve_its_community(tmp_path):
    blank = TABLES["community_facilities.csv"].replace(",30", ",")
    found = ordered(tmp_path / "town", f"O1,{A},租用,150,1000,2012-03-31,否\nO2,{B},无用房,,,,否\n", community_facilities=blank)
    assert (parts(found)[A]["unserved"], parts(found)[B]["unserved"]) == ((0, 1), (1, 1))


@pytest.mark.parametrize(("row", "ends"), [
    ("租用,300,1000,2012-06-29,否", (1, 1)), ("租用,300,1000,2012-06-30,否", (0, 0)), ("租用,300,1000,2012-06,否", (0, 1)),
    ("租用,300,1000,2015-01-01,是", (1, 1)), ("租用,300,1000,,是", (1, 1)), ("借用,300,1000,,否", (0, 0)), ("借用,300,1000,,", (0, 1)),
])  # fmt: skip
def test_whether_it_ends_within_365_days(row, ends, tmp_path):
    assert parts(ordered(tmp_path / "town", f"O1,{A},{row}\n"))[A]["ending"] == ends


def test_who_is_on_no_list_is_in_no_order(tmp_path):
    found = ordered(tmp_path / "town", f"O1,{A},自有,400,2000,,否\n", community_facilities=None)
    assert all("OF" in rule for line in found.lines for rule in line.rules) and B not in {line.code for line in found.lines}


def test_the_same_order_on_every_paper(two):
    rows = list(csv.DictReader(io.StringIO("".join(programme_csv(two)).removeprefix("\ufeff"))))
    whole = json.loads("".join(programme_json(two)))
    sheet = openpyxl.load_workbook(io.BytesIO(programme_xlsx(two, "zh"))).active
    expected = [(B, "75.00"), (A, "42.90")]
    assert [(row["community_code"], row["score_least"]) for row in rows] == expected
    assert [(one["community_code"], one["score_most"]) for one in whole["communities"]] == expected
    assert [(sheet.cell(row, 2).value, f"{sheet.cell(row, 5).value:.2f}") for row in (4, 5)] == expected
    assert {part: one["value"] for part, one in whole["weights"].items()} == {
        "no_premises": "40", "ending": "25", "unserved": "20", "area_gap": "15",
    }  # fmt: skip
    assert "没有用房 × 40 + 面临拆迁或租期将满 × 25" in "".join(programme_page(two, "zh"))
    assert programme_xlsx(two, "en") == programme_xlsx(two, "en")
