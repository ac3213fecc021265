"""``case``: one case of the meeting: shown, proved, reported done, struck off, reopened."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from planning_check.cases import MOVES, ROLES, STATES
from planning_check.cli.decide import agreed
from planning_check.cli.options import BOOK_FORMATS, acting, book_target, database, moment, run_number, talking
from planning_check.cli.values import DAY, OneOf, refused, role
from planning_check.cli.writing import check_target, kind_of, show
from planning_check.errors import SourceError, Text, UsageError

if TYPE_CHECKING:
    from planning_check.cli.console import Console

_DAY = DAY
_KEY_LENGTH = 16


class CaseCommands(click.Group):
    """``case KEY`` is ``case show KEY``."""

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        return super().resolve_command(ctx, ["show", *args] if args and _looks_like_a_key(args[0]) else args)


def _looks_like_a_key(text: str) -> bool:
    return len(text) == _KEY_LENGTH and not set(text.lower()) - set("0123456789abcdef")


@click.group(cls=CaseCommands, short_help="一件案子：材料、办结、销号 / a case: proofs, done, strike-off")
def case() -> None:
    """一件案子（附册里的一个“键”）：查看、归入办结材料、报称办结、销号、重新立案。case KEY 即查看。

    A case, by its key in the annex: shown (case KEY), proved, reported done, struck off, reopened. It is struck off only
    where the latest check passes it and the proofs that its rule demands are on file.
    """


def _key(_ctx: click.Context, _option: click.Parameter, value: str) -> str:
    if not _looks_like_a_key(value.strip()):
        raise refused("键是 16 位十六进制数，见附册的“键”列", "a key has 16 hexadecimal digits: the column 'key' of the annex")
    return value.strip().lower()


_key_argument = click.argument("key", metavar="KEY", callback=_key)
_folder = click.option("--case-folder", type=click.Path(file_okay=False, path_type=Path), metavar="DIR",
                       help="案卷所在的文件夹（默认在记录库旁边）/ where the files of cases are kept (default: beside the database)")  # fmt: skip


def _stepping(action: str) -> Callable[[Any], Any]:
    """KEY, --role of those who may take the step, --by, --run, --db: of every command that takes one."""
    move = next(one for one in MOVES if one.action == action)
    roles = [role for role in move.who if role != "system"]
    told = f"以什么身份，可以是：{'、'.join(ROLES[role].zh for role in roles)} / in which role: {', '.join(roles)}"

    def with_options(command: Any) -> Any:
        for option in (
            talking, database, run_number, acting,
            click.option("--role", "--as", "role", type=role(), default=roles[0],
                         show_default=True, help=told),
            _key_argument,
        ):  # fmt: skip
            command = option(command)
        return command

    return with_options


@case.command("show", short_help="查看一件 / show one")
@_key_argument
@_folder
@run_number
@database
@talking
@click.pass_obj
def show_(console: Console, key: str, case_folder: Path | None, run: int | str | None, db_url: str) -> None:
    """查看一件：问题、状态、决定、已有和还缺的材料、办理经过、立案多久、重开几次。

    Show a case: finding, state, decision, proofs on file and lacking, what was done, its age and how often it was reopened.
    """
    from planning_check import pipeline
    from planning_check.pipeline.proving import kept_states
    from planning_check.report.console.followed import case_lines

    found = pipeline.case_file(db_url, key, run)
    kept = kept_states(db_url, case_folder, found.case.proofs)
    console.say(case_lines(found, console.lang, kept=kept, paint=console.paint))


@case.command("list", short_help="列出各件 / list them")
@click.option("--state", "states", multiple=True, type=OneOf(STATES), help="只列这些状态，可多次 / those that stand so, repeatable")
@click.option("--reopened", is_flag=True, help="只列重新立案而尚未了结的 / those reopened and not settled since")
@book_target
@run_number
@database
@talking
@click.pass_obj
def list_(
    console: Console, states: tuple[str, ...], reopened: bool, kind: str | None, target: Path | None, force: bool, run: int | str | None,
    db_url: str,
) -> None:  # fmt: skip
    """列出一个系列里办理过的各件，立案最久的在前；重新立案的写明原因。

    List the cases of a series that something was done about, oldest first; of those reopened the reason.
    """
    from planning_check import pipeline
    from planning_check.report.console.followed import list_lines
    from planning_check.report.tables.cases import cases_csv, cases_json
    from planning_check.report.workbook.followed import cases_xlsx

    kind = kind_of(kind, target, BOOK_FORMATS)
    check_target(target, force)
    found = pipeline.case_list(db_url, run, states=states, reopened=reopened)
    show(console, found, list_lines, {"csv": cases_csv, "json": cases_json}, kind=kind, target=target, force=force, book=cases_xlsx)


@case.command(short_help="归入办结材料 / file a proof")
@_stepping("prove")
@click.option(
    "--proof",
    "kind",
    required=True,
    metavar="KIND",
    help="哪种材料：名称或代码，case KEY 列出 / which kind, by name or code: case KEY lists them",
)
@click.option("--file", "path", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="PATH",
              help="材料文件，记下 SHA-256 / the file, whose SHA-256 goes on record")  # fmt: skip
@click.option("--on", "proved_on", required=True, type=_DAY, metavar="DAY", help="材料上的日期 / the day of the proof")
@click.option("--note", metavar="TEXT", help="备注 / a note")
@click.option("--keep", is_flag=True, help="把文件存一份到案卷，从不覆盖 / keep a copy of the file with the case, never written over")
@_folder
@click.pass_obj
def prove(
    console: Console, key: str, kind: str, path: Path, proved_on: dt.datetime, note: str | None, keep: bool, case_folder: Path | None,
    role: str, actor: str, run: int | str | None, db_url: str,
) -> int:  # fmt: skip
    """归入一份办结材料。文件的 SHA-256 记入日志；--keep 另存一份。同一份再归一次不会重复记。

    Put a proof on file: its SHA-256 goes into the log, with --keep a copy beside it. The same one twice changes nothing.
    """
    from planning_check import pipeline
    from planning_check.pipeline import proving

    body = proving.proof_of(path, proving.kind_of_proof(kind, pipeline.proof_kinds(db_url, run)), _past(proved_on, "--on"))
    body |= {"note": note} if note else {}
    copy = None
    if keep:
        body["kept"], copy = proving.kept(proving.case_folder(db_url, case_folder), key, path, body)
    return _take(console, pipeline.Step(key, "prove", body, keep=copy), role, actor, run, db_url)


@case.command("report", short_help="报称办结 / report as done")
@_stepping("report")
@click.option("--done-on", required=True, type=_DAY, metavar="DAY", help="哪天办结 / the day it was done")
@click.option("--note", metavar="TEXT", help="备注 / a note")
@click.pass_obj
def report_(
    console: Console, key: str, done_on: dt.datetime, note: str | None, role: str, actor: str, run: int | str | None, db_url: str
) -> int:  # fmt: skip
    """报称办结。此后的检查里仍不合规的，自动重新立案（纸面办结）。

    Report a case as done. A later check that it still fails reopens it by itself: done on paper.
    """
    return _step(console, key, "report", {"done_on": _past(done_on, "--done-on").isoformat(), "note": note}, role, actor, run, db_url)


@case.command(short_help="销号 / strike off")
@_stepping("close")
@click.option("--note", metavar="TEXT", help="备注 / a note")
@click.pass_obj
def close(console: Console, key: str, note: str | None, role: str, actor: str, run: int | str | None, db_url: str) -> int:
    """销号：最近一次检查已通过，且规则要求的材料都已归入，才能销号；否则说明还缺什么。

    Strike a case off: only where the latest check passes it and all proofs that its rule demands are on file; else it says what is lacking.
    """
    return _step(console, key, "close", {"note": note}, role, actor, run, db_url)


@case.command(short_help="重新立案 / reopen")
@_stepping("reopen")
@click.option("--reason", required=True, metavar="TEXT", help="原因 / why")
@click.pass_obj
def reopen(console: Console, key: str, reason: str, role: str, actor: str, run: int | str | None, db_url: str) -> int:
    """重新立案，写明原因；办结材料要重新归入。

    Reopen a case and say why; its proofs must be filed anew.
    """
    if not reason.strip():
        raise UsageError(Text("要写明重新立案的原因", "say why it is reopened"))
    return _step(console, key, "reopen", {"reason": {"why": "said", "said": reason.strip()}}, role, actor, run, db_url)


@case.command(short_help="备注 / add a note")
@_stepping("remark")
@click.option("--note", required=True, metavar="TEXT", help="备注 / the note")
@click.pass_obj
def remark(console: Console, key: str, note: str, role: str, actor: str, run: int | str | None, db_url: str) -> int:
    """给一件加备注，如催办情况；不改变状态。

    Add a note to a case, such as a reminder that was sent; its state stays.
    """
    return _step(console, key, "remark", {"note": note.strip()}, role, actor, run, db_url)


@case.command(short_help="一张表办理多件 / many, from a table")
@click.argument("table", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--role", "--as", "role", type=role(), default="secretary",
              show_default=True, help="以什么身份 / in which role")  # fmt: skip
@click.option("--keep", is_flag=True, help="把材料文件各存一份到案卷 / keep copies of the files with their cases")
@_folder
@click.option("--yes", is_flag=True, help="不问，直接记入 / write without asking")
@acting
@run_number
@database
@talking
@click.pass_obj
def enter(
    console: Console, table: Path, role: str, keep: bool, case_folder: Path | None, yes: bool, actor: str, run: int | str | None,
    db_url: str,
) -> int:  # fmt: skip
    """从一张表（CSV 或工作簿）办理多件：列为 键、步骤、材料种类、文件、日期、原因、备注。先列出，确认后全部记入；有一行不能办理就都不记。

    Take steps about many cases from a table (CSV or workbook) with the columns key, step, proof, file, day, reason, note. It shows them
    and writes all of them once you say so; where one row cannot be taken, none is.
    """
    from planning_check import pipeline
    from planning_check.pipeline import proving, stepping
    from planning_check.report.console.deciding import unread_lines
    from planning_check.report.console.followed import taken_lines

    keep_in = proving.case_folder(db_url, case_folder) if keep else None
    steps, unread = stepping.steps_of_table(db_url, table, today=moment().date(), keep_in=keep_in, run=run)
    tried = pipeline.take_steps(db_url, steps, role=role, by=actor, at=moment(), run=run, write=False)
    console.say(taken_lines(tried, console.lang, paint=console.paint))
    console.say(unread_lines(unread, console.lang, paint=console.paint))
    new = sum(one.is_new for one in tried.taken)
    if unread or tried.refused:
        console.note(Text("有不能办理的，都没有记入；改好再来", "Some cannot be taken, so none was written; mend them and come again"))
        return SourceError.exit_code
    if not new:
        console.note(Text("没有要记入的", "Nothing to write"))
        return 0
    if not agreed(console, new, yes):
        return 0
    return _written(console, pipeline.take_steps(db_url, steps, role=role, by=actor, at=moment(), run=run), actor)


def _past(day: dt.datetime, option: str) -> dt.date:
    from planning_check.pipeline.stepping import day_past

    try:
        return dt.date.fromisoformat(day_past(day.date(), moment().date()))
    except UsageError as error:
        raise UsageError(Text(f"{option}：{error.what.zh}", f"{option}: {error.what.en}")) from None


def _step(
    console: Console, key: str, action: str, said: Mapping[str, Any], role: str, actor: str, run: int | str | None, db_url: str
) -> int:  # fmt: skip
    from planning_check import pipeline

    body = {name: value for name, value in said.items() if value is not None}
    return _take(console, pipeline.Step(key, action, body), role, actor, run, db_url)


def _take(console: Console, step: Any, role: str, actor: str, run: int | str | None, db_url: str) -> int:
    """Take the step, say where the case stands now, and what the log's head is."""
    from planning_check import pipeline
    from planning_check.report.console.followed import taken_lines

    done = pipeline.take_steps(db_url, [step], role=role, by=actor, at=moment(), run=run)
    console.say(taken_lines(done, console.lang, paint=console.paint))
    return _written(console, done, actor)


def _written(console: Console, done: Any, actor: str) -> int:
    if done.head:
        console.note(Text(f"已由 {actor} 记入日志；日志末尾：第 {done.head.seq} 条，{done.head.hash}",
                          f"Written to the log by {actor}; its head: entry {done.head.seq}, {done.head.hash}"))  # fmt: skip
    return SourceError.exit_code if done.refused else 0
