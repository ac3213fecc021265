"""``province run``, ``province status``: check what has no result yet, and see where a plan stands."""

from __future__ import annotations

import ipaddress
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

import click

from planning_check.cli.failures import EXIT_BUG, foreseen
from planning_check.cli.options import limits, talking, typed
from planning_check.cli.values import OneOf
from planning_check.cli.watched import INTERRUPTS
from planning_check.errors import ActionableError, MachineError, Place, SourceError, Text, UsageError

if TYPE_CHECKING:
    from planning_check.cli.console import Console
    from planning_check.pipeline.province.executing import Heard, Standing, Under
    from planning_check.province.workers import Workers
    from planning_check.record.province import Failure, ProvincePlan

_ASKED_TO_END = 128 + signal.SIGTERM
_plan = click.argument("plan_file", metavar="PLAN", type=click.Path(exists=True, dir_okay=False, path_type=Path))
_out = click.option("--out", required=True, metavar="DIR|URL", help="结果放在哪里：各台机器都能到的文件夹或地址 / where the results lie: "
                    "a folder or a URL that every machine reaches")  # fmt: skip
_format = click.option("--format", "kind", type=OneOf(("table", "json")), default="table", show_default=True,
                       help="打印成文字，或给程序读的 JSON / print text, or JSON for programs")  # fmt: skip


def _tls(command: Callable[..., Any]) -> Callable[..., Any]:
    """--tls-ca, --tls-cert, --tls-key: who may take part."""
    told = {
        "ca": "签发各台机器证书的机构的证书 / certificate of the authority that signed those of the machines",
        "cert": "本机的证书 / this machine's certificate",
        "key": "本机证书的私钥 / the key of this machine's certificate",
    }
    for name, what in reversed(told.items()):
        kind = click.Path(exists=True, dir_okay=False, path_type=Path)
        command = click.option(f"--tls-{name}", type=kind, metavar="FILE", help=what)(command)
    return command


@click.command("run", short_help="检查各分片 / check the shards")
@_plan
@_out
@click.option("--workers", type=click.IntRange(0, 1_000), metavar="N",
              help="用本机几个进程（默认看核数和分片数）；0：就在本进程里逐个做 / how many processes of this machine (default: by its cores "
                   "and the shards); 0: in this one, one after the other")  # fmt: skip
@click.option("--scheduler", metavar="ADDRESS", help="交给 dask 调度器：tls://主机:8786 / give the work to a dask scheduler")
@_tls
@click.option("--insecure", is_flag=True, help="不加密也连别的机器：能到那个端口的人都能在各台机器上运行任何程序 / connect to another machine "
              "without TLS: whoever reaches its port can run any program on all of them")  # fmt: skip
@click.option("--patience", type=click.FloatRange(0, 1_440), default=10.0, show_default=True, metavar="MINUTES",
              help="调度器或工作进程都不见了，等几分钟 / how long to wait for a scheduler or workers that are gone")  # fmt: skip
@limits
@_format
@talking
@click.pass_obj
def province_run(
    console: Console, plan_file: Path, out: str, workers: int | None, scheduler: str | None, tls_ca: Path | None, tls_cert: Path | None,
    tls_key: Path | None, insecure: bool, patience: float, threads: int | None, memory: str | None, kind: str,
) -> int:  # fmt: skip
    """按 province plan 的计划检查各分片。已有结果的不再检查；一个分片不成，别的照做，最后列出不成的和原因。

    Check the shards of a plan. What has a result is not checked again; a shard that fails stops no other, and is named in the end.
    """
    from planning_check.pipeline.province.executing import run, standing
    from planning_check.report.console.province_run import next_lines

    plan = _read(plan_file)
    gathered = _gathered(console, plan, workers, scheduler, (tls_ca, tls_cert, tls_key), insecure, patience)
    try:
        with _asked_to_end():
            now = run(plan, out, gathered, told, threads=threads, memory=memory, heard=_heard(console))
    except (KeyboardInterrupt, SystemExit):
        console.progress_ends()
        if not console.quiet:
            _print(console, standing(plan, out), "table", err=True)
            if scheduler:
                console.note(_GOES_ON)
        raise
    console.progress_ends()
    if kind == "json" or not console.quiet:
        _print(console, now, kind)
    if kind != "json" and not console.quiet:
        kinds = [failure.kind for failure in now.failures]
        command = f"{typed(str(plan_file))} --out {typed(out)}"
        console.say(next_lines(command, len(now.done), kinds, console.lang, width=console.width))
    return exit_code(now)


@click.command("status", short_help="检查到哪里了 / how far the check is")
@_plan
@_out
@_format
@talking
@click.pass_obj
def province_status(console: Console, plan_file: Path, out: str, kind: str) -> int:
    """各分片有没有结果，没有的上次为什么没有做成；全都有，退出码为 0，否则为 3。

    Which shards have a result, and why the others failed when they were tried last. Exit code 0 where all have one, else 3.
    """
    from planning_check.pipeline.province.executing import at_work, last_failures, standing
    from planning_check.report.console.province_run import status_lines

    plan = _read(plan_file)
    now = standing(plan, out, console.warn)
    now.failures = last_failures(now, out)
    if kind == "json":
        _print(console, now, kind)
    elif not console.quiet:
        writing = at_work(plan, out)
        console.say(
            status_lines(plan, len(now.done), now.missing, now.failures, writing, console.lang, width=console.width, paint=console.paint)
        )
    return SourceError.exit_code if now.missing else 0


_GOES_ON = Text("各台机器上正在检查的分片会自己做完，结果算数",
                "what is being checked on the workers goes on to its end, and its result counts")  # fmt: skip


