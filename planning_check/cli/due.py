"""``due``: what falls due."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from planning_check.cli.options import BOOK_FORMATS, BUREAUS, book_target, database, inputs_now, rule_folders, run_number, talking
from planning_check.cli.values import DAY, OneOf, refused
from planning_check.cli.writing import check_target, kind_of, show
from planning_check.errors import SourceError

if TYPE_CHECKING:
    from planning_check.cli.console import Console

_MOST_DAYS = 36_500


def _within(_ctx: click.Context, _option: click.Parameter, value: str) -> int:
    """``60d``, ``60`` or ``60天``."""
    found = re.fullmatch(r"(\d{1,6})\s*(?:d|days?|天|日)?", value.strip(), re.IGNORECASE)
    if found is None or int(found[1]) > _MOST_DAYS:
        raise refused("写成 60d 或 60天", "write it as 60d")
    return int(found[1])


@click.command(short_help="什么快到期、已逾期 / what falls due")
@click.option("--within", default="60d", show_default=True, metavar="DAYS", callback=_within,
              help="多少天之内到期的；已逾期的总列出 / due within so many days; what is overdue is always listed")  # fmt: skip
@click.option("--bureau", type=OneOf(BUREAUS), help="一个部门 / one bureau")
@click.option("--on", type=DAY, metavar="DAY", help="从哪一天看（默认检查的截至日）/ seen from which day (default: "
              "that of the check)")  # fmt: skip
@inputs_now
@rule_folders
@book_target
@run_number
@database
@talking
@click.pass_obj
def due(
    console: Console, within: int, bureau: str | None, on: dt.datetime | None, inputs: tuple[Path, ...], rule_dirs: tuple[Path, ...],
    kind: str | None, target: Path | None, force: bool, run: int | str | None, db_url: str,
) -> int:  # fmt: skip
    """各部门什么快到期、已逾期：催告、折资、保证金和保函、归还、会议决定、信用档案、租期、办公用房处置，写明来源的单元格或日志。

    What falls due, by bureau, overdue first: demands, payments, deposits and guarantees, returns, resolutions, credit entries, leases
    and office cases, each with the cell or the entry of the log that tells it. Exits with 3 where the delivery could not be read again.
    """
    from planning_check import pipeline
    from planning_check.report.console.due import due_csv, due_json, due_page
    from planning_check.report.workbook.due import due_xlsx

    kind = kind_of(kind, target, BOOK_FORMATS)
    check_target(target, force)
    day = on.date() if on else None
    found = pipeline.due(db_url, run, within=within, on=day, bureau=bureau, paths=inputs, rule_dirs=rule_dirs)
    show(console, found, due_page, {"csv": due_csv, "json": due_json}, kind=kind, target=target, force=force, book=due_xlsx)
    for note in found.notes:
        console.note(note)
    return SourceError.exit_code if found.notes else 0
