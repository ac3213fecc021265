"""What bureaus let pass: by the year of the act, of how many, and nothing unknown shown as none; the sums are those of the run's papers."""

import csv
import datetime as dt
import io
import sqlite3
from collections import Counter
from decimal import Decimal as D
from itertools import product
from types import SimpleNamespace

import openpyxl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from planning_check import pipeline
from planning_check.record.chosen import Led
from planning_check.report.console.controls import controls_lines
from planning_check.report.tables.controls import controls_csv
from planning_check.report.told.controls import Listed, controls, watching, year_of
from planning_check.report.workbook.controls import controls_book
from tests import city


def rule(rule_id, list_="controls", *, on="done_on", bureau="planning", classes=()):
    act = {"on": on, "zh": "验收", "en": "acceptances", "classes": list(classes)} if on else None
    statuses = [{"code": "late", "zh": "迟", "en": "late"}]
    return SimpleNamespace(
        rule_id=rule_id,
        list=list_,
        responsible=bureau,
        title_zh="先验收",
        title_en="Accepted first",
        text={"act": act, "statuses": statuses},
    )


def finding(
    rule_id, day, outcome="violation", *, key="1", state="open", area=None, yuan=None, status=None, project=None, district="棠城区"
):
    codes = {"棠城区": "990102", "云屏县": "990122"}
    return {
        "rule_id": rule_id, "outcome": outcome, "facts": {"done_on": day}, "numbers": {}, "case_state": state, "status": status,
        "area_m2": area and D(area), "yuan": yuan and D(yuan), "fingerprint": f"{rule_id}{key}", "project_id": project or f"P{key}",
        "subject": "project", "subject_key": f"P{key}", "district_name": district, "district_code": codes[district],
    }  # fmt: skip


def placed(acts):
    """Acts told without a district are all of one."""
    return {rule_id: [[*row, *["990102", "棠城区"][len(row) - 3 :]] for row in rows] for rule_id, rows in acts.items()}


def told(rules, findings, acts=None, led=None, **chosen):
    run = SimpleNamespace(id=3, as_of=dt.date(2011, 6, 30), digest="d", manifest={} if acts is None else {"acts": placed(acts)})
    return controls(run, rules, findings, led or {}, **chosen)


def by_year(found, rule_id="HO03"):
    return {line.year: line for line in found.lines if line.rule_id == rule_id}


def test_the_year_is_that_of_the_act_and_is_not_guessed():
    for text, year in (
        ("2009-12-31", 2009), ("2010-01-01", 2010), ("2009-05", 2009), ("2009", 2009), ("2009-02-01..2009-03-15", 2009),
        ("2009-12-20..2010-01-10", None), ("..2009-05-01", None), ("2009-05-01..", None), (None, None), ("", None),
    ):  # fmt: skip
        assert year_of(rule("HO03"), finding("HO03", text)) == year, text
    by_number = finding("HO03", None) | {"numbers": {"due_on": "2008-03-01"}}
    assert year_of(rule("HO03", on="due_on"), by_number) == 2008
    assert year_of(rule("HO03", on=None), finding("HO03", "2009-05-01")) is None


def test_a_share_is_of_the_acts_of_its_year():
    acts = {"HO03": [[2009, "pass", 6], [2009, "violation", 1], [2009, "undetermined", 1], [2010, "violation", 2], [2010, "exempt", 2]]}
    found = told(
        [rule("HO03")],
        [finding("HO03", "2009-03-01", area="10.50"), finding("HO03", "2009-04", "undetermined", key="2"),
         finding("HO03", "2010-01-01", key="3", area="1.00"), finding("HO03", "2010-02-01", key="4", state="dismissed", area="9.00"),
         finding("HO03", "2010-02-01", "exempt", key="5")],
        acts,
    )  # fmt: skip
    of = by_year(found)
    assert (of[2009].passed, of[2009].open, of[2009].acts, of[2009].share) == (1, 1, (8, 8), (D("0.125"), D("0.25")))
    assert (of[2010].passed, of[2010].dismissed, of[2010].acts, of[2010].share) == (1, 1, (4, 4), (D("0.25"), D("0.25")))
    assert [of[year].area_m2 for year in (2009, 2010)] == [D("10.50"), D("1.00")], "what is dismissed is in no sum"
    [whole] = found.sums("planning")
    assert (whole.passed, whole.open, whole.dismissed, whole.acts, whole.area_m2) == (2, 1, 1, (12, 12), D("11.50"))
    assert whole.share == (D(2) / 12, D(3) / 12)


