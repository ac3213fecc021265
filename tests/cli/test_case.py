"""A case on the command line: who may take which step from where, strike-off on proof alone, files kept and never written over."""

import csv
import itertools
import json

import openpyxl
import pytest

from planning_check.cases import MOVES, ROLES, STATES
from planning_check.store import Entry, append, cases, check_log, events, save_run
from planning_check.store.connecting import writing
from tests import kept
from tests.store.tables import CREATED, FINDINGS, TELLINGS, connection, fingerprint, manifest

SERIES = "小城（虚构）"
AR03, HO01, MO05, US01 = (fingerprint(rule, key) for rule, key in (("AR03", "P1"), ("HO01", "P1"), ("MO05", "P2"), ("US01", "U1")))
KINDS = {
    "handover_certificate": {"zh": "移交凭证", "en": "the handover certificate"},
    "payment_receipt": {"zh": "缴款票据", "en": "the payment receipt"},
    "inspection": {"zh": "现场核查记录（附照片）", "en": "the record of an inspection on the spot (with photographs)"},
}  # fmt: skip
PROOFS = {
    "kinds": KINDS,
    "rules": {"HO01": [["handover_certificate", "payment_receipt"], ["inspection"]], "AR03": [], "US01": [["inspection"]]},
}


def record(engine, as_of="2011-06-30", *, without=(), register=(), proofs=PROOFS, **given):
    """Another check of the series: its findings ``without`` some, and other outcomes of some subjects in its register."""
    con = connection([f for f in FINDINGS if f["fingerprint"] not in without])
    for subject, key, outcomes in register:
        con.execute("DELETE FROM register WHERE subject = ? AND subject_key = ?", [subject, key])
        if outcomes:
            con.execute("INSERT INTO register VALUES (?, ?, ?)", [subject, key, outcomes])
    told = {"proofs": proofs} if proofs else {}
    return save_run(engine, con, manifest(digest=as_of.replace("-", "").ljust(64, "0"), as_of=as_of, **told, **given), TELLINGS)


def forced(engine, key, action, **body):
    """An entry that nobody asked whether it may be there."""
    with writing(engine) as connection_:
        append(connection_, SERIES, CREATED, "王", [Entry(action, "system", body, key, 1)])


@pytest.fixture
def db(tmp_path):
    return kept.store(tmp_path / "库.sqlite", record)


def two_checks(engine):
    record(engine)
    record(engine, "2011-09-30", without=(HO01,), register=[("project", "P1", "VPP")])


@pytest.fixture
def cured(tmp_path):
    """In the latest check HO01 passes for P1."""
    return kept.store(tmp_path / "库.sqlite", two_checks)


@pytest.fixture
def proof(tmp_path):
    path = tmp_path / "来件" / "移交书.pdf"
    path.parent.mkdir()
    path.write_bytes(b"%PDF handed over")
    return path


def case(call, db, *arguments, lang="zh"):
    code, out, err = call("case", *arguments, "--db", db.url.database, "--lang", lang)
    return code, "".join(out.split()) if lang == "zh" else " ".join(out.split()), err


def filed(call, db, key, path, kind="移交凭证", *arguments):
    return case(call, db, "prove", key, "--proof", kind, "--file", str(path), "--on", "2011-08-01", "--by", "李经办", *arguments)


LEADS = {"open": "reopen", "deferred": "defer", "dismissed": "dismiss", "confirmed": "confirm", "reported": "report", "closed": "close"}
SAYING = {"report": ("--done-on", "2011-08-01"), "close": (), "reopen": ("--reason", "查出"), "remark": ("--note", "已催办")}


