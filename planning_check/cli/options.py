"""Options that several commands share."""

from __future__ import annotations

import datetime as dt
import getpass
import os
import re
from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from planning_check import words
from planning_check.cli.configuration import LANGUAGES, MEMORY
from planning_check.cli.configured import configured
from planning_check.cli.values import DAY, OneOf, refused
from planning_check.cli.writing import OTHER_ENDINGS

if TYPE_CHECKING:
    from planning_check.pipeline import Options

DEFAULT_DB = "sqlite:///planning_check.sqlite"
BUREAUS = {code: word for code, word in words.BUREAUS.items() if code != "ordinance"}
OUTCOMES = {code: words.OUTCOMES[code] for code in ("violation", "undetermined", "exempt", "error")}  # those that are findings
TABLE_FORMATS = ("table", "csv", "json")
FORMATS, BOOK_FORMATS = (*TABLE_FORMATS, "jsonl"), (*TABLE_FORMATS, "xlsx")


def _set_language(ctx: click.Context, _option: click.Parameter, value: str | None) -> str:
    if value:
        ctx.obj.lang = value
    return ctx.obj.lang


def _set_quiet(ctx: click.Context, _option: click.Parameter, value: bool) -> bool:
    ctx.obj.quiet = value
    return value


def _set_verbose(ctx: click.Context, _option: click.Parameter, value: bool) -> bool:
    ctx.obj.verbose = value
    return value


def verbose(command: Callable[..., Any]) -> Callable[..., Any]:
    """-v, --config: of every command."""
    return click.option(
        "-v", "--verbose", is_flag=True, expose_value=False, is_eager=True, callback=_set_verbose,
        help="说得详细：各步用时、全部明细、出错时的调用栈 / say more: time of each stage, everything in full, tracebacks",
    )(configured(command))  # fmt: skip


def talking(command: Callable[..., Any]) -> Callable[..., Any]:
    """--lang, -q, -v: set on the console, not handed to the command."""
    for option in (
        verbose,
        click.option("-q", "--quiet", is_flag=True, expose_value=False, is_eager=True, callback=_set_quiet,
                     help="不打印汇总和进度 / no summary, no progress"),
        click.option("--lang", "--language", type=OneOf(LANGUAGES), expose_value=False, is_eager=True, callback=_set_language,
                     help="语言（默认随系统）/ language (default: the locale's)"),
    ):  # fmt: skip
        command = option(command)
    return command


database = click.option(
    "--db", "db_url", default=DEFAULT_DB, show_default=True, metavar="FILE|URL",
    help="记录库：文件，或数据库地址 / the database of runs: a file, or a URL",
)  # fmt: skip
rule_folders = click.option(
    "--rules", "rule_dirs", multiple=True, metavar="DIR", type=click.Path(path_type=Path),
    help="本市的规则文件夹，可多次 / a folder of the city's own rules, repeatable",
)  # fmt: skip
as_of_day = click.option("--as-of", type=DAY, metavar="DAY", help="截至哪一天，如 2011-06-30 / the day of the check")
layer_crs = click.option(
    "--crs", multiple=True, metavar="FILE=CRS",
    help="某个图层的坐标怎么读，可多次：宗地.shp=EPSG:4545、办公用房.xlsx=gcj02 / how to read the coordinates of a layer, repeatable",
)  # fmt: skip


mapping = click.option(
    "--mapping", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE",
    help="对照表：别的表头怎么读（inspect --write-mapping 写出）/ how sheets with other headings are read (inspect --write-mapping writes one)",
)  # fmt: skip


def _memory_size(_ctx: click.Context, _option: click.Parameter, value: str | None) -> str | None:
    """``2GB`` as the engine takes it."""
    found = MEMORY.fullmatch(value or "")
    if value is not None and (not found or float(found[1]) == 0):
        raise refused("写成 2GB 或 500MB", "write it as 2GB or 500MB")
    return f"{found[1]}{found[2].upper()}B" if found else None


def limits(command: Callable[..., Any]) -> Callable[..., Any]:
    """--threads, --memory: what of the machine a check may take."""
    for option in (
        click.option("--memory", metavar="SIZE", callback=_memory_size, help="计算最多占多少内存，超出的暂存磁盘：2GB（默认按报送的大小）/ "
                     "how much memory the computing may take before it spills to disk (default: by the size of the delivery)"),
        click.option("--threads", type=click.IntRange(min=1), metavar="N", help="最多用几个核（默认全部）/ how many cores it may take (default: all)"),
    ):  # fmt: skip
        command = option(command)
    return command


