"""``law history``, ``law on``, and what ``explain`` says of why this version of the law and not another."""

import csv
import json
import re
from pathlib import Path

import pytest

from planning_check.report.console.layout import display_width

PAGE = (Path(__file__).parents[2] / "docs" / "law.md").read_text("utf-8")

DELIVERY = {
    "districts.csv": "district_code,district_name\n990101,甲区\n990102,乙区\n",
    "projects.csv": (
        "project_id,project_name,district_code,developer_name,uses,plan_approved_on,completed_on,planning_accepted_on,survey_total_m2,"
        "premises_register_complete\n"
        "P1,甲苑,990101,甲置业,住宅,2008-03-10,2010-05-04,2010-06-01,50000,是\n"
        "P2,乙苑,990102,乙置业,住宅,2008-12,2010-05-04,2010-06-01,40000,是\n"
        "P3,丙苑,990102,乙置业,住宅,2009-03-10,2010-05-04,2010-06-01,40000,是\n"
    ),
    "premises.csv": "premises_id,project_id,kind,surveyed_m2\nR1,P1,社区用房,400\nR2,P2,社区用房,100\nR3,P3,社区用房,900\n",
    "payments.csv": "payment_id,project_id,amount_yuan,unit_price_yuan_per_m2,received_on\n",
    "handovers.csv": "handover_id,project_id,premises_id,area_m2,handed_over_on,recipient_kind\n",
    "offices.csv": "office_id,community_code,tenure,area_m2\nO1,990101001,租用,120\n",
    "communities.csv": "community_code,community_name,district_code\n990101001,一社区,990101\n",
}
OWN = """\
id: own
based_on: survey_share
title: {zh: 本市办法, en: Our ordinance}
jurisdiction: "9901"
from: 2008-01-01
verified: yes
clauses:
  share: {values: [{from: 2008-01-01, value: 0.02}, {from: 2008-12-16, value: 0.03}], unit: "1", cite: 本市办法第三条}
cases:
  - it: 首日 / the first day
    given: {district_code: "990101", plan_approved_on: 2008-01-01}
    expect: {law_state: governed, share: 0.02}
"""
RIVAL = """\
id: rival
based_on: survey_share
title: {zh: 又一部, en: Another}
jurisdiction: "9901"
from: 2008-01-01
clauses: {}
cases: []
"""


@pytest.fixture
def delivery(tmp_path):
    folder = tmp_path / "delivery"
    folder.mkdir()
    for name, text in DELIVERY.items():
        (folder / name).write_text(text, "utf-8")
    return folder


@pytest.fixture
def own(tmp_path):
    (tmp_path / "own" / "ordinances").mkdir(parents=True)
    (tmp_path / "own" / "ordinances" / "own.yaml").write_text(OWN, "utf-8")
    return tmp_path / "own"


def one_line(text: str) -> str:
    return " ".join(text.split())


def test_the_dated_values_of_a_clause_with_their_sources(call, own):
    code, out, _ = call("law", "history", "share", "--rules", own, "--lang", "en")
    assert code == 0
    assert [line for line in out.splitlines() if line.strip().startswith(("from", "2008"))] == [
        "from 2006-04-09  0.01  everywhere", "2008-01-01 to 2008-12-15  0.02  9901", "from 2008-12-16  0.03  9901",
    ]  # fmt: skip
    assert "Our ordinance (own, verified): 本市办法第三条" in out and "(survey_share, not verified)" in one_line(out)
    inherited = one_line(call("law", "history", "law.base", "--rules", own, "--lang", "zh")[1])
    assert "（承 survey_share）" in inherited.replace(" ", "").replace("承survey", "承 survey")


def test_of_a_place_the_one_that_governs_is_marked_and_gaps_are_said(call, own):
    out = call("law", "history", "配建比例", "--district", "990101", "--rules", own, "--lang", "en")[1]
    assert [line for line in out.splitlines() if line.startswith(("* ", "- ")) or "no law" in line] == [
        "  to 2006-04-08  no law on file before; it does not apply backwards",
        "* 2006-04-09 to 2007-12-31  0.01",
        "* 2008-01-01 to 2008-12-15  0.02",
        "- from 2008-01-01  0.01",
        "* from 2008-12-16  0.03",
    ]
    assert "own, of a narrower place (9901), goes before it" in out
    text = (own / "ordinances" / "own.yaml").read_text("utf-8").replace("from: 2008-01-01\n", "from: 2008-01-01\nto: 2010-12-31\n")
    (own / "ordinances" / "own.yaml").write_text(text, "utf-8")
    (own / "overrides.yaml").write_text("off: {survey_share: 试}\n", "utf-8")
    out = call("law", "history", "share", "--district", "990101", "--rules", own, "--lang", "zh")[1]
    assert "  2011-01-01 起  空档：" in out and "  至 2007-12-31  没有收录的办法" in out
    assert "当地没有收录办法" in call("law", "history", "share", "--district", "880101", "--rules", own, "--lang", "zh")[1]


