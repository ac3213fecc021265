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
    assert not differing[day], "\n".join(f"{rule} {subject}: {what}" for (rule, subject), what in sorted(differing[day].items()))


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
        if path.name in (
            "judge.py",
            "recipients.py",
            "verdicts.py",
            "reading.py",
            "law.py",
            "rooms.py",
            "handing.py",
            "money.py",
            "places.py",
            "known.py",
            "fields.py",
        ):
            assert "tests.oracle.product" not in names, path.name
