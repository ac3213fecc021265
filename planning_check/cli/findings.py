"""``findings``: the findings of a recorded run, as a table or a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from planning_check.cli.options import BUREAUS, LISTS, OUTCOMES, ROBUSTNESS, SEVERITIES, STATES, database, output, run_number, talking
from planning_check.cli.writing import check_target, kind_of, write
from planning_check.errors import Text

if TYPE_CHECKING:
    from planning_check.cli.console import Console


@click.command(short_help="列出问题 / list findings")
@click.option("--list", "list_", type=click.Choice(LISTS), help="一份名单 / one list")
@click.option("--rule", metavar="RULE", help="一条规则或一类：AR03、AR / one rule or family")
@click.option("--outcome", type=click.Choice(OUTCOMES), help="一种结论 / one outcome")
@click.option("--severity", type=click.Choice(SEVERITIES), help="一种程度 / one severity")
@click.option("--district", metavar="DISTRICT", help="一个区县，名称或代码 / one district, name or code")
@click.option("--developer", metavar="NAME|CODE", help="一家开发企业的卷宗 / the dossier of one developer")
@click.option("--community", metavar="NAME|CODE", help="一个社区的卷宗 / of one community")
@click.option("--bureau", type=click.Choice(BUREAUS), help="一个部门负责办理的 / what one bureau must act on")
@click.option("--robustness", type=click.Choice(ROBUSTNESS), help="换口径后是否仍成立：稳固、不稳 / does it stand under other readings")
@click.option("--state", "states", type=click.Choice(STATES), multiple=True,
              help="案件状态，可写几次：待议、暂缓、不予认定…… / the state of the case, once or several times")  # fmt: skip
@run_number
@database
@output
@talking
@click.pass_obj
def findings(
    console: Console, list_: str | None, rule: str | None, outcome: str | None, severity: str | None, district: str | None,
    developer: str | None, community: str | None, bureau: str | None, robustness: str | None, states: tuple[str, ...],
    run: int | str | None, db_url: str, kind: str | None, target: Path | None, force: bool,
) -> None:  # fmt: skip
    """列出一次检查的问题：违规、未能判定、免除；指定开发企业、社区或部门的，先列总账。

    List the findings of a run: violations, what could not be judged, exemptions. With a developer, a community or a bureau, first what
    stands against it in all.
    """
    from planning_check import pipeline
    from planning_check.report.console.dossier import dossier_lines

    kind = kind_of(kind, target)
    check_target(target, force)
    chosen: dict[str, Any] = {
        "list": list_, "rule": rule, "outcome": outcome, "severity": severity, "district": district, "developer": developer,
        "community": community, "responsible": bureau, "robustness": robustness, "states": states,
    }  # fmt: skip
    found = pipeline.findings(db_url, run, **chosen)
    if (developer or community or bureau) and kind == "table" and target is None:
        console.say(dossier_lines(pipeline.dossier(db_url, run, **chosen), console.lang, paint=console.paint))
    if kind == "table" and not found.count:
        console.note(Text("没有符合条件的问题", "no findings of that choice"))
        return
    write(pipeline.export(kind, found, console.lang), target, kind, force)
    if target is not None:
        console.note(Text(f"{found.count} 条问题已写入 {target}", f"{found.count} findings written to {target}"))
