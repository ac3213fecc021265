"""``province league``: the cities of a province side by side."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from planning_check.cli.options import BOOK_FORMATS, book_target, database, run_number, talking
from planning_check.cli.values import OneOf
from planning_check.cli.writing import check_target, kind_of, show
from planning_check.errors import Text

if TYPE_CHECKING:
    from planning_check.cli.console import Console

_SORTS = {
    "left": Text("未移交", "not handed over"), "complying": Text("履行", "complying"), "violations": Text("违规", "violations"),
    "short": Text("缺面积", "m2 missing"), "worth": Text("折资", "in lieu"), "forfeit": Text("拟没收", "to forfeit"),
    "offices": Text("租借用房", "offices"), "open": Text("未判定", "undetermined"),
}  # fmt: skip


@click.command(short_help="各城市比较 / the league of cities")
@click.option("--sort", type=OneOf(_SORTS), default="left", show_default=True,
              help="按什么排，最差的在前 / what the cities are ordered by, the worst first")  # fmt: skip
@book_target
@run_number
@database
@talking
@click.pass_obj
def league(
    console: Console, sort: str, kind: str | None, target: Path | None, force: bool, run: int | str | None, db_url: str
) -> None:  # fmt: skip
    """全省各城市并列：项目、到期、未移交的占比、履行的占比、各名单、折资和拟没收，最差的在前；没有检查的城市在最后，没有数。-v 全部列出。

    The cities of a province side by side: projects, what is due, what of it is not handed over, who complies, the lists, their worth and
    forfeitures, the worst first; a city that was not checked stands last and has no figures. -v lists all.
    """
    from planning_check.pipeline.province.league import league as found_of
    from planning_check.report.console.league import league_lines
    from planning_check.report.tables.league import league_csv, league_json
    from planning_check.report.workbook.league import league_book

    kind = kind_of(kind, target, BOOK_FORMATS)
    check_target(target, force)
    found = found_of(db_url, run, sort=sort)
    page = partial(league_lines, full=console.verbose or target is not None, width=console.width)
    show(console, found, page, {"csv": league_csv, "json": league_json}, kind=kind, target=target, force=force, book=league_book)
