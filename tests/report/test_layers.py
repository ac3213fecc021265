"""The GeoPackage: nothing left out, styles and aliases for every layer, the same bytes twice, hostile names as text."""

import datetime as dt
import sqlite3
from contextlib import closing
from types import SimpleNamespace
from xml.etree import ElementTree as ET

import pyogrio
import pytest
import shapely

from planning_check.errors import Text
from planning_check.report import layers
from planning_check.report.layers.shown import ABOUT, CLASSES, FIELDS, LAYERS
from planning_check.report.told.pack import Pack
from planning_check.store.standing import case_fields
from planning_check.words import LISTS, OUTCOMES

HOSTILE = "<b>&\"'{{ 7*7 }}=cmd"
SQUARE = shapely.box(500000, 3700000, 500100, 3700100)


def finding(key, subject="project", outcome="violation", **more):
    made = {name: None for name, *_ in FIELDS["findings"]} | dict.fromkeys(
        ("reason_zh", "reason_en", "status_zh", "status_en", "cure_zh", "cure_en", "message_en", "ordinance_verified", "waived_until")
    )
    return made | case_fields(None) | {
        "fingerprint": f"f{key}", "subject": subject, "subject_key": key, "subject_name": HOSTILE, "project_id": "P1", "outcome": outcome,
        "list": "violations", "severity": "critical", "responsible": "planning", "rule_id": "AR03", "rule_title_zh": "实测面积不足",
        "rule_title_en": "short", "message_zh": HOSTILE, "community_name": None,
    } | more  # fmt: skip


def shape(subject, key, geometry, crs="EPSG:4545"):
    return SimpleNamespace(
        subject=subject, subject_key=key, project_id="P1", name=HOSTILE, crs=crs, geometry=shapely.to_wkb(geometry) if geometry else None
    )


def pack(findings, shapes):
    ordinance = SimpleNamespace(title=Text("办法", "ordinance"), id="o", verified=False)
    run = SimpleNamespace(
        as_of=dt.date(2011, 6, 30), digest="d" * 64, tool_version="1", title=Text("市", "city"), notice=Text("虚构", "invented")
    )
    summary = SimpleNamespace(ordinances=(ordinance,))
    return Pack(run, summary, (), lambda **_: iter(findings), lambda **_: len(findings), (), lambda: shapes, (), None)


@pytest.fixture
def written(tmp_path):
    findings = [finding("P1"), finding("Q", "office", list="offices"), finding("Z", project_id="P9"), finding("P1", outcome="undetermined")]
    shapes = [shape("office", "Q", shapely.Point(108, 33.6), "EPSG:4490"), shape("parcel", "D1", SQUARE), shape("parcel", "D2", None)]
    layers.write(pack(findings, shapes), tmp_path, "zh")
    return tmp_path / "layers_zh.gpkg"


def rows(path, layer):
    return pyogrio.read_dataframe(path, layer=layer)


def test_every_finding_is_in_one_layer_and_unknown_numbers_are_null(written):
    areas, points, unplaced = (rows(written, f"findings_{kind}") for kind in ("areas", "points", "unplaced"))
    assert [len(areas), len(points), len(unplaced)] == [2, 1, 1]
    assert list(areas["class"]) == ["violations", "undetermined"]
    assert areas.crs.to_epsg() == 4490
    assert areas.geometry.iloc[0].bounds[0] == pytest.approx(108, abs=3)
    assert unplaced["subject_key"].tolist() == ["Z"]
    with closing(sqlite3.connect(written)) as connection:
        assert connection.execute("SELECT DISTINCT typeof(yuan), typeof(area_m2) FROM findings_areas").fetchall() == [("null", "null")]


def test_hostile_text_stays_text(written):
    assert rows(written, "findings_areas")["told"].iloc[0] == HOSTILE
    assert rows(written, "parcels")["name"].iloc[0] == HOSTILE


def test_things_count_their_own_violations(written):
    assert rows(written, "offices")["violations"].tolist() == [1]
    assert rows(written, "offices")["severity"].tolist() == ["critical"]
    assert rows(written, "parcels")["violations"].tolist() == [0]
    assert len(rows(written, "communities")) == 0


