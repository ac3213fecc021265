"""The pack of the meeting and its annex: they add up, decisions come back by their key, nothing in them runs, they print on A4, and an
empty run says so."""

import datetime as dt
import random
from dataclasses import fields, replace
from decimal import Decimal

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from planning_check.cases import BOOK_FORMAT, FIELDS, KEY, KEYS_SHEET, line_key
from planning_check.ingest.kinds import kind_of
from planning_check.ingest.readers import read_sheets
from planning_check.ingest.sheets import FileProblem
from planning_check.pipeline.reporting import gather
from planning_check.report import workbook
from planning_check.report.told.matching import Line, Matching
from planning_check.store import load_run, open_store, save_run
from planning_check.words import PAPERS
from tests.store.tables import FINDINGS, TELLINGS, connection, manifest


@pytest.fixture(scope="module", params=["zh", "en"])
def written(request, engine, tmp_path_factory):
    folder = tmp_path_factory.mktemp("meeting")
    workbook.write(gather(engine, load_run(engine)), folder, request.param)
    return folder, request.param


def opened(written, name="annex", **options):
    folder, lang = written
    return openpyxl.load_workbook(folder / PAPERS[name].get(lang), **options)


def lines_of(sheet, lang):
    """The rows below the heads of a list of the pack, by head."""
    columns = [cell.value for cell in sheet[4]]
    rows = (dict(zip(columns, row, strict=True)) for row in sheet.iter_rows(min_row=5, values_only=True))
    return [row for row in rows if row[KEY.get(lang)]]


MAIN = {"violations": ("缺 ㎡", "折资 元"), "deposits": ("缺 ㎡", "最低 元", "最高 元"), "offices": ("现用 ㎡",)}
AMOUNTS = {"violations": ("area_m2", "yuan"), "deposits": ("area_m2", "yuan_min", "yuan"), "offices": ("area_m2",)}


def test_each_list_of_the_pack_adds_up_to_what_is_accused_there(engine, written):
    """Row by row, by the sums above the heads, and by those of the summary."""
    summary, lang = gather(engine, load_run(engine)).summary, written[1]
    book, formulas = opened(written, "meeting", data_only=True), opened(written, "meeting")
    page = [[cell.value for cell in row] for row in book[{"zh": "汇总", "en": "Summary"}[lang]].iter_rows()]
    told = next(row for row in page if row[0] in ("各名单页合计", "the lists' own sums"))
    assert told[-1] in ("相符", "adds up")
    totals, at = next(row for row in page if row[0] in ("合计", "total")), 1
    for place, (code, names) in enumerate(AMOUNTS.items()):
        one, sheet = summary.of(code), book.worksheets[2 + place]
        rows, columns = lines_of(sheet, lang), [cell.value for cell in sheet[4]]
        if lang == "zh":
            assert set(MAIN[code]) <= set(columns)
        assert [row[columns[1]] for row in rows] == [line.key for line in one.lines] and len(rows) == one.accused.lines == told[at]
        for place_of, name in enumerate(names):
            column, value = (4 if code == "offices" else 5) + place_of, getattr(one.accused, name)
            assert sum(row[columns[column]] or 0 for row in rows) == pytest.approx(float(value or 0)), (code, name)
            assert (sheet.cell(3, column + 1).value or 0) == pytest.approx(float(value or 0))
            assert (told[at + 1 + place_of] or 0) == pytest.approx(float(value or 0)) == (totals[at + 1 + place_of] or 0)
            if value is not None:
                letter = get_column_letter(column + 1)
                assert formulas.worksheets[2 + place].cell(3, column + 1).value == f"=SUBTOTAL(109,{letter}5:{letter}{4 + len(rows)})"
        at += 1 + len(names)
    assert [summary.of(code).accused.lines for code in AMOUNTS] == [1, 1, 1]


