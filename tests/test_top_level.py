"""Only what was agreed on stands at the top of the repository, and nothing that ships points to a document that is not there."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ALLOWED = {
    "planning_check", "rules", "data", "tests", "setup.cfg", "README.md", "README.zh.md", "pyproject.toml",
    ".ci", "benchmarks", "docs", "tools",
    "LICENSE", "CHANGELOG.md", "CONTRIBUTING.md", ".gitignore", ".gitattributes", ".pre-commit-config.yaml",
}  # fmt: skip


def tracked() -> list[str]:
    if not (ROOT / ".git").exists():
        pytest.skip("not a checkout")
    return subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.decode("utf-8").split("\0")[:-1]


def test_top_level_names():
    assert {name.split("/")[0] for name in tracked()} <= ALLOWED


def test_no_file_refers_to_a_document_that_is_not_here():
    """A sentence that names a document by a section must find it in docs/."""
    pattern = re.compile(r"DESIGN section|shared/|RULES\.md|PERFORMANCE\.md|REGULATION\.md")
    found = []
    for name in tracked():
        if name.endswith((".py", ".sql", ".yaml", ".md", ".cfg", ".toml")) and name != "tests/test_top_level.py":
            found += [name for line in (ROOT / name).read_text("utf-8").splitlines() if pattern.search(line)]
    assert found == []


#: Files of a city's own rules folder.
OWN = ("waivers.yaml", "workdays.yaml")


def test_the_files_that_the_pages_name_are_there():
    """What docs/ARCHITECTURE.md and CONTRIBUTING.md send a reader to exists, by its whole path or the end of it."""
    known = [f"/{name}" for name in tracked()]
    for page in ("docs/ARCHITECTURE.md", "CONTRIBUTING.md", "README.md"):
        named = re.findall(r"`([\w./]+\.(?:py|yaml|sql|md|cfg))`", (ROOT / page).read_text("utf-8"))
        assert [name for name in named if name not in OWN and not any(path.endswith(f"/{name}") for path in known)] == [], page


def test_the_list_of_long_tests_names_files_that_there_are():
    lines = [line for line in (ROOT / "tests" / "long.txt").read_text("utf-8").splitlines() if not line.startswith("#")]
    assert lines == sorted(set(lines)) and [line for line in lines if not (ROOT / "tests" / line).is_file()] == []
