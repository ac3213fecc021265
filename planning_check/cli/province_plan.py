"""``province plan``: which cities are checked together, as a file that the others of the group read."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import click

from planning_check.cli.options import as_of_day, layer_crs, limits, rule_folders, several, talking
from planning_check.cli.writing import check_target, write
from planning_check.errors import Text
from planning_check.record.province import JOIN_BELOW

if TYPE_CHECKING:
    from planning_check.cli.console import Console


@click.command("plan", short_help="哪些城市要一起检查 / which cities are checked together")
@click.argument("folders", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FOLDER...")
@as_of_day
@rule_folders
@click.option(
    "--select", multiple=True, callback=several, metavar="RULES", help="只用这些规则或类别：AR,HO01 / only these rules or families"
)
@click.option("--ignore", multiple=True, callback=several, metavar="RULES", help="不用这些规则或类别 / not these rules or families")
@layer_crs
@click.option("--join-below", type=click.IntRange(min=0), default=JOIN_BELOW, show_default=True, metavar="N",
              help="项目不到此数的并在一起检查，0：不并 / shards of fewer projects are joined, 0: never")  # fmt: skip
@click.option("-o", "--output", "target", type=click.Path(dir_okay=False, path_type=Path), default="plan.json", show_default=True,
              metavar="FILE", help="计划写入哪个文件 / where the plan goes")  # fmt: skip
@click.option("--force", is_flag=True, help="覆盖不是计划的已有文件 / overwrite a file that is no plan")
@limits
@talking
@click.pass_obj
def plan(
    console: Console, folders: tuple[Path, ...], as_of: dt.datetime | None, rule_dirs: tuple[Path, ...], select: tuple[str, ...],
    ignore: tuple[str, ...], crs: tuple[str, ...], join_below: int, target: Path, force: bool, threads: int | None, memory: str | None,
) -> None:  # fmt: skip
    """读各城市的报送（每市一个文件夹，或装着它们的一个文件夹），只看编号、票据和图形边界：哪些城市互相牵连、要一起检查，小的并在一起，大的各自检查。计划写入文件。

    Read the deliveries of the cities (a folder each, or one that holds them all) for their numbers, receipts and borders alone: which reach
    across and are checked together; small ones are joined, large ones stay. The plan goes into a file.
    """
    from planning_check.pipeline.province.planning import plan_province
    from planning_check.province.plan_file import as_json, is_plan
    from planning_check.report.console.province_plan import plan_page

    replaced = is_plan(target)
    check_target(target, force or replaced)
    made = plan_province(
        folders, as_of.date() if as_of else None, rule_dirs=rule_dirs, select=select, ignore=ignore, crs=crs, join_below=join_below,
        threads=threads, memory=memory, progress=console.progress,
    )  # fmt: skip
    console.progress_ends()
    write([as_json(made)], target, "json", force or replaced)
    if not console.quiet:
        console.say(plan_page(made, target.as_posix(), console.lang, paint=console.paint, width=console.width, full=console.verbose))
    before = Text("（替换了原来的计划）", ", in place of the plan that was there") if replaced else Text("", "")
    console.note(Text(f"计划已写入 {target}{before.zh}", f"Plan written to {target}{before.en}"))
