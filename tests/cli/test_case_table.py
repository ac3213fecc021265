"""Many steps from one table: shown first, files beside it, all of them written or none."""

import csv
import hashlib

import openpyxl
import pytest

from planning_check.store import cases, check_log, events
from tests import kept
from tests.cli.test_case import AR03, HO01, MO05, SERIES, US01, two_checks

HEADS = ("键", "步骤", "材料种类", "文件", "日期", "原因", "备注")
GOOD = (
    (HO01, "归入办结材料", "移交凭证", "材料/移交书.pdf", "2011年8月1日", "", ""),
    (HO01, "prove", "inspection", "材料\\照片.jpg", "2011-08-02", "", "两张"),
    (HO01, "报称办结", "", "", "2011/8/3", "", "已交钥匙"),
    (HO01, "销号", "", "", "", "", ""),
    (US01, "备注", "", "", "", "", "已催办"),
    (MO05, "", "", "", "", "", ""),
)


@pytest.fixture
def db(tmp_path):
    (tmp_path / "来件" / "材料").mkdir(parents=True)
    (tmp_path / "来件" / "材料" / "移交书.pdf").write_bytes(b"%PDF")
    (tmp_path / "来件" / "材料" / "照片.jpg").write_bytes(b"JPG")
    return kept.store(tmp_path / "库.sqlite", two_checks)


@pytest.fixture(params=["csv", "xlsx"])
def table(request, tmp_path):
    """Writes rows as a clerk's table; headings stand where they stand."""

    def write(*rows, heads=HEADS):
        path = tmp_path / "来件" / f"办理.{request.param}"
        if request.param == "csv":
            with path.open("w", encoding="gb18030", newline="") as file:
                csv.writer(file).writerows([heads, *rows])
        else:
            book = openpyxl.Workbook()
            for row in (("八月办理情况",), heads, *rows):
                book.active.append(row)
            book.save(path)
        return path

    return write


def enter(call, db, path, *arguments, lang="zh"):
    code, out, err = call("case", "enter", path, "--db", db.url.database, "--by", "王秘书", "--lang", lang, *arguments)
    return code, "".join(out.split()) if lang == "zh" else " ".join(out.split()), err


def test_a_table_is_shown_and_then_written_whole(db, call, table, tmp_path):
    path = table(*GOOD)
    code, out, err = enter(call, db, path)
    assert code == 0 and "加 --yes 才记入" in err and len(events(db, SERIES)) == 2 and not (tmp_path / "库_cases").exists()
    assert f"{HO01}销号，现在：已销号" in out
    code, out, err = enter(call, db, path, "--yes", "--keep")
    assert code == 0 and "日志末尾：第 7 条" in err and list(check_log(db)) == []
    found = cases(db, SERIES)
    assert {key: case.state for key, case in found.items()} == {HO01: "closed", US01: "open"}
    proofs = [event.body for event in found[HO01].proofs]
    assert [(one["proof"], one["file"], one["proved_on"]) for one in proofs] == [
        ("handover_certificate", "移交书.pdf", "2011-08-01"), ("inspection", "照片.jpg", "2011-08-02")]  # fmt: skip
    assert proofs[0]["sha256"] == hashlib.sha256(b"%PDF").hexdigest() and proofs[1]["note"] == "两张"
    row = 2 if path.suffix == ".csv" else 3
    assert (proofs[0]["source"]["file"], proofs[0]["source"]["row"], len(proofs[0]["source"]["sha256"])) == (path.name, row, 64)
    assert sorted(one.name[13:] for one in (tmp_path / "库_cases" / HO01).iterdir()) == ["照片.jpg", "移交书.pdf"]
    assert path.name in call("case", "show", HO01, "--db", db.url.database)[1], "the row that it was read from is shown"


def test_the_same_proofs_twice_are_not_written_again(db, call, table):
    path = table(*GOOD[:2])
    assert enter(call, db, path, "--yes")[0] == 0
    code, out, err = enter(call, db, path, "--yes")
    assert code == 0 and "没有要记入的" in err and out.count("已在案") == 2 and len(events(db, SERIES)) == 4


@pytest.mark.parametrize(
    ("row", "said"),
    [((HO01, "归入", "", "", "", "", "x"), "不认得的步骤，可填：归入办结材料、报称办结、销号、重新立案、备注"),
     (("f00", "备注", "", "", "", "", "x"), "没有键，或键已损坏"), (("", "备注", "", "", "", "", "x"), "没有键"),
     ((US01, "报称办结", "", "", "八月底", "", ""), "“八月底”：不是日期"), ((US01, "报称办结", "", "", "2999-01-01", "", ""), "2999-01-01还没到"),
     ((US01, "报称办结", "", "", "", "", ""), "还要写明：办结日期"), ((US01, "重新立案", "", "", "", "查出", ""), "只能由"),
     ((US01, "归入办结材料", "合影", "材料/照片.jpg", "2011-08-01", "", ""), "没有这种办结材料：合影"),
     ((US01, "归入办结材料", "inspection", "材料/没有.jpg", "2011-08-01", "", ""), "没有这个文件"),
     ((US01, "归入办结材料", "inspection", "", "2011-08-01", "", ""), "还要写明：文件、文件的SHA-256"),
     ((US01, "", "", "", "", "", "只写了备注"), "不认得的步骤"), ((AR03, "销号", "", "", "", "", ""), "不能销号"),
     (("f" * 16, "备注", "", "", "", "", "x"), "没有键为")],
)  # fmt: skip
def test_where_one_row_cannot_be_taken_none_is_and_it_is_named(db, call, table, row, said):
    code, out, err = enter(call, db, table(GOOD[0], row), "--yes")
    assert code == 3 and said in out and "都没有记入" in err and len(events(db, SERIES)) == 2
    assert "第3行" in out or "第4行" in out


def test_what_is_no_such_table_is_refused_with_its_heads(db, call, table):
    code, _, err = enter(call, db, table(("P1", "x"), heads=("项目编号", "步骤")), lang="en")
    assert code == 2 and "no sheet has the columns 'key' and 'step'" in err and "key, step, proof, file, day, reason, note" in err


def test_heads_are_read_in_english_and_in_any_order(db, call, table):
    path = table(("seen", "2011-08-01", "report as done", US01), heads=("note", "day", "step", "key"))
    assert enter(call, db, path, "--yes", "--role", "bureau", lang="en")[0] == 0
    case = cases(db, SERIES)[US01]
    assert (case.state, case.done_on, case.last.role, case.last.body["note"]) == ("reported", "2011-08-01", "bureau", "seen")
