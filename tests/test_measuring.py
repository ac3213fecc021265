"""No judging number in Python: the widths of measuring come from ``rules/measuring.yaml``, near is the rule's own ``near_m``."""

import ast
import datetime as dt
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pytest
import shapely

import planning_check
from planning_check import pipeline
from planning_check.errors import RulebookError
from planning_check.facts.groups import group_neighbours
from planning_check.geo.land.locate import locate_land
from planning_check.rulebook.matching import WIDTHS, read_measuring
from tests.geo.tables import box, fresh, put
from tests.widths import MEASURING

BUNDLED = pipeline.bundled("rules") / "measuring.yaml"
PACKAGE = Path(planning_check.__file__).parent
#: Numbers at the head of a module that judge nobody, each with what it is.
JUDGE_NOTHING = {
    "assess/bunching.EDGES": "bands of a picture",
    "assess/sampling._LEVEL": "how sure the interval of a sample is",
    "assess/staging._RULES_A_STAGE": "time of planning",
    "assess/staging._FEWEST_ALONE": "time of planning",
    "facts/claims._PLACE": "bits of a mark",
    "facts/codes._WEIGHTS": "the check characters of GB 11714",
    "facts/dictionary.CONFLICT": "a place in a list of names",
    "geo/locating.STEPS": "how many steps are told while waiting",
    "geo/land/borders._DEGREE_M": "what a degree is, for a reach in degrees that is never too short",
    "geo/land/parcels.STANDING": "a name for a state",
    "geo/land/parcels.UNCLEAR": "a name for a state",
    "geo/land/parcels.GONE": "a name for a state",
    "geo/land/communities._COMMUNITIES_A_PIECE": "work of a thread",
    "geo/frames/deciding.SAMPLE": "work: a layer is looked at by so many features",
    "geo/frames/deciding._CHINA": "where the country is",
    "geo/places/near.FIRST_RADIUS_M": "where a search begins; it goes on until it finds",
    "geo/frames/offsets._AXIS_M": "the ellipsoid",
    "geo/frames/offsets._ECCENTRICITY": "the ellipsoid",
    "geo/frames/offsets._MIDDLE": "the published offset of web maps",
    "geo/frames/offsets._BD_LONGITUDE": "the published offset of web maps",
    "geo/frames/offsets._BD_LATITUDE": "the published offset of web maps",
    "geo/frames/offsets._ROUNDS": "rounds of an iteration",
    "geo/frames/plane._FIRST_ZONE": "EPSG codes",
    "geo/frames/plane._FIRST_MERIDIAN": "EPSG codes",
    "geo/frames/plane._LAST_MERIDIAN": "EPSG codes",
    "geo/frames/plane._ZONE_WIDTH": "EPSG codes",
    "geo/frames/plane._SAMPLE": "work: the plane is chosen by so many features",
    "geo/frames/readings.PREFIXED": "EPSG codes",
    "geo/frames/readings.PLAIN": "EPSG codes",
    "geo/land/shares._PLACES": "millionths and hundredths of a percent",
    "geo/spread.CHUNK": "work of a thread",
    "geo/shapes/validity.EARTH_M2": "the surface of the earth",
    "geo/shapes/validity._POLYGONS": "shapely's type ids",
}


def numbers_at_the_head(room: str) -> set[str]:
    """Names of a room's modules that are given a number, or something made of numbers, at the head of a module."""
    found = set()
    for path in sorted((PACKAGE / room).rglob("*.py")):
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
                values = [n.value for n in ast.walk(node.value) if isinstance(n, ast.Constant) and not isinstance(n.value, str | bool)]
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                if any(isinstance(v, int | float) for v in values):
                    names = [n.id for target in targets for n in ast.walk(target) if isinstance(n, ast.Name)]
                    module = path.relative_to(PACKAGE).with_suffix("").as_posix()
                    found |= {f"{module}.{name}" for name in names}
    return found


def test_no_number_at_the_head_of_a_module_judges():
    found = {name for room in ("geo", "facts", "assess") for name in numbers_at_the_head(room)}
    assert found == set(JUDGE_NOTHING), (
        "a width belongs into rules/measuring.yaml; a number that judges nobody into this list, with its reason"
    )


def test_the_bundled_widths_have_their_notes_and_a_place():
    widths = read_measuring(BUNDLED, "rules/measuring.yaml")
    assert tuple(widths) == WIDTHS
    assert all(w.note and w.where.startswith("rules/measuring.yaml:") for w in widths.values())
    assert pipeline.load_rules().measuring.group_m == (50.0,)
    assert pipeline.load_rules().measuring.alike_m == 50.0


