"""``db``: look after the database of runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from planning_check.cli.options import database, paper_heads, talking
from planning_check.errors import Text

if TYPE_CHECKING:
    from planning_check.cli.console import Console

EXIT_DIFFERS = 2


@click.group(short_help="记录库：升级、备份、核对 / the database: upgrade, copy, check")
def db() -> None:
    """记录库：升级、备份、核对 / Look after the database of runs."""


@db.command(short_help="升级记录库 / upgrade the database")
@database
@talking
@click.pass_obj
def upgrade(console: Console, db_url: str) -> None:
    """把较早版本的记录库升级到本版本的格式；SQLite 文件先在旁边留一份副本。检查（check）也会这样做，查看从不改动记录库。

    Bring a database that an older version recorded to this version's shape; of an SQLite file a copy is kept beside it first.
    ``check`` does the same; reading never changes a database.
    """
    from planning_check import pipeline

    done = pipeline.upgrade_database(db_url, console.warn)
    console.say(
        [(done.said if done else Text("数据库已是本版本的格式", "the database has this version's shape already")).get(console.lang)]
    )


@db.command(short_help="备份记录库 / copy the database")
@click.option("-o", "--output", "target", type=click.Path(path_type=Path), required=True, metavar="FILE", help="副本的文件名 / the copy")
@click.option("--force", is_flag=True, help="覆盖已有文件 / overwrite an existing file")
@database
@talking
@click.pass_obj
def backup(console: Console, target: Path, force: bool, db_url: str) -> None:
    """把文件里的记录库复制成另一个文件，别人正在写也是完整的。服务器上的用数据库自己的工具（PostgreSQL 用 pg_dump）。

    Copy a database in a file into another file, whole even while others write. Of one on a server the server's own tool makes a copy
    (PostgreSQL: pg_dump).
    """
    from planning_check import pipeline
    from planning_check.cli.writing import check_target, whole

    check_target(target, force)
    with whole(target, force) as unfinished:
        pipeline.back_up_database(db_url, unfinished)
    console.note(Text(f"已写入 {target}", f"Written to {target}"))


@db.command(short_help="核对记录 / check the records")
@paper_heads
@database
@talking
@click.pass_obj
def check(console: Console, heads: list[tuple[str, int, str]], db_url: str) -> int:
    """重新计算每次检查的根哈希和日志的哈希链，与记录时的比较；有不同时退出码为 2。

    Hash what is on record of every run, and the chain of every log, again, and compare it with what was recorded then;
    exits with 2 if anything differs.
    """
    from planning_check import pipeline
    from planning_check.report.console.runs import checked_lines, log_lines
    from planning_check.store import Head

    found = pipeline.check_database(db_url)
    console.say(checked_lines(found, console.lang, paint=console.paint))
    broken = pipeline.check_log(db_url, [Head(*told) for told in heads])
    console.say(log_lines(broken, console.lang, paint=console.paint))
    return EXIT_DIFFERS if broken or any(one.differs for one in found) else 0
