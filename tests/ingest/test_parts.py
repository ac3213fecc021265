"""One sheet that a mapping reads as several tables, or as one of some of its rows."""

import pytest

from planning_check.errors import UsageError
from planning_check.ingest.mapping import parse_mapping

JOURNAL = [
    ["保证金日记账", None, None, None, None, None],
    ["单位：万元", None, None, None, None, None],
    ["凭证", "哪个项目", "几号", "收入", "支出", "摘要"],
    ["记1", "P1", "2010-01-05", 50, None, "缴"],
    ["记2", "P1", "2010-02-05", 0, 20, "退"],
    ["记3", "P2", "2010-03-05", 30, "—", "缴"],
    ["记4", "P2", "2010-04-05", 10, 5, "对冲"],
    ["记5", "P2", "2010-05-05", None, None, "摘要更正"],
    ["记6", "P2", "2010-06-05", None, 1.5, "退"],
]
MAPPING = """\
version: 1
sheets:
  - file: "*.xlsx"
    sheet: 日记账
    parts:
      - table: deposits
        rows_with: 收入
        columns: &both
          - {heading: 凭证, field: event_id}
          - {heading: 哪个项目, field: project_id}
          - {heading: 几号, field: event_on}
          - {heading: 收入, field: amount_yuan}
        constants: {event: 缴存}
      - table: deposits
        rows_with: 支出
        columns:
          - {heading: 凭证, field: event_id}
          - {heading: 哪个项目, field: project_id}
          - {heading: 几号, field: event_on}
          - {heading: 支出, field: amount_yuan}
        constants: {event: 退还}
""".replace(" &both", "")
SEEN = "SELECT code, rows_seen FROM sheet_seen WHERE code IS NOT NULL ORDER BY ALL"
BOOKED = "SELECT event_id, event, amount_yuan FROM deposits ORDER BY ALL"


def test_a_journal_of_two_columns_is_deposits_and_what_was_paid_back(folder):
    f = folder.workbook("台账.xlsx", 日记账=JOURNAL).mapped(MAPPING).load()
    assert f.rows(BOOKED) == [("记1", "paid", 500000), ("记2", "refunded", 200000), ("记3", "paid", 300000), ("记6", "refunded", 15000)]
    assert f.totals() == [(2, 2, 0), (2, 2, 0)]
    assert f.rows(SEEN) == [("rows_of_no_part", 1), ("rows_of_two_parts", 1)], "six rows are 2 + 2 + 1 + 1"
    (none,), (two,) = f.problems("rows_of_no_part"), f.problems("rows_of_two_parts")
    assert (none["sheet"], two["sheet"]) == ("日记账", "日记账") and "1 行（第 8 行）" in none["what_zh"] and "第 7 行" in two["what_zh"]
    assert f.rows('SELECT DISTINCT d.event_id, r."row", c.letter FROM deposits d, raw_row r JOIN source_column c USING (source_id)'
                  " WHERE r.row_id = d.row_ids[1] AND c.field = 'amount_yuan' ORDER BY 1") == [
        ("记1", 4, "D"), ("记2", 5, "E"), ("记3", 6, "D"), ("记6", 9, "E"),
    ]  # fmt: skip
    assert not f.rows("SELECT header FROM heading_seen WHERE header IN ('收入', '支出', '凭证') AND field IS NULL"), (
        "the other part reads it"
    )
    assert f.rows("SELECT header FROM heading_seen WHERE field IS NULL") == [("摘要",), ("摘要",)]


ONE_AMOUNT = [["凭证", "哪个项目", "几号", "多少钱（元）", "收/支"], ["记1", "P1", "2010-01-05", 5, " 收 "], ["记2", "P1", "2010-02-05", 2, "付"],
              ["记3", "P1", "2010-03-05", 3, "转"]]  # fmt: skip


def of_one_amount(words="付, 支"):
    fields = {"凭证": "event_id", "哪个项目": "project_id", "几号": "event_on", "多少钱（元）": "amount_yuan"}
    columns = f"[{', '.join(f'{{heading: {heading}, field: {field}}}' for heading, field in fields.items())}]"
    part = "      - {{table: deposits, rows_where: {{收/支: [{}]}}, columns: {}, constants: {{event: {}}}}}\n"
    return "version: 1\nsheets:\n  - sheet: 日记账\n    parts:\n" + part.format("收", columns, "缴存") + part.format(words, columns, "退还")


def test_a_journal_with_one_amount_and_a_word_that_says_which(folder):
    f = folder.workbook("台账.xlsx", 日记账=ONE_AMOUNT).mapped(of_one_amount()).load()
    assert f.rows(BOOKED) == [("记1", "paid", 5), ("记2", "refunded", 2)]
    assert f.rows(SEEN) == [("rows_of_no_part", 1)]


