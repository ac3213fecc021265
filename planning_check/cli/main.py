"""The command group, and the only place where errors become messages and exit codes."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence

import click

from planning_check import __version__
from planning_check.cli.check import check
from planning_check.cli.console import Console, default_language, forgive_encodings
from planning_check.cli.explain import explain
from planning_check.cli.findings import findings
from planning_check.cli.rules import rules
from planning_check.errors import ActionableError, Text

EXIT_BUG = 70
EXIT_INTERRUPTED = 130
EXIT_PIPE_CLOSED = 141
_BUG = Text(
    "程序出错了：这是本程序的缺陷，不是您的数据或操作有误。\n加 -v 重新运行可看到调用栈，请连同它一起报告。",
    "Something went wrong: this is a bug of the program, not of your data or of what you did.\n"
    "Run it again with -v for the traceback, and report it with that.",
)
_INTERRUPTED = Text("已中断；没有记录。", "Interrupted; nothing was recorded.")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="planning-check")
def cli() -> None:
    """开发企业欠社区什么：用房、折资、保证金、租借办公用房 / What developers owe a community."""


for command in (check, explain, rules, findings):
    cli.add_command(command)


def run(arguments: Sequence[str]) -> int:
    """Run one command; every error ends here. Returns the exit code (DESIGN section 5)."""
    forgive_encodings()
    console = Console(default_language())
    try:
        return _code(cli.main(list(arguments), prog_name="planning-check", standalone_mode=False, obj=console))
    except ActionableError as error:
        console.progress_ends()
        click.echo(error.render(console.lang), err=True)
        return error.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        console.progress_ends()
        click.echo(_INTERRUPTED.get(console.lang), err=True)
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_PIPE_CLOSED
    except Exception as error:
        console.progress_ends()
        return _bug(error, console)


def _code(returned: object) -> int:
    return returned if isinstance(returned, int) else 0


def _bug(error: Exception, console: Console) -> int:
    if console.verbose:
        traceback.print_exception(error)
    other = "en" if console.lang == "zh" else "zh"
    click.echo(f"{_BUG.get(console.lang)}\n{_BUG.get(other)}\n{type(error).__name__}: {error}", err=True)
    return EXIT_BUG
