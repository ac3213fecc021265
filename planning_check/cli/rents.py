"""``rents``: what waiting costs."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING

import click

from planning_check.cli.options import csv_target, database, run_number, talking
from planning_check.cli.values import refused
from planning_check.cli.writing import check_target, write
from planning_check.errors import Text

if TYPE_CHECKING:
    from planning_check.cli.console import Console


def _costs(_ctx: click.Context, _option: click.Parameter, values: tuple[str, ...]) -> dict[str, Decimal]:
    """``idle_reuse=1200`` and the like."""
    from planning_check.report.told.rents import COSTED

    found = {}
    for value in values:
        path, _, text = value.partition("=")
        try:
            yuan = Decimal(text)
        except InvalidOperation:
            yuan = Decimal("NaN")
        if path not in COSTED or not yuan.is_finite() or yuan < 0:
            told = f"{COSTED[0]}=1200 ({', '.join(COSTED)})"
            raise refused(f"写成 途径=每平方米元数：{told}", f"write it as PATH=YUAN_PER_M2: {told}")
        found[path] = yuan
    return found


@click.command(short_help="等待的代价：租金 / the cost of waiting: rent")
@click.option("--cost", "costs", multiple=True, metavar="PATH=YUAN", callback=_costs,
              help="一种途径每平方米的费用，可多次：idle_reuse=1200 / what a square metre of a path costs, repeatable")  # fmt: skip
@csv_target
@run_number
@database
@talking
@click.pass_obj
def rents(
    console: Console, costs: dict[str, Decimal], target: Path | None, force: bool, run: int | str | None, db_url: str
) -> None:  # fmt: skip
    """租借的社区办公用房至今付了多少租金：逐处、逐年；拟定的途径几年租金能收回。

    What rented community offices have paid so far, by office and year, and in how many years of rent the path proposed pays back.
    """
    from planning_check import pipeline
    from planning_check.report.console.rents import rents_csv, rents_lines

    check_target(target, force)
    found = pipeline.rents(db_url, run, costs=costs)
    if target is None:
        console.say(rents_lines(found, console.lang, paint=console.paint, full=console.verbose))
        return
    write(rents_csv(found, console.lang), target, "csv", force)
    console.note(Text(f"已写入 {target}", f"Written to {target}"))
