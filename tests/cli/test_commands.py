"""What each command prints, where it writes, and how it leaves."""

import json

import pytest

from planning_check import pipeline
from planning_check.errors import Place, RulebookError, SourceError, Text
from planning_check.report.console.explain import rule_lines
from planning_check.report.console.layout import WIDTH, display_width
from planning_check.report.told.explaining import RuleText


@pytest.fixture
def recorded(tiny, call):
    call("check", "-q")


def test_check_prints_the_lists_and_what_to_type_next(tiny, call):
    code, out, err = call("check", "delivery", "--as-of", "2011-06-30", "--select", "ar,HO01", "--select", "OF", "--ignore", "AR02")
    assert (code, err) == (0, "")
    assert out.startswith("Small city (invented), as of 2011-06-30\n")
    assert "Violations: 1 project (critical 1)" in out
    assert "Recorded in planning_check.sqlite, run 1; check --full prints all of it." in out
    assert "planning-check explain AR03 P1" in out
    options, apart = tiny[0]
    assert [str(p) for p in options.paths] == ["delivery"]
    assert (options.as_of.isoformat(), options.select, options.ignore) == ("2011-06-30", ("AR", "HO01", "OF"), ("AR02",))
    assert apart["created_at"].tzinfo is not None


def test_check_speaks_chinese_when_asked_or_when_the_locale_does(tiny, call, monkeypatch):
    assert "违规：1 个项目（重大 1）" in call("check", "--lang", "zh")[1]
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    assert "已记入 planning_check.sqlite，第 2 次检查" in call("check")[1]
    assert "Recorded in" in call("check", "--lang", "en")[1]


def test_quiet_says_nothing_and_verbose_says_the_time_of_each_stage(tiny, call):
    assert call("check", "-q") == (0, "", "")
    _, out, err = call("check", "-v")
    assert "1.50 s  reading the delivery" in err
    assert "1.75 s  in all" in err
    assert "台账" in out


@pytest.mark.parametrize(("severity", "code"), [("critical", 1), ("info", 1)])
def test_fail_on(tiny, call, severity, code):
    assert call("check", "-q", "--fail-on", severity)[0] == code
    assert call("check", "-q")[0] == 0


def test_findings_to_stdout_leave_the_summary_on_stderr(tiny, call):
    code, out, err = call("check", "--format", "json")
    assert code == 0
    assert len(json.loads(out)["findings"]) == 7
    assert err.startswith("Small city")
    assert call("check", "-q", "--format", "csv")[1].startswith('\ufeff"list",')


def test_output_goes_by_the_files_ending(tiny, call, tmp_path):
    code, out, err = call("check", "-o", "all.csv")
    assert code == 0
    assert out.startswith("Small city")
    assert "written to all.csv" in err
    assert (tmp_path / "all.csv").read_bytes().startswith(b'\xef\xbb\xbf"list",')
    call("findings", "-o", "all.jsonl")
    assert len((tmp_path / "all.jsonl").read_text("utf-8").splitlines()) == 7


def test_an_existing_file_is_not_overwritten_unasked(tiny, call, tmp_path):
    (tmp_path / "all.json").write_text("mine", "utf-8")
    code, out, err = call("check", "-o", "all.json")
    assert (code, out) == (2, "")
    assert "all.json: the file exists and was not overwritten" in err
    assert tiny == [], "said before any work was done"
    assert (tmp_path / "all.json").read_text("utf-8") == "mine"
    assert call("check", "-o", "all.json", "--force")[0] == 0
    assert len(json.loads((tmp_path / "all.json").read_text("utf-8"))["findings"]) == 7


def test_a_folder_that_is_not_there_is_said_at_once(tiny, call):
    assert call("check", "-o", "none/all.csv")[0] == 2
    assert tiny == []


def test_half_a_file_is_never_left(recorded, call, tmp_path, monkeypatch):
    def broken(*_, **__):
        yield "half"
        raise OSError(28, "No space left on device")

    (tmp_path / "all.csv").write_text("old", "utf-8")
    monkeypatch.setattr(pipeline, "export", broken)
    code, _, err = call("findings", "-o", "all.csv", "--force")
    assert (code, "all.csv: the disk is full" in err, "No space left" in err) == (4, True, True)
    assert (tmp_path / "all.csv").read_text("utf-8") == "old"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["all.csv", "planning_check.sqlite"]


def test_identical_runs_export_identical_bytes(tiny, call, tmp_path):
    for number in (1, 2):
        call("check", "-q")
        for kind in ("csv", "json", "jsonl", "table"):
            call("findings", "--run", number, "--format", kind, "-o", f"{number}.{kind}")
    for kind in ("csv", "json", "jsonl", "table"):
        assert (tmp_path / f"1.{kind}").read_bytes() == (tmp_path / f"2.{kind}").read_bytes()


def test_findings_are_chosen(recorded, call):
    assert call("findings", "--list", "deposits")[1].splitlines()[2:] == [
        "", "In all 1 finding of 1 project",
        "  Deposits to forfeit: 1 violation, 1 line, missing 300.00 ㎡, lowest 300,000.50 - highest 500,000.00 yuan",
    ]  # fmt: skip
    assert [line[:4] for line in call("findings", "--rule", "of", "--outcome", "violation")[1].splitlines()[:4]] == [
        "rule",
        "OF01",
        "OF02",
        "",
    ]
    assert "P2" in call("findings", "--district", "汉阴县")[1]
    code, out, err = call("findings", "--list", "data")
    assert (code, out) == (0, "")
    assert "no findings of that choice" in err
    assert json.loads(call("findings", "--list", "data", "--format", "json")[1])["findings"] == []