def _acting(_ctx: click.Context, _option: click.Parameter, value: str | None) -> str:
    """The name that was given, else that of the system's user."""
    if value is not None and value.strip():
        return value.strip()
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # a user without a name, as in some containers
        return f"uid {os.getuid()}" if hasattr(os, "getuid") else "-"


acting = click.option(
    "--by",
    "actor",
    metavar="NAME",
    callback=_acting,
    help="谁办理的，记入日志（默认系统用户名）/ who does this, for the log (default: the system's user)",
)


def moment() -> dt.datetime:
    """The time that the log bears: now, or the one of SOURCE_DATE_EPOCH (seconds since 1970), with which records can be made again."""
    told = os.environ.get("SOURCE_DATE_EPOCH", "").strip()
    return dt.datetime.fromtimestamp(int(told), dt.UTC) if told.isdigit() else dt.datetime.now().astimezone()


class RunOrSeries(click.ParamType):
    """A number of a run, or the name of a series."""

    name = "run"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int | str:
        return (
            click.IntRange(min=1).convert(value, param, ctx)
            if str(value).lstrip("-").isascii() and str(value).lstrip("-").isdigit()
            else value
        )


def _paper(_ctx: click.Context, _option: click.Parameter, values: tuple[str, ...]) -> list[tuple[str, int, str]]:
    """SERIES:NUMBER:HASH, as it stands on paper."""
    found = [re.fullmatch(r"(.*):(\d+):([0-9a-fA-F]{64})", value.strip(), re.DOTALL) for value in values]
    if None in found:
        raise refused("写成 系列:序号:哈希（纸上印的）", "write SERIES:NUMBER:HASH, as printed")
    return [(one[1], int(one[2]), one[3].lower()) for one in found if one]


paper_heads = click.option(
    "--head", "heads", multiple=True, callback=_paper, metavar="SERIES:N:HASH",
    help="纸上的日志末尾，可多次：截去的尾巴由它发现 / the head of a log as it stands on paper, repeatable: it finds a tail cut off",
)  # fmt: skip


inputs_now = click.option(
    "--inputs", "inputs", multiple=True, metavar="PATH", type=click.Path(exists=True, path_type=Path),
    help="报送现在的位置，可多次（默认当时的位置）/ where the delivery is now, repeatable (default: where it was)",
)  # fmt: skip


def of_then(command: Callable[..., Any]) -> Callable[..., Any]:
    """--inputs, --rules: where the delivery and the rules of a run on record are now. The run remembers them: what the configuration says
    of the next check does not stand in their place."""
    for option in (
        click.option("--rules", "rules_now", multiple=True, metavar="DIR", type=click.Path(path_type=Path),
                     help="当时本市的规则文件夹现在的位置，可多次 / where the city's rules of then are now, repeatable"),
        inputs_now,
    ):  # fmt: skip
        command = option(command)
    return command


class _OfRun(click.ParamType):
    """RUN=PATH: something that belongs to a run on record, and where it is now."""

    name = "RUN=PATH"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, Path]:
        run, _, path = str(value).partition("=")
        if not (run.isascii() and run.isdigit() and path):
            self.fail(f"写成 次数=路径，如 3=送审/三月 / write RUN=PATH, such as 3=deliveries/march: {value}", param, ctx)
        return int(run), click.Path(exists=True, path_type=Path).convert(path, param, ctx)


