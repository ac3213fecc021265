"""``simulate``: what if the law were read, or were, different."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import click

from planning_check.cli.options import as_of_day, asked, comparison_target, layer_crs, limits, mapping, rule_folders, talking
from planning_check.cli.writing import check_target, write
from planning_check.errors import Text

if TYPE_CHECKING:
    from planning_check.assess import Comparison
    from planning_check.cli.console import Console


@click.command(short_help="换一种读法会怎样 / what if the law were different")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]...")
@click.option("--set", "settings", multiple=True, metavar="X=VALUE",
              help="改一个条款、参数，或停用规则，可多次：survey_share.share=0.02、OF02.near_m=300、AR02=off / change a clause or parameter, "
                   "or switch a rule off")  # fmt: skip
@click.option("--with", "with_dirs", multiple=True, metavar="DIR", type=click.Path(path_type=Path),
              help="第二种读法另加的规则文件夹 / a folder of rules that only the second reading has")  # fmt: skip
@as_of_day
@layer_crs
@mapping
@rule_folders
@limits
@comparison_target
@talking
@click.pass_obj
def simulate(
    console: Console, paths: tuple[Path, ...], settings: tuple[str, ...], with_dirs: tuple[Path, ...], as_of: dt.datetime | None,
    crs: tuple[str, ...], mapping: Path | None, rule_dirs: tuple[Path, ...],
    threads: int | None, memory: str | None, target: Path | None, force: bool,
) -> None:  # fmt: skip
    """同一份报送，按现行规则和改动后的规则各判一次，列出新增、消失和有变的问题；不记入记录库。

    Judges the same delivery by the rules as they are and as changed: findings new, gone and changed. Nothing is recorded.
    """
    from planning_check import pipeline

    check_target(target, force)
    found = pipeline.simulate(
        asked(paths, as_of, rule_dirs=rule_dirs, crs=crs, mapping=mapping, threads=threads, memory=memory),
        settings=settings,
        with_dirs=with_dirs,
        progress=console.progress,
    )
    console.progress_ends()
    show_comparison(console, found, [*settings, *(f"+ {folder}" for folder in with_dirs)], target, force, [*rule_dirs, *with_dirs])


def show_comparison(console: Console, found: Comparison, what: list[str], target: Path | None, force: bool, own: list[Path]) -> None:
    """Print the comparison, and write its changes where asked; ``own``: folders of rules of which it is said what they leave unsaid."""
    from planning_check import pipeline
    from planning_check.report.console.comparison import comparison_csv, comparison_lines, override_lines, silence_lines

    console.say(comparison_lines(found, what, console.lang, paint=console.paint, full=console.verbose))
    console.say(override_lines(pipeline.overridden(own), console.lang))
    console.say(silence_lines(pipeline.silences(own), console.lang, found.opened))
    if target is not None:
        write(comparison_csv(found), target, "csv", force)
        console.note(Text(f"{len(found.changes)} 项变化已写入 {target}", f"{len(found.changes)} changes written to {target}"))
