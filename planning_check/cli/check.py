"""``check``: hold a delivery against the rules and show who owes what."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from planning_check.cli.failures import EXIT_BUG
from planning_check.cli.options import (
    FORMATS,
    acting,
    as_of_day,
    asked,
    database,
    layer_crs,
    limits,
    mapping,
    moment,
    output,
    rule_folders,
    several,
    talking,
)  # fmt: skip
from planning_check.cli.values import OneOf
from planning_check.cli.writing import check_target, kind_of, write
from planning_check.errors import SourceError, Text
from planning_check.words import SEVERITIES

if TYPE_CHECKING:
    from planning_check.cli.console import Console
    from planning_check.report.told.summary import Summary


@click.command(short_help="检查一份报送 / check a delivery")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]...")
@as_of_day
@layer_crs
@mapping
@database
@rule_folders
@click.option(
    "--select", multiple=True, callback=several, metavar="RULES", help="只用这些规则或类别：AR,HO01 / only these rules or families"
)
@click.option("--ignore", multiple=True, callback=several, metavar="RULES", help="不用这些规则或类别 / not these rules or families")
@click.option("--series", metavar="NAME", help="属于哪个系列，如一个市：与它的上一次比较（默认按报送的标题或文件夹名）/ whose checks this is one of, "
              "such as a city's: compared with the one before (default: by the delivery's title or folder)")  # fmt: skip
@click.option("--fail-on", type=OneOf(SEVERITIES), metavar="SEVERITY",
              help="有此程度及以上的违规时退出码为 1（critical major minor lead data info）/ "
                   "exit with 1 if there is a violation at or above it")  # fmt: skip
@click.option("--full", is_flag=True, help="打印全部，不只是第一屏 / print all of it, not the first screen alone")
@click.option("--again", is_flag=True, help="什么都没有变也重新检查 / check anew even where nothing has changed")
@limits
@acting
@output
@talking
@click.pass_obj
def check(
    console: Console, paths: tuple[Path, ...], as_of: dt.datetime | None, crs: tuple[str, ...],
    mapping: Path | None, db_url: str, rule_dirs: tuple[Path, ...],
    select: tuple[str, ...], ignore: tuple[str, ...], series: str | None, fail_on: str | None, again: bool, threads: int | None,
    memory: str | None, actor: str, kind: str | None, target: Path | None, force: bool, full: bool,
) -> int:  # fmt: skip
    """检查一份报送（文件夹或文件；不给则检查自带的示例城市），打印三份名单，结果记入记录库。

    Check a delivery: folders or files, or the bundled city if none is given. Prints the three lists and records the run.
    With --format csv, json or jsonl the findings go to stdout (or to -o FILE) and the summary to stderr (or stdout).
    """
    from planning_check import pipeline

    kind = kind_of(kind, target, FORMATS)
    check_target(target, force)
    full = full or console.verbose
    now = moment()
    options = asked(
        paths, as_of, now.date(), rule_dirs=rule_dirs, select=select, ignore=ignore, crs=crs, mapping=mapping, series=series,
        threads=threads, memory=memory,
    )  # fmt: skip
    result = None if again else pipeline.repeated(options, db_url, full=full, told=console.warn)
    if result:
        console.note(_unchanged(result.run_id))
    else:
        result = pipeline.check(
            options, created_at=now, by=actor, db_url=db_url, progress=console.progress, full=full,
            on_record=console.keeps, told=console.warn
        )  # fmt: skip
    console.progress_ends()
    to_stdout = target is None and kind != "table"
    if not console.quiet:
        print_summary(console, result.summary, db_url, full=full, err=to_stdout)
        _print_silences(console, rule_dirs, err=to_stdout)
    if console.verbose:
        print_timings(console, result.timings)
    if target is not None or to_stdout:
        _export(db_url, result.run_id, kind, target, force, console)
    if fail_on and result.summary.failing(fail_on):
        return 1
    if any(kind.code == "internal_error" for kind in result.summary.problems):
        return EXIT_BUG
    return SourceError.exit_code if result.summary.lost or not result.summary.is_judged else 0


def _unchanged(run_id: int) -> Text:
    return Text(
        f"与第 {run_id} 次检查相比什么都没有变，显示的就是它；要重新检查加 --again",
        f"Nothing has changed since run {run_id}, which is shown; --again checks anew",
    )


def _export(db_url: str, run_id: int, kind: str, target: Path | None, force: bool, console: Console) -> None:
    from planning_check import pipeline

    found = pipeline.findings(db_url, run_id)
    write(pipeline.export(kind, found, console.lang), target, kind, force)
    if target is not None:
        console.note(Text(f"问题已写入 {target}", f"Findings written to {target}"))


def print_summary(console: Console, summary: Summary, db_url: str, *, full: bool, err: bool) -> None:
    from planning_check.report.console.first_screen import first_screen, next_lines
    from planning_check.report.console.summary import summary_lines

    where, steps = next_steps(summary, db_url)
    if full:
        lines = [*summary_lines(summary, console.lang, paint=console.paint), *next_lines(steps, where, console.lang)]
    else:
        lines = first_screen(summary, steps, where, console.lang, width=console.width, paint=console.paint)
    console.say(lines, err=err)


def _print_silences(console: Console, rule_dirs: tuple[Path, ...], *, err: bool) -> None:
    """What the city's own ordinances leave unsaid, and so leave unjudged."""
    if rule_dirs:
        from planning_check import pipeline
        from planning_check.report.console.comparison import silence_lines

        lines = silence_lines(pipeline.silences(rule_dirs), console.lang)
        console.say(["", *lines] if lines else [], err=err)


def next_steps(summary: Summary, db_url: str) -> tuple[Text, list[tuple[str, Text]]]:
    """Where the full results are; what to type next, and what that shows."""
    from planning_check.cli.options import DEFAULT_DB, typed
    from planning_check.pipeline import shown_address

    option = "" if db_url == DEFAULT_DB or _is_found_again("db_url") else f" --db {db_url if '@' not in db_url else '...'}"
    line = next((line for one in summary.lists for line in one.lines), None)
    steps = [
        (f"planning-check report{option}", Text("会议材料：工作簿、网页、文书、图层", "the meeting's papers: workbook, page, notices, map"))
    ]
    if line:
        steps.insert(0, (f"planning-check explain {line.leads} {typed(line.key)}{option}",
                         Text("一条问题的算式、依据和出处", "one finding: arithmetic, law, sources")))  # fmt: skip
    steps.append((f"planning-check findings -o findings.csv{option}", Text("全部问题，用 Excel 打开", "all findings, for Excel")))
    shown = shown_address(db_url)
    return Text(f"已记入 {shown}，第 {summary.run_id} 次检查；check --full 打印全部。接着可以：",
                f"Recorded in {shown}, run {summary.run_id}; check --full prints all of it. Next:"), steps  # fmt: skip


def _is_found_again(name: str) -> bool:
    """Whether the next command in this folder takes the option from the same configuration, without being told."""
    ctx = click.get_current_context()
    is_named = ctx.get_parameter_source("config") is ParameterSource.COMMANDLINE
    return ctx.get_parameter_source(name) is ParameterSource.DEFAULT_MAP and not is_named


def print_timings(console: Console, timings: list[tuple[str, Any]]) -> None:
    from planning_check.cli.console import STAGES

    total = sum(seconds for _, seconds in timings)
    console.say(
        (f"{seconds:8.2f} s  {STAGES[stage].get(console.lang) if stage in STAGES else stage}" for stage, seconds in timings), err=True
    )
    console.say([f"{total:8.2f} s  {Text('合计', 'in all').get(console.lang)}"], err=True)