@pytest.mark.parametrize("width", [80, 120])
def test_it_fits_and_goes_to_files(call, own, monkeypatch, tmp_path, width):
    monkeypatch.setenv("COLUMNS", str(width))
    for lang in ("zh", "en"):
        for command in (
            ("history", "share"),
            ("history", "recipient_kinds", "--district", "990101"),
            ("on", "2008-12-16", "--district", "990101"),
        ):
            code, out, err = call("law", *command, "--rules", own, "--lang", lang)
            assert (code, err) == (0, "") and max(display_width(line) for line in out.splitlines()) <= width
    assert call("law", "history", "share", "--district", "990101", "--rules", own, "-o", f"share{width}.csv")[0] == 0
    rows = list(csv.DictReader((tmp_path / f"share{width}.csv").read_text("utf-8-sig").splitlines()))
    told = json.loads(call("law", "history", "share", "--district", "990101", "--rules", own, "--format", "json")[1])
    assert [(row["from"], row["state"], row["value"]) for row in rows] == [
        (one["from"], one["state"], one["value"] or "") for one in told["stretches"]
    ]
    assert ("2008-01-01", "governed", "0.02") in [(row["from"], row["state"], row["value"]) for row in rows]


def test_which_law_governs_a_place_on_a_day(call, own):
    out = one_line(call("law", "on", "2008-12-16", "--district", "990101", "--rules", own, "--lang", "en")[1])
    assert "* governs: Our ordinance (own), 2008-12-16 on: 2008-12-16, within its days" in out
    assert "no longer in force: Our ordinance (own), 2008-01-01 to 2008-12-15: 2008-12-16, after its last day 2008-12-15" in out
    assert "gives way: Community premises at 1% of floor area (survey_share)" in out and "law.share share of floor area: 0.03" in out
    assert "law.tiers" not in out and "law.tiers" in call("law", "on", "2008-12-16", "--district", "990101", "--rules", own, "-v")[1]


def test_an_unknown_clause_and_what_is_no_district_are_refused(call, own):
    code, _, err = call("law", "history", "shere", "--lang", "en")
    assert code == 2 and "no clause shere" in err and "share" in err
    code, _, err = call("law", "history", "share", "--district", "9901x", "--rules", own, "--lang", "en")
    assert code == 2 and "9901x is no division code" in err and "of 9901" in err
    code, _, err = call("law", "on", "2008-13-01", "--district", "990101")
    assert code == 2
    assert call("law", "on", "2008-12-01")[0] == 2, "a place has to be named"


def explained(call, rule, key, lang="en"):
    code, out, err = call("explain", rule, key, "--lang", lang)
    assert code == 0, err
    return one_line(out)


def test_a_finding_says_why_this_version_and_not_the_others(delivery, own, call):
    assert call("check", delivery, "--as-of", "2011-06-30", "--rules", own, "-q")[0] == 0
    told = explained(call, "AR03", "P1")
    assert (
        "Why this law and not another * governs: Our ordinance (own), 2008-01-01 to 2008-12-15: detailed plan approved on 2008-03-10"
        in told
    )
    assert "gives way: Community premises at 1% of floor area (survey_share), 2006-04-09 on: own, of a narrower place (9901), goes" in told
    assert "not yet in force: Our ordinance (own), 2008-12-16 on: detailed plan approved on 2008-03-10, before its first day" in told
    assert "为何适用这一部，不适用别的" in call("explain", "AR03", "P1", "--lang", "zh")[1]
    assert "the day of the check 2011-06-30, within its days" in explained(call, "OF03", "O1")


def test_what_cannot_be_settled_says_what_it_may_be_and_in_what_that_differs(delivery, own, call):
    assert call("check", delivery, "--as-of", "2011-06-30", "--rules", own, "-q")[0] == 0
    told = explained(call, "AR03", "P2")
    assert told.count("may govern: Our ordinance (own)") == 2
    assert "detailed plan approved on: between 2008-12-01 and 2008-12-31: it may lie within its days, or not" in told
    assert "They differ in share of floor area: own 0.02; own 0.03" in told
    assert "which of them governs cannot be settled" in told


