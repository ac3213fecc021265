"""Commands on the law and on what is owed: balance, fragile findings, simulate, rules diff, rules page."""

import csv
import shutil

import pytest

from planning_check import pipeline
from planning_check.report.console.layout import WIDTH, display_width

SMALL = {
    "districts.csv": "district_code,district_name\n990101,甲区\n990102,乙区\n",
    "projects.csv": (
        "project_id,project_name,district_code,developer_name,developer_code,uses,plan_approved_on,completed_on,planning_accepted_on,"
        "survey_total_m2,premises_register_complete\n"
        "P1,甲苑,990101,甲置业,,住宅,2008-03-10,2010-05-04,2010-06-01,50000,是\n"
        "P2,乙苑,990102,乙置业,,住宅,2008-03-10,2010-05-04,2010-06-01,40000,是\n"
    ),
    "premises.csv": "premises_id,project_id,kind,surveyed_m2\nR1,P1,社区用房,600\nR2,P2,社区用房,399.5\n",
    "payments.csv": "payment_id,project_id,amount_yuan,unit_price_yuan_per_m2,received_on\n",
    "handovers.csv": "handover_id,project_id,premises_id,area_m2,handed_over_on,recipient_kind\nH1,P1,R1,600,2010-05-20,居委会\n",
}


@pytest.fixture
def delivery(tmp_path):
    folder = tmp_path / "delivery"
    folder.mkdir()
    for name, text in SMALL.items():
        (folder / name).write_text(text, "utf-8")
    return folder


@pytest.fixture
def checked(delivery, call):
    assert call("check", delivery, "--as-of", "2011-06-30", "-q", "--select", "AR")[0] == 0


def test_the_balance_of_each_district_and_a_file_of_it(checked, call, tmp_path):
    code, out, _ = call("balance", "--by", "district")
    assert code == 0
    city = next(line for line in out.splitlines() if "whole city" in line)
    assert city.split()[2:] == ["900.00", "500.00", "0.00", "0.00", "400.00", "400.00", "—"]  # no unit price was delivered
    code, _, err = call("balance", "--by", "project", "-o", "balance.csv")
    assert (code, "Written to balance.csv" in err) == (0, True)
    rows = {r["code"]: r for r in csv.DictReader((tmp_path / "balance.csv").read_text("utf-8-sig").splitlines())}
    assert (rows["P1"]["residual_m2"], rows["P1"]["surplus_m2"], rows["P2"]["residual_m2"]) == ("0.00", "100.00", "400.00")
    assert call("balance", "-o", "balance.csv")[0] == 2, "an existing file is not overwritten"
    assert "配建义务平衡" in call("balance", "--lang", "zh")[1]


def test_a_balance_needs_a_run(call):
    code, _, err = call("balance")
    assert code == 2
    assert "no check is recorded" in err


def test_fragile_findings_can_be_listed(checked, call):
    code, out, _ = call("findings", "--robustness", "fragile")
    assert code == 0
    assert "AR03" in out and "P2" in out
    assert "HO01" not in out


def test_explain_says_what_would_undo_it(checked, call):
    _, out, _ = call("explain", "AR03", "P2")
    assert "Does it stand if the law is read differently" in out
    assert "tolerance of area: 1.00 ㎡: pass, 0.50 ㎡ to spare" in out


def test_simulate_compares_and_records_nothing(delivery, call, tmp_path):
    code, out, _ = call("simulate", delivery, "--as-of", "2011-06-30", "--set", "survey_share.share=0.02", "-o", "changes.csv")
    assert code == 0
    assert "Two readings of the law compared" in out
    assert all(display_width(line) <= WIDTH + 2 for line in out.splitlines())
    rows = list(csv.DictReader((tmp_path / "changes.csv").read_text("utf-8-sig").splitlines()))
    changed = {(r["rule_id"], r["subject_key"]): (r["change"], r["area_before_m2"], r["area_after_m2"]) for r in rows}
    assert changed["AR03", "P1"] == ("new", "", "400.00")
    assert changed["AR03", "P2"] == ("changed", "0.50", "400.50")
    assert not (tmp_path / "planning_check.sqlite").exists()


def test_simulate_with_an_example_layer(delivery, call):
    code, out, _ = call("simulate", delivery, "--as-of", "2011-06-30", "--with", "examples/tiers")
    assert code == 0
    assert "+ examples/tiers" in out


def test_simulate_refuses_what_it_cannot_read(delivery, call):
    code, _, err = call("simulate", delivery, "--set", "survey_share.shore=0.02")
    assert code == 2
    assert "no clause shore" in err and "share" in err
    assert call("simulate", delivery)[0] == 2


def test_rules_diff_shows_text_and_effect(delivery, call, tmp_path):
    other = tmp_path / "rules"
    shutil.copytree(pipeline.bundled("rules"), other, ignore=shutil.ignore_patterns("*.py", "__pycache__", "examples"))
    ordinance = other / "ordinances" / "survey_share.yaml"
    ordinance.write_text(ordinance.read_text("utf-8").replace("value: 0.01\n", "value: 0.02\n", 1), "utf-8")
    code, out, _ = call("rules", "diff", pipeline.bundled("rules"), other, delivery, "--as-of", "2011-06-30")
    assert code == 0
    assert "changed ordinance survey_share clauses.share.values" in out
    assert "AR03" in out
    code, out, _ = call("rules", "diff", other, other, delivery, "--as-of", "2011-06-30")
    assert "nothing (worked cases apart)" in out and "no rule comes out differently" in out


