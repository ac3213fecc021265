"""``controls``: what each bureau let pass, by year."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from planning_check.cli.options import BOOK_FORMATS, BUREAUS, book_target, database, run_number, talking
from planning_check.cli.values import OneOf
from planning_check.cli.writing import check_target, kind_of, show

if TYPE_CHECKING:
    from planning_check.cli.console import Console


@click.command(short_help="部门放过了什么，分年 / what bureaus let pass, by year")
@click.option("--bureau", type=OneOf(BUREAUS), help="一个部门的 / of one bureau")
@click.option("--year", type=click.IntRange(1949, 9999), metavar="YEAR", help="一年的：2010 / of one year")
@click.option("--district", metavar="DISTRICT", help="一个区县，名称或代码 / one district, name or code")
@click.option("--by-district", is_flag=True, help="分区县 / district by district")
@click.option("--by-city", is_flag=True, help="全省的检查，分城市 / of a province, city by city")
@book_target
@run_number
@database
@talking
@click.pass_obj
def controls(
    console: Console, bureau: str | None, year: int | None, district: str | None, by_district: bool, by_city: bool,
    kind: str | None, target: Path | None, force: bool, run: int | str | None, db_url: str,
) -> None:  # fmt: skip
    """各部门每年放过了什么：未移交先验收、先退保证金、规划条件没有写明……多少件，占这一年办理的多少，未判定的另列。-v 逐年列出。

    What each bureau let pass in each year of its acts: acceptance before handover, early refunds, silent conditions ...; how many, of how
    many acts, and how many could not be judged. -v lists every year.
    """
    from functools import partial

    from planning_check import pipeline
    from planning_check.report.console.controls import controls_lines
    from planning_check.report.tables.controls import controls_csv, controls_json
    from planning_check.report.workbook.controls import controls_book

    kind = kind_of(kind, target, BOOK_FORMATS)
    check_target(target, force)
    found = pipeline.controls(db_url, run, bureau=bureau, year=year, district=district, by_district=by_district, by_city=by_city)
    page = partial(controls_lines, full=console.verbose or target is not None)
    show(console, found, page, {"csv": controls_csv, "json": controls_json}, kind=kind, target=target, force=force, book=controls_book)
