"""``funds``: the closing on the console and as a file."""

import csv

import pytest

from planning_check.report.console.layout import display_width


@pytest.fixture
def recorded(call, tiny):
    assert call("check", "-q")[0] in (0, 1)


def test_it_is_said_by_project_community_and_year_and_written(recorded, call, tmp_path):
    code, out, _ = call("funds", "--lang", "zh")
    assert (code, "资金去向" in out) == (0, True)
    assert next(row for row in out.splitlines() if row.startswith("  P1")).split()[2:] == [
        "400,000.00",
        "150,000.50",
        "249,999.50",
        "2010-12-01",
    ]
    assert next(row for row in out.splitlines() if row.startswith("  P2")).split()[-1] == "不明"
    for by in ("project", "community", "year"):
        for lang in ("zh", "en"):
            code, out, _ = call("funds", "--by", by, "--lang", lang)
            assert code == 0
            assert all(display_width(text) <= 80 for text in out.splitlines())
    code, _, err = call("funds", "--by", "year", "-o", "years.csv")
    assert (code, "years.csv" in err) == (0, True)
    rows = {row["code"]: row for row in csv.DictReader((tmp_path / "years.csv").read_text("utf-8-sig").splitlines())}
    assert (rows["2011"]["opening_most_yuan"], rows["2011"]["balance_least_yuan"], rows["unknown"]["balance_least_yuan"]) == (
        "700000.00",
        "249999.50",
        "unknown",
    )
    assert call("funds", "-o", "years.csv")[0] == 2, "an existing file is not overwritten"


def test_it_needs_a_run(call):
    code, _, err = call("funds", "--lang", "en")
    assert (code, "no check is recorded" in err) == (2, True)
