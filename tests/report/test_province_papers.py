"""Every paper of a province's run: cities before districts, districts of one name told apart, nothing of a city that was not checked."""

import csv
import io
import sqlite3
from contextlib import closing

import openpyxl
import pytest
from docx import Document

from planning_check import pipeline
from planning_check.cli.main import run
from planning_check.errors import UsageError
from planning_check.report.told.cities import cities_of
from planning_check.report.told.controls import controls
from planning_check.store import Filters, findings, load_run, open_store
from tests.outside import program
from tests.provincial import BUILDER, NAMESAKE, check

LANGS = pytest.mark.parametrize("lang", ["zh", "en"])
NAMES = {"zh": ("甲州市", "乙山市", "丙江市", "丁湖市"), "en": ("Jiazhou", "Yishan", "Bingjiang", "Dinghu")}
HEADS = {"zh": ("城市", "区县"), "en": ("city", "district")}


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    return check(tmp_path_factory.mktemp("province"))[0]


@pytest.fixture(scope="module")
def papers(url, tmp_path_factory):
    folder = tmp_path_factory.mktemp("papers") / "report"
    pipeline.report(url, folder=folder, langs=("zh", "en"))
    return folder


def book(papers, lang, name):
    return openpyxl.load_workbook(
        papers / {"meeting": {"zh": "会议材料.xlsx", "en": "meeting.xlsx"}, "annex": {"zh": "附册.xlsx", "en": "annex.xlsx"}}[name][lang]
    )


def rows(sheet, head):
    """The rows below the first row that has this head, by their heads."""
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    at = next(n for n, row in enumerate(cells) if head in row)
    return [dict(zip(cells[at], row, strict=True)) for row in cells[at + 1 :]]


@LANGS
def test_a_sheet_with_districts_has_the_city_before_them(papers, lang):
    """Wherever the head of the district stands, that of the city stands to its left, and the two fit."""
    city, district = HEADS[lang]
    seen = 0
    for name in ("meeting", "annex"):
        for sheet in book(papers, lang, name):
            for row in sheet.iter_rows():
                values = [cell.value for cell in row]
                if district in values and sheet.title not in ("怎么读的", "How it was read"):
                    assert values[values.index(district) - 1] == city, (sheet.title, values)
                    seen += 1
    assert seen >= 10, "lists, open lines, findings of each list, bureaus, rooms, rents"


@LANGS
def test_lines_of_the_meeting_are_of_their_city(papers, lang):
    jia, yi, *_ = NAMES[lang]
    head = {"zh": "编号", "en": "id"}[lang]
    meeting = book(papers, lang, "meeting")
    told = {row[head]: row[HEADS[lang][0]] for row in rows(meeting.worksheets[2], head) if row[head]}
    assert told == {"P101": jia, "P102": jia, "P103": jia, "P201": yi, "P202": yi}
    summary = rows(meeting.worksheets[1], HEADS[lang][0])
    first = list(summary[0])[1]
    assert [(row[HEADS[lang][0]], row[first]) for row in summary[:3]] == [(NAMES[lang][2], 0), (jia, 3), (yi, 2)]
    said = " ".join(str(cell.value) for sheet in meeting.worksheets[:2] for row in sheet.iter_rows() for cell in row if cell.value)
    assert said.count(NAMES[lang][3]) == 2, "cover and summary say that it was not checked"
    assert {"zh": "不在任何名单和合计内", "en": "in no list and no sum"}[lang] in said


@LANGS
def test_the_annex_has_the_league_and_its_sums_by_city(papers, lang):
    annex = book(papers, lang, "annex")
    league = rows(annex[{"zh": "各城市", "en": "Cities"}[lang]], HEADS[lang][0])
    assert [row[HEADS[lang][0]] for row in league][:4] == list(NAMES[lang])
    summary = rows(annex[{"zh": "汇总", "en": "Summary"}[lang]], HEADS[lang][0])
    assert {row[HEADS[lang][0]] for row in summary} >= set(NAMES[lang][:3])
    survey = annex[{"zh": "调研表", "en": "Survey tables"}[lang]]
    told = rows(survey, HEADS[lang][0])
    assert [row[HEADS[lang][0]] for row in told[:3]] == [NAMES[lang][0], NAMES[lang][1], NAMES[lang][2]]


@LANGS
def test_the_summary_of_the_annex_adds_up_by_city(papers, lang):
    annex = openpyxl.load_workbook(papers / {"zh": "附册.xlsx", "en": "annex.xlsx"}[lang], data_only=True)
    check = {"zh": "核对", "en": "check"}[lang]
    told = [row[check] for row in rows(annex[{"zh": "汇总", "en": "Summary"}[lang]], check) if row[check]]
    assert len(told) >= 3 and set(told) == {{"zh": "相符", "en": "adds up"}[lang]}


