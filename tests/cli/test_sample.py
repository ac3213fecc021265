"""A sample is drawn, filled in and read back like decisions: shown first, written once, and projected."""

import csv
import io

import openpyxl
import pytest

from planning_check.cases import REVISIT, REVISITS
from planning_check.store import cases, check_log, events, open_store, save_run, struck_off_to_draw
from tests import kept
from tests.store.tables import TELLINGS, connection, finding, fingerprint, manifest

SERIES = "小城（虚构）"
FOUND = [
    finding(
        "AR03", "P1", area_m2="10.00", fingerprint=fingerprint("AR03", f"P{n}"), subject_key=f"P{n}", yuan=f"{n}00.00" if n < 10 else None
    )
    for n in range(1, 13)
]


def twelve(engine):
    save_run(engine, connection(FOUND), manifest(), TELLINGS)


@pytest.fixture
def db(tmp_path):
    return kept.store(tmp_path / "库.sqlite", twelve)


@pytest.fixture
def draw(call, db, tmp_path):
    def drawn(*arguments, file="sample.csv", lang="zh"):
        code, _, err = call("sample", "--db", db.url.database, "--lang", lang, "--seed", "7", *arguments, "-o", tmp_path / file)
        assert code == 0, err
        return tmp_path / file

    return drawn


def filled(path, results, *, lang="zh", order=1):
    """The CSV with its rows filled in by key, perhaps backwards."""
    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))
    for row in rows:
        for name, value in results.get(row[REVISIT["key"].get(lang)], {}).items():
            row[REVISIT[name].get(lang)] = value
    target = path.with_name(f"filled_{path.name}")
    with target.open("w", encoding="utf-8-sig", newline="") as file:
        made = csv.DictWriter(file, list(rows[0])[::order])
        made.writeheader()
        made.writerows(rows[::order])
    return target


def keys(path, lang="zh"):
    return [row[REVISIT["key"].get(lang)] for row in csv.DictReader(io.StringIO(path.read_text("utf-8-sig")))]


def visit(found, lang="zh", **more):
    return {"found": REVISITS[found].get(lang), "visited_by": "李审", "visited_on": "2011-9-1", **more}


def test_the_same_seed_draws_the_same_list_with_population_and_seed(draw):
    first = draw("--n", "4")
    again = draw("--n", "4", file="again.csv")
    assert first.read_bytes() == again.read_bytes()
    rows = list(csv.DictReader(io.StringIO(first.read_text("utf-8-sig"))))
    assert [(row["总体件数"], row["种子"]) for row in rows] == [("12", "7")] * 4
    assert rows[0]["抽样"].endswith(" violations - simple 4 7 0")
    assert set(keys(first)) < {f["fingerprint"] for f in FOUND}
    books = [draw("--n", "4", file=name).read_bytes() for name in ("a.xlsx", "b.xlsx")]
    assert books[0] == books[1]


def test_by_money_those_without_an_amount_are_named_and_not_drawn(draw, call, db):
    path = draw("--n", "12", "--by", "money")
    assert set(keys(path)) == {f["fingerprint"] for f in FOUND if f["yuan"]}
    out = call("sample", "--db", db.url.database, "--n", "3", "--seed", "7", "--by", "money", "--lang", "zh")[1]
    assert "另有 3 件没有金额或金额不明" in out and "总金额 4,500.00 元" in out


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_is_read_back_shown_written_once_and_projected(draw, call, db, lang, order):
    path = draw("--n", "6", lang=lang)
    chosen = keys(path, lang)
    told = {key: visit("broken" if n < 2 else "fixed", lang) for n, key in enumerate(chosen[:5])} | {chosen[5]: visit("not_seen", lang)}
    file = filled(path, told, lang=lang, order=order)
    arguments = ("revisit", "--db", db.url.database, "--lang", "en", file, "--by", "李审")
    code, out, err = call(*arguments)
    assert (code, "Add --yes" in err, cases(db, SERIES)) == (0, True, {})
    assert "still broken 2, fixed 3, could not be seen 1, not visited yet 0" in out
    assert "still broken, projected: 4 to 6 (33.3% to 50.0%), of 12" in out
    assert call(*arguments, "--yes")[0] == 0
    entries = [e for e in events(db, SERIES) if e.action == "revisit"]
    assert {e.fingerprint: e.body["found"] for e in entries} == {
        key: "broken" if n < 2 else "fixed" if n < 5 else "not_seen" for n, key in enumerate(chosen)
    }
    assert {(e.actor, e.role, e.body["visited_on"], e.body["visited_by"]) for e in entries} == {("李审", "auditor", "2011-09-01", "李审")}
    assert {case.state for case in cases(db, SERIES).values()} == {"open"}
    code, out, err = call(*arguments, "--yes")
    assert (code, "Nothing to write" in err, len(events(db, SERIES))) == (0, True, 7)
    assert not list(check_log(db))
    out = call("sample", "--db", db.url.database, "--n", "6", "--seed", "7", "--lang", "zh")[1]
    assert "推算仍违规：4 至 6 件" in out


