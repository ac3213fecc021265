"""Run a plan: check every shard that has no result yet, by whoever works; name those that came to none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, closing, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from planning_check.errors import SourceError, Text
from planning_check.pipeline.province.checking import check_shard
from planning_check.pipeline.province.trying import Foreseen, Missed, attempt
from planning_check.province.commits import Results
from planning_check.province.failures import forget_failure, keep_failure, kept_failures
from planning_check.province.taking_over import made_before, take_over
from planning_check.province.workers import Lost, Workers
from planning_check.record.province import Commit, Failure, ProvincePlan, Shard, Task, tasks

_MORE = 4  # times the memory that was too little


@dataclass(frozen=True)
class Under:
    """How far a run is: the share done, by projects; shards that ended, all of them, those under way, those without a result."""

    share: float
    ended: int
    all: int
    running: int
    failed: int


@dataclass(frozen=True)
class Heard:
    """Who hears of a run while it goes on."""

    progress: Callable[[Under], None] = lambda _under: None
    note: Callable[[Text], None] = lambda _text: None
    failed: Callable[[Failure], None] = lambda _failure: None


@dataclass
class Standing:
    """Where a plan stands: the commits that are there, how many of them were before this run (``before``) or were taken over from another
    plan's (``taken``), and what failed in this run."""

    plan: ProvincePlan
    done: dict[str, Commit] = field(default_factory=dict)
    before: int = 0
    taken: int = 0
    failures: list[Failure] = field(default_factory=list)

    @property
    def missing(self) -> list[Shard]:
        """The shards without a result, in the plan's order."""
        return [shard for shard in self.plan.shards if shard.code not in self.done]


def standing(plan: ProvincePlan, out: str, note: Callable[[Text], None] = lambda _text: None) -> Standing:
    """What is there now; ``note`` hears of results whose mark is damaged, which count as none."""
    results, found = Results(absolute(out), plan.digest), Standing(plan)
    for shard in plan.shards:
        try:
            if commit := results.whole(shard.code, shard.digest):
                found.done[shard.code] = commit
        except SourceError as error:
            note(Text(error.render("zh"), error.render("en")))
    return found


def last_failures(now: Standing, out: str) -> list[Failure]:
    """Why those without a result failed when they were tried last, in the plan's order; nothing of those never tried."""
    kept = kept_failures(Results(absolute(out), now.plan.digest))
    return [kept[shard.code] for shard in now.missing if shard.code in kept]


def at_work(plan: ProvincePlan, out: str) -> set[str]:
    """The shards that somebody is writing now, or was when it was killed: as far as the folder of results shows it."""
    return {code for code, _ in Results(absolute(out), plan.digest).unfinished()}


def run(
    plan: ProvincePlan, out: str, gathered: AbstractContextManager[Workers], foreseen: Foreseen, *, threads: int | None = None,
    memory: str | None = None,
    heard: Heard | None = None, check: Callable[[Task], Commit] = check_shard,
) -> Standing:  # fmt: skip
    """Check what has no result. ``out``: the folder of results, or a URL. ``gathered``: those who work, gathered only where there is work.
    ``foreseen`` and ``check`` must be known by name on every worker. A shard that fails stops no other; one that lacked memory or ended
    its worker is tried once more, alone, after all others.
    """
    heard = heard or Heard()
    out = absolute(out)
    results = Results(out, plan.digest)
    now = standing(plan, out, heard.note)
    now.before = len(now.done)
    results.clean(plan.shards)
    _take_over(now, results)
    todo = tasks(plan, out, only=[shard.code for shard in now.missing], threads=threads, memory=memory)
    tried = _Tries(now, results, heard)
    work = partial(attempt, check, foreseen)
    try:
        if todo:
            with gathered as workers:
                again = tried.all(workers, work, todo, is_last=False)
                for task in again:
                    with workers.alone() as alone:
                        tried.all(alone, work, [task], is_last=True)
                workers.everywhere(partial(_clean, out, plan))
    finally:  # nobody of this run works any more
        results.clean(plan.shards)
        _note(now, results)
    if _look_again(now, out, heard):
        _note(now, results)
    return now


def _note(now: Standing, results: Results) -> None:
    """Keep beside the results why shards have none, for who merges them; where that cannot be written, it was said."""
    with suppress(OSError):
        before = kept_failures(results)
        for shard in before.keys() & now.done.keys():
            forget_failure(results, shard)
        for failure in now.failures:
            keep_failure(results, failure)


