"""``idle`` and ``untitled``: public rooms that wait for a use, and own offices without title."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from planning_check.cli.options import BOOK_FORMATS, book_target, database, run_number, talking
from planning_check.cli.writing import check_target, kind_of, show

if TYPE_CHECKING:
    from planning_check.cli.console import Console

_path = click.option(
    "--path",
    "paths",
    multiple=True,
    metavar="PATH",
    help="一种拟议途径，可多次：置换、开放、共建…… / one path, repeatable: exchange, open ...",
)


def _shown(console: Console, read: Any, paths: tuple[str, ...], kind: str | None, target: Path | None, force: bool) -> None:
    from planning_check.report.console.rooms import rooms_csv, rooms_json, rooms_lines
    from planning_check.report.workbook.rooms import rooms_book

    kind = kind_of(kind, target, BOOK_FORMATS)
    check_target(target, force)
    forms: dict[str, Any] = {"csv": partial(rooms_csv, lang=console.lang), "json": rooms_json}
    show(console, read(paths=paths), rooms_lines, forms, kind=kind, target=target, force=force, book=rooms_book)


@click.command(short_help="闲置、不开放的公共设施 / idle or closed public rooms")
@_path
@book_target
@run_number
@database
@talking
@click.pass_obj
def idle(
    console: Console, paths: tuple[str, ...], kind: str | None, target: Path | None, force: bool, run: int | str | None, db_url: str
) -> None:  # fmt: skip
    """闲置或不向居民开放的公共设施：拟开放、置换还是共建，为什么；开放时间和可容纳人数报了的列出，没有报的写明未知。

    Public facilities that are idle or closed to residents: whether to open, exchange or build together, and why; with opening hours and
    capacity where they were told.
    """
    from planning_check import pipeline

    _shown(console, partial(pipeline.idle, db_url, run), paths, kind, target, force)


@click.command(short_help="自有无产权的办公用房 / own offices without title")
@_path
@book_target
@run_number
@database
@talking
@click.pass_obj
def untitled(
    console: Console, paths: tuple[str, ...], kind: str | None, target: Path | None, force: bool, run: int | str | None, db_url: str
) -> None:  # fmt: skip
    """自有而没有产权的社区办公用房：补办登记、置换还是另行落实，为什么；是否面临拆迁，最近够大的闲置设施在哪里。

    Communities' own offices without title: whether to register, exchange or plan another, and why; whether demolition is ahead, and where
    the nearest idle facility large enough is.
    """
    from planning_check import pipeline

    _shown(console, partial(pipeline.untitled, db_url, run), paths, kind, target, force)