def test_acts_of_no_known_year_may_be_of_any_and_shares_lie_between():
    acts = {"HO03": [[2009, "pass", 3], [2009, "violation", 1], [None, "pass", 4], [None, "violation", 2], [None, "undetermined", 1]]}
    lost = [finding("HO03", None, key=str(key)) for key in (2, 3)] + [finding("HO03", None, "undetermined", key="4")]
    of = by_year(told([rule("HO03")], [finding("HO03", "2009-03-01"), *lost], acts))
    assert of[2009].acts == (4, 11)
    assert of[2009].share == (D(1) / 9, D(4) / 7), "all the good ones of it, or all the others"
    assert (of[None].passed, of[None].open, of[None].acts) == (2, 1, (7, 7))


@settings(max_examples=60, deadline=None)
@given(st.tuples(*[st.integers(0, 3)] * 6))
def test_no_share_lies_outside_its_two_figures_and_both_can_be(counts):
    """Against every way in which the open acts may come out and those of no known year may fall."""
    good, bad, unsure, lost_good, lost_bad, lost_unsure = counts
    assume(good + bad + unsure)
    acts = [[2009, "pass", good], [2009, "violation", bad], [2009, "undetermined", unsure], [None, "pass", lost_good],
            [None, "violation", lost_bad], [None, "undetermined", lost_unsure]]  # fmt: skip
    findings = [finding("HO03", "2009-01-01", key=f"a{n}") for n in range(bad)] + [
        finding("HO03", None, key=f"b{n}") for n in range(lost_bad)
    ]
    line = by_year(told([rule("HO03")], findings, {"HO03": [one for one in acts if one[2]]}))[2009]
    shares = {
        D(bad + passed + more_bad + more_passed) / (good + bad + unsure + more_good + more_bad + more_unsure)
        for passed, more_good, more_bad, more_unsure in product(
            range(unsure + 1), range(lost_good + 1), range(lost_bad + 1), range(lost_unsure + 1)
        )
        for more_passed in range(more_unsure + 1)
    }
    assert line.share == (min(shares), max(shares))
    assert line.acts == (good + bad + unsure, sum(counts))


def test_a_run_that_counted_no_acts_has_no_shares_and_says_so():
    found = told([rule("HO03")], [finding("HO03", "2009-03-01")])
    assert by_year(found)[2009].share is None and by_year(found)[2009].acts is None
    assert found.sums("planning")[0].share is None
    page = "\n".join(controls_lines(found, "en", full=True))
    assert "unknown acceptances" in page and "did not count acts" in page
    row = next(csv.DictReader(io.StringIO("".join(controls_csv(found)).removeprefix("\ufeff"))))
    assert [row[name] for name in ("acts_least", "acts_most", "share_least_percent", "let_pass")] == ["", "", "", "1"]


def test_a_year_in_which_nothing_was_let_pass_is_told_with_its_acts():
    found = told([rule("HO03")], [], {"HO03": [[2008, "pass", 5]]})
    assert (by_year(found)[2008].passed, by_year(found)[2008].share) == (0, (D(0), D(0)))


def test_of_a_rule_on_another_list_only_its_classes_are_the_bureaus():
    mo05 = rule("MO05", "deposits", classes=["late"], bureau="housing")
    found = told(
        [mo05], [finding("MO05", "2009-01-01", status="late"), finding("MO05", "2009-01-01", status="decided", key="2")],
        {"MO05": [[2009, "violation", 2], [2009, "pass", 2]]},
    )  # fmt: skip
    line = by_year(found, "MO05")[2009]
    assert (line.passed, line.acts, line.share) == (1, (4, 4), (D("0.25"), D("0.25")))
    assert line.title.en == "Accepted first: late"
    assert found.whole == Listed(), "it is not on the list of controls"
    assert "MO05*" in "\n".join(controls_lines(found, "en"))
    assert watching([mo05, rule("PL02", "violations", on=None), rule("US02", on=None)]) == ["MO05", "US02"]


