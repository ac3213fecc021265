"""Judging again what two runs judged, with some things as in the one and the others as in the other: for each state, what it comes to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from planning_check.declared import of_record
from planning_check.engine import beside
from planning_check.errors import ActionableError, Text
from planning_check.pipeline.moved import NOT_MOVED, Moved, refused
from planning_check.pipeline.rederiving import Sources
from planning_check.pipeline.running import assess_twice, measure, read, what_was_read
from planning_check.record.causes import Judged, State
from planning_check.record.changes import Named
from planning_check.record.evidence import Cell
from planning_check.record.waiver import judging
from planning_check.sql import create_with, name, quoted

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb

    from planning_check.assess import Plan
    from planning_check.record.correction import CorrectionRow
    from planning_check.record.run import StoredRun
    from planning_check.rulebook.loading import Rulebook

_OTHER = "again"
#: The cells that the facts of a rule's subject may come from, by fingerprint.
CellsOf = dict[str, list[Cell]]


class Lost(Exception):
    """Something that a state is made of is no longer there: which ``factor``, and ``why``."""

    def __init__(self, factor: str, why: Text) -> None:
        super().__init__(why.en)
        self.factor, self.why = factor, why


def paths_of(sources: Sources) -> Sequence[Path]:
    """Where a run's delivery is. Raises Lost where that is not on record."""
    if not sources.paths:
        raise Lost("data", Text("没有记下报送在哪里", "where it was delivered is not on record"))
    return sources.paths


def same_files(con: duckdb.DuckDBPyConnection, run: StoredRun, *, all_used: bool = True) -> None:
    """Raises Lost where a file that was read is not what the run read; ``all_used``: it must be the very same files."""
    recorded, now = run.manifest.get("inputs", {}), what_was_read(con)["inputs"]
    compared = recorded.keys() | now.keys() if all_used else recorded.keys() & now.keys()
    unlike = sorted(file for file in compared if recorded.get(file) != now.get(file))
    if unlike:
        more = f" +{len(unlike) - 1}" if len(unlike) > 1 else ""
        raise Lost("data", Text(f"文件已改变或不在了：{unlike[0]}{more}", f"no longer as it was: {unlike[0]}{more}"))


def rules_of(run: StoredRun, sources: Sources) -> Rulebook:
    """The rules that a run was judged by. Raises Lost where they are no longer as they were."""
    recorded = run.manifest
    try:
        book = sources.book()
    except ActionableError as error:
        raise Lost("rules", error.what) from error
    told, now = judging(recorded.get("rules", {})), judging(book.hashes)
    if (now, book.off, book.overridden) != (told, recorded.get("rules_off", {}), recorded.get("overrides", {})):
        unlike = sorted(file for file in {*told, *now} if told.get(file) != now.get(file))
        named = "、".join(unlike[:3]) or "overrides.yaml"
        raise Lost("rules", Text(f"规则文件已改变或不在了：{named}", f"rules are no longer as they were: {named}"))
    return book


@dataclass(frozen=True)
class Again:
    """What came of judging again. ``found``: by state, what each rule and subject (by fingerprint) came to; ``cells``: of the two runs
    themselves, by side; ``lost``: what could not be had again, by factor and side."""

    factors: Sequence[str]
    found: dict[State, dict[str, Judged]] = field(default_factory=dict)
    cells: dict[str, CellsOf] = field(default_factory=dict)
    lost: dict[tuple[str, str], Text] = field(default_factory=dict)


