"""``config``: every setting, its value, and where that comes from."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import click

from planning_check.cli.configuration import FILE, KEYS, Configuration, shown
from planning_check.cli.options import DEFAULT_DB, talking
from planning_check.cli.values import OneOf
from planning_check.errors import Text
from planning_check.keeping import cache_folder

if TYPE_CHECKING:
    from planning_check.cli.console import Console

#: Key -> the option that goes before it, and what holds where nothing is said.
_SETTINGS: dict[str, tuple[str, Text]] = {
    "folder": ("FOLDER", Text("自带的示例城市", "the bundled city")),
    "db": ("--db", Text(DEFAULT_DB.removeprefix("sqlite:///"), DEFAULT_DB.removeprefix("sqlite:///"))),
    "rules": ("--rules", Text("只用随程序的规则", "the bundled rules alone")),
    "as_of": ("--as-of", Text("报送自己写的日期，没有写的是今天", "the delivery's own day, else today")),
    "language": ("--lang", Text("随系统", "the locale's")),
    "mapping": ("--mapping", Text("没有", "none")),
    "crs": ("--crs", Text("图层自己写的", "what the layers say")),
    "series": ("--series", Text("按报送的标题或文件夹", "by the delivery's title or folder")),
    "threads": ("--threads", Text("全部核", "all cores")),
    "memory": ("--memory", Text("按报送的大小", "by the size of the delivery")),
    "by": ("--by", Text("系统用户", "the system's user")),
}
_ENVIRONMENT = {
    "PLANNING_CHECK_CONFIG": Text(f"最近的 {FILE}", f"the nearest {FILE}"),
    "PLANNING_CHECK_CACHE": Text("用户自己的缓存文件夹", "the user's own cache folder"),
    "SOURCE_DATE_EPOCH": Text("时钟", "the clock"),
    "NO_COLOR": Text("终端里有颜色", "colour where it is a terminal"),
}


@click.command(short_help="每项设置是什么、来自哪里 / every setting, and where it comes from")
@click.option("--format", "kind", type=OneOf(["table", "json"]), default="table", help="格式（默认表）/ format (default: a table)")
@talking
@click.pass_context
def config(ctx: click.Context, kind: str) -> None:
    """每项设置的值和来源：配置文件的哪一行，哪个环境变量，还是默认。命令行上写的，优先于配置文件。

    The value of every setting and where it comes from: a line of the configuration file, the environment, or the default. What a command
    line says goes before the file.
    """
    from planning_check.report.console.layout import WIDTH, pad, wrap

    console: Console = ctx.obj
    rows = [*_of_the_file(ctx.meta[FILE], console.lang), *_of_the_environment(console.lang)]
    if kind == "json":
        console.say([json.dumps(rows, ensure_ascii=False, indent=2)])
        return
    found = ctx.meta[FILE]
    none = Text(f"没有配置文件（{FILE}）；planning-check init 会写一份", f"No configuration file ({FILE}); planning-check init writes one")
    console.say(
        [Text(f"配置文件：{found.path}", f"Configuration file: {found.path}").get(console.lang) if found else none.get(console.lang), ""]
    )
    wide = max(len(row["key"]) for row in rows)
    second = max(len(row["option"] or "") for row in rows)
    for row in rows:
        before = f"  {pad(row['key'], wide)}  {pad(row['option'] or '', second)}  "
        told = f"{row['value']}  ← {row['from']}"
        console.say(wrap(told, WIDTH, indent=before, hanging=" " * len(before)))
    if cache_folder() is not None:
        console.say(["", Text(f"缓存：{cache_folder()}", f"Cache: {cache_folder()}").get(console.lang)])


def _of_the_file(found: Configuration | None, lang: str) -> list[dict[str, Any]]:
    said = {one.key: one for one in found.settings.values()} if found else {}
    rows = []
    for key in KEYS:
        option, default = _SETTINGS[key]
        one = said.get(key)
        place = f"{found.path}:{one.line}" if found and one else _DEFAULT.get(lang)
        rows.append({"key": key, "option": option, "value": shown(one.value) if one else default.get(lang), "from": place})
    return rows


_DEFAULT = Text("默认", "default")


def _of_the_environment(lang: str) -> list[dict[str, Any]]:
    origin = Text("环境变量", "environment").get(lang)
    return [
        {"key": name, "option": None, "value": os.environ.get(name) or default.get(lang),
         "from": origin if os.environ.get(name) else _DEFAULT.get(lang)}
        for name, default in _ENVIRONMENT.items()
    ]  # fmt: skip
