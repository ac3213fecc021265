"""The page's list in a real Chromium: a line a case, with the numbers of the summary; what is chosen, sorted, opened."""

import re
from decimal import Decimal

import pytest

from planning_check.report import page
from planning_check.report.page.listed import UNDETERMINED, listed, open_lines
from planning_check.report.told.numbers import number
from planning_check.report.told.opened import OPEN, key_of, opened
from planning_check.report.told.story import in_order
from planning_check.report.told.verdict import MAIN, at_stage, marks
from planning_check.words import LISTS
from tests.outside import require
from tests.report.conftest import WIDTHS

pytestmark = require("chromium")


def keys(tab) -> list[str]:
    """The lines shown: list and key, by the number that each has in the data."""
    return tab.evaluate("""() => {
        const all = JSON.parse(document.getElementById('data').textContent).cases;
        return [...document.querySelectorAll('details.case')].map(e => all[e.dataset.case][0] + '/' + all[e.dataset.case][2]);
    }""")


def choose(tab, **chosen) -> None:
    for name, value in chosen.items():
        field = tab.locator(f"form [name={name}]")
        if not field.is_visible():
            tab.click("details.others > summary")
        field.select_option(value) if field.evaluate("e => e.tagName") == "SELECT" else field.fill(value)


def counted(tab) -> int:
    return int(re.search(r"[\d,]+", tab.locator("#count").inner_text())[0].replace(",", ""))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_lines_are_those_of_the_summary_in_its_order_with_its_numbers(city_pack, lang):
    cases = listed(city_pack, open_lines(city_pack, lang), lang)["cases"]
    for code in LISTS:
        lines = city_pack.summary.of(code).lines
        shown = [case for case in cases if case[0] == code]
        assert [(case[1], case[2]) for case in shown] == [(line.subject, line.key) for line in lines]
        for case, line in zip(shown, lines, strict=True):
            amounts = [None if value is None else Decimal(value).scaleb(-2) for value in case[15:18]]
            assert amounts == [line.area_m2, line.yuan, line.yuan_min]
            assert case[10] == at_stage(code, line).get(lang) and case[12] == marks(line).get(lang) and case[11] == line.bureau


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_sums_of_a_list_are_those_of_its_card(visit, city_pack, lang):
    for code in MAIN:
        tab = visit(f"#?list={code}", lang=lang)
        one = city_pack.summary.of(code).accused
        assert counted(tab) == one.lines
        told = tab.locator("#sums").inner_text()
        expected = [value for value in (one.area_m2, one.yuan, one.yuan_min) if value is not None]
        assert expected
        for value in expected:
            assert number(value) in told
        exact = [Decimal(v.replace(",", "")) for v in re.findall(r"[\d,]+\.\d\d", told)]
        assert sorted(exact) == sorted(expected)
        card = tab.locator(f".card.{code}").inner_text()
        assert number(one.lines) in card and (one.area_m2 is None or number(one.area_m2) in card)
        if one.yuan is not None:
            unit, places, name = {"zh": (10_000, 2, "万元"), "en": (1_000, 1, "k yuan")}[lang]
            assert f"{number(one.yuan / unit, places)} {name}" in card


def test_what_could_not_be_judged_is_in_the_list_with_what_is_missing_and_from_whom(visit, city_pack):
    open_ = opened((f for outcome in OPEN for f in city_pack.findings(outcome=outcome)), city_pack.rules, "zh")
    tab = visit(f"#?list={UNDETERMINED}")
    assert counted(tab) == len(open_) == 115
    assert keys(tab)[:5] == [f"{UNDETERMINED}/{key_of(one.first)}" for one in open_[:5]]
    assert number(sum((one.most or Decimal(0) for one in open_), Decimal(0))) in tab.locator("#sums").inner_text()
    tab.fill("input[name=text]", "XM2006037")
    assert counted(tab) == 1
    line = tab.locator("details.case")
    line.locator("summary").first.click()
    told = line.locator(".story").inner_text()
    assert "缺数据不是符合" in told and "详规批准日期" in told and "规划" in told
    assert "判不了：缺" in line.evaluate("e => { e.querySelectorAll('details.finding').forEach(d => d.fill()); return e.textContent; }")


@pytest.mark.parametrize("width", WIDTHS)
def test_the_findings_of_a_line_are_steps_of_its_story_and_the_one_its_amounts_are_of_is_open(visit, city_pack, width):
    tab = visit("#violations/XM2006063", width=width)
    line = tab.locator("details.case[open]")
    stages = [stage.zh for stage, rules in in_order(city_pack.rules, city_pack.run.manifest["stages"])
              if {"AR01", "AR02", "AR03", "HO01"} & {rule.rule_id for rule in rules}]  # fmt: skip
    assert line.locator("h4.stage").all_inner_texts() == stages == ["规划", "许可", "实测", "移交"]
    assert [text[:4] for text in line.locator("details.finding > summary b").all_inner_texts()] == [
        "AR01", "PL01", "PL02", "AR02", "AR03", "HO01",
    ]  # fmt: skip
    assert line.locator("details.finding[open] > summary b").all_inner_texts()[0].startswith("HO01")
    line.locator(".also a", has_text="拟没收保证金").click()
    tab.wait_for_url(re.compile("#deposits/XM2006063$"))
    assert tab.locator("details.case.deposits[open]").count() == 1


