"""The delivered cells as tables: workbooks by openpyxl, text by csv, layers by pyogrio; rows of one key united,
unusable rows counted as holes."""

from __future__ import annotations

import csv
import datetime as dt
import math
import re
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from itertools import product
from pathlib import Path

import openpyxl
import pandas as pd
import pyogrio

from tests.oracle.fields import BLANK, COLUMNS, DATES, HAPPENED, KEYS, NEEDED, SHEETS, TRUTHS, UNREAD, WHOLE, WORDS
from tests.oracle.known import Day, day_of, half_up


@dataclass
class City:
    """Tables by name (key -> row), shapes by layer, and the projects of which a row was lost, by table."""

    tables: dict[str, dict[tuple, dict]] = field(default_factory=lambda: {name: {} for name in KEYS})
    shapes: dict[str, list[tuple[str, str | None, object]]] = field(default_factory=lambda: {"parcels": [], "communities": []})
    holes: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def rows(self, table: str, **where: object) -> list[dict]:
        return [row for row in self.tables[table].values() if all(row.get(name) == value for name, value in where.items())]

    def by_project(self, table: str) -> dict[str, list[dict]]:
        found: dict[str, list[dict]] = defaultdict(list)
        for row in self.tables[table].values():
            found[row["project_id"]].append(row)
        return found


def read(folder: Path) -> City:
    city, told = City(), defaultdict(list)
    for path in sorted(folder.rglob("*")):
        if path.suffix == ".xlsx":
            for sheet in openpyxl.load_workbook(path).worksheets:
                if sheet.title in SHEETS:
                    _take(told, SHEETS[sheet.title], [[(c.value, c.number_format) for c in row] for row in sheet.iter_rows()])
        elif path.suffix == ".csv" and SHEETS.get(path.stem, path.stem) in KEYS:
            lines = list(csv.reader(_text(path).splitlines()))
            _take(told, SHEETS.get(path.stem, path.stem), [[(cell, "") for cell in line] for line in lines])
        elif path.suffix == ".gpkg":
            _layers(city, told, path)
    for table, rows in told.items():
        _unite(city, table, rows)
    _not_yet(city, folder / "delivery.yaml")
    return city


def _not_yet(city: City, told: Path) -> None:
    """A day of what has happened that lies after the day of the delivery cannot be: it may be any."""
    found = re.search(r"^as_of: (\d{4}-\d\d-\d\d)$", told.read_text("utf-8"), re.MULTILINE) if told.exists() else None
    last = dt.date.fromisoformat(found.group(1)) if found else dt.date.max
    for table, names in HAPPENED.items():
        for row, name in product(city.tables[table].values(), names):
            if row.get(name) and row[name].lo > last:
                row[name] = Day(dt.date.min, dt.date.max)


def _text(path: Path) -> str:
    raw = path.read_bytes()
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("gb18030")


def _layers(city: City, told: dict[str, list[dict]], path: Path) -> None:
    for layer, _ in pyogrio.list_layers(path):
        table = SHEETS.get(layer, layer)
        if table not in ("parcels", "communities"):
            continue
        frame = pyogrio.read_dataframe(path, layer=layer, fid_as_index=False)
        names = {column: COLUMNS[table].get(column, column) for column in frame.columns}
        for record in frame.rename(columns=names).to_dict("records"):
            key, project = record[KEYS[table][0]], _blank(record.get("project_id"))
            city.shapes[table].append((key, project, record["geometry"]))


def _take(told: dict[str, list[dict]], table: str, lines: list[list[tuple]]) -> None:
    """The rows below the first line that reads like a heading; a line without a key, or a total, is no record."""
    known = COLUMNS[table]
    heads: list[tuple[str | None, int]] = []
    for line in lines:
        if not heads:
            named = [_heading(cell, known) for cell, _ in line]
            if sum(name is not None for name, _ in named) >= 2:
                heads = named
            continue
        row = {}
        for (name, factor), (cell, shown_as) in zip(heads, line, strict=False):
            if name:
                row[name] = _value(name, cell, shown_as, factor)
        if any(value is not None for value in row.values()) and "合计" not in (line[0][0], line[1][0]):
            told[table].append(row)


def _heading(cell: object, known: dict[str, str]) -> tuple[str | None, int]:
    text = str(cell or "").strip()
    bare = re.sub(r"[(（].*", "", text)
    name = known.get(text) or known.get(bare) or (text if text in known.values() else None)
    return name, 10_000 if "万" in text else 1


def _blank(cell: object) -> str | None:
    text = "" if cell is None or cell is pd.NA or (isinstance(cell, float) and math.isnan(cell)) else str(cell).strip()
    return None if text in BLANK else text


def _value(name: str, cell: object, shown_as: str, factor: int) -> object:
    if name in DATES:
        return day_of(cell, not shown_as or shown_as == "General" or "d" in shown_as.lower())
    text = _blank(cell)
    if text is None:
        return None
    if name in TRUTHS:
        return {"是": True, "否": False, "yes": True, "no": False}.get(text, UNREAD if name == "temporary" else None)
    if name in WORDS:
        words = [WORDS[name].get(word, word if word in WORDS[name].values() else None) for word in re.split("[、,，;；]", text)]
        return tuple(words) if name == "uses" else words[0]
    if name.endswith("_m2") or "_yuan" in name or name in WHOLE or name in ("lon", "lat", "storey_height_m", "conditions_percent"):
        return _number(name, text, factor)
    return text


def _number(name: str, text: str, factor: int) -> object:
    try:
        number = Decimal(text.replace(",", "")) * factor
    except InvalidOperation:
        return None
    if name in WHOLE:
        return int(number)
    if name in ("lon", "lat"):
        return float(number)
    if number < 0:
        return None
    return number if name == "conditions_percent" else half_up(number)


def _unite(city: City, table: str, rows: list[dict]) -> None:
    """Field by field; two answers to one question are no answer. A record that lacks what it needs leaves a hole."""
    united: dict[tuple, dict] = {}
    disputed: set[tuple] = set()
    for row in rows:
        key = tuple(row.get(name) for name in KEYS[table])
        if key[0] is None:
            if row.get("project_id"):
                city.holes[table].add(row["project_id"])
            continue
        one = united.setdefault(key, {})
        for name, value in row.items():
            if value is None or (key, name) in disputed:
                continue
            if name in one and one[name] is not None and one[name] != value:
                disputed.add((key, name))
                one[name] = None
            else:
                one[name] = value
    for key, row in united.items():
        if all(row.get(name) is not None for name in NEEDED.get(table, ())):
            city.tables[table][key] = row
        elif row.get("project_id"):
            city.holes[table].add(row["project_id"])


def known_by(day: Day | None, as_of: Day) -> bool | None:
    """Whether it has happened by then; None where that cannot be told."""
    if day is None:
        return None
    if day.hi <= as_of.lo:
        return True
    return False if day.lo > as_of.hi else None
