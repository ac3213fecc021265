"""Generated pages are not stale."""

from pathlib import Path

from planning_check.report import data_dictionary

ROOT = Path(__file__).parents[1]


def test_data_dictionary_is_current():
    written = (ROOT / "data" / "README.md").read_text("utf-8")
    assert written == data_dictionary.render(), "stale: python -m planning_check.report.data_dictionary"
