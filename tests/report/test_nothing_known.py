"""Unknown is never none and never 0: what the papers say where a register was not delivered, or a verdict is open."""

import pytest

from planning_check import pipeline
from planning_check.report.console.summary import summary_lines
from planning_check.report.told.open_questions import Open
from tests.estates import check, in_order, write

LABEL = Open(0, 0, 0, (), ())


def printed(checked, lang):
    return "\n".join(summary_lines(checked.result.summary, lang))


@pytest.fixture(scope="module")
def no_deposits(tmp_path_factory):
    """Estate 1 handed nothing over; no register of deposits, no prices, no offices, and nobody says which communities got support."""
    tables = in_order(2, 2)
    del tables["保证金"], tables["折资单价"]
    tables["移交"] = tables["移交"][1:]
    tables["用房"][0]["楼栋"] = "9号楼"
    return check(write(tmp_path_factory.mktemp("nothing") / "delivery", tables))


@pytest.fixture(scope="module")
def one_office(tmp_path_factory):
    """One of two communities is on the register of offices, as its own: of the other nothing is known."""
    tables = in_order(2, 2)
    tables["社区办公用房"] = [{"办公用房编号": "B1", "社区代码": tables["社区"][0]["社区代码"], "用房性质": "自有（有产权）"}]
    return check(write(tmp_path_factory.mktemp("office") / "delivery", tables))


def test_none_is_said_only_where_everything_was_judged():
    assert Open(5, 5, 0, (), ()).nothing_found().en == "none"
    assert "3 outcomes could not be judged" in Open(5, 2, 3, (), ()).nothing_found().en
    assert Open(5, 2, 3, (), ()).nothing_found().zh.startswith("没有查出；另有 3 个结论未能判定")
    assert Open(3, 0, 3, (), ()).nothing_found().zh == "3 个结论都未能判定"
    assert LABEL.nothing_found().en.startswith("not checked")


def test_a_register_that_was_not_delivered_is_named(no_deposits):
    deposits = no_deposits.result.summary.of("deposits")
    assert not deposits.total.lines
    said = deposits.open.nothing_found()
    assert "都未能判定" in said.zh and said.zh.endswith("没有交来：保证金")
    assert "not delivered" in said.en
    for lang in ("zh", "en"):
        line = next(x for x in printed(no_deposits, lang).splitlines() if x.strip().startswith(("拟没收保证金", "Deposits to forfeit")))
        assert not line.rstrip().endswith(("没有", "none"))


def test_figures_that_nobody_delivered_are_not_zero(no_deposits):
    figures = no_deposits.result.summary.figures
    assert figures.rented_or_borrowed is None and figures.supported is None
    assert "0.00 %" not in printed(no_deposits, "en").split("Not judged")[0]
    assert "租用或借用 0" not in printed(no_deposits, "zh")


def test_money_without_a_price_is_not_zero(no_deposits, tmp_path):
    for lang in ("zh", "en"):
        text = printed(no_deposits, lang)
        assert "0 - 0 元" not in text and "0 - 0 yuan" not in text
    balance = pipeline.balance(no_deposits.url, by="district")
    assert balance.total.overdue_m2 > 0 and balance.total.overdue_yuan is None and balance.total.unpriced == 1


def test_offices_of_unknown_tenure_give_a_range(tmp_path):
    tables = in_order(2, 2)
    codes = [row["社区代码"] for row in tables["社区"]]
    tables["社区办公用房"] = [
        {"办公用房编号": "B1", "社区代码": codes[0], "用房性质": "租用"},
        {"办公用房编号": "B2", "社区代码": codes[1], "用房性质": "不明"},
    ]
    checked = check(write(tmp_path / "delivery", tables))
    figures = checked.result.summary.figures
    assert (figures.rented_or_borrowed, figures.tenure_unknown) == (1, 1)
    assert "1 - 2 个（1 个不明），占 50.00 % - 100.00 %" in printed(checked, "zh")
    assert survey_lines(checked, tmp_path)[2:4] == ["试验区,2,1 - 2,50.00 % - 100.00 %", "合计,2,1 - 2,50.00 % - 100.00 %"]


