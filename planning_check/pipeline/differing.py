"""Why the list changed: two runs of a series compared, and every change traced to its cause by judging again with one thing changed at a
time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from planning_check.cases import Case, Event, follow
from planning_check.errors import Text, UsageError
from planning_check.pipeline.moved import NOT_MOVED, Moved, found_again
from planning_check.pipeline.replaying import Again, CellsOf, Replays
from planning_check.record.causes import Cause, Judged, State, cause_of, kind_of, settled, states_between
from planning_check.record.changes import CellChange, Change, CorrectionChange, Differing, Named, Standing, TextChange, Things
from planning_check.record.evidence import Cell
from planning_check.record.waiver import in_force

if TYPE_CHECKING:
    import duckdb
    from sqlalchemy import Engine

    from planning_check.pipeline.rederiving import Sources
    from planning_check.record.correction import CorrectionRow
    from planning_check.record.finding import Finding
    from planning_check.record.run import StoredRun

_PROGRAM = "program"
Item = tuple[Named, Judged, Judged]
Registers = Mapping[str, Sequence["CorrectionRow"]]


def differ(
    db_url: str, before: int | str | None = None, after: int | str | None = None, *, prove: bool = True, moved: Moved = NOT_MOVED,
    threads: int | None = None, memory: str | None = None, progress: Callable[[str, float | None], None] | None = None,
) -> Differing:  # fmt: skip
    """Compare a run (the latest if none is named) with another of its series (the one before it). Without ``prove`` nothing is judged
    again, and a cause is told only where one thing alone differs. ``moved``: where deliveries and rules are now.

    Raises UsageError where there is no run before it, the two are of different series, or what was named is not of them.
    """
    from planning_check import store

    with store.reading(db_url) as engine:
        older, newer = _two_runs(engine, before, after)
        if not prove:
            return _compared(engine, older, newer, None)
        with found_again((older, newer), moved) as sources:
            return _compared(engine, older, newer, partial(_judged_again, older, newer, sources, moved, threads, memory, progress))


def since_the_run_before(engine: Engine, run: StoredRun) -> Differing | None:
    """A run and the one before it in its series, as their records tell without judging again; None for the first."""
    from planning_check import store

    return None if run.parent_run_id is None else _compared(engine, store.load_run(engine, run.parent_run_id), run, None)


def _compared(
    engine: Engine, older: StoredRun, newer: StoredRun, judge: Callable[[Things, Sequence[Item], Registers], Again] | None
) -> Differing:  # fmt: skip
    from planning_check import store
    from planning_check.assess import OUTCOMES

    things = store.things(engine, older, newer)
    items = store.verdicts_between(engine, older.id, newer.id, {letter: outcome for outcome, letter in OUTCOMES.items()})
    registers = {side: store.corrections(engine, run.id) for side, run in (("before", older), ("after", newer))}
    again = judge(things, items, registers) if judge and items else Again(_factors(things))
    cells = {
        side: again.cells[side] if side in again.cells else _stored_cells(engine, run.id, items)
        for side, run in (("before", older), ("after", newer))
    }  # fmt: skip
    findings = [_findings(engine, run.id, items) for run in (older, newer)]
    back = store.stood_before(engine, newer.series, older.id, [n.fingerprint for n, a, b in items if kind_of(a, b) == "new"])
    changes = [_change(item, again, things, cells, findings, back) for item in items]
    lost = tuple((factor, side, why) for (factor, side), why in again.lost.items())
    return Differing(older, newer, things, list(_with_what_stands(engine, older, newer, changes)), lost, len(again.found))


def _factors(things: Things) -> list[str]:
    """What can be set as it was: all that differs but the program."""
    return [code for code in things.factors if code != _PROGRAM]


def _judged_again(
    older: StoredRun, newer: StoredRun, sources: Mapping[int, Sources], moved: Moved, threads: int | None, memory: str | None,
    progress: Callable[[str, float | None], None] | None, things: Things, items: Sequence[Item], registers: Registers,
) -> Again:  # fmt: skip
    from planning_check.pipeline.options import Options
    from planning_check.pipeline.room import in_engine

    def judged(con: duckdb.DuckDBPyConnection) -> Again:
        wanted = [named for named, _, _ in items]
        replays = Replays(con, older, newer, Again(_factors(things)), registers, wanted, sources, moved, progress)
        _judge_what_is_needed(replays, items, things)
        return replays.again

    return in_engine(Options(sources[newer.id].paths, as_of=newer.as_of, today=newer.as_of, threads=threads, memory=memory), judged)


def _two_runs(engine: Engine, before: int | str | None, after: int | str | None) -> tuple[StoredRun, StoredRun]:
    from planning_check import store

    newer = store.load_run(engine, after)
    if before is None and newer.parent_run_id is None:
        raise UsageError(
            Text(f"第 {newer.id} 次检查是系列“{newer.series}”的第一次，没有可以比较的上一次",
                 f"run {newer.id} is the first of the series '{newer.series}': there is none before it to compare with"),
            fix=Text("再检查一次，或写明两次：planning-check diff 1 2", "check once more, or name two: planning-check diff 1 2"),
        )  # fmt: skip
    older = store.load_run(engine, newer.parent_run_id if before is None else before)
    if older.series != newer.series:
        raise UsageError(
            Text(f"第 {older.id} 次检查属于“{older.series}”，第 {newer.id} 次属于“{newer.series}”，不是一个系列，不能比较",
                 f"run {older.id} is of '{older.series}', run {newer.id} of '{newer.series}': two series cannot be compared"),
            fix=Text("planning-check runs 列出各次检查的系列", "planning-check runs lists the series of every run"),
        )  # fmt: skip
    if older.id == newer.id:
        raise UsageError(Text("两次是同一次检查", "both are the same run"), fix=Text("写明另一次的次数", "name another run"))
    return (older, newer) if older.id < newer.id else (newer, older)


def _judge_what_is_needed(replays: Replays, items: Sequence[Item], things: Things) -> None:
    """The two runs themselves, to see that they come out again; then the states between, the smaller first, until every item is settled."""
    factors = replays.again.factors
    replays.judge(frozenset(factors))
    if factors:
        replays.judge(frozenset())
    for state in states_between(factors):
        if not all(settled(*_known(item, replays.again, things)) for item in items):
            replays.judge(state)


def _known(item: Item, again: Again, things: Things) -> tuple[dict[State, Judged], Sequence[str]]:
    """What is known of the states of an item, and its factors; of one that does not come out again nothing.

    The program is one of them where it is another, or makes of the older run's own files and rules something else than was recorded: then
    whatever it judges again is with it.
    """
    named, before, after = item
    factors = again.factors
    none, whole = frozenset[str](), frozenset(factors)
    found = {state: outcomes[named.fingerprint] for state, outcomes in again.found.items()}
    if found.get(whole, after) != after:
        return {}, factors
    by_program = found[none] != before if factors and none in found else _PROGRAM in things.factors
    if not by_program:
        return {**found, none: before, whole: after}, factors
    with_it = {state | {_PROGRAM}: outcome for state, outcome in found.items()}
    return {**with_it, none: before, whole | {_PROGRAM}: after}, [*factors, _PROGRAM]


def _change(
    item: Item, again: Again, things: Things, cells: Mapping[str, CellsOf], findings: Sequence[Mapping[str, Finding]], back: set[str]
) -> Change:  # fmt: skip
    named, before, after = item
    known, factors = _known(item, again, things)
    cause = cause_of(known, factors) if known and factors else Cause((), False, {})
    kind = kind_of(before, after) or "changed"
    told = {name for way in cause.ways for name in way}
    facts = [f for side in findings if (f := side.get(named.fingerprint))]
    of = [_of_rule(cells[side].get(named.fingerprint), named, facts) for side in ("before", "after")]
    changed = _relevant(_cell_changes(of[0] or [], of[1] or []), named, facts) if told & {"data", "correction", "reading"} else []
    return Change(
        named, "reopened" if kind == "new" and named.fingerprint in back else kind, before, after, cause,
        cells=tuple(changed) if "data" in told and all(side is not None for side in of) else (),
        is_bare="data" in told and any(side is None for side in of),
        texts=tuple(_texts(things.texts, named, facts)) if "rules" in told else (),
        corrections=tuple(_corrections(things.corrections, of)) if "correction" in told else (),
    )  # fmt: skip


def _cell_changes(before: Sequence[Cell], after: Sequence[Cell]) -> Iterator[CellChange]:
    """The cells that differ, by table, record and field, wherever they stand; a row that one side has not is one change."""
    sides = [_by_record(cells) for cells in (before, after)]
    for key in sorted({*sides[0], *sides[1]}):
        one, other = (side.get(key, {}) for side in sides)
        if not one or not other:
            first = next(iter((one or other).values()))[0]
            yield CellChange(*key, "", first if one else None, first if other else None)
            continue
        for field in sorted({*one, *other}):
            old, new = _unlike(one.get(field, []), other.get(field, []))
            for n in range(max(len(old), len(new))):
                yield CellChange(*key, field, old[n] if n < len(old) else None, new[n] if n < len(new) else None)


def _by_record(cells: Iterable[Cell]) -> dict[tuple[str, str], dict[str, list[Cell]]]:
    from planning_check.schema import BY_NAME

    rows: dict[tuple[str, str, str, int], list[Cell]] = {}
    for cell in cells:
        rows.setdefault((cell.table, cell.file, cell.sheet, cell.row), []).append(cell)
    found: dict[tuple[str, str], dict[str, list[Cell]]] = {}
    for (table, *_), row in rows.items():
        texts = {cell.field: cell.raw.strip() for cell in row}
        record = found.setdefault((table, " / ".join(texts.get(k, "") for k in BY_NAME[table].key)), {})
        for cell in row:
            record.setdefault(cell.field, []).append(cell)
    return found


def _unlike(one: Sequence[Cell], other: Sequence[Cell]) -> tuple[list[Cell], list[Cell]]:
    """The cells of either side that have no equal on the other."""
    left = []
    for own, there in ((one, other), (other, one)):
        same = Counter(cell.raw for cell in there)
        own_left = []
        for cell in own:
            if same[cell.raw]:
                same[cell.raw] -= 1
            else:
                own_left.append(cell)
        left.append(own_left)
    return left[0], left[1]


def _reads(named: Named, findings: Sequence[Finding]) -> set[str]:
    """The ``table.field`` cells that the facts of the findings are measured from."""
    from planning_check.report.told.facts import find_fact

    facts = [fact for finding in findings for key in finding["facts"] if (fact := find_fact(named.subject, key))]
    return {read for fact in facts for read in fact.reads}


def _of_rule(cells: Sequence[Cell] | None, named: Named, findings: Sequence[Finding]) -> list[Cell] | None:
    """The cells of the tables that the rule reads: a run keeps no others of its findings."""
    tables = {read.split(".")[0] for read in _reads(named, findings)} | {s["table"] for f in findings for s in f["sources"]}
    return None if cells is None else [cell for cell in cells if cell.table in tables]


def _relevant(changes: Iterable[CellChange], named: Named, findings: Sequence[Finding]) -> list[CellChange]:
    """Those from which a fact of the finding is measured; all of them where none is."""
    found, reads = list(changes), _reads(named, findings)
    tables = {read.split(".")[0] for read in reads}
    near = [c for c in found if (f"{c.table}.{c.field}" in reads if c.field else c.table in tables)]
    return near or found


def _texts(texts: Sequence[TextChange], named: Named, findings: Sequence[Finding]) -> Iterator[TextChange]:
    """What differs of the rule itself and of the ordinances that governed its subject; else the files of rules."""
    laws = {finding["ordinance_id"] for finding in findings}
    own = [t for t in texts if (t.what, t.id) == ("rule", named.rule_id) or (t.what == "ordinance" and (t.id in laws or not t.part))]
    yield from own or (t for t in texts if t.what == "file")


def _corrections(changes: Sequence[CorrectionChange], cells: Sequence[Sequence[Cell] | None]) -> Iterator[CorrectionChange]:
    """The rows of the register that are about a record of the subject; all where none is."""
    from planning_check.ingest.plain import plain

    keys = {plain(cell.raw) for side in cells for cell in side or ()}
    own = [change for change in changes if plain(change.row.record_key) in keys]
    yield from own or changes


def _findings(engine: Engine, run_id: int, items: Sequence[Item]) -> dict[str, Finding]:
    """The findings of the items that a run has."""
    from planning_check import store

    keys = [named.fingerprint for named, _, _ in items]
    some = (tuple(keys[at : at + 500]) for at in range(0, len(keys), 500))
    return {f["fingerprint"]: f for part in some for f in store.findings(engine, run_id, store.Filters(fingerprints=part))}


def _stored_cells(engine: Engine, run_id: int, items: Sequence[Item]) -> CellsOf:
    """The cells that a run keeps: those of its findings. A subject of which none are kept is not among them."""
    from planning_check import store

    wanted: dict[str, list[str]] = {}
    for named, _, _ in items:
        wanted.setdefault(named.rule_id, []).append(named.subject_key)
    kept = store.cells_of(engine, run_id, wanted)
    return {n.fingerprint: kept[n.rule_id, n.subject_key] for n, _, _ in items if (n.rule_id, n.subject_key) in kept}


def _with_what_stands(engine: Engine, older: StoredRun, newer: StoredRun, changes: Sequence[Change]) -> Iterator[Change]:
    """The changes with what was decided or waived about them between the two runs, and the cases about which nothing else changed."""
    from planning_check import store

    stood = dict(_standings(store.events(engine, newer.series), older.id, newer.id))
    waived = dict(_waived(older, newer))
    for change in changes:
        key = change.named.fingerprint
        yield replace(change, standing=stood.pop(key, None), waived=waived.pop(key, None))
    left = (*stood, *(key for key in waived if key not in stood))
    found = {f["fingerprint"]: f for f in store.findings(engine, newer.id, store.Filters(fingerprints=left))} if left else {}
    for key in left:
        if finding := found.get(key):
            named = Named(
                finding["fingerprint"], finding["rule_id"], finding["list"], finding["subject"], finding["subject_key"],
                finding["subject_name"], finding["project_id"], finding["district_code"], finding["district_name"],
                finding["developer_name"],
            )  # fmt: skip
            judged = Judged(finding["outcome"], finding["status"], finding["severity"], finding["area_m2"], finding["yuan"],
                            Text(finding["status_zh"] or "", finding["status_en"] or "") if finding["status_zh"] else None)  # fmt: skip
            standing = stood.get(key)
            kind = "waived" if standing is None else "reopened" if standing.is_reopened else "decided"
            yield Change(named, kind, judged, judged, None, standing=standing, waived=waived.get(key))


def _waived(older: StoredRun, newer: StoredRun) -> Iterator[tuple[str, tuple[Mapping[str, Any] | None, Mapping[str, Any] | None]]]:
    """The findings that are waived in one run and not, or otherwise, in the other."""
    before, after = in_force(older.manifest), in_force(newer.manifest)
    for key in sorted({*before, *after}):
        sides = before.get(key), after.get(key)
        told = [{name: value for name, value in one.items() if name != "where"} if one else None for one in sides]
        if told[0] != told[1]:
            yield key, sides


def _standings(events: Sequence[Event], older: int, newer: int) -> Iterator[tuple[str, Standing]]:
    """Every case whose state or last decision changed between the entries of two runs."""
    entry = {event.of_run: event.seq for event in events if event.role == "system"}  # with the cases that a run itself reopens
    first, last = entry.get(older, 0), entry.get(newer, events[-1].seq if events else 0)
    before, after = (follow(event for event in events if event.seq <= end) for end in (first, last))
    for key, case in after.items():
        was = before.get(key, Case(key))
        if (was.state, was.decision) != (case.state, case.decision) and case.last:
            said = case.decision if case.decision != was.decision and case.decision else case.last
            yield key, Standing(was.state, case.state, said.seq, said.body, case.reopened > was.reopened)
