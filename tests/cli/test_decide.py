"""What a meeting decided comes back from its workbook by key, is shown before it is written, and is written once."""

import csv
import datetime as dt
import random
import re
import shutil
import sqlite3
import subprocess
from pathlib import Path

import openpyxl
import pytest

from planning_check.cases import FIELDS, KEY, KEYS_SHEET
from planning_check.pipeline.reporting import gather
from planning_check.report import workbook
from planning_check.store import cases, check_log, events, head, load_run, open_store, save_run
from planning_check.words import PAPERS
from tests import kept
from tests.outside import program, require
from tests.store.tables import TELLINGS, connection, fingerprint, manifest

SERIES = "小城（虚构）"
AR03, HO01, MO05, OF01 = (fingerprint(rule, key) for rule, key in (("AR03", "P1"), ("HO01", "P1"), ("MO05", "P2"), ("OF01", "O1")))
MEETING = ("--meeting-on", "2011-07-08", "--resolution-no", "纪要〔2011〕3号", "--by", "王秘书", "--yes")


@pytest.fixture
def db(tmp_path):
    return kept.store(tmp_path / "runs.sqlite")


@pytest.fixture(scope="module")
def papers(tmp_path_factory):
    """The folder of the run's workbook in both languages; nobody writes into it."""
    folder = tmp_path_factory.mktemp("papers")
    found = kept.store(folder / "runs.sqlite")
    for lang in ("zh", "en"):
        workbook.write(gather(found, load_run(found)), folder, lang)
    return folder


@pytest.fixture(params=["zh", "en"])
def book(request, papers, tmp_path):
    """The workbook with a row a finding, and its language."""
    return Book(shutil.copy(papers / PAPERS["annex"].get(request.param), tmp_path), request.param)


class Book:
    def __init__(self, path, lang):
        self.path, self.lang, self.made = Path(path), lang, openpyxl.load_workbook(path)

    def rows(self):
        """Every row with a key: its sheet, columns by their heads, and row."""
        for sheet in self.made.worksheets:
            heads = {cell.value: cell.column for cell in sheet[3]}
            column = heads.get(KEY.get(self.lang))
            if column:
                yield from (
                    (sheet, heads, n, sheet.cell(n, column).value) for n in range(4, sheet.max_row + 1) if sheet.cell(n, column).value
                )

    def fill(self, key, only=0, **said):
        """Type into the row of a key, on the sheets that ask for it."""
        done = 0
        for sheet, heads, number, found in list(self.rows()):
            columns = [heads.get(FIELDS[name].label.get(self.lang)) for name in said]
            if found == key and all(columns) and (not only or done < only):
                done += 1
                for column, value in zip(columns, said.values(), strict=True):
                    sheet.cell(number, column, value)
        assert done, key
        return self

    def word(self, name, code):
        return FIELDS[name].choices[code].get(self.lang)

    def save(self, name="filled.xlsx"):
        self.made.save(self.path.with_name(name))
        return self.path.with_name(name)


def decide(call, db, *arguments):
    return call("decide", "--db", db.url.database, *arguments)


def decided(db):
    return {key: case.state for key, case in cases(db, SERIES).items()}


def test_decisions_come_back_are_shown_and_are_written_once(db, book, call):
    book.fill(AR03, 1, conclusion=book.word("conclusion", "confirmed"), due_on="2011-09-30", responsible="规划", note="先核实")
    book.fill(
        MO05, 1, conclusion=book.word("conclusion", "confirmed"), scope=book.word("scope", "whole"), amount_yuan=800000, agreed="规划、住建"
    )
    book.fill(OF01, 1, conclusion=book.word("conclusion", "deferred"), measure=book.word("measure", "reuse"), site="桐花路 3 号")
    filled = book.save()
    code, out, err = decide(call, db, filled, *MEETING[:-1], "--lang", "en")
    assert (code, decided(db)) == (0, {}) and "Add --yes" in err and "new 3" in out
    code, out, err = decide(call, db, filled, *MEETING, "--lang", book.lang)
    assert code == 0 and decided(db) == {AR03: "confirmed", MO05: "confirmed", OF01: "deferred"}
    last = events(db, SERIES)[-1]
    assert (last.seq, last.actor, last.role) == (4, "王秘书", "secretary") and str(last.seq) in err and list(check_log(db)) == []
    told = cases(db, SERIES)[MO05].decision.body
    assert (told["amount_yuan"], told["scope"], told["agreed"]) == ("800000.00", "whole", ["housing", "planning"])
    assert (told["decided_on"], told["resolution_no"]) == ("2011-07-08", "纪要〔2011〕3号")
    assert told["source"]["file"] == filled.name and len(told["source"]["sha256"]) == 64 and set(told["source"]["cells"]) >= {"conclusion"}
    assert cases(db, SERIES)[AR03].decision.body["due_on"] == "2011-09-30" and "facts" in told
    code, out, _ = decide(call, db, filled, *MEETING, "--lang", "en")
    assert code == 0 and "on record 3" in out and len(events(db, SERIES)) == 4, "the same file twice changes nothing"


