"""``replay``: the list as a meeting of a past day could have seen it, beside what is known today of that day."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import click

from planning_check.cli.options import comparison_target, database, limits, of_runs, run_number, talking
from planning_check.cli.values import DAY
from planning_check.cli.writing import check_target, write
from planning_check.errors import Text

if TYPE_CHECKING:
    from planning_check.cli.console import Console
    from planning_check.pipeline import Moved


@click.command(short_help="当时的会议看到的名单 / the list as of a past day")
@click.argument("day", type=DAY, metavar="DAY")
@of_runs
@comparison_target
@run_number
@database
@limits
@talking
@click.pass_obj
def replay(
    console: Console, day: dt.datetime, moved: Moved, target: Path | None, force: bool, run: int | str | None, db_url: str,
    threads: int | None, memory: str | None,
) -> None:  # fmt: skip
    """那一天的会议能看到的名单（那天以前的最后一次报送、当时的规则，截至那天），和今天所知的那一天并列；不记入记录库。

    The list as a meeting of that day could have seen it (the last delivery by then, the rules of its check, as of that day) beside what the
    latest delivery tells of that day. Nothing is recorded.
    """
    from planning_check import pipeline
    from planning_check.report.console.comparison import comparison_csv, comparison_lines

    check_target(target, force)
    found = pipeline.as_known(db_url, day.date(), run, moved=moved, threads=threads, memory=memory, progress=console.progress)
    console.progress_ends()
    then, now = found.then, found.now
    what = [
        Text(f"原：第 {then.id} 次检查的报送（写明截至 {then.manifest.get('delivered_on', then.as_of)}）",
             f"before: the delivery of run {then.id} (stands at {then.manifest.get('delivered_on', then.as_of)})"),
        Text(f"现：第 {now.id} 次检查的报送（写明截至 {now.manifest.get('delivered_on', now.as_of)}）",
             f"after: the delivery of run {now.id} (stands at {now.manifest.get('delivered_on', now.as_of)})"),
        *found.notes,
    ]  # fmt: skip
    title = Text(
        f"{found.day} 的会议能看到的，和今天所知的那一天", f"What a meeting of {found.day} could see, and what is known of that day today"
    )
    lines = comparison_lines(found.comparison, [text.get(console.lang) for text in what], console.lang, title=title, paint=console.paint,
                             full=console.verbose)  # fmt: skip
    console.say(lines)
    if target is not None:
        write(comparison_csv(found.comparison), target, "csv", force)
        count = len(found.comparison.changes)
        console.note(Text(f"{count} 项变化已写入 {target}", f"{count} changes written to {target}"))
