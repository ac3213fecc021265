"""``template``: workbooks to be filled in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from planning_check.cli.options import rule_folders, talking
from planning_check.errors import Text

if TYPE_CHECKING:
    from planning_check.cli.console import Console

_DEFAULT = Text("填报模板.xlsx", "template.xlsx")


@click.command(short_help="写出填报模板 / write templates to fill in")
@click.option("-o", "--output", "target", type=click.Path(path_type=Path), metavar="FILE.xlsx|FOLDER",
              help="一个工作簿，或一个文件夹（四部门各一个工作簿） / one workbook, or a folder (a workbook for each bureau)")  # fmt: skip
@click.option("--table", "tables", multiple=True, metavar="NAME", help="只要这种表，可多次：折资、payments / only this table, repeatable")
@rule_folders
@talking
@click.pass_obj
def template(console: Console, target: Path | None, tables: tuple[str, ...], rule_dirs: tuple[Path, ...]) -> None:
    """写出填报模板：每种台账一张工作表，有必填的列、单位、可选的词、说明和示例；填好放进报送文件夹，不用对照表就读得出。
    没有填的表不算交来；确实没有的，在“本表确无记录”旁填“是”，就按“没有”判定。
    用 --rules 也写出规则文件夹自己的台账。

    Write workbooks to fill in: a sheet a register, with what is needed, units, words to choose from, notes and an example. What is filled
    in is read without a mapping. A sheet that nobody filled in is not delivered; one that says "there is none: yes" means
    that there is none. With --rules also the registers that a rules folder brings.
    """
    from planning_check import pipeline

    for path in pipeline.write_templates(target or Path(_DEFAULT.get(console.lang)), tables, console.lang, rule_dirs):
        console.note(Text(f"已写入 {path}", f"Written to {path}"))