def _read(path: Path) -> ProvincePlan:
    from planning_check.province.plan_file import read_plan

    return read_plan(path)


def told(error: BaseException) -> ActionableError | None:
    """What a failure of the machine means; Ctrl+C stays what it is, whatever a library made of it."""
    if INTERRUPTS.seen:
        raise KeyboardInterrupt
    return foreseen(error)


def exit_code(now: Standing) -> int:
    """0: all is there. Else the gravest: a bug of the program, the machine, a delivery."""
    kinds = {failure.kind for failure in now.failures}
    if "bug" in kinds:
        return EXIT_BUG
    if "machine" in kinds:
        return MachineError.exit_code
    return SourceError.exit_code if now.missing else 0


def _print(console: Console, now: Standing, kind: str, *, err: bool = False) -> None:
    from planning_check.report.console.province_run import run_lines, standing_json

    if kind == "json":
        lines = [standing_json(now.plan, now.done, now.missing, now.before, now.taken, now.failures)]
    else:
        lines = run_lines(
            now.plan, len(now.done), now.before, now.taken, now.failures, console.lang, width=console.width, paint=console.paint
        )
    console.say(lines, err=err)


def _heard(console: Console) -> Heard:
    from planning_check.pipeline.province.executing import Heard
    from planning_check.report.console.province_run import failure_lines

    def progress(under: Under) -> None:
        failed = Text(f"，{under.failed} 个不成", f", {under.failed} failed") if under.failed else Text("", "")
        text = Text(f"检查分片 {under.ended}/{under.all}，{under.running} 个在做{failed.zh}",
                    f"shards {under.ended}/{under.all}, {under.running} under way{failed.en}")  # fmt: skip
        console.progress(text.get(console.lang), under.share)

    def note(text: Text) -> None:
        if not console.quiet:
            console.warn(text)

    def failed(failure: Failure) -> None:
        if not console.quiet:
            console.progress_ends()
            console.say(failure_lines(failure, console.lang, width=console.width), err=True)
        if console.verbose and failure.trace:
            console.say([failure.trace], err=True)

    return Heard(progress, note, failed)


def _gathered(
    console: Console, plan: ProvincePlan, workers: int | None, scheduler: str | None, tls: tuple[Path | None, ...], insecure: bool,
    patience: float,
) -> AbstractContextManager[Workers]:  # fmt: skip
    from contextlib import nullcontext

    from planning_check.province.workers import Here, led_by, local, secured

    if scheduler and workers is not None:
        raise UsageError(Text("--workers 和 --scheduler 只能用一个", "--workers and --scheduler exclude each other"),
                         fix=Text("去掉一个", "leave one out"))  # fmt: skip
    files = [file for file in tls if file]
    if files and len(files) < len(tls):
        raise UsageError(Text("证书没有给全", "the certificates are not complete"),
                         fix=Text("--tls-ca、--tls-cert、--tls-key 一起给", "give --tls-ca, --tls-cert and --tls-key together"))  # fmt: skip
    warn = console.warn if not console.quiet else lambda _text: None
    if scheduler:
        address = _address(scheduler, bool(files))
        security = secured(*files) if files else None
        if security is None and not _is_this_machine(address):
            _exposed(console, address, insecure)
        return led_by(address, warn, security, patience * 60)
    if workers == 0:
        return nullcontext(Here())
    count = workers or min(_cores(), len(plan.shards)) or 1
    return local(count, warn, secured(*files) if files else None)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _address(scheduler: str, is_secured: bool) -> str:
    """The address as dask takes it. Raises UsageError for another protocol, or one that does not fit the certificates."""
    wanted = "tls" if is_secured else "tcp"
    protocol, _, rest = scheduler.rpartition("://")
    if (protocol or wanted) != wanted or not rest.rpartition(":")[2].isdigit() or not rest.rpartition(":")[0]:
        raise UsageError(
            Text("这个地址用不了", "this address cannot be used"), where=Place(scheduler),
            fix=Text(f"写成 {wanted}://主机:端口" + ("" if is_secured else "；加密的用 tls:// 并给出 --tls-ca、--tls-cert、--tls-key"),
                     f"write {wanted}://HOST:PORT" + ("" if is_secured else "; tls:// needs --tls-ca, --tls-cert and --tls-key")),
        )  # fmt: skip
    return f"{wanted}://{rest}"


def _is_this_machine(address: str) -> bool:
    host = address.partition("://")[2].rpartition(":")[0].strip("[]")
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _exposed(console: Console, address: str, insecure: bool) -> None:
    what = Text("不加密的调度器：能到这个端口的人，都能以启动者的身份在各台机器上运行任何程序，也能看到全部数据",
                "a scheduler without TLS: whoever reaches this port can run any program on all of its machines as the user who "
                "started them, and see all data")  # fmt: skip
    if not insecure:
        raise UsageError(
            what, where=Place(address),
            fix=Text("用 tls:// 和 --tls-ca、--tls-cert、--tls-key；与外面隔开的网络里可加 --insecure",
                     "use tls:// with --tls-ca, --tls-cert and --tls-key; in a network closed to others add --insecure"),
        )  # fmt: skip
    console.warn(Text(f"{address}：{what.zh}", f"{address}: {what.en}"))


@contextmanager
def _asked_to_end() -> Iterator[None]:
    """SIGTERM ends the workers and removes what they left before it ends this program."""

    def leave(_number: int, _frame: FrameType | None) -> None:
        sys.exit(_ASKED_TO_END)

    before = signal.signal(signal.SIGTERM, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