def test_a_line_of_the_pack_says_whose_it_is_what_fails_and_has_its_key(written):
    sheet, lang = opened(written, "meeting").worksheets[2], written[1]
    (line,) = lines_of(sheet, lang)
    assert list(line.values())[:5] == [1, "P1", "花园P1", "汉滨区", "甲置业有限公司"]
    said = list(line.values())
    assert said[-1] == line_key("violations", "project", "P1") and "AR03 HO01 US01" in said
    fails = line[{"zh": "不符合的规则", "en": "what it fails"}[lang]]
    for title in {"zh": ("实测面积不足", "应移交未移交", "擅改用途"), "en": ("Short at the survey", "Change of use")}[lang]:
        assert title in fails
    assert sheet.freeze_panes == "D5" and [c.value for c in sheet[4]][-1] == KEY.get(lang)
    checks = {str(v.sqref).split(":")[0]: v for v in sheet.data_validations.dataValidation}
    at = [c.value for c in sheet[4]].index(FIELDS["conclusion"].label.get(lang))
    assert checks[f"{get_column_letter(at + 1)}5"].type == "list"


def test_the_contents_lead_to_every_sheet_and_tabs_are_coloured(written):
    for name in ("meeting", "annex"):
        book = opened(written, name)
        links = {cell.hyperlink.location for row in book.worksheets[0].iter_rows() for cell in row if cell.hyperlink}
        shown = [sheet.title for sheet in book.worksheets[1:] if sheet.title != KEYS_SHEET]
        assert links == {f"'{title}'!A1" for title in shown}
    pack = opened(written, "meeting")
    assert len({sheet.sheet_properties.tabColor.rgb for sheet in pack.worksheets if sheet.title != KEYS_SHEET}) == 3


def test_what_could_not_be_judged_is_one_line_a_project_with_what_is_missing(written):
    sheet = opened(written, "meeting")[{"zh": "未能判定", "en": "Not determined"}[written[1]]]
    (row,) = [row for row in sheet.iter_rows(min_row=4, values_only=True) if row[0]]
    assert row[0] == "P2" and row[7:10] == (1, 0, 900000) and row[10] == "AR03"
    assert row[6] == {"zh": "房管", "en": "real estate"}[written[1]]


def test_every_head_with_a_note_is_told_on_the_sheet_of_columns(written):
    book, lang = opened(written, "meeting"), written[1]
    told = {row[0]: row[1] for row in book[{"zh": "各列说明", "en": "Columns"}[lang]].iter_rows(min_row=4, values_only=True)}
    heads = {cell.value for sheet in book.worksheets[2:5] for cell in sheet[4]}
    plain = {"zh": {"名称", "区县", "社区", "开发企业"}, "en": {"name", "district", "community", "developer"}}[lang]
    assert heads - told.keys() == plain and all(told.values())
    annex = opened(written)
    told = {row[0]: row[1] for row in annex[{"zh": "各列说明", "en": "Columns"}[lang]].iter_rows(min_row=4, values_only=True)}
    printed = [cell.value for cell in annex.worksheets[2][3]][:6]
    assert all(told[head] for head in printed), "of every list the columns that are printed"


def test_a_bureaus_own_workbook_has_what_it_acts_on_and_nothing_of_the_others(engine, tmp_path):
    pack = gather(engine, load_run(engine))
    workbook.write_bureau(pack, tmp_path, "zh", "civil_affairs")
    book = openpyxl.load_workbook(tmp_path / "部门材料_民政.xlsx")
    assert book.sheetnames[:3] == ["封面", "由本部门办理", "民政"] and not {"规划", "住建", "房管", "违规"} & set(book.sheetnames)
    lines = [row for row in book["由本部门办理"].iter_rows(min_row=4, values_only=True) if row[1]]
    assert [(row[1], row[5]) for row in lines] == [("O1", "未解决的租借办公用房")], "AR03 leads P1, and planning acts on that"
    found = [row for row in book["民政"].iter_rows(min_row=4, values_only=True) if row[0]]
    assert {row[-1] for row in found} == {
        f["fingerprint"] for f in FINDINGS if f["responsible"] == "civil_affairs" and f["outcome"] == "violation"
    }  # fmt: skip


