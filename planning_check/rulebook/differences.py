"""What differs between two rulebooks as written: rules, measures, ordinances and own tables added, removed, changed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from planning_check.clauses import CLAUSES
from planning_check.errors import Place, Text
from planning_check.rulebook.compile_measures import measure_unit
from planning_check.rulebook.loading import Rulebook
from planning_check.rulebook.ordinances import Ordinance
from planning_check.rulebook.texts import measure_record, ordinance_record, rule_record

#: Parts of a record that follow from others, or only say where the file stands.
_DERIVED = {"rule": ("sha256", "file", "steps", "clauses"), "ordinance": ("sha256",), "measure": (), "story": (), "table": ()}


@dataclass(frozen=True)
class Difference:
    """``kind``: added, removed, changed; ``what``: rule, measure, ordinance, table, story; ``part``: which part of it, with both texts."""

    kind: str
    what: str
    id: str
    part: str
    before: str
    after: str


@dataclass(frozen=True)
class Silence:
    """The clauses that rules read and an ordinance does not mention; ``rules``: those that read them.
    A clause with value null is no silence."""

    ordinance_id: str
    where: Place
    clauses: tuple[Text, ...]
    known: int
    rules: tuple[str, ...]


def silent(book: Rulebook, ordinances: Sequence[Ordinance]) -> list[Silence]:
    """The silence of each of these ordinances, where there is any."""
    reads = {r.id: set(rule_record(r, book.measures, book.widths)["clauses"]) for r in book.rules}
    read = [name for name in CLAUSES if any(name in names for names in reads.values())]
    found = []
    for ordinance in ordinances:
        missing = [name for name in read if name not in ordinance.clauses]
        if missing:
            where = Place(ordinance.file, line=ordinance.line)
            rules = tuple(rule for rule, names in reads.items() if names & set(missing))
            found.append(Silence(ordinance.id, where, tuple(CLAUSES[name].label for name in missing), len(read), rules))
    return found


def differences(before: Rulebook, after: Rulebook) -> list[Difference]:
    """Every difference, by what and id."""
    found = []
    for what, old, new in (("ordinance", _ordinances(before), _ordinances(after)), ("measure", _measures(before), _measures(after)),
                           ("rule", _rules(before), _rules(after)), ("table", _tables(before), _tables(after)),
                           ("story", before.story.record(), after.story.record())):  # fmt: skip
        for key in sorted(old.keys() | new.keys()):
            if key not in new or key not in old:
                found.append(Difference("removed" if key in old else "added", what, key, "", "", ""))
                continue
            one, other = (_flat({k: v for k, v in record.items() if k not in _DERIVED[what]}) for record in (old[key], new[key]))
            parts = [part for part in sorted(one.keys() | other.keys()) if one.get(part) != other.get(part)]
            found += [Difference("changed", what, key, part, one.get(part, ""), other.get(part, "")) for part in parts]
    return found


def _ordinances(book: Rulebook) -> dict[str, dict[str, Any]]:
    return {o.id: ordinance_record(o) for o in book.ordinances}


def _measures(book: Rulebook) -> dict[str, dict[str, Any]]:
    return {m.id: {**measure_record(m), "unit": measure_unit(m)} for m in book.measures}


def _tables(book: Rulebook) -> dict[str, dict[str, Any]]:
    """The own tables, each of their fields and facts by its name."""
    return {
        one.name: {
            "title": asdict(one.table.label), "aliases": one.table.aliases, "judged": one.judged, "belongs": one.belongs,
            "fields": {field.name: asdict(field) for field in one.table.fields},
            "facts": {f"{fact.subject}.{fact.name}": {**asdict(fact), "where_sql": ""} for fact in one.facts},
        }
        for one in book.own
    }  # fmt: skip


def _rules(book: Rulebook) -> dict[str, dict[str, Any]]:
    own = {r.id: rule_record(r, book.measures, book.widths) for r in book.rules}
    lets = {r.id: {name: item.expression() for name, item in r.let.items()} for r in book.rules}
    return {rule_id: {**record, "let": lets[rule_id]} for rule_id, record in own.items()}


def _flat(record: Any, path: str = "") -> dict[str, str]:
    """Leaves by path; lists are one leaf. In which line of a file something stands (``where``) is no part of it."""
    if isinstance(record, dict):
        leaves: dict[str, str] = {}
        for key, value in ((k, v) for k, v in record.items() if k != "where"):
            leaves |= _flat(value, f"{path}.{key}" if path else key)
        return leaves
    return {path: " ".join(record.split()) if isinstance(record, str) else json.dumps(record, ensure_ascii=False, sort_keys=True)}
