"""Measures to SQL: those of rooms, the sums of a project's rooms, those of projects, and tallies over projects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from planning_check.assess import ENDED_SQL, JUDGED_SQL, TallyPlan
from planning_check.facts.dictionary import PREMISES, PROJECT, Subject
from planning_check.rulebook import terms as t
from planning_check.rulebook.expressions import FUNCTIONS, Function, Scope, compile_expression, define
from planning_check.rulebook.measures import TALLIED_OVER, AnyMeasure, Formula, Limit, Measure, RoomSum, Tally
from planning_check.rulebook.nodes import Item
from planning_check.rulebook.scopes import Layers, day_scope, fact_scope, law_scope

Items = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Compiled:
    """All measures as SQL, and their terms by name; ``owners``: which bureau can supply what a sum or tally lacks."""

    room_items: Items
    room_sums: tuple[tuple[str, str], ...]
    project_items: Items
    tallies: tuple[TallyPlan, ...]
    rooms: dict[str, t.Term]
    project: dict[str, t.Term]
    owners: dict[str, str]
    functions: dict[str, Function]

    def of_subject(self, subject: Subject) -> dict[str, t.Term]:
        """The measures that rules on a subject can read by their own names."""
        if subject.name in ("project", "premises"):
            return self.project if subject.name == "project" else self.rooms
        over = {subject.name, "community"} if subject.law_by == "as_of" else {subject.name}
        return {y.id: t.symbol(y.id, "number", y.id, scale=0 if y.counts else 2) for y in self.tallies if y.over in over}


def compile_measures(measures: Sequence[AnyMeasure]) -> Compiled:
    """Compile them in order. Raises RulebookError with file:line."""
    outside = {**law_scope(), **day_scope()}
    room_scope = {**fact_scope(PREMISES.facts), **outside}
    scope = {**fact_scope(PROJECT.facts), **outside}
    room_layers, layers = Layers(), Layers()
    rooms: dict[str, t.Term] = {}
    project: dict[str, t.Term] = {}
    sums, tallies, owners = [], [], {}
    functions: dict[str, Function] = {}
    for measure in measures:
        if isinstance(measure, Formula):
            name = f"{measure.id}()"
            if measure.id in FUNCTIONS:
                raise measure.of.fail(f"{measure.id} 与已有函数重名", f"{measure.id} is already a function")
            _check_new(name, scope, measure.of)
            functions[name] = scope[name] = room_scope[name] = define(measure.of, measure.takes, scope)
        elif isinstance(measure, RoomSum):
            _check_new(measure.id, scope, measure.where)
            sums.append((measure.id, _sum_sql(PREMISES.facts[measure.field].name, measure.where, room_scope)))
            project[measure.id] = scope[measure.id] = t.symbol(measure.id, "number", measure.id, scale=2)
            owners[measure.id] = PREMISES.facts[measure.field].owner
        elif isinstance(measure, Limit):
            rooms[measure.id] = project[measure.id] = t.constant(f"@{measure.id}", measure.value)
            room_scope[measure.id] = scope[measure.id] = project[measure.id]
        elif isinstance(measure, Tally):
            tallies.append(_tally(measure, scope))
            owners[measure.id] = "planning"
        else:
            named, there, into = (rooms, room_scope, room_layers) if measure.subject == "premises" else (project, scope, layers)
            _check_new(measure.id, there, measure.of)
            named[measure.id] = there[measure.id] = into.name(measure.id, measure.id, compile_expression(measure.of, there))
    return Compiled(_fixed(room_layers), tuple(sums), _fixed(layers), tuple(tallies), rooms, project, owners, functions)


def _fixed(layers: Layers) -> Items:
    return tuple(tuple(layer) for layer in layers.items)


def _check_new(name: str, scope: Scope, item: Item) -> None:
    if name in scope:
        raise item.fail(f"{name} 与已有名称重复", f"{name} is already a name")


def _sum_sql(field: str, where: Item, scope: Scope) -> str:
    """SQL: the sum of a column where a condition holds; unknown if the condition, or a value that counts, is."""
    condition = compile_expression(where, scope, "bool").sql
    known = f"bool_and({condition} IS NOT NULL AND (NOT {condition} OR {field} IS NOT NULL))"
    return f"(CASE WHEN {known} THEN CAST(coalesce(sum({field}) FILTER ({condition}), 0) AS DECIMAL(18, 2)) END)"


def _tally(tally: Tally, scope: Scope) -> TallyPlan:
    condition = compile_expression(tally.where, scope, "bool").sql
    if tally.sums is None:
        sql = f"count(*) FILTER ({JUDGED_SQL} AND NOT {ENDED_SQL} AND {condition})"
    else:
        value = t.expect(compile_expression(tally.sums, scope), "number").sql
        known = f"bool_and({ENDED_SQL} OR ({JUDGED_SQL} AND {condition} IS NOT NULL AND (NOT {condition} OR {value} IS NOT NULL)))"
        sql = f"(CASE WHEN {known} THEN CAST(coalesce(sum({value}) FILTER ({condition} AND NOT {ENDED_SQL}), 0) AS DECIMAL(18, 2)) END)"
    return TallyPlan(tally.id, tally.over, TALLIED_OVER[tally.over], sql, tally.sums is None)


def measure_unit(measure: AnyMeasure) -> str:
    """The unit of what it gives."""
    return measure.unit if isinstance(measure, Measure | Formula | Limit) else "m2" if isinstance(measure, RoomSum) or measure.sums else ""
