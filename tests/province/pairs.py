"""Two small cities that have nothing in common, to be given one thing; and what a check says of them together and alone."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import shapely

from planning_check.pipeline.options import Options
from planning_check.pipeline.province.checking import judge_shard
from planning_check.pipeline.room import in_engine
from planning_check.pipeline.rules import load_rules
from planning_check.rulebook.kept import plan_kept
from tests import estates
from tests.province.city_map import write_layer

AS_OF = estates.AS_OF
CRS = "EPSG:4545"


def city(letter: str, district: str) -> estates.Tables:
    """Two estates in order, with ids, codes and names of their own: ``letter`` in each id, ``district`` before each code."""
    tables = estates.in_order(0)
    for n in (1, 2):
        for name, rows in estates.estate(f"P{letter}{n:02d}", "990102001001").items():
            tables[name] += rows
    tables = json.loads(json.dumps(tables, ensure_ascii=False).replace("990102", district))
    tables["区县"][0]["区县名称"] = f"{letter}市试验区"
    tables["社区"][0]["社区名称"] = f"{letter}市第一社区"
    return tables


def pair() -> tuple[estates.Tables, estates.Tables]:
    return city("A", "990111"), city("B", "990121")


def write(folder: Path, **tables: estates.Tables) -> list[Path]:
    """Each in a folder of its name."""
    return [estates.write(folder / name, told) for name, told in tables.items()]


def add_layer(folder: Path, name: str, *rows: tuple[dict[str, Any], shapely.Geometry], as_json: bool = False) -> None:
    write_layer(folder, name, [row for row, _ in rows], [shape for _, shape in rows], as_json=as_json)


def links(plan: Any) -> dict[str, int]:
    """Kind -> in how many places, of the links between two cities that are not kept apart."""
    return {link.kind: link.count for link in plan.links if link.apart is None}


def heads(folders: list[Path]) -> Counter[tuple[Any, ...]]:
    """What is found of a delivery, number aside."""
    book = load_rules([])
    options = Options(folders, AS_OF, AS_OF, labels=[folder.name for folder in folders])

    def found(con: Any) -> Counter[tuple[Any, ...]]:
        judge_shard(con, options, book, plan_kept(book, [], []))
        return Counter(con.execute("SELECT * EXCLUDE (number) FROM finding_head WHERE subject NOT IN ('code')").fetchall())

    return in_engine(options, found)


#: Where the second city begins, east of the first: their communities have this line for a border.
WEST, SOUTH, SIDE = 500_000.0, 3_800_000.0, 2_000.0


class Mapped:
    """The two cities on the map: a community each, side by side, a parcel a project in it, an office and an idle facility. Things are moved
    before ``write``: ``shapes``: layer -> shape by id."""

    def __init__(self, gap_m: float = 0.0) -> None:
        self.tables = dict(zip("AB", pair(), strict=True))
        self.shapes: dict[str, dict[str, shapely.Geometry]] = {}
        self.rows: dict[str, dict[str, dict[str, Any]]] = {}
        for number, (letter, tables) in enumerate(self.tables.items()):
            west = WEST + number * (SIDE + gap_m)
            community = tables.pop("社区")[0]
            self.add("社区", letter, community["社区代码"], community, shapely.box(west, SOUTH, west + SIDE, SOUTH + SIDE))
            for n, project in enumerate(tables["项目"]):
                corner = west + 300 + 700 * n
                parcel = {"宗地编号": f"Z{letter}{n}", "项目编号": project["项目编号"], "宗地面积": 20_000}
                self.add("宗地", letter, parcel["宗地编号"], parcel, shapely.box(corner, SOUTH + 300, corner + 200, SOUTH + 400))
            office = {"办公用房编号": f"B{letter}", "社区代码": community["社区代码"], "用房性质": "租用", "办公用房面积": 200,
                      "规划查档结果": "原规划无"}  # fmt: skip
            self.add("社区办公用房", letter, office["办公用房编号"], office, shapely.Point(west + 1000, SOUTH + 1500))
            idle = {
                "设施编号": f"X{letter}",
                "设施名称": f"{letter}市旧校舍",
                "权属单位": f"{letter}市教育局",
                "设施建筑面积": 900,
                "可用面积": 800,
            }
            self.add("闲置设施", letter, idle["设施编号"], idle, shapely.Point(west + 100, SOUTH + 100))

    def add(self, layer: str, letter: str, key: str, row: dict[str, Any], shape: shapely.Geometry) -> None:
        self.shapes.setdefault(layer, {})[f"{letter}|{key}"] = shape
        self.rows.setdefault(layer, {})[f"{letter}|{key}"] = row

    def write(self, folder: Path) -> list[Path]:
        folders = write(folder, **self.tables)
        for layer, shapes in self.shapes.items():
            for letter in self.tables:
                rows = [(self.rows[layer][key], shape) for key, shape in shapes.items() if key[0] == letter]
                if rows:
                    add_layer(folder / letter, layer, *rows, as_json=letter == "B")
        return folders


__all__ = ["AS_OF", "CRS", "SIDE", "SOUTH", "WEST", "Mapped", "add_layer", "city", "heads", "links", "pair", "write"]
