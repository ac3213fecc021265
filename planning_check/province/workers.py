"""Who checks the shards: this process, processes of this machine, or workers that a dask scheduler leads. All are asked in one way:
``each`` gives back every piece of work with what came of it, or how it was lost."""

from __future__ import annotations

import logging
import shutil
import tempfile
import time
import uuid
from asyncio import CancelledError
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import psutil

from planning_check.errors import MachineError, Place, Text
from planning_check.leftovers import left, mark
from planning_check.province.commits import missing_extra

if TYPE_CHECKING:
    from distributed import Client, Future
    from distributed.security import Security

Item = TypeVar("Item")
Made = TypeVar("Made")
Work = Callable[[Item], Made]
#: Hears, while one waits, how many pieces may be under way.
Tick = Callable[[int], None]

PATIENCE_SECONDS = 600.0
_LOOK_SECONDS, _ASK_SECONDS, _CONNECT_SECONDS, _ANSWER_SECONDS, _END_SECONDS = 0.1, 2.0, 10.0, 10.0, 10.0
_SCRATCH = "planning_check_workers"
_OF_MEMORY = 0.6  # of what a worker has goes to the engine; the rest is for what is measured outside it
#: A worker that a check left large would take no other any more; what it may take at most still holds.
_LOCAL = {
    "distributed.worker.memory.target": False, "distributed.worker.memory.spill": False, "distributed.worker.memory.pause": False,
    "distributed.scheduler.worker-saturation": 1.0,  # none waits at a worker that may be killed
    "distributed.scheduler.http.routes": [], "distributed.worker.http.routes": [], "distributed.nanny.http.routes": [],  # nothing to see
}  # fmt: skip


@dataclass(frozen=True)
class Lost:
    """A piece of work that came to no end of its own: why, and whether it is known to have ended its worker."""

    why: Text
    killed: bool = False


class Workers(Protocol):
    """Those who work."""

    def each(self, work: Work[Item, Made], items: Sequence[Item], tick: Tick) -> Generator[tuple[Item, Made | Lost], None, None]:
        """Every item once, as it ends, with what ``work`` made of it. What is under way when nobody asks any more is given up."""

    def alone(self) -> AbstractContextManager[Workers]:
        """Those who work one at a time, with as much of a machine as there is for one."""

    def everywhere(self, work: Callable[[], Any]) -> None:
        """Call it once on every machine, as far as they can be reached."""


class Here:
    """This process, one after the other."""

    def each(self, work: Work[Item, Made], items: Sequence[Item], tick: Tick) -> Generator[tuple[Item, Made | Lost], None, None]:
        for item in items:
            tick(1)
            yield item, work(item)

    def alone(self) -> AbstractContextManager[Workers]:
        return nullcontext(self)

    def everywhere(self, work: Callable[[], Any]) -> None:
        work()