def absolute(out: str) -> str:
    """The same place for every worker, whatever folder it was started in."""
    return out if "://" in out else str(Path(out).absolute())


def _clean(out: str, plan: ProvincePlan) -> None:
    Results(out, plan.digest).clean(plan.shards)


def _take_over(now: Standing, results: Results) -> None:
    elsewhere = made_before(results) if now.missing else {}
    for shard in now.missing:
        results.set_aside(shard.code, shard.digest)
        with suppress(OSError):  # where it cannot be copied it is checked, and what is lacking is named then
            if (folder := elsewhere.get(shard.digest)) and (commit := take_over(results, shard, folder)):
                now.done[shard.code] = commit
                now.taken += 1


class _Tries:
    """What came of each shard, counted as it ends."""

    def __init__(self, now: Standing, results: Results, heard: Heard) -> None:
        self.now, self.results, self.heard = now, results, heard
        self.before: dict[str, list[Missed]] = {}

    def all(self, workers: Workers, work: Callable[[Task], Commit | Missed], todo: Sequence[Task], *, is_last: bool) -> list[Task]:
        """Try each of them; those that are to be tried again."""
        again = []
        with closing(workers.each(work, todo, self._tick)) as ended:  # what is under way ends, too, where this is left by Ctrl+C
            for task, outcome in ended:
                if isinstance(outcome, Commit):
                    self.now.done[task.shard.code] = outcome
                    continue
                if there := self._there(task.shard):
                    self.now.done[task.shard.code] = there
                    continue
                missed = _as_missed(outcome)
                self.before.setdefault(task.shard.code, []).append(missed)
                if not is_last and (missed.lacked or missed.killed):
                    again.append(replace(task, memory=f"{_MORE * missed.lacked}MB" if missed.lacked else task.memory))
                    self.heard.note(_later(task, missed))
                else:
                    self._failed(task)
        self._tick(0)
        return again

    def _there(self, shard: Shard) -> Commit | None:
        """Its result, of which only the word was lost; or another made it."""
        with suppress(SourceError):
            return self.results.whole(shard.code, shard.digest)
        return None

    def _failed(self, task: Task) -> None:
        tries = self.before[task.shard.code]
        last = tries[-1]
        why = _with_sizes(last.why, [missed.lacked for missed in tries if missed.lacked])
        failure = Failure(task.shard.code, task.shard.cities, why, last.kind, len(tries), last.trace)
        self.now.failures.append(failure)
        self.heard.failed(failure)

    def _tick(self, running: int) -> None:
        ended = {*self.now.done, *(failure.shard for failure in self.now.failures)}
        shards = self.now.plan.shards
        weight = {shard.code: shard.projects + 1 for shard in shards}  # an empty one takes its time, too
        share = sum(weight[code] for code in ended) / sum(weight.values()) if shards else 1.0
        self.heard.progress(Under(share, len(ended), len(shards), running, len(self.now.failures)))


def _as_missed(outcome: Missed | Lost) -> Missed:
    return Missed("machine", outcome.why, killed=outcome.killed) if isinstance(outcome, Lost) else outcome


def _later(task: Task, missed: Missed) -> Text:
    size = f" ({missed.lacked} MB)" if missed.lacked else ""
    cities = task.shard.cities
    why = Text("内存不够", "not enough memory") if missed.lacked else Text("工作进程被终止", "its workers were ended")
    return Text(
        f"{task.shard.code}（{'、'.join(cities)}）：{why.zh}{size}，其余的做完后单独再试一次",
        f"{task.shard.code} ({', '.join(cities)}): {why.en}{size}; tried once more, alone, after the others",
    )


def _with_sizes(why: Text, sizes: Iterable[int]) -> Text:
    told = [f"{size} MB" for size in sizes]
    if not told:
        return why
    return Text(f"{why.zh}\n试过的内存：{'、'.join(told)}", f"{why.en}\nmemory tried: {', '.join(told)}")


def _look_again(now: Standing, out: str, heard: Heard) -> bool:
    """Said to be done is only what lies there whole when all is over; whether something is not."""
    there = standing(now.plan, out, heard.note).done
    gone = [code for code in now.done if code not in there]
    for code in gone:
        del now.done[code]
        shard = now.plan.shard(code)
        why = Text("做完的结果已不在原处：有人移走或删去了", "its result was made and is not there any more: somebody moved or deleted it")
        now.failures.append(Failure(code, shard.cities, why, "machine"))
        heard.failed(now.failures[-1])
    return bool(gone)
