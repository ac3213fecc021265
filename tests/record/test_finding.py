"""The fields of a finding stand in one place; what is made from them has them all."""

from planning_check.cases import FIELDS as DECIDED
from planning_check.record.finding import FIELDS, OWN, Finding, said
from planning_check.record.waiver import fields_of
from planning_check.report.tables.exports import COLUMNS
from planning_check.report.tables.schema import SCHEMA
from planning_check.store import models as m
from planning_check.store.standing import case_fields
from planning_check.store.told import TOLD

KEPT_IN = {"finding": m.Finding, "subject": m.RunSubject, "rule": m.RunRule, "status": m.RunStatus, "unjudged": m.Unjudged}


def test_every_field_is_in_the_exports_and_in_their_schema():
    assert tuple(Finding.__annotations__) == COLUMNS == tuple(FIELDS)
    assert set(SCHEMA["properties"]) == set(SCHEMA["required"]) == set(FIELDS)


def test_every_field_is_where_it_is_said_to_be_kept():
    for name, field in FIELDS.items():
        if field.kept in KEPT_IN:
            assert (field.column or name) in KEPT_IN[field.kept].__table__.c, name
        elif field.kept == "case":
            assert name in case_fields(None) and (field.column is None or field.column in DECIDED), name
        elif field.kept == "waiver":
            assert name in fields_of(None), name
        else:
            assert name in TOLD if field.kept == "told" else field.kept == "ordinance", name


def test_the_table_of_findings_has_the_columns_in_their_places():
    """A place is given once: a new field goes to the end, or the columns of older databases would be others."""
    assert [FIELDS[name].place for name in OWN] == list(range(1, len(OWN) + 1))
    assert [c.key for c in m.Finding.__table__.columns] == ["run_id", "number", *OWN, "unjudged"]
    assert {c.key for c in m.Finding.__table__.columns if c.nullable} == {*(n for n in OWN if FIELDS[n].optional), "unjudged"}


def test_codes_stand_only_where_a_field_is_a_code():
    assert {field.kind for field in FIELDS.values() if field.codes} == {"code", "codes"}
    assert not [name for name, field in FIELDS.items() if field.kind in ("code", "codes") and not field.codes]
    assert all(field.zh and field.en for field in FIELDS.values())


def test_everything_that_a_decision_says_is_told_under_a_name_that_is_no_head_of_a_decision():
    """Read back with a column of conclusions, an export must not bring the last meeting's day and number along."""
    told = {field.column: name for name, field in FIELDS.items() if field.kept == "case" and field.column}
    assert set(told) == set(DECIDED) and not set(told.values()) & set(DECIDED)


def test_a_text_is_read_in_one_language():
    assert said({"cure_zh": "补建", "cure_en": "build"}, "cure", "en") == "build"  # a part of a finding will do here