class Dask:
    """Workers of a dask scheduler. ``connect``: reaches it, OSError where nobody answers. Where it or all of its workers are gone for
    ``patience`` seconds, what is left is lost; ``told`` hears of it before."""

    def __init__(
        self, connect: Callable[[], Client], alone: Callable[[], AbstractContextManager[Workers]] | None, patience: float,
        told: Callable[[Text], None],
    ) -> None:  # fmt: skip
        self._connect, self._alone, self._patience, self._told = connect, alone, patience, told
        self.client: Client | None = connect()

    def close(self) -> None:
        if self.client is not None:
            with suppress(Exception):
                self.client.close(timeout=2)
            self.client = None

    def is_crowded(self) -> bool:
        """Whether a worker would take several pieces at once: one process checks one after the other, and the rest waits for it."""
        return self.client is not None and any(threads > 1 for threads in self.client.nthreads().values())

    def alone(self) -> AbstractContextManager[Workers]:
        return self._alone() if self._alone else nullcontext(self)

    def everywhere(self, work: Callable[[], Any]) -> None:
        if self.client is not None and self.client.status == "running":
            with suppress(Exception):  # a worker that has just gone; the next run cleans up after it
                self.client.run(work, on_error="ignore")

    def each(self, work: Work[Item, Made], items: Sequence[Item], tick: Tick) -> Generator[tuple[Item, Made | Lost], None, None]:
        todo = list(items)
        while todo:
            client = self._reached(partial(tick, 0))
            if client is None:
                yield from ((item, Lost(_GONE)) for item in todo)
                return
            waiting = {client.submit(work, item, pure=False, key=f"shard-{uuid.uuid4().hex}"): item for item in todo}
            todo = []
            try:
                for future in self._ended(client, waiting, tick):
                    item = waiting.pop(future)
                    outcome = _outcome(future)
                    if outcome is None:
                        todo.append(item)
                    else:
                        yield item, outcome
                todo += waiting.values()
            finally:
                with suppress(Exception):
                    client.cancel(list(waiting), force=True)

    def _ended(self, client: Client, waiting: dict[Future, Any], tick: Tick) -> Iterator[Future]:
        """The futures that are no longer pending; ends where the connection does, or there was no worker for too long."""
        asked = without = 0.0
        while waiting:
            ended = [future for future in waiting if future.status != "pending"]
            yield from ended
            if ended:
                continue
            if client.status != "running":
                return
            if time.monotonic() - asked > _ASK_SECONDS:
                asked = time.monotonic()
                count = _threads(client)
                tick(min(count, len(waiting)))
                if count:
                    without = 0.0
                elif not without:
                    without = asked
                    self._told(_NO_WORKER.format(minutes=f"{self._patience / 60:g}"))
                elif asked - without > self._patience:
                    self.close()
                    self._patience = 0.0
                    return
            time.sleep(_LOOK_SECONDS)

    def _reached(self, tick: Callable[[], None]) -> Client | None:
        """A connection that stands; a new one where it was lost, none after too long."""
        if self.client is not None and self.client.status == "running":
            return self.client
        self.close()
        if self._patience:
            self._told(_AWAY.format(minutes=f"{self._patience / 60:g}"))
        until = time.monotonic() + self._patience
        while time.monotonic() < until:
            tick()
            try:
                self.client = self._connect()
            except MachineError:
                time.sleep(min(1.0, max(until - time.monotonic(), 0)))
            else:
                self._told(Text("调度器又连上了，没有结果的继续检查", "the scheduler answers again; what has no result goes on"))
                return self.client
        return None


_GONE = Text(
    "与调度器或全部工作进程的连接断了，等待之后仍未恢复；调度器停了，它的工作进程也会停，两者都要重新启动，再运行 province run",
    "the scheduler or all of its workers were lost and did not come back in time; the workers of a scheduler that ended have ended too: "
    "start both again, then run province run again",
)
_AWAY = Text(
    "与调度器的连接断了，至多等 {minutes} 分钟；调度器停了，它的工作进程也会停，两者都要重新启动",
    "the connection to the scheduler is lost; waiting {minutes} min at most. The workers of a scheduler that ended have ended too: "
    "both must be started again",
)
_CROWDED = Text(
    "有的工作进程开了几个线程，而一个进程一次只检查一个分片：启动时用 --nthreads 1，要同时做几个就加 --nworkers",
    "some workers have several threads, but a process checks one shard at a time: start them with --nthreads 1, and more of them "
    "by --nworkers",
)
_NO_WORKER = Text("没有工作进程，至多等 {minutes} 分钟", "there is no worker; waiting {minutes} min at most")


def _outcome(future: Future) -> Any:
    """What a future came to; none where the connection or the worker was lost with it."""
    from distributed.scheduler import KilledWorker

    try:
        if future.status == "finished":  # a worker that has just gone takes what it came to along
            return future.result(timeout=_ANSWER_SECONDS)
        error = future.exception(timeout=_ANSWER_SECONDS) if future.status == "error" else None
    except (CancelledError, OSError, TimeoutError):
        return None
    if isinstance(error, KilledWorker):
        return Lost(
            Text("检查它的工作进程一再被终止，多半是内存不够", "the workers that checked it were ended again and again, mostly for want of memory"), True
        )  # fmt: skip
    said = f"{type(error).__name__}: {error}"
    return error and Lost(Text(f"工作进程无法运行：{said}", f"a worker could not run it: {said}"))


def _threads(client: Client) -> int:
    """How many pieces can be under way at once."""
    try:
        return sum(client.nthreads().values())
    except Exception:  # it is being lost; the status says so next
        return 1


def share() -> tuple[int, int] | None:
    """How many cores, and bytes of memory, the worker that runs this has; none where it is no dask worker.

    Its cores are the same share of its machine's as its memory is.
    """
    try:
        from dask.system import CPU_COUNT
        from distributed import get_worker
        from distributed.system import MEMORY_LIMIT

        memory = get_worker().memory_manager.memory_limit or MEMORY_LIMIT
    except (ImportError, ValueError):
        return None
    return max(1, int(CPU_COUNT * memory / MEMORY_LIMIT + 0.01)), memory


