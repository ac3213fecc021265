"""``inspect``: how a delivery is read, before anything is judged."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import click

from planning_check.cli.options import TABLE_FORMATS, as_of_day, asked, layer_crs, limits, mapping, rule_folders, table_target, talking
from planning_check.cli.writing import check_target, kind_of, show, write
from planning_check.errors import Text

if TYPE_CHECKING:
    from planning_check.cli.console import Console


@click.command(short_help="看一份报送怎么读 / how a delivery is read")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]...")
@as_of_day
@rule_folders
@layer_crs
@mapping
@click.option("--write-mapping", "proposal", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
              help="把认出的写成一份对照表，供修改 / write how it is read as a mapping, to be edited")  # fmt: skip
@click.option("--quick", is_flag=True, help="只看不试判，不算各缺项影响多少结论 / do not judge, nor tell what waits for what is missing")
@limits
@table_target
@talking
@click.pass_obj
def inspect(
    console: Console, paths: tuple[Path, ...], as_of: dt.datetime | None, rule_dirs: tuple[Path, ...], crs: tuple[str, ...],
    mapping: Path | None, proposal: Path | None,
    quick: bool, threads: int | None, memory: str | None, kind: str | None, target: Path | None, force: bool,
) -> None:  # fmt: skip
    """每个文件、工作表认成哪一种表，每一列认成哪个字段、什么单位，哪些没有采用、像什么，缺的表和列各影响多少结论。不记录。

    What each file and sheet is taken for, which field each column is and in which unit, what is not used,
    and how many outcomes wait for each register and column that is missing. Nothing is recorded.
    """
    from planning_check import pipeline
    from planning_check.report.console.seen import seen_page
    from planning_check.report.tables.seen import seen_csv, seen_json

    kind = kind_of(kind, target, TABLE_FORMATS)
    for file in (target, proposal):
        check_target(file, force)
    today = dt.datetime.now().astimezone().date()
    options = asked(paths, as_of, today, rule_dirs=rule_dirs, crs=crs, mapping=mapping, threads=threads, memory=memory)
    found = pipeline.look(options, progress=console.progress, quick=quick)
    if proposal:
        from planning_check.report.tables.mapping import proposed

        write(proposed(found.seen), proposal, "yaml", force)
        console.note(
            Text(f"对照表已写入 {proposal}，改好后加 --mapping 使用", f"Mapping written to {proposal}; edit it and use it by --mapping")
        )
    show(console, found, seen_page, {"csv": seen_csv, "json": seen_json}, kind=kind, target=target, force=force)
