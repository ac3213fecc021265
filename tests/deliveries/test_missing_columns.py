"""A column that is missing, whichever it is, is named or leaves blank what it would tell; it ends no delivery."""

from __future__ import annotations

import pytest

from planning_check.schema import TABLES, Field
from tests.ingest.conftest import Folder

pytestmark = pytest.mark.long
TOLD = {"date": "2010-05-31", "area": "100", "money": "1000", "number": "1", "integer": "2", "bool": "是"}
#: The columns that a row needs, and those that the meaning of others turns on.
CASES = [(table, field) for table in TABLES for field in table.fields if field.need and field.type != "geometry"]


def _cell(field: Field) -> str:
    return field.choices[0].label.zh if field.choices else TOLD.get(field.type, "X1")


@pytest.mark.parametrize(("table", "lacking"), CASES, ids=[f"{table.name} without {field.name}" for table, field in CASES])
def test_it_ends_no_delivery(folder: Folder, table, lacking: Field):
    kept = [f for f in table.fields if f.type != "geometry" and f is not lacking]
    folder.csv(f"{table.label.zh}.csv", f"{','.join(f.label.zh for f in kept)}\n{','.join(map(_cell, kept))}\n")
    folder.csv("宗地.geojson", '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"宗地编号":"D1"},"geometry":'
               '{"type":"Polygon","coordinates":[[[109,32],[109.01,32],[109.01,32.01],[109,32]]]}}]}').load()  # fmt: skip
    said = {p["code"] for p in folder.problems()}
    assert said & {"missing_column", "unknown_sheet", "made_ids", "ambiguous_sheet"}
