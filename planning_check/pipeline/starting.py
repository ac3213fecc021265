"""A folder to begin with: a folder for each bureau with its template, a configuration, an empty mapping, and what to do first."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from planning_check.errors import Place, Text, UsageError
from planning_check.pipeline.forms import template_files
from planning_check.words import BUREAUS

_DELIVERY = Text("报送", "delivery")
_FIRST = Text("先读我.txt", "Read me first.txt")
_CONFIGURATION = """\
# 日常检查不用再写的选项；路径相对于本文件，命令行上写的优先
# What need not be typed for every check; paths are relative to this file, the command line goes before

folder = "{folder}"  # 报送文件夹 / the delivery
db = "planning_check.sqlite"  # 记录库 / the database of runs
language = "{lang}"  # zh, en
mapping = "mapping.yaml"  # 对照表 / how sheets with other headings are read

# rules = ["our_city"]  # 本市的规则文件夹 / folders of the city's own rules
# crs = ["parcels.shp=EPSG:4545"]  # 图层的坐标怎么读 / how to read the coordinates of a layer
# series = "our city"  # 与哪个系列的上一次比较 / whose earlier checks it is compared with
# threads = 2  # 最多用几个核 / how many cores a check may take
# memory = "2GB"  # 最多占多少内存 / how much memory
# as_of = 2011-06-30  # 固定截至日，删去这一行以前一直有效 / a fixed day of the check, until the line is deleted
"""
_MAPPING = """\
# 对照表：表头不认得的表怎么读。先看 planning-check inspect，再让它写一份建议：
#   planning-check inspect --write-mapping mapping.yaml --force
# Mapping: how sheets with other headings are read. Look at planning-check inspect first; it writes a proposal, too:
#   planning-check inspect --write-mapping mapping.yaml --force
#
# sheets:
#   - file: "*.xlsx"
#     sheet: 一览
#     table: projects
#     columns:
#       - {heading: 小区, field: project_name}
version: 1
sheets: []
"""
_README = """\
planning-check

1. “{folder}”里每个部门一个文件夹，各有一个填报模板（.xlsx）。填好后存回原处；已有台账的，直接放进去，不必抄进模板。
2. 没有填的表按“没有交来”处理。核实确实没有的，在该表 B2 填“是”。
3. 看怎么读的：planning-check inspect
4. 检查：planning-check check
5. 会议材料：planning-check report
6. 这台电脑行不行：planning-check doctor
以上命令在这个文件夹里运行，选项写在 planning_check.toml 里。

1. In '{folder}' each bureau has a folder with a template (.xlsx). Fill it in and save it there; registers that there
   are already go in as they are.
2. A sheet that is not filled in counts as not delivered. If it is verified that there are none, type yes in B2 of that sheet.
3. See how it is read: planning-check inspect
4. Check: planning-check check
5. The meeting's papers: planning-check report
6. Whether this computer will do: planning-check doctor
These commands are typed in this folder; their options stand in planning_check.toml.
"""


def start(folder: Path, lang: str) -> Iterator[tuple[Path, bool]]:
    """Make what is missing of such a folder; gives each file, and whether it was made now. What is there is never changed.
    Raises UsageError where the folder, or one in it, is a file; OSError where it cannot be written."""
    from planning_check.report.reference.template_book import write_template

    delivery = _DELIVERY.get(lang)
    texts = {
        "planning_check.toml": _CONFIGURATION.format(folder=delivery, lang=lang).encode(),
        "mapping.yaml": _MAPPING.encode(),
        _FIRST.get(lang): _README.format(folder=delivery).replace("\n", "\r\n").encode("utf-8-sig"),
    }
    books = template_files((), lang)
    homes = {name: folder / delivery / BUREAUS[owner].get(lang).replace(" ", "_") for name, (owner, _) in books.items()}
    for one in (folder, *homes.values()):
        _make(one)
    for name, data in texts.items():
        yield folder / name, _written(folder / name, data)
    for name, (owner, tables) in books.items():
        path = homes[name] / name
        is_new = not path.exists()
        if is_new:
            write_template(path, lang, tables, owner)
        yield path, is_new


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as error:
        raise UsageError(
            Text("这是文件，不是文件夹", "this is a file, not a folder"), where=Place(str(folder)),
            fix=Text("换一个名称，或先把它移开", "give another name, or move it away first"),
        ) from error  # fmt: skip


def _written(path: Path, data: bytes) -> bool:
    """Whether it was written: not where it is there already."""
    try:
        with path.open("xb") as file:
            file.write(data)
    except FileExistsError:
        return False
    return True
