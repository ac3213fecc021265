"""The GeoPackage: nothing left out, styles and aliases for every layer, the same bytes twice, hostile names as text."""

import datetime as dt
import sqlite3
from contextlib import closing
from dataclasses import fields
from types import SimpleNamespace
from xml.etree import ElementTree as ET

import numpy as np
import pyogrio
import pyproj
import pytest
import shapely

from planning_check.errors import Text
from planning_check.measuring import Measuring
from planning_check.report import layers
from planning_check.report.layers.errors import FACTS
from planning_check.report.layers.shown import ABOUT, CLASSES, DIFFERS, ERRORS, FIELDS, LAYERS
from planning_check.report.told.pack import Pack
from planning_check.store.standing import case_fields
from planning_check.words import LISTS, OUTCOMES

HOSTILE = "<b>&\"'{{ 7*7 }}=cmd"
#: As a run records them: the widths that errors are drawn with, and the plane.
WIDTHS = {field.name: "1" for field in fields(Measuring) if field.name not in ("group_m", "alike_m")}
MANIFEST = {"planes": ["EPSG:4545"], "measuring": WIDTHS | {"repair_share": "0.01", "narrow_m": "0.5", "vertex_m": "0.01"}}
SQUARE = shapely.box(500000, 3700000, 500100, 3700100)


def finding(key, subject="project", outcome="violation", **more):
    made = {name: None for name, *_ in FIELDS["findings"]} | dict.fromkeys(
        ("reason_zh", "reason_en", "status_zh", "status_en", "cure_zh", "cure_en", "message_en", "ordinance_verified", "waived_until")
    )
    return made | case_fields(None) | {
        "fingerprint": f"f{key}", "subject": subject, "subject_key": key, "subject_name": HOSTILE, "project_id": "P1", "outcome": outcome,
        "list": "violations", "severity": "critical", "responsible": "planning", "rule_id": "AR03", "rule_title_zh": "实测面积不足",
        "rule_title_en": "short", "message_zh": HOSTILE, "community_name": None, "community_code": None, "district_code": None, "facts": {},
    } | more  # fmt: skip


def shape(subject, key, geometry, crs="EPSG:4545", project="P1", name=HOSTILE):
    return SimpleNamespace(
        subject=subject, subject_key=key, project_id=project, name=name, crs=crs, geometry=shapely.to_wkb(geometry) if geometry else None
    )


