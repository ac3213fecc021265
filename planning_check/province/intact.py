"""Whether a shard's result is still what was written: its root, its files, and what its tables say, worked out anew from the Parquet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from planning_check.errors import SourceError, Text
from planning_check.province.results import content_of, root_over_contents
from planning_check.province.uniting import read_table

if TYPE_CHECKING:
    from planning_check.province.commits import Results
    from planning_check.record.province import Commit


def faults(results: Results, commit: Commit) -> Iterator[Text]:
    """What is not as the commit says, each in one sentence; nothing where all of it is."""
    from planning_check.engine import opened

    if root_over_contents(commit.tables) != commit.root:
        yield Text("根哈希不是各表的", "its root is not that of its tables")
    with opened() as con:
        for table, kept in sorted(commit.tables.items()):
            try:
                rows = read_table(results, commit, table)
            except SourceError as error:
                yield Text(f"表 {table}：{error.what.zh}", f"table {table}: {error.what.en}")
                continue
            con.register("part", rows)
            found = content_of(con, table, "part")
            con.unregister("part")
            if (found.rows, found.sha256) != (kept.rows, kept.content):
                yield Text(f"表 {table}：所说的与标记文件记的不同", f"table {table}: it does not say what the mark records")
    for name in _beside(results, commit):
        yield Text(f"多出一个文件 {name}", f"a file {name} that does not belong to it")


def _beside(results: Results, commit: Commit) -> list[str]:
    place = results.place(commit.shard)
    names = (str(path).rsplit("/", 1)[-1] for path in results.fs.ls(place, detail=False))
    return sorted(name for name in names if name.endswith(".parquet") and name.removesuffix(".parquet") not in commit.tables)
