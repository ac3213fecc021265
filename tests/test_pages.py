"""Generated pages and the README's picture are not stale."""

import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from planning_check import pipeline, words
from planning_check.cli.main import cli
from planning_check.report.reference import case_steps, data_dictionary
from planning_check.rulebook.provisions import read_provisions
from tests import city
from tools import glossary, picture, what_if

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


def test_the_glossary_is_current_and_has_every_word():
    assert (ROOT / "docs" / "glossary.md").read_text("utf-8") == glossary.render(), "stale: python -m tools.glossary"
    assert len(glossary.terms()) >= 20
    told = [id(table) for _, table in glossary.TABLES]
    named = {name for name, table in vars(words).items() if isinstance(table, dict) and not name.startswith("_")}
    no_terms = {"DUE", "PAPERS", "SORTS", "UNITS"}  # DUE with its bureau taken off, names of files
    assert {name for name in named if id(getattr(words, name)) not in told} == no_terms
    assert {said.en for said, _ in words.DUE.values()} <= {said.en for _, table in glossary.TABLES for said in table.values()}


def test_the_excerpts_of_a_finding_are_printed_now(tmp_path):
    """Every line of the page's excerpts stands in what explain prints, in one language or the other."""
    page = (ROOT / "docs" / "reading_a_finding.md").read_text("utf-8")
    url = city.checked(tmp_path)
    printed = []
    for lang in ("zh", "en"):
        command = [sys.executable, "-m", "planning_check", "explain", "AR03", "XM2006065", "--db", url, "--lang", lang]
        done = subprocess.run(command, capture_output=True, check=True, cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT)})
        printed.append(done.stdout.decode("utf-8"))
    lines = [line for block in re.findall(r"```text\n(.*?)```", page, re.DOTALL) for line in block.splitlines()]
    assert len(lines) > 15 and [line for line in lines if not any(line in text for text in printed)] == []


def test_every_rule_is_in_a_provision_and_every_provision_is_explained():
    ids = [rule.id for rule in pipeline.load_rules().rules]
    provisions = read_provisions(ROOT / "rules" / "provisions.yaml", "rules/provisions.yaml", ids)
    assert set(ids) == {rule for provision in provisions for rule in provision.rules}
    assert {p.id for p in provisions if not p.rules and not p.packs} == {p.id for p in provisions if p.not_encoded}
    of_packs = {(path.parents[1].name, path.name[:4]) for path in (ROOT / "rules" / "packs").glob("*/*/[A-Z][A-Z][0-9][0-9]_*.yaml")}
    assert of_packs == {(pack, rule) for p in provisions for pack, rules in p.packs.items() for rule in rules}


PAGES = ("README.md", "README.zh.md", "CONTRIBUTING.md", *sorted(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md")))
SHORT = ("offline", "configuration", "scheduled", "upgrade", "reading_a_finding", "commands", "what_it_does")


@pytest.mark.parametrize("page", [*PAGES[:2], *(f"docs/{name}.md" for name in SHORT)])
def test_what_is_read_first_is_at_most_two_screens(page):
    assert len((ROOT / page).read_text("utf-8").split("\n")) <= 100


def test_the_readme_leads_to_every_page():
    for home in PAGES[:2]:
        led = set(re.findall(r"\]\(([^)#:]+)\)", (ROOT / home).read_text("utf-8")))
        assert {page for page in PAGES[2:] if page != home} <= led, home


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page):
    text = (ROOT / page).read_text("utf-8")
    for target in re.findall(r"\]\(([^)#:]+)\)", text):
        assert ((ROOT / page).parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES)
def test_no_page_names_a_place_of_its_writing(page):
    text = (ROOT / page).read_text("utf-8")
    assert not re.findall(r"https?://", text), "a page leads to pages beside it; no host is named"
    assert set(re.findall(r"(?<![\w.:/~-])/[a-z]+/[\w./-]+", text)) <= {"/etc/passwd", "/bin/sh"}, "no path but of every system"


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
