"""``balance``: what is owed, handed over, paid, waived and left."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from planning_check.cli.options import csv_target, database, run_number, talking
from planning_check.cli.values import by
from planning_check.cli.writing import check_target, write
from planning_check.errors import Text

if TYPE_CHECKING:
    from planning_check.cli.console import Console


@click.command(short_help="配建义务平衡表 / the balance of obligations")
@click.option("--by", type=by("project", "developer", "district", "city", "community"), default="developer", show_default=True,
              help="按项目、开发企业、区县、城市（全省的检查）或社区 / by project, developer, district, city (of a province) or community")  # fmt: skip
@csv_target
@run_number
@database
@talking
@click.pass_obj
def balance(console: Console, by: str, target: Path | None, force: bool, run: int | str | None, db_url: str) -> None:
    """应配建 = 实物移交 + 折资 + 免除 + 尚欠，按项目、开发企业、区县或社区；尚欠即最低补救量。

    Required = handed over + in lieu + exempt + residual, by project, developer, district or community;
    the residual is the least that cures.
    """
    from planning_check import pipeline
    from planning_check.report.console.balance import balance_csv, balance_lines

    check_target(target, force)
    found = pipeline.balance(db_url, run, by=by)
    if target is None:
        console.say(balance_lines(found, console.lang, paint=console.paint, full=console.verbose))
        return
    write(balance_csv(found), target, "csv", force)
    console.note(Text(f"已写入 {target}", f"Written to {target}"))