def of_runs(command: Callable[..., Any]) -> Callable[..., Any]:
    """--inputs, --rules of a command that judges the deliveries of several runs again: the same as ``of_then``, each for its run. The
    command is given ``moved``."""

    @click.option(
        "--inputs",
        "inputs",
        multiple=True,
        metavar="RUN=PATH",
        type=_OfRun(),
        help="第几次检查的报送现在的位置，可多次（默认当时的位置）/ where the delivery of a run is now, repeatable (default: where it was)",
    )
    @click.option(
        "--rules",
        "rules_now",
        multiple=True,
        metavar="RUN=DIR",
        type=_OfRun(),
        help="第几次检查所用的本市规则文件夹现在的位置，可多次 / where the city's rules of a run are now, repeatable",
    )
    @wraps(command)
    def told(*arguments: Any, inputs: tuple[tuple[int, Path], ...], rules_now: tuple[tuple[int, Path], ...], **given: Any) -> Any:
        from planning_check.pipeline import Moved

        by_run: tuple[dict[int, list[Path]], dict[int, list[Path]]] = ({}, {})
        for named, pairs in zip(by_run, (inputs, rules_now), strict=True):
            for run, path in pairs:
                named.setdefault(run, []).append(path)
        return command(*arguments, moved=Moved(*by_run), **given)

    return told


def asked(paths: tuple[Path, ...], as_of: dt.datetime | None, today: dt.date | None = None, **given: Any) -> Options:
    """What a command that reads a delivery is asked for; ``given``: the other fields of ``pipeline.Options``."""
    from planning_check.pipeline import Options

    return Options(paths, as_of=as_of.date() if as_of else None, today=today or dt.date.today(), **given)


def run_number(command: Callable[..., Any]) -> Callable[..., Any]:
    """--run: a number, or the latest of a series. Where none is named and there are several series, whose run was read is said."""

    @wraps(command)
    def read(*arguments: Any, **given: Any) -> Any:
        done = command(*arguments, **given)
        if given["run"] is None and not (console := click.get_current_context().obj).quiet:
            from planning_check import pipeline

            if told := pipeline.read_of_several(given["db_url"]):
                console.note(told)
        return done

    return click.option(
        "--run", type=RunOrSeries(), metavar="N|SERIES",
        help="第几次检查，或一个系列的最近一次（默认最近一次）/ which run, or the latest of a series (default: the latest)",
    )(read)  # fmt: skip


def output(command: Callable[..., Any]) -> Callable[..., Any]:
    """--format, -o, --force: where findings go."""
    return table_target(command, FORMATS, "问题写入文件 / write the findings to a file")


def table_target(
    command: Callable[..., Any], formats: Sequence[str] = TABLE_FORMATS, what: str = "写入文件 / write to a file"
) -> Callable[..., Any]:
    """--format, -o, --force: where a table goes that programs can read too."""
    told = f"格式：{'、'.join(formats)}（默认看文件扩展名，否则为表）/ format (default: by the file's ending, else a table)"
    return click.option("--format", "kind", type=OneOf(formats), help=told)(csv_target(command, what, endings=None))


def book_target(command: Callable[..., Any]) -> Callable[..., Any]:
    """The same of a table that can be a workbook, too."""
    return table_target(command, BOOK_FORMATS, "写入文件：.xlsx、.csv 或 .json / write .xlsx, .csv or .json")


def csv_target(
    command: Callable[..., Any], what: str = "写成 CSV 文件 / write a CSV file", endings: Sequence[str] | None = (".csv",)
) -> Callable[..., Any]:
    """-o, --force: where a table goes: as CSV, or as one of several ``endings``, which then chooses; None: the command looks at it."""

    def named(_ctx: click.Context, _option: click.Parameter, target: Path | None) -> Path | None:
        ending = target.suffix.lower() if target else ""
        if target and endings and ending not in endings and (len(endings) > 1 or ending in OTHER_ENDINGS):
            raise refused(f"文件名用 {'、'.join(endings)}", f"name it {', '.join(endings)}")
        return target

    for option in (
        click.option("--force", is_flag=True, help="覆盖已有文件 / overwrite an existing file"),
        click.option(
            "-o", "--output", "target", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", callback=named, help=what
        ),
    ):
        command = option(command)
    return command


def comparison_target(command: Callable[..., Any]) -> Callable[..., Any]:
    """-o, --force: where the changes of a comparison go."""
    return csv_target(command, "变化写成 CSV 文件 / write the changes as CSV")


def typed(key: str) -> str:
    """A key as it can be typed into a shell: a layer's key holds `` > ``, which unquoted would write over a file."""
    return key if re.fullmatch(r"[\w./:-]+", key) else f'"{key}"'


def several(_ctx: click.Context, _option: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    """AR,HO01 and repeated options alike."""
    return tuple(part.strip().upper() for value in values for part in value.split(",") if part.strip())