@pytest.mark.parametrize("state", STATES)
def test_every_step_from_every_state_by_every_role(cured, call, proof, state):
    """Through the commands, against the table."""
    record(cured, "2011-10-31", without=(HO01,), register=[("project", "P1", "VPP")], proofs={"kinds": KINDS, "rules": {"HO01": []}})
    people = [role for role in ROLES if role != "system"]
    steps = [(move, role) for move, role in itertools.product(MOVES, people)
             if move.action not in ("confirm", "dismiss", "defer", "revisit")]  # fmt: skip
    for number, (move, role) in enumerate(steps):
        forced(cured, HO01, LEADS[state], reason={"why": "said", "said": "x"}, decided_on="2011-07-08")
        proof.write_bytes(f"%PDF {number}".encode())
        said = SAYING.get(move.action) or ("--proof", "inspection", "--file", str(proof), "--on", "2011-08-01")
        said = () if move.action == "close" else said
        before = len(events(cured, SERIES))
        code, out, _ = case(call, cured, move.action, HO01, *said, "--role", role)
        allowed = role in move.who and state in move.before
        assert code == (0 if allowed else 3), (move.action, role, out)
        assert cases(cured, SERIES)[HO01].state == ((move.after or state) if allowed else state)
        assert len(events(cured, SERIES)) == before + allowed
    assert list(check_log(cured)) == []


@pytest.mark.parametrize("state", STATES)
def test_a_meetings_conclusion_from_every_state(db, call, state):
    for move, role in itertools.product([m for m in MOVES if m.action in ("confirm", "dismiss", "defer")], ("secretary", "chair")):
        forced(db, AR03, LEADS[state], reason={"why": "said"})
        word = {"confirm": "认定", "dismiss": "不予认定", "defer": "暂缓"}[move.action]
        number = role + move.action
        code, out, _ = call("decide", "--case", AR03, "--conclusion", word, "--meeting-on", "2011-07-08", "--resolution-no", number, "--as",
                            role, "--yes", "--db", db.url.database)  # fmt: skip
        allowed = state in move.before
        assert code == (0 if allowed else 3), out
        assert cases(db, SERIES)[AR03].state == (move.after if allowed else state)


def test_a_case_is_struck_off_when_it_passes_and_its_proofs_are_on_file(cured, call, proof):
    code, out, _ = case(call, cured, "close", HO01)
    assert code == 3 and "“销号”还缺办结材料：移交凭证或缴款票据；现场核查记录（附照片）" in out and f"planning-checkcase{HO01}" in out
    assert filed(call, cured, HO01, proof)[0] == 0 and filed(call, cured, HO01, proof, "现场核查记录")[0] == 0
    code, out, err = case(call, cured, "close", HO01, "--by", "王秘书", "--note", "已现场复核")
    assert code == 0 and "已销号" in out and "日志末尾：第 5 条" in err
    case_ = cases(cured, SERIES)[HO01]
    assert case_.state == "closed" and case_.last.body == {
        "passes_in_run": 2, "outcome": "pass", "root": events(cured, SERIES)[1].body["root"], "note": "已现场复核",
        "demanded": [{code: KINDS[code] for code in group} for group in PROOFS["rules"]["HO01"]]}  # fmt: skip
    assert (case_.last.actor, case_.last.role, case_.last.of_run) == ("王秘书", "secretary", 2)


@pytest.mark.parametrize(
    ("outcomes", "zh", "en"),
    [("VVP", "HO01对它的结论是“违规”，不能销号", "came out for it as: violation"), ("VUP", "结论是“未能判定”", "cannot be determined"),
     ("VDP", "结论是“未到时点”", "not yet due"), (None, "没有按HO01判定P1（没有报送", "what was not looked at does not pass"),
     ("VP", "没有按HO01判定P1", "was not delivered, or the rule is off")],
)  # fmt: skip
def test_what_does_not_pass_or_was_not_delivered_is_not_struck_off(db, call, proof, outcomes, zh, en):
    record(db, "2011-09-30", without=(HO01,), register=[("project", "P1", outcomes)])
    filed(call, db, HO01, proof), filed(call, db, HO01, proof, "inspection")
    code, out, _ = case(call, db, "close", HO01)
    assert code == 3 and zh in out and "第2次，截至2011-09-30" in out
    if outcomes != "VUP":
        assert en in case(call, db, "close", HO01, lang="en")[1]
    assert cases(db, SERIES)[HO01].state == "open"