def test_a_community_whose_office_nobody_told_is_not_none(one_office, tmp_path):
    """The list is not empty for sure."""
    checked = one_office
    offices = checked.result.summary.of("offices").open
    assert offices.nothing_found().zh == "没有查出；1 个社区没有办公用房记录"
    assert offices.nothing_found().en == "none found; no office on record in 1 of the communities"
    assert "1 个社区没有办公用房记录" in checked.result.summary.of("programme").open.rest().zh
    assert not checked.result.summary.of("deposits").open.without_office
    pipeline.report(checked.url, folder=tmp_path / "report", langs=("zh",), parts=("page",))
    assert "没有查出未解决的租借办公用房，但 1 个社区没有办公用房记录" in (tmp_path / "report" / "findings_zh.html").read_text("utf-8")


def test_a_clause_that_an_ordinance_leaves_out_is_asked_for_by_its_name(tmp_path):
    """An ordinance of one clause: what nobody can judge for want of the others is told in words, not by the names that rules use."""
    law = tmp_path / "rules" / "ordinances"
    law.mkdir(parents=True)
    (law / "own.yaml").write_text(
        "id: own\ntitle: {zh: 自拟, en: Own}\njurisdiction: '9901'\nfrom: 2006-04-09\nto: null\n"
        "anchor: plan_approved_on\nverified: no\ncitation: 自拟\n"
        "clauses:\n  share: {value: 0.008, cite: 自拟}\n"
        "cases:\n  - {it: 首日 / first day, given: {district_code: '990102', plan_approved_on: 2006-04-09}, "
        "expect: {law_state: governed, share: 0.008}}\n",
        "utf-8",
    )
    checked = check(write(tmp_path / "delivery", in_order(2, 2)), rule_dirs=[tmp_path / "rules"])
    asked = {"zh": ("办法的适用用途", "law."), "en": ("the ordinance's uses that bear the duty", "law.")}
    for lang, (said, raw) in asked.items():
        text = printed(checked, lang)
        assert said in text and raw not in text.split("Next:")[0]


def survey_lines(checked, folder):
    pipeline.report(checked.url, folder=folder / "tables", langs=("zh",), parts=("workbook",))
    return (folder / "tables" / "survey_zh.csv").read_text("utf-8-sig").splitlines()


def test_the_survey_tables_do_not_count_a_community_that_nobody_told_as_none(one_office, tmp_path):
    lines = survey_lines(one_office, tmp_path)
    assert lines[2:5] == ["试验区,2,0 - 1,0.00 % - 50.00 %", "合计,2,0 - 1,0.00 % - 50.00 %", "其中性质不明,1,,"]
    assert "没有记录,1,50.00 %" in lines


def test_a_clause_that_is_a_code_is_told_in_words(tmp_path):
    tables = in_order(1)
    tables["折资"] = [{"缴款编号": "Z1", "项目编号": "P01", "折资金额": 1, "到账日期": "2010-05-01", "折资单价": 4000}]
    message = check(write(tmp_path / "delivery", tables), select=("MO02",)).one("MO02", "Z1")
    assert "可与实物并用" in message["message_zh"] and "mixed" not in message["message_zh"] + message["message_en"]


def test_a_sum_that_mixes_says_so(tmp_path):
    """A room that the site takes is not missing area; the sum over both says missing or concerned."""
    tables = in_order(2, 2)
    tables["社区办公用房"] = [
        {"办公用房编号": f"B{n}", "社区代码": row["社区代码"], "用房性质": "自有（无产权）", "办公用房面积": area, "面临拆迁": "是"}
        for n, (row, area) in enumerate(zip(tables["社区"], (320, 250), strict=True))
    ]
    checked = check(write(tmp_path / "delivery", tables))
    assert "合计：缺少或涉及 ㎡ 570.00" in printed(checked, "zh") and "尚缺" not in printed(checked, "zh")


def test_the_page_and_the_workbook_say_the_same(no_deposits, tmp_path):
    import openpyxl

    pipeline.report(no_deposits.url, folder=tmp_path / "report", langs=("zh",), parts=("page", "workbook"))
    page = (tmp_path / "report" / "findings_zh.html").read_text("utf-8")
    verdict = page.split('class="verdict">')[1].split("<")[0]
    assert "0 笔" not in verdict and "未能判定" in verdict
    book = openpyxl.load_workbook(tmp_path / "report" / "会议材料.xlsx")
    cells = [str(c.value) for row in book["拟没收保证金"].iter_rows() for c in row if c.value]
    assert any("未能判定" in cell for cell in cells) and "没有" not in cells
