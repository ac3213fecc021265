"""docs/own_rule.md is true: its files work as they stand there, and every mistake of its table is refused with file:line."""

import re
from pathlib import Path

import pytest

from planning_check import pipeline
from planning_check.errors import ActionableError

PAGE = (Path(__file__).parents[1] / "docs" / "own_rule.md").read_text("utf-8")
FILES = dict(re.findall(r"`(our_city/[^`]+\.yaml)`:\n\n```yaml\n(.*?)```", PAGE, re.DOTALL))
MISTAKES = [tuple(cell.strip().strip("`") for cell in row.split("|")[1:3]) for row in PAGE.splitlines() if row.startswith("| `")]
RULE = "our_city/offices/ZZ01_rent.yaml"


@pytest.fixture
def city(tmp_path) -> Path:
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return tmp_path / "our_city"


def test_the_page_has_its_files_and_mistakes():
    assert set(FILES) == {RULE, "our_city/overrides.yaml"}
    assert len(MISTAKES) >= 8


def test_the_rule_passes_its_cases_and_the_override_holds(city):
    results = pipeline.rules_test([city], ["ZZ01"])
    assert len(results) == 4
    assert [r.detail.en for r in results if not r.passed] == []
    book = pipeline.load_rules([city])
    assert book.rule("OF02").parameters["near_m"] == 300
    assert "AR02" in book.off


@pytest.mark.parametrize(("written", "said"), MISTAKES)
def test_a_mistake_is_refused_with_file_line_and_a_hint(city, written, said):
    key = written.split(":")[0]
    path = city / "offices" / "ZZ01_rent.yaml"
    lines = path.read_text("utf-8").splitlines()
    number = next(n for n, line in enumerate(lines) if line.strip().startswith(f"{key}:"))
    indent = lines[number][: len(lines[number]) - len(lines[number].lstrip())]
    lines[number] = indent + written
    path.write_text("\n".join(lines), "utf-8")
    with pytest.raises(ActionableError) as caught:
        pipeline.load_rules([city]).plan()
    message = caught.value.render("en")
    assert f"ZZ01_rent.yaml:{number + 1}" in message
    assert said in message
    assert "what to do" in message