def test_rules_page_goes_to_a_file(call, tmp_path):
    assert call("rules", "page", "-o", "rules.md")[0] == 0
    page = (tmp_path / "rules.md").read_text("utf-8")
    assert page.count("\n### ") >= len(pipeline.load_rules().rules)
    assert call("rules", "page", "-o", "rules.md")[0] == 2


def test_thresholds_of_the_bundled_city(delivery, call, tmp_path):
    code, out, _ = call("thresholds", delivery, "--as-of", "2011-06-30", "--lang", "en")
    assert code == 0
    assert "no threshold" in out
    code, out, _ = call("thresholds", "--rules", "examples/tiers", "--lang", "zh", "-o", "bands.csv")
    assert code == 0
    assert "30,000.00" in out
    assert (tmp_path / "bands.csv").read_text("utf-8-sig").count("tiers,tier,30000.00") == 8


ONE_CLAUSE = """\
id: own
title: {zh: 本市办法, en: Our ordinance}
jurisdiction: "99"
from: 2006-04-09
to: null
anchor: plan_approved_on
verified: no
clauses:
  share: {value: 0.008, unit: "1", cite: 本市办法第三条}
cases:
  - it: 施行首日 / the first day
    given: {district_code: "990101", plan_approved_on: 2006-04-09}
    expect: {law_state: governed, share: 0.008}
"""


@pytest.fixture
def own(tmp_path):
    (tmp_path / "own" / "ordinances").mkdir(parents=True)
    (tmp_path / "own" / "ordinances" / "own.yaml").write_text(ONE_CLAUSE, "utf-8")
    return tmp_path / "own"


def test_an_ordinance_of_one_clause_says_what_it_leaves_unsaid(delivery, call, own):
    """And how many outcomes nobody can judge by it any more."""
    code, out, _ = call("simulate", delivery, "--as-of", "2011-06-30", "--with", own)
    said = " ".join(out.split())
    assert code == 0 and "ordinance own is silent on" in said and "base" in said.split("silent on")[1]
    before, after = next(line for line in out.splitlines() if "undetermined" in line).split("undetermined ")[1].split(",")[0].split(" -> ")
    opened = int(said.split("against the rules as they were, ")[1].split()[0])
    assert opened >= int(after) - int(before) > 0
    assert "own" in call("rules", "test", "AR01", "--rules", own, "--lang", "zh")[1].split("注意：办法 ")[1]
    assert "is silent on" in call("check", delivery, "--as-of", "2011-06-30", "--rules", own, "--select", "AR03")[1]


def test_rules_check_says_what_an_ordinance_leaves_unsaid(delivery, call, own):
    code, out, err = call("rules", "check", "--rules", own)
    said = " ".join(out.split())
    assert code == 0, err
    assert "own/ordinances/own.yaml:9: ordinance own is silent on 39 of 40 clauses" in said and "what to do: " in said
    assert "become undetermined" not in said, "without a delivery nothing is counted"
    opened = call("simulate", delivery, "--as-of", "2011-06-30", "--with", own)[1].split("against the rules as they were, ")[1].split()[0]
    out = call("rules", "check", delivery, "--as-of", "2011-06-30", "--rules", own)[1]
    assert f"{opened} outcomes of this delivery become undetermined" in " ".join(out.split()) and int(opened) > 0
    (own / "ordinances" / "own.yaml").write_text(ONE_CLAUSE.replace("share: {", "shore: {"), "utf-8")
    code, _, err = call("rules", "check", "--rules", own)
    assert code == 2 and "own/ordinances/own.yaml:9" in err and "share" in err


def test_rules_check_has_nothing_to_say_of_the_bundled_rules(call):
    code, out, _ = call("rules", "check", "--lang", "zh")
    assert code == 0 and "没有要看的" in out


def test_layers_are_compared_over_the_bundled_rules(delivery, call):
    code, out, err = call("rules", "diff", "examples/tiers", "examples/per_household", delivery, "--as-of", "2011-06-30")
    assert code == 0, err
    assert "removed ordinance tiers" in out and "added ordinance per_household" in out
    assert "Two readings of the law compared" in out


def test_a_pass_under_own_rules_is_explained_as_long_as_they_are_there(delivery, call, own):
    whole = own / "ordinances" / "own.yaml"
    whole.write_text(ONE_CLAUSE.replace("cases:", "  base: {value: total, cite: 本市办法第三条}\n  in_lieu: {value: mixed, cite: 本市办法}\n"
                     "  applies_to_uses: {value: [residential], cite: 本市办法}\n  exemption_kinds: {value: [], cite: 本市办法}\ncases:"),
                     "utf-8")  # fmt: skip
    assert call("check", delivery, "--as-of", "2011-06-30", "--rules", own, "--select", "AR03", "-q")[0] == 0
    code, out, _ = call("explain", "AR03", "P1")
    assert code == 0 and "pass" in out and "round(0.008 * 50000" in out
    whole.write_text(whole.read_text("utf-8").replace("0.008", "0.007"), "utf-8")
    assert "cannot be derived again" in " ".join(call("explain", "AR03", "P1")[1].split())
    whole.unlink()
    assert "cannot be derived again" in " ".join(call("explain", "AR03", "P1")[1].split())
