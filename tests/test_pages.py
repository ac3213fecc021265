"""Generated pages and the README's picture are not stale."""

import runpy
from pathlib import Path

from planning_check.report import data_dictionary

ROOT = Path(__file__).parents[1]


def test_data_dictionary_is_current():
    written = (ROOT / "data" / "README.md").read_text("utf-8")
    assert written == data_dictionary.render(), "stale: python -m planning_check.report.data_dictionary"


def test_the_picture_in_the_readme_shows_what_is_printed_now():
    picture = runpy.run_path(str(ROOT / "docs" / "picture.py"))
    drawn = picture["draw"](picture["printed"]())
    assert (ROOT / "docs" / "check.svg").read_text("utf-8") == drawn, "stale: python docs/picture.py"


def test_readme_links_lead_somewhere():
    import re

    text = (ROOT / "README.md").read_text("utf-8")
    for target in re.findall(r"\]\(([^)#:]+)\)", text):
        assert (ROOT / target).exists(), target
