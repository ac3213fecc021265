"""``decide``: what a meeting decided comes back, is held against what is on record, and is written to the log once somebody says so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planning_check.cases import BOOK_FORMAT, CONCLUSIONS, Case, Event, Refused, after
from planning_check.errors import Place, Text, UsageError
from planning_check.pipeline.rules import load_workdays
from planning_check.workdays import FIX, UnknownYear, Workdays

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from planning_check.ingest.meeting import Filled, Row, Unread
    from planning_check.record.finding import Finding
    from planning_check.record.run import StoredRun
    from planning_check.store import Entry, Head, KeyedLine

#: What is compared to see whether a decision is the same: not where it was read, nor the facts of its day.
_BESIDE = ("source", "facts", "run", "root", "due_workdays", "line")
#: What of a decision about a line is said of one of its findings and of no other: a sum is decided once.
_OF_ONE = ("amount_yuan",)
#: The states of cases that nobody is accused of any more.
_ENDED = ("closed", "dismissed")


@dataclass(frozen=True)
class Line:
    """One decision about one finding as it was understood. ``state``: new, changed (another is on record), same (nothing to write),
    conflict (a later one is on record), refused, or apart (of the findings of a line: decided by itself at the same meeting, and that
    stands); ``why`` says so of conflict and refused. ``body``: what is written; ``of``: the line that the decision is about, None for one
    about this finding by itself."""

    state: str
    finding: Finding | None
    key: str
    where: Place | None
    action: str
    body: Mapping[str, Any]
    before: Case
    why: Text | None = None
    of: KeyedLine | None = None

    @property
    def is_written(self) -> bool:
        return self.state in ("new", "changed")


@dataclass(frozen=True)
class Understood:
    """What was read, against the record. ``unread``: cells that could not be read; ``head``: of the log when it was looked at."""

    run: StoredRun
    lines: Sequence[Line]
    unread: Sequence[Unread]
    head: Head | None

    @property
    def to_write(self) -> list[Line]:
        return [line for line in self.lines if line.is_written]


def understand(
    db_url: str, path: Path, role: str, *, run: int | str | None = None, decided_on: dt.date | None = None,
    resolution_no: str | None = None, rule_dirs: Sequence[Path] = (),
) -> Understood:  # fmt: skip
    """Read a filled workbook or CSV and hold it against the record; nothing is written. ``run``: of a file that does not say which check it
    is of. ``decided_on``, ``resolution_no``: of the rows that say none. ``rule_dirs``: whose table working days are counted by, those of
    the check if none are named. Raises UsageError where it is no such file, or of another check."""
    from planning_check import store
    from planning_check.ingest.meeting import read_meeting

    filled = read_meeting(path)
    with store.reading(db_url) as engine:
        stored = _run_of(engine, filled, run)
        given = {"decided_on": decided_on.isoformat() if decided_on else None, "resolution_no": resolution_no}
        said = [(row, {name: value for name, value in given.items() if value} | dict(row.said)) for row in filled.rows]
        told, unread = _dated([(row, body | _source(filled, row)) for row, body in said], stored, rule_dirs)
        return _held_against(engine, stored, role, told, [*filled.unread, *unread])


def understand_one(
    db_url: str, key: str, said: Mapping[str, Any], role: str, run: int | str | None = None, rule_dirs: Sequence[Path] = ()
) -> Understood:  # fmt: skip
    """The same of one case, as it was typed: ``said``, by the names of ``cases.FIELDS``."""
    from planning_check import store
    from planning_check.ingest.meeting import typed_row

    row, unread = typed_row(key, said)
    with store.reading(db_url) as engine:
        stored = store.load_run(engine, run)
        told, undated = _dated([(row, dict(row.said))], stored, rule_dirs)
        return _held_against(engine, stored, role, told, [*unread, *undated])


_Said = list[tuple["Row", dict[str, Any]]]


def _dated(said: _Said, run: StoredRun, rule_dirs: Sequence[Path]) -> tuple[_Said, list[Unread]]:
    """The same with a day in place of every number of working days, which is kept beside it, and those of which no day can be told."""
    from planning_check.ingest.meeting import Unread

    if not any(isinstance(body.get("due_on"), int) for _, body in said):
        return said, []
    table = load_workdays(list(rule_dirs) or [Path(folder) for folder in run.manifest.get("rule_folders", ())])
    told, unread = [], []
    for row, body in said:
        count = body.get("due_on")
        due = _due(table, count, body.get("decided_on")) if isinstance(count, int) else body
        if isinstance(due, Text):
            unread.append(Unread(row.places["due_on"], f"{count} 个工作日", due))
        told.append((row, {name: value for name, value in body.items() if name != "due_on"} | ({} if isinstance(due, Text) else due)))
    return told, unread


def _due(table: Workdays, count: int, meeting_on: str | None) -> dict[str, Any] | Text:
    """What a decision keeps of a number of working days, or why no day can be told."""
    if not meeting_on:
        return Text("工作日从会议日期数起，没有写会议日期", "working days count from the meeting's day, which is not told")
    try:
        return {"due_on": table.after(dt.date.fromisoformat(meeting_on), count).isoformat(), "due_workdays": count}
    except UnknownYear as error:
        return Text(f"{error.why.zh}；{FIX.zh}", f"{error.why.en}; {FIX.en}")


def write_decisions(db_url: str, understood: Understood, *, by: str, role: str, at: dt.datetime, algorithm: str = "sha256") -> Head | None:
    """Write what is new or changed to the log, all of it or nothing; the log's new head. Raises UsageError where somebody else wrote to the
    log since it was looked at."""
    from planning_check import store
    from planning_check.store.connecting import recording

    engine = store.open_store(db_url)
    series = understood.run.series
    try:
        with recording(engine) as connection:
            now = store.head_of(connection, series)
            if now != understood.head:
                raise UsageError(
                    Text(
                        "看过之后又有人记了日志，没有写入", "somebody else wrote to the log since this was looked at; nothing was written"
                    ),
                    fix=Text("再运行一次，重新核对", "run it again and look at it anew"),
                )
            return store.append(connection, series, at, by, [_entry(line, understood.run, role) for line in understood.to_write], algorithm)
    finally:
        engine.dispose()


def _entry(line: Line, run: StoredRun, role: str) -> Entry:
    from planning_check.store import Entry

    return Entry(line.action, role, line.body, line.key, run.id)


def _source(filled: Filled, row: Row) -> dict[str, Any]:
    cells = {name: place.column for name, place in row.places.items()}
    return {"source": {"file": filled.file, "sha256": filled.sha256, "sheet": row.where.sheet, "row": row.where.row, "cells": cells}}


def _run_of(engine: Engine, filled: Filled, run: int | str | None) -> StoredRun:
    """The check that a workbook is of, which must be the latest of its series: what it shows must be what is on record."""
    from planning_check import store

    place = Place(filled.file)
    if not filled.has_keys:
        return store.load_run(engine, run)
    if filled.keys.get("format") != BOOK_FORMAT:
        raise UsageError(
            Text("这个工作簿是别的版本写出的", "the workbook was written by another version"), where=place,
            why=Text(f"{filled.keys.get('format')}，本程序用 {BOOK_FORMAT}", f"{filled.keys.get('format')}; this program uses {BOOK_FORMAT}"),
            fix=Text("用本程序重新写出工作簿，把决定抄过去", "write the workbook again with this program and copy the decisions"),
        )  # fmt: skip
    digest, series, day = (filled.keys.get(name, "") for name in ("digest", "series", "as_of"))
    known = [one for one in store.runs(engine) if one.digest == digest]
    named = Text(f"“{series}”截至 {day} 的检查", f"the check of '{series}' as of {day}")
    if not known:
        raise UsageError(
            Text(f"这个工作簿属于{named.zh}，这个记录库里没有这次检查", f"the workbook is of {named.en}, which is not in this database"),
            where=place, fix=Text("用 --db 指明记有那次检查的记录库", "name the database that holds it with --db"),
        )  # fmt: skip
    latest = store.load_run(engine, known[-1].series)
    if latest.digest != digest:
        raise UsageError(
            Text(f"这个工作簿属于{named.zh}（第 {known[-1].id} 次），此后又检查过（第 {latest.id} 次，截至 {latest.as_of}）",
                 f"the workbook is of {named.en} (run {known[-1].id}); run {latest.id} as of {latest.as_of} came after it"),
            where=place,
            fix=Text("用最近一次检查的工作簿，把决定抄过去；数字可能已经变了", "take the workbook of the latest check and copy the decisions; "
                     "the numbers may have changed"),
        )  # fmt: skip
    return latest


def _held_against(
    engine: Engine, run: StoredRun, role: str, said: Sequence[tuple[Row, dict[str, Any]]], unread: Sequence[Unread]
) -> Understood:  # fmt: skip
    from planning_check import store

    keys = [row.key for row, _ in said]
    of_keys = store.keyed_lines(engine, run.id, frozenset(keys))
    asked = sorted({*keys, *(key for of in of_keys.values() for key in of.findings)})
    head, cases = store.head(engine, run.series), store.cases(engine, run.series, asked)
    found = {f["fingerprint"]: f for f in store.findings(engine, run.id, store.Filters(fingerprints=tuple(asked)))}
    lines: list[Line] = []
    for row, body in said:
        if of := of_keys.get(row.key):
            lines += _of_line(of, row, body, found, cases, run, role, own=frozenset(keys))
        else:
            lines.append(_line(row.key, row, body, found.get(row.key), cases[row.key], run, role))
    return Understood(run, lines, unread, head)


def _of_line(
    of: KeyedLine, row: Row, body: dict[str, Any], found: Mapping[str, Finding], cases: Mapping[str, Case], run: StoredRun, role: str,
    own: frozenset[str],
) -> list[Line]:  # fmt: skip
    """The decision about a line, as one about each of its findings that somebody is accused of still, or that it itself dismissed; those
    that have a row of their own (``own``) in the same file go by that. A sum is said of one of them: whose amounts the line has."""
    held = {key: cases[key] for key in of.findings if key not in own}
    by_it = {key for key, case in held.items() if case.decision and _by_line(case.decision.body) == (of.key, run.id)}
    asked = [key for key, case in held.items() if case.state not in _ENDED or (case.state == "dismissed" and key in by_it)]
    bears = of.leads if of.leads in asked else next(iter(asked), None)
    lines = []
    for key in asked:
        told = {name: value for name, value in body.items() if key == bears or name not in _OF_ONE} | {"line": of.key}
        line = replace(_line(key, row, told, found[key], held[key], run, role), of=of)
        before = held[key].decision
        is_apart = before is not None and key not in by_it and before.body.get("decided_on") == body.get("decided_on")
        lines.append(replace(line, state="apart") if line.state == "changed" and is_apart else line)
    if lines or len(held) < len(of.findings):
        return lines
    why = Text("这一行的问题都已销号或不予认定；要改的，在附册里它自己的行上填",
               "all of its findings are struck off or dismissed; to change one, fill in its own row of the annex")  # fmt: skip
    return [Line("refused", None, of.key, row.where, "", body, Case(of.key), why, of)]


def _by_line(body: Mapping[str, Any]) -> tuple[Any, Any]:
    """Of which line, and in which check, a decision was taken; of one about a finding by itself no line."""
    return body.get("line"), body.get("run")


def _line(
    key: str, row: Row, body: dict[str, Any], finding: Finding | None, case: Case, run: StoredRun, role: str
) -> Line:  # fmt: skip
    action = CONCLUSIONS.get(body.get("conclusion", ""), "")
    if finding is not None:
        body = body | {"facts": dict(finding["facts"]), "run": run.id, "root": run.root}
    line = Line("new", finding, key, row.where, action, body, case)
    if finding is None:
        return replace(line, state="refused", why=Text("本次检查没有这个键", "the check has no such key"))
    if not action:
        return replace(line, state="refused", why=Text("没有填会议结论", "no conclusion is filled in"))
    before = case.decision
    if before is not None and _same(before.body, body):
        return replace(line, state="same")
    if before is not None and str(before.body.get("decided_on") or "") > str(body.get("decided_on") or ""):
        told = before.body["decided_on"]
        return replace(line, state="conflict", why=Text(f"已有更晚的决定（{told}）", f"a later decision is on record ({told})"))
    try:
        after(case, Event(0, "", "", role, action, key, run.id, body))
    except Refused as refused:
        return replace(line, state="refused", why=refused.why)
    return replace(line, state="changed" if before else "new")


def _same(before: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    told = [{name: value for name, value in body.items() if name not in _BESIDE and value not in (None, "", [])} for body in (before, now)]
    return told[0] == told[1]
