"""The demo city's files: made again they are the same, their totals are the survey's, and each rule finds the records meant for it."""

from __future__ import annotations

import datetime as dt
import re
import runpy
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely

from planning_check import assess, pipeline
from planning_check.facts.measuring import measure
from planning_check.geo.locating import locate
from planning_check.schema import RECORDS
from tests.widths import MEASURING, load

ROOT = Path(__file__).parent.parent
DEMO = ROOT / "data" / "demo"
GENERATOR = ROOT / "data" / "demo_city"
COMMUNITIES, PARCELS = "民政局/社区边界.gpkg", "规划局/宗地与旧城改造.gpkg"
PEOPLE = "民政局/社区名录与办公用房.xlsx"
DAY = dt.date(2011, 6, 30)
MEANT = runpy.run_path(str(GENERATOR / "meant.py"))
#: what no bureau of the city has: no community was ever abolished, and nobody asked the owners of idle facilities when they are open, for
#: how many, and what they offer
NEVER_TOLD = {
    "communities.valid_to", "communities.successor_code", "idle_facilities.opening_hours", "idle_facilities.capacity_persons",
    "idle_facilities.offered_path",
}  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> tuple[Path, Path]:
    """Two deliveries, made at the same time by two processes."""
    folders = tmp_path_factory.mktemp("one"), tmp_path_factory.mktemp("two")
    running = [subprocess.Popen([sys.executable, str(GENERATOR), "--out", str(folder)]) for folder in folders]
    assert [process.wait(60) for process in running] == [0, 0]
    return folders


def _files(folder: Path) -> list[str]:
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


def _sheet(file: str, sheet: str, header: int) -> pd.DataFrame:
    return pd.read_excel(DEMO / file, sheet_name=sheet, header=header, dtype=str, engine="calamine")


def _layer(folder: Path, file: str, layer: str) -> tuple[pd.DataFrame, np.ndarray]:
    frame = pyogrio.read_dataframe(folder / file, layer=layer)
    return pd.DataFrame(frame.drop(columns="geometry")), frame.geometry.values


def test_two_runs_give_the_same_bytes(made):
    one, two = made
    assert _files(one) == _files(two)
    for name in _files(one):
        assert (one / name).read_bytes() == (two / name).read_bytes(), name


#: The ground is drawn by sums whose last bits depend on the processor: there a few blocks come out otherwise, and with them the figures of
#: the estates on them. Up to this share of a column's numbers and days may differ by more than a hundredth; words, ids and the number of
#: rows never.
_BY_PROCESSOR = 0.05


def _moved(old: object, new: object) -> bool:
    """Whether a cell differs by more than a hundredth. Fails where it is no number and no day."""
    if old == new or (pd.isna(old) and pd.isna(new)):
        return False
    texts = [str(old), str(new)]
    if all(re.match(r"\d{4}-\d\d-\d\d", text) for text in texts):
        return True
    numbers = [float(text) for text in texts]
    return abs(numbers[0] - numbers[1]) > 0.01 * max(map(abs, numbers))


def _same_but_for_the_processor(old: pd.DataFrame, new: pd.DataFrame, name: str) -> None:
    assert old.shape == new.shape, name
    for column in range(old.shape[1]):
        moved = sum(_moved(*pair) for pair in zip(old.iloc[:, column], new.iloc[:, column], strict=True))
        assert moved <= _BY_PROCESSOR * len(old), (name, old.iloc[0, column])


def test_committed_delivery_is_what_the_generator_makes(made):
    """Cells and attributes, and how many shapes; the bytes of workbooks and GeoPackages depend on the versions of their libraries."""
    fresh = made[0]
    assert _files(DEMO) == _files(fresh)
    for name in _files(fresh):
        if name.endswith(".yaml"):
            assert (DEMO / name).read_bytes() == (fresh / name).read_bytes(), name
        elif name.endswith((".csv", ".xlsx")):
            old, new = (_cells(folder / name) for folder in (DEMO, fresh))
            assert list(old) == list(new)
            for sheet in old:
                _same_but_for_the_processor(old[sheet], new[sheet], f"{name} > {sheet}")
        else:
            for layer in pyogrio.list_layers(fresh / name)[:, 0]:
                (old, _), (new, _) = (_layer(f, name, layer) for f in (DEMO, fresh))
                assert list(old) == list(new) and abs(len(old) - len(new)) <= _BY_PROCESSOR * len(old), layer


