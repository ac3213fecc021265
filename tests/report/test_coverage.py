"""Coverage counted by district and community: every column adds up."""

import datetime as dt
import json
from decimal import Decimal
from types import SimpleNamespace as Row

import pytest

from planning_check.report.console.coverage import coverage_csv, coverage_json, coverage_page
from planning_check.report.console.layout import WIDTH, display_width
from planning_check.report.told.coverage import covered

RUN = Row(id=1, as_of=dt.date(2011, 6, 30), manifest={"service_radius_m": 500})


def line(code, district, office_m2, share, people, lacks="library"):
    has = ",".join("abcdefg")
    return Row(
        community_code=code, community_name=f"社区{code}", district_code=district, district_name=None, population=1000, has=has, lacks=lacks,
        not_known=None if lacks else "library", office_m2=office_m2, outdoor_m2=None,
        office_need_m2=Decimal(300), outdoor_need_m2=Decimal(1000),
        outside_share=share, outside_people=people,
    )  # fmt: skip


LINES = [
    line("C1", "D1", Decimal(300), Decimal(1), 1000),
    line("C2", "D1", Decimal("299.99"), Decimal("0.25"), 250),
    line("C3", "D2", None, None, None, lacks=None),
]


def test_the_whole_is_the_sum_of_its_districts():
    found = covered(RUN, LINES, "district")
    total = found.total
    assert (total.communities, total.has, total.lacks, total.not_known) == (3, 21, 2, 1)
    assert (total.office_enough, total.office_short, total.office_unknown) == (1, 1, 1)
    assert (total.outdoor_enough, total.outdoor_short, total.outdoor_unknown) == (0, 0, 3)
    assert (total.out_of_reach, total.reach_unknown, total.outside_people) == (1, 1, 1250)
    for by in ("district", "community"):
        groups = covered(RUN, LINES, by).groups
        for name in ("communities", "has", "lacks", "not_known", "office_short", "out_of_reach", "reach_unknown", "outside_people"):
            assert sum(getattr(one, name) or 0 for one in groups) == getattr(total, name)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("lines", [LINES, []])
def test_the_page_can_be_read(lang, lines):
    page = coverage_page(covered(RUN, lines, "district"), lang)
    assert all(display_width(row) <= WIDTH + 2 for row in page)
    "\n".join(page).encode("gbk")


def test_for_programs():
    found = covered(RUN, LINES, "community")
    assert len("".join(coverage_csv(found)).splitlines()) == 4
    assert json.loads("".join(coverage_json(found)))["total"]["communities"] == 3
