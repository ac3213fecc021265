"""The first screen of a check: forty lines at any width, the verdict first, what was not read by name."""

from dataclasses import replace
from decimal import Decimal

import pytest

from planning_check.errors import Place, Text
from planning_check.report.console.first_screen import MOST_LINES, first_screen
from planning_check.report.console.layout import display_width
from planning_check.report.told.cities import cities_of
from planning_check.report.told.numbers import rounded_yuan
from planning_check.report.told.open_questions import Open
from planning_check.report.told.summary import ProblemKind, Sums
from planning_check.report.told.verdict import verdict
from tests.provincial import check, cities
from tests.report.golden import assert_golden

STEPS = [("planning-check explain AR03 P1", Text("一条问题", "one finding")), ("planning-check report", Text("会议材料", "papers"))]
WHERE = Text("已记入 x.sqlite，第 1 次检查。接着可以：", "Recorded in x.sqlite, run 1. Next:")


def screen(summary, lang="zh", width=100):
    return first_screen(summary, STEPS, WHERE, lang, width=width)


def problem(number, weight=0, what="不认识的格式"):
    place = Place(f"住建局/第{number}份.wps", "台账", 1, "C")
    return ProblemKind("unreadable", weight, False, 1, place, Text(what, "not a known format"), Text("另存为 xlsx", "save it as xlsx"))


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_golden_screens(lang, width, summary):
    assert_golden(f"first_{lang}_{width}.txt", "\n".join(screen(summary, lang, width)) + "\n")


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("width", [80, 100, 120])
@pytest.mark.parametrize("problems", [0, 1, 7, 300])
def test_it_fits_whatever_is_wrong_with_the_files(lang, width, problems, summary):
    lines = screen(replace(summary, problems=tuple(map(problem, range(problems)))), lang, width)
    assert len(lines) <= MOST_LINES
    for line in lines:
        assert display_width(line) <= width, line
        line.encode("gbk")


def test_what_was_not_read_is_named_and_the_rest_counted(summary):
    told = "\n".join(screen(replace(summary, problems=tuple(map(problem, range(30))))))
    assert "住建局/第0份.wps > 台账" in told
    assert "  - 住建局/第2份.wps > 台账" in told and "怎么办：另存为 xlsx" in told
    assert "另有 27 类（--full 全部列出）：住建局/第3份.wps" in told, "three that are mended in one way stand for all"


def test_a_long_problem_that_has_room_is_told_whole(summary):
    what = "标题“竣工面积之和（不含地下车库及设备层）”没有用到" * 4
    assert what in "".join(line.strip() for line in screen(replace(summary, problems=(problem(1, 2, what),))))


def test_a_small_problem_of_rows_is_only_counted(summary):
    told = "\n".join(screen(replace(summary, problems=(problem(1, 3),))))
    assert "第1份" not in told
    assert "问题 1 处" in told


def test_nothing_that_could_be_judged_is_said_before_the_lists(summary):
    lines = screen(replace(summary, is_judged=False))
    alarm = next(n for n, line in enumerate(lines) if "没有一项能作出判断" in line)
    assert alarm < next(n for n, line in enumerate(lines) if line.startswith("违规"))


@pytest.mark.parametrize(
    ("yuan", "zh", "en"),
    [("51088059.00", "5,108.81", "51,088.1"), ("230694.40", "23.07", "230.7"), ("50.00", "0.01", "0.1"), ("49.99", "0.00", "0.0")],
)
def test_money_of_an_overview_is_rounded_half_up_to_a_hundred_yuan(yuan, zh, en):
    assert (rounded_yuan(Decimal(yuan), "zh"), rounded_yuan(Decimal(yuan), "en")) == (zh, en)
    assert rounded_yuan(None, "zh") == ""


def test_what_was_dismissed_is_counted_apart_and_never_called_none(summary):
    one = summary.of("violations")
    gone = replace(one, dismissed=Sums(3, 9, None, None, None))
    told = "\n".join(screen(replace(summary, lists=(gone, *summary.lists[1:]))))
    assert "违规：1 个项目（另有不予认定 3 个，未计）" in told, "and no severities, of which nobody knows whose they are"
    unread = replace(gone, lines=tuple(replace(line, is_dismissed=True) for line in one.lines))
    told = "\n".join(screen(replace(summary, lists=(unread, *summary.lists[1:]))))
    assert "另有 1 行：findings --list violations" in told, "the forty that were read are dismissed, one further down is not"
    all_gone = replace(unread, accused=Sums(0, 0, None, None, None))
    told = "\n".join(screen(replace(summary, lists=(all_gone, *summary.lists[1:]))))
    assert "违规：查出的 3 行会议都不予认定" in told