def test_the_sums_of_bureaus_and_years_are_those_of_the_list_also_where_a_line_is_led_by_another_bureau():
    led = {"HO031": Led(None, None, D("100.00")), "MO082": Led(D("5.00"), None, D("7.00")), "MO083": Led(None, None, D("1000.00"))}
    found = told(
        [rule("HO03"), rule("MO08", bureau="housing")],
        [finding("HO03", "2009-03-01", key="1", project="A", state="dismissed"), finding("MO08", "2010-03-01", key="1", project="A"),
         finding("MO08", "2010-03-01", key="2", project="B"), finding("MO08", "2008-03-01", key="3", project="C", state="dismissed")],
        {}, led,
    )  # fmt: skip
    assert found.whole == Listed(2, 2, D("5.00"), D("107.00")), "a line of which all is dismissed is in no sum"
    assert sum((found.on_list(found.of(bureau)) for bureau in found.bureaus), Listed()) == found.whole
    assert found.by_year("planning") == {2009: Listed(0, 1, None, D("100.00"))}
    assert found.by_year("housing") == {2008: Listed(0, 1), 2010: Listed(2, 0, D("5.00"), D("7.00"))}


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    return city.checked(tmp_path_factory.mktemp("controls"))


@pytest.fixture(scope="module")
def found(url):
    return pipeline.controls(url, 2)


def test_the_city_counted_anew_from_its_database(url, found):
    """Nothing here is shared with what tells of it."""
    with sqlite3.connect(url.removeprefix("sqlite:///")) as db:
        violations = dict(db.execute(
            "SELECT f.rule_id, count(*) FROM finding f JOIN run_rule r USING (run_id, rule_id) "
            "WHERE run_id = 2 AND r.list = 'controls' AND f.outcome = 0 GROUP BY 1"))  # fmt: skip
        bureaus = dict(db.execute(
            "SELECT r.responsible, count(*) FROM finding f JOIN run_rule r USING (run_id, rule_id) "
            "WHERE run_id = 2 AND r.list = 'controls' AND f.outcome = 0 GROUP BY 1"))  # fmt: skip
        fen = db.execute("SELECT sum(amount_fen), sum(area_dm2) FROM list_line WHERE run_id = 2 AND list = 'controls'").fetchone()
        counts = db.execute("SELECT rule_id, outcome, sum(subjects) FROM register_count WHERE run_id = 2 GROUP BY 1, 2").fetchall()
    mine = [line for line in found.lines if line.list == "controls"]
    told = {rule_id: sum(line.passed for line in mine if line.rule_id == rule_id) for rule_id in violations}
    assert told == violations and sum(violations.values()) == found.whole.passed == 135
    assert {bureau: found.on_list(found.of(bureau)).passed for bureau in bureaus} == bureaus
    assert (found.whole.yuan, found.whole.area_m2) == (D(fen[0]) / 100, D(fen[1]) / 100)
    sums = {line.rule_id: line for bureau in found.bureaus for line in found.sums(bureau)}
    for rule_id, line in sums.items():
        judged = sum(n for one, outcome, n in counts if one == rule_id and outcome in ("pass", "violation", "exempt"))
        open_ = sum(n for one, outcome, n in counts if one == rule_id and outcome == "undetermined")
        assert line.acts == (judged + line.open, judged + line.open) and line.open <= open_, rule_id
    assert sums["PL06"].open == 25 and sums["MO08"].open == 0, "six open verdicts on MO08 are of sums paid in, which are no refunds"


