"""``sample``: which cases are visited again, and what that says of all; ``revisit``: what the visits found comes back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from planning_check.cli.decide import agreed
from planning_check.cli.options import acting, csv_target, database, moment, run_number, talking
from planning_check.cli.values import OneOf, role
from planning_check.cli.writing import check_target, write, write_bytes
from planning_check.errors import SourceError, Text, UsageError
from planning_check.words import LISTS

if TYPE_CHECKING:
    from planning_check.cli.console import Console


def list_target(command: Callable[..., Any]) -> Callable[..., Any]:
    """-o, --force: where the list goes."""
    return csv_target(command, "名单写成 .xlsx 或 .csv / write the list as .xlsx or .csv", endings=(".xlsx", ".csv"))


_METHODS = OneOf({"simple": Text("简单随机", "simple"), "stratified": Text("分层", "stratified"), "money": Text("按金额", "by money")})
_OF = OneOf({"violations": LISTS["violations"], "struck_off": Text("已销号", "struck off")})


@click.command(short_help="抽样复查 / a sample to be visited again")
@click.option("--n", "n", type=click.IntRange(1, 10_000), metavar="N", help="抽几件 / how many")
@click.option(
    "--seed", type=click.IntRange(0, 10**18 - 1), metavar="SEED", help="种子：同一种子抽出同一份名单 / the same seed draws the same list"
)
@click.option("--by", "method", type=_METHODS, default="simple", show_default=True,
              help="简单随机、按名单分层、按金额 / simple, stratified by list, by money")  # fmt: skip
@click.option("--of", "of", type=_OF, default="violations", show_default=True,
              help="从违规里抽，还是从已销号的案件里抽 / from the violations, or from what was struck off")  # fmt: skip
@click.option("--list", "list_", type=OneOf(LISTS), help="只从一份名单里抽 / of one list")
@list_target
@run_number
@database
@talking
@click.pass_obj
def sample(
    console: Console, n: int | None, seed: int | None, method: str, of: str, list_: str | None, target: Path | None, force: bool,
    run: int | str | None, db_url: str,
) -> None:  # fmt: skip
    """抽一份复查名单（-o 写成 xlsx 或 csv，由复查的人填，用 revisit 读回）；已有复查结果的，推算总体里仍违规的有多少，给出区间。

    Draws a list of cases to be visited again (-o writes xlsx or csv, for the visitors to fill in; revisit reads it back). What was found so
    far is projected to all of them, with an interval.
    """
    from planning_check import pipeline
    from planning_check.report.console.sampling import sample_lines

    if n is None or seed is None:
        raise UsageError(
            Text("写明抽几件和种子", "say how many, and the seed"),
            fix=Text("planning-check sample --n 40 --seed 7 -o sample.xlsx", "planning-check sample --n 40 --seed 7 -o sample.xlsx"),
        )
    check_target(target, force)
    found = pipeline.sample(db_url, n=n, seed=seed, method=method, of=of, list_=list_, run=run)
    if target is None:
        console.say(sample_lines(found, console.lang, paint=console.paint, full=console.verbose))
        return
    from planning_check.report.workbook.sample import sample_csv, sample_xlsx

    if target.suffix.lower() == ".csv":
        write(sample_csv(found, console.lang), target, "csv", force)
    else:
        write_bytes(sample_xlsx(found, console.lang), target, force)
    count, size = len(found.units), found.drawn.population
    console.note(Text(f"{size} 件中抽取 {count} 件，已写入 {target}", f"{count} of {size} written to {target}"))


@click.command(short_help="读回复查结果 / what the visits found")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--as", "role", type=role("auditor", "secretary", "bureau"), default="auditor", show_default=True,
              help="以什么身份记入 / in which role")  # fmt: skip
@click.option("--yes", is_flag=True, help="不问，直接记入 / write without asking")
@acting
@database
@talking
@click.pass_obj
def revisit(console: Console, file: Path, role: str, yes: bool, actor: str, db_url: str) -> int:
    """读回 sample 写出、填好的名单：先列出读懂了什么、推算仍违规的有多少，确认后记入日志。同一份读两次不会重复记。

    Reads back the list that sample wrote and people filled in: shows what it understood and what it says of all cases, and writes it to the
    log once you say so. The same file twice changes nothing.
    """
    from planning_check import pipeline
    from planning_check.report.console.sampling import visits_lines

    found, understood = pipeline.read_sample(db_url, file, role)
    console.say(visits_lines(found, understood.lines, understood.unread, console.lang, paint=console.paint))
    wanting = bool(understood.unread) or any(line.state == "refused" for line in understood.lines)
    ending = SourceError.exit_code if wanting else 0
    count = len(understood.to_write)
    if not count:
        console.note(Text("没有要记入的", "Nothing to write"))
        return ending
    if not agreed(console, count, yes):
        return 0
    head = pipeline.write_decisions(db_url, understood, by=actor, role=role, at=moment())
    if head:
        console.note(Text(f"已由 {actor} 记入日志；日志末尾：第 {head.seq} 条，{head.hash}",
                          f"Written to the log by {actor}; its head: entry {head.seq}, {head.hash}"))  # fmt: skip
    return ending
