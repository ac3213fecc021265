"""``thresholds``: do projects stop just short of the sizes at which the law asks for more."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import click

from planning_check.cli.options import as_of_day, asked, comparison_target, layer_crs, limits, mapping, rule_folders, talking
from planning_check.cli.writing import check_target, write
from planning_check.errors import Text

if TYPE_CHECKING:
    from planning_check.cli.console import Console


@click.command(short_help="门槛附近的项目分布 / projects around the law's thresholds")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]...")
@as_of_day
@layer_crs
@mapping
@rule_folders
@limits
@comparison_target
@talking
@click.pass_obj
def thresholds(
    console: Console, paths: tuple[Path, ...], as_of: dt.datetime | None, crs: tuple[str, ...],
    mapping: Path | None, rule_dirs: tuple[Path, ...],
    threads: int | None, memory: str | None, target: Path | None, force: bool,
) -> None:  # fmt: skip
    """按适用办法的分档和最低面积，看项目计算基数在门槛两侧的分布：刚好低于门槛的是否过多。不记入记录库。

    How the projects' base floor areas lie on both sides of the steps and minimum of the law. Nothing is recorded.
    """
    from planning_check import pipeline
    from planning_check.report.console.bunching import bunching_csv, bunching_lines

    check_target(target, force)
    found = pipeline.thresholds(
        asked(paths, as_of, rule_dirs=rule_dirs, crs=crs, mapping=mapping, threads=threads, memory=memory),
        progress=console.progress,
    )
    console.progress_ends()
    console.say(bunching_lines(found, console.lang, paint=console.paint))
    if target is not None:
        write(bunching_csv(found), target, "csv", force)
        console.note(Text(f"已写入 {target}", f"Written to {target}"))