def test_refunds_of_the_city_are_of_the_years_of_its_ledger(found):
    sheet = openpyxl.load_workbook(pipeline.bundled("data") / "demo/住建局/竣工与保证金.xlsx", data_only=True)["保证金流水"]
    rows = list(sheet.iter_rows(values_only=True))
    head = next(row for row in rows if "收支事项" in row)
    what, day = head.index("收支事项"), head.index("发生日期")
    refunds = Counter(int(str(row[day])[:4]) for row in rows[rows.index(head) + 1 :] if row[what] == "退还")
    assert {line.year: line.acts for line in found.lines if line.rule_id == "MO08"} == {year: (n, n) for year, n in refunds.items()}


def test_the_csv_of_the_report_and_the_workbook_say_the_same(found):
    rows = list(csv.DictReader(io.StringIO("".join(controls_csv(found)).removeprefix("\ufeff"))))
    assert sum(int(row["let_pass"]) for row in rows if row["list"] == "controls") == found.whole.passed
    assert sum(D(row["line_yuan"] or 0) for row in rows) == found.whole.yuan
    sheet = openpyxl.load_workbook(io.BytesIO(controls_book(found, "en")))["Controls by year"]
    cells = list(sheet.iter_rows(min_row=4, values_only=True))
    lines, totals = ([row for row in cells if row[0] and row[1] and (row[1] == "all years") is is_total] for is_total in (False, True))
    assert [(row[3], str(row[1]), row[6]) for row in lines] == [
        (row["rule"], row["year"] or "unknown", int(row["let_pass"])) for row in rows
    ]
    assert sum(row[6] for row in totals) == found.whole.passed


@pytest.mark.parametrize(("bureau", "year"), [("planning", None), (None, 2010), ("housing", 2009)])
def test_a_choice_shows_what_it_says_and_the_list_as_it_is(found, url, bureau, year):
    chosen = pipeline.controls(url, 2, bureau=bureau, year=year)
    assert list(chosen.lines) == [line for line in found.lines if bureau in (None, line.bureau) and year in (None, line.year)] != []
    assert chosen.whole == found.whole


@pytest.mark.parametrize(("lang", "words"), [
    ("zh", ("未移交先验收", "140 规划验收", "年份不明", "名单“部门履职”全部：放过 135 条")),
    ("en", ("140 planning acceptances", "the year of some acts is unknown", "in all: 135 let pass")),
])  # fmt: skip
def test_the_page_says_how_many_of_how_many(found, lang, words):
    page = " ".join(" ".join(controls_lines(found, lang)).split())
    assert all(word.replace(" ", "") in page.replace(" ", "") for word in words), page


def test_districts_are_told_apart_and_add_up():
    acts = {"HO03": [[2009, "pass", 6, "990102", "棠城区"], [2009, "violation", 1, "990102", "棠城区"], [2009, "violation", 2, "990122", "云屏县"],
                     [2009, "undetermined", 1, None, None]]}  # fmt: skip
    findings = [finding("HO03", "2009-05-01", yuan="10.00"), finding("HO03", "2009-06-01", key="2", district="云屏县"),
                finding("HO03", "2009-07-01", key="3", district="云屏县", yuan="5.00")]  # fmt: skip
    found = told([rule("HO03")], findings, acts, by_district=True)
    lines = {line.district: line for line in found.lines}
    assert {name: (line.passed, line.acts, line.open) for name, line in lines.items()} == {
        "棠城区": (1, (7, 7), 0), "云屏县": (2, (2, 2), 0), "": (0, (1, 1), 1),
    }  # fmt: skip
    assert (lines["云屏县"].share, lines["云屏县"].yuan) == ((D(1), D(1)), D("5.00"))
    whole = told([rule("HO03")], findings, acts)
    assert sum(line.passed for line in found.lines) == sum(line.passed for line in whole.lines) == 3
    assert found.on_list(found.lines) == whole.on_list(whole.lines)
    one = told([rule("HO03")], findings, acts, district="990122")
    assert [(line.passed, line.acts, line.district) for line in one.lines] == [(2, (2, 2), None)]
    page = "\n".join(controls_lines(found, "zh"))
    assert "云屏县" in page and "未知" in page and "区县" not in "\n".join(controls_lines(whole, "zh"))