def heads(sheet):
    return {cell.value: cell.column for cell in sheet[3]}


def test_the_summary_adds_up_as_formulas_with_their_values(written):
    formulas, values = (opened(written, data_only=known)[{"zh": "汇总", "en": "Summary"}[written[1]]] for known in (False, True))
    sums = [cell.coordinate for row in formulas.iter_rows() for cell in row if str(cell.value).startswith("=SUM(")]
    assert len(sums) >= 10  # lines and findings of every list that has some, area and money where there is any
    for place in sums:
        column, (first, last) = place[0], [int(part[1:]) for part in formulas[place].value[5:-1].split(":")]
        parts = [values[f"{column}{row}"].value or 0 for row in range(first, last + 1)]
        assert values[place].value == pytest.approx(sum(parts))
    said = {values.cell(row, 8).value for row in range(4, values.max_row + 1)} - {None, ""}
    assert said == {{"zh": "相符", "en": "adds up"}[written[1]]}


def test_decisions_typed_into_sorted_and_hidden_rows_come_back_by_their_key(engine, written, tmp_path):
    lang = written[1]
    book = opened(written)
    sheet = book.worksheets[2]
    column = heads(sheet)
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4) if row[column[KEY.get(lang)] - 1].value]
    assert len(rows) == 3
    random.Random(4).shuffle(rows)
    typed = {}
    for number, row in enumerate(rows, 4):
        for place, value in enumerate(row, 1):
            sheet.cell(number, place, value)
        sheet.row_dimensions[number].hidden = number % 2 == 0
        key = row[column[KEY.get(lang)] - 1]
        typed[key] = (f"{number}号决议", dt.datetime(2011, 8, number))
        sheet.cell(number, column[FIELDS["resolution_no"].label.get(lang)], typed[key][0])
        sheet.cell(number, column[FIELDS["due_on"].label.get(lang)], typed[key][1])
    book.save(tmp_path / "back.xlsx")
    back = openpyxl.load_workbook(tmp_path / "back.xlsx")
    sheet, keys = back.worksheets[2], back[KEYS_SHEET]
    column = heads(sheet)
    read = {
        row[column[KEY.get(lang)] - 1].value: (
            row[column[FIELDS["resolution_no"].label.get(lang)] - 1].value,
            row[column[FIELDS["due_on"].label.get(lang)] - 1].value,
        )
        for row in sheet.iter_rows(min_row=4)
        if row[column[KEY.get(lang)] - 1].value
    }
    assert read == typed
    assert set(read) == {f["fingerprint"] for f in FINDINGS if f["list"] == "violations" and f["outcome"] == "violation"}
    assert {row[0].value: row[1].value for row in keys.iter_rows()} == {
        "format": BOOK_FORMAT, "digest": "d" * 64, "as_of": "2011-06-30", "language": written[1], "series": "小城（虚构）",
        "root": load_run(engine).root,
    }  # fmt: skip
    assert keys.sheet_state == "veryHidden"


def test_the_columns_to_fill_in_offer_what_may_stand_there(written):
    sheet = opened(written).worksheets[2]
    column = heads(sheet)
    lang = written[1]
    checks = {str(v.sqref).split(":")[0]: v for v in sheet.data_validations.dataValidation}
    conclusion = checks[f"{get_column_letter(column[FIELDS['conclusion'].label.get(lang)])}4"]
    assert conclusion.formula1 == {"zh": '"认定,不予认定,暂缓"', "en": '"confirmed,dismissed,deferred"'}[written[1]]
    assert checks[f"{get_column_letter(column[FIELDS['due_on'].label.get(lang)])}4"].type == "date"


