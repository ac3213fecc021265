"""``plan`` on a town of two communities, whose numbers can be told by heart, and on what it cannot site."""

import csv
import datetime as dt
import io
import json
from decimal import Decimal

import geopandas
import openpyxl
import pytest

from planning_check import pipeline
from planning_check.errors import SourceError, UsageError
from planning_check.pipeline import Options
from planning_check.report.console.siting import siting_csv, siting_json, siting_page
from planning_check.report.layers.siting import siting_gpkg
from planning_check.report.workbook.siting import siting_xlsx
from tests.geo.tables import PLANE, box
from tests.siting.town import IDLE, SHAPES, TABLES, A, B, layer, town

PROJECTS = "project_id,project_name,district_code,uses,households,plan_approved_on,completed_on,delivered_on\n"


def plan(folder, *, sites=1, budget=None, facility="elderly", population="now", **options):
    given = Options((folder,), dt.date(2011, 6, 30), dt.date(2011, 6, 30), **options)
    return pipeline.plan(given, facility, population=population, sites=sites, budget=budget, seconds=60)


@pytest.fixture(scope="module")
def simple(tmp_path_factory):
    return plan(town(tmp_path_factory.mktemp("simple") / "town"))


def lines(found):
    return {line.code: (line.people, line.unserved_now, line.unserved) for line in found.communities}


def out(found):
    return {(one.register, one.why, one.key) for one in found.left_out}


def test_the_room_that_is_there_serves_480_and_the_larger_site_the_rest(simple):
    """30 m2 at 16 people a m2 are 480 of A's 1,000; F1 then serves 520 there, F2 500 in B."""
    assert [(one.site.key, one.alone, one.order, one.serves) for one in simple.ranked] == [("F1", 520, 1, 520), ("F2", 500, 0, 0)]
    assert (simple.people, simple.served_now, simple.newly, simple.bound, simple.is_proven) == (1500, 480, 520, 520, True)
    assert lines(simple) == {A: (1000, 520, 0), B: (500, 500, 500)}
    assert [(line.name, line.people, line.unserved) for line in simple.districts] == [("甲区", 1000, 0), ("乙区", 500, 500)]


def test_what_a_site_costs_and_serves(simple):
    """No more than 350 m2 is built; 1,200 yuan a m2 of an idle facility."""
    first, second = simple.ranked
    assert (first.site.m2, first.site.capacity, first.site.yuan) == (350, 5600, Decimal("420000.00"))
    assert (second.site.m2, second.site.capacity, second.site.yuan) == (200, 3200, Decimal("240000.00"))
    assert (first.per_10k_yuan, first.per_m2) == (Decimal("12.4"), Decimal("1.49"))
    assert first.site.community == A and second.site.community == B
    assert first.site.source.get("en") == "idle.csv > row 2"


def test_a_budget_chooses_the_cheaper_and_both_are_chosen_where_it_may(tmp_path):
    folder = town(tmp_path / "town")
    assert [one.site.key for one in plan(folder, sites=2, budget=Decimal(659_999)).chosen] == ["F1"]
    assert [one.site.key for one in plan(folder, sites=2, budget=Decimal(300_000)).chosen] == ["F2"]
    both = plan(folder, sites=2, budget=Decimal(660_000))
    assert (both.newly, both.unserved, both.yuan) == (1020, 0, 660_000)


def test_a_larger_facility_is_built_no_larger_than_usual_and_a_small_one_not_at_all(tmp_path):
    idle = {"F1": (100, 100, 900), "F2": (1100, 100, 149.99), "F3": (1100, 50, 150)}
    found = plan(town(tmp_path / "town", idle=idle))
    assert {one.site.key: one.site.m2 for one in found.ranked} == {"F1": 350, "F3": 150}
    assert ("idle", "too_small", "F2") in out(found)


