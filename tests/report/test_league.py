"""The cities of a province side by side: worst first, not checked last and without figures, and their sums are the run's."""

import csv
import io
import json
from dataclasses import replace
from decimal import Decimal
from types import SimpleNamespace

import openpyxl
import pytest

from planning_check.cli.main import run
from planning_check.errors import UsageError
from planning_check.pipeline.province.league import league
from planning_check.report.console.layout import display_width
from planning_check.report.console.league import league_lines
from planning_check.report.tables.league import NAMES, league_csv
from planning_check.report.told.cities import cities_of
from planning_check.report.told.league import FIGURES, SORTS
from planning_check.report.told.league import league as made
from planning_check.words import LISTS
from tests import city
from tests.provincial import CHECKED, FAILED, check, cities, district


@pytest.fixture(scope="module")
def checked(tmp_path_factory):
    return check(tmp_path_factory.mktemp("province"))


@pytest.fixture(scope="module")
def found(checked):
    return league(checked[0])


def rows(**given):
    return SimpleNamespace(lists=given.get("lists", ()), balance=given.get("balance", ()), outcomes=given.get("outcomes", ()))


def balance(code, state, required, residual, projects=1):
    return SimpleNamespace(district_code=code, state=state, projects=projects, required_m2=Decimal(required), residual_m2=Decimal(residual))


def listed(code, lines, area=None, yuan=None, name="violations"):
    return SimpleNamespace(list=name, district_code=code, lines=lines, findings=lines, with_area=0, area_m2=area, yuan=yuan, yuan_min=yuan)


def of_run(told):
    return SimpleNamespace(id=1, as_of="2011-06-30", manifest={"cities": told})


def test_the_worst_is_first_and_who_was_not_checked_has_no_figures(found):
    assert [(line.label, line.share_left) for line in found.lines] == [
        ("jia", Decimal("0.75")),
        ("yi", Decimal(1000) / 1500),
        ("bing", Decimal(0)),
    ]
    assert [one.label for one in found.failed] == list(FAILED)
    jia, _, bing = found.lines
    assert (jia.projects, jia.due, jia.settled, jia.of("deposits").yuan, jia.of("offices").lines) == (4, 4, 1, Decimal(2_400_000), 1)
    assert (bing.of("violations").lines, bing.share_complying) == (0, 1)


def test_the_cities_add_up_to_the_run(found, checked):
    """Every list, projects, areas, money and outcomes: of all cities and of what belongs to none they are those of the summary."""
    summary = checked[1].summary
    for code in LISTS:
        total = summary.of(code).total
        assert found.total.of(code).lines == total.lines
        for name in ("area_m2", "yuan", "yuan_min"):
            assert getattr(found.total.of(code), name) == getattr(total, name), (code, name)
    for name in ("projects", "due", "settled", "unclear", "due_m2", "left_m2", "outcomes", "open"):
        assert sum(getattr(line, name) for line in found.lines) == getattr(found.total, name), name
    for figure in FIGURES:
        if figure.kind != "share":
            known = [value for line in found.lines if (value := figure.of(line)) is not None]
            assert (sum(known) if known else None) == figure.of(found.total), figure.name
    projects = next((n, rules) for subject, n, rules in summary.register.subjects if subject == "project")
    assert found.total.projects == projects[0] and found.total.outcomes == projects[0] * projects[1]


def test_a_city_named_by_no_district_stands_apart_and_nothing_is_lost():
    told = cities()
    line = [listed(district(1), 2, Decimal(5)), listed(None, 1, Decimal(7)), listed("888888", 4, None)]
    got = made(of_run(told), rows(lists=line))
    assert [(one.label, one.of("violations").lines) for one in got.lines] == [("bing", 0), ("jia", 2), ("yi", 0), ("", 5)]
    last = got.lines[-1]
    assert (last.label, last.name.en, last.of("violations").lines, last.of("violations").area_m2) == ("", "city not known", 5, Decimal(7))
    assert got.total.of("violations").lines == 7 and got.total.of("violations").area_m2 == 12


def test_a_district_that_two_cities_have_is_of_neither():
    told = cities()
    told[0]["districts"] = told[2]["districts"] = ["990909"]
    assert cities_of({"cities": told}).of("990909") is None
    assert cities_of({"cities": told}).name("990909").zh == "城市不明"


def test_ties_stand_in_the_order_of_labels_and_what_is_not_known_last():
    told = [one | {"state": "checked", "districts": [f"99{n:02d}00"], "label": f"c{n}"} for n, one in enumerate(cities())]
    due = [balance("990000", "overdue", 100, 50), balance("990200", "overdue", 100, 50), balance("990300", "settled", 100, 0)]
    got = made(of_run(told), rows(balance=[*due, balance("990100", "unknown", 0, 0)]))
    assert [line.label for line in got.lines] == ["c0", "c2", "c3", "c1", "c4"], "none due in c1 and c4: not 0 %, and not 100 %"
    assert got.lines[3].share_left is None and got.lines[3].unclear == 1