def test_nothing_from_the_delivery_runs(written):
    hostile = 0
    for sheet in [*opened(written).worksheets, *opened(written, "meeting").worksheets]:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    assert cell.value.startswith(("=SUM(", "=IF(AND(", "=0", "=SUBTOTAL(10")), cell.value
                hostile += str(cell.value).startswith("U1 =cmd") or cell.value == '=cmd|"x"!A0'
                assert cell.hyperlink is None or (cell.hyperlink.target is None and sheet.title in ("封面", "Cover"))
    assert hostile >= 2


def test_it_prints_on_a4_with_heads_and_page_numbers(written):
    for sheet in [*opened(written).worksheets, *opened(written, "meeting").worksheets]:
        if sheet.title == KEYS_SHEET:
            continue
        assert (sheet.page_setup.orientation, str(sheet.page_setup.paperSize)) == ("landscape", "9")
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) in [
            (1, 0),
            *[(1, None)] * (sheet.title in ("封面", "Cover")),
        ]
        assert "d" * 16 in sheet.oddHeader.right.text, "every page says which check it is of"
        assert sheet.print_title_rows
        assert "&P" in sheet.oddFooter.right.text
        assert "&N" in sheet.oddFooter.right.text
    violations = opened(written).worksheets[2]
    last = violations.print_area.split("!")[-1].replace("$", "").split(":")[1]
    assert last.startswith("K"), "the key and the columns for filtering are beyond the paper"


def test_every_bureau_and_every_open_verdict_has_its_place(written):
    book = opened(written)
    words = {"zh": ("规划", "住建", "民政", "房管", "未能判定", "口径敏感", "免除", "数据质量"),
             "en": ("planning", "housing", "civil affairs", "real estate", "Not determined", "Fragile",
                    "Exemptions", "Data quality")}  # fmt: skip
    assert set(words[written[1]]) <= set(book.sheetnames)
    estate = book[words[written[1]][3]]
    assert "AR03" in str(estate.cell(4, 2).value), "the surveyed area that only it can supply"
    assert "P2" in str(estate.cell(4, 4).value)
    assert estate.max_row == 4


def test_offices_and_the_facilities_proposed_for_them(engine, tmp_path):
    pack = gather(engine, load_run(engine))
    found = Matching(1, "2011-06-30", 1500, (), [line("O2", None, "too_far"), line("O1", "F1", "farther", detail="12.00")], None)
    workbook.write(replace(pack, matching=found), tmp_path, "en")
    rows = list(openpyxl.load_workbook(tmp_path / "annex.xlsx")["Idle facilities"].iter_rows(min_row=4, values_only=True))
    assert rows[0][:5] == ("O1", "新城", "F1 Hall", 250, 300)
    assert rows[0][7] == "12.00 m farther"
    assert rows[1][0] == "O2"
    assert rows[1][7] == "no facility within reach"


def test_money_for_communities_adds_up_and_says_what_is_unknown(written):
    sheet = opened(written, data_only=True)[{"zh": "资金去向", "en": "Money to communities"}[written[1]]]
    rows = [row[:9] for row in sheet.iter_rows(min_row=4, values_only=True)]
    unknown = {"zh": "不明", "en": "unknown"}[written[1]]
    gaps = opened(written)[{"zh": "对不上的款项", "en": "Money unmatched"}[written[1]]]
    unmatched = list(gaps.iter_rows(min_row=4, values_only=True))
    assert {(row[0], row[3], row[4], row[7]) for row in unmatched} == {("P1", "B1", 400000, 249999.5), ("P2", "Z1", 300000, None)}
    assert all(row[6] and row[9] for row in unmatched), "each says why, and where or that this is not kept"
    assert next(row for row in rows if row[0] == "P1")[2:] == (400000, 400000, 150000.5, 150000.5, 249999.5, 249999.5, "2010-12-01")
    read, not_read = (row[2:] for row in rows if row[0] == "P2")
    assert (read, not_read) == ((0, 300000, 0, 0, 0, 300000, unknown), (unknown,) * 7)
    totals = [row[2:8] for row in rows if row[0] in ("已读合计", "total read")]
    assert totals == [(400000, 700000, 150000.5, 150000.5, 249999.5, 549999.5)] * 3, "the same money by project, community and year"
    years = {row[0]: row[6:8] for row in rows}
    assert (years["2009"], years["2010"], years["2011"]) == ((0, 300000), (400000, 400000), (-150000.5, -150000.5))


