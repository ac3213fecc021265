"""Coordinate systems of real files: read, never guessed; what is wrong is found, named and proposed with its evidence."""

import numpy as np
import pyogrio
import pytest
import shapely
from geopandas import GeoDataFrame

from planning_check.errors import UsageError
from planning_check.geo.locating import locate
from planning_check.geo.offsets import to_bd09, to_gcj02
from planning_check.ingest import load
from tests.facts.tables import AS_OF

PLANE = "EPSG:4545"  # CGCS2000, central meridian 108, no zone number
SIDE = 400.0


def city() -> tuple[GeoDataFrame, GeoDataFrame]:
    """Twenty communities side by side, each with its office in the middle; metres."""
    codes = [f"6109020010{n:02d}" for n in range(20)]
    corners = [(500_000 + SIDE * (n % 5), 3_600_000 + SIDE * (n // 5)) for n in range(20)]
    squares = [shapely.box(x, y, x + SIDE, y + SIDE) for x, y in corners]
    named = {"社区代码": codes, "社区名称": [f"第{n}社区" for n in range(20)], "区县代码": ["610902"] * 20}
    offices = {"办公用房编号": [f"BG{n:03d}" for n in range(20)], "社区代码": codes, "用房性质": ["自有"] * 20}
    return GeoDataFrame(named, geometry=squares, crs=PLANE), GeoDataFrame(offices, geometry=[s.centroid for s in squares], crs=PLANE)


def shown(frame: GeoDataFrame, how: str) -> GeoDataFrame:
    """The layer as a careless sender would deliver it."""
    if how in ("gcj02", "bd09"):
        degrees = frame.to_crs("EPSG:4490")
        return degrees.set_geometry(shapely.transform(degrees.geometry.values, {"gcj02": to_gcj02, "bd09": to_bd09}[how]), crs="EPSG:4490")
    if how.startswith("no "):
        return frame.to_crs(how[3:]).set_crs(None, allow_override=True)
    if " called " in how:
        true, told = how.split(" called ")
        return frame.to_crs(true).set_crs(told, allow_override=True)
    if how == "flipped":
        degrees = frame.to_crs("EPSG:4490")
        return degrees.set_geometry(shapely.transform(degrees.geometry.values, lambda xy: xy[:, ::-1]), crs="EPSG:4490")
    return frame.to_crs(how)


@pytest.fixture
def delivered(tmp_path, con):
    """Write the communities true and the offices as shown; give what is found of each layer."""

    def deliver(how: str, *, both: bool = True, crs=(), suffix="gpkg", communities="EPSG:4545"):
        one, other = city()
        if both:
            pyogrio.write_dataframe(shown(one, communities), tmp_path / "社区边界.gpkg", layer="社区")
        if suffix == "shp":  # names of ten bytes
            other = other.rename(columns={"办公用房编号": "office_id", "社区代码": "SQDM", "用房性质": "tenure"})
            pyogrio.write_dataframe(shown(other, how), tmp_path / "社区办公用房.shp")
        else:
            pyogrio.write_dataframe(shown(other, how), tmp_path / "社区办公用房.gpkg", layer="社区办公用房")
        load(con, [tmp_path], crs=crs)
        locate(con, AS_OF)
        rows = con.execute("SELECT s.table_name, f.* FROM layer_frame f JOIN source s USING (source_id)").fetchall()
        names = [d[0] for d in con.description]
        return {row[0]: dict(zip(names, row, strict=True)) for row in rows}

    return deliver


@pytest.fixture
def con():
    import duckdb

    return duckdb.connect()


def placed(con) -> int:
    """Offices that anything was measured of."""
    return con.execute("SELECT count(*) FROM offices WHERE geometry_crs IS NOT NULL").fetchone()[0]


@pytest.mark.parametrize("crs", ["EPSG:4490", "EPSG:4326", "EPSG:4524", "EPSG:4545", "EPSG:3857", "EPSG:4546"])
def test_a_layer_that_says_what_it_is_fits(delivered, con, crs):
    found = delivered(crs)["offices"]
    assert (found["is_usable"], found["compared_by"], found["compared"], found["fit_as_stated"]) == (True, "linked", 20, 20)
    assert found["proposed"] is None
    assert placed(con) == 20


@pytest.mark.parametrize("crs", ["EPSG:4490", "EPSG:4524", "EPSG:4545", "EPSG:3857"])
@pytest.mark.parametrize("suffix", ["gpkg", "shp"])
def test_without_a_crs_nothing_is_measured_and_the_right_one_is_proposed(delivered, con, crs, suffix):
    found = delivered(f"no {crs}", suffix=suffix)["offices"]
    assert (found["is_usable"], found["proposed"], found["fit_as_proposed"], found["compared"]) == (False, crs, 20, 20)
    assert placed(con) == 0


@pytest.mark.parametrize(
    ("how", "proposed"),
    [
        ("EPSG:4545 called EPSG:4490", "EPSG:4545"), ("EPSG:4490 called EPSG:4545", "EPSG:4490"), ("EPSG:4524 called EPSG:4545", "EPSG:4524"),
        ("EPSG:4545 called EPSG:4524", "EPSG:4545"), ("EPSG:3857 called EPSG:4490", "EPSG:3857"), ("flipped", "EPSG:4490 flipped"),
    ],
)  # fmt: skip
def test_coordinates_that_cannot_be_are_not_used(delivered, con, how, proposed):
    found = delivered(how)["offices"]
    assert (found["is_usable"], found["proposed"], found["fit_as_stated"]) == (False, proposed, None)
    assert found["in_reach_share"] < 0.5
    assert placed(con) == 0


@pytest.mark.parametrize(("how", "proposed"), [("gcj02", "gcj02"), ("bd09", "bd09"), ("EPSG:4545 called EPSG:4546", "EPSG:4545")])
def test_an_offset_or_another_zone_is_told_by_the_records_that_belong_together(delivered, con, how, proposed):
    layers = delivered(how)
    found = layers["offices"]
    assert (found["is_usable"], found["compared_by"], found["proposed"], found["fit_as_proposed"]) == (True, "linked", proposed, 20)
    assert found["fit_as_stated"] < 10
    if proposed in ("gcj02", "bd09"):  # of two zones, either may be the wrong one: both are named
        assert layers["communities"]["proposed"] is None or layers["communities"]["fit_as_proposed"] < 16
    assert placed(con) == 20, "as stated, until somebody decides"


def test_the_layer_that_is_off_is_named_not_the_other(delivered):
    layers = delivered("EPSG:4545", communities="gcj02")
    assert layers["communities"]["proposed"] == "gcj02"
    assert layers["communities"]["fit_as_proposed"] == 20
    assert layers["offices"]["proposed"] != "gcj02"


def test_alone_only_the_size_of_the_coordinates_speaks(delivered):
    found = delivered("no EPSG:4545", both=False)["offices"]
    assert (found["compared_by"], found["compared"], found["is_usable"]) == ("size", None, False)
    assert found["proposed"] == "EPSG:4534"
    assert found["other_readings"].count("EPSG") == 20, "none of the zones is preferred"


@pytest.mark.parametrize(("how", "typed"), [("no EPSG:4545", "EPSG:4545"), ("gcj02", "gcj02"), ("flipped", "EPSG:4490 flipped")])
def test_what_somebody_decides_is_used_and_put_on_record(delivered, con, how, typed):
    found = delivered(how, crs=[f"社区办公用房.gpkg={typed}"])["offices"]
    assert (found["is_usable"], found["fit_as_stated"], found["proposed"]) == (True, 20, None)
    codes = {code for (code,) in con.execute("SELECT code FROM problem").fetchall()}
    assert "crs_by_choice" in codes
    assert "no_crs" not in codes


@pytest.mark.parametrize("typed", ["社区办公用房=EPSG:1", "=EPSG:4545", "EPSG:4545", "社区办公用房.gpkg=", "社区办公用房.gpkg=wgs"])
def test_what_is_no_reading_is_refused(delivered, typed):
    with pytest.raises(UsageError, match="no such way"):
        delivered("EPSG:4545", crs=[typed])


def test_a_name_that_no_layer_has_is_refused_with_those_that_are_near(delivered):
    with pytest.raises(UsageError) as caught:
        delivered("EPSG:4545", crs=["办公用房.gpkg=EPSG:4545"])
    assert "社区办公用房.gpkg" in caught.value.render("en")


def test_points_without_a_number_prove_nothing(con, tmp_path):
    one, other = city()
    other = other.set_geometry(shapely.points(np.full((20, 2), np.nan)), crs=PLANE)
    pyogrio.write_dataframe(one, tmp_path / "社区边界.gpkg", layer="社区")
    pyogrio.write_dataframe(other, tmp_path / "社区办公用房.gpkg", layer="社区办公用房")
    load(con, [tmp_path])
    locate(con, AS_OF)
    rows = con.execute(
        "SELECT in_reach_share, proposed FROM layer_frame f JOIN source s USING (source_id) WHERE table_name = 'offices'"
    ).fetchall()
    assert rows in ([], [(None, None)])