def test_what_cannot_be_read_is_named_and_the_rest_is_taken(draw, call, db):
    path = draw("--n", "4")
    a, b, c, d = keys(path)
    told = {a: visit("fixed"), b: visit("fixed") | {"found": "大概好了"}, c: visit("fixed", visited_on="9月"), d: {"found": "已整改"}}
    code, out, _ = call("revisit", "--db", db.url.database, "--lang", "zh", filled(path, told), "--yes")
    assert code != 0
    assert "大概好了" in out and "不认得，可填：仍违规、已整改、未能查看" in out
    assert "9月" in out and "不是日期" in out
    assert "“复查”还要写明：复查日期、复查人" in "".join(out.split("\n    "))
    assert list(cases(db, SERIES)) == [a]


def test_a_list_that_was_meddled_with_or_is_of_another_check_is_refused(draw, call, db, tmp_path):
    path = draw("--n", "4")
    stranger = next(f["fingerprint"] for f in FOUND if f["fingerprint"] not in keys(path))
    text = filled(path, {key: visit("fixed") for key in keys(path)}).read_text("utf-8-sig")
    changed = tmp_path / "changed.csv"
    changed.write_text(text.replace(keys(path)[0], stranger), "utf-8")
    code, out, _ = call("revisit", "--db", db.url.database, "--lang", "zh", changed, "--yes")
    assert (code != 0, "这个键不在这次抽样里" in out, stranger in cases(db, SERIES)) == (True, True, False)
    changed.write_text(text.replace("simple 4 7 0", "simple 4 8 0", 1), "utf-8")
    assert call("revisit", "--db", db.url.database, "--lang", "zh", changed, "--yes")[0] == 2
    other = open_store(str(tmp_path / "别的.sqlite"))
    save_run(other, connection(), manifest(digest="e" * 64), TELLINGS)
    code, _, err = call("revisit", "--db", other.url.database, "--lang", "zh", path.with_name(f"filled_{path.name}"), "--yes")
    assert (code, "不在这个记录库里" in err) == (2, True)
    assert call("revisit", "--db", db.url.database, "--lang", "zh", path)[0] == 2, "nothing is filled in"


def test_of_what_was_struck_off_the_cases_are_drawn_that_stood_so_then(call, db, tmp_path):
    from tests.cli.test_case import forced

    code, _, err = call("sample", "--db", db.url.database, "--n", "3", "--seed", "7", "--of", "struck_off", "--lang", "zh")
    assert (code, "还没有已销号的案件" in err) == (2, True)
    off = [fingerprint("AR03", key) for key in ("P1", "P2", "P3")]
    for key in off:
        forced(db, key, "close", passes_in_run=1, demanded=[])
    path = tmp_path / "off.csv"
    assert call("sample", "--db", db.url.database, "--n", "3", "--seed", "7", "--of", "struck_off", "-o", path, "--lang", "zh")[0] == 0
    assert set(keys(path)) == set(off)
    forced(db, off[0], "reopen", reason={"why": "fails_again"})
    later = [FOUND[0] | {"yuan": "999999.00"}]
    save_run(db, connection(later), manifest(digest="f" * 64), TELLINGS)
    again = {unit.key: (unit.fen, run_id) for unit, run_id in struck_off_to_draw(db, SERIES, 4).items()}
    assert again[off[0]] == (10_000, 1), "what a later check found changes no draw"
    file = filled(path, {off[0]: visit("broken"), off[1]: visit("fixed"), off[2]: visit("fixed")})
    code, out, _ = call("revisit", "--db", db.url.database, "--lang", "zh", file, "--yes")
    assert (code, "推算仍违规：1 件" in out, "已销号而仍违规 1 件" in out) == (0, True, True)


def test_strata_need_two_each_and_bad_numbers_are_refused(call, db):
    assert call("sample", "--db", db.url.database, "--n", "1", "--seed", "7", "--by", "stratified")[0] == 2
    assert call("sample", "--db", db.url.database, "--n", "3")[0] == 2
    assert call("sample", "--db", db.url.database, "--n", "3", "--seed", "7", "-o", "x.pdf")[0] == 2


def test_the_workbook_is_filled_in_with_words_to_choose_from_and_read_back(draw, call, db):
    path = draw("--n", "3", file="sample.xlsx", lang="en")
    book = openpyxl.load_workbook(path)
    sheet = book.active
    head = next(n for n in range(1, 12) if sheet.cell(n, 1).value == "no.")
    columns = {cell.value: cell.column for cell in sheet[head]}
    assert [v.formula1 for v in sheet.data_validations.dataValidation] == ['"still broken,fixed,could not be seen"']
    for row in range(head + 1, head + 4):
        for name, value in visit("fixed", "en").items():
            sheet.cell(row, columns[REVISIT[name].en], value)
    book.save(path.with_name("typed.xlsx"))
    assert call("revisit", "--db", db.url.database, path.with_name("typed.xlsx"), "--yes", "--lang", "en")[0] == 0
    assert len(cases(db, SERIES)) == 3
