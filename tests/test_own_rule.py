"""docs/own_rule.md is true: its files work as they stand there, and every mistake of its table is refused."""

import re
from itertools import takewhile
from pathlib import Path

import pytest

from planning_check import pipeline
from planning_check.errors import ActionableError

PAGE = (Path(__file__).parents[1] / "docs" / "own_rule.md").read_text("utf-8")
FILES = dict(re.findall(r"`(our_city/[^`]+\.yaml)`:\n\n```yaml\n(.*?)```", PAGE, re.DOTALL))
MISTAKES = [tuple(cell.strip().strip("`") for cell in row.split("|")[1:3]) for row in PAGE.splitlines() if row.startswith("| `")]
RULE, LAW, OVERRIDES = "our_city/offices/ZZ01_rent.yaml", "our_city/ordinances/our_city.yaml", "our_city/overrides.yaml"


@pytest.fixture
def city(tmp_path) -> Path:
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return tmp_path / "our_city"


def test_the_page_has_its_files_and_mistakes():
    assert set(FILES) == {RULE, LAW, OVERRIDES}
    assert len(MISTAKES) >= 16


def test_the_files_say_what_the_page_says(city):
    results = pipeline.rules_test([city], ["ZZ01"])
    assert len(results) == 4
    assert [r.detail.en for r in results if not r.passed] == []
    book = pipeline.load_rules([city])
    assert book.rule("US05").parameters["vacant_days"] == 90
    assert [one.value for one in book.rule("OF02").placed["near_m"]] == [300]
    assert "AR02" in book.off
    assert pipeline.silences([city]) == [], "an ordinance that builds on another is silent about nothing"


def place_of(written: str) -> tuple[str, int]:
    """The line of the page's files that a mistake is written instead of: the one that it has most in common with."""
    lines = [(name, number, line.strip()) for name, text in FILES.items() for number, line in enumerate(text.splitlines())]
    name, number, _ = max(lines, key=lambda one: _in_common(one[2], written))
    return name, number


def _in_common(one: str, other: str) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


@pytest.mark.parametrize(("written", "said"), MISTAKES)
def test_a_mistake_is_refused_with_file_line_and_a_hint(city, written, said):
    name, number = place_of(written)
    path = city.parent / name
    lines = path.read_text("utf-8").splitlines()
    indent = lines[number][: len(lines[number]) - len(lines[number].lstrip())]
    lines[number] = indent + written
    path.write_text("\n".join(lines), "utf-8")
    with pytest.raises(ActionableError) as caught:
        pipeline.load_rules([city]).plan()
    message = caught.value.render("en")
    assert re.search(rf"{re.escape(path.name)}:({number + 1}|{number + 2})\b", message), message  # of a mapping, its first entry's line
    assert said in message
    assert "what to do" in message
