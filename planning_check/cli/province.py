"""``province``: many cities, checked city by city on one machine or many, and put together as one run."""

from __future__ import annotations

import click

from planning_check.cli.province_league import league
from planning_check.cli.province_merge import merge
from planning_check.cli.province_plan import plan
from planning_check.cli.province_run import province_run, province_status
from planning_check.cli.province_verify import verify


@click.group(short_help="全省：许多城市一起检查 / a province: many cities")
def province() -> None:
    """全省各市：哪些要一起检查，分给多台机器检查，合成一次 / The cities of a province: which to check together, on many machines, merged into one run."""


for command in (plan, province_run, province_status, merge, verify, league):
    province.add_command(command)
