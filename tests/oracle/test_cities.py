"""Invented cities, judged by the package and by the auditor: not one verdict or amount may differ.

One seed runs with ``pytest``, a handful with ``pytest -m ''``. Many more:
``ORACLE_SEEDS=100-300 ORACLE_PROJECTS=160 pytest -n 0 tests/oracle/test_cities.py``.
"""

from __future__ import annotations

import datetime as dt
import os

import pytest

from tests.oracle.cities import Maker
from tests.oracle.comparing import differences
from tests.oracle.judge import Auditor
from tests.oracle.product import Product
from tests.oracle.reading import read

DAYS = [dt.date(2011, 6, 30), dt.date(2009, 12, 31)]
PROJECTS = int(os.environ.get("ORACLE_PROJECTS", "40"))
FIRST, _, LAST = os.environ.get("ORACLE_SEEDS", "1-3").partition("-")
LONG = "ORACLE_SEEDS" in os.environ


def differing(seed: int, tmp_path, days=DAYS) -> list[str]:
    folder = Maker(seed, PROJECTS, max(8, PROJECTS // 5)).write(tmp_path / "delivery")
    city, product = read(folder), Product(folder, tmp_path)
    return [
        f"seed {seed}, {day}: {rule} {subject}: {what}"
        for day in days
        for (rule, subject), what in sorted(differences(Auditor(city, day), product.judged(day)).items())
    ]


SEEDS = range(int(FIRST), int(LAST or FIRST) + 1)


@pytest.mark.parametrize("seed", [pytest.param(seed, marks=pytest.mark.long if seed > SEEDS[0] and not LONG else ()) for seed in SEEDS])
def test_an_invented_city(seed, tmp_path):
    found = differing(seed, tmp_path, DAYS if LONG else DAYS[seed % 2 :][:1])
    assert not found, "\n".join(found)


def test_a_seed_makes_the_same_city(tmp_path):
    one, other = Maker(7, 12).write(tmp_path / "one"), Maker(7, 12).write(tmp_path / "other")
    for path in sorted(one.glob("*.csv")):
        assert path.read_bytes() == (other / path.name).read_bytes()


def test_a_city_holds_what_is_hard(tmp_path):
    """Violations, passes and unknowns of every rule that a city is made for, or the comparison compares nothing."""
    seen = set()
    for seed in range(1, 4):
        city = read(Maker(seed, 80, 16).write(tmp_path / str(seed)))
        seen |= {(rule, verdict.outcome) for (rule, _), verdict in Auditor(city, DAYS[0]).judge().items()}
    wanted = {(rule, outcome) for rule in ("AR01", "AR02", "AR03", "HO01", "HO02", "HO03", "HO04", "HO08", "MO05", "MO08", "OF01")
              for outcome in ("pass", "violation", "undetermined")}  # fmt: skip
    assert wanted - seen == set()