@dataclass
class Replays:
    """Judges states of two runs anew, in an engine that is given; ``again`` is what came of it."""

    con: duckdb.DuckDBPyConnection
    before: StoredRun
    after: StoredRun
    again: Again
    registers: Mapping[str, Sequence[CorrectionRow]]
    items: Sequence[Named]
    sources: Mapping[int, Sources]
    moved: Moved = NOT_MOVED
    progress: Callable[[str, float | None], None] | None = None
    _books: dict[str, Rulebook] = field(default_factory=dict)

    def __post_init__(self) -> None:
        columns = {"fingerprint": "VARCHAR", "rule_id": "VARCHAR", "subject": "VARCHAR", "subject_key": "VARCHAR"}
        create_with(self.con, "wanted", columns, [{c: getattr(one, c) for c in columns} for one in self.items])

    def judge(self, state: State) -> None:
        """What the items come to in a state: nothing where something of it is no longer there."""
        sides = {factor: self._side(factor, state) for factor in ("data", "correction", "reading", "rules", "time")}
        if any((factor, side) in self.again.lost for factor, side in sides.items()):
            return
        whole = [self._is_whole(state, side) for side in ("before", "after")]
        try:
            with beside(self.con, _OTHER) as other:
                plan = self._judged(other, sides)
                self.again.found[state] = self._outcomes(plan)
                for side in (side for side, is_it in zip(("before", "after"), whole, strict=True) if is_it):
                    self.again.cells[side] = self._cells()
        except Lost as lost:
            run = self._run(sides[lost.factor])
            if lost.factor == "data" and run.id in self.moved.inputs:
                raise refused(run, lost.why) from lost
            self.again.lost[lost.factor, sides[lost.factor]] = lost.why

    def _side(self, factor: str, state: State) -> str:
        """Whose it is: of what is the same in both, the newer's, which is sooner still there."""
        return "after" if factor in state or factor not in self.again.factors else "before"

    def _is_whole(self, state: State, side: str) -> bool:
        return state == (frozenset(self.again.factors) if side == "after" else frozenset())

    def _run(self, side: str) -> StoredRun:
        return self.after if side == "after" else self.before

    def _judged(self, other: duckdb.DuckDBPyConnection, sides: Mapping[str, str]) -> Plan:
        from planning_check.ingest.mapping import parse_mapping
        from planning_check.rulebook.kept import plan_kept

        book = self._book(sides["rules"])
        rules = self._run(sides["rules"]).manifest
        day, delivered = self._run(sides["time"]).as_of, self._run(sides["time"]).manifest.get("delivered_on")
        told = self._run(sides["reading"]).manifest.get("mapping")
        mapping = parse_mapping(told["name"], told["text"]) if told else None
        own = "correction" not in self.again.factors or sides["correction"] == sides["data"]
        register = None if own else self.registers[sides["correction"]]
        if self.progress:
            self.progress("again", None)
        run = self._run(sides["data"])
        read_as = self._run(sides["reading"]).manifest.get("read_as", ())
        try:
            read(other, paths_of(self.sources[run.id]), book, None, read_as, day, mapping, day,
                 register=register, stated=dt.date.fromisoformat(delivered) if delivered else None)  # fmt: skip
        except ActionableError as error:
            raise Lost("data", error.what) from error
        of_its_own = book.own == of_record(run.manifest.get("own_tables", ()))  # else other files are tables
        same_files(other, run, all_used=of_its_own and ("reading" not in self.again.factors or sides["reading"] == sides["data"]))
        measure(other, day, book)
        whole = plan_kept(book, rules.get("select", ()), rules.get("ignore", ()))
        asked = sorted({one.rule_id for one in self.items} & {rule.id for rule in whole.rules})
        plan = plan_kept(book, asked) if asked else whole
        assess_twice(other, plan, book)
        return plan

    def _book(self, side: str) -> Rulebook:
        if side not in self._books:
            self._books[side] = rules_of(run := self._run(side), self.sources[run.id])
        return self._books[side]

    def _outcomes(self, plan: Plan) -> dict[str, Judged]:
        from planning_check.assess import OUTCOMES

        places = [(of, rule, place) for of in plan.subjects for place, rule in enumerate(sorted(r.id for r in plan.of(of)), 1)]
        if not places:
            return {one.fingerprint: Judged(None) for one in self.items}
        told = ", ".join(f"({quoted(of)}, {quoted(rule)}, {place})" for of, rule, place in places)
        rows = self.con.execute(
            f"""SELECT w.fingerprint, h.outcome, substr(r.outcomes, p.place, 1), h.status, h.severity, h.area_m2, h.yuan,
                   h.status_zh, h.status_en
            FROM wanted w LEFT JOIN (VALUES {told}) p(subject, rule_id, place) USING (subject, rule_id)
            LEFT JOIN {_OTHER}.register r ON r.subject = w.subject AND r.subject_key = w.subject_key
            LEFT JOIN {_OTHER}.finding_head h ON h.rule_id = w.rule_id AND h.subject = w.subject AND h.subject_key = w.subject_key"""
        ).fetchall()
        named = {letter: outcome for outcome, letter in OUTCOMES.items()}
        return {
            key: Judged(outcome or named.get(letter or ""), status, severity, area_m2, yuan, Text(zh, en) if zh else None)
            for key, outcome, letter, status, severity, area_m2, yuan, zh, en in rows
        }

    def _cells(self) -> CellsOf:
        """The delivered cells of the rows that belong to each subject."""
        from planning_check.facts.dictionary import SUBJECTS
        from planning_check.schema import BY_NAME

        there = {row[0] for row in self.con.execute(f"SELECT table_name FROM duckdb_tables() WHERE database_name = '{_OTHER}'").fetchall()}
        found: dict[tuple[str, str], list[Cell]] = {(one.subject, one.subject_key): [] for one in self.items}
        for subject in sorted({one.subject for one in self.items}):
            if f"evidence_{subject}" not in there:
                continue
            for table in (t for t in SUBJECTS[subject].rows if f"raw_{t}" in there):
                rows = self.con.execute(
                    _rows_of(subject, table, [f.name for f in BY_NAME[table].fields if f.type != "geometry"])
                ).fetchall()
                for key, row, file, sheet, field_, raw, letter, header in rows:
                    found[subject, key].append(Cell(table, field_, raw, file, sheet, row, letter, header, None, None))
        return {one.fingerprint: found[one.subject, one.subject_key] for one in self.items}


