"""Every exit code that is documented is how some command ends, and no command ends otherwise."""

import re
from pathlib import Path

import pytest

DOCUMENTED = Path(__file__).parents[2] / "docs" / "ARCHITECTURE.md"


def fails(error):
    def fail(*_, **__):
        raise error

    return fail


ENDS = {
    0: (["rules", "list"], None),
    1: (["check", "-q", "--fail-on", "info"], None),
    2: (["check", "--no-such-option"], None),
    3: (["check", "no/such/folder"], None),
    4: (["rules", "list"], MemoryError()),
    70: (["rules", "list"], ValueError("x")),
    130: (["rules", "list"], KeyboardInterrupt()),
    141: (["rules", "list"], BrokenPipeError()),
}


def test_these_are_the_documented_ones():
    text = DOCUMENTED.read_text("utf-8").partition("## Exit codes")[2].partition("\n\n")[2].partition("\n\n")[0]
    found = {int(number) for number in re.findall(r"(?:^|[;:])\s*(\d+)\s", text, re.M)}
    assert found == set(ENDS)


@pytest.mark.parametrize("code", ENDS)
def test_it_is_how_a_command_ends(request, call, monkeypatch, code):
    command, error = ENDS[code]
    if code == 1:
        request.getfixturevalue("tiny")
    if error:
        monkeypatch.setattr("planning_check.pipeline.rules_list", fails(error))
    assert call(*command)[0] == code


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (["chek"], 2), ([], 2), (["check", "--lang", "fr"], 2), (["check", "--as-of", "2011-13-01"], 2),
        (["check", "--fail-on", "worst"], 2),
        (["check", "--format", "docx"], 2), (["check", "a" * 5000], 3), (["check", "no/such/file.csv"], 3), (["explain"], 2),
        (["findings", "--db", "none.sqlite"], 2), (["rules", "list", "extra"], 2), (["check", ""], 3), (["check", "x\ny"], 3),
    ],
)  # fmt: skip
def test_what_is_mistyped_is_said_in_one_breath(call, command, code):
    found, out, err = call(*command)
    assert found == code and (err or out) and len(err) < 1000 + 5000 and "Traceback" not in err


def test_a_fault_of_the_program_over_one_file_is_told_and_the_rest_is_checked(call, monkeypatch, tmp_path):
    from planning_check.ingest import intake

    real = intake.digest
    monkeypatch.setattr(intake, "digest", lambda files: fails(KeyError("x"))() if files[0].name == "宗地.csv" else real(files))
    (tmp_path / "宗地.csv").write_text("宗地编号,项目编号\nD1,P1\n", "utf-8")
    (tmp_path / "项目.csv").write_text("项目编号,项目名称,区县\nP1,甲,610102\n", "utf-8")
    code, out, _ = call("check", tmp_path, "--lang", "en", "--db", f"sqlite:///{tmp_path / 'x.db'}")
    assert code == 70 and "the program failed over this file" in out and "宗地.csv" in out
    assert call("runs", "--db", f"sqlite:///{tmp_path / 'x.db'}")[0] == 0
