"""The list as a meeting of a past day could have seen it, beside what is known today of that day."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planning_check.cases import STATES, follow
from planning_check.engine import beside
from planning_check.errors import ActionableError, Text, UsageError
from planning_check.pipeline.moved import NOT_MOVED, Moved, found_again, refused
from planning_check.pipeline.replaying import Lost, paths_of, rules_of, same_files
from planning_check.pipeline.running import assess_twice, measure, read

if TYPE_CHECKING:
    import duckdb
    from sqlalchemy import Engine

    from planning_check.assess import Comparison
    from planning_check.pipeline.options import Options
    from planning_check.pipeline.rederiving import Sources
    from planning_check.record.run import StoredRun
    from planning_check.rulebook.loading import Rulebook

_OTHER = "known"


@dataclass(frozen=True)
class Known:
    """``then``: the run whose delivery was the last one by that day; ``now``: the latest; ``comparison``: that delivery by the rules of its
    check, and the latest by the rules of the latest, both as of ``day``; ``notes``: what else is known of that day, and what cannot be."""

    day: dt.date
    then: StoredRun
    now: StoredRun
    comparison: Comparison
    notes: tuple[Text, ...]


def as_known(
    db_url: str, day: dt.date, run: int | str | None = None, *, moved: Moved = NOT_MOVED, threads: int | None = None,
    memory: str | None = None, progress: Callable[[str, float | None], None] | None = None,
) -> Known:  # fmt: skip
    """Judge as of ``day`` what had been delivered by then, and the latest delivery of the same series (of a run; the latest if none is
    named). ``moved``: where deliveries and rules are now. Nothing is recorded.

    Raises UsageError where nothing was delivered by that day, or where the files are no longer as they were.
    """
    from planning_check import store
    from planning_check.pipeline.options import Options

    with store.reading(db_url) as engine:
        now = store.load_run(engine, run)
        then = _last_by(engine, now, day)
        notes = list(_of_the_log(engine, now.series, day))
    with found_again((then, now), moved) as sources:
        options = Options(sources[now.id].paths, as_of=day, today=day, threads=threads, memory=memory)
        comparison, lost = _compared(then, now, day, sources, moved, options, progress)
    return Known(day, then, now, comparison, (*notes, *lost, *_not_known(then, now, day)))


def _compared(
    then: StoredRun, now: StoredRun, day: dt.date, sources: Mapping[int, Sources], moved: Moved, options: Options,
    progress: Callable[[str, float | None], None] | None,
) -> tuple[Comparison, list[Text]]:  # fmt: skip
    """Both judged as of the day, in an engine with the limits of the options; and what is to be said of the rules."""
    from planning_check import assess
    from planning_check.pipeline.room import in_engine

    notes = []
    try:
        book_now = rules_of(now, sources[now.id])
    except Lost as lost:
        raise _gone(now, lost) from lost
    try:
        book_then = rules_of(then, sources[then.id])
    except Lost as lost:
        book_then = book_now
        notes.append(
            Text(
                f"当时用的规则已不能再取得（{lost.why.zh}），两边都用最近一次检查的规则；挪了地方的，用 --rules {then.id}=文件夹 指明",
                f"the rules of that check cannot be had again ({lost.why.en}): both are judged by those of the latest check; "
                f"where they were moved, name them: --rules {then.id}=FOLDER",
            )
        )

    def judged(con: duckdb.DuckDBPyConnection) -> Comparison:
        for name, stored, book in (("before", then, book_then), ("after", now, book_now)):
            if progress:
                progress("again", None)
            with beside(con, _OTHER) as other:
                try:
                    _judge(other, stored, sources[stored.id], book, day)
                except Lost as lost:
                    raise (refused(stored, lost.why) if stored.id in moved.inputs else _gone(stored, lost)) from lost
                assess.keep_reading(other, name)
                for table in (f"reading_{name}", f"count_{name}", f"rule_{name}"):
                    con.execute(f"CREATE OR REPLACE TABLE {table} AS FROM {_OTHER}.{table}")
        return assess.compare(con)

    return in_engine(options, judged), notes


def _last_by(engine: Engine, now: StoredRun, day: dt.date) -> StoredRun:
    """The last run of the series whose delivery stands at that day or before it."""
    from planning_check import store

    runs = [one for one in store.runs(engine) if one.series == now.series]
    there = [one for one in runs if _stands_at(one) <= day]
    if not there:
        first = min(map(_stands_at, runs))
        raise UsageError(
            Text(f"到 {day} 为止，系列“{now.series}”没有报送过：最早的一次是 {first} 的",
                 f"nothing of '{now.series}' was delivered by {day}: the first stands at {first}"),
            fix=Text(f"给 {first} 或以后的日子；只看今天的报送在那天会怎样：check --as-of {day}",
                     f"name {first} or a later day; for what today's delivery says of that day: check --as-of {day}"),
        )  # fmt: skip
    return max(there, key=lambda one: (_stands_at(one), one.id))


def _stands_at(run: StoredRun) -> dt.date:
    told = run.manifest.get("delivered_on")
    return dt.date.fromisoformat(told) if told else run.as_of


def _judge(other: duckdb.DuckDBPyConnection, run: StoredRun, sources: Sources, book: Rulebook, day: dt.date) -> None:
    """Judge the delivery of a run as of the day. Raises Lost where its files are no longer as they were."""
    from planning_check.ingest.mapping import parse_mapping
    from planning_check.rulebook.kept import plan_kept

    told = run.manifest.get("mapping")
    mapping = parse_mapping(told["name"], told["text"]) if told else None
    try:
        read(other, paths_of(sources), book, None, run.manifest.get("read_as", ()), day, mapping, day, stated=_stands_at(run))
    except ActionableError as error:
        raise Lost("data", error.what) from error
    same_files(other, run)
    measure(other, day, book)
    assess_twice(other, plan_kept(book, run.manifest.get("select", ()), run.manifest.get("ignore", ())), book)


def _gone(run: StoredRun, lost: Lost) -> UsageError:
    return UsageError(
        Text(f"第 {run.id} 次检查所用的已不能再取得", f"what run {run.id} was made from cannot be had again"),
        why=lost.why,
        fix=Text(
            f"放回原处，或用 --inputs {run.id}=路径、--rules {run.id}=文件夹 指明现在的位置；"
            f"当时记录的名单：planning-check findings --run {run.id}（截至 {run.as_of}）",
            f"put it back, or name where it is now: --inputs {run.id}=PATH, --rules {run.id}=FOLDER; "
            f"the list as it was recorded: planning-check findings --run {run.id} (as of {run.as_of})",
        ),
    )


def _of_the_log(engine: Engine, series: str, day: dt.date) -> Iterator[Text]:
    """How the cases stood by the end of that day."""
    from planning_check import store

    events = [event for event in store.events(engine, series) if event.at[:10] <= day.isoformat()]
    counts = Counter(case.state for case in follow(event for event in events if event.fingerprint).values())
    if counts:
        told = [(STATES[state], count) for state, count in sorted(counts.items())]
        yield Text("到那天为止已议的案件：" + "，".join(f"{state.zh} {count}" for state, count in told),
                   "cases decided by that day: " + ", ".join(f"{state.en} {count}" for state, count in told))  # fmt: skip


def _not_known(then: StoredRun, now: StoredRun, day: dt.date) -> Sequence[Text]:
    """What the records do not tell of that day."""
    told = []
    recorded = then.created_at[:10]
    if recorded > day.isoformat():
        told.append(
            Text(
                f"这次报送写明截至 {_stands_at(then)}，但到 {recorded} 才检查记录：那天是否已经收到，记录里没有",
                f"the delivery says that it stands at {_stands_at(then)}, but was checked only on {recorded}: whether it had come by that "
                "day is not on record",
            )
        )
    if then.id == now.id:
        told.append(Text("此后没有新的报送：两边是同一份，差别只会来自规则", "nothing was delivered since: both are the same delivery"))
    told.append(Text(
        "办法按生效日适用；那天之后才公布、却规定早已生效的办法，和报送里补记的较早的事，当时的会议看不到哪些，记录里没有写明何时得知",
        "ordinances apply by the days from which they say they do; of an ordinance that came out later, and of earlier events that a later "
        "delivery tells, no record says when they became known",
    ))  # fmt: skip
    return told
