"""``plan``: where to build next."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal, InvalidOperation
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from planning_check.cli.options import BOOK_FORMATS, as_of_day, asked, layer_crs, limits, mapping, rule_folders, table_target, talking
from planning_check.cli.values import OneOf, refused
from planning_check.cli.writing import check_target, kind_of, show, write_bytes
from planning_check.errors import Text

if TYPE_CHECKING:
    from planning_check.cli.console import Console

_FORMATS = ("table", "csv", "json", "xlsx", "gpkg")
_MOST_YUAN = Decimal(10) ** 14


def _yuan(_ctx: click.Context, _option: click.Parameter, value: str | None) -> Decimal | None:
    """``3000000``, ``3,000,000`` or ``300万``."""
    if value is None:
        return None
    text = value.strip().replace(",", "").replace("，", "").removesuffix("元")
    times = 10_000 if text.endswith("万") else 1
    try:
        yuan = Decimal(text.removesuffix("万")) * times
    except InvalidOperation:
        yuan = Decimal("NaN")
    if not yuan.is_finite() or not 0 <= yuan <= _MOST_YUAN or yuan != yuan.quantize(Decimal("0.01")):
        raise refused("写成元数，如 3000000 或 300万", "write yuan, such as 3000000")
    return yuan


_target = partial(table_target, formats=_FORMATS, what="写入文件：.xlsx、.gpkg、.csv 或 .json / write .xlsx, .gpkg, .csv or .json")


@click.command(short_help="下一步建在哪里 / where to build next")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]...")
@click.option(
    "--facility", required=True, metavar="KIND", help="设施类别，如 elderly、老年活动和日间照料 / a kind of facility, such as elderly"
)
@click.option("--sites", type=click.IntRange(1, 1_000), default=5, show_default=True, help="至多建几处 / how many at most")
@click.option("--budget", metavar="YUAN", callback=_yuan, help="至多花多少元，如 3000000 或 300万 / how many yuan at most")
@click.option("--population", type=OneOf({"now": Text("现状", "now"), "planned": Text("规划", "planned")}), default="now", show_default=True,
              help="现状人口，或加上已批未入住项目的户数 / people now, or with the households of approved projects")  # fmt: skip
@click.option("--time-limit", "seconds", type=click.FloatRange(min=1, max=86_400), default=60.0, show_default=True, metavar="SECONDS",
              help="求最好选法至多用几秒 / how long the best choice is looked for at most")  # fmt: skip
@click.option("--programme", is_flag=True,
              help="改为列出待建设的社区先后，得分和权重都列出 / the order of the communities to build up instead, with its weights")  # fmt: skip
@as_of_day
@layer_crs
@mapping
@rule_folders
@limits
@_target
@talking
@click.pass_obj
def plan(
    console: Console, paths: tuple[Path, ...], facility: str, sites: int, budget: Decimal | None, population: str, seconds: float,
    programme: bool,
    as_of: dt.datetime | None, crs: tuple[str, ...], mapping: Path | None, rule_dirs: tuple[Path, ...],
    threads: int | None, memory: str | None, kind: str | None, target: Path | None, force: bool,
) -> None:  # fmt: skip
    """某类设施下一步建在哪里：在闲置设施、公共用地、旧城改造片区、未移交用房中选几处，使半径内、能力内新服务的人最多；列出仍没有服务的人。不记入记录库。

    Where a kind of facility is built next: the few sites among idle facilities, public land, renewal areas and rooms not handed over that
    serve the most people newly, within reach and capacity; and who stays unserved. Nothing is recorded.
    """
    from planning_check import pipeline
    from planning_check.report.console.programme import programme_csv, programme_json, programme_page
    from planning_check.report.console.siting import siting_csv, siting_json, siting_page
    from planning_check.report.layers.siting import siting_gpkg
    from planning_check.report.workbook.programme import programme_xlsx
    from planning_check.report.workbook.siting import siting_xlsx

    kind = kind_of(kind, target, BOOK_FORMATS if programme else _FORMATS)
    check_target(target, force)
    options = asked(paths, as_of, rule_dirs=rule_dirs, crs=crs, mapping=mapping, threads=threads, memory=memory)
    if programme:
        order = pipeline.programme(options, facility, population=population, progress=console.progress)
        console.progress_ends()
        page = partial(programme_page, full=console.verbose)
        forms = {"csv": programme_csv, "json": programme_json}
        show(console, order, page, forms, kind=kind, target=target, force=force, book=programme_xlsx)
        return
    found = pipeline.plan(options, facility, population=population, sites=sites, budget=budget, seconds=seconds, progress=console.progress)
    console.progress_ends()
    if kind == "gpkg" and target:
        write_bytes(siting_gpkg(found, console.lang), target, force)
        console.note(Text(f"已写入 {target}", f"Written to {target}"))
        return
    page = partial(siting_page, full=console.verbose)
    show(console, found, page, {"csv": siting_csv, "json": siting_json}, kind=kind, target=target, force=force, book=siting_xlsx)
