"""The bundled city computed twice, by the package and by an auditor's own sums, as of four days: not one verdict or amount may differ."""

from __future__ import annotations

import ast
import datetime as dt
from pathlib import Path

import pytest

from tests.oracle.comparing import differences
from tests.oracle.judge import Auditor
from tests.oracle.product import RULES, Product
from tests.oracle.reading import read

HERE = Path(__file__).parent
DEMO = HERE.parents[1] / "data" / "demo"
DAYS = [dt.date(2011, 6, 30), dt.date(2010, 12, 31), dt.date(2009, 12, 31), dt.date(2008, 6, 30)]
KNOW_THE_PACKAGE = {"product.py"}


#: Differences that stand today, by what will end them: a line that no longer differs fails the test and is taken out.
def _each(rules: str, subjects: str) -> set[tuple[str, str]]:
    return {(rule, subject) for rule in rules.split() for subject in subjects.split()}


AWAITED: dict[str, set[tuple[str, str]]] = {}


@pytest.fixture(scope="module")
def city():
    return read(DEMO)


@pytest.fixture(scope="module")
def product(tmp_path_factory):
    return Product(DEMO, tmp_path_factory.mktemp("product"))


@pytest.fixture(scope="module")
def differing(city, product):
    """Day -> (rule, subject) -> what each says."""
    return {day: differences(Auditor(city, day), product.judged(day)) for day in DAYS}


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_the_package_and_the_auditor_agree(differing, day):
    awaited = set().union(*AWAITED.values())
    found = {key: what for key, what in differing[day].items() if key not in awaited}
    assert not found, "\n".join(f"{rule} {subject}: {what}" for (rule, subject), what in sorted(found.items()))


def test_what_was_awaited_and_agrees_by_now_is_taken_off_the_list(differing):
    standing = set().union(*differing.values())
    over = {why: sorted(keys - standing) for why, keys in AWAITED.items() if keys - standing}
    assert not over, f"these agree by now, take them out of AWAITED: {over}"


def test_the_auditor_judges_every_rule_it_is_held_to(city):
    judged = {rule for rule, _ in Auditor(city, DAYS[0]).judge()}
    assert judged == set(RULES) - {"GE02"}  # overlaps alone are compared


def test_the_oracle_shares_no_code_with_the_package():
    for path in HERE.glob("*.py"):
        names = set()
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names |= {alias.name for alias in node.names} if isinstance(node, ast.Import) else set()
            names |= {node.module or ""} if isinstance(node, ast.ImportFrom) else set()
        uses = any(name.split(".")[0] == "planning_check" for name in names)
        assert uses == (path.name in KNOW_THE_PACKAGE), path.name
        if path.name in ("judge.py", "reading.py", "law.py", "rooms.py", "handing.py", "money.py", "places.py", "known.py", "fields.py"):
            assert "tests.oracle.product" not in names, path.name
