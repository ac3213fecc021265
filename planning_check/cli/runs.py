"""``runs``: the checks on record, and how the lists went from one to the next."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from planning_check.cli.options import RunOrSeries, csv_target, database, talking
from planning_check.cli.values import by
from planning_check.cli.writing import check_target, write
from planning_check.errors import Text, UsageError

if TYPE_CHECKING:
    from planning_check.cli.console import Console


@click.command(short_help="列出检查记录，看变化趋势 / the runs on record, and trends")
@click.option("--trend", type=by("list", "district", "city", "developer"),
              help="各次检查的违规数（按名单、区县、城市（全省的）或开发企业），和未了结的已有多少天 / violations by run, and the age of what is open")  # fmt: skip
@click.option("--series", type=RunOrSeries(), metavar="N|SERIES",
              help="哪个系列（默认最近一次检查的）/ of which series (default: of the latest run)")  # fmt: skip
@csv_target
@database
@talking
@click.pass_obj
def runs(console: Console, trend: str | None, series: int | str | None, target: Path | None, force: bool, db_url: str) -> None:
    """列出记录库里的每次检查：系列、上一次、问题数、全部记录的根哈希。加 --trend 看一个系列各次检查的变化。

    List every run on record: its series, the run before it, its findings, and the hash over all that was recorded of it. With --trend: how
    the lists of one series went from run to run.
    """
    from planning_check import pipeline
    from planning_check.report.console.runs import run_lines
    from planning_check.report.console.trends import trend_csv, trend_lines

    if trend is None:
        given = "--series" if series is not None else "-o" if target else None
        if given:
            raise UsageError(Text(f"{given} 要和 --trend 一起用", f"{given} goes with --trend"),
                             fix=Text("planning-check runs --trend list", "planning-check runs --trend list"))  # fmt: skip
        console.say(run_lines(pipeline.runs_list(db_url), console.lang, paint=console.paint, full=console.verbose))
        return
    check_target(target, force)
    found = pipeline.trends(db_url, series, by=trend)
    console.say(trend_lines(found, console.lang, paint=console.paint, full=console.verbose))
    if target is not None:
        write(trend_csv(found), target, "csv", force)
        console.note(Text(f"已写入 {target}", f"Written to {target}"))