@LANGS
def test_a_developer_is_one_over_all_cities_by_its_code_and_its_namesake_another(papers, url, lang):
    annex = book(papers, lang, "annex")
    code, cities = {"zh": ("信用代码", "城市 座"), "en": ("code", "cities")}[lang]
    told = {row[code]: row for row in rows(annex[{"zh": "开发企业总账", "en": "Developers"}[lang]], code) if row[code]}
    assert (told[BUILDER][cities], told[NAMESAKE][cities]) == (2, 2)
    assert told[BUILDER][HEADS[lang][0]] == ", ".join(f"{name} 4" for name in NAMES[lang][:2]).replace(", ", {"zh": "、", "en": ", "}[lang])
    found = pipeline.dossier(url, developer=BUILDER)
    assert {name.en: n for name, n in found.cities.items()} == {"Jiazhou": 4, "Yishan": 4} and found.owed.projects == 2
    with pytest.raises(UsageError) as refused:
        pipeline.dossier(url, developer="安居置业有限公司")
    assert BUILDER in refused.value.render(lang) and NAMESAKE in refused.value.render(lang)
    with pytest.raises(UsageError):
        pipeline.findings(url, developer="安居置业有限公司")


@LANGS
def test_the_dossier_counts_its_cities_on_the_screen(url, lang, capsys):
    assert run(["findings", "--db", url, "--developer", BUILDER, "--lang", lang]) == 0
    out = capsys.readouterr().out
    assert {"zh": "城市 2 座，违规：甲州市 4，乙山市 4", "en": "Cities 2, violations: Jiazhou 4, Yishan 4"}[lang] in out
    assert f"{NAMES[lang][0]} 城关区" in out and f"{NAMES[lang][1]} 城关区" in out


@LANGS
def test_findings_as_csv_have_the_city_before_the_district(papers, lang):
    text = (papers / {"zh": "findings.csv", "en": "findings_en.csv"}[lang]).read_text("utf-8-sig")
    told = list(csv.DictReader(io.StringIO(text, newline="")))
    heads = list(told[0])
    city, district = HEADS[lang]
    assert heads.index(city) + 1 == heads.index(district)
    key = {"zh": "项目编号", "en": "project id"}[lang]
    assert {row[city] for row in told if row[key].startswith("P1")} == {NAMES[lang][0]}
    assert {row[city] for row in told if row[key].startswith("P2")} == {NAMES[lang][1]}
    assert "jia,甲州市,Jiazhou,checked" in (papers / "cities.csv").read_text("utf-8")


@LANGS
def test_layers_have_a_field_of_the_city_with_its_alias(papers, lang):
    with closing(sqlite3.connect(papers / f"layers_{lang}.gpkg")) as layers:
        names = [row[1] for row in layers.execute("PRAGMA table_info(findings_unplaced)")]
        assert names.index("city") + 1 == names.index("district_name")
        told = dict(layers.execute("SELECT subject_key, city FROM findings_unplaced WHERE rule_id = 'HO01'").fetchall())
        assert told["P101"] == NAMES[lang][0] and told["P201"] == NAMES[lang][1]
        alias = layers.execute("SELECT name FROM gpkg_data_columns WHERE table_name = 'findings_areas' AND column_name = 'city'").fetchone()
        assert alias == (HEADS[lang][0],)
        about = " ".join(row[0] or "" for row in layers.execute("SELECT told FROM about"))
        assert NAMES[lang][3] in about


def test_a_letter_names_the_city_before_the_district(papers):
    letter = next(papers.glob("文书/1_*/*P201.docx"))
    document = Document(str(letter))
    text = "\n".join([p.text for p in document.paragraphs] + [c.text for t in document.tables for r in t.rows for c in r.cells])
    minutes = Document(str(next(papers.glob("文书/7_*/*.docx"))))
    agenda = "\n".join(c.text for t in minutes.tables for r in t.rows for c in r.cells)
    assert "乙山市 城关区" in text + agenda and "甲州市 城关区" in agenda


@LANGS
@pytest.mark.parametrize("by", ["city", "district"])
def test_tables_by_city_and_by_district_never_mix_districts_of_one_name(url, lang, by):
    balance, coverage = pipeline.balance(url, by=by), pipeline.coverage(url, by=by)
    tail = " 城关区" if by == "district" else ""
    assert [balance.called(group, lang) for group in balance.groups] == [f"{name}{tail}" for name in NAMES[lang][:3]]
    assert sorted(coverage.called(one, lang) for one in coverage.groups) == sorted(f"{name}{tail}" for name in NAMES[lang][:3])
    assert sum(group.projects for group in balance.groups) == balance.total.projects == 9
    found = pipeline.controls(url, by_district=by == "district", by_city=by == "city")
    let_pass = {found.names[line.district].get(lang): line.passed for line in found.lines if line.rule_id == "HO03" and line.passed}
    assert let_pass == {f"{NAMES[lang][0]}{tail}": 3, f"{NAMES[lang][1]}{tail}": 2}
    assert sum(line.passed for line in found.lines) == sum(line.passed for line in pipeline.controls(url).lines)


