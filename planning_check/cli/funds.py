"""``funds``: what became of the money for communities."""

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


@click.command(short_help="没收款、折资款的去向 / where the money for communities went")
@click.option("--by", type=by("project", "community", "year"), default="project", show_default=True,
              help="按项目、社区或年度 / by project, community or year")  # fmt: skip
@click.option("--gaps", is_flag=True, help="只列对不上的款项，逐笔写明出处 / only what does not match, each with its cell")
@csv_target
@run_number
@database
@talking
@click.pass_obj
def funds(console: Console, by: str, gaps: bool, target: Path | None, force: bool, run: int | str | None, db_url: str) -> None:
    """来款（没收、折资）= 已拨付社区 + 余额，按项目、社区或年度；--gaps 列出对不上的：没有来款的拨付、从未拨付的来款、拨错的、不明的。

    What came in (forfeited, in lieu) = credited to communities + balance, by project, community or year. --gaps lists what does not match:
    credited without an origin, never credited, gone elsewhere, not known.
    """
    from planning_check import pipeline
    from planning_check.report.console.funds import funds_csv, funds_lines
    from planning_check.report.console.gaps import gaps_csv, gaps_lines

    check_target(target, force)
    if gaps:
        closing, unmatched = pipeline.fund_gaps(db_url, run)
        if target is None:
            console.say(gaps_lines(closing, unmatched, console.lang, paint=console.paint, full=console.verbose))
        else:
            write(gaps_csv(unmatched, console.lang), target, "csv", force)
            console.note(Text(f"已写入 {target}", f"Written to {target}"))
        return
    found = pipeline.funds(db_url, run, by=by)
    if target is None:
        console.say(funds_lines(found, console.lang, paint=console.paint, full=console.verbose))
        return
    write(funds_csv(found), target, "csv", force)
    console.note(Text(f"已写入 {target}", f"Written to {target}"))