def test_styles_and_aliases_cover_every_layer_and_field(written):
    with closing(sqlite3.connect(written)) as connection:
        styles = dict(connection.execute("SELECT f_table_name, styleQML FROM layer_styles WHERE useAsDefault = 1"))
        aliases = {(t, c): n for t, c, n in connection.execute("SELECT table_name, column_name, name FROM gpkg_data_columns")}
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("SELECT DISTINCT last_change FROM gpkg_contents").fetchall() == [("2011-06-30T00:00:00.000Z",)]
        columns = {
            (layer.name, row[1])
            for layer in (*LAYERS, ABOUT)
            for row in connection.execute(f"PRAGMA table_info({layer.name})")
            if row[1] not in ("fid", "geom")
        }
    assert set(aliases) == columns
    assert set(styles) == {layer.name for layer in (*LAYERS, ABOUT)}
    for layer in (*LAYERS, ABOUT):
        top = ET.fromstring(styles[layer.name].split("\n", 1)[1])
        assert [a.get("field") for a in top.iter("alias")] == [name for name, *_ in FIELDS[layer.fields]]
        assert {c.get("symbol") for c in top.iter("category")} <= {s.get("name") for s in top.iter("symbol")}
    areas = ET.fromstring(styles["findings_areas"].split("\n", 1)[1])
    assert [c.get("value") for c in areas.iter("category")] == list(CLASSES)
    order = areas.find("renderer-v2/orderby/orderByClause")
    assert order.get("asc") == "0"
    assert order.text.startswith("CASE \"class\" WHEN 'violations' THEN 0")
    fills = [o.get("value") for o in areas.iter("Option") if o.get("name") == "style"]
    assert fills == [filled for *_, filled in CLASSES.values()]
    assert fills.count("solid") == 1


def test_every_class_a_finding_can_have_is_drawn():
    never_findings = {"pass", "not_due", "not_applicable", "violation"}
    assert set(CLASSES) == set(LISTS) | set(OUTCOMES) - never_findings | {"dismissed"}


def test_what_was_dismissed_is_a_class_of_its_own_and_no_violation_of_anything(tmp_path):
    gone = finding("Q", "office", list="offices", case_state="dismissed", decision="dismissed", decision_on="2011-07-08", decision_no="3")
    layers.write(pack([gone], [shape("office", "Q", shapely.Point(108, 33.6), "EPSG:4490")]), tmp_path, "zh")
    drawn = rows(tmp_path / "layers_zh.gpkg", "findings_points").iloc[0]
    assert (drawn["class"], drawn["case_state"], drawn["decision_on"], drawn["decision_no"]) == (
        "dismissed",
        "dismissed",
        "2011-07-08",
        "3",
    )
    assert drawn["stood"] == "不予认定；决议文号 3；会议日期 2011-07-08"
    assert rows(tmp_path / "layers_zh.gpkg", "offices")["violations"].tolist() == [0]


def test_the_same_run_gives_the_same_bytes(tmp_path):
    made = []
    for name in "ab":
        (tmp_path / name).mkdir()
        layers.write(pack([finding("P1")], [shape("parcel", "D1", SQUARE)]), tmp_path / name, "en")
        made.append((tmp_path / name / "layers_en.gpkg").read_bytes())
    assert made[0] == made[1]


def test_findings_over_several_batches_all_arrive(tmp_path, monkeypatch):
    monkeypatch.setattr(layers, "_BATCH", 2)
    layers.write(pack([finding(str(i)) for i in range(5)], [shape("parcel", "D1", SQUARE)]), tmp_path, "zh")
    assert rows(tmp_path / "layers_zh.gpkg", "findings_areas")["subject_key"].tolist() == list("01234")


def test_nothing_found_gives_empty_layers(tmp_path):
    layers.write(pack([], []), tmp_path, "zh")
    assert all(len(rows(tmp_path / "layers_zh.gpkg", layer.name)) == 0 for layer in LAYERS)
