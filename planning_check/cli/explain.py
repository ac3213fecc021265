"""``explain``: a rule, or why one subject came out as it did under it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from planning_check.cli.completing import rules, subjects
from planning_check.cli.options import database, rule_folders, run_number, talking, typed
from planning_check.errors import Text, UsageError, either

if TYPE_CHECKING:
    from planning_check.cli.console import Console

_HINTS = 10


@click.command(short_help="解释一条规则或一条问题 / explain a rule or a finding")
@click.argument("rule", shell_complete=rules)
@click.argument("subject", required=False, shell_complete=subjects)
@click.option("--like", "is_like", is_flag=True, help="旁边列出事实最近、结论相反的 / beside the nearest that came out the other way")
@run_number
@database
@rule_folders
@talking
@click.pass_obj
def explain(
    console: Console, rule: str, subject: str | None, is_like: bool, run: int | str | None, db_url: str, rule_dirs: tuple[Path, ...]
) -> None:
    """解释规则 RULE；给出对象（编号或名称）则解释它的结论：算式、依据、日期、出处到单元格；--like 与事实最近而结论相反的并列对照。

    Explain a rule; with a SUBJECT (its id or name) explain its outcome: arithmetic, law, dates, sources down to the cell;
    with --like beside the nearest subjects that came out, or were decided, the other way.
    """
    from planning_check import pipeline
    from planning_check.report.console.explain import explanation_lines, rule_lines
    from planning_check.report.console.likening import likeness_lines

    if is_like:
        if subject is None:
            example = "planning-check explain AR03 XM2006063 --like"
            raise UsageError(Text("--like 要指明对象", "--like needs a subject"), fix=Text(example, example))
        console.say(likeness_lines(pipeline.like(db_url, rule, subject, run), console.lang, paint=console.paint))
        return
    if subject is not None:
        found = pipeline.explain_subject(db_url, rule, subject, run)
        console.say(explanation_lines(found, console.lang, paint=console.paint, full=console.verbose))
        return
    text = pipeline.explain_rule(rule, rule_dirs)
    console.say(rule_lines(text, console.lang, paint=console.paint))
    _hint(console, text.rule["id"], db_url, run)


def _hint(console: Console, rule_id: str, db_url: str, run: int | str | None) -> None:
    """The first subjects that the rule found in the run, if there is one."""
    from planning_check import pipeline
    from planning_check.report.console.layout import table

    try:
        found = pipeline.findings(db_url, run, rule=rule_id, outcome="violation", limit=_HINTS)
        rows = [(row["subject_key"], row["subject_name"] or "", row["district_name"] or "") for row in found.rows]
    except UsageError:
        return  # nothing recorded yet, or the rule did not judge: the rule itself has been shown
    if rows:
        zh = f"第 {found.run_id} 次检查中它查出 {found.count} 处。看其中一条：planning-check explain {rule_id} {typed(rows[0][0])}"
        en = f"In run {found.run_id} it found {found.count}. See one: planning-check explain {rule_id} {typed(rows[0][0])}"
        heads = either(console.lang, ("编号", "名称", "区县"), ("id", "name", "district"))
        console.say(["", Text(zh, en).get(console.lang), *table(heads, rows, paint=console.paint)])