def test_a_facility_of_unknown_area_counts_apart_and_is_never_none(tmp_path):
    """It may serve all of A: 1,000 served now at most, and the site beside it serves nobody newly at least."""
    found = plan(town(tmp_path / "town", community_facilities=TABLES["community_facilities.csv"].replace(",30", ",")))
    assert (found.served_now, found.newly, [one.why for one in found.unsure]) == (0, 1000, ["no_area"])
    assert (found.served_at_most, found.people_at_least) == (1000, 0)
    page = "\n".join(siting_page(found, "en"))
    assert "at most 1,000 were served now and the chosen sites would serve at least 0 newly" in " ".join(page.split())


def test_where_no_register_tells_of_what_is_there_nobody_knows_how_many_are_served(tmp_path):
    found = plan(town(tmp_path / "town", community_facilities=None))
    assert not found.is_told and json.loads("".join(siting_json(found)))["served_now"] is None
    assert "nobody knows how many are served now" in " ".join("\n".join(siting_page(found, "en")).split())
    assert "现在服务多少人不明" in "".join(line.strip() for line in siting_page(found, "zh"))


def test_a_community_without_population_or_boundary_is_told_and_not_counted(tmp_path):
    nobody = TABLES["communities.csv"].replace(",500,250", ",,250")
    found = plan(town(tmp_path / "one", communities=nobody), sites=2)
    assert out(found) >= {("communities", "no_population", B)} and (found.people, found.newly) == (1000, 520)
    assert [one.site.key for one in found.chosen] == ["F1"]
    found = plan(town(tmp_path / "other", shapes={A: SHAPES[A]}))
    assert out(found) >= {("communities", "no_boundary", B)} and lines(found) == {A: (1000, 520, 0)}


def test_the_people_of_approved_projects_by_their_communitys_households(tmp_path):
    """100 households of 2 people each: B has 500 in 250. P2 is completed and nobody says whether people moved in; P3's are counted
    already."""
    rows = (
        "P1,甲苑,990102,住宅,100,2010-03-10,,\nP2,乙苑,990102,住宅,60,2008-03-10,2010-05-04,\n"
        "P3,丙苑,990102,住宅,60,2008-03-10,2010-05-04,2010-06-04\nP4,丁苑,990102,住宅,60,2012-03-10,,\n"
    )  # fmt: skip
    land = [(f"ZD{n}", box(1000 + 50 * n, 0, 1050 + 50 * n, 50), f"P{n + 1}", "R2") for n in range(4)]
    folder = town(tmp_path / "town", projects=PROJECTS + rows, parcels=land)
    found = plan(folder, population="planned")
    assert (found.people, found.planned, lines(found)[B]) == (1700, 200, (700, 700, 0))
    assert ("projects", "delivery_unknown", "P2") in out(found) and [one.site.key for one in found.chosen] == ["F2"]
    assert plan(folder).people == 1500


def test_public_land_without_a_project_is_a_site_and_what_is_not_understood_is_told(tmp_path):
    land = [
        ("ZD1", box(0, 0, 20, 20), None, "A1"), ("ZD2", box(50, 0, 70, 20), "P9", "A1"), ("ZD3", box(100, 0, 120, 20), None, "R2"),
        ("ZD4", box(150, 0, 170, 20), None, "莫名"), ("ZD5", box(0, 100, 5, 105), None, "A1"),
    ]  # fmt: skip
    found = plan(town(tmp_path / "town", parcels=land))
    assert {one.site.key: one.site.yuan for one in found.ranked if one.site.register == "parcel"} == {"ZD1": 350 * 3500}
    assert {one for one in out(found) if one[0] == "parcel"} == {("parcel", "use_unknown", "ZD4"), ("parcel", "too_small", "ZD5")}