def test_a_hundred_waivers_do_not_push_the_lists_away(summary):
    lines = screen(replace(summary, waivers=tuple(Text(f"豁免 {n}", f"waiver {n}") for n in range(100))))
    assert len(lines) <= MOST_LINES and any("另有 96 行（--full 全部列出）" in line for line in lines)


def test_where_no_verdict_could_be_given_none_found_is_not_said(summary):
    none = Sums(0, 0, None, None, None)
    blind = replace(summary.of("deposits"), total=none, accused=none, lines=(), open=Open(5, 0, 5, (), ()))
    lists = tuple(blind if one.code == "deposits" else one for one in summary.lists)
    said = verdict(replace(summary, lists=lists))
    assert "“拟没收保证金”有 5 个结论都未能判定" in said.zh and "deposits to forfeit: 5 outcomes could not be judged" in said.en
    assert "没有查出可提请没收" not in said.zh and "no deposit to forfeit was found" not in said.en


@pytest.mark.parametrize(
    ("lines", "short", "zh", "en"),
    [
        (
            151,
            106,
            "106 个开发项目缺社区用房，另有 45 个有别的违规；",
            "106 developments short of community premises, 45 in violation otherwise;",
        ),
        (1, 1, "1 个开发项目缺社区用房；", "1 development short of community premises;"),
        (3, 0, "3 个开发项目违规；", "3 developments in violation;"),
    ],
)
def test_who_lacks_nothing_is_not_told_to_lack_premises(summary, lines, short, zh, en):
    one = summary.of("violations")
    lists = (replace(one, accused=replace(one.accused, lines=lines, with_area=short)), *summary.lists[1:])
    said = verdict(replace(summary, lists=lists))
    assert said.zh.startswith(zh) and said.en.startswith(en)


@pytest.fixture(scope="module")
def province(tmp_path_factory):
    return check(tmp_path_factory.mktemp("province"))[1].summary


def many(summary, checked=120, failed=30):
    """The same of a province of so many cities."""
    told = [cities()[0] | {"label": f"c{n:03d}", "zh": f"第{n}市", "en": f"City {n}"} for n in range(checked)]
    told += [one | {"label": f"{one['label']}{n}", "zh": f"{one['zh']}{n}"} for n in range(failed) for one in cities()[1:2]]
    sums = tuple((Text(f"第{n}市", f"City {n}"), Sums(n, n, Decimal(n * 1000), Decimal(n * 10**7), None, n)) for n in range(checked))
    return replace(summary, cities=cities_of({"cities": told}), lists=tuple(replace(one, cities=sums) for one in summary.lists))


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("width", [80, 100, 120])
@pytest.mark.parametrize("problems", [0, 300])
def test_a_province_fits_however_many_cities_there_are(lang, width, problems, province):
    for summary in (province, many(province), many(province, 120, 0), many(province, 3, 1)):
        lines = screen(replace(summary, problems=tuple(map(problem, range(problems)))), lang, width)
        assert len(lines) <= MOST_LINES, "\n".join(lines)
        for line in lines:
            assert display_width(line) <= width, line
            line.encode("gbk")


def test_the_worst_five_cities_are_named_and_the_rest_counted(province):
    told = "\n".join(screen(many(province, failed=0), "en", 120))
    assert "A province of 120 cities, all checked" in told and "and 115 more; planning-check province league" in told
    assert [line.split()[1] for line in told.splitlines() if line.startswith(" City ")] == ["119", "118", "117", "116", "115"]


def test_a_city_that_was_not_checked_is_told_above_the_lists_and_nothing_is_called_none(province):
    lines = screen(province, "en", 100)
    alarm = next(n for n, line in enumerate(lines) if "Of 5 cities of the province 2 were not checked and in no list" in line)
    assert alarm < 4 < next(n for n, line in enumerate(lines) if line.startswith("Violations"))
    nobody = Sums(0, 0, None, None, None)
    clean = replace(
        province.of("deposits"), total=nobody, accused=nobody, lines=(), open=Open(9, 9, 0, (), (), 0, province.cities.lacking())
    )
    blank = replace(province, lists=tuple(clean if one.code == "deposits" else one for one in province.lists))
    assert "没有查出可提请没收的保证金，但 2 座城市没有检查" in verdict(blank).zh
    assert "no deposit to forfeit was found, but 2 cities were not checked" in verdict(blank).en
    assert "Deposits to forfeit: none found; 2 cities were not checked" in screen(blank, "en", 100)


def test_districts_of_one_name_are_told_apart_by_their_city(province):
    told = "\n".join(screen(province, "zh", 120))
    assert "P101苑 甲州市 城关区" in told and "B2 第1社区 乙山市 城关区" in told
