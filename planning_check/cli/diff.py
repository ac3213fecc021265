"""``diff``: why the list is another than it was at an earlier check."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from planning_check.cli.options import BOOK_FORMATS, RunOrSeries, database, limits, of_runs, talking
from planning_check.cli.writing import check_target, kind_of, show
from planning_check.errors import Text, UsageError

if TYPE_CHECKING:
    from planning_check.cli.console import Console
    from planning_check.pipeline import Moved
    from planning_check.record.changes import Differing


@click.command(short_help="与上一次相比为何变了 / why the list changed")
@click.argument("run1", required=False, type=RunOrSeries(), metavar="[RUN1]")
@click.argument("run2", required=False, type=RunOrSeries(), metavar="[RUN2]")
@click.option("--quick", is_flag=True, help="不重新判定，只列变化 / judge nothing again, only list the changes")
@click.option("--schema", is_flag=True, help="打印 JSON 里一项变化的 JSON Schema / print the JSON Schema of one change in the JSON")
@click.option("-o", "--output", "target", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
              help="写成 .json、.csv 或 .xlsx / write .json, .csv or .xlsx")  # fmt: skip
@click.option("--force", is_flag=True, help="覆盖已有文件 / overwrite an existing file")
@of_runs
@database
@limits
@talking
@click.pass_obj
def diff(
    console: Console, run1: int | str | None, run2: int | str | None, quick: bool, schema: bool, target: Path | None, force: bool,
    moved: Moved, db_url: str, threads: int | None, memory: str | None,
) -> None:  # fmt: skip
    """两次检查相比，新增、消失、有变和再次出现的问题，每一项的原因：数据（哪一格）、更正、规则或办法、时间经过、会议决定。
    原因由重新判定证明，每次只改变一样。不写次数的，最近一次与它的上一次比；只写一个的，那一次与它的上一次比。

    Findings new, gone, changed and back again between two runs, each with its cause: data (which cell), correction, rule or
    ordinance, the passing of time, decision. Causes are proved by judging again with one thing changed at a time. Without
    numbers: the latest run and the one before it; with one: that run and the one before it.
    """
    from planning_check import pipeline
    from planning_check.report.console.diff import diff_lines
    from planning_check.report.tables.differing import SCHEMA, diff_csv, diff_json
    from planning_check.report.workbook.changes import write_alone

    if schema:
        console.say([json.dumps(SCHEMA, ensure_ascii=False, indent=1)])
        return
    if quick and (moved.inputs or moved.rules):
        raise UsageError(
            Text(
                "--quick 不重新判定，用不到 --inputs 和 --rules", "--quick judges nothing again: --inputs and --rules are of no use with it"
            ),
            fix=Text("去掉 --quick", "leave --quick out"),
        )
    check_target(target, force)
    kind = kind_of(None, target, BOOK_FORMATS)
    before, after = (run1, run2) if run2 is not None else (None, run1)
    found = pipeline.differ(db_url, before, after, prove=not quick, moved=moved, threads=threads, memory=memory, progress=console.progress)
    console.progress_ends()

    def page(found: Differing, lang: str, **given: Any) -> list[str]:
        return list(diff_lines(found, lang, full=console.verbose or target is not None, **given))

    show(console, found, page, {"json": diff_json, "csv": diff_csv}, kind=kind, target=target, force=force, book=write_alone)