def test_rooms_not_handed_over_are_sites(tmp_path):
    rooms = "premises_id,project_id,kind,surveyed_m2,building,current_use\nR1,P1,社区用房,200,1号楼,已出售\nR2,P1,社区用房,300,2号楼,\n"
    handed = "handover_id,project_id,premises_id,area_m2,handed_over_on,recipient_kind\nH1,P1,R2,300,2010-05-20,居委会\n"
    row = "P1,甲苑,990102,住宅,100,2008-03-10,2010-05-04,2010-06-04\n"
    land = [("ZD1", box(1000, 0, 1050, 50), "P1", "R2")]
    found = plan(town(tmp_path / "town", projects=PROJECTS + row, parcels=land, premises=rooms, handovers=handed))
    (room,) = (one for one in found.ranked if one.site.register == "premises")
    assert (room.site.key, room.site.m2, room.site.yuan, room.site.community, room.alone) == ("R1", 200, 100_000, B, 500)
    assert "已出售" in room.site.note.zh
    found = plan(town(tmp_path / "untold", projects=PROJECTS + row, parcels=land, premises=rooms))
    assert ("premises", "handover_unknown", "R1") in out(found) and ("premises", "handover_unknown", "R2") in out(found)


def test_a_city_lays_its_own_numbers_over_the_packs(tmp_path):
    own = tmp_path / "own"
    own.mkdir()
    (own / "facilities.yaml").write_text(
        "kinds:\n  elderly:\n    serves_per_m2: {value: 1, unit: persons/m2, cite: 本市标准第三条, verified: yes}\n", "utf-8"
    )
    found = plan(town(tmp_path / "town"), rule_dirs=(own,))
    assert (found.served_now, found.ranked[0].site.capacity, found.newly) == (30, 350, 350)
    assert found.figures["serves_per_m2"].verified and found.figures["serves_per_m2"].where == "own/facilities.yaml:3"


def test_the_same_numbers_on_every_paper_and_the_same_bytes_twice(simple):
    rows = list(csv.DictReader(io.StringIO("".join(siting_csv(simple)).removeprefix("\ufeff"))))
    whole = json.loads("".join(siting_json(simple)))
    book = openpyxl.load_workbook(io.BytesIO(siting_xlsx(simple, "zh")))
    sheet = [[cell.value for cell in row] for row in book["选址"].iter_rows(min_row=4)]
    layer = geopandas.read_file(io.BytesIO(siting_gpkg(simple, "zh")), layer="sites")
    expected = [("F1", 520, 420_000), ("F2", 500, 240_000)]
    assert [(row["key"], int(row["people_newly_served"]), float(row["yuan"])) for row in rows] == expected
    assert [(one["key"], one["people_newly_served"], float(one["yuan"])) for one in whole["sites"]] == expected
    assert [(row[2], row[5], row[8]) for row in sheet[:2]] == expected
    assert list(zip(layer.key, layer.people, layer.yuan, strict=True)) == expected
    assert list(layer["class"]) == ["chosen", "other"] and list(layer.order) == [1, 0]
    unserved = geopandas.read_file(io.BytesIO(siting_gpkg(simple, "en")), layer="communities").set_index("code").unserved.to_dict()
    assert unserved == {A: 0, B: 500}
    assert siting_gpkg(simple, "zh") == siting_gpkg(simple, "zh") and siting_xlsx(simple, "en") == siting_xlsx(simple, "en")


def test_the_sites_are_drawn_where_they_were_told(simple):
    layer = geopandas.read_file(io.BytesIO(siting_gpkg(simple, "zh")), layer="sites").to_crs("EPSG:4545").set_index("key")
    for key, (east, north, _) in IDLE.items():
        assert layer.geometry[key].distance(box(east, north, east, north).centroid) < 0.05


@pytest.mark.parametrize(("told", "kind"), [("elderly", "elderly"), ("老年", "elderly"), ("停车场", "parking"), ("Parking", "parking")])
def test_a_kind_by_its_code_or_name(told, kind, tmp_path):
    land = [("ZD1", box(0, 0, 20, 20), None, "A1")]
    assert plan(town(tmp_path / "town", parcels=land), facility=told).kind.code == kind


def test_a_kind_that_there_is_not(tmp_path):
    with pytest.raises(UsageError) as raised:
        plan(tmp_path, facility="elderley")
    assert "elderly" in raised.value.fix.en and "老年活动和日间照料（elderly）" in raised.value.fix.zh


