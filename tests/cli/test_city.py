"""The bundled city through the front door: readable pages in both languages, the same bytes twice."""

import datetime as dt
import sqlite3
from dataclasses import replace
from decimal import Decimal

import pytest

from planning_check import pipeline
from planning_check.errors import Text
from planning_check.report.console.explain import explanation_lines
from planning_check.report.console.first_screen import first_screen
from planning_check.report.console.layout import WIDTH, display_width
from planning_check.report.console.likening import likeness_lines
from planning_check.report.console.summary import summary_lines
from planning_check.report.told.summarising import summarise
from planning_check.store import open_store, totals
from tests import city


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    return city.checked(tmp_path_factory.mktemp("city"))


@pytest.fixture(scope="module")
def results(url):
    """Two runs on the same input at different times."""
    return city.results(url)


@pytest.fixture(scope="module")
def found(results, url):
    """The findings of both runs, read once."""
    return [replace(found, rows=list(found.rows)) for found in (pipeline.findings(url, result.run_id) for result in results)]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_summary_can_be_read(results, lang):
    lines = summary_lines(results[0].summary, lang)
    for line in lines:
        assert display_width(line) <= WIDTH + 2, line
        line.encode("gbk")
    page = "\n".join(lines)
    assert "129" in page
    assert "17.83 %" in page


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("width", [80, 100, 120])
def test_the_first_screen_has_five_of_each_list_on_forty_lines(results, lang, width):
    steps, where = [("planning-check report", Text("x", "x"))] * 3, Text("x", "x")
    lines = first_screen(results[0].summary, steps, where, lang, width=width)
    assert len(lines) <= 40
    assert all(display_width(line) <= width for line in lines)
    assert sum(line.startswith((" 1 ", " 5 ")) for line in lines) == 6


def test_what_a_line_says_is_missing_is_what_the_story_says_of_its_project(results, found, url):
    """A second way: from the letters of the register and the findings, by the order that the rules tell."""
    with sqlite3.connect(url.removeprefix("sqlite:///")) as plain:
        rules = [
            rule for (rule,) in plain.execute("SELECT rule_id FROM run_rule WHERE run_id = 1 AND subject = 'project' ORDER BY rule_id")
        ]
        letters = dict(plain.execute("SELECT subject_key, outcomes FROM register_line WHERE run_id = 1 AND subject = 'project'"))
    amounts = {(f["rule_id"], f["subject_key"]): (f["area_m2"], f["yuan"]) for f in found[0].rows if f["outcome"] == "violation"}

    def said(project, order, amount):
        for rule in order:
            letter = letters[project][rules.index(rule)]
            if letter == "V":
                return amounts[rule, project][amount]
            if letter == "P" and rule in ("AR03", "AR02"):
                return None
        return None

    lines = summarise(totals(open_store(url, write=False), 1, lines=1_000)).of("violations").lines
    assert len(lines) == results[0].summary.of("violations").total.lines
    expected = [(said(x.key, ("HO01", "HO02", "AR03", "AR02", "AR01"), 0), said(x.key, ("AR03", "AR02", "AR01"), 1)) for x in lines]
    assert [(line.area_m2, line.yuan) for line in lines] == expected
    assert sum(area is None for area, _ in expected) > 10, "some fail in other things alone"


def test_the_sums_of_the_summary_add_up(results):
    summary = results[0].summary
    assert summary.register.total == summary.register.expected
    assert all(source.read == source.used + source.quarantined for source in summary.sources)
    for one in summary.lists:
        assert sum(sums.lines for _, sums in one.districts) == one.total.lines
        assert sum(lines for _, lines in one.severities) == one.total.lines
        assert sum(rule.violations for rule in one.rules) == one.total.findings


def test_what_waits_too_long_by_the_rule_is_what_waits_in_the_closing(results, url):
    closing = pipeline.funds(url, results[0].run_id)
    found = {f["subject_key"]: f for f in pipeline.findings(url, results[0].run_id, rule="MO09", outcome="violation").rows}
    late = {key: f for key, f in found.items() if f["status"].startswith("not_credited")}
    days = dt.timedelta(days=int(next(iter(late.values()))["law"].get("credit_days") or 90))
    waiting = {p.code: p.on_the_way for p in closing.projects if p.since and p.since[1] + days < dt.date.fromisoformat(closing.as_of)}
    assert sum(f["yuan"] for f in late.values()) == sum(span.least for span in waiting.values()) > 0
    assert set(late) == set(waiting)
    assert {key for key, f in found.items() if f["status"] == "no_source"} <= {p.code for p in closing.projects if p.beyond.least > 0}
    elsewhere = sum(f["yuan"] for f in found.values() if f["status"] == "elsewhere")
    assert elsewhere == closing.total.elsewhere.least > 0
    for by in ("community", "year"):
        assert pipeline.funds(url, results[0].run_id, by=by).total == closing.total


@pytest.mark.parametrize("kind", ["csv", "json", "jsonl", "table"])
def test_two_runs_export_the_same_bytes(found, kind):
    first, second = ("".join(pipeline.export(kind, of_run, "zh")) for of_run in found)
    assert first == second
    assert len(first) > 10_000