def pack(findings, shapes):
    ordinance = SimpleNamespace(title=Text("办法", "ordinance"), id="o", verified=False)
    run = SimpleNamespace(
        as_of=dt.date(2011, 6, 30),
        digest="d" * 64,
        tool_version="1",
        title=Text("市", "city"),
        notice=Text("虚构", "invented"),
        manifest=MANIFEST,
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


#: Beside SQUARE: 20 m of it, and 30 m of SQUARE and all of this are in no community.
BESIDE = shapely.box(500080, 3700000, 500180, 3700100)
COMMUNITY = shapely.box(499900, 3699900, 500070, 3700200)


def errors(tmp_path, findings, shapes, lang="zh"):
    layers.write(pack(findings, shapes), tmp_path, lang)
    path = tmp_path / f"layers_{lang}.gpkg"
    found = {row["fingerprint"]: row for kind in ("areas", "lines") for _, row in rows(path, f"errors_{kind}").iterrows()}
    assert len(found) == sum(len(rows(path, f"errors_{kind}")) for kind in ("areas", "lines"))
    return found


def in_plane(shape):
    """Back into the plane by another way than the report's."""
    move = pyproj.Transformer.from_crs("EPSG:4490", "EPSG:4545", always_xy=True)
    return shapely.transform(shape, lambda points: np.column_stack(move.transform(points[:, 0], points[:, 1])))


def test_an_overlap_is_drawn_as_the_land_shared_and_says_whether_it_agrees(tmp_path):
    shared = shapely.intersection(SQUARE, BESIDE)
    shapes = [
        shape("parcel", "D1", SQUARE),
        shape("parcel", "D2", BESIDE),
        shape("parcel_overlap", "D1", shared),
        shape("parcel_overlap", "D2", shared),
    ]
    told = errors(
        tmp_path,
        [
            finding("D1", "parcel", facts={"overlap_m2": "2000.00", "own_overlap_m2": "0.00", "outside_city_m2": None}),
            finding("D2", "parcel", facts={"overlap_m2": "1990.00"}),
            finding("D3", "parcel", facts={"own_overlap_m2": "12.00"}),
        ],
        shapes,
    )
    assert in_plane(told["fD1"].geometry).area == pytest.approx(2000, abs=0.01)
    assert in_plane(told["fD1"].geometry).symmetric_difference(shapely.box(500080, 3700000, 500100, 3700100)).area < 0.01
    columns = ["class", "error", "found", "drawn", "unit", "agrees", "rule_title"]
    assert told["fD1"][columns].tolist() == ["overlap", "与其他项目宗地重叠", 2000, 2000, "m2", "一致", "实测面积不足"]
    assert told["fD2"][columns[:6]].tolist() == ["differs", "与其他项目宗地重叠", 1990, 2000, "m2", "图形与检查不一致"]
    about = rows(tmp_path / "layers_zh.gpkg", "about").set_index("item")["told"]
    assert about["错在哪里"] == "一致 1；图形与检查不一致 1；没有画出：本次检查没有记录所需的图形 1"
    assert told["fD3"].geometry is None
    assert np.isnan(told["fD3"]["drawn"])
    assert told["fD3"]["agrees"] == "没有画出：本次检查没有记录所需的图形"


def test_land_outside_the_city_and_borders_that_do_not_meet_are_drawn(tmp_path):
    apart = shapely.box(500100.2, 3700000, 500150, 3700100)
    told = errors(
        tmp_path,
        [finding("D1", "parcel", facts={"outside_city_m2": "3000.00"}), finding("D2", "parcel", facts={"unmatched_edge_m": "100.00"})],
        [shape("community", "C1", COMMUNITY), shape("parcel", "D1", SQUARE), shape("parcel", "D2", apart)],
        "en",
    )
    assert in_plane(told["fD1"].geometry).symmetric_difference(SQUARE.difference(COMMUNITY)).area < 0.01
    assert (told["fD1"]["found"], told["fD1"]["drawn"], told["fD1"]["agrees"]) == (3000, 3000, "agree")
    edge = in_plane(told["fD2"].geometry)
    assert edge.length == pytest.approx(100, abs=0.01)
    assert edge.hausdorff_distance(shapely.LineString([(500100.2, 3700000), (500100.2, 3700100)])) < 0.01
    assert told["fD2"][["error", "unit", "agrees"]].tolist() == ["a parcel's border that does not meet its neighbour's", "m", "agree"]


def test_the_way_from_a_room_to_its_land_and_from_an_office_to_its_community_is_a_line(tmp_path):
    told = errors(
        tmp_path,
        [
            finding("R1", "premises", facts={"outside_parcel_m": "30.00"}),
            finding("R2", "premises", facts={"outside_parcel_m": "30.00"}, project_id="P9"),
            finding("Q1", "office", facts={"off_community_m": "100.00", "community_code": "C1"}),
            finding("Q2", "office", facts={"off_community_m": "100.00", "community_code": "C2"}),
        ],
        [
            shape("parcel", "D1", SQUARE), shape("community", "C1", COMMUNITY),
            shape("premises", "R1", shapely.Point(500130, 3700050)), shape("premises", "R2", shapely.Point(500130, 3700050)),
            shape("office", "Q1", shapely.box(500165, 3700045, 500175, 3700055)), shape("office", "Q2", shapely.Point(500170, 3700050)),
        ],
    )  # fmt: skip
    assert in_plane(told["fR1"].geometry).equals_exact(shapely.MultiLineString([[(500130, 3700050), (500100, 3700050)]]), 0.001)
    assert in_plane(told["fQ1"].geometry).length == pytest.approx(100, abs=0.01)
    assert [told[key]["agrees"] for key in ("fR1", "fQ1")] == ["一致", "一致"]
    assert told["fR2"].geometry is None  # its project's land is not recorded
    assert told["fQ2"].geometry is None  # nor is its community


def test_only_violations_that_stand_are_errors_and_a_run_without_widths_says_so(tmp_path):
    dismissed = {"case_state": "dismissed", "decision": "dismissed"}
    facts = {"overlap_m2": "2000.00", "outside_city_m2": "5.00"}
    findings = [finding("D1", "parcel", facts=facts, **more) for more in ({"outcome": "undetermined"}, dismissed)]
    assert errors(tmp_path, findings, [shape("parcel_overlap", "D1", SQUARE)]) == {}
    old = pack([finding("D1", "parcel", facts={"outside_city_m2": "5.00"})], [shape("parcel", "D1", SQUARE)])
    old.run.manifest = {}
    (tmp_path / "old").mkdir()
    layers.write(old, tmp_path / "old", "zh")
    assert rows(tmp_path / "old" / "layers_zh.gpkg", "errors_areas")["agrees"].tolist() == ["没有画出：本次检查没有记录所需的图形"]


def test_every_error_that_is_measured_has_a_kind_and_every_kind_a_symbol(written):
    assert set(FACTS.values()) == set(ERRORS)
    with closing(sqlite3.connect(written)) as connection:
        styles = dict(connection.execute("SELECT f_table_name, styleQML FROM layer_styles"))
    shown = {name: ET.fromstring(styles[name].split("\n", 1)[1]) for name in ("errors_areas", "errors_lines")}
    kinds = {name: [c.get("value") for c in top.iter("category")] for name, top in shown.items()}
    assert kinds == {name: [kind for kind, (_, layer, _) in ERRORS.items() if layer == name] + [DIFFERS[0]] for name in kinds}
    assert {s.get("type") for s in shown["errors_lines"].iter("symbol")} == {"line"}
    assert [shown[name].findtext("layerGeometryType") for name in shown] == ["2", "1"]


def test_features_are_called_by_object_and_rule_and_what_has_no_violation_is_pale(tmp_path):
    """QGIS's expressions here are SQL as well: SQLite says what they give."""
    findings = [finding("D1", "parcel", subject_name=None, message_zh="x"), finding("Q", "office", subject_name="示例", project_id=None)]
    shapes = [
        shape("office", "Q", SQUARE, project=None), shape("office", "R", SQUARE, project=None),
        shape("parcel", "D1", SQUARE), shape("parcel", "D2", BESIDE), shape("parcel", "D3", BESIDE, project="P2", name=None),
    ]  # fmt: skip
    layers.write(pack(findings, shapes), tmp_path, "zh")
    with closing(sqlite3.connect(tmp_path / "layers_zh.gpkg")) as connection:
        styles = dict(connection.execute("SELECT f_table_name, styleQML FROM layer_styles"))
        tops = {name: ET.fromstring(style.split("\n", 1)[1]) for name, style in styles.items()}
        assert all("LayerConfiguration" in top.get("styleCategories").split("|") for top in tops.values())

        def said(layer, expression):
            return [told for (told,) in connection.execute(f"SELECT {expression} FROM {layer} ORDER BY fid")]

        called = {name: said(name, top.findtext("previewExpression")) for name, top in tops.items()}
        loud = {name: said(name, tops[name].find("renderer-v2").get("attr")) for name in ("offices", "parcels")}
    assert called["findings_areas"][0] == "D1 · 实测面积不足"
    assert "示例 · 实测面积不足" in called["findings_areas"]
    assert called["parcels"] == [f"{HOSTILE} · D1", f"{HOSTILE} · D2", "D3"]
    assert loud == {"offices": ["1", "0"], "parcels": ["1", "1", "0"]}  # D2 is of the project that D1's violation stands against
    alphas = {o.get("name"): o.get("value") for s in tops["offices"].iter("symbol") if s.get("name") == "1" for o in s.iter("Option")}
    assert alphas["color"].endswith(",90")
    assert alphas["size"] == "1.6"


def test_offices_and_rooms_drawn_as_areas_are_points_in_their_layers(tmp_path):
    """A layer of points holds nothing else; the finding itself keeps the area."""
    drawn = [shape("office", "Q", SQUARE), shape("premises", "R", SQUARE), shape("idle_facility", "F", shapely.Point(500050, 3700050))]
    layers.write(pack([finding("Q", "office")], drawn), tmp_path, "zh")
    path = tmp_path / "layers_zh.gpkg"
    for layer in ("offices", "premises", "idle_facilities"):
        (point,) = rows(path, layer).geometry
        assert point.geom_type == "MultiPoint"
        assert SQUARE.covers(in_plane(point))
    assert rows(path, "findings_areas").geometry.iloc[0].geom_type == "MultiPolygon"