def _cells(path: Path) -> dict[str, pd.DataFrame]:
    if path.suffix == ".csv":
        return {"": pd.read_csv(path, header=None, dtype=str, encoding="gb18030")}
    return pd.read_excel(path, sheet_name=None, header=None, dtype=str, engine="calamine")


def test_communities_are_the_surveys():
    rows = _sheet(PEOPLE, "社区名录", 1)
    names = dict(_sheet(PEOPLE, "区县", 0)[["区县代码", "区县名称"]].itertuples(index=False))
    by_district = Counter(rows["区县代码"])
    assert [by_district[code] for code in sorted(names)] == [47, 8, 10, 9, 15, 6, 4, 1, 26, 3]
    assert Counter(rows["社区类型"]) == {"居改社": 61, "村改社": 40, "小区型": 28}
    assert 490_000 < rows["常住人口"].astype(int).sum() < 500_000
    assert (rows["已得项目支持"] == "是").sum() == 115
    assert rows["社区代码"].is_unique and rows["社区名称"].is_unique and rows["社区代码"].str.startswith("9901").all()


def test_offices_are_the_surveys():
    offices = _sheet(PEOPLE, "办公用房台账", 1)
    rented = offices[offices["用房性质"].isin(["租用", "借用"])]
    assert offices["社区代码"].nunique() == len(offices) == 129
    assert len(rented) == 23 and list(rented.loc[rented["处置完成日期"].notna(), "办公用房编号"]) == ["BG126"], "resolved on paper only"
    assert Counter(offices["用房性质"]).keys().isdisjoint({"临时用房", "无用房", "不明"})
    [coordinated] = offices[offices["用房性质"] == "协调使用"].itertuples()
    row = offices.loc[coordinated.Index]
    assert (float(row["办公用房面积(㎡)"]), row["面临拆迁"], row["社区代码"][:6]) == (320, "是", "990102")
    supported = _sheet(PEOPLE, "社区名录", 1).set_index("社区代码")["已得项目支持"]
    assert (supported[rented["社区代码"]] == "是").sum() >= 9


def test_facilities_are_the_surveys():
    kinds = Counter(_sheet(PEOPLE, "社区服务设施", 0)["设施类别"])
    survey = {
        "社区服务站": 124, "一站式服务大厅": 5, "计生卫生服务站": 125, "警务室": 129, "图书室": 117,
        "文体活动站": 78, "慈善超市": 1, "残疾人服务设施": 15, "老年人日间照料": 14,
    }  # fmt: skip
    assert {kind: kinds[kind] for kind in survey} == survey


def test_developments_are_old_and_new():
    rows = _sheet("规划局/开发项目台账.xlsx", "开发项目台账", 1)
    assert 150 <= len(rows) <= 300 and rows["项目编号"].is_unique
    older = (rows["规划方案批复日期"].str.slice(0, 10).str.replace(r"年(\d)月", r"-0\1", regex=True) < "2006-04-09").mean()
    assert 0.15 < older < 0.20


def test_the_ground_is_a_city():
    """Communities share their borders exactly but for one; no two parcels overlap, but for the flaws that are meant (land_flaws.py)."""
    named, communities = _layer(DEMO, COMMUNITIES, "communities")
    rows, parcels = _layer(DEMO, PARCELS, "parcels")
    assert len(communities) == 129 and shapely.is_valid(communities).all()
    flawed = named["SQDM"].isin(["990124002001", "990124002005"]).to_numpy()
    assert flawed.sum() == 2 and shapely.coverage_is_valid(communities[~flawed]) and not shapely.coverage_is_valid(communities)
    crossed = ~shapely.is_valid(parcels)
    assert crossed.sum() == 1
    assert (~np.isclose(shapely.area(parcels), rows["宗地面积"], atol=0.01) & ~crossed).sum() == 3
    sound = parcels[~crossed]
    pairs = shapely.STRtree(sound).query(sound, predicate="overlaps")
    assert np.bincount(pairs[0]).argmax() == np.bincount(pairs[1]).argmax(), "one swollen parcel overlaps its neighbours"
    swollen = np.bincount(pairs[0]).argmax()
    assert ((pairs[0] == swollen) | (pairs[1] == swollen)).all()
    assert pyogrio.read_info(DEMO / PARCELS, layer="parcels")["crs"] == "EPSG:4545"


