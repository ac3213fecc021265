"""``law``: the law over time, and which of it governs a place on a day."""

from __future__ import annotations

import datetime as dt
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from planning_check.cli.options import TABLE_FORMATS, rule_folders, table_target, talking
from planning_check.cli.values import DAY
from planning_check.cli.writing import check_target, kind_of, show

if TYPE_CHECKING:
    from planning_check.cli.console import Console


@click.group(short_help="条款的沿革，某地某日适用哪部办法 / the law over time")
def law() -> None:
    """条款的沿革，某地某日适用哪部办法 / The law over time, and which of it governs a place on a day."""


@law.command("history", short_help="一项条款的历次取值 / the dated values of a clause")
@click.argument("clause")
@click.option("--district", metavar="CODE", help="区县代码：哪一个取值适用于当地 / a district: which of the values governs there")
@rule_folders
@table_target
@talking
@click.pass_obj
def history(
    console: Console, clause: str, district: str | None, rule_dirs: tuple[Path, ...], kind: str | None, target: Path | None, force: bool
) -> None:  # fmt: skip
    """一项条款（如 share 或 配建比例）的历次取值，各有出处、所在办法、是否核实；写明区县的，标出适用于当地的一个，说明空档和冲突。

    The dated values of a clause, each with its source, its ordinance and whether anybody verified it; with --district the one that governs
    there is marked, and gaps and conflicts are said.
    """
    from planning_check import pipeline
    from planning_check.report.console.law import history_csv, history_json, history_page

    kind = kind_of(kind, target, TABLE_FORMATS)
    check_target(target, force)
    found = pipeline.law_history(clause, district, rule_dirs)
    page = partial(history_page, width=console.width)
    show(console, found, page, {"csv": history_csv, "json": history_json}, kind=kind, target=target, force=force)


@law.command("on", short_help="某地某日适用哪部办法 / which law governs a place on a day")
@click.argument("day", type=DAY)
@click.option("--district", metavar="CODE", required=True, help="区县代码 / the district")
@rule_folders
@talking
@click.pass_obj
def on(console: Console, day: dt.datetime, district: str, rule_dirs: tuple[Path, ...]) -> None:
    """某地某日适用哪部办法，其余各部为何不适用，适用的写了什么 / Which law governs a place on a day, why the others do not, and what it says."""
    from planning_check import pipeline
    from planning_check.report.console.law import law_page

    found = pipeline.law_on(day.date(), district, rule_dirs)
    console.say(law_page(found, day.date(), console.lang, paint=console.paint, width=console.width, full=console.verbose))