def test_a_city_changes_only_what_it_names(tmp_path):
    (tmp_path / "measuring.yaml").write_text("narrow_m: {value: 0.2, note: 本市测绘精度}\n", "utf-8")
    book = pipeline.load_rules([tmp_path])
    assert book.measuring.narrow_m == 0.2
    assert book.measuring.sliver_m2 == pipeline.load_rules().measuring.sliver_m2
    assert book.overridden["measuring.narrow_m"] == f"{tmp_path.name}/measuring.yaml:1"
    assert f"{tmp_path.name}/measuring.yaml" in book.hashes, "the run is told by other rules"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("narow_m: {value: 0.2, note: x}", "unknown key narow_m"),
        ("narrow_m: {value: 0.2}", "note is missing"),
        ("narrow_m: {value: -1, note: x}", "a number from 0 to 1000"),
        ("repair_share: {value: 1.5, note: x}", "a number from 0 to 1 is"),
        ("fewest_compared: {value: 2.5, note: x}", "a whole number"),
        ("sliver_m2: {value: '1', note: x}", "a number is expected"),
        ("sliver_m2: 1", "a mapping is expected"),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path, text, says):
    (tmp_path / "measuring.yaml").write_text(f"# a city's own\n{text}\n", "utf-8")
    with pytest.raises(RulebookError, match=says) as error:
        pipeline.load_rules([tmp_path])
    assert error.value.where.line == 2


def test_the_whole_file_is_needed_where_nothing_is_below_it(tmp_path):
    (tmp_path / "measuring.yaml").write_text("narrow_m: {value: 0.2, note: x}\n", "utf-8")
    with pytest.raises(RulebookError, match="is missing"):
        read_measuring(tmp_path / "measuring.yaml", "city/measuring.yaml")


def test_a_width_is_the_one_used(tmp_path):
    """Two parcels that share 3 m2: land shared by the bundled width, a sliver by the city's."""

    def shared(rule_dirs=()) -> list:
        con = fresh()
        put(con, "parcels", box(0, 0, 10, 10), parcel_id="A", project_id="P1")
        put(con, "parcels", box(9.7, 0, 20, 10), parcel_id="B", project_id="P2")
        locate_land(con, dt.date(2011, 6, 30), pipeline.load_rules(rule_dirs).measuring)
        return [float(m2) for (m2,) in con.execute("SELECT overlap_m2 FROM parcel_shape ORDER BY parcel_id").fetchall()]

    (tmp_path / "measuring.yaml").write_text("sliver_m2: {value: 3.01, note: 本市测绘精度}\n", "utf-8")
    assert shared() == [3, 3]
    assert shared([tmp_path]) == [0, 0]


def row_of_parcels(folder: Path, *wests: float) -> Path:
    """A delivery: one developer's projects of 29,000 m2 in a row, each 100 m wide, with their west edges at these metres."""
    import geopandas
    from openpyxl import Workbook

    folder.mkdir()
    book = Workbook()
    sheet = book.active
    sheet.title = "开发项目台账"
    sheet.append(["项目编号", "项目名称", "区县代码", "社区代码", "用途", "建设单位", "统一社会信用代码", "规划总建筑面积", "规划住宅建筑面积",
                  "方案批准日期", "工规证日期"])  # fmt: skip
    for n, _ in enumerate(wests, 1):
        sheet.append(
            [f"P{n}", f"宏远{n}号院", "990101", "", "住宅", "宏远置业", "91610902MA6XX1234X", 29000, 29000, "2008-03-01", "2008-06-01"]
        )
    book.save(folder / "台账.xlsx")
    shapes = [shapely.box(500_000 + w, 3_800_000, 500_100 + w, 3_800_100) for w in wests]
    ids = range(1, len(wests) + 1)
    frame = {"parcel_id": [f"Z{n}" for n in ids], "project_id": [f"P{n}" for n in ids]}
    geopandas.GeoDataFrame(frame, geometry=shapes, crs="EPSG:4545").to_file(folder / "parcels.gpkg", layer="宗地", driver="GPKG")
    return folder


def ap03(tmp_path: Path, near_m: int, *wests: float) -> list[tuple[str, str, str]]:
    """Key, outcome and message of AP03's findings on the row, with tiers and ``near_m`` of the city's own."""
    own = tmp_path / "city"
    own.mkdir()
    (own / "overrides.yaml").write_text(f"parameters: {{AP03.near_m: {near_m}}}\n", "utf-8")
    db = f"sqlite:///{(tmp_path / 'check.sqlite').as_posix()}"
    pipeline.check(
        pipeline.Options(
            [row_of_parcels(tmp_path / "delivery", *wests)],
            as_of=dt.date(2011, 6, 30),
            today=dt.date(2011, 6, 30),
            rule_dirs=[Path("examples/tiers"), own],
            select=["AP03"],
        ),
        created_at=dt.datetime(2011, 6, 30),
        db_url=db,
    )
    return [(r["subject_key"], r["outcome"], r["message_zh"]) for r in pipeline.findings(db).rows]


