"""Measures to SQL: those of rooms and handovers, the sums of a project's, those of projects, and tallies over projects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from planning_check.assess import ENDED_SQL, JUDGED_SQL, HandedPlan, TallyPlan
from planning_check.facts.dictionary import HANDED, PREMISES, PROJECT, Subject
from planning_check.rulebook import terms as t
from planning_check.rulebook.carrying import carry, day_of_phases
from planning_check.rulebook.expressions import FUNCTIONS, Function, Scope, compile_expression, define
from planning_check.rulebook.measures import TALLIED_OVER, AnyMeasure, Carry, Formula, HandedSum, Limit, Measure, PhaseDay, RoomSum, Tally
from planning_check.rulebook.nodes import Item
from planning_check.rulebook.scopes import FACT_KINDS, Layers, day_scope, fact_scope, law_scope
from planning_check.schema import BY_NAME, NOT_READ

Items = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Compiled:
    """All measures as SQL, and their terms by name; ``owners``: which bureau can supply what a sum or tally lacks."""

    room_items: Items
    room_sums: tuple[tuple[str, str], ...]
    handed_items: Items
    handed_sums: tuple[HandedPlan, ...]
    deposit_items: Items
    project_items: Items
    tallies: tuple[TallyPlan, ...]
    rooms: dict[str, t.Term]
    project: dict[str, t.Term]
    deposits: dict[str, t.Term]
    owners: dict[str, str]
    functions: dict[str, Function]

    def of_subject(self, subject: Subject) -> dict[str, t.Term]:
        """The measures that rules on a subject can read by their own names."""
        if subject.name in ("project", "premises"):
            return self.project if subject.name == "project" else self.rooms
        if subject.name == "deposit":
            return self.deposits
        over = {subject.name, "community"} if subject.law_by == "as_of" else {subject.name}
        return {y.id: t.symbol(y.id, "number", y.id, scale=0 if y.counts else 2) for y in self.tallies if y.over in over}


def compile_measures(measures: Sequence[AnyMeasure]) -> Compiled:
    """Compile them in order. Raises RulebookError with file:line."""
    made = _Making()
    for measure in measures:
        made.add(measure)
    return made.compiled()


class _Making:
    """The measures compiled so far: the scope of each subject, and what goes into its layers."""

    def __init__(self) -> None:
        outside = {**law_scope(), **day_scope()}
        room_facts = fact_scope(PREMISES.facts)
        self.scopes: dict[str, dict[str, t.Term | Function]] = {
            "premises": {**room_facts, **outside},
            "handed": {**room_facts, **_handed_scope(), **outside},
            "project": {**fact_scope(PROJECT.facts), **outside},
        }
        self.layers = {name: Layers() for name in (*self.scopes, "deposit")}
        self.named: dict[str, dict[str, t.Term]] = {name: {} for name in self.layers}
        self.room_sums: list[tuple[str, str]] = []
        self.handed_sums: list[HandedPlan] = []
        self.tallies: list[TallyPlan] = []
        self.owners: dict[str, str] = {}
        self.functions: dict[str, Function] = {}

    def add(self, measure: AnyMeasure) -> None:
        if isinstance(measure, Formula):
            self._formula(measure)
        elif isinstance(measure, RoomSum):
            self._room_sum(measure)
        elif isinstance(measure, HandedSum):
            self._handed_sum(measure)
        elif isinstance(measure, Carry):
            self._carry(measure)
        elif isinstance(measure, PhaseDay):
            self._phase_day(measure)
        elif isinstance(measure, Limit):
            limit = t.constant(f"@{measure.id}", measure.value)
            for named in (self.named["premises"], self.named["project"]):
                named[measure.id] = limit
            for scope in self.scopes.values():
                scope[measure.id] = limit
        elif isinstance(measure, Tally):
            self.tallies.append(_tally(measure, self.scopes["project"]))
            self.owners[measure.id] = measure.owner
        else:
            scope = self.scopes[measure.subject]
            _check_new(measure.id, scope, measure.of)
            term = self.layers[measure.subject].name(measure.id, measure.id, compile_expression(measure.of, scope))
            self.named[measure.subject][measure.id] = scope[measure.id] = term
            if measure.subject == "premises":
                self.scopes["handed"][measure.id] = term

    def _formula(self, measure: Formula) -> None:
        name = f"{measure.id}()"
        if measure.id in FUNCTIONS:
            raise measure.of.fail(f"{measure.id} 与已有函数重名", f"{measure.id} is already a function")
        _check_new(name, self.scopes["project"], measure.of)
        self.functions[name] = define(measure.of, measure.takes, self.scopes["project"])
        for scope in self.scopes.values():
            scope[name] = self.functions[name]

    def _room_sum(self, measure: RoomSum) -> None:
        _check_new(measure.id, self.scopes["project"], measure.where)
        condition = compile_expression(measure.where, self.scopes["premises"], "bool").sql
        if measure.field is None:
            sql, scale = f"count(*) FILTER ({condition})", 0
        else:
            sql, scale = _sum_sql(PREMISES.facts[measure.field].name, condition), 2
        self.room_sums.append((measure.id, sql))
        term = t.symbol(measure.id, "number", measure.id, scale=scale)
        self.named["project"][measure.id] = self.scopes["project"][measure.id] = term
        self.scopes["handed"][measure.id] = replace(term, missing=_if_null(measure.id, "premises.kind"), names=frozenset(["premises.kind"]))
        self.owners[measure.id] = PREMISES.facts[measure.field or "kind"].owner

    def _handed_sum(self, measure: HandedSum) -> None:
        """It is known or not for itself: what it lacks are cells of the handovers and rooms that may count."""
        scope = self.scopes["handed"]
        if measure.over == "deposit":
            scope = {**scope, "event_on": t.symbol("deposits.event_on", "date", "event_on_lo", hi="event_on_hi")}
        _check_new(measure.id, self.scopes["project"] if measure.over == "project" else scope, measure.where)
        where = compile_expression(measure.where, scope, "bool")
        lacking = _of_handover(where.missing)
        self.handed_sums.append(HandedPlan(measure.id, measure.field, measure.is_day, measure.over, where.sql, lacking))
        at_least = f"handovers.{measure.field}" if measure.is_day else "handed_m2" if measure.over == "project" else "project.handed_m2"
        columns = (f"{measure.id}_lo", f"{measure.id}_hi") if measure.is_day else (measure.id, "")
        names = frozenset(_cell(n) for n in where.names if not n.startswith("@")) | {at_least, f"@{measure.id}"}
        term = t.Term("date" if measure.is_day else "number", columns[0], columns[1], 0 if measure.is_day else 2, names=names)
        layers = self.layers[measure.over]
        lacks = f"coalesce(nullif({measure.id}__lacks, ''), {t.name_list([at_least])})"
        layers.add(0, f"(CASE WHEN {t.is_unknown(term)} THEN {lacks} ELSE {t.EMPTY} END) AS {measure.id}__missing")
        layers.level[f"@{measure.id}"] = 0
        term = replace(term, missing=f"{measure.id}__missing")
        self.named[measure.over][measure.id] = term
        if measure.over == "project":
            self.scopes["project"][measure.id] = term

    def _carry(self, measure: Carry) -> None:
        scope = self.scopes["project"]
        kinds = {"has": "number", "owes": "number", "day": "date", "due": "bool", "where": "bool", "alike": "text"}
        _check_new(measure.id, scope, measure.parts["has"])
        made = carry(measure, self.layers["project"], {n: compile_expression(item, scope, kinds[n]) for n, item in measure.parts.items()})
        self.named["project"] |= made
        scope |= made

    def _phase_day(self, measure: PhaseDay) -> None:
        scope = self.scopes["project"]
        _check_new(measure.id, scope, measure.day)
        day, where = compile_expression(measure.day, scope, "date"), compile_expression(measure.where, scope, "bool")
        made = day_of_phases(measure, self.layers["project"], day, where)
        self.named["project"][measure.id] = scope[measure.id] = made

    def compiled(self) -> Compiled:
        items = {name: tuple(tuple(layer) for layer in layers.items) for name, layers in self.layers.items()}
        return Compiled(
            items["premises"], tuple(self.room_sums), items["handed"], tuple(self.handed_sums), items["deposit"], items["project"],
            tuple(self.tallies), self.named["premises"], self.named["project"], self.named["deposit"], self.owners,
            self.functions,
        )  # fmt: skip


def _handed_scope() -> dict[str, t.Term]:
    """The names of a handover, each missing as the cell that it comes from."""
    scope = {}
    for name, (cell, type_, column) in HANDED.items():
        kind, scale = FACT_KINDS[type_]
        sql, hi = (f"handed__{column}_lo", f"handed__{column}_hi") if kind == "date" else (f"handed__{column}", "")
        choices = tuple(c.code for c in BY_NAME["handovers"].field(column).choices) if type_ == "choice" else ()
        not_read = f"list_contains(handed__{NOT_READ}, '{column}')" if name == cell and kind != "date" else ""
        scope[name] = t.symbol(cell, kind, sql, hi=hi, scale=scale, choices=choices, not_read=not_read)
    return scope


def _if_null(column: str, name: str) -> str:
    return f"(CASE WHEN {column} IS NULL THEN {t.name_list([name])} ELSE {t.EMPTY} END)"


def _cell(name: str) -> str:
    """What an expression on a handover reads, as others name it: its room's facts with the register's name."""
    return name if "." in name else f"premises.{name}"


def _of_handover(missing: str) -> str:
    """The same for the missing names, in SQL."""
    named = f"regexp_replace({missing}, '([^,]+),', 'premises.\\1,', 'g')"
    for told in ("handovers.", "deposits.", "premises.", "law."):
        named = f"replace({named}, 'premises.{told}', '{told}')"
    return named


def _check_new(name: str, scope: Scope, item: Item) -> None:
    if name in scope:
        raise item.fail(f"{name} 与已有名称重复", f"{name} is already a name")


def _sum_sql(field: str, condition: str) -> str:
    """SQL: the sum of a column where a condition holds; unknown if the condition, or a value that counts, is."""
    known = f"bool_and({condition} IS NOT NULL AND (NOT {condition} OR {field} IS NOT NULL))"
    return f"(CASE WHEN {known} THEN CAST(coalesce(sum({field}) FILTER ({condition}), 0) AS DECIMAL(18, 2)) END)"


def _tally(tally: Tally, scope: Scope) -> TallyPlan:
    """Over a development, a phase older than the law is none of those that count, and one whose law is unclear may be."""
    condition, no_part, judged = compile_expression(tally.where, scope, "bool").sql, ENDED_SQL, JUDGED_SQL
    if tally.over == "development":
        no_part, judged = f"({ENDED_SQL} OR law_state IN ('legacy', 'none'))", "true" if tally.sums is None else JUDGED_SQL
    if tally.sums is None:
        sql = f"count(*) FILTER ({judged} AND NOT {no_part} AND {condition})"
    else:
        value = t.expect(compile_expression(tally.sums, scope), "number").sql
        known = f"bool_and({no_part} OR ({judged} AND {condition} IS NOT NULL AND (NOT {condition} OR {value} IS NOT NULL)))"
        sql = f"(CASE WHEN {known} THEN CAST(coalesce(sum({value}) FILTER ({condition} AND NOT {no_part}), 0) AS DECIMAL(18, 2)) END)"
    return TallyPlan(tally.id, tally.over, TALLIED_OVER[tally.over], sql, tally.sums is None)


def measure_unit(measure: AnyMeasure) -> str:
    """The unit of what it gives."""
    if isinstance(measure, Measure | Formula | Limit):
        return measure.unit
    if isinstance(measure, Carry | PhaseDay):
        return "m2" if isinstance(measure, Carry) else ""
    field = measure.sums if isinstance(measure, Tally) else measure.field
    return "" if field is None or (isinstance(measure, HandedSum) and measure.is_day) else "m2"