@pytest.mark.parametrize("sort", SORTS)
def test_every_order_has_every_city(checked, sort):
    got = league(checked[0], sort=sort)
    assert sorted(line.label for line in got.lines) == sorted(CHECKED)
    order = [SORTS[sort][1](line) for line in got.lines]
    known = [value for value in order if value is not None]
    assert known == sorted(known) and order[: len(known)] == known, "what is not known stands last"


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("width", [80, 120, 160])
def test_the_screen_fits_and_names_who_was_not_checked_with_the_reason(found, lang, width):
    lines = league_lines(found, lang, width=width)
    for line in lines:
        assert display_width(line) <= width, line
        line.encode("gbk")
    text = "\n".join(lines)
    row = next(line for line in lines if line.startswith({"zh": "  丁湖市", "en": "  Dinghu"}[lang]))
    assert "没有检查" in row or "not checked" in row
    assert not any(character.isdigit() for character in row), "no zeros of what nobody looked at"
    assert {"zh": "5 座城市中 2 座没有检查", "en": "2 of 5 cities not checked"}[lang] in text
    assert {"zh": "台账.xlsx 打不开：文件不完整", "en": "ledger.xlsx cannot be opened: it is cut short"}[lang] in text


def test_of_a_hundred_and_twenty_cities_the_worst_are_shown_and_the_rest_counted():
    told = [cities()[0] | {"label": f"c{n:03d}", "zh": f"第{n}市", "en": f"City {n}", "districts": [f"99{n:04d}"]} for n in range(120)]
    got = made(of_run(told), rows(lists=[listed(f"99{n:04d}", n, Decimal(n)) for n in range(120)]), "violations")
    short, full = league_lines(got, "en"), league_lines(got, "en", full=True)
    assert "  95 more (-v lists all); the sums are of all" in short and "City 119" in "\n".join(short) and "City 3 " not in "\n".join(short)
    assert sum(line.startswith("  City ") for line in full) == 240, "each city in both tables"


def test_two_cities_of_one_name_are_told_apart_by_their_labels():
    told = [one | {"zh": "新城市", "en": "Xincheng"} for one in cities()[:2]]
    assert [one.name.en for one in cities_of({"cities": told}).all] == ["Xincheng [bing]", "Xincheng [ding]"]


def test_files_say_the_same(found, checked, tmp_path, capsysbinary):
    text = "".join(league_csv(found)).lstrip("\ufeff")
    told = list(csv.DictReader(io.StringIO(text)))
    assert tuple(told[0]) == NAMES and [one["label"] for one in told] == ["jia", "yi", "bing", *FAILED]
    assert (told[0]["left_share"], told[0]["place"], told[2]["violations"]) == ("0.750000", "1", "0")
    assert {told[3][figure.name] for figure in FIGURES} == {""} and told[3]["state"] == "failed" and "cut short" in told[3]["why_en"]
    url = checked[0]
    assert run(["province", "league", "--db", url, "--format", "json"]) == 0
    as_json = json.loads(capsysbinary.readouterr().out)
    assert as_json["total"]["violations"] == 5 and [one["label"] for one in as_json["cities"]] == [one["label"] for one in told]
    book = tmp_path / "league.xlsx"
    assert run(["province", "league", "--db", url, "-o", str(book), "--lang", "en"]) == 0
    sheet = openpyxl.load_workbook(book).active
    cells = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]
    assert [row[0] for row in cells] == ["Jiazhou", "Yishan", "Bingjiang", "Dinghu", "Wuchuan", "whole province"]
    assert cells[3][1] == "not checked" and set(cells[3][2:-1]) == {None} and "cut short" in cells[3][-1]
    assert cells[-1][1] == "=SUM(B4:B6)"


def test_a_run_of_one_delivery_has_no_league(tmp_path):
    with pytest.raises(UsageError) as refused:
        league(city.checked(tmp_path))
    assert "province" in refused.value.render("en") and "--run province" in refused.value.render("en")


def test_a_run_without_cities_has_nothing_to_say_of_them():
    none = cities_of({})
    assert not none and none.column("zh") == none.cell("990102", "zh") == [] and none.left_out() is None
    assert (none.group.en, none.whole.en, none.place("990102", "试验区", "zh")) == ("district", "whole city", "试验区")
    assert replace(none).lacking().zh == ""
