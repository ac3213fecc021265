"""``province merge``: the results of the shards as one run of the province."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from planning_check.cli.check import print_summary, print_timings
from planning_check.cli.options import acting, database, limits, moment, talking
from planning_check.errors import SourceError, Text

if TYPE_CHECKING:
    from planning_check.cli.console import Console


@click.command("merge", short_help="合成一次检查 / merge into one run")
@click.argument("plan_file", metavar="PLAN", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--out", required=True, metavar="DIR|URL", help="结果在哪里：province run 的 --out / where the results lie: --out of province run"
)
@database
@click.option("--series", metavar="NAME", default="province", show_default=True,
              help="属于哪个系列：与它的上一次比较 / whose checks this is one of: compared with the one before")  # fmt: skip
@click.option("--full", is_flag=True, help="打印全部，不只是第一屏 / print all of it, not the first screen alone")
@limits
@acting
@talking
@click.pass_obj
def merge(
    console: Console, plan_file: Path, out: str, db_url: str, series: str, full: bool, threads: int | None, memory: str | None, actor: str
) -> int:
    """把各片的结果合成全省的一次检查，记入记录库：名单、余额、合计都从合在一起的行重新算，不相加。同样的结果只记一次。

    Merge the results of the shards into one run of the province and record it: lists, balances and sums are made anew from all rows, never
    added up. The same results are recorded once. A city without a result is named and is in no list.
    """
    from planning_check.pipeline.province.merging import merge as merged_of
    from planning_check.province.plan_file import read_plan

    full = full or console.verbose
    merged = merged_of(
        read_plan(plan_file), out, created_at=moment(), by=actor, db_url=db_url, series=series, full=full, threads=threads, memory=memory,
        progress=console.progress, told=console.warn, on_record=console.keeps,
    )  # fmt: skip
    console.progress_ends()
    if not merged.is_new:
        console.note(_loaded_before(merged.run_id))
    if not console.quiet:
        print_summary(console, merged.summary, db_url, full=full, err=False)
    if console.verbose:
        print_timings(console, merged.timings)
    return SourceError.exit_code if merged.left_out or not merged.summary.is_judged else 0


def _loaded_before(run_id: int) -> Text:
    return Text(
        f"这些结果已经记在第 {run_id} 次检查里，没有再记，显示的就是它",
        f"These results are on record already, as run {run_id}, which is shown; nothing was recorded",
    )