@pytest.mark.parametrize(("letter", "outcome"), [("E", "exempt"), ("N", "not_applicable")])
def test_what_no_longer_binds_is_struck_off_and_says_so(db, call, letter, outcome):
    from planning_check.assess import OUTCOMES

    record(db, "2011-09-30", without=(AR03,), register=[("project", "P1", OUTCOMES[outcome] + "VP")])
    assert case(call, db, "close", AR03)[0] == 0
    assert cases(db, SERIES)[AR03].last.body["outcome"] == outcome


def test_a_check_of_an_older_version_says_nothing_of_proofs_so_nothing_is_struck_off(db, call):
    record(db, "2011-09-30", without=(HO01,), register=[("project", "P1", "VPP")], proofs=None)
    code, out, _ = case(call, db, "close", HO01)
    assert code == 3 and "重新检查一次" in out
    assert "没有写明要哪些材料" in case(call, db, HO01)[1]


def test_a_proof_is_on_record_by_its_hash_and_kept_without_being_written_over(db, call, proof, tmp_path):
    import hashlib

    sha256 = hashlib.sha256(proof.read_bytes()).hexdigest()
    assert filed(call, db, HO01, proof)[0] == 0
    (told,) = cases(db, SERIES)[HO01].proofs
    assert told.body == {"proof": "handover_certificate", "file": "移交书.pdf", "sha256": sha256, "bytes": 16, "proved_on": "2011-08-01"}
    assert (told.actor, told.role) == ("李经办", "bureau") and not (tmp_path / "库_cases").exists()
    assert "已在案，没有再记" in filed(call, db, HO01, proof)[1] and len(events(db, SERIES)) == 2
    assert filed(call, db, HO01, proof, "移交凭证", "--keep")[0] == 0
    kept = tmp_path / "库_cases" / HO01 / f"{sha256[:12]}_移交书.pdf"
    assert kept.read_bytes() == proof.read_bytes() and cases(db, SERIES)[HO01].proofs[1].body["kept"] == f"{HO01}/{kept.name}"
    assert "已在案" in filed(call, db, HO01, proof, "移交凭证", "--keep")[1] and [kept] == list(kept.parent.iterdir())
    assert "原件在案卷" in case(call, db, HO01)[1]
    kept.write_bytes(b"forged")
    assert "案卷里的文件变了！" in case(call, db, HO01)[1]
    code, _, err = filed(call, db, HO01, proof, "inspection", "--keep")
    assert code == 2 and "没有覆盖" in err and kept.read_bytes() == b"forged" and len(events(db, SERIES)) == 3
    kept.unlink()
    assert "案卷里的文件不见了！" in case(call, db, HO01)[1]
    assert filed(call, db, HO01, proof, "inspection", "--keep", "--case-folder", str(tmp_path / "别处"))[0] == 0
    assert (tmp_path / "别处" / HO01 / kept.name).exists()