def test_rows_that_were_sorted_hidden_and_columns_that_were_moved_come_back_the_same(db, book, call, tmp_path):
    book.fill(AR03, 1, conclusion=book.word("conclusion", "dismissed"))
    book.fill(HO01, 1, conclusion=book.word("conclusion", "confirmed"))
    chance = random.Random(7)
    sheet = book.made.worksheets[2]
    width, rows = sheet.max_column, [[c.value for c in row] for row in sheet.iter_rows(min_row=3)]
    heads, body = rows[0], rows[1:]
    order = list(range(width))
    chance.shuffle(order)
    chance.shuffle(body)
    for number, row in enumerate([heads, *body], 5):  # two rows lower, too
        for column, source in enumerate(order, 1):
            sheet.cell(number, column).value = row[source]
        sheet.row_dimensions[number].hidden = number % 2 == 0
    sheet.delete_rows(3, 2)
    code, out, _ = decide(call, db, book.save(), *MEETING)
    assert code == 0, out
    assert decided(db) == {AR03: "dismissed", HO01: "confirmed"}


def test_what_cannot_be_read_is_named_by_its_cell_and_the_rest_is_taken(db, book, call):
    book.fill(AR03, 1, conclusion="看看")
    book.fill(HO01, 1, conclusion=book.word("conclusion", "confirmed"), due_on="下月底")
    book.fill(MO05, 1, conclusion=book.word("conclusion", "confirmed"), amount_yuan="约八十万")
    code, out, _ = decide(call, db, book.save(), *MEETING, "--lang", "zh")
    assert code == 3 and decided(db) == {HO01: "confirmed", MO05: "confirmed"}
    assert "读不懂的单元格 3" in out and "“看看”：不认得，可填：认定、不予认定、暂缓" in out.replace("\n    ", "")
    assert "“下月底”：不是日期" in out.replace("\n    ", "") and "“约八十万”：不是金额" in out.replace("\n    ", "")
    assert "due_on" not in cases(db, SERIES)[HO01].decision.body


def test_one_case_told_differently_on_two_sheets_is_not_decided(db, book, call):
    book.fill(AR03, 1, conclusion=book.word("conclusion", "confirmed"))
    book.fill(AR03, conclusion=book.word("conclusion", "confirmed"))
    fragile = [row for row in book.rows() if row[3] == AR03 and FIELDS["conclusion"].label.get(book.lang) in row[1]]
    assert len(fragile) == 2, "the list, and what another reading would undo"
    sheet, heads, number, _ = fragile[1]
    sheet.cell(number, heads[FIELDS["conclusion"].label.get(book.lang)], book.word("conclusion", "dismissed"))
    code, out, _ = decide(call, db, book.save(), *MEETING, "--lang", "en")
    assert code == 3 and decided(db) == {} and "told differently in several places" in out.replace("\n    ", " ")


def test_a_key_that_was_lost_or_is_of_nothing_is_told(db, book, call):
    sheet, heads, number, _ = next(row for row in book.rows() if row[3] == AR03)
    book.fill(AR03, 1, conclusion=book.word("conclusion", "confirmed"))
    sheet.cell(number, heads[KEY.get(book.lang)], "ar03")
    code, out, _ = decide(call, db, book.save(), *MEETING, "--lang", "en")
    assert code == 3 and "without its key" in out.replace("\n    ", " ") and decided(db) == {}
    sheet.cell(number, heads[KEY.get(book.lang)], "ffffffffffffffff")
    code, out, _ = decide(call, db, book.save(), *MEETING, "--lang", "en")
    assert code == 3 and "no such key" in out and decided(db) == {}


