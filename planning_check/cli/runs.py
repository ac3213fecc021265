"""``runs``: the checks on record."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from planning_check.cli.options import database, talking

if TYPE_CHECKING:
    from planning_check.cli.console import Console


@click.command(short_help="列出检查记录 / list the runs on record")
@database
@talking
@click.pass_obj
def runs(console: Console, db_url: str) -> None:
    """列出记录库里的每次检查：系列、上一次、问题数、全部记录的根哈希。

    List every run on record: its series, the run before it, its findings, and the hash over all that was recorded of it.
    """
    from planning_check import pipeline
    from planning_check.report.console.runs import run_lines

    console.say(run_lines(pipeline.runs_list(db_url), console.lang, paint=console.paint, full=console.verbose))