def test_two_files_of_one_name_are_kept_apart_and_strange_names_are_tamed(db, call, proof, tmp_path):
    assert filed(call, db, HO01, proof, "移交凭证", "--keep")[0] == 0
    proof.write_bytes(b"%PDF another")
    assert filed(call, db, HO01, proof, "移交凭证", "--keep")[0] == 0
    odd = proof.with_name("照" * 80 + " a:b?.pdf")
    odd.write_bytes(b"x")
    assert filed(call, db, HO01, odd, "移交凭证", "--keep")[0] == 0
    names = sorted(path.name for path in (tmp_path / "库_cases" / HO01).iterdir())
    assert len(names) == 3 and all(len(name.encode()) < 200 and not set(name) & set(':?*"<>|') for name in names)
    assert any(name.endswith("a_b_.pdf") for name in names)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(("prove", HO01, "--proof", "合影", "--file", "FILE", "--on", "2011-08-01"), "没有这种办结材料：合影"),
     (("prove", HO01, "--proof", "inspection", "--file", "EMPTY", "--on", "2011-08-01"), "文件是空的"),
     (("prove", HO01, "--proof", "inspection", "--file", "FILE", "--on", "2999-08-01"), "--on：2999-08-01 还没到"),
     (("report", HO01, "--done-on", "2999-08-01"), "2999-08-01 还没到"),
     (("reopen", HO01, "--reason", " "), "写明重新立案的原因"),
     (("show", "xyz"), "16 位十六进制数"), (("f" * 16,), f"里没有键为 {'f' * 16} 的问题"),
     (("prove", HO01, "--proof", "inspection", "--file", "NONE", "--on", "2011-08-01"), "NONE")],
)  # fmt: skip
def test_what_cannot_be_is_refused_before_anything_is_written(db, call, proof, tmp_path, arguments, said):
    (tmp_path / "EMPTY").touch()
    paths = {"FILE": str(proof), "EMPTY": str(tmp_path / "EMPTY")}
    code, _, err = case(call, db, *(paths.get(word, word) for word in arguments))
    assert code == 2 and said in err and len(events(db, SERIES)) == 1


def test_a_step_about_no_case_is_refused(db, call):
    code, out, _ = case(call, db, "remark", "f" * 16, "--note", "x")
    assert code == 3 and f"没有键为{'f' * 16}的问题" in out and len(events(db, SERIES)) == 1


def test_a_case_shows_all_that_is_on_record_in_both_languages(db, call, proof):
    call("decide", "--case", HO01, "--conclusion", "认定", "--amount", "800000", "--meeting-on", "2011-07-08", "--resolution-no", "3号",
         "--yes", "--by", "王秘书", "--db", db.url.database)  # fmt: skip
    filed(call, db, HO01, proof)
    case(call, db, "report", HO01, "--done-on", "2011-08-02", "--note", "已交钥匙")
    record(db, "2011-09-30", without=(HO01,), register=[("project", "P1", "VPP")])
    code, out, _ = case(call, db, HO01)
    assert code == 0
    for told in ("HO01应移交未移交开发项目P1花园P1", "状态报称办结，待核", "最近一次检查第2次，截至2011-09-30：符合",
                 "立案自第1次检查（截至2011-06-30）起，92天", "会议决定认定；决定金额元800000.00；", "报称办结2011-08-02",
                 "已有移交凭证或缴款票据", "缺现场核查记录（附照片）", "移交书.pdf，移交凭证，2011-08-01", "李经办（部门经办人）归入办结材料",
                 "2011-08-02办结，已交钥匙", "可以办理：归入办结材料、销号、重新立案、复查、备注"):  # fmt: skip
        assert told in out, told
    english = case(call, db, "show", HO01, lang="en")[1]
    for told in ("on file the handover certificate or the payment receipt", "lacking the record of an inspection", "92 days",
                 "What may be done: file a proof, strike off, reopen, revisit, remark",
                 "李经办 (officer of a bureau) file a proof"):  # fmt: skip
        assert told in english, told


