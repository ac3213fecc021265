"""``coverage``: what communities have of the eight functions, how large, and how much lies out of reach."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from planning_check.cli.options import database, run_number, talking
from planning_check.cli.writing import check_target, kind_of, write
from planning_check.errors import Text

if TYPE_CHECKING:
    from planning_check.cli.console import Console


@click.command(short_help="社区设施覆盖 / coverage of communities")
@click.option("--by", type=click.Choice(["district", "community"]), default="district", show_default=True,
              help="按区县或社区 / by district or community")  # fmt: skip
@click.option("--format", "kind", type=click.Choice(["table", "csv", "json"]), help="格式（默认表）/ format (default: a table)")
@click.option(
    "-o", "--output", "target", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="写入文件 / write to a file"
)
@click.option("--force", is_flag=True, help="覆盖已有文件 / overwrite an existing file")
@run_number
@database
@talking
@click.pass_obj
def coverage(console: Console, by: str, kind: str | None, target: Path | None, force: bool, run: int | None, db_url: str) -> None:
    """一部三室三站一场有哪些、缺哪些、不明哪些，用房和场地够不够，服务半径以外多少。

    Of the eight functions: which are there, missing, unknown; office and ground against the standards; how much lies out of reach.
    """
    from planning_check import pipeline
    from planning_check.report.coverage_text import coverage_csv, coverage_json, coverage_page

    kind = kind_of(kind, target)
    check_target(target, force)
    found = pipeline.coverage(db_url, run, by=by)
    if kind == "table" and target is None:
        console.say(coverage_page(found, console.lang, paint=console.paint))
        return
    table = "\n".join(coverage_page(found, console.lang)) + "\n"
    write({"csv": coverage_csv, "json": coverage_json}[kind](found) if kind != "table" else [table], target, kind, force)
    if target is not None:
        console.note(Text(f"已写入 {target}", f"Written to {target}"))
