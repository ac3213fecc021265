"""docs/own_tables.md is true: its files work as they stand there, and every mistake of its table is refused with file and line."""

import re
from pathlib import Path

import pytest

from planning_check import pipeline
from planning_check.cli.main import run
from planning_check.errors import ActionableError

PAGE = (Path(__file__).parents[1] / "docs" / "own_tables.md").read_text("utf-8")
FILES = dict(re.findall(r"`(our_[^`]+\.(?:yaml|csv))`:\n\n```(?:yaml|text)\n(.*?)```", PAGE, re.DOTALL))
MISTAKES = re.findall(r"^\| `(.+)` \| `(.+)` \|$", PAGE.partition("## What a mistake looks like")[2], re.MULTILINE)
TABLE = "our_funds/tables/community_funding.yaml"


@pytest.fixture
def funds(tmp_path) -> Path:
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return tmp_path / "our_funds"


def test_the_page_has_its_files_and_mistakes():
    assert set(FILES) == {
        TABLE, "our_funds/funding/CF01_too_little.yaml", "our_delivery/社区名录.csv", "our_delivery/社区经费.csv",
    }  # fmt: skip
    assert len(MISTAKES) >= 15


def test_the_rule_passes_its_cases(funds):
    results = pipeline.rules_test([funds], ["CF01"])
    assert len(results) == 3
    assert [r.detail.en for r in results if not r.passed] == []


@pytest.mark.parametrize(("written", "said"), MISTAKES)
def test_a_mistake_is_refused_with_file_line_and_a_hint(funds, written, said):
    key = written.split(":")[0]
    path = funds.parent / TABLE
    lines = path.read_text("utf-8").splitlines()
    number = next(n for n, line in enumerate(lines) if line.strip().startswith(f"{key}:"))
    indent = lines[number][: len(lines[number]) - len(lines[number].lstrip())]
    lines[number] = indent + written
    path.write_text("\n".join(lines), "utf-8")
    with pytest.raises(ActionableError) as caught:
        pipeline.load_rules([funds]).plan()
    message = caught.value.render("en")
    assert f"community_funding.yaml:{number + 1}" in message
    assert said in message


@pytest.mark.usefixtures("funds")
def test_what_explain_prints_is_what_the_page_shows(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    db = f"sqlite:///{(tmp_path / 'runs.sqlite').as_posix()}"
    assert run(["check", "our_delivery", "--rules", "our_funds", "--as-of", "2011-06-30", "--db", db]) == 0
    capsys.readouterr()
    code = run(["explain", "CF01", "SQ-001 / 2010", "--db", db, "--lang", "zh"])
    out = capsys.readouterr().out
    shown = [line for block in re.findall(r"```text\n(事实.*?)```", PAGE, re.DOTALL) for line in block.splitlines()]
    assert code == 0 and len(shown) == 5
    assert [line for line in shown if line not in out] == []
