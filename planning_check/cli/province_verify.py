"""``province verify``: prove the results of a province, or say what in them is not what the plan comes to."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import TYPE_CHECKING

import click

from planning_check.cli.options import limits, talking

if TYPE_CHECKING:
    from planning_check.cli.console import Console

#: What the state of a verdict ends the command with, as of ``verify``.
_EXITS = {"same": 0, "differs": 2, "unproved": 3}


@click.command("verify", short_help="证明全省的结果 / prove the results of a province")
@click.argument("plan_file", type=click.Path(dir_okay=False, path_type=Path), metavar="PLAN")
@click.option("--out", required=True, metavar="DIR|URL", help="结果所在的文件夹或地址 / the folder, or URL, of the results")
@click.option("--sample", type=click.IntRange(min=0), metavar="K",
              help="在本机重新检查几片（默认至多三片）/ how many shards are checked again here (default: three at most)")  # fmt: skip
@click.option("--seed", type=click.IntRange(min=0), metavar="N",
              help="按这个数抽取（默认随机，会打印）/ the number by which they are drawn (default: a random one, which is printed)")  # fmt: skip
@click.option("--whole", is_flag=True,
              help="把读得了的城市作为一份报送检查一次，与各片合起来的比较 / check the readable cities as one delivery, too, and compare")  # fmt: skip
@limits
@talking
@click.pass_obj
def verify(
    console: Console, plan_file: Path, out: str, sample: int | None, seed: int | None, whole: bool, threads: int | None, memory: str | None
) -> int:  # fmt: skip
    """证明全省的结果：每个结果的文件、各表的哈希和根都与写成时相同；抽几片在本机重新检查，逐表比较；加 --whole 再把各市作为一份报送比较。

    Prove the results of a province: each file, the hash of what each table says, and the roots; some shards are checked again on this
    machine and held against them table by table; with --whole the cities as one delivery, too. Exits with 0 if all is proved, 2 if
    anything differs, 3 if nothing does but something that is needed (a result, a delivery, a rule, the version) is not there.
    """
    from planning_check.pipeline.province.verifying import Asked, verify
    from planning_check.province.plan_file import read_plan
    from planning_check.report.console.province_verify import verified_lines

    drawn = secrets.randbelow(1_000_000) if seed is None else seed
    asked = Asked(drawn, sample, whole, threads, memory)
    found = verify(read_plan(plan_file), out, asked, lambda what, share: console.progress(what.get(console.lang), share))
    console.progress_ends()
    if not console.quiet or found.state != "same":
        console.say(verified_lines(found, console.lang, width=console.width, paint=console.paint))
    return _EXITS[found.state]
