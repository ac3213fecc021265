"""Files that did not change are not read again, and nothing of the result tells whether they were."""

import json
import random
from pathlib import Path

import duckdb
import openpyxl
import pytest

from planning_check import keeping
from planning_check.ingest import intake, staged
from planning_check.ingest.delivery import find_files
from planning_check.ingest.mapping import parse_mapping
from planning_check.ingest.staging import Staging
from tests.widths import load

HEAD = ["项目编号", "项目名称", "区县", "用途", "规划总建筑面积", "规划批复日期"]
RING = [[116.0, 39.0], [116.001, 39.0], [116.001, 39.001], [116.0, 39.001], [116.0, 39.0]]


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv(keeping.VARIABLE, str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def read(monkeypatch):
    """The names of the files read, in order."""
    names = []
    real = intake._read
    monkeypatch.setattr(intake, "_read", lambda staging, file, *a, **k: names.append(file.name) or real(staging, file, *a, **k))
    return names


def workbook(path: Path, cells: list[list], *, hide: int | None = None) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "开发项目"
    for row in (HEAD, *cells):
        sheet.append(row)
    if hide:
        sheet.row_dimensions[hide].hidden = True
    book.create_sheet("说明").append(["填表说明"])
    book.save(path)


def rows(chance: random.Random) -> list[list]:
    areas = ["12000", "3万", "见附件", "", 8000.5]
    days = ["2009-03-01", "2009-03", "待定", "2031-01-01"]
    return [[f"XM{n:03}", f"{n}号院", "990101", "住宅", chance.choice(areas), chance.choice(days)] for n in range(1, chance.randint(2, 6))]


def parcels(chance: random.Random) -> str:
    features = [
        {"type": "Feature", "geometry": chance.choice([None, {"type": "Polygon", "coordinates": [RING]}]),
         "properties": {"宗地号": f"D{n}", "项目编号": f"XM{n:03}"}}
        for n in range(1, 4)
    ]  # fmt: skip
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)


def change(folder: Path, chance: random.Random) -> None:
    """One file of the delivery is another one, new, or gone."""
    name = chance.choice(["a.xlsx", "b.xlsx", "宗地.geojson", "移交.csv", "notes.csv", "c.xlsx"])
    path = folder / name
    if path.exists() and chance.random() < 0.2:
        path.unlink()
    elif name.endswith(".xlsx"):
        workbook(path, rows(chance), hide=chance.choice([None, 2]))
    elif name.endswith(".geojson"):
        path.write_text(parcels(chance), "utf-8")
    elif name == "移交.csv":
        path.write_text(
            f"移交编号,项目编号,移交日期,面积\nH1,XM001,2010-0{chance.randint(1, 9)}-01,{chance.randint(50, 90)}\nH2,,2010-01-01,见附件\n",
            "utf-8",
        )
    else:
        path.write_text(f"无关,的表\n{chance.randint(1, 9)},2\n", "gbk")


def everything(con: duckdb.DuckDBPyConnection) -> dict[str, list]:
    names = con.execute("SELECT schema_name || '.' || table_name FROM duckdb_tables() ORDER BY 1").fetchall()
    return {name: [con.execute(f"DESCRIBE {name}").fetchall(), con.execute(f"FROM {name}").fetchall()] for (name,) in names}


def taken_in(folder: Path) -> dict[str, list]:
    staging = Staging(duckdb.connect())
    for file in find_files([folder]):
        intake.take_in(staging, file)
    staged.make_room(staging)
    staging.finish()
    return everything(staging.con)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(4))
def test_after_any_edit_all_is_as_if_everything_were_read(tmp_path, monkeypatch, cache, seed):
    chance = random.Random(seed)
    folder = tmp_path / "delivery"
    folder.mkdir()
    for _ in range(8):
        change(folder, chance)
        if any(folder.iterdir()):
            again = taken_in(folder)
            with monkeypatch.context() as m:
                m.setenv(keeping.VARIABLE, "off")
                assert taken_in(folder) == again
    assert list(cache.glob("*.staged"))