def test_an_older_workbook_and_one_of_another_city_are_refused_by_name(db, book, call, tmp_path):
    filled = book.fill(AR03, 1, conclusion=book.word("conclusion", "confirmed")).save()
    other = open_store(str(tmp_path / "other.sqlite"))
    save_run(other, connection(), manifest() | {"digest": "e" * 64}, TELLINGS)
    code, _, err = decide(call, other, filled, *MEETING, "--lang", "zh")
    assert code == 2 and f"“{SERIES}”截至 2011-06-30 的检查" in err and "没有这次检查" in err
    save_run(db, connection(), manifest() | {"digest": "f" * 64, "as_of": "2011-09-30"}, TELLINGS)
    code, _, err = decide(call, db, filled, *MEETING, "--lang", "en")
    assert code == 2 and "(run 1); run 2 as of 2011-09-30 came after it" in err and decided(db) == {}


def test_a_later_decision_is_not_written_over_by_an_earlier_one(db, book, call):
    confirmed = book.fill(AR03, 1, conclusion=book.word("conclusion", "confirmed")).save("one.xlsx")
    dismissed = book.fill(AR03, 1, conclusion=book.word("conclusion", "dismissed")).save("two.xlsx")
    later = ("--meeting-on", "2011-08-01", *MEETING[2:])
    assert decide(call, db, dismissed, *later)[0] == 0
    code, out, _ = decide(call, db, confirmed, *MEETING, "--lang", "zh")
    assert code == 3 and "已有更晚的决定（2011-08-01）" in out and decided(db) == {AR03: "dismissed"}
    assert decide(call, db, confirmed, "--meeting-on", "2011-09-01", *MEETING[2:])[0] == 0
    assert decided(db) == {AR03: "confirmed"} and len(events(db, SERIES)) == 3


def test_a_decision_without_a_day_or_resolution_is_refused(db, book, call):
    filled = book.fill(AR03, 1, conclusion=book.word("conclusion", "confirmed")).save()
    code, out, _ = decide(call, db, filled, "--yes", "--lang", "zh")
    assert code == 3 and "还要写明：决议文号、会议日期" in out and decided(db) == {}


def test_of_a_workbook_whose_hidden_sheet_was_lost_the_cover_says_which_check_it_is_of(db, book, call, tmp_path):
    del book.made[KEYS_SHEET]
    filled = book.fill(AR03, 1, conclusion=book.word("conclusion", "confirmed")).save()
    other = open_store(str(tmp_path / "other.sqlite"))
    save_run(other, connection(), manifest() | {"digest": "e" * 64}, TELLINGS)
    code, _, err = decide(call, other, filled, *MEETING, "--lang", "en")
    assert code == 2 and "as of 2011-06-30, which is not in this database" in err
    assert decide(call, db, filled, *MEETING)[0] == 0 and decided(db) == {AR03: "confirmed"}
    del book.made[book.made.sheetnames[0]]
    assert decide(call, db, book.save("bare.xlsx"), *MEETING)[0] == 0, "without either it is read against the latest run"


def test_a_csv_and_one_case_on_the_command_line_say_the_same(db, call, tmp_path):
    with (tmp_path / "会议.csv").open("w", encoding="gb18030", newline="") as file:
        csv.writer(file).writerows([["备注", "键", "会议结论", "决定金额", "会议日期"], ["", MO05, "同意", "80万元", "2011年7月8日"]])
    assert decide(call, db, tmp_path / "会议.csv", *MEETING[2:])[0] == 0
    assert cases(db, SERIES)[MO05].decision.body["amount_yuan"] == "800000.00"
    code, out, _ = decide(call, db, "--case", MO05, "--conclusion", "认定", "--amount", "800,000", *MEETING, "--lang", "en")
    assert code == 0 and "on record 1" in out
    code, out, _ = decide(call, db, "--case", MO05, "--conclusion", "dismissed", *MEETING, "--lang", "en")
    assert code == 0 and "before: confirmed; decided, yuan 800000.00" in out and decided(db) == {MO05: "dismissed"}
    assert decide(call, db, "--case", MO05, "--conclusion", "maybe", *MEETING)[0] == 3


