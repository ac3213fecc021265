"""What one layer may hold, asked before anything is laid out. (What an archive, a sheet and a document may: ``archives``, ``trial``,
``markup``.)"""

from __future__ import annotations

import mmap
from pathlib import Path

from planning_check.errors import Text
from planning_check.ingest.dbf import beside
from planning_check.ingest.sheets import FileProblem

MOST_FEATURES, MOST_VERTICES, MOST_FIELDS, MOST_CELLS = 10_000_000, 50_000_000, 2_000, 400_000_000
_PIECE = 1 << 24
_HEAD = 32  # bytes of a dBASE table, and of each of its fields


class BeyondLimits(FileProblem):
    """A file that holds more than is read at once."""

    def __init__(self, said: Text):
        super().__init__("too_large_file", said)


def size_told(size: float) -> str:
    """Bytes as people read them."""
    for unit, times in (("GB", 2**30), ("MB", 2**20)):
        if size >= times:
            return f"{size / times:,.1f} {unit}".replace(".0 ", " ")
    return f"{-(-size // 1024):,.0f} KB"


def refuse_size(size: int, most: int) -> None:
    """Raises BeyondLimits for so many bytes, unpacked."""
    if size > most:
        told, limit = size_told(size), size_told(most)
        raise BeyondLimits(Text(f"解开有 {told}，最多 {limit}", f"{told} unpacked, at most {limit}"))


def refuse_cells(rows: int, columns: int, most: int) -> None:
    """Raises BeyondLimits for a table of more cells."""
    if rows * columns > most:
        said = f"{rows:,} x {columns:,}"
        raise BeyondLimits(Text(f"{said} 个单元格（行乘列），最多 {most:,}", f"{said} cells (rows times columns), at most {most:,}"))


def refuse_much(features: int, fields: int) -> None:
    """Raises BeyondLimits for a layer of so many features and fields (features below 0: nobody knows)."""
    features = max(features, 0)
    for number, most, zh, en in (
        (features, MOST_FEATURES, "个图形", "features"),
        (fields, MOST_FIELDS, "列", "columns"),
        (features * fields, MOST_CELLS, "个单元格（行数乘列数）", "cells (rows times columns)"),
    ):
        if number > most:
            raise BeyondLimits(Text(f"{number:,} {zh}，最多 {most:,}", f"{number:,} {en}, at most {most:,}"))


def refuse_endless(path: Path, kind: str) -> None:
    """Raises BeyondLimits for what can be counted at a glance: the fields of a dBASE table, the vertices of shapes written in letters or
    stored as such; and FileProblem for a table whose head tells more records than there are."""
    if kind in ("shp", "dbf"):
        table = beside(path, ".dbf") if kind == "shp" else path
        if table is not None:
            _refuse_head(table)
    vertices = _brackets(path) if kind in ("geojson", "topojson") else path.stat().st_size // 16 if kind == "shp" else 0
    if vertices > MOST_VERTICES:
        said = Text(f"约 {vertices:,} 个图形顶点，最多 {MOST_VERTICES:,}", f"about {vertices:,} vertices, at most {MOST_VERTICES:,}")
        raise BeyondLimits(said)


def _refuse_head(table: Path) -> None:
    with table.open("rb") as file:
        head = file.read(_HEAD)
    records, start, width = (int.from_bytes(head[a:b], "little") for a, b in ((4, 8), (8, 10), (10, 12)))
    refuse_much(0, start // _HEAD - 1)
    there = max(table.stat().st_size - start, 0) // max(width, 1)
    if records > there:
        raise FileProblem(
            "unreadable_file",
            Text(f"属性表（.dbf）的表头说有 {records:,} 行，文件只有 {there:,} 行：断了或损坏",
                 f"the head of its table (.dbf) tells {records:,} records, and there are {there:,}: it breaks off or is damaged"),
        )  # fmt: skip


def _brackets(path: Path) -> int:
    """A vertex opens one."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as held:
        return sum(held[at : at + _PIECE].count(b"[") for at in range(0, len(held), _PIECE))