def usual_memory(worker: int) -> int:
    """Of the bytes that a worker has, those that the engine gets where nobody said."""
    return int(worker * _OF_MEMORY)


@contextmanager
def local(count: int, told: Callable[[Text], None], security: Security | None = None) -> Iterator[Workers]:
    """So many processes of this machine, each with its share of cores and memory; they end with this one, however it ends."""
    try:
        import dask.config
        from distributed import Client, LocalCluster
        from distributed.system import MEMORY_LIMIT
    except ImportError as error:
        raise missing_extra(error) from error
    for path in left(Path(tempfile.gettempdir()), _SCRATCH):
        shutil.rmtree(path, ignore_errors=True)
    with ExitStack() as stack:
        stack.enter_context(_quiet())
        scratch = stack.enter_context(tempfile.TemporaryDirectory(prefix=f"{_SCRATCH}.{mark()}.", ignore_cleanup_errors=True))
        stack.enter_context(dask.config.set(_LOCAL | {"temporary-directory": scratch}))
        stack.callback(_end_all_but, psutil.Process().children(recursive=True))
        cluster = stack.enter_context(
            LocalCluster(
                n_workers=count, threads_per_worker=1, processes=True, memory_limit=MEMORY_LIMIT // count, host="127.0.0.1",
                dashboard_address="127.0.0.1:0", scheduler_kwargs={"dashboard": False}, local_directory=scratch,
                silence_logs=logging.CRITICAL,
                security=security, protocol="tls://" if security else "tcp://",
            )
        )  # fmt: skip
        with suppress(ImportError):  # what it does after each collection would swallow a signal, and print a traceback
            from distributed.gc import disable_gc_diagnosis

            disable_gc_diagnosis(force=True)
        connect = partial(Client, cluster, set_as_default=False, security=security)
        workers = Dask(connect, partial(local, 1, told, security) if count > 1 else None, PATIENCE_SECONDS, told)
        stack.callback(workers.close)
        yield workers


def _end_all_but(before: Sequence[psutil.Process]) -> None:
    """End what a cluster left running, and wait for it: who was asked to end with the whole group may still be writing."""
    begun = [one for one in psutil.Process().children(recursive=True) if one not in before and not _is_tracker(one)]
    for process in begun:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(begun, timeout=_END_SECONDS)


def _is_tracker(process: psutil.Process) -> bool:
    """Python's own helper, which runs as long as the process that began it."""
    with suppress(psutil.Error):
        return "resource_tracker" in " ".join(process.cmdline())
    return False


@contextmanager
def led_by(
    address: str, told: Callable[[Text], None], security: Security | None = None, patience: float = PATIENCE_SECONDS
) -> Iterator[Workers]:
    """The workers of the scheduler at an address (``tcp://HOST:PORT``, ``tls://HOST:PORT``). Raises MachineError where none answers."""
    try:
        from distributed import Client
    except ImportError as error:
        raise missing_extra(error) from error

    def connect() -> Client:
        try:
            return Client(address, timeout=_CONNECT_SECONDS, set_as_default=False, security=security)
        except (OSError, TimeoutError) as error:
            raise MachineError(
                Text("没有调度器应答", "no scheduler answers"), where=Place(address), why=Text(str(error), str(error)),
                fix=Text("先启动 dask scheduler，检查地址、端口、防火墙和证书",
                         "start dask scheduler first; look at address, port, firewall and certificates"),
            ) from error  # fmt: skip

    with _quiet():
        workers = Dask(connect, None, patience, told)
        try:
            if workers.is_crowded():
                told(_CROWDED)
            yield workers
        finally:
            workers.close()


def secured(ca: Path, cert: Path, key: Path) -> Security:
    """Nobody takes part who has no certificate of this authority."""
    try:
        from distributed.security import Security
    except ImportError as error:
        raise missing_extra(error) from error
    return Security(
        tls_ca_file=str(ca), tls_client_cert=str(cert), tls_client_key=str(key), tls_scheduler_cert=str(cert), tls_scheduler_key=str(key),
        tls_worker_cert=str(cert), tls_worker_key=str(key), require_encryption=True,
    )  # fmt: skip


@contextmanager
def _quiet() -> Iterator[None]:
    """The library's own remarks on workers that come and go are not for the user: what came of it is told."""
    log = logging.getLogger("distributed")
    level = log.level
    log.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        log.setLevel(level)