def test_a_larger_near_m_finds_what_lies_farther_apart(tmp_path):
    """80 m apart, AP03.near_m 100: one of 58,000 m2 owes 800, two of 29,000 owe 300 each."""
    ((key, outcome, message),) = ap03(tmp_path, 100, 0, 180)
    assert (key, outcome) == ("P1", "violation")
    assert "P1 " in message and "P2 " in message and "少 200.00 平方米" in message


def test_a_smaller_near_m_takes_a_far_third_out_of_the_group(tmp_path):
    """Gaps of 10 and 40 m in a row, AP03.near_m 30: the first two are a group, the third takes nothing from them."""
    ((key, outcome, message),) = ap03(tmp_path, 30, 0, 110, 250)
    assert (key, outcome) == ("P1", "violation")
    assert "P2 " in message and "P3 " not in message and "少 200.00 平方米" in message


@pytest.mark.parametrize(
    ("group_m", "groups"),
    [
        ((50.0,), {"P1": "P1 P2 P3"}),
        ((40.0,), {"P1": "P1 P2 P3"}),  # up to and including
        ((30.0,), {"P1": "P1 P2"}),
        ((9.99,), {}),
        ((), {}),
        ((50.0, 30.0), {"P1": "P1 P2 P3", "P1@30": "P1 P2"}),  # two rules, each with its groups; the first keeps the plain key
        ((9.0, 45.5), {"P1@45.5": "P1 P2 P3"}),
    ],
)
def test_groups_are_made_at_each_distance(group_m, groups):
    con = fresh()
    for n in (1, 2, 3):
        put(con, "projects", project_id=f"P{n}", developer_code="C1")
    con.execute("CREATE TABLE project_near AS FROM (VALUES ('P1', 'P2', 10.00), ('P2', 'P3', 40.00)) v(project_id, other_id, metres)")
    con.execute(files("planning_check.facts").joinpath("identity.sql").read_text("utf-8"))
    group_neighbours(con, replace(MEASURING, group_m=group_m))
    made = con.execute("SELECT cluster_id, string_agg(project_id, ' ' ORDER BY project_id) FROM project_group GROUP BY 1").fetchall()
    assert dict(made) == groups
    assert con.execute("SELECT count(*) FROM project_group WHERE farthest_m > within_m").fetchone() == (0,)


def test_two_rules_of_two_distances_have_their_own_groups(tmp_path):
    text = next(pipeline.bundled("rules").glob("*/AP03_*.yaml")).read_text("utf-8").split("\ncases:")[0]
    (tmp_path / "AP93_wider.yaml").write_text(text.replace("id: AP03", "id: AP93").replace("value: 50,", "value: 200,"), "utf-8")
    assert pipeline.load_rules([tmp_path]).measuring.group_m == (50.0, 200.0)


def test_a_rule_on_groups_must_say_of_which_distance(tmp_path):
    text = next(pipeline.bundled("rules").glob("*/AP03_*.yaml")).read_text("utf-8").split("\ncases:")[0]
    assert "within_m = param.near_m" in text
    mine = text.replace("id: AP03", "id: AP93").replace("within_m = param.near_m", "farthest_m <= param.near_m")
    (tmp_path / "AP93_wider.yaml").write_text(mine, "utf-8")
    with pytest.raises(RulebookError, match=r"within_m = param\.near_m") as error:
        pipeline.load_rules([tmp_path]).plan(["AP93"])
    assert error.value.where.line


def test_names_alike_are_told_as_far_as_a_rule_asks(tmp_path):
    def told(rule_dirs=()) -> list:
        con = fresh()
        for n, (name, west) in enumerate([("宏远置业", 0), ("宏远房地产开发公司", 180)], 1):
            put(con, "projects", project_id=f"P{n}", developer_name=name, developer_code=f"C{n}")
            put(con, "parcels", box(west, 0, west + 100, 100), parcel_id=f"Z{n}", project_id=f"P{n}")
        locate_land(con, dt.date(2011, 6, 30), pipeline.load_rules(rule_dirs).measuring)
        return [float(m) for (m,) in con.execute("SELECT metres FROM project_alike").fetchall()]

    (tmp_path / "overrides.yaml").write_text("parameters: {AP06.near_m: 100}\n", "utf-8")
    assert told() == []
    assert told([tmp_path]) == [80]
