"""``rules facts``: what a rule may read."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from planning_check.cli.options import TABLE_FORMATS, rule_folders, table_target, talking
from planning_check.cli.writing import check_target, kind_of, show

if TYPE_CHECKING:
    from planning_check.cli.console import Console


@click.command("facts", short_help="规则可读的名称 / what a rule may read")
@click.argument("subject", required=False)
@rule_folders
@table_target
@talking
@click.pass_obj
def facts(
    console: Console, subject: str | None, rule_dirs: tuple[Path, ...], kind: str | None, target: Path | None, force: bool
) -> None:  # fmt: skip
    """一类对象的规则能读什么：事实、共用的量、办法条款、函数，各有类型、单位、中英文名、责任部门、出处、取值和例子；不写 SUBJECT 则列出各类对象。

    What a rule on SUBJECT may read: facts, measures, clauses, functions, each with type, unit, words, owner, cells, codes and an example;
    without SUBJECT the subjects with their counts.
    """
    from planning_check import pipeline
    from planning_check.report.console import names

    kind = kind_of(kind, target, TABLE_FORMATS)
    check_target(target, force)
    if subject is None:
        page = partial(names.subjects_page, width=console.width)
        forms = {"csv": names.subjects_csv, "json": names.subjects_json}
        show(console, pipeline.rules_subjects(rule_dirs), page, forms, kind=kind, target=target, force=force)
        return
    named = pipeline.rules_facts(subject, rule_dirs)
    page = partial(names.names_page, width=console.width, full=console.verbose)
    show(console, named, page, {"csv": names.names_csv, "json": names.names_json}, kind=kind, target=target, force=force)