@pytest.mark.parametrize(
    ("arguments", "said"),
    [((), "name a filled workbook"), (("--case", AR03, "FILE"), "name a filled workbook"),
     (("FILE", "--note", "x"), "--note goes with --case"), (("FILE",), "no workbook of a joint meeting")],
)  # fmt: skip
def test_other_files_and_words_are_refused(db, call, tmp_path, arguments, said):
    (tmp_path / "a.csv").write_text("项目编号,项目名称\nP1,甲\n", "utf-8")
    code, _, err = decide(call, db, *(tmp_path / "a.csv" if a == "FILE" else a for a in arguments), "--lang", "en")
    assert code == 2 and said in err


def test_nothing_is_written_where_somebody_else_wrote_meanwhile(db, call, monkeypatch):
    from planning_check import pipeline

    understand = pipeline.understand_one

    def meanwhile(*arguments):
        found = understand(*arguments)
        if not events(db, SERIES, of_cases=True):
            monkeypatch.undo()
            decide(call, db, "--case", HO01, "--conclusion", "deferred", *MEETING)
        return found

    monkeypatch.setattr(pipeline, "understand_one", meanwhile)
    code, _, err = decide(call, db, "--case", AR03, "--conclusion", "confirmed", *MEETING, "--lang", "en")
    assert code == 2 and "somebody else wrote to the log" in err and decided(db) == {HO01: "deferred"}


def test_found_in_a_delivery_it_is_recognised_for_what_it_is(db, book, call, tmp_path):
    """It was taken for a register of deposits."""
    filled = book.fill(AR03, 1, conclusion=book.word("conclusion", "confirmed")).save("会议.xlsx")
    (tmp_path / "报送").mkdir()
    filled.rename(tmp_path / "报送" / "保证金.xlsx")
    (tmp_path / "报送" / "项目.csv").write_text("项目编号,项目名称,区县\nP1,甲,610102\n", "utf-8")
    _, out, _ = call("inspect", tmp_path / "报送", "--quick", "--lang", "en")
    assert "the workbook of a joint meeting" in out.replace("\n", " ") and "planning-check decide" in out.replace("\n", " ")
    del book.made[KEYS_SHEET]
    book.save("无键.xlsx").rename(tmp_path / "报送" / "保证金.xlsx")
    _, out, _ = call("inspect", tmp_path / "报送", "--quick", "--lang", "zh")
    told = "".join(out.split())
    assert "联席会议的工作簿，不是报送的台账" in told, out
    assert re.findall("→[^读]*", told) == ["→开发项目"], "no sheet behind the cover is a register, whatever its heads"


@pytest.mark.parametrize("told", ["15个工作日", "15 个工作日内", "会后15工作日", "15 working days", "within 15 working days"])
def test_a_deadline_in_working_days_is_a_day_counted_from_the_meeting(db, book, call, told):
    """From 30 September 2011, before seven days off, for which the Saturday and Sunday after them are worked."""
    book.fill(AR03, 1, conclusion=book.word("conclusion", "confirmed"), due_on=told)
    meeting = ("--meeting-on", "2011-09-30", *MEETING[2:])
    code, out, _ = decide(call, db, book.save(), *meeting, "--lang", "zh")
    assert code == 0 and "2011-10-26（15 个工作日）" in out.replace("\n", "")
    body = cases(db, SERIES)[AR03].decision.body
    assert (body["due_on"], body["due_workdays"]) == ("2011-10-26", 15)
    book.fill(AR03, 1, due_on="2011-10-26")
    assert "on record 1" in decide(call, db, book.save(), *meeting, "--lang", "en")[1], "the same day in other words is no other decision"