def test_a_part_that_takes_no_row_and_one_whose_condition_is_gone_are_loud(folder):
    f = folder.workbook("台账.xlsx", 日记账=ONE_AMOUNT).mapped(of_one_amount("支出")).load()
    assert f.rows(BOOKED) == [("记1", "paid", 5)] and "第 6 行" in f.problems("part_without_rows")[0]["what_zh"]
    assert f.rows(SEEN) == [("rows_of_no_part", 2)] and not f.rows("FROM unread"), "the other part is of that table"


def test_a_part_whose_condition_the_sheet_has_not_is_stale_and_its_table_unread(folder):
    f = folder.workbook("台账.xlsx", 日记账=JOURNAL).mapped(MAPPING.replace("rows_with: 支出", "rows_with: 付出")).load()
    assert f.rows(BOOKED)[0] == ("记1", "paid", 500000) and len(f.rows(BOOKED)) == 3
    (stale,) = f.problems("stale_mapping")
    assert "第 14 行：“付出”" in stale["what_zh"] and f.rows("SELECT table_name FROM unread") == [("deposits",)]


def test_what_stands_side_by_side_in_one_row_is_a_record_of_each_table(folder):
    rows = [["号", "叫什么", "区", "押金流水", "押金", "哪天", "房号", "多大"], ["P1", "甲苑", "990102", "D1", 100, "2010-01-05", "Y1", 80],
            ["P2", "乙苑", "990102", None, None, None, "Y2", 90], ["P3", "丙苑", "990102", None, None, None, None, None]]  # fmt: skip
    f = folder.workbook("台账.xlsx", 一览=rows)
    f.mapped(
        "version: 1\nsheets:\n  - sheet: 一览\n    parts:\n"
        "      - {table: projects, columns: [{heading: 号, field: project_id}, {heading: 叫什么, field: project_name},"
        " {heading: 区, field: district_code}]}\n"
        "      - {table: deposits, rows_with: 押金流水, columns: [{heading: 押金流水, field: event_id}, {heading: 号, field: project_id},"
        " {heading: 押金, field: amount_yuan}, {heading: 哪天, field: event_on}], constants: {event: 缴存}}\n"
        "      - {table: premises, rows_with: 房号, columns: [{heading: 房号, field: premises_id}, {heading: 号, field: project_id},"
        " {heading: 多大, field: planned_m2}]}\n"
    )
    f.load()
    assert f.rows("SELECT project_id FROM projects ORDER BY 1") == [("P1",), ("P2",), ("P3",)]
    assert f.rows("SELECT event_id, project_id, amount_yuan FROM deposits") == [("D1", "P1", 100)]
    assert f.rows("SELECT premises_id, project_id FROM premises ORDER BY 1") == [("Y1", "P1"), ("Y2", "P2")]
    assert f.totals() == [(3, 3, 0), (1, 1, 0), (2, 2, 0)] and not f.rows(SEEN)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("rows_with: 收入", "rows_with: 收入\n        rows_where: {摘要: [缴]}", ":6: either rows_with or rows_where"),
        ("rows_with: 支出", "rows_with: 收入", ":14: it and the part of line 6 are both deposits"),
        ("        rows_with: 支出\n", "", ":14: it and the part of line 6 are both deposits"),
        ("rows_with: 支出", "rows_where: {摘要: 退}", ":14: rows_where is {heading"),
        ("rows_with: 支出", "rows_where: {}", ":14: rows_where is {heading"),
        ("rows_with: 支出", "rows_with: [支出]", ":14: rows_with is a heading"),
        ("rows_with: 支出", "rows: 支出", ":14: unknown 'rows'"),
        ("      - table: deposits\n        rows_with: 支出", "      - rows_with: 支出", ":14: there is no table None"),
        ("    sheet: 日记账\n", "    sheet: 日记账\n    table: deposits\n", ":3: unknown 'table'"),
        ("heading: 支出, field: amount_yuan", "heading: 支出, field: amount", ":20: deposits (events) have no field 'amount'"),
    ],
)
def test_wrong_parts_are_told_with_their_line(old, new, said):
    assert MAPPING.count(old) >= 1
    at = MAPPING.rindex(old)
    with pytest.raises(UsageError) as error:
        parse_mapping("m.yaml", MAPPING[:at] + new + MAPPING[at + len(old) :])
    assert said in str(error.value) or all(part in str(error.value) for part in said.split(": ", 1)), str(error.value)


def test_parts_of_one_table_by_words_may_share_none():
    parse_mapping("m.yaml", of_one_amount())
    with pytest.raises(UsageError):
        parse_mapping("m.yaml", of_one_amount("付, 收"))
    with pytest.raises(UsageError):
        parse_mapping("m.yaml", "version: 1\nsheets: [{sheet: a, parts: []}]")
