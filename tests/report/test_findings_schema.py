"""The published JSON Schema: what is written holds to it, and what does not is refused."""

import json

import jsonschema
import pytest

from planning_check.report.console.findings import export
from planning_check.report.tables.schema import SCHEMA
from planning_check.store import findings
from tests.report.test_exports import HEADER


@pytest.fixture(scope="module")
def lines(engine):
    return [json.loads(line) for line in "".join(export("jsonl", HEADER, findings(engine, 1), "zh")).splitlines()]


def test_the_schema_is_a_schema():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_every_line_holds_to_it(lines):
    validator = jsonschema.Draft202012Validator(SCHEMA)
    assert len(lines) == 7
    assert [error.message for line in lines for error in validator.iter_errors(line)] == []


@pytest.mark.parametrize(
    "wrong",
    [{"area_m2": 620.0}, {"outcome": "pass"}, {"severity": "huge"}, {"surprise": 1}, {"sources": [{"file": "a"}]}, {"missing": "area"}],
)
def test_what_is_not_a_finding_is_refused(lines, wrong):
    assert not jsonschema.Draft202012Validator(SCHEMA).is_valid(lines[0] | wrong)


@pytest.mark.parametrize("name", sorted(SCHEMA["properties"]))
def test_every_key_is_required(lines, name):
    assert not jsonschema.Draft202012Validator(SCHEMA).is_valid({k: v for k, v in lines[0].items() if k != name})
