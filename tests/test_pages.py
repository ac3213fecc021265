"""Generated pages and the README's picture are not stale."""

import re
from pathlib import Path

import click
import pytest

from planning_check import pipeline
from planning_check.cli.main import cli
from planning_check.report.reference import case_steps, data_dictionary
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


def test_the_steps_of_a_case_on_the_page_are_those_of_the_table():
    page = (ROOT / "docs" / "after_the_meeting.md").read_text("utf-8")
    assert case_steps.render() in page and page == case_steps.placed(page), "stale: python -m planning_check.report.reference.case_steps"


def test_the_what_if_page_shows_what_is_printed_now():
    assert (ROOT / "docs" / "what_if.md").read_text("utf-8") == what_if.render(), "stale: python -m tools.what_if"


def test_every_rule_is_in_a_provision_and_every_provision_is_explained():
    ids = [rule.id for rule in pipeline.load_rules().rules]
    provisions = read_provisions(ROOT / "rules" / "provisions.yaml", "rules/provisions.yaml", ids)
    assert set(ids) == {rule for provision in provisions for rule in provision.rules}
    assert {provision.id for provision in provisions if not provision.rules} == {p.id for p in provisions if p.not_encoded}


PAGES = ("README.md", "README.zh.md", "docs/first_steps.md", "docs/mapping.md", "docs/corrections.md", "docs/after_the_meeting.md")


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page):
    text = (ROOT / page).read_text("utf-8")
    for target in re.findall(r"\]\(([^)#:]+)\)", text):
        assert ((ROOT / page).parent / target).exists(), target


def test_the_readme_says_the_same_in_both_languages():
    """The same blocks of code, the same commands and names in the same rows, the same links and pictures."""
    one, other = ((ROOT / page).read_text("utf-8") for page in PAGES[:2])
    assert re.findall(r"```.*?```", one, re.DOTALL) == re.findall(r"```.*?```", other, re.DOTALL)
    rows = [[sorted(re.findall(r"`([^`]+)`", line)) for line in text.split("\n") if line.startswith("| ")] for text in (one, other)]
    assert rows[0] == rows[1]
    for found in (r"(?<!`)`([^`\n]+)`(?!`)", r"\]\(([^)]+)\)"):
        assert set(re.findall(found, one)) ^ set(re.findall(found, other)) <= set(PAGES[:2])
    assert len(re.findall(r"^#+ ", one, re.MULTILINE)) == len(re.findall(r"^#+ ", other, re.MULTILINE))


@pytest.mark.parametrize("page", PAGES)
def test_the_commands_on_the_pages_are_known(page):
    """Every planning-check COMMAND that a page shows, with its options."""
    known = dict(_commands(cli, ()))
    for said in re.findall(r"(?:^|`)planning-check ([^`\n#]+)", (ROOT / page).read_text("utf-8"), re.MULTILINE):
        words = said.split()
        command = known.get(tuple(words[:2])) or known[tuple(words[:1])]
        options = {word for param in command.params for word in param.opts}
        assert {word for word in words if word.startswith("-")} <= options, said


def _commands(group, before):
    for name, one in group.commands.items():
        yield from _commands(one, (*before, name)) if isinstance(one, click.Group) else [((*before, name), one)]
