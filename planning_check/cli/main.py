"""The command group, and the only place where errors become messages and exit codes."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, TextIO

import click

from planning_check import __version__, following
from planning_check.cli.balance import balance
from planning_check.cli.bundle import bundle
from planning_check.cli.case import case
from planning_check.cli.check import check
from planning_check.cli.clicks import speak
from planning_check.cli.config import config
from planning_check.cli.console import Console, default_language, forgive_encodings
from planning_check.cli.controls import controls
from planning_check.cli.coverage import coverage
from planning_check.cli.db import db
from planning_check.cli.decide import decide
from planning_check.cli.diff import diff
from planning_check.cli.doctor import doctor
from planning_check.cli.due import due
from planning_check.cli.endings import EXIT_INTERRUPTED, interrupted, language_of
from planning_check.cli.explain import explain
from planning_check.cli.failures import EXIT_BUG, foreseen
from planning_check.cli.findings import findings
from planning_check.cli.funds import funds
from planning_check.cli.init import init
from planning_check.cli.inspect import inspect
from planning_check.cli.law import law
from planning_check.cli.match import match
from planning_check.cli.plan import plan
from planning_check.cli.province import province
from planning_check.cli.rents import rents
from planning_check.cli.replay import replay
from planning_check.cli.report import report
from planning_check.cli.rooms import idle, untitled
from planning_check.cli.rules import rules
from planning_check.cli.runs import runs
from planning_check.cli.sample import revisit, sample
from planning_check.cli.simulate import simulate
from planning_check.cli.template import template
from planning_check.cli.thresholds import thresholds
from planning_check.cli.unchecked import unchecked
from planning_check.cli.verify import verify
from planning_check.cli.watched import INTERRUPTS
from planning_check.errors import ActionableError, Text, UsageError

EXIT_PIPE_CLOSED = 141
_BUG = Text(
    "程序出错了：这是本程序的缺陷，不是您的数据或操作有误。\n加 -v 重新运行可看到调用栈，请连同它一起报告。",
    "Something went wrong: this is a bug of the program, not of your data or of what you did.\n"
    "Run it again with -v for the traceback, and report it with that.",
)


class Left(Exception):
    """A command was left before its end: by Ctrl+C, or because nobody reads its output any more."""

    def __init__(self, exit_code: int) -> None:
        super().__init__(exit_code)
        self.exit_code = exit_code


class Commands(click.Group):
    """The group; what click would answer itself with exit code 1 goes to the boundary below."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            returned = super().invoke(ctx)
            sys.stdout.flush()
            return returned
        except BrokenPipeError:
            raise Left(EXIT_PIPE_CLOSED) from None
        except KeyboardInterrupt:
            raise Left(EXIT_INTERRUPTED) from None
        except RuntimeError as error:
            if str(error) == "Query interrupted":  # Ctrl+C as DuckDB tells it
                raise Left(EXIT_INTERRUPTED) from None
            raise


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="planning-check")
def cli() -> None:
    """开发企业欠社区什么：用房、折资、保证金、租借办公用房 / What developers owe a community."""


for command in (
    init,
    template,
    inspect,
    check,
    explain,
    findings,
    balance,
    funds,
    rents,
    match,
    idle,
    untitled,
    coverage,
    controls,
    plan,
    province,
    unchecked,
    report,
    decide,
    due,
    case,
    diff,
    replay,
    verify,
    bundle,
    sample,
    revisit,
    simulate,
    thresholds,
    rules,
    law,
    runs,
    db,
    config,
    doctor,
):
    cli.add_command(command)


def run(arguments: Sequence[str], tell: Callable[[str], None] | None = None) -> int:
    """Run one command; every error ends here. Returns the exit code (docs/ARCHITECTURE.md, exit codes). ``tell`` hears what is recorded."""
    console = Console(language_of(arguments, default_language()), tell=tell)
    try:
        with following.restored():
            return _run(arguments, console)
    except KeyboardInterrupt:  # in the middle of telling something else
        return _left(EXIT_INTERRUPTED, console)
    finally:
        if not _writable(sys.stdout):
            _drop_stdout()


def _run(arguments: Sequence[str], console: Console) -> int:
    forgive_encodings()
    speak(lambda: console.lang)
    try:
        if any("\0" in argument for argument in arguments):
            raise UsageError(Text("参数里有空字符（NUL）", "an argument holds a NUL"), fix=Text("重新输入", "type it again"))
        return _code(cli.main(list(arguments), prog_name="planning-check", standalone_mode=False, obj=console))
    except ActionableError as error:
        console.progress_ends()
        click.echo(error.render(console.lang), err=True)
        return error.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except SystemExit as left:  # how click ends where the shell asks what TAB offers
        return _code(left.code)
    except (Left, click.Abort) as left:
        return _left(left.exit_code if isinstance(left, Left) else EXIT_INTERRUPTED, console)
    except Exception as error:
        console.progress_ends()
        return _failed(error, console)


def _failed(error: Exception, console: Console) -> int:
    """The machine failed, or the program did."""
    if INTERRUPTS.seen:  # which some library made another error of
        return _left(EXIT_INTERRUPTED, console)
    told = foreseen(error)
    if told is None:
        return _bug(error, console)
    if console.verbose:
        traceback.print_exception(error)
    click.echo(told.render(console.lang), err=True)
    return told.exit_code


def _left(exit_code: int, console: Console) -> int:
    if exit_code == EXIT_INTERRUPTED:
        console.progress_ends()
        click.echo(interrupted(console.recorded).get(console.lang), err=True)
    else:
        _drop_stdout()
    return exit_code


def _writable(stream: TextIO) -> bool:
    """Whether what is left to write can still be written: not where the disk under it is full or it was closed."""
    try:
        stream.flush()
    except (OSError, ValueError):
        return False
    return True


def _drop_stdout() -> None:
    """Or the last flush of the interpreter would complain, and change the exit code."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _code(returned: object) -> int:
    return returned if isinstance(returned, int) else 0


def _bug(error: Exception, console: Console) -> int:
    if console.verbose:
        traceback.print_exception(error)
    other = Text("en", "zh").get(console.lang)
    click.echo(f"{_BUG.get(console.lang)}\n{_BUG.get(other)}\n{type(error).__name__}: {error}", err=True)
    return EXIT_BUG
