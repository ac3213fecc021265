"""A word that a mapping says the meaning of is read so, and shown as it was delivered."""

from tests.ingest.test_parts import ONE_AMOUNT

OFFICES = "编,社区,怎么来的,大小\nB1,S1,集体,50\nB2,S1,\u3000集体 ,60\nB3,S1,自有,70\nB4,S1,公家,80\nB5,S1,/,90\nB6,S1,,95\n"
COLUMNS = (
    "columns: [{heading: 编, field: office_id}, {heading: 社区, field: community_code}, {heading: 怎么来的, field: tenure},"
    " {heading: 大小, field: area_m2}]"
)


def mapping(words, more=""):
    return f"version: 1\nsheets:\n  - {{file: 办公用房.csv, table: offices, {COLUMNS}, values: {{tenure: {{{words}}}}}{more}}}\n"


def test_the_cell_keeps_its_word(folder):
    f = folder.csv("办公用房.csv", OFFICES).mapped(mapping("集体: rented, 公家: 公租赁房, /: 借用, '': 自有")).load()
    assert f.rows("SELECT office_id, tenure FROM offices ORDER BY ALL") == [
        ("B1", "rented"), ("B2", "rented"), ("B3", "owned_titled"), ("B5", "borrowed"), ("B6", "owned_titled"),
    ]  # fmt: skip
    assert f.rows("SELECT trim(tenure, ' \u3000') FROM raw_offices ORDER BY office_id") == [
        ("集体",),
        ("集体",),
        ("自有",),
        ("公家",),
        ("/",),
        (None,),
    ]
    said = {p["raw"]: p["what_zh"] for p in f.problems("word_mapped")}
    assert said["集体"] == "“集体”按对照表读作 rented（2 行）" and said["公家"] == "“公家”按对照表读作 公租赁房（1 行）"
    (unknown,) = f.problems("unknown_choice")
    assert (unknown["row"], unknown["letter"], unknown["raw"]) == (5, "C", "公家"), "the mapping is wrong, and the cell is told as it is"


def test_ids_are_made_of_what_is_meant_and_rows_of_one_are_added_up(folder):
    rows = "楼,盘,性质,多大\n1,甲苑一,R类,100\n2,甲苑,商,50\n3,乙苑,R类,7\n4,乙苑,住,8\n"
    f = folder.csv("台账.csv", rows).mapped(
        "version: 1\nsheets:\n  - {file: 台账.csv, table: projects, columns: [{heading: 盘, field: project_name}, {heading: 性质, field: uses},"
        " {heading: 多大, field: plan_total_m2}], values: {project_name: {甲苑一: 甲苑}, uses: {R类: 住宅, 商: 商业, 住: 住宅}}, ids: {project_id: [盘]},"
        " constants: {district_code: '1'}, add_up: true}\n"
    )
    f.load()
    assert f.rows("SELECT project_id, uses, plan_total_m2 FROM projects ORDER BY plan_total_m2") == [
        ("乙苑", ["residential"], 15), ("甲苑", ["commercial", "residential"], 150),
    ]  # fmt: skip
    assert f.rows("SELECT uses FROM raw_projects WHERE uses IS NOT NULL ORDER BY plan_total_m2") == [("R类、住",), ("R类、商",)]


def test_a_part_has_words_of_its_own(folder):
    fields = {"凭证": "event_id", "哪个项目": "project_id", "几号": "event_on", "收/支": "event", "多少钱（元）": "amount_yuan"}
    columns = f"[{', '.join(f'{{heading: {heading}, field: {field}}}' for heading, field in fields.items())}]"
    f = folder.workbook("台账.xlsx", 日记账=ONE_AMOUNT)
    f.mapped(
        f"version: 1\nsheets:\n  - {{table: deposits, columns: {columns}, values: {{event: {{收: 缴存, 付: 退还, 转: 退还}}}}}}\n"
    ).load()
    assert f.rows("SELECT event FROM deposits ORDER BY event_id") == [("paid",), ("refunded",), ("refunded",)]
    assert f.rows("SELECT trim(event) FROM raw_deposits ORDER BY event_id") == [("收",), ("付",), ("转",)]


def test_a_correction_says_the_words_of_the_sheet_too(folder):
    f = folder.csv("办公用房.csv", OFFICES).mapped(mapping("集体: rented, 公家: 借用"))
    heads = "文件,工作表,编号,字段,原值,更正值,理由,更正人,更正日期,有效期至\n"
    rows = ("B1,怎么来的,集体,公家", "B2,怎么来的,租用,自有", "B3,怎么来的,自有,集体", "B4,怎么来的,集体,自有", "B5,怎么来的,自有,什么")
    f.csv("更正登记.csv", heads + "".join(f"办公用房.csv,,{row},核实,张三,2011-05-02,\n" for row in rows)).load()
    assert f.rows("SELECT record_key, state FROM correction ORDER BY number") == [
        ("B1", "applied"), ("B2", "applied"), ("B3", "applied"), ("B4", "stale"), ("B5", "unreadable"),
    ]  # fmt: skip
    assert f.rows("SELECT office_id, tenure FROM offices WHERE office_id < 'B5' ORDER BY 1") == [
        ("B1", "borrowed"), ("B2", "owned_titled"), ("B3", "rented"), ("B4", "borrowed"),
    ]  # fmt: skip