def test_the_delivery_is_small():
    assert sum((DEMO / name).stat().st_size for name in _files(DEMO)) < 1_500_000


@pytest.fixture(scope="module")
def city() -> duckdb.DuckDBPyConnection:
    """The delivery read and measured."""
    con = duckdb.connect()
    load(con, [DEMO])
    locate(con, DAY, MEASURING)
    measure(con, DAY, MEASURING)
    return con


def _judge(con: duckdb.DuckDBPyConnection, *examples: str, rules: Sequence[str] = ()) -> None:
    """Let the rules (all, or these) under bundled examples judge the city."""
    assess.assess(con, pipeline.load_rules([Path("examples") / name for name in examples]).plan(rules))


@pytest.fixture(scope="module")
def judged(city) -> tuple[dict[str, dict[str, str]], dict[str, dict[str, str]]]:
    """Of the bundled rules: rule -> subject -> status of what violates it, and rule -> subject -> outcome of everything near it."""
    _judge(city)
    subjects = {rule.id: rule.subject for rule in pipeline.load_rules().rules}
    outcomes = {}
    for rule in MEANT["OTHERWISE"]:
        table = f"judged_{subjects[rule]}"
        [key, *_] = (row[0] for row in city.execute(f"DESCRIBE {table}").fetchall())
        outcomes[rule] = dict(city.execute(f"SELECT {key}, {rule}__outcome FROM {table}").fetchall())
    return {rule: _statuses(city, rule) for rule in MEANT["MEANT"]}, outcomes


def _statuses(con: duckdb.DuckDBPyConnection, rule: str) -> dict[str, str]:
    """Subject -> status ("" where the rule has none) of everything that a rule finds violated."""
    rows = con.execute("SELECT subject_key, coalesce(status, '') FROM finding_head WHERE rule_id = ? AND outcome = 'violation'", [rule])
    return dict(rows.fetchall())


def test_each_rule_finds_the_records_meant_for_it(judged):
    for rule, records in MEANT["MEANT"].items():
        found = judged[0][rule]
        assert {key: found.get(key) for key in records} == {key: status for key, (status, _) in records.items()}, rule


def test_an_example_finds_the_records_meant_for_it(city, judged):
    for rule, (example, records) in MEANT["MEANT_UNDER"].items():
        _judge(city, example, rules=[rule])  # no rule reads what another one finds
        found = _statuses(city, rule)
        assert {key: found.get(key) for key in records} == {key: status for key, (status, _) in records.items()}, (rule, example)


def test_near_misses_are_left_alone(judged):
    for rule, records in MEANT["OTHERWISE"].items():
        told = judged[1][rule]
        assert {one: told.get(one) for one in records} == {one: outcome for one, (outcome, _) in records.items()}, rule


def test_a_few_records_are_set_aside_and_for_these_reasons(city):
    """The bad rows of flaws.py: a total, one number twice, a negative area; of a day that does not exist only the day."""
    assert Counter(code for (code,) in city.execute("SELECT code FROM quarantine").fetchall()) == {
        "total_row": 1, "duplicate_key": 2, "negative": 1,
    }  # fmt: skip
    kept = city.execute("SELECT field, raw FROM problem WHERE NOT quarantined AND code = 'no_such_date'").fetchall()
    assert kept == [("completed_on", "2009-02-30")]


def test_every_field_is_told_by_some_bureau(city):
    silent = set()
    for table in RECORDS:
        for field in table.fields:
            told = city.execute(f"SELECT count({field.columns[0]}) FROM {table.name}").fetchone()[0]
            silent |= set() if told else {f"{table.name}.{field.name}"}
    assert silent == NEVER_TOLD
