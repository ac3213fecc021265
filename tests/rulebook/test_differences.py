"""Two folders of rules compared as written: what was added, removed, changed, and nothing else."""

import shutil

import pytest

from planning_check import pipeline
from planning_check.rulebook.differences import differences
from planning_check.rulebook.loading import load


@pytest.fixture
def other(tmp_path):
    folder = tmp_path / "rules"
    shutil.copytree(pipeline.bundled("rules"), folder, ignore=shutil.ignore_patterns("*.py", "__pycache__", "examples", "packs"))
    return folder


def edit(path, old, new):
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def found(other):
    return {(d.kind, d.what, d.id, d.part): (d.before, d.after) for d in differences(load([pipeline.bundled("rules")]), load([other]))}


def test_a_copy_does_not_differ(other):
    assert found(other) == {}


def test_cases_and_comments_are_no_difference(other):
    edit(other / "area" / "AR03_as_built.yaml", "cases:", "# a remark\ncases:")
    assert found(other) == {}


def test_a_changed_expression_a_removed_rule_and_a_changed_share(other):
    edit(
        other / "area" / "AR03_as_built.yaml",
        "violated_when: gap_m2 > tolerance_at_survey_m2",
        "violated_when: gap_m2 >= tolerance_at_survey_m2",
    )
    (other / "area" / "AR02_permit.yaml").unlink()
    edit(other / "proofs.yaml", "rules: [AR01, AR02]", "rules: [AR01]")
    edit(other / "story.yaml", "as built, rules: [AR, GE01]", "as built, rules: [AR]")
    edit(other / "story.yaml", "rules: [AR02]}", "rules: [GE01]}")
    edit(other / "story.yaml", "AR03, AR02, AR01]\nworth: [AR03, AR02, AR01]", "AR03, AR01]\nworth: [AR03, AR01]")
    edit(other / "story.yaml", "settled_by: [AR03, AR02]", "settled_by: [AR03]")
    edit(other / "ordinances" / "survey_share.yaml", "value: 0.01", "value: 0.02")
    edit(other / "measures.yaml", "of: has_any(uses, law.applies_to_uses)", "of: coalesce(has_any(uses, law.applies_to_uses), false)")
    changed = found(other)
    assert changed["changed", "rule", "AR03", "violated_when"] == ("gap_m2 > tolerance_at_survey_m2", "gap_m2 >= tolerance_at_survey_m2")
    assert ("removed", "rule", "AR02", "") in changed
    assert any(key[2] == "survey_share" and "0.02" in new for key, (_, new) in changed.items())
    assert ("changed", "measure", "duty_applies", "of") in changed
    assert changed["changed", "story", "leading", "missing"] == (
        '["HO01", "HO02", "AR03", "AR02", "AR01"]',
        '["HO01", "HO02", "AR03", "AR01"]',
    )
    assert sum(key[1] == "story" for key in changed) == 5
    assert len(changed) == 9