def test_the_list_names_the_oldest_first_and_why_each_was_reopened(db, call):
    case(call, db, "report", HO01, "--done-on", "2011-08-02")
    case(call, db, "report", US01, "--done-on", "2011-12-31")
    case(call, db, "remark", MO05, "--note", "x")
    assert "立案办理的3件，列出3件" in case(call, db, "list")[1] and "报称办结，待核2" in case(call, db, "list")[1]
    record(db, "2011-09-30")
    code, out, _ = case(call, db, "list", "--reopened")
    assert code == 0 and "立案办理的3件，列出1件" in out and f"{HO01}报称办结，仍不合规（纸面办结）；报称2011-08-02办结；第2次检查" in out
    assert US01 in case(call, db, "list", "--state", "reported")[1] and HO01 not in case(call, db, "list", "--state", "reported")[1]
    case(call, db, "reopen", US01, "--reason", "群众举报", "--role", "chair")
    assert "人工重新立案；群众举报" in case(call, db, "list", "--reopened")[1]
    assert "花园P1" in out and "92" in out


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_list_as_files_is_that_of_the_console(db, call, tmp_path, lang):
    case(call, db, "report", HO01, "--done-on", "2011-08-02")
    call("decide", "--case", MO05, "--conclusion", "认定", "--amount", "800000.50", "--responsible", "规划", "--due-on", "2011-09-01",
         "--meeting-on", "2011-07-08", "--resolution-no", "3号", "--yes", "--db", db.url.database)  # fmt: skip
    record(db, "2011-09-30")
    for name in ("c.csv", "c.json", "c.xlsx"):
        code, _, err = case(call, db, "list", "-o", str(tmp_path / name), lang=lang)
        assert code == 0 and name in err
        assert case(call, db, "list", "-o", str(tmp_path / name))[0] == 2, "nothing is written over"
    rows = list(csv.DictReader((tmp_path / "c.csv").read_text("utf-8-sig").splitlines()))
    told = json.loads((tmp_path / "c.json").read_text("utf-8"))
    assert (told["series"], told["as_of"], told["cases"]) == (SERIES, "2011-09-30", 2)
    assert rows == [{name: "" if value is None else str(value) for name, value in one.items()} for one in told["listed"]]
    of = {one["key"]: one for one in told["listed"]}
    assert [of[HO01][name] for name in ("state", "days", "reopened", "amount_yuan")] == ["open", 92, 1, None]
    assert "纸面办结" in of[HO01]["reason_zh"] and "done on paper" in of[HO01]["reason_en"]
    assert [of[MO05][name] for name in ("state", "responsible", "due_on", "resolution_no", "amount_yuan", "reopened", "reason_zh")] == [
        "confirmed", "planning", "2011-09-01", "3号", "800000.50", 0, None,
    ]  # fmt: skip
    book = openpyxl.load_workbook(tmp_path / "c.xlsx").active
    lines = {row[0].value: [cell.value for cell in row] for row in book.iter_rows(min_row=4)}
    assert (lines[HO01][9], lines[HO01][14], lines[MO05][12], lines[MO05][14]) == (92, 1, 800000.5, None)
    only = tmp_path / "only.csv"
    case(call, db, "list", "--state", "confirmed", "--format", "csv", "-o", str(only))
    assert [row["key"] for row in csv.DictReader(only.read_text("utf-8-sig").splitlines())] == [MO05]


def test_a_dismissed_case_tells_which_fact_changed(db, call):
    call("decide", "--case", AR03, "--conclusion", "不予认定", "--meeting-on", "2011-07-08", "--resolution-no", "3号", "--yes",
         "--db", db.url.database)  # fmt: skip
    con = connection([f | {"facts": f["facts"] | {"survey_total_m2": "63000.00"}} if f["fingerprint"] == AR03 else f for f in FINDINGS])
    save_run(db, con, manifest(digest="e" * 64, as_of="2011-09-30", proofs=PROOFS), TELLINGS)
    out = case(call, db, AR03)[1]
    assert "状态待议" in out and "不予认定所依据的事实变了；第2次检查；实测总建筑面积62,000.00㎡→63,000.00㎡" in out
    assert "As-built survey total floor area 62,000.00 ㎡ → 63,000.00 ㎡" in case(call, db, "list", "--reopened", lang="en")[1]


def test_a_case_of_another_series_is_named_with_its_series(db, call):
    record(db, "2011-09-30", without=(HO01,), title={"zh": "别的城", "en": "elsewhere"})
    code, _, err = case(call, db, HO01)
    assert code == 2 and f"“{SERIES}”" in err
    assert case(call, db, HO01, "--run", SERIES)[0] == 0