def _rows_of(subject: str, table: str, fields: Iterable[str]) -> str:
    """The query for the cells of one table that belong to the subjects wanted, each as it was delivered: a correction undone."""
    texts = ", ".join(f"{{'field': {quoted(f)}, 'raw': CAST(r.{name(f)} AS VARCHAR)}}" for f in fields)
    source: Any = f"""
    SELECT k.subject_key, n.row, s.file, s.sheet, r.row_id, r.source_id, unnest([{texts}]) AS cell
    FROM (SELECT DISTINCT w.subject_key, unnest(e.ids_{table}) AS row_id FROM wanted w
          JOIN {_OTHER}.evidence_{subject} e ON e.i_key = w.subject_key WHERE w.subject = '{subject}') k
    JOIN {_OTHER}.raw_{table} r USING (row_id) JOIN {_OTHER}.raw_row n ON n.row_id = r.row_id
    JOIN {_OTHER}.source s ON s.source_id = r.source_id"""
    return f"""
    SELECT * FROM (
        SELECT c.subject_key, c.row, c.file, c.sheet, c.cell.field AS field, coalesce(o.raw, c.cell.raw) AS raw, l.letter, l.header
        FROM ({source}) c
        LEFT JOIN {_OTHER}.correction o ON o.state = 'applied' AND o.row_id = c.row_id AND o.field = c.cell.field
        LEFT JOIN (SELECT source_id, field, min(letter) AS letter, arg_min(header, letter) AS header FROM {_OTHER}.source_column
                   GROUP BY source_id, field) l ON l.source_id = c.source_id AND l.field = c.cell.field
    ) WHERE raw IS NOT NULL ORDER BY subject_key, file, sheet, row, field"""
