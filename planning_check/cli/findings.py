"""``findings``: the findings of a recorded run, as a table or a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from planning_check.cases import STATES
from planning_check.cli.completing import names, projects, rules
from planning_check.cli.options import BUREAUS, FORMATS, OUTCOMES, database, output, run_number, talking
from planning_check.cli.values import OneOf
from planning_check.cli.writing import check_target, kind_of, write
from planning_check.errors import Text, UsageError
from planning_check.words import LISTS, ROBUSTNESS, SEVERITIES, SORTS

if TYPE_CHECKING:
    from planning_check.cli.console import Console


@click.command(short_help="列出问题 / list findings")
@click.option("--list", "list_", type=OneOf(LISTS), help="一份名单 / one list")
@click.option("--rule", metavar="RULE", shell_complete=rules, help="一条规则或一类：AR03、AR / one rule or family")
@click.option("--outcome", type=OneOf(OUTCOMES), help="一种结论 / one outcome")
@click.option("--severity", type=OneOf(SEVERITIES), help="一种程度 / one severity")
@click.option(
    "--district", metavar="DISTRICT", shell_complete=names("district_name"), help="一个区县，名称或代码 / one district, name or code"
)
@click.option(
    "--developer", metavar="NAME|CODE", shell_complete=names("developer_name"), help="一家开发企业的卷宗 / the dossier of one developer"
)
@click.option("--community", metavar="NAME|CODE", shell_complete=names("community_name"), help="一个社区的卷宗 / of one community")
@click.option("--bureau", type=OneOf(BUREAUS), help="一个部门负责办理的 / what one bureau must act on")
@click.option("--robustness", type=OneOf(ROBUSTNESS), help="换口径后是否仍成立：稳固、不稳 / does it stand under other readings")
@click.option("--state", "states", type=OneOf(STATES), multiple=True,
              help="案件状态，可写几次：待议、暂缓、不予认定…… / the state of the case, once or several times")  # fmt: skip
@click.option(
    "--project",
    "projects",
    multiple=True,
    metavar="ID|NAME",
    shell_complete=projects,
    help="一个项目的问题，按办理顺序，可多次 / the findings of one project in the order of its story, repeatable",
)
@click.option("--sort", type=OneOf(SORTS), help="按什么排，大的、重的在前（默认按记录的次序；--project 按办理顺序）/ "
              "by what, the largest and gravest first (default: as recorded; --project by its story)")  # fmt: skip
@click.option("--wide", is_flag=True, help="CSV 写全部字段（英文代码，供程序用）/ CSV with every field, for programs")
@run_number
@database
@output
@talking
@click.pass_obj
def findings(
    console: Console, list_: str | None, rule: str | None, outcome: str | None, severity: str | None, district: str | None,
    developer: str | None, community: str | None, bureau: str | None, robustness: str | None, states: tuple[str, ...],
    projects: tuple[str, ...], sort: str | None, wide: bool, run: int | str | None, db_url: str,
    kind: str | None, target: Path | None, force: bool,
) -> None:  # fmt: skip
    """列出一次检查的问题：违规、未能判定、免除；表下是合计，同一个项目的面积、金额只计一次；指定开发企业、社区或部门的，先列总账。

    List the findings of a run: violations, what could not be judged, exemptions. Below the table is what they come to, area and money of a
    project once. With a developer, a community or a bureau, first what stands against it in all.
    """
    from planning_check import pipeline
    from planning_check.report.console.dossier import dossier_lines
    from planning_check.report.told.chosen import Chosen

    kind = kind_of(kind, target, FORMATS)
    if wide and kind != "csv":
        raise UsageError(Text("--wide 只用于 CSV", "--wide is for CSV alone"), fix=Text("加 -o 文件名.csv", "add -o NAME.csv"))
    check_target(target, force)
    chosen: dict[str, Any] = {
        "list": list_, "rule": rule, "outcome": outcome, "severity": severity, "district": district, "developer": developer,
        "community": community, "responsible": bureau, "robustness": robustness, "states": states, "projects": projects,
        "sort": sort or ("story" if projects else None),
    }  # fmt: skip
    found = pipeline.findings(db_url, run, **chosen)
    if (developer or community or bureau) and kind == "table" and target is None:
        console.say(dossier_lines(pipeline.dossier(db_url, run, **chosen), console.lang, paint=console.paint))
    if kind == "table" and not found.count:
        console.note(Text("没有符合条件的问题", "no findings of that choice"))
        return
    total = Chosen(pipeline.led(db_url, run)) if kind == "table" else None
    write(pipeline.export(kind, found, console.lang, total, is_wide=wide), target, kind, force)
    if target is not None:
        console.note(Text(f"{found.count} 条问题已写入 {target}", f"{found.count} findings written to {target}"))
