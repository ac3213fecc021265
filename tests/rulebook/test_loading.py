"""A mistake in a rule or ordinance file stops the load with file:line and a hint, and nothing is judged."""

import os
import shutil
from pathlib import Path

import pytest

from planning_check import pipeline
from planning_check.errors import RulebookError, UsageError
from planning_check.rulebook.loading import load
from planning_check.rulebook.nodes import parse_yaml, read_yaml

RULE = "area/AR03_as_built.yaml"
ORDINANCE = "ordinances/survey_share.yaml"


@pytest.fixture
def rules(tmp_path) -> Path:
    folder = tmp_path / "rules"
    shutil.copytree(pipeline.bundled("rules"), folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return folder


def edit(folder: Path, file: str, old: str, new: str) -> int:
    """Replace the first ``old`` and give its line."""
    path = folder / file
    text = path.read_text("utf-8")
    assert old in text, f"{file} no longer has {old!r}"
    path.write_text(text.replace(old, new, 1), "utf-8")
    return text[: text.index(old)].count("\n") + 1


def load_error(folder: Path) -> RulebookError:
    with pytest.raises(RulebookError) as caught:
        load([folder]).plan()
    assert caught.value.exit_code == 2
    return caught.value


def test_bundled_rules_load():
    assert len(load([pipeline.bundled("rules")]).plan().rules) >= 17


def test_unknown_fact_names_file_line_and_the_nearest(rules):
    line = edit(rules, RULE, "completed_on <= as_of", "complted_on <= as_of")
    error = load_error(rules)
    assert error.where.get("en") == f"rules/{RULE}:{line}"
    assert "unknown name complted_on" in error.render("en")
    assert "completed_on" in error.render("en")
    assert "不认识的名称 complted_on" in error.render("zh")


def test_duplicate_key(rules):
    edit(rules, RULE, "severity: critical", "severity: critical\nseverity: minor")
    error = load_error(rules)
    assert "duplicate key severity, first in line" in error.render("en")
    assert error.where.line is not None


def test_unknown_key(rules):
    edit(rules, RULE, "due_when:", "dew_when:")
    assert "unknown key dew_when" in load_error(rules).render("en")
    assert "due_when" in load_error(rules).render("en")


def replace_clause(folder: Path, new: str) -> None:
    """Put another ``share:`` clause into the ordinance."""
    text = (folder / ORDINANCE).read_text("utf-8")
    start = text.index("  share:")
    end = text.index("\n", start)
    while text[end + 1 : end + 4] == "   ":
        end = text.index("\n", end + 1)
    (folder / ORDINANCE).write_text(text[:start] + new + text[end:], "utf-8")


@pytest.mark.parametrize(
    ("clause", "says"),
    [
        ("  share: {values: [{value: 0.01}], unit: '1', cite: x}", "an undated value"),
        ("  share: {values: [{from: 2007-01-01, value: 0.01}], unit: '1', cite: x}", "has no value from 2006-04-09 to 2007-01-01"),
        ("  share: {value: 0.01, unit: '1'}", "cite is missing"),
        ("  share: {value: 0.01, unit: m2, cite: x}", "the unit of share is 1, not m2"),
        ("  share: {value: a lot, unit: '1', cite: x}", "a number is expected here"),
        ("  share_of_area: {value: 0.01, cite: x}", "unknown key share_of_area"),
    ],
)
def test_a_clause_that_is_wrong(rules, clause, says):
    replace_clause(rules, clause)
    error = load_error(rules)
    assert says in error.render("en")
    assert error.where.file == f"rules/{ORDINANCE}"
    assert error.where.line is not None


def test_two_rules_of_one_id(rules):
    shutil.copy(rules / RULE, rules / "area" / "AR03_again.yaml")
    assert "id AR03 is already defined in another file" in load_error(rules).render("en")


def test_unused_parameter(rules):
    edit(rules, RULE, "applies_when:\n", "parameters:\n  near_m: {value: 50, unit: m}\napplies_when:\n")
    assert "parameter near_m is not used" in load_error(rules).render("en")


def test_unknown_field_in_a_message(rules):
    line = edit(rules, RULE, "尚缺 {shortfall_m2}", "尚缺 {shortfal_m2}")
    error = load_error(rules)
    assert "unknown {shortfal_m2} in the text" in error.render("en")
    assert "shortfall_m2" in error.render("en")
    assert error.where.line == line


@pytest.mark.parametrize("name", ["area/AR99_x.yaml", "overrides.yaml", "ordinances/x.yaml"])
@pytest.mark.parametrize("make", [Path.mkdir, lambda path: path.symlink_to("nowhere"), getattr(os, "mkfifo", Path.mkdir)])
def test_what_is_no_file_is_no_rule(rules, name, make):
    path = rules / name
    path.unlink(missing_ok=True)
    make(path)
    said = load_error(rules).render("en")
    assert f"{name}: this is a folder, a pipe or a broken link" in said


def test_a_file_that_is_no_rule(rules):
    (rules / "area" / "notes.yaml").write_text("a: 1\n", "utf-8")
    assert "not a name for a rule file" in load_error(rules).render("en")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a: &x 1\nb: *x\n", "anchors are not allowed"),
        ("a: !!python/object 1\n", "is not allowed"),
        ("a: [1\n", "not valid YAML"),
        ("", "the file is empty"),
        ("a: 1\na: 2\n", "duplicate key a, first in line 1"),
        ("a: " + "[" * 500 + "]" * 500, "x.yaml:1: it is nested too deep"),
        ("".join(" " * n + "a:\n" for n in range(1200)), "x.yaml:1: it is nested too deep"),
        ('a: 1\nb: ["c\\0d"]\n', "x.yaml:2: a text holds a control character"),
        ('"a\\e": 1\n', "a text holds a control character"),
    ],
)
def test_strict_yaml(text, says):
    with pytest.raises(RulebookError) as caught:
        parse_yaml(text, name="x.yaml")
    assert says in caught.value.render("en")


