"""``coverage``: what communities have of the eight functions, how large, and how much lies out of reach."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from planning_check.cli.options import TABLE_FORMATS, database, run_number, table_target, talking
from planning_check.cli.values import by
from planning_check.cli.writing import check_target, kind_of, show

if TYPE_CHECKING:
    from planning_check.cli.console import Console


@click.command(short_help="社区设施覆盖 / coverage of communities")
@click.option("--by", type=by("district", "city", "community"), default="district", show_default=True,
              help="按区县、城市（全省的检查）或社区 / by district, city (of a province) or community")  # fmt: skip
@table_target
@run_number
@database
@talking
@click.pass_obj
def coverage(console: Console, by: str, kind: str | None, target: Path | None, force: bool, run: int | str | None, db_url: str) -> None:
    """一部三室三站一场有哪些、缺哪些、不明哪些，用房和场地够不够，服务半径以外多少。

    Of the eight functions: which are there, missing, unknown; office and ground against the standards; how much lies out of reach.
    """
    from planning_check import pipeline
    from planning_check.report.console.coverage import coverage_csv, coverage_json, coverage_page

    kind = kind_of(kind, target, TABLE_FORMATS)
    check_target(target, force)
    found = pipeline.coverage(db_url, run, by=by)
    show(console, found, coverage_page, {"csv": coverage_csv, "json": coverage_json}, kind=kind, target=target, force=force)