@pytest.mark.parametrize("every", [7, pytest.param(1, marks=pytest.mark.long)], ids=["of some rules", "of every rule"])
def test_a_finding_of_every_rule_can_be_explained(found, url, every):
    firsts: dict[tuple[str, str], str] = {}
    for row in found[1].rows:
        firsts.setdefault((row["rule_id"], row["outcome"]), row["subject_key"])
    told = {key: subject for key, subject in firsts.items() if key[1] in ("violation", "undetermined")}
    for (rule, _), subject in list(told.items())[::every]:
        explained = pipeline.explain_subject(url, rule, subject)
        for lang in ("zh", "en"):
            lines = explanation_lines(explained, lang, full=True) + explanation_lines(explained, lang)
            assert all(display_width(line) <= WIDTH + 2 for line in lines)
            "".join(lines).encode("gbk")
        assert any(fact.origins for fact in explained.facts)
    assert len(told) > 20


def test_what_was_measured_on_the_map_leads_to_its_layer_and_row(results, url):
    text = "\n".join(explanation_lines(pipeline.explain_subject(url, "GE04", "990124002005"), "en"))
    assert '民政局/社区边界.gpkg > communities > row 84 > column geometry "WKB' in text
    assert "neighbour = 990124002001" in text, "a code is no number"
    text = "\n".join(explanation_lines(pipeline.explain_subject(url, "GE08", "BG110"), "zh"))
    assert "办公用房台账 > 第 112 行 > S, T 列 经度, 纬度" in text


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_matching_of_the_city(results, url, call, lang):
    code, out, _ = call("match", "--db", url, "--lang", lang)
    assert code == 0
    found = pipeline.match(url)
    assert str(sum(line.facility_id is not None for line in found.lines)) in out
    withdrawn = next(line.facility_id for line in found.lines if line.facility_id)
    losers = {m.office_id for m in found.moves if m.withdrawn == withdrawn}
    assert {m.office_id for m in pipeline.match(url, without=[withdrawn]).moves} == losers
    assert call("match", "--db", url, "--without", "XZ9", "--lang", lang)[0] == 2


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("by", ["district", "community"])
def test_the_coverage_of_the_city(results, url, call, lang, by):
    code, out, _ = call("coverage", "--db", url, "--by", by, "--lang", lang)
    assert code == 0
    total = pipeline.coverage(url).total
    assert (total.communities, total.has + total.lacks + total.not_known) == (129, 8 * 129)
    assert f"{total.office_enough}/{total.office_short}/{total.office_unknown}" in out


def test_money_that_does_not_match_adds_up_to_what_waits_and_what_is_too_much(url):
    closing, unmatched = pipeline.fund_gaps(url)
    left = {gap.row.project_id: gap.left for gap in unmatched if gap.left is not None}
    assert sum(span.least for span in left.values() if span.least > 0) == closing.on_the_way.least > 0
    assert -sum(span.least for span in left.values() if span.least < 0) == closing.beyond.least > 0
    assert all(gap.where and gap.where.row and gap.where.column for gap in unmatched), "every one with its cell"
    assert not {gap.row.project_id for gap in unmatched} & set(closing.unread)


def test_money_that_was_used_without_a_credit_or_credited_after_it_was_given_back_is_named(url):
    _, unmatched = pipeline.fund_gaps(url)
    named = ("used_uncredited", "used_held", "used_given_back", "given_back", "beyond", "part_credited")
    found = {(gap.kind, gap.row.project_id, gap.row.item): gap.yuan.least for gap in unmatched if gap.kind in named}
    assert found == {
        ("used_uncredited", "XM2006065", "ZZ006"): Decimal("105180.20"), ("used_uncredited", "XM2006065", "ZZ007"): Decimal(126474),
        ("given_back", "XM2006062", "ZZ005"): Decimal(514624), ("beyond", "XM2007112", "BZ0326"): Decimal(20000),
        ("part_credited", "XM2007128", "BZ0310"): Decimal(30000),
    }  # fmt: skip


def test_like_cases_are_the_nearest_that_pass_with_the_facts_they_passed_by(url):
    key = next(f["subject_key"] for f in pipeline.findings(url, rule="AR03", outcome="violation").rows)
    found = pipeline.like(url, "AR03", key)
    assert [other["outcome"] for _, other in found.near] == ["pass"] * 3
    assert [near.apart for near, _ in found.near] == sorted(near.apart for near, _ in found.near)
    assert all(any(other["facts"].values()) for _, other in found.near)
    counts = {outcome: count for (rule, outcome), count in pipeline.unchecked(url).counts.items() if rule == "AR03"}
    assert dict(found.outcomes) == counts, "derived anew it is the register of the run"
    for lang in ("zh", "en"):
        page = "\n".join(likeness_lines(found, lang))
        assert all(other["subject_key"] in page for _, other in found.near)
    passed = found.near[0][1]["subject_key"]
    assert {other["outcome"] for _, other in pipeline.like(url, "AR03", passed).near} == {"violation"}
