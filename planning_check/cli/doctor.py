"""``doctor``: whether this computer will do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from planning_check.cli.configuration import FILE, used
from planning_check.cli.options import database, moment, rule_folders, talking
from planning_check.cli.values import OneOf
from planning_check.errors import SourceError, Text

if TYPE_CHECKING:
    from planning_check.cli.console import Console

_SIGNS = {"ok": Text("可以", "ok"), "warn": Text("注意", "warn"), "bad": Text("不行", "bad")}


@click.command(short_help="这台电脑行不行 / whether this computer will do")
@rule_folders
@database
@click.option("--format", "kind", type=OneOf(["table", "json"]), default="table", help="格式（默认表）/ format (default: a table)")
@talking
@click.pass_context
def doctor(ctx: click.Context, rule_dirs: tuple[Path, ...], db_url: str, kind: str) -> int:
    """看程序、坐标换算、屏幕编码、读写权限、磁盘和内存、配置文件、记录库，每一项可以、注意或不行，怎么办。有不行的退出码为 3。

    Look at programs, coordinates, console, rights, disk and memory, configuration and database: ok, warn or bad, and what to do.
    Exits with 3 if anything is bad.
    """
    from planning_check import pipeline
    from planning_check.report.console.layout import WIDTH, pad, wrap

    console: Console = ctx.obj
    config = ctx.meta[FILE]
    lines = pipeline.look_over(db_url, used(config, config.settings)[0] if config and config.settings else None, rule_dirs, moment().date())
    bad = any(line.state == "bad" for line in lines)
    if kind == "json":
        told = [{"name": one.name.get("en"), "state": one.state, "said": one.said.get(console.lang),
                 "fix": one.fix.get(console.lang) if one.fix else None} for one in lines]  # fmt: skip
        console.say([json.dumps({"ok": not bad, "lines": told}, ensure_ascii=False, indent=2)])
    else:
        wide = max(len(text.get("en")) for text in _SIGNS.values())
        for one in lines:
            sign = pad(_SIGNS[one.state].get(console.lang), wide)
            name = f"{one.name.get(console.lang)}{Text('：', ': ').get(console.lang)}"
            shown = wrap(f"{name}{one.said.get(console.lang)}", WIDTH, indent=f"  {sign}  ", hanging=" " * (wide + 4))
            console.say(shown if one.state == "ok" else [console.paint(line, "alarm" if one.state == "bad" else "head") for line in shown])
            if one.fix:
                console.say(
                    wrap(Text("怎么办：", "what to do: ").get(console.lang) + one.fix.get(console.lang), WIDTH, indent=" " * (wide + 4))
                )
    return SourceError.exit_code if bad else 0
