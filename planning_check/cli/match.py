"""``match``: which idle facility for which office, and who loses if one is withdrawn."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from planning_check.cli.options import TABLE_FORMATS, database, run_number, table_target, talking
from planning_check.cli.writing import check_target, kind_of, show

if TYPE_CHECKING:
    from planning_check.cli.console import Console


@click.command(short_help="闲置设施匹配 / idle facilities for offices")
@click.option("--without", multiple=True, metavar="FACILITY_ID", help="除去某处设施再匹配，可多次 / match without a facility, repeatable")
@table_target
@run_number
@database
@talking
@click.pass_obj
def match(
    console: Console, without: tuple[str, ...], kind: str | None, target: Path | None, force: bool, run: int | str | None, db_url: str
) -> None:  # fmt: skip
    """租用、借用和不足标准的办公用房一并配给闲置设施：配到哪里、次选为何落选、谁没有、设施撤回谁受影响。

    Rented, borrowed and undersized offices matched to idle facilities at once: where, why the runner-up lost, who is left
    without, and who loses if a facility is withdrawn.
    """
    from planning_check import pipeline
    from planning_check.report.console.matching import matching_csv, matching_json, matching_lines

    kind = kind_of(kind, target, TABLE_FORMATS)
    check_target(target, force)
    found = pipeline.match(db_url, run, without=without)
    show(console, found, matching_lines, {"csv": matching_csv, "json": matching_json}, kind=kind, target=target, force=force)
