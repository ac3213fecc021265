"""Coordinate systems of real files: read, never guessed; what is wrong is found, named and proposed with its evidence."""

import numpy as np
import pyogrio
import pytest
import shapely
from geopandas import GeoDataFrame

from planning_check.errors import UsageError
from planning_check.geo.frames.offsets import to_bd09, to_gcj02
from planning_check.geo.locating import locate
from tests.facts.tables import AS_OF
from tests.widths import MEASURING, load

PLANE = "EPSG:4545"  # CGCS2000, central meridian 108, no zone number
SIDE = 400.0


def city(side: float = SIDE, at: tuple[float, float] = (500_000, 3_600_000), plane: str = PLANE) -> tuple[GeoDataFrame, GeoDataFrame]:
    """Twenty communities side by side, each with its office in the middle; metres."""
    codes = [f"6109020010{n:02d}" for n in range(20)]
    corners = [(at[0] + side * (n % 5), at[1] + side * (n // 5)) for n in range(20)]
    squares = [shapely.box(x, y, x + side, y + side) for x, y in corners]
    named = {"社区代码": codes, "社区名称": [f"第{n}社区" for n in range(20)], "区县代码": ["610902"] * 20}
    offices = {"办公用房编号": [f"BG{n:03d}" for n in range(20)], "社区代码": codes, "用房性质": ["自有"] * 20}
    return GeoDataFrame(named, geometry=squares, crs=plane), GeoDataFrame(offices, geometry=[s.centroid for s in squares], crs=plane)


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
            other = other.rename(columns={"办公用房编号": "office_id", "用房性质": "tenure"})
            pyogrio.write_dataframe(shown(other, how), tmp_path / "社区办公用房.shp", encoding="gbk")
        else:
            pyogrio.write_dataframe(shown(other, how), tmp_path / "社区办公用房.gpkg", layer="社区办公用房")
        load(con, [tmp_path], crs=crs)
        locate(con, AS_OF, MEASURING)
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
        ("EPSG:4545 called EPSG:4490", "EPSG:4545"), ("EPSG:4490 called EPSG:4545", "EPSG:4490"),
        ("EPSG:4524 called EPSG:4545", "EPSG:4524"),
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
    assert found["proposed"] is None, "nothing was compared"
    assert found["other_readings"].count("EPSG") == 21, "none of the zones is preferred"


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
    locate(con, AS_OF, MEASURING)
    rows = con.execute(
        "SELECT in_reach_share, proposed FROM layer_frame f JOIN source s USING (source_id) WHERE table_name = 'offices'"
    ).fetchall()
    assert rows in ([], [(None, None)])


def measured(con, folder, one, other, crs=()) -> dict:
    """Write both layers as they are; what is found of the offices."""
    pyogrio.write_dataframe(one, folder / "社区边界.gpkg", layer="社区")
    if isinstance(other, GeoDataFrame):
        pyogrio.write_dataframe(other, folder / "社区办公用房.gpkg", layer="社区办公用房")
    else:
        (folder / "社区办公用房.csv").write_text(other, "utf-8-sig")
    load(con, [folder], crs=crs)
    locate(con, AS_OF, MEASURING)
    rows = con.execute("SELECT f.* FROM layer_frame f JOIN source s USING (source_id) WHERE s.table_name = 'offices'")
    return dict(zip([d[0] for d in rows.description], rows.fetchone(), strict=True))


@pytest.mark.parametrize("number", [25, 36, 45, *(pytest.param(number, marks=pytest.mark.long) for number in (30, 41, 42))])
@pytest.mark.parametrize("prefixed", [False, True])
@pytest.mark.parametrize("stated", [False, True])
def test_zones_from_the_first_to_the_last(con, tmp_path, number, prefixed, stated):
    code = f"EPSG:{(4488 if prefixed else 4509) + number}"
    north = {25: 4_300_000, 42: 4_900_000, 45: 5_250_000}.get(number, 3_600_000)  # the outer zones are land only in the north
    one, other = city(at=(500_000 + prefixed * number * 1_000_000, north), plane=code)
    found = measured(con, tmp_path, one.to_crs("EPSG:4490"), other if stated else shown(other, f"no {code}"))
    assert (found["is_usable"], found["fit_as_stated"], found["proposed"]) == ((True, 20, None) if stated else (False, None, code))


def test_readings_that_linked_records_cannot_tell_apart_are_all_named(con, tmp_path):
    one, other = city(side=3_000)  # in communities so wide an offset of some hundred metres moves no office out
    found = measured(con, tmp_path, one, shown(other, "gcj02").set_crs(None, allow_override=True))
    assert (found["compared_by"], found["proposed"], found["fit_as_proposed"]) == ("linked", None, 20)
    assert found["other_readings"] == "EPSG:4490, gcj02, bd09"


def test_where_codes_are_wrong_the_extent_still_speaks(con, tmp_path):
    one, other = city(side=3_000)
    other["社区代码"] = [*other["社区代码"][10:], *other["社区代码"][:10]]
    found = measured(con, tmp_path, one, shown(other, f"no {PLANE}"))
    assert (found["compared_by"], found["proposed"], found["fit_as_proposed"]) == ("extent", PLANE, 20)


def test_a_definition_without_a_code(con, tmp_path):
    one, other = city()
    own = "+proj=tmerc +lat_0=0 +lon_0=108.5 +k=1 +x_0=500000 +y_0=0 +ellps=GRS80 +units=m +no_defs"
    found = measured(con, tmp_path, one, other.to_crs(own))
    assert (found["is_usable"], found["fit_as_stated"]) == (True, 20)


def sheet(pairs) -> str:
    _, offices = city()
    lines = [
        f"{key},{code},自有,{a!r},{b!r}"
        for (key, code), (a, b) in zip(offices[["办公用房编号", "社区代码"]].to_numpy(), pairs, strict=True)
    ]
    return "\n".join(["办公用房编号,社区代码,用房性质,经度,纬度", *lines])


@pytest.mark.parametrize(("how", "reading"), [("EPSG:4490", None), ("flipped", "EPSG:4490 flipped"), ("gcj02", "gcj02"), (PLANE, PLANE)])
def test_sheets_are_judged_as_layers_are(con, tmp_path, how, reading):
    one, other = city()
    cells = sheet(shapely.get_coordinates(shown(other, how).geometry.values).tolist())
    found = measured(con, tmp_path, one, cells)
    assert found["proposed"] == reading
    assert not con.execute("SELECT 1 FROM problem WHERE code = 'not_a_coordinate'").fetchall(), "said once of the sheet, not of every row"
    assert placed(con) == (20 if reading in (None, "gcj02") else 0)


@pytest.mark.parametrize(("how", "typed"), [("flipped", "EPSG:4490 flipped"), ("gcj02", "gcj02"), (PLANE, PLANE)])
def test_a_sheet_is_read_as_somebody_decides(con, tmp_path, how, typed):
    one, other = city()
    cells = sheet(shapely.get_coordinates(shown(other, how).geometry.values).tolist())
    found = measured(con, tmp_path, one, cells, crs=[f"社区办公用房.csv={typed}"])
    assert (found["is_usable"], found["fit_as_stated"], placed(con)) == (True, 20, 20)


def test_a_few_wrong_rows_are_rows_not_a_wrong_sheet(con, tmp_path):
    one, other = city()
    pairs = shapely.get_coordinates(shown(other, "EPSG:4490").geometry.values).tolist()
    measured(con, tmp_path, one, sheet([pair[::-1] if n < 10 else pair for n, pair in enumerate(pairs)]))
    assert con.execute("SELECT count(*) FROM problem WHERE code = 'not_a_coordinate'").fetchone() == (10,)
    assert placed(con) == 10


def test_two_names_of_one_layer_read_it_once(con, tmp_path):
    one, other = city()
    both = ["社区办公用房.gpkg=gcj02", "社区办公用房.gpkg > 社区办公用房=gcj02"]
    assert measured(con, tmp_path, one, shown(other, "gcj02"), crs=both)["fit_as_stated"] == 20


@pytest.mark.parametrize("second", ["社区办公用房.gpkg=EPSG:4546", "社区办公用房.gpkg > 社区办公用房=EPSG:4546"])
def test_two_readings_of_one_layer_are_refused(con, tmp_path, second):
    with pytest.raises(UsageError, match="EPSG:4545 and EPSG:4546"):
        measured(con, tmp_path, *city(), crs=["社区办公用房.gpkg=EPSG:4545", second])