def line(office, facility, reason, detail=None):
    found = {f.name: None for f in fields(Line)} | {"office_id": office, "community_name": "新城", "reason": reason, "detail": detail}
    if facility:
        found |= {"facility_id": facility, "facility_name": "Hall", "distance_m": Decimal(250), "office_m2": Decimal(300)}
    return Line(**found)


def test_an_empty_run_says_so(tmp_path):
    engine = open_store("sqlite://")
    con = connection([])
    for table in ("fund_line", "source", "problem", "register", "register_count", "profile", "cited_projects", "subject_geometry"):
        con.execute(f"DELETE FROM {table}")
    save_run(engine, con, manifest(title=None, notice=None, ordinances=[], rules_run=[], law_states={}), TELLINGS)
    workbook.write(gather(engine, load_run(engine)), tmp_path, "en")
    pack, book = (openpyxl.load_workbook(tmp_path / f"{name}.xlsx") for name in ("meeting", "annex"))
    assert "not checked" in pack["Summary"]["A2"].value and pack.worksheets[2]["A5"].value.startswith("not checked")
    assert "not checked" in book["Summary"]["B4"].value
    assert book.worksheets[2]["A4"].value.startswith("not checked")
    assert (tmp_path / "survey_en.csv").read_text("utf-8-sig") == ""


def test_the_survey_table_for_excel(engine, tmp_path):
    workbook.write(gather(engine, load_run(engine)), tmp_path, "zh")
    text = (tmp_path / "survey_zh.csv").read_bytes().decode("utf-8")
    assert text.startswith("\ufeff")
    assert "租用,23,100.00 %" in text


def test_what_does_not_fit_is_counted_and_the_gravest_stay(engine, tmp_path, monkeypatch):
    monkeypatch.setattr("planning_check.report.workbook.lists.MOST_ROWS", 1)
    monkeypatch.setattr("planning_check.report.workbook.records.MOST_ROWS", 1)
    workbook.write(gather(engine, load_run(engine)), tmp_path, "en")
    book = openpyxl.load_workbook(tmp_path / "annex.xlsx")
    violations, estate = book.worksheets[2], book["civil affairs"]
    assert violations["B4"].value == "critical"
    assert violations["A5"].value == "the first 1 rows are here; 2 more: see findings.csv"
    assert "more: see findings.csv" in estate["A5"].value


@pytest.mark.parametrize("name", ["会议材料", "附册", "部门材料_规划"])
def test_in_a_delivery_each_is_known_for_what_it_is_without_its_hidden_sheet(engine, tmp_path, name):
    """The registers of an annex were read as registers of deposits and of corrections."""
    pack = gather(engine, load_run(engine))
    workbook.write(pack, tmp_path, "zh")
    workbook.write_bureau(pack, tmp_path, "zh", "planning")
    path = tmp_path / f"{name}.xlsx"
    book = openpyxl.load_workbook(path)
    del book[KEYS_SHEET]
    book.save(path)
    with pytest.raises(FileProblem) as caught:
        list(read_sheets(path, kind_of(path)))
    assert caught.value.code == "meeting_book"
    del book[book.sheetnames[0]]
    book.save(path)
    assert [sheet.name for sheet in read_sheets(path, kind_of(path))] == book.sheetnames
