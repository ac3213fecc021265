"""``unchecked``: what could not be judged, and since when."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from planning_check.cli.options import csv_target, database, run_number, talking
from planning_check.cli.writing import check_target, write
from planning_check.errors import Text

if TYPE_CHECKING:
    from planning_check.cli.console import Console


@click.command(short_help="没有核对的 / what was not checked")
@csv_target
@run_number
@database
@talking
@click.pass_obj
def unchecked(console: Console, target: Path | None, force: bool, run: int | str | None, db_url: str) -> None:
    """每条规则有多少对象没有结论（缺事实、出错、不再报送），距同一系列上次有结论多少天；-o 写出逐条规则、逐个对象的 CSV。

    How many subjects each rule came to no verdict on (facts missing, an error, not delivered any more), and how many days ago the series
    had one; -o writes every rule and subject as CSV.
    """
    from planning_check import pipeline
    from planning_check.report.console.unchecked import unchecked_csv, unchecked_lines

    check_target(target, force)
    found = pipeline.unchecked(db_url, run)
    if target is None:
        console.say(unchecked_lines(found, console.lang, paint=console.paint))
        return
    write(unchecked_csv(found, console.lang), target, "csv", force)
    console.note(Text(f"{len(found.lines)} 行已写入 {target}", f"{len(found.lines)} rows written to {target}"))