def test_only_what_changed_is_read(tmp_path, read):
    folder = tmp_path / "delivery"
    folder.mkdir()
    chance = random.Random(0)
    for name in ("a.xlsx", "b.xlsx"):
        workbook(folder / name, rows(chance), hide=2)
    (folder / "宗地.geojson").write_text(parcels(chance), "utf-8")
    (folder / "移交.csv").write_text("移交编号,项目编号,移交日期,面积\nH1,XM001,2010-01-01,50\n", "utf-8")

    def loaded():
        read.clear()
        con = duckdb.connect()
        load(con, [folder])
        return everything(con)

    first = loaded()
    assert read == ["a.xlsx", "b.xlsx", "宗地.geojson", "移交.csv"]
    assert loaded() == first and read == []
    (folder / "移交.csv").write_text("移交编号,项目编号,移交日期,面积\nH1,XM001,2010-01-01,60\n", "utf-8")
    changed = loaded()
    assert read == ["移交.csv"] and changed != first
    (folder / "b.xlsx").rename(folder / "z.xlsx")  # the name may say which table it is
    loaded()
    assert read == ["z.xlsx"]


@pytest.mark.parametrize(
    "harm", [lambda d: d[:-1], lambda d: b"", lambda d: d[:90] + bytes([d[90] ^ 1]) + d[91:], lambda d: b"0" * 64 + d[64:]]
)
def test_what_is_damaged_is_read_again_and_mended(tmp_path, cache, read, harm):
    folder = tmp_path / "delivery"
    folder.mkdir()
    workbook(folder / "a.xlsx", rows(random.Random(1)))
    first = taken_in(folder)
    (kept,) = cache.glob("*.staged")
    kept.write_bytes(harm(kept.read_bytes()))
    assert taken_in(folder) == first and read == ["a.xlsx"] * 2
    assert taken_in(folder) == first and read == ["a.xlsx"] * 2


def test_another_program_another_reader_and_no_cache_are_misses(tmp_path, read, monkeypatch):
    folder = tmp_path / "delivery"
    folder.mkdir()
    workbook(folder / "a.xlsx", rows(random.Random(1)))
    taken_in(folder)
    monkeypatch.setattr(staged, "_read_by", lambda: ("another reader",))
    taken_in(folder)
    monkeypatch.setenv(keeping.VARIABLE, "off")
    taken_in(folder)
    assert read == ["a.xlsx"] * 3


def test_a_file_that_cannot_be_read_is_not_kept(tmp_path, cache, read):
    folder = tmp_path / "delivery"
    folder.mkdir()
    (folder / "a.csv").write_text('"项目编号,项目名称\n', "utf-8")
    first = taken_in(folder)
    assert taken_in(folder) == first and read == ["a.csv"] * 2 and not list(cache.glob("*"))


def test_the_files_used_last_stay(tmp_path, cache, read, monkeypatch):
    folder = tmp_path / "delivery"
    folder.mkdir()
    for name in ("a.xlsx", "b.xlsx"):
        workbook(folder / name, rows(random.Random(1)))
    monkeypatch.setattr(staged, "MOST_FILES", 1)
    taken_in(folder)
    assert len(list(cache.glob("*.staged"))) == 1
    taken_in(folder)
    assert read == ["a.xlsx", "b.xlsx", "a.xlsx"]
    monkeypatch.setattr(staged, "MOST_BYTES", 1)
    (folder / "移交.csv").write_text("移交编号,项目编号,移交日期,面积\nH1,XM001,2010-01-01,50\n", "utf-8")
    taken_in(folder)
    assert not list(cache.glob("*.staged"))  # not even one is so small


def test_room_is_made_once_a_delivery_and_only_after_something_was_kept(tmp_path, monkeypatch):
    folder = tmp_path / "delivery"
    folder.mkdir()
    for name in ("a.xlsx", "b.xlsx"):
        workbook(folder / name, rows(random.Random(1)))
    made = []
    monkeypatch.setattr(keeping, "drop_oldest", lambda folder, ending, **most: made.append(most))
    for _ in range(2):
        load(duckdb.connect(), [folder])
    assert made == [{"most_files": staged.MOST_FILES, "most_bytes": staged.MOST_BYTES}]


def test_the_words_of_a_mapping_are_brought_back_too(tmp_path, read):
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "办公用房.csv").write_text("编,社区,怎么来的,大小\nB1,S1,集体,50\n", "utf-8")
    told = parse_mapping(
        "m.yaml",
        "version: 1\nsheets: [{table: offices, columns: [{heading: 编, field: office_id}, {heading: 社区, field: community_code},"
        " {heading: 怎么来的, field: tenure}], values: {tenure: {集体: 租用}}}]",
    )
    for _ in range(2):
        con = duckdb.connect()
        load(con, [tmp_path / "d"], mapping=told)
        assert con.execute("SELECT o.tenure, r.tenure FROM offices o, raw_offices r").fetchall() == [("rented", "集体")]
    assert read == ["办公用房.csv"], "the second time it is brought back"
