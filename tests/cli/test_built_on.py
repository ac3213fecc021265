"""A city that builds on another's law, checked and recorded: explained down to place, day and line; proved, packed and compared."""

import json

import pytest

from tests.cli.test_law import delivery
from tests.rulebook.laws import built_on, folder

__all__ = ["delivery"]  # a fixture: pytest finds it here
OURS = built_on(
    "ours", "survey_share", "jurisdiction: '9901'\nfrom: 2008-01-01\nclauses:\n  minimum_m2: {value: 100, cite: 本市办法第三条}\n"
)
SHARE = 'clauses:\n  ours.share:\n    - {jurisdiction: "990102", from: 2008-01-01, value: 0.011, cite: 乙区规定第二条}\n'
DAY = ("--as-of", "2011-06-30")


@pytest.fixture
def our_city(tmp_path):
    return folder(tmp_path, SHARE, ours=OURS)


def test_a_finding_says_from_where_each_clause_is(delivery, call, our_city):
    assert call("check", delivery, *DAY, "--rules", our_city, "--select", "AR03", "-q")[0] == 0
    said = {lang: " ".join(call("explain", "AR03", "P2", "--lang", lang)[1].split()) for lang in ("zh", "en")}
    assert "round(0.011 * 40000" in said["en"], "40,000 m2 at 1.1 %"
    assert "our_city/overrides.yaml:3, not verified): 乙区规定第二条" in said["en"] and "990102, from 2008-01-01" in said["en"]
    assert "990102，2008-01-01 起（our_city/overrides.yaml:3，未核实）：乙区规定第二条" in said["zh"].replace("（ ", "（")
    assert "(from survey_share)" in said["en"] and "承 survey_share" in said["zh"].replace("（承 survey _share）", "承 survey_share")
    assert "builds on survey_share" in said["en"]
    assert call("explain", "AR03", "P1")[0] == 0, "990101 goes by the share that is inherited, derived again"
    shown = " ".join(call("rules", "show", "AR03", "--rules", our_city, "--lang", "en")[1].split())
    assert "0.011: 990102, from 2008-01-01 (our_city/overrides.yaml:3, not verified)" in shown
    page = call("rules", "page", "--rules", our_city)[1]
    assert "builds on [survey_share](#survey_share)" in page and "承 survey_share" in page and "our_city/overrides.yaml:3" in page


def test_the_run_is_proved_packed_and_compared(delivery, call, our_city, tmp_path):
    assert call("check", delivery, *DAY, "--rules", our_city, "-q")[0] == 0
    code, out, _ = call("verify")
    assert code == 0 and "derived again: every outcome is the same" in out
    assert call("bundle", "--with-inputs", "-o", "proof.zip")[0] == 0
    assert call("verify", "proof.zip")[0] == 0
    (our_city / "overrides.yaml").write_text(SHARE.replace("0.011", "0.012"), "utf-8")
    assert call("verify")[0] == 2, "the folder is not that of then"
    assert call("check", delivery, *DAY, "--rules", our_city, "-q")[0] == 0
    assert call("diff", "--quick", "-o", "quick.json")[0] == 0
    changed = json.loads((tmp_path / "quick.json").read_text("utf-8"))
    assert "P2" in json.dumps(changed), "40 m2 more are missing"
    told = " ".join(call("diff", "--quick")[1].split())
    assert "ordinance ours" in told and "our_city/overrides.yaml" in told


def test_diff_proves_that_the_city_s_own_line_is_the_cause(delivery, call, our_city, tmp_path):
    """With the folder of then beside that of now."""
    then = our_city.rename(tmp_path / "then")
    now = folder(tmp_path, SHARE.replace("0.011", "0.012"), ours=OURS)
    for city in (then, now):
        assert call("check", delivery, *DAY, "--rules", city, "--select", "AR03", "-q")[0] == 0
    code, out, err = call("diff")
    assert code == 0, err
    assert "ordinance ours clauses.share.placed.990102 2008-01-01.value: 0.011 → 0.012" in " ".join(out.split())


def test_simulate_and_rules_diff_say_what_holds_where(delivery, call, our_city):
    out = " ".join(call("simulate", delivery, *DAY, "--with", our_city)[1].split())
    assert "ours.share = 0.011 990102, from 2008-01-01 (our_city/overrides.yaml:3, not verified): 乙区" in out
    assert "is silent on" not in out
    out = " ".join(call("rules", "diff", "examples/tiers", our_city, delivery, *DAY)[1].split())
    assert "added ordinance ours" in out and "our_city/overrides.yaml:3" in out


def test_what_a_new_rule_cannot_judge_is_nothing_that_becomes_undetermined(delivery, call, tmp_path):
    """One rule that nobody can judge for want of rents is new; the clauses left out cost the bundled rules their verdicts."""
    city = folder(
        tmp_path,
        ours=OURS.replace("based_on: survey_share\n", "").replace("from:", "to: null\nanchor: plan_approved_on\nverified: no\nfrom:"),
    )
    counted = _opened(call("simulate", delivery, *DAY, "--with", city)[1])
    (city / "areas").mkdir()
    (city / "areas" / "ZZ01_new.yaml").write_text(NEW, "utf-8")
    assert _opened(call("simulate", delivery, *DAY, "--with", city)[1]) == counted > 0


NEW = """\
id: ZZ01
subject: project
list: data
severity: minor
responsible: planning
title: {zh: 试, en: Trial}
basis: [示例]
violated_when: permit_total_m2 > 1
consequence: [data_request]
cure: {zh: 补, en: Supply}
message: {zh: 试, en: Trial}
trap: {zh: 无, en: None}
cases: []
"""


def _opened(out: str) -> int:
    return int(" ".join(out.split()).split("against the rules as they were, ")[1].split()[0].replace(",", ""))
