"""``rules``: list the rules, show one, run their worked cases, compare two folders of them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import click

from planning_check.cli import completing
from planning_check.cli.facts import facts
from planning_check.cli.options import (
    as_of_day,
    asked,
    comparison_target,
    layer_crs,
    limits,
    mapping,
    moment,
    rule_folders,
    several,
    talking,
)
from planning_check.cli.simulate import show_comparison
from planning_check.cli.writing import check_target, write
from planning_check.errors import Text

if TYPE_CHECKING:
    from planning_check.cli.console import Console


@click.group(short_help="查看和试算规则 / list, show, test the rules")
def rules() -> None:
    """查看和试算规则 / List, show and test the rules."""


rules.add_command(facts)


@rules.command("list", short_help="列出规则 / list the rules")
@rule_folders
@talking
@click.pass_obj
def list_rules(console: Console, rule_dirs: tuple[Path, ...]) -> None:
    """列出全部规则 / List all rules."""
    from planning_check import pipeline
    from planning_check.report.console.layout import table
    from planning_check.words import BUREAUS, LISTS, SEVERITIES, SUBJECTS, label

    lang = console.lang
    rows = [
        (r["id"], r["title"][lang], label(SUBJECTS, r["subject"], lang), label(LISTS, r["list"], lang),
         label(SEVERITIES, r["severity"], lang), label(BUREAUS, r["responsible"], lang))
        for r in pipeline.rules_list(rule_dirs)
    ]  # fmt: skip
    heads = Text("规则|内容|对象|名单|程度|责任部门", "rule|what|subject|list|severity|bureau").get(lang)
    console.say(table(heads.split("|"), rows, indent="", paint=console.paint))


@rules.command("show", short_help="显示一条规则 / show a rule")
@click.argument("rule", shell_complete=completing.rules)
@rule_folders
@talking
@click.pass_obj
def show(console: Console, rule: str, rule_dirs: tuple[Path, ...]) -> None:
    """显示一条规则：判什么、依据、算式、何时不宜处理 / Show a rule."""
    from planning_check import pipeline
    from planning_check.report.console.explain import rule_lines

    console.say(rule_lines(pipeline.explain_rule(rule, rule_dirs), console.lang, paint=console.paint))


@rules.command("test", short_help="试算规则的算例 / run the worked cases")
@click.argument("chosen", nargs=-1, callback=several, metavar="[RULE]...", shell_complete=completing.rules)
@rule_folders
@talking
@click.pass_obj
def test(console: Console, chosen: tuple[str, ...], rule_dirs: tuple[Path, ...]) -> int:
    """试算规则（或所选规则）的全部算例；有不符的，退出码为 2。算例按编写时所依据的规定试算；按本市规定另行试算而结果不同的，列在后面，不算不符。

    Runs the worked cases by the rules that they were written for; exits with 2 if one fails. Those that come out otherwise by a city's own
    ordinances and parameters are listed behind them and are no failure.
    """
    from planning_check import pipeline
    from planning_check.report.console.cases import case_lines, differing_lines
    from planning_check.report.console.comparison import silence_lines

    results = pipeline.rules_test(rule_dirs, chosen)
    console.say(case_lines(results, console.lang, paint=console.paint, full=console.verbose))
    console.say(differing_lines(pipeline.rules_tried(rule_dirs, chosen), console.lang, paint=console.paint, full=console.verbose))
    console.say(silence_lines(pipeline.silences(rule_dirs), console.lang))
    console.say(line.get(console.lang) for line in pipeline.waivers_on(rule_dirs, moment().date()))
    return 0 if all(result.passed for result in results) else 2


@rules.command("check", short_help="查看规则写得全不全 / what to look at in the rules")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]...")
@rule_folders
@as_of_day
@layer_crs
@mapping
@limits
@talking
@click.pass_obj
def check(
    console: Console, paths: tuple[Path, ...], rule_dirs: tuple[Path, ...], as_of: dt.datetime | None, crs: tuple[str, ...],
    mapping: Path | None, threads: int | None, memory: str | None,
) -> None:  # fmt: skip
    """查看规则写得全不全：办法没有写到哪些条款；给出报送的，还数有多少结论因此未能判定。有要看的，退出码仍为 0，写错的为 2。

    Looks the rules over: which clauses an ordinance does not mention, and with PATHs how many outcomes of that delivery become
    undetermined. Exits with 0 whatever there is to look at, with 2 where a file is wrong.
    """
    from planning_check import pipeline
    from planning_check.report.console.remarks import remark_lines

    looked = pipeline.rules_check(
        asked(paths, as_of, rule_dirs=rule_dirs, crs=crs, mapping=mapping, threads=threads, memory=memory), progress=console.progress
    )
    console.progress_ends()
    console.say(remark_lines(looked, console.lang, paint=console.paint))


@rules.command("diff", short_help="比较两套规则 / compare two folders of rules")
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]...")
@as_of_day
@layer_crs
@mapping
@limits
@comparison_target
@talking
@click.pass_obj
def diff(
    console: Console, old: Path, new: Path, paths: tuple[Path, ...], as_of: dt.datetime | None, crs: tuple[str, ...],
    mapping: Path | None, threads: int | None, memory: str | None, target: Path | None, force: bool,
) -> None:  # fmt: skip
    """比较两套规则文件夹：写法上的差别，以及对一份报送（不给则为示例城市）的影响 / What differs, and what it does to a delivery."""
    from planning_check import pipeline
    from planning_check.report.console.comparison import difference_lines

    check_target(target, force)
    written, effect = pipeline.rules_diff(
        old,
        new,
        asked(paths, as_of, crs=crs, mapping=mapping, threads=threads, memory=memory),
        progress=console.progress,
    )
    console.progress_ends()
    console.say(difference_lines(written, console.lang, paint=console.paint))
    console.say([""])
    show_comparison(console, effect, [], target, force, [new])


@rules.command("page", short_help="生成规则说明页 / write the rule reference")
@rule_folders
@click.option(
    "-o", "--output", "target", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="写入文件 / write to a file"
)
@click.option("--force", is_flag=True, help="覆盖已有文件 / overwrite an existing file")
@talking
def page(rule_dirs: tuple[Path, ...], target: Path | None, force: bool) -> None:
    """规则说明页（Markdown）：每条规则的依据、算式、取值、算例，条款与规则对照表 / The rule reference as Markdown."""
    from planning_check import pipeline

    check_target(target, force)
    write([pipeline.rules_page(rule_dirs)], target, "md", force)