def test_a_budget_that_pays_for_nothing_names_the_cheapest(tmp_path):
    with pytest.raises(UsageError) as raised:
        plan(town(tmp_path / "town"), budget=Decimal("239999.99"))
    assert "F2" in raised.value.why.en and "240,000.00" in raised.value.why.en
    assert plan(town(tmp_path / "town"), budget=Decimal(240_000)).newly == 500


def test_no_candidates_and_why(tmp_path):
    with pytest.raises(SourceError) as raised:
        plan(town(tmp_path / "town", idle={"F1": (100, 100, 10)}))
    assert "1 个面积不够" in raised.value.why.zh
    with pytest.raises(SourceError) as raised:
        plan(town(tmp_path / "none", idle={}))
    assert "not delivered" in raised.value.why.en


def test_boundaries_without_a_coordinate_system_say_how_to_tell_it(tmp_path):
    folder = town(tmp_path / "town", crs=None)
    with pytest.raises(SourceError) as raised:
        plan(folder)
    assert "--crs" in raised.value.fix.en and "2 have a boundary without" in raised.value.why.en
    assert plan(folder, crs=("边界.gpkg=EPSG:4545",)).newly == 520


def test_without_people_there_is_nothing_to_site(tmp_path):
    nobody = TABLES["communities.csv"].replace(",1000,400", ",,400").replace(",500,250", ",,250")
    with pytest.raises(SourceError) as raised:
        plan(town(tmp_path / "town", communities=nobody))
    assert "2" in raised.value.why.en


def test_numbers_that_cannot_be_are_not_known(tmp_path):
    """Fewer than no people, a room of less than nothing, one that would serve more than there are people on earth."""
    fewer = TABLES["communities.csv"].replace(",500,250", ",-500,250")
    rooms = "社区代码,设施类别,设施面积\n990101001001,老年人日间照料,-30\n990102001001,老年人日间照料,9999999999999\n"
    found = plan(town(tmp_path / "town", communities=fewer, community_facilities=rooms, idle=IDLE | {"F9": (100, 150, -350)}))
    assert (found.people, found.newly) == (1000, 1000) and ("communities", "no_population", B) in out(found)
    assert "F9" not in {one.site.key for one in found.ranked}


def test_people_of_no_household_and_a_city_that_builds_nothing(tmp_path):
    own = tmp_path / "own"
    own.mkdir()
    zero = "{value: 0, unit: m2, cite: 本市, verified: no}"
    (own / "facilities.yaml").write_text(f"kinds:\n  elderly:\n    least_m2: {zero}\n    usual_m2: {zero}\n", "utf-8")
    with pytest.raises(SourceError) as raised:
        plan(town(tmp_path / "town"), rule_dirs=(own,))
    assert "2 个面积不够" in raised.value.why.zh


def test_in_a_renewal_area_no_more_is_built_than_it_holds(tmp_path):
    """One of 10,000 m2, one of 225 m2, one too small."""
    folder = town(tmp_path / "town")
    shapes = [box(0, 0, 100, 100), box(0, 150, 15, 165), box(50, 150, 60, 160)]
    layer(
        folder / "旧改.gpkg",
        "旧城改造范围",
        {"改造片区编号": ["G1", "G2", "G3"], "计划启动日期": ["2012-03-01", "2012年5月", None]},
        shapes,
        PLANE,
    )
    found = plan(folder)
    sites = {one.site.key: one.site for one in found.ranked if one.site.register == "renewal"}
    assert {key: (site.m2, site.yuan) for key, site in sites.items()} == {"G1": (350, 1_050_000), "G2": (225, 675_000)}
    assert ("renewal", "too_small", "G3") in out(found)
    assert [sites[key].note.en for key in ("G1", "G2")] == ["planned to begin on 2012-03-01", "planned to begin on 2012-05-01 - 2012-05-31"]
