"""The summary: sums that count a square metre once, a register that adds up, and a page that people can read."""

from decimal import Decimal

import pytest

from planning_check.report.console.explain import explanation_lines, rule_lines
from planning_check.report.console.layout import WIDTH, display_width
from planning_check.report.console.summary import summary_lines
from planning_check.report.told.explaining import RuleText, explain
from planning_check.report.told.summarising import summarise
from planning_check.store import evidence, open_store, save_run, totals
from tests.report.golden import assert_golden
from tests.store.tables import ORDINANCE, TELLINGS, connection, manifest, rule_text

LETTERS = {"P": "pass", "V": "violation", "D": "not_due", "U": "undetermined"}


def explained(engine, rule, subject):
    return explain(evidence(engine, rule, subject, letters=LETTERS))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_golden_pages(lang, summary, engine):
    assert_golden(f"summary_{lang}.txt", "\n".join(summary_lines(summary, lang)) + "\n")
    assert_golden(f"explain_{lang}.txt", "\n".join(explanation_lines(explained(engine, "AR03", "P1"), lang)) + "\n")
    text = RuleText(rule_text("AR03"), (ORDINANCE,), 7)
    assert_golden(f"rule_{lang}.txt", "\n".join(rule_lines(text, lang)) + "\n")


def test_an_area_seen_by_three_rules_is_counted_once(summary):
    violations = summary.of("violations")
    assert (violations.total.lines, violations.total.findings, violations.total.area_m2) == (1, 3, Decimal("620.00"))
    assert sum((sums.area_m2 for _, sums in violations.districts), Decimal(0)) == violations.total.area_m2


def test_the_register_adds_up(summary):
    assert summary.register.total == summary.register.expected == 9
    assert dict(summary.register.outcomes) == {"violation": 6, "undetermined": 1, "pass": 1, "not_due": 1}


def test_rows_read_are_rows_used_and_quarantined(summary):
    assert all(s.read == s.used + s.quarantined for s in summary.sources)


def test_failing_counts_at_and_above(summary):
    assert summary.failing("critical") == 2
    assert summary.failing("major") == 3
    assert summary.failing("info") == 3


def test_what_could_not_be_judged_names_facts_and_bureau(summary):
    only = summary.unjudged[0]
    assert (only.rule_id, [t.zh for t in only.missing], only.owners, only.subjects) == ("AR03", ["实测总建筑面积"], "real_estate", 1)


def test_the_citys_figures(summary):
    assert (summary.figures.communities, summary.figures.rented_or_borrowed, summary.figures.supported) == (129, 23, 115)
    assert [(text.zh, n) for text, n in summary.figures.by_district] == [("汉滨区", 128), ("汉阴县", 1)]
    assert "占社区 129 个的 17.83 %" in "\n".join(summary_lines(summary, "zh"))


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("full", [False, True])
def test_pages_fit_the_console_and_its_encoding(lang, full, summary, engine):
    lines = summary_lines(summary, lang)
    for subject in ("P1", "P2"):
        lines += explanation_lines(explained(engine, "AR03", subject), lang, full=full)
    lines += explanation_lines(explained(engine, "HO01", "P2"), lang, full=full)
    lines += rule_lines(RuleText(rule_text("AR03"), (ORDINANCE,), 7), lang)
    for line in lines:
        assert display_width(line) <= WIDTH + 2, line
        line.encode("gbk")
        assert "\x1b" not in line


def test_paint_is_put_on_whole_lines(summary):
    painted = summary_lines(summary, "en", paint=lambda text, style: f"<{style}>{text}</{style}>")
    assert painted[0].startswith("<title>")
    assert any(line.startswith("<head>Violations") for line in painted)


def test_a_run_without_anything_is_still_told(tmp_path):
    engine = open_store("sqlite://")
    con = connection([])
    for table in ("source", "problem", "register", "register_count", "profile", "cited_projects", "subject_geometry"):
        con.execute(f"DELETE FROM {table}")
    save_run(engine, con, manifest(title=None, notice=None, ordinances=[], rules_run=[], law_states={}), TELLINGS)
    page = "\n".join(summary_lines(summarise(totals(engine)), "en"))
    assert "Violations: not checked" in page, "nothing looked at is not nothing found"
    assert "%" not in page, "of nothing checked there is no share"


def test_explaining_puts_the_numbers_in_and_names_the_cell(engine):
    page = "\n".join(explanation_lines(explained(engine, "AR03", "P1"), "en"))
    assert "round(0.01 * 62000.00, 2)" in page
    assert '房管局/实测.csv > row 2 > column B 实测总建筑面积(㎡) "62,000"' in page
    assert "620.00 - 0.00" in page or "620.0 - 0.00" in page
    assert "not verified" in page
    assert "第三条" in page


def test_explaining_what_is_missing_names_its_bureau(engine):
    page = "\n".join(explanation_lines(explained(engine, "AR03", "P2"), "zh"))
    assert "实测总建筑面积 (survey_total_m2)：房管" in page