@pytest.mark.parametrize(
    ("after", "says"),
    [
        ("due_when: b\n", "x.yaml:5: due_when: b follows the cases"),
        ("# a note\n\nid: AR04\n", "x.yaml:7: id: AR04 follows the cases"),
        ("cases:\n  - it: twice\n", "x.yaml:5: cases: follows the cases"),
        ("plain garbage\n", "x.yaml:5: plain garbage follows the cases"),
        ("---\na: 2\n", "x.yaml:5: --- follows the cases"),
        ('"quoted": 1\n', "follows the cases"),
        ("{a: 1}\n", "follows the cases"),
    ],
)
@pytest.mark.parametrize("with_cases", [True, False])
def test_nothing_follows_the_cases(after, says, with_cases):
    with pytest.raises(RulebookError) as caught:
        parse_yaml(f"a: 1\n\ncases:\n  - it: works\n{after}", name="x.yaml", with_cases=with_cases)
    assert says in caught.value.render("en") and "之后还有" in caught.value.render("zh")
    assert parse_yaml("a: 1\ncases:\n- it: works\n# a note\n\n  # another\n...\n", name="x.yaml", with_cases=with_cases).get("a")


def test_a_rule_file_that_is_too_large(tmp_path):
    (tmp_path / "x.yaml").write_text("a: 1\n" + "#" * (1 << 20), "utf-8")
    with pytest.raises(RulebookError) as caught:
        read_yaml(tmp_path / "x.yaml", name="x.yaml")
    assert "at most 1 MB" in caught.value.render("en") and "至多 1 MB" in caught.value.render("zh")


def test_yaml_1_2_scalars():
    read = parse_yaml('a: no\nb: 0123\nc: 0.10\nd: "1"\ne: 2006-04-09\nf: true\n', name="x.yaml").plain()
    assert read["a"] == "no"
    assert read["b"] == "0123"
    assert str(read["c"]) == "0.10"
    assert read["d"] == "1"
    assert read["e"].isoformat() == "2006-04-09"
    assert read["f"] is True


def test_city_layer_overrides_a_parameter_and_switches_a_rule_off(tmp_path):
    city = tmp_path / "city"
    city.mkdir()
    (city / "overrides.yaml").write_text("parameters:\n  OF02.near_m: 300\noff:\n  AR02: 本市许可阶段不核\n", "utf-8")
    book = load([pipeline.bundled("rules"), city])
    assert book.rule("OF02").parameters["near_m"] == 300
    assert book.overridden == {"OF02.near_m": "city/overrides.yaml:2"}
    assert book.off == {"AR02": "本市许可阶段不核"}
    with pytest.raises(UsageError):
        book.rule("AR02")


def test_city_layer_that_overrides_nothing(tmp_path):
    city = tmp_path / "city"
    city.mkdir()
    (city / "overrides.yaml").write_text("parameters:\n  OF02.nar_m: 300\n", "utf-8")
    with pytest.raises(RulebookError, match=r"unknown key OF02\.nar_m"):
        load([pipeline.bundled("rules"), city])


def test_select_that_fits_nothing():
    with pytest.raises(UsageError, match="no rule fits ZZ"):
        load([pipeline.bundled("rules")]).plan(select=["ZZ"])


def test_a_status_code_is_a_plain_name(rules):
    edit(rules, RULE, "    marginal: {", '    "x\' OR 1=1": {')
    assert "may only have lower-case letters" in load_error(rules).render("en")


@pytest.mark.parametrize(
    ("garbage", "says"),
    [
        ("  - it: [1\n", "not valid YAML"),
        ("  - it: a\n    given: {}\n    expect: {}\n    expected: {}\n", "unknown key expected"),
        ("  - it: a\n    given: {}\n", "expect is missing"),
        ("  - plain garbage\n", "a mapping is expected"),
        ("  - it: a\n    it: b\n    given: {}\n    expect: {}\n", "duplicate key it"),
    ],
)
def test_what_is_no_case_in_a_citys_own_file_is_refused_where_it_is_loaded(tmp_path, garbage, says):
    bundled_rules = pipeline.bundled("rules")
    own = tmp_path / "own"
    shutil.copytree(bundled_rules / "examples" / "base_counted", own)
    path = next(one for one in sorted(own.rglob("*.yaml")) if "\ncases:\n" in one.read_text("utf-8"))
    assert load([bundled_rules, own]).rules
    path.write_text(path.read_text("utf-8").rstrip() + "\n" + garbage, "utf-8")
    with pytest.raises(RulebookError) as caught:
        load([bundled_rules, own])
    assert says in caught.value.render("en") and path.name in caught.value.render("zh")
