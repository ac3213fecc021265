"""``province``: many cities as one."""

from __future__ import annotations

import click

from planning_check.cli.province_league import league


@click.group(short_help="全省：许多城市 / a province: many cities")
def province() -> None:
    """全省：许多城市一起检查、比较 / A province: many cities checked and compared."""


for command in (league,):
    province.add_command(command)
