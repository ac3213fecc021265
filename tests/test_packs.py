"""The packs: their worked cases hold them, and in the bundled city each of their rules finds the rows meant for it and no other."""

import datetime as dt
import json
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from planning_check import following, pipeline
from planning_check.engine import opened
from planning_check.pipeline import running
from planning_check.rulebook.breaking import noticed, shifted
from planning_check.rulebook.cases import read_cases, run_cases
from planning_check.rulebook.compile_measures import compile_measures
from planning_check.rulebook.facilities import facilities_of
from planning_check.rulebook.holding import outcomes_lacking
from tests.rulebook import mutations

ROOT = Path(__file__).parents[1]
DATA, GENERATOR, PACKS = ROOT / "data", ROOT / "data" / "demo_city", ROOT / "rules" / "packs"
NAMES = [Path("packs") / folder.name for folder in sorted(PACKS.iterdir()) if folder.is_dir()]
DAY = dt.date(2011, 6, 30)
with following.restored():  # else their tables would be in force while other tests are collected
    BOOK = pipeline.load_rules(NAMES)
RULES = [rule for rule in BOOK.rules if PACKS in rule.path.parents]


@pytest.fixture(autouse=True)
def _tables_of_the_packs():
    with following.in_force(BOOK.own):
        yield


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.id)
def test_cases_of_rule(rule):
    results = run_cases(BOOK, [rule])
    assert [f"{r.it}: {r.detail.en}" for r in results if not r.passed] == []
    assert not outcomes_lacking(rule, read_cases(rule))


@pytest.mark.long
@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.id)
def test_every_broken_rule_fails_a_case(rule):
    assert mutations.survivors(rule, BOOK) == []
    broken = list(shifted(rule, compile_measures(BOOK.measures)))
    seen = noticed(mutations.cases_of(rule), [one.rule for one in broken], BOOK)
    assert [f"{one.what} ({one.how})" for one, was_noticed in zip(broken, seen, strict=True) if not was_noticed] == []


@pytest.mark.long
def test_every_explanation_is_still_needed():
    for rule in RULES:
        broken = dict(mutations.mutants(rule))
        for what in mutations.EXPLAINED.get(rule.id, {}):
            assert what in broken and not mutations.killed(broken[what], BOOK), f"{rule.id}: {what}"


@pytest.mark.parametrize("pack", NAMES, ids=lambda p: p.name)
def test_a_pack_stands_by_itself(pack):
    book = pipeline.load_rules([pack])
    own = [rule for rule in book.rules if PACKS in rule.path.parents]
    assert own and all(result.passed for result in run_cases(book, own))


@pytest.fixture(scope="module")
def judged():
    """The bundled city judged by all packs: rule -> outcome -> keys, the district of each key, and the sums."""
    with opened() as con:
        running.read(con, pipeline.rules.bundled_city(NAMES), BOOK, day=DAY)
        running.measure(con, DAY, BOOK)
        running.assess_twice(con, BOOK.plan([rule.id for rule in RULES]), BOOK)
        rows = con.execute("SELECT rule_id, outcome, subject_key, coalesce(severity, '') FROM finding_head").fetchall()
        quarantine = con.execute("SELECT table_name, key, code FROM quarantine").fetchall()
    found: dict[str, dict[str, dict[str, str]]] = {}
    for rule, outcome, key, severity in rows:
        found.setdefault(rule, {}).setdefault(outcome, {})[key] = severity
    return found, quarantine


@pytest.fixture(scope="module")
def meant():
    """What the generator wrote on purpose, from a process of its own."""
    code = (
        "import json, sys; sys.path.insert(0, sys.argv[1]); from demo_city.city import make_city; from demo_city import funding;"
        "from demo_city import plan_facilities as p;"
        "books, _ = make_city(); c = books.rows['communities'];"
        "print(json.dumps([funding.meant(c), funding.MEANT_DISTRICTS, p.meant(p.plan_facilities(books.rows['projects']))]))"
    )
    done = subprocess.run([sys.executable, "-c", code, str(DATA)], capture_output=True, check=True, cwd=ROOT)
    return json.loads(done.stdout)


@pytest.mark.parametrize("rule", ["CF01", "CF04", "CF05", "CF06"])
def test_funds_found_are_those_meant(judged, meant, rule):
    assert set(judged[0][rule]["violation"]) == set(meant[0][rule])


def test_districts_that_pay_less_come_out(judged, meant):
    for rule in ("CF02", "CF03"):
        keys = judged[0][rule]["violation"]
        assert {key[:6] for key in keys} == set(meant[1][rule])
    leads = {key[:6] for key, severity in judged[0]["CF03"]["violation"].items() if severity == "lead"}
    assert leads == {"990123"}  # the third insurance alone
    assert {key[:6] for key in judged[0]["CF05"]["undetermined"]} >= set(meant[1]["CF05"])


@pytest.mark.parametrize("rule", ["FS08", "FS09"])
def test_facilities_not_built_are_those_meant(judged, meant, rule):
    found = set(judged[0][rule]["violation"])
    assert found and found <= set(meant[2][rule])
    assert all(outcome in ("undetermined", "violation") for outcome in judged[0][rule])


def test_the_registers_are_what_the_generator_makes(tmp_path):
    subprocess.run([sys.executable, str(GENERATOR), "--packs", str(tmp_path)], check=True)
    made = sorted(p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*") if p.is_file())
    assert made and set(made) <= {p.relative_to(DATA / "demo_packs").as_posix() for p in (DATA / "demo_packs").rglob("*") if p.is_file()}
    for name in made:
        kept, new = DATA / "demo_packs" / name, tmp_path / name
        if name.endswith(".csv"):
            assert kept.read_bytes() == new.read_bytes(), name
        elif name.endswith(".xlsx"):
            old, fresh = (pd.read_excel(p, sheet_name=None, header=None, dtype=str, engine="calamine") for p in (kept, new))
            assert all(old[sheet].equals(fresh[sheet]) for sheet in old) and list(old) == list(fresh), name


def test_what_a_square_metre_serves_is_what_the_duty_asks_for():
    """The rules ask by population, planning-check plan counts whom a place serves: one standard, told from two ends."""
    held = facilities_of([PACKS / "facilities"])
    asked = {rule.id: rule.parameters for rule in RULES}
    for rule, kind in {"FS01": "market", "FS02": "elderly", "FS03": "health", "FS04": "culture", "FS05": "outdoor"}.items():
        assert asked[rule]["m2_per_1000"] * held.kinds[kind].serves_per_m2.value == 1000
    shop, parking = held.kinds["vegetable_shop"], held.kinds["parking"]
    assert asked["FS06"]["people_a_shop"] == shop.usual_m2.value * shop.serves_per_m2.value
    a_household = held.persons_per_household.value
    assert parking.serves_per_place is not None
    assert asked["FS07"]["places_a_100_households"] * parking.serves_per_place.value == 100 * a_household
