"""--config: every command takes from the configuration file what its command line does not say, and tells what that was."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from planning_check.cli.configuration import FILE, configuration, for_command, used


def _configure(ctx: click.Context, _option: click.Parameter, value: str | None) -> None:
    """Before the other options are looked at: what the file says stands in place of their defaults."""
    found = configuration(value, Path.cwd(), ctx.obj.warn)
    ctx.meta[FILE] = found
    if found:
        if "lang" in found.settings and ctx.get_parameter_source("lang") is not ParameterSource.COMMANDLINE:
            ctx.obj.lang = found.settings["lang"].value  # of --lang it was looked for before
        ctx.default_map = for_command(found, {param.name or "" for param in ctx.command.params})


def configured(command: Callable[..., Any]) -> Callable[..., Any]:
    """--config, and the line that says what came from it."""

    @wraps(command)
    def told(*arguments: Any, **given: Any) -> Any:
        ctx = click.get_current_context()
        if found := ctx.meta[FILE]:
            taken = {name for name in found.settings if ctx.get_parameter_source(name) is ParameterSource.DEFAULT_MAP and name != "lang"}
            for line in used(found, taken):
                ctx.obj.warn(line)
        return command(*arguments, **given)

    return click.option(
        "--config", envvar="PLANNING_CHECK_CONFIG", metavar="FILE", is_eager=True, expose_value=False, callback=_configure,
        help=f"配置文件（默认取所在文件夹及上级里的 {FILE}；off 不用）/ configuration (default: the nearest {FILE}, here or above; off: none)",
    )(told)  # fmt: skip
