"""The facts and subjects of a city's own tables, as the dictionary has them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from planning_check.declared import BELONGS, ROW_KEY, OwnFact, OwnTable
from planning_check.errors import Text
from planning_check.facts.kinds import Fact, Rows, Subject, own
from planning_check.schema import Choice

#: Where the district of a judged row is read, by what it belongs to.
_DISTRICTS = {
    "project": "projects.district_code", "community": "communities.district_code", "office": "communities.district_code",
    "parcel": "projects.district_code",
}  # fmt: skip
#: Facts that name a table of the delivery, whichever it is.
_NAMING_TABLES = (("layer", "table_name"), ("reference", "tables"), ("conflict", "table_name"))


def with_own(bundled: Mapping[str, Subject], tables: Iterable[OwnTable]) -> dict[str, Subject]:
    """The bundled subjects with what own tables add to them, and a subject for each own table that is judged; ``bundled`` stays."""
    made = dict(bundled)
    for table in tables:
        if table.judged:
            made[table.name] = _judged(table)
        gaining = dict.fromkeys(fact.subject for fact in table.facts if fact.subject != table.name)
        for subject in map(made.__getitem__, gaining):
            facts = subject.facts | {f.name: _fact(f) for f in table.facts if f.subject == subject.name}
            rows = {**subject.rows, table.name: (subject.key, BELONGS[subject.name][0])}
            made[subject.name] = replace(subject, facts=facts, rows=rows)
        for name, fact in _NAMING_TABLES:
            known = made[name].facts[fact]
            named = replace(known, choices=(*known.choices, Choice(table.name, table.table.label)))
            made[name] = replace(made[name], facts=made[name].facts | {fact: named})
        if "project" in table.belongs:
            made["reference"] = _referring(made["reference"], table.name)
        made["conflict"] = replace(made["conflict"], rows={**made["conflict"].rows, table.name: ("record_key", table.key_of())})
    return made


def _referring(reference: Subject, table: str) -> Subject:
    """The ids that registers refer to, with one register more."""
    known = {name: reference.facts[name] for name in ("tables", "rows")}
    told = {name: replace(fact, reads=(*fact.reads, f"{table}.project_id")) for name, fact in known.items()}
    return replace(reference, facts=reference.facts | told, rows={**reference.rows, table: ("project_id", "project_id")})


def _judged(table: OwnTable) -> Subject:
    """Every row of an own table: its fields, and what is looked up from what it belongs to."""
    facts = own(table.name, *(f.name for f in table.table.fields if f.type != "geometry"))
    if table.key == ROW_KEY:
        reads = tuple(f"{table.name}.{name}" for name in table.table.key)
        facts.append(Fact(ROW_KEY, "code", Text("记录编号", "record"), "", table.table.field(table.table.key[0]).owner, reads))
    facts += [_fact(f) for f in table.facts if f.subject == table.name]
    if table.belongs and all(f.name != "district_code" for f in facts):  # the law, and parameters of places, go by it
        reads = tuple(dict.fromkeys(_DISTRICTS[subject] for subject in table.belongs))
        facts.append(Fact("district_code", "code", Text("区县代码", "district code"), "", "civil_affairs", reads))
    rows: Rows = {table.name: (table.key, table.key_of())}
    for subject in table.belongs:
        field, register = BELONGS[subject]
        rows[register] = (field, field)
    return Subject(table.name, table.table.label, table.key, {f.name: f for f in facts}, rows, "as_of" if table.belongs else "none")


def _fact(told: OwnFact) -> Fact:
    return Fact(told.name, told.type, told.label, told.unit, told.owner, told.reads, told.choices, told.may_be_blank)
