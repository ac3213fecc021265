"""The settings of the matching, read strictly."""

import pytest

from planning_check import pipeline
from planning_check.errors import RulebookError
from planning_check.rulebook.matching import read_coverage, read_matching

BUNDLED = pipeline.bundled("rules") / "matching.yaml"


def test_the_bundled_settings():
    settings = read_matching(BUNDLED, "rules/matching.yaml")
    assert (settings.far_m, settings.use_rate_at_most, settings.owner_m["other"]) == (1000, 0.5, 200)
    assert "rented" in settings.tenures
    assert pipeline.load_rules().matching == settings


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("far_m: {value: 1000", "far_m: {value: 0", r"whole metres from 1 .*"),
        ("far_m: {value: 1000", "far_m: {value: 10.5", "whole metres"),
        ("far_m:", "fra_m:", "unknown key fra_m"),
        ("rented, ", "rentde, ", "unknown value rentde"),
        ("value: 0.5", "value: 1.5", "a share from 0 to 1"),
        ("state_enterprise:", "enterprise:", "unknown key enterprise"),
        (", note: 利用率高于此的不算闲置；利用率未报的按闲置（建议）", "", "note is missing"),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path, old, new, says):
    text = BUNDLED.read_text("utf-8")
    assert old in text
    (tmp_path / "matching.yaml").write_text(text.replace(old, new), "utf-8")
    with pytest.raises(RulebookError, match=says) as error:
        read_matching(tmp_path / "matching.yaml", "city/matching.yaml")
    assert error.value.where.line


def test_the_radius_of_coverage(tmp_path):
    assert pipeline.load_rules().service_radius_m
    (tmp_path / "coverage.yaml").write_text("service_radius_m: {value: 0, note: none}\n", "utf-8")
    with pytest.raises(RulebookError, match="whole metres from 1"):
        read_coverage(tmp_path / "coverage.yaml", "city/coverage.yaml")