def test_each_filter_keeps_what_it_says_and_nothing_else(visit, city_pack):
    tab = visit()
    lines = [(code, line) for code in LISTS for line in city_pack.summary.of(code).lines]
    first = lines[0][1]
    expected = {
        ("severity", "critical"): sum(line.severity == "critical" for _, line in lines),
        ("district", first.district): None,
        ("robust", "fragile"): sum(line.robustness == "fragile" for _, line in lines),
        ("robust", "marginal"): sum(line.is_marginal for _, line in lines),
    }
    for (name, value), n in expected.items():
        choose(tab, **{name: value})
        assert 0 < counted(tab) < len(lines)
        assert n in (None, counted(tab))
        assert f"{name}=" in tab.url
        tab.click("button[type=reset]")
    choose(tab, rule="AR03", list="violations")
    assert counted(tab) == sum(code == "violations" and "AR03" in line.rules for code, line in lines)
    choose(tab, bureau="planning")
    assert counted(tab) == sum(c == "violations" and "AR03" in x.rules and x.bureau == "planning" for c, x in lines)
    tab.click("button[type=reset]")
    choose(tab, community=first.community, list="violations")
    assert counted(tab) == sum(code == "violations" and first.community in line.community for code, line in lines)
    tab.click("button[type=reset]")
    assert tab.evaluate("[...document.querySelector('form.filters').elements].map(e => e.value || '').join('')") == ""
    assert counted(tab) == len(lines) + 115


@pytest.mark.parametrize(("text", "of"), [
    ("重大", lambda x: x.severity == "critical"), ("不稳", lambda x: x.robustness == "fragile"), ("微差", lambda x: x.is_marginal),
    ("ar03", lambda x: "AR03" in x.rules), ("XM2006063", lambda x: x.key == "XM2006063"), ("棣上城", lambda x: x.name == "棣上城"),
])  # fmt: skip
def test_a_text_finds_what_the_line_says(visit, city_pack, text, of):
    tab = visit("#?list=violations")
    tab.fill("input[name=text]", text)
    found = {key.split("/")[1] for key in keys(tab)}
    wanted = [line.key for line in city_pack.summary.of("violations").lines if of(line)]
    assert wanted
    assert counted(tab) >= len(wanted)
    assert {*wanted[:60]} <= found if counted(tab) <= 60 else found <= {line.key for line in city_pack.summary.of("violations").lines}


def test_it_is_sorted_by_what_is_missing_by_money_and_by_name(visit, city_pack):
    lines = city_pack.summary.of("violations").lines
    for field, by in (("area_m2", "area"), ("yuan", "yuan")):
        shown = keys(visit(f"#?list=violations&sort={by}"))
        by_key = {line.key: getattr(line, field) for line in lines}
        values = [by_key[key.split("/")[1]] for key in shown]
        assert values == sorted(by_key.values(), key=lambda v: (v is None, -(v or 0)))[:60]
    tab = visit("#?list=violations&sort=name")
    names = [text.split(" XM")[0] for text in tab.locator("details.case > summary b").all_inner_texts()]
    assert names == tab.evaluate("names => names.slice().sort(new Intl.Collator('zh', {numeric: true}).compare)", names)


def test_nothing_found_says_what_to_do(visit):
    tab = visit("#?list=offices&text=XM2006063")
    assert counted(tab) == 0
    advice = tab.locator(".advice")
    assert "planning-check explain" in advice.inner_text()
    advice.locator("button", has_text="只按文字").click()
    assert counted(tab) == 3 and tab.url.endswith("#?text=XM2006063")
    tab.fill("input[name=text]", "没有这样的词")
    tab.locator(".advice button", has_text="清除筛选").click()
    assert counted(tab) > 100 and tab.url.endswith("#")


def test_a_link_to_a_finding_opens_its_line_and_survives_what_it_does_not_fit(visit):
    tab = visit("#AR03/XM2006063?list=offices")
    assert tab.locator("details.case.violations[open] details.finding[open] b").all_inner_texts()[0].startswith("AR03")
    assert "#AR03/XM2006063" in tab.url
    nowhere = visit("#AR03/XM9999999?list=violations")
    assert counted(nowhere) == 151 and nowhere.locator("details.case[open]").count() == 0


def test_a_keystroke_makes_no_more_lines_than_are_shown(visit):
    tab = visit()
    made = tab.evaluate("""() => {
        const make = document.createElement.bind(document), made = [];
        document.createElement = tag => { made.push(tag); return make(tag); };
        const field = document.querySelector('input[name=text]');
        field.value = 'X';
        field.dispatchEvent(new Event('input', {bubbles: true}));
        return made.filter(tag => tag === 'details').length;
    }""")
    assert counted(tab) > 300
    assert made == tab.locator("details.case").count() == 60


def test_a_page_that_has_not_all_lines_says_so_and_keeps_the_worst_of_every_list(city_pack, monkeypatch, browser, tmp_path):
    monkeypatch.setattr(page.listed, "MOST_LINES", 200)
    page.write(city_pack, tmp_path, "zh")
    tab = browser.new_page()
    tab.goto((tmp_path / "findings_zh.html").as_uri())
    assert counted(tab) == 200
    whole = sum(len(city_pack.summary.of(code).lines) for code in LISTS) + 115
    assert f"本页有各名单最重的，共 200 行；全部 {whole} 行见 findings.csv" in tab.locator("#count").inner_text()
    shown = [case[2] for case in listed(city_pack, open_lines(city_pack, "zh"), "zh")["cases"] if case[0] == "violations"]
    assert shown == [line.key for line in city_pack.summary.of("violations").lines][: len(shown)] and 20 <= len(shown) < 151
    tab.close()
