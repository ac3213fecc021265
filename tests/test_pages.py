"""Generated pages and the README's picture are not stale."""

from pathlib import Path

from planning_check import pipeline
from planning_check.report.reference import data_dictionary
from planning_check.rulebook.provisions import read_provisions
from tests import city
from tools import picture, what_if

ROOT = Path(__file__).parents[1]


def test_data_dictionary_is_current():
    written = (ROOT / "data" / "README.md").read_text("utf-8")
    assert written == data_dictionary.render(), "stale: python -m planning_check.report.reference.data_dictionary"


def test_the_picture_in_the_readme_shows_what_is_printed_now(tmp_path):
    drawn = picture.draw(picture.printed(city.checked(tmp_path)))
    assert (ROOT / "docs" / "check.svg").read_text("utf-8") == drawn, "stale: python -m tools.picture"


def test_the_rule_reference_is_current():
    written = (ROOT / "rules" / "README.md").read_text("utf-8")
    assert written == pipeline.rules_page(), "stale: planning-check rules page -o rules/README.md --force"


def test_the_what_if_page_shows_what_is_printed_now():
    assert (ROOT / "docs" / "what_if.md").read_text("utf-8") == what_if.render(), "stale: python -m tools.what_if"


def test_every_rule_is_in_a_provision_and_every_provision_is_explained():
    ids = [rule.id for rule in pipeline.load_rules().rules]
    provisions = read_provisions(ROOT / "rules" / "provisions.yaml", "rules/provisions.yaml", ids)
    assert set(ids) == {rule for provision in provisions for rule in provision.rules}
    assert {provision.id for provision in provisions if not provision.rules} == {p.id for p in provisions if p.not_encoded}


def test_readme_links_lead_somewhere():
    import re

    text = (ROOT / "README.md").read_text("utf-8")
    for target in re.findall(r"\]\(([^)#:]+)\)", text):
        assert (ROOT / target).exists(), target
