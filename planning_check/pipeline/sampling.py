"""``sample``: which cases are visited again, what the visits found, and what that says of all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planning_check.assess.sampling import Draw, TooFew, draw, project
from planning_check.cases import Case, Event, Refused, after
from planning_check.errors import Place, Text, UsageError
from planning_check.pipeline.deciding import Line, Understood
from planning_check.report.told.sampling import Asked, Sample, asked_of

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from planning_check.ingest.revisits import Visited
    from planning_check.record.finding import Finding
    from planning_check.record.run import StoredRun


def sample(
    db_url: str, *, n: int, seed: int, method: str, of: str = "violations", list_: str | None = None, run: int | str | None = None
) -> Sample:  # fmt: skip
    """Draw from the violations of a run, or from what its series has struck off. Raises UsageError where there is nothing to draw from."""
    from planning_check import store

    with store.reading(db_url) as engine:
        stored = store.load_run(engine, run)
        moved = [
            e.seq for e in store.events(engine, stored.series, of_cases=True) if of == "struck_off" and e.action in ("close", "reopen")
        ]
        asked = Asked(stored.digest[:16], of, list_, method, n, seed, max(moved, default=0))
        return _with_results(engine, _drawn(engine, stored, asked), _on_record(engine, stored, asked.spec))


def read_sample(db_url: str, path: Path, role: str) -> tuple[Sample, Understood]:
    """A list that was filled in: the sample with what it says and what is on record, and the entries to write. Raises UsageError where the
    list is of another database, or what is on record has changed since."""
    from planning_check import store
    from planning_check.ingest.revisits import read_visits

    visited, unread, sha256 = read_visits(path)
    place = Place(path.name)
    with store.reading(db_url) as engine:
        stored, asked = _asked(engine, visited, place)
        found = _drawn(engine, stored, asked)
        before = _on_record(engine, stored, asked.spec)
        cases = store.cases(engine, stored.series)
        units = {unit["fingerprint"]: unit for unit in found.units}
        source = {"file": path.name, "sha256": sha256}
        lines = [_line(row, units.get(row.key), cases.get(row.key, Case(row.key)), before.get(row.key), role, source) for row in visited]
        now = before | {line.key: line.body for line in lines if line.is_written}
        return _with_results(engine, found, now), Understood(stored, lines, unread, store.head(engine, stored.series))


def _asked(engine: Engine, visited: Sequence[Visited], place: Place) -> tuple[StoredRun, Asked]:
    from planning_check import store

    specs = {row.sample for row in visited}
    asked = asked_of(next(iter(specs))) if len(specs) == 1 else None
    if asked is None:
        named = "; ".join(sorted(specs)) or "—"
        raise UsageError(
            Text("名单的“抽样”列要每行相同，且与写出时一样", "the column 'sample' must be the same in every row, and as it was written")
            if specs else Text("名单还没有填", "nothing is filled in yet"),
            where=place, why=Text(named, named),
            fix=Text("填“复查结果”“复查人”“复查日期”三列，“抽样”“键”两列不要动",
                     "fill in found, visited by and visited on, and leave sample and key as they are"),
        )  # fmt: skip
    stored = next((run for run in reversed(store.runs(engine)) if run.digest.startswith(asked.digest)), None)
    if stored is None:
        raise UsageError(Text("这份名单所属的检查不在这个记录库里", "the check that the list is of is not in this database"), where=place,
                         fix=Text("用 --db 指明记有那次检查的记录库", "name the database that holds it with --db"))  # fmt: skip
    return stored, asked


def _drawn(engine: Engine, stored: StoredRun, asked: Asked) -> Sample:
    from planning_check import store

    if asked.of == "struck_off":
        runs_of = store.struck_off_to_draw(engine, stored.series, asked.upto, asked.list)
        units = list(runs_of)
    else:
        units = store.violations_to_draw(engine, stored.id, asked.list)
        runs_of = dict.fromkeys(units, stored.id)
    try:
        drawn = draw(units, asked.method, asked.n, asked.seed)
    except TooFew as few:
        raise UsageError(
            Text(f"按名单分层至少要抽 {few.least} 件（每份名单两件）", f"by lists at least {few.least} must be drawn (two of each)"),
            fix=Text(f"--n {few.least}，或 --by simple、--list", f"--n {few.least}, or --by simple, or --list"),
        ) from few
    if not drawn.chosen:
        raise UsageError(_nothing(asked, drawn), fix=Text("换 --of、--list 或 --by", "choose another --of, --list or --by"))
    by_run: dict[int, list[str]] = {}
    for unit, run_id in runs_of.items():
        if unit.key in drawn.chosen:
            by_run.setdefault(run_id, []).append(unit.key)
    found = [f for run_id, keys in sorted(by_run.items()) for f in store.findings(engine, run_id, store.Filters(fingerprints=tuple(keys)))]
    return Sample(stored, asked, drawn, found, {unit.key: unit.fen for unit in units if unit.fen}, {}, None)


def _nothing(asked: Asked, drawn: Draw) -> Text:
    if drawn.left_out:
        return Text(
            f"{drawn.left_out} 件都没有金额，不能按金额抽", f"none of {drawn.left_out} has an amount: nothing can be drawn by money"
        )
    if asked.of == "struck_off":
        return Text("还没有已销号的案件", "nothing is struck off yet")
    return Text("没有违规可抽", "there are no violations to draw from")


def _on_record(engine: Engine, stored: StoredRun, spec: str) -> dict[str, Mapping[str, Any]]:
    """Key -> what the last visit of this sample found, as the log holds it."""
    from planning_check import store

    events = store.events(engine, stored.series, of_cases=True)
    return {e.fingerprint or "": e.body for e in events if e.action == "revisit" and e.body.get("sample") == spec}


def _with_results(engine: Engine, found: Sample, told: Mapping[str, Mapping[str, Any]]) -> Sample:
    results = {key: str(body["found"]) for key, body in told.items() if key in found.drawn.chosen}
    interval = project(found.drawn, results, found.worth) if results else None
    return replace(found, results=results, interval=interval)


def _line(
    row: Visited, unit: Finding | None, case: Case, before: Mapping[str, Any] | None, role: str, source: Mapping[str, Any]
) -> Line:  # fmt: skip
    body = dict(row.said) | {"sample": row.sample, "source": dict(source) | {"sheet": row.where.sheet, "row": row.where.row}}
    if unit is None:
        why = Text("这个键不在这次抽样里", "this key is not of the sample")
        return Line("refused", None, row.key, row.where, "revisit", body, case, why)
    if before is not None and all(before.get(name) == row.said.get(name) for name in ("found", "visited_by", "visited_on", "note")):
        return Line("same", unit, row.key, row.where, "revisit", body, case)
    try:
        after(case, Event(0, "", "", role, "revisit", row.key, None, body))
    except Refused as refused:
        return Line("refused", unit, row.key, row.where, "revisit", body, case, refused.why)
    return Line("changed" if before else "new", unit, row.key, row.where, "revisit", body, case)