def test_a_conflict_names_both(delivery, own, call):
    (own / "ordinances" / "rival.yaml").write_text(RIVAL, "utf-8")
    assert call("check", delivery, "--as-of", "2011-06-30", "--rules", own, "-q")[0] == 0
    told = explained(call, "AR03", "P1")
    assert "in conflict: Our ordinance (own), 2008-01-01 to 2008-12-15" in told and "in conflict: Another (rival)" in told
    assert "They differ in share of floor area: own 0.02; rival 0.01" in told


def test_days_that_a_run_does_not_keep_are_measured_again_or_said_to_be_gone(delivery, own, call):
    """One rule alone keeps no day of approval: it comes from the delivery, as long as that is there."""
    assert call("check", delivery, "--as-of", "2011-06-30", "--rules", own, "--select", "AR03", "-q")[0] == 0
    assert "* governs: Our ordinance (own), 2008-01-01 to 2008-12-15" in explained(call, "AR03", "P1")
    assert "* governs: Our ordinance (own), 2008-12-16 on: detailed plan approved on 2009-03-10" in explained(call, "AR03", "P3"), "passed"
    (delivery / "projects.csv").write_text("", "utf-8")
    assert "The days of the project are not on record, and the delivery or the rules have moved or changed" in explained(call, "AR03", "P1")


def test_what_the_page_shows_is_printed_now(call):
    [shown] = re.findall(r"```text\n(.*?)```", PAGE, re.DOTALL)
    [command] = [line for line in PAGE.splitlines() if line.startswith("planning-check law history 配建比例")]
    assert shown in call(*command.split()[1:], "--lang", "zh")[1]


def test_every_verdict_and_remark_is_on_the_page():
    from planning_check.report.told.governing import VERDICTS
    from planning_check.rulebook import holding

    rows = [[cell.strip() for cell in line.split("|")[1:3]] for line in PAGE.splitlines() if line.startswith("| ")]
    en, zh = ({word for row in rows for word in re.split(", |，", row[column])} for column in (0, 1))
    assert {word.en for word in VERDICTS.values()} <= en and {word.zh for word in VERDICTS.values()} <= zh
    titles = [value for name, value in vars(holding).items() if name in ("_UNREAD", "_OUTCOMES", "_THRESHOLDS", "_DAYS")]
    assert len(titles) == 4 and {title.en for title in titles} <= en and {title.zh for title in titles} <= zh


def test_the_page_says_it_where_there_is_more_than_one_version(delivery, own, call, tmp_path):
    assert call("check", delivery, "--as-of", "2011-06-30", "--rules", own, "-q")[0] == 0
    assert call("report", "--only", "page", "--lang", "zh", "-o", "several")[0] == 0
    page = (tmp_path / "several" / "findings_zh.html").read_text("utf-8")
    assert (
        '"why":["适用：本市办法（own）2008-01-01 至 2008-12-15：详规批准日期 2008-03-10，在其期间","让位：社区用房按建筑面积百分之一配建'
        in page
    )
    assert call("check", delivery, "--as-of", "2011-06-30", "-q", "--db", "sqlite:///one.sqlite")[0] == 0
    assert call("report", "--only", "page", "--lang", "zh", "-o", "one", "--db", "sqlite:///one.sqlite")[0] == 0
    page = (tmp_path / "one" / "findings_zh.html").read_text("utf-8")
    assert '"why":[]' in page and '"why":["' not in page, "one version that governs is no question"


def test_a_contract_older_than_any_law_says_what_fills_in_for_it(delivery, own, call):
    path = delivery / "projects.csv"
    head, *rows = path.read_text("utf-8").splitlines()
    old = "P4,丁苑,990101,丁置业,住宅,2005-05-30,2010-05-04,2010-06-01,40000,是,是"
    path.write_text("\n".join([f"{head},conditions_state_duty", *(f"{row}," for row in rows), old, ""]), "utf-8")
    (delivery / "premises.csv").write_text(DELIVERY["premises.csv"] + "R4,P4,社区用房,100\n", "utf-8")
    assert call("check", delivery, "--as-of", "2011-06-30", "--rules", own, "-q")[0] == 0
    told = explained(call, "AR03", "P4")
    assert (
        "not yet in force: Our ordinance (own), 2008-01-01 to 2008-12-15: detailed plan approved on 2005-05-30, before its first day"
        in told
    )
    assert "older than any law on file for the place, which does not apply backwards" in told
    assert "The duty is that of its land contract or planning conditions, whatever the law's days" in told
    assert "taken from what is in force there on the day of the check: Our ordinance (own), 2008-12-16 on" in told
