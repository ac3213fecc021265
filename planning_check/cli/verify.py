"""``verify``: prove a run, or say what in it is not what was recorded."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from planning_check.cli.options import RunOrSeries, database, limits, paper_heads, rule_folders, talking

if TYPE_CHECKING:
    from planning_check.cli.console import Console

#: What the state of a verdict ends the command with: ``db check`` ends so, too, where something differs.
_EXITS = {"same": 0, "differs": 2, "unproved": 3}


@click.command(short_help="证明一次检查 / prove a check")
@click.argument("run", required=False, type=RunOrSeries(), metavar="[RUN]")
@click.option("--inputs", "paths", multiple=True, metavar="PATH", type=click.Path(exists=True, path_type=Path),
              help="报送现在的位置，可多次（默认当时的位置）/ where the delivery is now, repeatable (default: where it was)")  # fmt: skip
@rule_folders
@paper_heads
@limits
@database
@talking
@click.pass_obj
def verify(
    console: Console, run: int | str | None, paths: tuple[Path, ...], rule_dirs: tuple[Path, ...], heads: list[tuple[str, int, str]],
    threads: int | None, memory: str | None, db_url: str,
) -> int:  # fmt: skip
    """证明一次检查（默认最近一次）：日志的哈希链、记录的每一行，并用当时的文件和规则重新推导，逐个结果比较，指出第一处不同。

    Prove a check (the latest if none is named): the chain of the log, every row on record, and every outcome, derived again from the
    same files by the same rules; names the first thing that differs. Exits with 0 if all is proved, 2 if anything differs, 3 if nothing
    does but something that is needed (a file, a rule, the version) is not there.
    """
    from planning_check import pipeline
    from planning_check.report.console.verifying import verified_lines
    from planning_check.store import Head

    named = [Head(*told) for told in heads]
    found = pipeline.verify(db_url, run, paths=paths, rule_dirs=rule_dirs, heads=named, threads=threads, memory=memory)
    console.say(verified_lines(found, console.lang, paint=console.paint))
    return _EXITS[found.state]
