"""``init``: a folder to begin with."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from planning_check.cli.configuration import FILE, read_configuration
from planning_check.cli.options import talking
from planning_check.errors import Text

if TYPE_CHECKING:
    from planning_check.cli.console import Console


@click.command(short_help="建一个报送文件夹 / make a folder to begin with")
@click.argument("folder", type=click.Path(path_type=Path))
@talking
@click.pass_context
def init(ctx: click.Context, folder: Path) -> None:
    """在 FOLDER 里建好四部门的文件夹和填报模板、配置文件、空的对照表和“先读我”。已有的文件一个也不改；再运行一次只补缺少的。

    Make in FOLDER a folder and a template for each of the four bureaus, a configuration, an empty mapping and a Read me first.
    Nothing that is there is changed; a second time it only adds what is missing.
    """
    from planning_check.pipeline import start

    console: Console = ctx.obj
    before = folder / FILE
    if before.is_file() and ctx.get_parameter_source("lang") is not ParameterSource.COMMANDLINE:
        said = read_configuration(before).settings.get("lang")
        console.lang = said.value if said else console.lang
    made = list(start(folder, console.lang))
    new, old = ([path.relative_to(folder).as_posix() for path, is_new in made if is_new is wanted] for wanted in (True, False))
    lines = []
    if new:
        lines += [Text(f"已写入 {folder}：", f"Written into {folder}:").get(console.lang), *(f"  {name}" for name in new)]
    if old:
        lines += [Text("已有、没有改动：", "There already, and not changed:").get(console.lang), *(f"  {name}" for name in old)]
    first = Text(f"接着：进入 {folder}，填好或放进台账，运行 planning-check inspect，再 planning-check check",
                 f"Next: go to {folder}, fill in the templates or put your registers there, then planning-check inspect "
                 "and planning-check check")  # fmt: skip
    console.say([*lines, "", first.get(console.lang)])
