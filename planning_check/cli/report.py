"""``report``: a run as files that people work with."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from planning_check.cli.options import BUREAUS, database, verbose
from planning_check.cli.values import OneOf
from planning_check.errors import Text, UsageError, either
from planning_check.words import REPORT_PARTS

if TYPE_CHECKING:
    from planning_check.cli.console import Console


@click.command(short_help="写出会议材料 / write the meeting's papers")
@click.argument("run", type=click.IntRange(min=1), required=False)
@click.option("-o", "--output", "folder", type=click.Path(path_type=Path), metavar="DIR", help="写到哪个文件夹 / into which folder")
@click.option("--only", "parts", multiple=True, type=OneOf(REPORT_PARTS), help="只写这些，可多次 / only these, repeatable")
@click.option("--bureau", type=OneOf(BUREAUS),
              help="只写一个部门要办理、补数据、更正的，一个工作簿 / one workbook of what one bureau must act on, supply and correct")  # fmt: skip
@click.option(
    "--templates", type=click.Path(path_type=Path, exists=True, file_okay=False), metavar="DIR",
    help="本单位的文书模板，代替同名的自带模板 / own templates of notices, in place of the bundled ones of the same name",
)  # fmt: skip
@click.option("--marginal", is_flag=True, help="微差的也写文书 / write letters about what is marginal, too")
@click.option(
    "--force", is_flag=True, help="替换上次写的材料；有人改过的文件不替换 / replace an earlier report, never a file changed since"
)
@click.option("--lang", "--language", type=OneOf(["zh", "en", "both"]), help="语言（默认随系统）/ language (default: the locale's)")
@click.option("-q", "--quiet", is_flag=True, help="不打印进度和清单 / no progress, no list")
@verbose
@database
@click.pass_obj
def report(
    console: Console, run: int | str | None, folder: Path | None, parts: tuple[str, ...], bureau: str | None, templates: Path | None,
    marginal: bool, force: bool, lang: str | None, quiet: bool, db_url: str,
) -> None:  # fmt: skip
    """一次检查的会议材料：工作簿、网页、图层、文书、数据表和清单。RUN 默认最近一次。

    The papers of a run: workbook, page, map layers, notices, tables and a manifest. RUN: the latest if none is named.
    """
    from planning_check import pipeline

    console.quiet = quiet
    if lang in ("zh", "en"):
        console.lang = lang
    if bureau and parts:
        raise UsageError(Text("--bureau 和 --only 只能用一个", "--bureau and --only do not go together"))
    langs = ("zh", "en") if lang == "both" else (console.lang,)
    written = pipeline.report(
        db_url,
        run,
        folder=folder,
        langs=langs,
        parts=parts,
        force=force,
        templates=templates,
        progress=console.progress,
        bureau=bureau,
        marginal=marginal,
    )
    console.progress_ends()
    told = [BUREAUS[bureau]] if bureau else [REPORT_PARTS[part] for part in parts or REPORT_PARTS]
    words = ", ".join(text.get(console.lang) for text in told)
    console.note(
        Text(
            f"第 {written.run_id} 次检查的材料已写入 {written.folder}（{words}）",
            f"Run {written.run_id} written to {written.folder} ({words})",
        )
    )
    if not quiet:
        console.say(_listed(written.files, console.lang, full=console.verbose))


def _listed(files: tuple[tuple[str, int, str], ...], lang: str, *, full: bool) -> list[str]:
    """Files with their size; of a folder how many it holds, or all of them."""
    from planning_check.report.console.layout import table
    from planning_check.report.told.numbers import number

    held: dict[str, list[int]] = {}
    for name, size, _ in files:
        held.setdefault(name if full or "/" not in name else f"{name.split('/')[0]}/", []).append(size)
    rows = [(name, number(len(sizes)), number(-(-sum(sizes) // 1024))) for name, sizes in held.items()]
    return table(either(lang, ("文件", "个数", "KB"), ("file", "files", "KB")), rows, numbers=(1, 2), width=200)
