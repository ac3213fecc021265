"""``bundle``: hand a run over, with all that proves it, in one file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from planning_check.cli.options import RunOrSeries, database, of_then, talking
from planning_check.cli.writing import whole
from planning_check.errors import Text, UsageError

if TYPE_CHECKING:
    from planning_check.cli.console import Console


@click.command(short_help="把一次检查和全部证据装成一个文件 / a check and its evidence in one file")
@click.argument("run", required=False, type=RunOrSeries(), metavar="[RUN]")
@click.option("-o", "--output", "target", required=True, type=click.Path(dir_okay=False, path_type=Path), metavar="FILE.zip",
              help="写入的文件 / the file to write")  # fmt: skip
@click.option("--with-inputs", is_flag=True, help="带上报送的文件（默认只带摘要）/ with the files of the delivery (default: their digests)")
@of_then
@click.option("--force", is_flag=True, help="覆盖已有文件 / overwrite an existing file")
@database
@talking
@click.pass_obj
def bundle(
    console: Console, run: int | str | None, target: Path, with_inputs: bool, inputs: tuple[Path, ...], rules_now: tuple[Path, ...],
    force: bool, db_url: str,
) -> None:  # fmt: skip
    """把一次检查（默认最近一次）的规则、对照表、更正、结果、台账和日志装成一个文件，别的电脑上用 planning-check verify FILE.zip 核对，不需要记录库。

    Put a check (the latest if none is named) with its rules, mapping, corrections, findings, register and log into one file, which
    planning-check verify FILE.zip proves on another machine, without the database. The same run makes the same file, byte for byte.
    """
    from planning_check import pipeline

    if target.suffix.lower() != ".zip":
        raise UsageError(Text("证据包是 .zip 文件", "a bundle is a .zip file"), fix=Text(f"-o {target}.zip", f"-o {target}.zip"))
    with whole(target, force) as unfinished:
        made = pipeline.bundle(db_url, unfinished, run, with_inputs=with_inputs, paths=inputs, rule_dirs=rules_now)
    kept, head, count = made.run, made.head, len(made.members)
    named = Text(f"第 {kept.id} 次检查（{kept.series}，截至 {kept.as_of}）", f"Run {kept.id} ({kept.series}, as of {kept.as_of})")
    console.note(Text(f"{named.zh}已写入 {target}：文件 {count} 个，根哈希 {kept.root}",
                      f"{named.en} written to {target}: members {count}, root {kept.root}"))  # fmt: skip
    if head:
        told = f"{head.series}:{head.seq}:{head.hash}"
        console.note(
            Text(f"核对：planning-check verify {target} --head {told}", f"To verify it: planning-check verify {target} --head {told}")
        )
