"""``decide``: what the meeting decided goes into the log, after it was shown."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from planning_check.cases import FIELDS
from planning_check.cli.options import acting, database, moment, rule_folders, run_number, talking
from planning_check.cli.values import DAY, OneOf, role
from planning_check.errors import SourceError, Text, UsageError
from planning_check.words import PAPERS

if TYPE_CHECKING:
    from planning_check.cli.console import Console

#: What may be said of one case on the command line: option, field of ``cases.FIELDS``, and help.
_SAID = (
    ("--conclusion", "conclusion", "会议结论：认定、不予认定、暂缓 / confirmed, dismissed or deferred"),
    ("--scope", "scope", "没收范围：全额、按比例、不没收 / whole, proportional or none"),
    ("--amount", "amount_yuan", "决定金额（元）/ the sum decided, in yuan"),
    ("--account", "account", "缴入账户 / the account that it is paid into"),
    ("--measure", "measure", "办公用房的处置方式 / how an office case is resolved"),
    ("--site", "site", "落实地点 / where"),
    ("--responsible", "responsible", "责任部门 / the bureau that must act"),
    (
        "--due-on",
        "due_on",
        "办理期限，日期或“15个工作日”（从会议日期数起）/ the day by which it is done, or '15 working days' from the meeting's",
    ),
    ("--agreed", "agreed", "会签部门 / the bureaus that agreed"),
    ("--note", "note", "备注 / a note"),
)


def _fields(command: Any) -> Any:
    for option, name, told in reversed(_SAID):
        command = click.option(option, name, metavar="TEXT", help=told)(command)
    return command


@click.command(short_help="记入会议决定 / what the meeting decided")
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--case", "key", metavar="KEY", help="只记一件：工作簿里一行或一条的键 / one line or finding, by its key in the workbook")
@_fields
@click.option("--meeting-on", type=DAY, metavar="DAY", help="会议日期 / the day of the meeting")
@click.option("--resolution-no", metavar="NO", help="决议文号（行里没有写的）/ the resolution of rows that name none")
@click.option("--as", "role", type=role("secretary", "chair"), default="secretary", show_default=True,
              help="以什么身份 / in which role")  # fmt: skip
@click.option("--yes", is_flag=True, help="不问，直接记入 / write without asking")
@click.option("--digest", "algorithm", type=OneOf(["sha256", "sm3"]), default="sha256", show_default=True,
              help="日志所用的摘要算法 / the digest of the log's new entries")  # fmt: skip
@acting
@rule_folders
@run_number
@database
@talking
@click.pass_obj
def decide(
    console: Console, file: Path | None, key: str | None, meeting_on: dt.datetime | None, resolution_no: str | None, role: str, yes: bool,
    algorithm: str, actor: str, rule_dirs: tuple[Path, ...], run: int | str | None, db_url: str, **said: str | None,
) -> int:  # fmt: skip
    """把会议填好的工作簿（或带“键”“会议结论”的 CSV）读回：先列出读懂了什么，确认后记入日志。同一份读两次不会重复记。

    Reads back the workbook that the meeting filled in (or a CSV with the columns key and conclusion): shows what it understood,
    and writes it to the log once you say so. The same file twice changes nothing.
    """
    from planning_check import pipeline
    from planning_check.report.console.deciding import decided_lines

    day = meeting_on.date() if meeting_on else None
    if (file is None) == (key is None):
        raise UsageError(
            Text("给一个填好的工作簿，或用 --case 指明一件", "name a filled workbook, or one case with --case"),
            fix=Text(f"planning-check decide {PAPERS['meeting'].zh} --meeting-on 2011-07-08 --resolution-no 纪要〔2011〕3号",
                     f"planning-check decide {PAPERS['meeting'].en} --meeting-on 2011-07-08 --resolution-no 2011-3"),
        )  # fmt: skip
    if file is not None:
        typed = [option for option, name, _ in _SAID if said[name] is not None]
        if typed:
            raise UsageError(Text(f"{typed[0]} 只用于 --case", f"{typed[0]} goes with --case only"))
        found = pipeline.understand(db_url, file, role, run=run, decided_on=day, resolution_no=resolution_no, rule_dirs=rule_dirs)
    else:
        told = {name: said[name] for name in FIELDS if said.get(name)} | {"resolution_no": resolution_no, "decided_on": day}
        found = pipeline.understand_one(db_url, key or "", told, role, run, rule_dirs)
    console.say(decided_lines(found, console.lang, paint=console.paint, full=console.verbose))
    wanting = bool(found.unread) or any(line.state in ("refused", "conflict") for line in found.lines)
    if not found.to_write:
        console.note(Text("没有要记入的", "Nothing to write"))
        return SourceError.exit_code if wanting else 0
    if not agreed(console, len(found.to_write), yes):
        return 0
    head = pipeline.write_decisions(db_url, found, by=actor, role=role, at=moment(), algorithm=algorithm)
    if head:
        console.note(Text(f"已由 {actor} 记入日志；日志末尾：第 {head.seq} 条，{head.hash}",
                          f"Written to the log by {actor}; its head: entry {head.seq}, {head.hash}"))  # fmt: skip
    return SourceError.exit_code if wanting else 0


def agreed(console: Console, count: int, yes: bool) -> bool:
    """Whether so many entries are to be written: said on the command line, or asked where somebody can answer."""
    if yes:
        return True
    if not sys.stdin.isatty():
        console.note(Text("加 --yes 才记入", "Add --yes to write it"))
    elif click.confirm(Text(f"记入这 {count} 件？", f"Write these {count}?").get(console.lang), default=False, err=True):
        return True
    console.note(Text("没有记入", "Nothing was written"))
    return False
