"""Runs, findings, totals and evidence read back."""

from decimal import Decimal

import pytest

from planning_check.errors import UsageError
from planning_check.record.finding import FIELDS
from planning_check.store import Filters, count, evidence, findings, load_run, save_run, totals
from tests.store.tables import COUNTS, FINDINGS, TELLINGS, connection, manifest

LETTERS = {"P": "pass", "V": "violation", "D": "not_due", "U": "undetermined"}


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (Filters(), 7),
        (Filters(list="violations"), 4),
        (Filters(rule="AR03"), 2),
        (Filters(rule="of"), 2),
        (Filters(outcome="undetermined"), 1),
        (Filters(severity="critical"), 5),
        (Filters(responsible="housing"), 1),
        (Filters(owner="real_estate"), 1),
        (Filters(owner="estate"), 0),
        (Filters(district="汉阴县"), 2),
        (Filters(district="610921", list="deposits"), 1),
        (Filters(subject="P1", rule="AR03"), 1),
        (Filters(list="data"), 0),
        (Filters(limit=3), 3),
    ],
)
def test_findings_are_chosen(engine, filters, found):
    assert len(list(findings(engine, 1, filters))) == found
    assert count(engine, 1, filters) == found


def test_long_runs_come_whole_and_in_order(engine):
    save_run(engine, connection(copies=400), manifest(), TELLINGS)
    rows = list(findings(engine, 2))
    assert len(rows) == 2800
    assert [row["rule_id"] for row in rows] == sorted(
        (row["rule_id"] for row in rows), key=["AR03", "HO01", "US01", "MO05", "OF01", "OF02"].index
    )
    assert all(row["sources"] for row in rows if row["rule_id"] == "AR03")


def test_an_exemption_reads_back_with_its_own_reason(engine):
    base = next(f for f in FINDINGS if f["rule_id"] == "US01")
    exempt = base | {
        "outcome": "exempt",
        "status": None,
        "reason_zh": "联席会议不予认定（纪要 1 号）",
        "reason_en": "dismissed (minutes no. 1)",
    }
    run = save_run(engine, connection([exempt]), manifest(), TELLINGS)
    found = next(iter(findings(engine, run)))
    assert set(found) == set(FIELDS)
    assert (found["outcome"], found["reason_zh"], found["reason_en"]) == ("exempt", exempt["reason_zh"], exempt["reason_en"])
    assert totals(engine, run).unjudged == []


def test_what_is_held_as_codes_is_told_in_the_order_of_words(engine):
    base = next(f for f in FINDINGS if f["rule_id"] == "HO01")
    found = [base | {"subject_key": key, "robustness": word} for key, word in (("A", "untested"), ("B", "robust"), ("C", "fragile"))]
    run = save_run(engine, connection(found), manifest(), TELLINGS)
    assert [row.robustness for row in totals(engine, run).robustness] == ["fragile", "robust", "untested"]


@pytest.mark.parametrize(
    ("filters", "said"), [(Filters(rule="AR3"), "AR03"), (Filters(district="汉滨"), "汉滨区"), (Filters(district="610903"), "610902")]
)
def test_what_the_run_does_not_know_is_said_with_what_is_near(engine, filters, said):
    with pytest.raises(UsageError) as caught:
        findings(engine, 1, filters)
    assert said in caught.value.render("zh")


def test_an_unknown_run(engine):
    with pytest.raises(UsageError, match="the latest is run 1"):
        load_run(engine, 7)


def test_totals_add_up(engine):
    sums = totals(engine)
    by_district = {(row.list, row.district_code): row for row in sums.districts}
    assert (by_district["violations", "610902"].lines, by_district["violations", "610902"].findings) == (1, 3)
    assert by_district["violations", "610902"].area_m2 == Decimal("620.00")
    assert by_district["deposits", "610921"].yuan_min == Decimal("300000.50")
    assert [(row.file, row.problems) for row in sums.sources] == [("规划局/项目.xlsx", 1), ("房管局/实测.csv", 0)]
    assert [(row.code, row.cases, row.what_en) for row in sums.problems] == [("no_key", 1, "no project id")]
    assert [(row.rule_id, row.missing, row.missing_owner, row.subjects) for row in sums.unjudged] == [
        ("AR03", ["survey_total_m2"], "real_estate", 1)
    ]
    assert sum(row.letters for row in sums.register) == sum(c[4] for c in COUNTS)
    assert next(row for row in sums.profile if row.group_key == "610921").group_name == "汉阴县"
    stage = next(row for row in sums.statuses if row.rule_id == "MO05")
    assert (stage.findings, stage.yuan, stage.yuan_min) == (1, Decimal("500000.00"), Decimal("300000.50"))


def test_evidence_goes_down_to_the_cell(engine):
    found = evidence(engine, "ar03", "P1", letters=LETTERS)
    cell = next(c for c in found.cells if c.field == "survey_total_m2")
    assert (cell.raw, cell.file, cell.sheet, cell.row, cell.letter, cell.header) == (
        "62,000", "房管局/实测.csv", "", 2, "B", "实测总建筑面积(㎡)",
    )  # fmt: skip
    assert found.rule.text["title"]["en"] == "Short at the survey"


def test_a_subject_is_known_by_its_name_too(engine):
    assert evidence(engine, "AR03", "花园P1", letters=LETTERS).subject_key == "P1"


def test_a_subject_without_a_finding_has_its_outcome_in_the_register(engine):
    found = evidence(engine, "HO01", "P2", letters=LETTERS)
    assert (found.outcome, found.finding) == ("not_due", None)
    assert evidence(engine, "MO05", "P1", letters=LETTERS).outcome == "pass"


@pytest.mark.parametrize(
    ("rule", "subject", "said"),
    [("AR3", "P1", "AR03"), ("AR03", "P11", "P1"), ("OF01", "P1", "findings --project P1"), ("OF01", "O11", "O1")],
)
def test_a_wrong_word_gets_the_near_ones(engine, rule, subject, said):
    with pytest.raises(UsageError) as caught:
        evidence(engine, rule, subject, letters=LETTERS)
    assert said in caught.value.fix.en
