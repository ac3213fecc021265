"""A sheet of 50,000 x 20 cells through the real intake (staged, typed, united), beside its library's bare read: CPU seconds of each."""

from __future__ import annotations

import argparse
import cProfile
import datetime as dt
import os
import pstats
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import openpyxl
import python_calamine
import xlsxwriter

from planning_check import ingest, pipeline

HEADS = [
    "项目编号", "项目名称", "区县代码", "建设单位", "统一社会信用代码", "项目地址", "土地出让日期", "建设用地面积(㎡)", "容积率", "规划户数",
    "规划方案批复日期", "总建筑面积(㎡)", "地上建筑面积(㎡)", "住宅建筑面积(㎡)", "地下建筑面积(㎡)", "计容建筑面积(㎡)", "工规证号", "工规证日期",
    "竣工验收日期", "许可总建筑面积(㎡)",
]  # fmt: skip

WIDTHS = pipeline.load_rules().measuring


def row(n: int) -> list[str | float]:
    """Twenty cells of one invented project: texts, days, areas."""
    area, day = 20_000 + n % 5_000, f"{n % 12 + 1:02}-{n % 28 + 1:02}"
    return [
        f"XM{n:06}", f"第{n}花园", "990101", f"开发公司{n % 700}", f"91990000MA{n:08}", f"某路{n}号", f"2009-{day}", area, 2.5, 300 + n % 90,
        f"2010-{day}", area * 2.5, area * 1.9, area * 1.5, area * 0.6, area * 1.8, f"建字第{n}号", f"2010-{day}", f"2012-{day}", area * 2.5,
    ]  # fmt: skip


def write(folder: Path, kind: str, rows: int) -> Path:
    """The sheet, as .csv, as .xlsx, or as one that people fill: days as numbers, a column of months, and one of formulas."""
    path = folder / f"开发项目.{kind.split(maxsplit=1)[0]}"
    if kind == "xlsx as typed":
        _typed(path, rows)
        return path
    if kind == "csv":
        path.write_text("\n".join(",".join(map(str, cells)) for cells in [HEADS, *map(row, range(rows))]) + "\n", encoding="utf-8")
        return path
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("开发项目")
    for cells in [HEADS, *map(row, range(rows))]:
        sheet.append(cells)
    book.save(path)
    return path


def _typed(path: Path, rows: int) -> None:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("开发项目")
        month, day = (book.add_format({"num_format": code}) for code in ('yyyy"年"m"月"', "yyyy-mm-dd"))
        sheet.write_row(0, 0, HEADS)
        for n in range(rows):
            for column, cell in enumerate(row(n)):
                if "日期" in HEADS[column]:
                    shown = month if HEADS[column] == "土地出让日期" else day
                    sheet.write_datetime(n + 1, column, dt.datetime.fromisoformat(str(cell)), shown)
                elif HEADS[column] == "总建筑面积(㎡)":
                    sheet.write_formula(n + 1, column, f"=H{n + 2}*2.5", None, cell)
                else:
                    sheet.write(n + 1, column, cell)


def bare(path: Path) -> None:
    """The cells, by the library alone."""
    if path.suffix == ".csv":
        duckdb.connect().execute("CREATE TABLE cells AS FROM read_csv(?, all_varchar = true)", [str(path)])
    else:
        python_calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()


def whole(path: Path) -> None:
    """The same through the intake, nothing kept from before."""
    ingest.load(duckdb.connect(), [path.parent], widths=WIDTHS)


def spent(work: Callable[[Path], None], path: Path) -> tuple[float, float]:
    """User CPU seconds, those of children too, and seconds."""
    before, begun = os.times(), time.perf_counter()
    work(path)
    after = os.times()
    return after.user - before.user + after.children_user - before.children_user, time.perf_counter() - begun


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=50_000)
    parser.add_argument("--profile", action="store_true", help="and where the time goes")
    given = parser.parse_args()
    os.environ["PLANNING_CHECK_CACHE"] = ""
    for kind in ("csv", "xlsx", "xlsx as typed"):
        with tempfile.TemporaryDirectory() as folder:
            path = write(Path(folder), kind, given.rows)
            for name, work in (("bare", bare), ("intake", whole), ("bare", bare), ("intake", whole)):
                cpu, seconds = spent(work, path)
                print(f"{kind:13} {name:7} {cpu:6.2f} CPU s {seconds:6.2f} s", flush=True)
            if given.profile:
                with cProfile.Profile() as profile:
                    whole(path)
                pstats.Stats(profile).sort_stats("tottime").print_stats(18)


if __name__ == "__main__":
    main()