@pytest.mark.parametrize(
    "told, meeting, said",
    [
        ("15日内", "2011-09-30", "which days are meant"),
        ("30 days", "2011-09-30", "which days are meant"),
        ("0个工作日", "2011-09-30", "no day"),
        ("15个工作日", None, "working days count from the meeting"),
        ("15个工作日", "2003-07-08", "the holidays of 2003 are not known"),
    ],
)
def test_a_deadline_of_which_no_day_can_be_told_is_named_and_never_guessed(db, call, tmp_path, told, meeting, said):
    (tmp_path / "决定.csv").write_text(f"键,会议结论,办理期限\n{AR03},暂缓,{told}\n", "utf-8")
    days = ["--meeting-on", meeting] if meeting else []
    code, out, _ = decide(call, db, tmp_path / "决定.csv", *days, "--yes", "--lang", "en")
    assert code == 3 and said in " ".join(out.split())
    assert "due_on" not in cases(db, SERIES)[AR03].decision.body if meeting else decided(db) == {}


def test_a_citys_own_table_counts_for_a_deadline(db, call, tmp_path):
    (tmp_path / "city").mkdir()
    (tmp_path / "city" / "workdays.yaml").write_text("holidays: [2011-07-11]\ncite: 某市通知\n", "utf-8")
    one = ("--case", AR03, "--conclusion", "认定", "--due-on", "1个工作日", *MEETING)
    assert "2011-07-11 (1 working day)" in decide(call, db, *one[:-1], "--lang", "en")[1]
    assert decide(call, db, *one, "--rules", tmp_path / "city")[0] == 0
    assert cases(db, SERIES)[AR03].decision.body["due_on"] == "2011-07-12"


def test_the_log_is_checked_with_the_records(db, call):
    assert decide(call, db, "--case", AR03, "--conclusion", "confirmed", *MEETING)[0] == 0
    last = head(db, SERIES)
    paper = f"{SERIES}:{last.seq}:{last.hash}"
    code, out, _ = call("db", "check", "--db", db.url.database, "--head", paper, "--lang", "en")
    assert code == 0 and "its chain is whole" in out
    with sqlite3.connect(db.url.database) as plain:
        plain.execute("DROP TRIGGER case_event_no_delete")
        plain.execute("DELETE FROM case_event WHERE seq = ?", [last.seq])
    plain.close()
    assert call("db", "check", "--db", db.url.database)[0] == 0
    code, out, _ = call("db", "check", "--db", db.url.database, "--head", paper, "--lang", "zh")
    assert code == 2 and f"系列“{SERIES}”的日志第 {last.seq} 条缺了：日志比纸上的短" in out
    assert call("db", "check", "--db", db.url.database, "--head", "xyz")[0] == 2


@pytest.fixture(scope="module")
def office(papers, tmp_path_factory):
    """A filled workbook, and how it is when LibreOffice opens and saves it; its profile is made once."""
    folder = tmp_path_factory.mktemp("office")
    book = Book(shutil.copy(papers / "附册.xlsx", folder), "zh")
    book.fill(AR03, 1, conclusion="认定", due_on=dt.date(2011, 9, 30), responsible="规划")
    filled = book.fill(MO05, 1, conclusion="不予认定", amount_yuan=0).save()

    def saved(kind):
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        command = [str(program("soffice")), profile, "--headless", "--convert-to", kind, "--outdir", str(folder / kind), str(filled)]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        return folder / kind / f"{filled.stem}.{kind}"

    return saved


@require("soffice")
@pytest.mark.parametrize("kind", ["xlsx", "ods", "xls"])
def test_a_workbook_saved_anew_by_libreoffice_reads_back_the_same(db, call, office, kind):
    assert decide(call, db, office(kind), *MEETING)[0] == 0
    assert decided(db) == {AR03: "confirmed", MO05: "dismissed"}
    assert (
        cases(db, SERIES)[AR03].decision.body["due_on"] == "2011-09-30" and cases(db, SERIES)[MO05].decision.body["amount_yuan"] == "0.00"
    )


def test_the_page_shows_the_columns_that_there_are():
    page = (Path(__file__).parents[2] / "docs" / "after_the_meeting.md").read_text("utf-8")
    for name, one in FIELDS.items():
        if name != "decided_on":
            assert f"{one.label.zh.split()[0]} {one.label.en.split(',')[0]}" in page, name
        assert (
            all(f"{word.zh}" in page and word.en.split(" by ")[0].split(" of ")[0] in page for word in one.choices.values())
            or name == "measure"
        )
