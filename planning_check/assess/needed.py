"""A plan with no more subjects than are there, no more measures than somebody reads: planning takes longer than judging a few hundred."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import duckdb

from planning_check.assess.judging import LAW_OF_PHASES
from planning_check.assess.plan import Layered, Plan
from planning_check.assess.staging import Layers, made_by, words_of


def only_needed(plan: Plan, asked: Iterable[str]) -> Plan:
    """The plan without the measures that none of its rules, gates and tallies reads, nor anybody who asks for these columns.

    It is for judging alone: what is told and balanced after that may read measures that no rule judges by.
    """
    read: list[Layers] = [rule.items for rule in plan.rules]
    read += [[plan.gates[subject]] for subject in plan.subjects]
    read += [[[tally.sql for tally in plan.tallies]], [[LAW_OF_PHASES] if "development" in plan.subjects else []]]
    wanted = set(asked).union(*map(words_of, read))
    rooms, deposits = (_read(layers, wanted) for layers in (plan.room_items, plan.deposit_items))
    wanted |= words_of(rooms) | words_of(deposits)
    projects = _read(plan.measure_items, wanted | {word.removeprefix("project__") for word in wanted})
    return replace(plan, room_items=rooms, deposit_items=deposits, measure_items=projects)


def of_those_there(con: duckdb.DuckDBPyConnection, plan: Plan) -> Plan:
    """The plan without the subjects of which there is none, but for projects, whose judged table others read: where nobody is judged there
    is nothing to tell and nothing that does not add up. The plan as it is, if it would judge nothing at all."""
    counts = " UNION ALL ".join(f"SELECT '{s}' WHERE EXISTS (FROM fact_{s})" for s in plan.subjects)
    there = {"project"}.union(*con.execute(counts).fetchall()) if counts else set()
    present = plan.on(there)
    return present if present.rules else plan


def _read(layers: Layered, wanted: set[str]) -> Layered:
    """The items that make something wanted, or what these read in turn."""
    wanted, kept = set(wanted), []
    for layer in reversed(layers):
        kept.append(tuple(item for item in layer if not wanted.isdisjoint(made_by([[item]]))))
        wanted |= words_of([kept[-1]])
    return tuple(reversed(kept))