@LANGS
@pytest.mark.parametrize("command", [["balance", "--by", "city"], ["coverage", "--by", "city"], ["controls", "--by-city"]])
def test_the_commands_say_cities_and_the_whole_province(url, lang, command, capsys):
    assert run([*command, "--db", url, "--lang", lang]) == 0
    out = capsys.readouterr().out
    assert all(name in out for name in NAMES[lang][:2]) and NAMES[lang][3] not in out
    if command[0] != "controls":
        assert {"zh": "全省", "en": "whole province"}[lang] in out


def test_by_city_of_one_delivery_is_by_district(tmp_path):
    from tests import city

    url = city.checked(tmp_path)
    assert pipeline.balance(url, by="city") == pipeline.balance(url, by="district")
    assert pipeline.coverage(url, by="city") == pipeline.coverage(url, by="district")
    engine = open_store(url, write=False)
    stored = load_run(engine)
    assert not cities_of(stored.manifest)
    some = list(findings(engine, stored.id, Filters(rule="HO03")))
    one = controls(stored, (), some, {}, by_city=True)
    assert one.names == {} and one.group.en == "district"


# ---- the page, in a browser


@pytest.fixture(scope="module")
def page(papers):
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=program("chromium"), args=["--no-sandbox", "--disable-gpu"])

        def go(lang, fragment="", width=1280):
            tab = chromium.new_page(viewport={"width": width, "height": 900})
            tab.on("pageerror", lambda error: pytest.fail(str(error)))
            tab.goto(f"{(papers / f'findings_{lang}.html').as_uri()}{fragment}")
            return tab

        yield go
        chromium.close()


@LANGS
@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_says_who_was_not_checked_and_compares_the_cities(page, lang, width):
    tab = page(lang, width=width)
    alarm = tab.inner_text(".alarm")
    assert NAMES[lang][3] in alarm and {"zh": "文件不完整", "en": "cut short"}[lang] in alarm
    league = [[cell.inner_text() for cell in row.query_selector_all("th,td")] for row in tab.query_selector_all(".league tbody tr")]
    assert [row[0] for row in league][:4] == list(NAMES[lang])
    assert league[3][1:] == [{"zh": "没有检查，不在任何合计内", "en": "not checked, in no sum"}[lang]]
    assert tab.query_selector("#district-head") is None, "districts of one name would be mixed"


@LANGS
def test_a_city_narrows_the_districts_and_is_kept_in_the_address(page, lang):
    tab = page(lang)
    jia, yi, *_ = NAMES[lang]
    assert tab.is_disabled("select[name=district]")
    tab.select_option("select[name=city]", yi)
    assert tab.eval_on_selector_all("select[name=district] option", "all => all.map(o => o.value)") == ["", "城关区"]
    tab.select_option("select[name=list]", "violations")
    tab.select_option("select[name=district]", "城关区")
    told = tab.inner_text("#found")
    assert "P201" in told and "P101" not in told and yi in told and jia not in told
    again = page(lang, tab.evaluate("location.hash"))
    assert again.input_value("select[name=city]") == yi and again.input_value("select[name=district]") == "城关区"
    assert "P101" not in again.inner_text("#found")
    again.select_option("select[name=city]", "")
    assert again.is_disabled("select[name=district]") and again.input_value("select[name=district]") == ""
    assert "P101" in again.inner_text("#found")


@LANGS
def test_a_link_of_the_league_chooses_its_city(page, lang):
    tab = page(lang)
    tab.click(f".league a:text-is('{NAMES[lang][1]}')")
    assert tab.input_value("select[name=city]") == NAMES[lang][1]


@LANGS
def test_a_trend_by_city_adds_up_and_never_mixes_districts_of_one_name(url, lang, capsys):
    whole = {row.list: row for row in pipeline.trends(url, by="list").rows}
    found = pipeline.trends(url, by="city")
    told = {found.called(row.group, lang): row.lines for row in found.rows if row.list == "violations"}
    assert told == {NAMES[lang][0]: 3, NAMES[lang][1]: 2}
    for code, row in whole.items():
        own = [one for one in found.rows if one.list == code]
        assert sum(one.lines for one in own) == row.lines
        assert sum(one.area_m2 or 0 for one in own) == (row.area_m2 or 0), code
    by_district = pipeline.trends(url, by="district")
    assert len({row.group for row in by_district.rows if row.list == "violations"}) == 2
    assert run(["runs", "--db", url, "--trend", "city", "--lang", lang]) == 0
    assert NAMES[lang][0] in capsys.readouterr().out