def test_explain_a_rule_with_the_subjects_it_found(recorded, call):
    code, out, _ = call("explain", "ar03")
    assert code == 0
    assert out.startswith("AR03 ")
    assert "planning-check explain AR03 P1" in out
    assert "worked cases" in out


def test_explain_a_rule_where_nothing_is_recorded(call, tmp_path):
    code, out, _ = call("explain", "AR03")
    assert (code, out.startswith("AR03 ")) == (0, True)
    assert list(tmp_path.iterdir()) == []


def test_explain_a_finding(recorded, call):
    out = call("explain", "AR03", "P1")[1]
    assert "round(0.01 * 62000.00, 2)" in out
    assert '"62,000"' in out
    assert "law.tiers" not in out
    assert "law.tiers" in call("explain", "AR03", "P1", "-v")[1]
    assert "not yet due" in call("explain", "HO01", "P2")[1]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("explain", "AR33"), "AR03"),
        (("explain", "AR03", "P11"), "near it: P1"),
        (("explain", "AR3", "P1"), "near it: AR03"),
        (("findings", "--run", "9"), "the latest is run 1"),
        (("findings", "--rule", "XX"), "near it"),
        (("findings", "--district", "汉滨"), "汉滨区"),
        (("check", "--db", "://runs"), "not a database URL"),
        (("rules", "list", "--rules", "none"), "no such rules folder"),
    ],
)
def test_wrong_words_get_helpful_answers(recorded, call, arguments, said, monkeypatch):
    if arguments[0] == "check":
        monkeypatch.undo()
    code, out, err = call(*arguments)
    assert (code, out) == (2, "")
    assert said in err
    assert "Traceback" not in err


def test_rules_list_show_and_test(call):
    assert len(call("rules", "list")[1].splitlines()) >= 18
    assert "实测面积不足" in call("rules", "list", "--lang", "zh")[1]
    assert call("rules", "show", "AR03")[1].startswith("AR03 ")
    code, out, _ = call("rules", "test", "of03")
    assert code == 0
    assert "all as expected" in out


def test_a_case_that_fails_is_shown_and_leaves_with_2(call, monkeypatch):
    from planning_check.rulebook.cases import CaseResult

    failed = CaseResult(
        "AR03", "一例 / a case", False, Text("应为 pass，实为 violation", "expected pass, was violation"), Place("AR03.yaml", line=9)
    )
    monkeypatch.setattr(pipeline, "rules_test", lambda *_: [failed])
    code, out, _ = call("rules", "test")
    assert code == 2
    assert "AR03.yaml:9  expected pass, was violation" in out
    assert "1 not as expected" in out


@pytest.mark.parametrize(("error", "code"), [(SourceError, 3), (RulebookError, 2)])
def test_what_a_user_can_act_on_is_said_without_a_traceback(call, monkeypatch, error, code):
    def check(*_, **__):
        raise error(Text("读不了", "cannot be read"), where=Place("a.xlsx", sheet="表", row=3), fix=Text("换一个", "take another"))

    monkeypatch.setattr(pipeline, "check", check)
    assert call("check", "--lang", "zh") == (code, "", "a.xlsx > 表 > 第 3 行：读不了\n处理：换一个\n")
    assert call("check") == (code, "", "a.xlsx > 表 > row 3: cannot be read\nwhat to do: take another\n")


def test_a_bug_is_called_one(call, monkeypatch):
    def check(*_, **__):
        raise KeyError("oops")

    monkeypatch.setattr(pipeline, "check", check)
    code, out, err = call("check")
    assert (code, out) == (70, "")
    assert "this is a bug" in err
    assert "程序出错" in err
    assert "Traceback" not in err
    assert "Traceback" in call("check", "-v")[2]


@pytest.mark.parametrize("interrupt", [KeyboardInterrupt(), RuntimeError("Query interrupted")])
def test_ctrl_c(call, monkeypatch, interrupt):
    def check(*_, **__):
        raise interrupt

    monkeypatch.setattr(pipeline, "check", check)
    assert call("check") == (130, "", "Interrupted; an unfinished check leaves no record.\n")


def test_wrong_options_leave_with_2(call):
    assert call("check", "--fail-on", "huge")[0] == 2
    assert call("nothing")[0] == 2
    assert call("check", "--as-of", "yesterday")[0] == 2


@pytest.mark.parametrize("arguments", [("--help",), ("check", "--help"), ("--version",), ("rules", "--help")])
def test_help(call, arguments):
    code, out, err = call(*arguments)
    assert (code, err) == (0, "")
    out.encode("gbk")


def test_everything_printed_fits_the_console_and_its_encoding(recorded, call, monkeypatch):
    monkeypatch.setattr(
        "planning_check.report.console.findings._TABLE_WIDTH", WIDTH
    )  # the table of findings is as wide as the screen; all else keeps to a page
    rules = [RuleText(rule, (), 7) for rule in pipeline.rules_list()]
    for lang in ("zh", "en"):
        pages = [
            call(*a, "--lang", lang)[1] for a in (("check",), ("check", "-v"), ("explain", "AR03", "P1"), ("rules", "list"), ("findings",))
        ]
        pages += ["\n".join(rule_lines(rule, lang)) for rule in rules]
        for line in "\n".join(pages).splitlines():
            assert display_width(line) <= WIDTH + 2, line
            line.encode("gbk")


@pytest.mark.parametrize(
    ("key", "shown"),
    [("XM0001", "XM0001"), ("610902001001", "610902001001"), ("宗地.shp > 宗地", '"宗地.shp > 宗地"'), ("a b", '"a b"'), ("a;b", '"a;b"')],
)
def test_a_key_is_shown_as_it_can_be_typed(key, shown):
    from planning_check.cli.options import typed

    assert typed(key) == shown
