"""Proving a run: its log, its rows, and what its files come to when they are checked anew."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from planning_check.errors import Text
from planning_check.pipeline.rederiving import DIFFERS, SAME, UNPROVED, Point, derived_anew, sources_of

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine

    from planning_check.record.run import StoredRun
    from planning_check.store import Head


@dataclass(frozen=True)
class Verdict:
    """What was looked at, in its order. ``state``: differs if anything does, else unproved if anything is, else same."""

    name: Text
    points: tuple[Point, ...]

    @property
    def state(self) -> str:
        states = {point.state for point in self.points}
        return next((state for state in (DIFFERS, UNPROVED) if state in states), SAME)


def verify(
    db_url: str, run: int | str | None = None, *, paths: Sequence[Path] = (), rule_dirs: Sequence[Path] = (), roots: Sequence[str] = (),
    heads: Sequence[Head] = (), threads: int | None = None, memory: str | None = None,
) -> Verdict:  # fmt: skip
    """Prove a run on record (the latest if none is named) as far as what is needed is there. Nothing is written.

    ``paths``, ``rule_dirs``: where the delivery and the city's rules are now, if not where they were; ``roots``, ``heads``: of the run and
    of logs, as they stand on paper. Raises UsageError for a run that is not on record and a database that cannot be read,
    MachineError where the computer lacks something.
    """
    from planning_check import store

    with store.reading(db_url) as engine:
        stored = store.load_run(engine, run)
        points = [*given_points(stored, roots), *recorded_points(engine, stored, heads)]
        points += derived_anew(engine, stored, sources_of(stored, paths, rule_dirs, threads, memory))
    return Verdict(run_name(stored), tuple(points))


def run_name(run: StoredRun) -> Text:
    return Text(f"第 {run.id} 次检查（{run.series}，截至 {run.as_of}）", f"Run {run.id} ({run.series}, as of {run.as_of})")


def given_points(run: StoredRun, roots: Sequence[str]) -> Iterator[Point]:
    """Roots as they stand on paper, in lower digits, against the run's."""
    for one in roots:
        said = Text(f"纸上的根哈希 {one}", f"the root on paper, {one}")
        yield (
            Point(SAME, said) if one == run.root else Point(DIFFERS, Text(f"{said.zh}：不是这次检查的", f"{said.en}: it is not this run's"))
        )


def recorded_points(engine: Engine, run: StoredRun, heads: Sequence[Head] = (), *, alone: bool = False) -> Iterator[Point]:
    """The logs, and whether the run is still what it entered as. ``alone``: the other runs that its log tells of are not there."""
    from planning_check.store.checking import checked

    yield from _log(engine, run, heads, alone=alone)
    state = checked(engine, run)
    if state.differs:
        names = ", ".join(state.differs)
        yield Point(
            DIFFERS,
            Text(f"第 {run.id} 次检查的表 {names} 与当时的记录不同", f"the tables {names} of run {run.id} are not as they were recorded"),
        )
    elif not state.has_root:
        yield Point(UNPROVED, Text("由较早的版本记录，没有根哈希：行是否改过，没有证明",
                                   "recorded by an older version, without a root: whether rows were changed is not proved"))  # fmt: skip
    else:
        yield Point(SAME, Text(f"每一行，根哈希 {run.root}", f"every row, root {run.root}"))


def _log(engine: Engine, run: StoredRun, heads: Sequence[Head], *, alone: bool) -> Iterator[Point]:
    from planning_check.report.told.entries import broken_text
    from planning_check.store import check_log, head
    from planning_check.store.log import runs_logged
    from planning_check.store.log_guard import is_guarded

    broken = [Point(DIFFERS, broken_text(one)) for one in check_log(engine, heads)]
    yield from broken
    with engine.connect() as connection:
        if not is_guarded(connection):
            yield Point(
                DIFFERS, Text("有人去掉了数据库里保护日志的触发器", "somebody took away the triggers by which the database guards the log")
            )
    logged = {} if broken else runs_logged(engine)
    if alone:
        logged = {number: entry for number, entry in logged.items() if number == run.id}
    wrong = [] if broken else list(_runs(engine, logged))
    yield from (Point(DIFFERS, said) for said in wrong)
    if broken or wrong:
        return
    if run.id not in logged:
        yield Point(UNPROVED, Text("由较早的版本记录，没有进日志：谁何时检查的，没有证明",
                                   "recorded by an older version and not in the log: who checked and when is not proved"))  # fmt: skip
    end = head(engine, run.series)
    if end is None:
        return
    told = f"{end.series}:{end.seq}:{end.hash}"
    paper = Text("尾巴有没有截去，只有纸上的末尾能证明：--head 系列:序号:哈希",
                 "whether its tail was cut off only the head on paper proves: --head SERIES:N:HASH")  # fmt: skip
    is_on_paper = any(one.series == run.series for one in heads)
    yield Point(SAME, Text(f"日志，{end.seq} 条，末尾\n{told}", f"the log of {end.seq}, head\n{told}"), None if is_on_paper else paper)


def _runs(engine: Engine, logged: dict) -> Iterable[Text]:
    """What the logs tell of runs, against the runs on record."""
    from planning_check.store import runs

    known = {one.id: one for one in runs(engine)}
    for number, entry in sorted(logged.items()):
        one, place = (
            known.get(number),
            Text(f"“{entry.series}”的日志第 {entry.seq} 条", f"entry {entry.seq} of the log of '{entry.series}'"),
        )
        if one is None:
            yield Text(f"{place.zh}记下的第 {number} 次检查不在了", f"run {number}, which {place.en} tells of, is gone")
            continue
        now = {"series": one.series, "at": one.created_at, "run": one.id, "as_of": one.as_of.isoformat(), "digest": one.digest,
               "root": one.root, "parent": one.parent_run_id}  # fmt: skip
        then = {"series": entry.series, "at": entry.at, **entry.body}
        wrong = [name for name, value in now.items() if then.get(name) != value]
        if wrong:
            yield Text(
                f"第 {number} 次检查的 {', '.join(wrong)} 与{place.zh}不同", f"{', '.join(wrong)} of run {number} differ from {place.en}"
            )
    for number in sorted(known.keys() - logged.keys()):
        if logged and number > min(logged):  # those of older versions stand before
            yield Text(f"第 {number} 次检查没有进日志", f"run {number} is not in the log")
