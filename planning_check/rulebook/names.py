"""Every name that a rule on a subject can read, with what a person who writes one must know of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from planning_check.clauses import CLAUSES, CODES
from planning_check.errors import Text
from planning_check.facts.dictionary import PROJECT, SUBJECTS, Fact, Subject
from planning_check.rulebook.case_texts import value_text
from planning_check.rulebook.cases import read_cases
from planning_check.rulebook.compile_measures import Compiled, compile_measures, measure_unit
from planning_check.rulebook.functions import SAYS
from planning_check.rulebook.loading import Rulebook
from planning_check.rulebook.measures import AnyMeasure, Carry, Limit
from planning_check.rulebook.naming import scope_of, sees_project
from planning_check.rulebook.terms import Term
from planning_check.rulebook.texts import measure_record

#: What a name is: the subject's own fact, the day of the check, a measure shared by rules, a clause of the law that governs, a fact or
#: measure of the project it belongs to, a formula of the rulebook, or a function of the language.
GROUPS = ("fact", "day", "measure", "law", "project", "formula", "function")
_DAY = Text("检查截至日", "the day of the check")
_GIVES = Text("（结转的日期）", " (the day of it)"), Text("（结转给其他期的）", " (what it gives to others)")
#: What a value of a type looks like where no worked case gives one.
_LOOKS = {
    "area": "300.00", "money": "120000.00", "number": "0.5", "integer": "3", "bool": "true", "date": "2010-05-04", "text": "甲",
    "code": "A1", "choices": "[{}]", "list": "[{}]", "steps": "{0: 300, 30000: 800}",
}  # fmt: skip


@dataclass(frozen=True)
class Name:
    """One name. ``reads``: the ``table.field`` cells that it is measured from; ``of``: the formula of a measure, or how a function is
    written; ``owner``: the bureau that can supply it; ``example``: a value as a worked case writes it."""

    name: str
    group: str
    type: str
    unit: str
    label: Text
    owner: str = ""
    reads: tuple[str, ...] = ()
    codes: tuple[tuple[str, Text], ...] = ()
    of: str = ""
    example: str = ""


@dataclass(frozen=True)
class Named:
    """One subject and every name that a rule on it reads. ``rules``: how many judge it; ``law_by``: whose law governs it."""

    subject: str
    label: Text
    key: str
    law_by: str
    rules: int
    names: tuple[Name, ...]

    def of(self, group: str) -> list[Name]:
        """Those of one group."""
        return [name for name in self.names if name.group == group]


def named(book: Rulebook, subject: Subject) -> Named:
    """What a rule on the subject can name under this rulebook: taken from the scope that rules on it are compiled in."""
    return _Listing(book, compile_measures(book.measures)).named(subject)


def all_named(book: Rulebook) -> list[Named]:
    """The same of every subject, in the order of the dictionary."""
    listing = _Listing(book, compile_measures(book.measures))
    return [listing.named(subject) for subject in SUBJECTS.values()]


class _Listing:
    def __init__(self, book: Rulebook, measures: Compiled) -> None:
        self.book, self.measures = book, measures
        self.by_id = dict(_by_name(book))
        self.examples = _examples(book)

    def named(self, subject: Subject) -> Named:
        names = [self._name(subject, name, term) for name, term in scope_of(subject, self.measures).items()]
        names += [Name(name, "function", says.gives, "", says.text, of=says.written) for name, says in SAYS.items()]
        names.sort(key=lambda name: GROUPS.index(name.group))
        rules = sum(rule.subject == subject.name for rule in self.book.rules)
        return Named(subject.name, subject.label, subject.key, subject.law_by, rules, tuple(names))

    def _name(self, subject: Subject, name: str, term: Any) -> Name:
        if name == "as_of":
            return Name(name, "day", "date", "", _DAY, example="2011-06-30")
        if name.startswith("law."):
            return self._clause(name)
        if name.startswith("project.") and sees_project(subject):
            inner = name.removeprefix("project.")
            of_project = PROJECT.facts.get(inner)
            return self._fact(PROJECT, of_project, name, "project") if of_project else self._measure(PROJECT, inner, term, name, "project")
        if name in subject.facts:
            return self._fact(subject, subject.facts[name], name, "fact")
        if name.endswith("()"):
            return self._measure(subject, name.removesuffix("()"), None, name.removesuffix("()"), "formula")
        return self._measure(subject, name, term, name, "measure")

    def _fact(self, subject: Subject, fact: Fact, name: str, group: str) -> Name:
        codes = tuple((choice.code, choice.label) for choice in fact.choices)
        example = self.examples.get((subject.name, fact.name)) or _looks(fact.type, codes)
        return Name(name, group, fact.type, fact.unit, fact.label, fact.owner, fact.reads, codes, example=example)

    def _clause(self, name: str) -> Name:
        kind = CLAUSES[name.removeprefix("law.")]
        stated = (value for o in self.book.ordinances if kind.name in o.clauses for _, value in o.clauses[kind.name].values)
        example = next((clause_text(value) for value in stated if value not in (None, [])), self.examples.get(("law", kind.name)))
        codes = tuple((code, CODES[code]) for code in kind.choices)
        return Name(name, "law", kind.type, kind.unit, kind.label, "ordinance", codes=codes, example=example or _looks(kind.type, codes))

    def _measure(self, subject: Subject, measure_id: str, term: Term | None, name: str, group: str) -> Name:
        measure, label = self.by_id[measure_id]
        record = measure_record(measure)
        if term is None:
            of = f"{record['name']} = {record['of']}"
            return Name(name, group, "number", measure_unit(measure), label, of=of)
        unit = measure_unit(measure) if term.kind == "number" else ""
        codes = tuple((code, CODES.get(code, Text(code, code))) for code in term.choices)
        looks = record["of"] if isinstance(measure, Limit) else _looks("area" if unit == "m2" else term.kind, codes)
        example = self.examples.get((subject.name, measure_id)) or looks
        owner, reads = self.measures.owners.get(measure_id, ""), tuple(record.get("reads", ()))
        return Name(name, group, term.kind, unit, label, owner, reads, codes, record["of"], example)


def _looks(type_: str, codes: tuple[tuple[str, Text], ...]) -> str:
    """A value of that type: of a closed list its first code."""
    first = codes[0][0] if codes else ""
    return _LOOKS[type_].format(first) if type_ in ("choices", "list") else first or _LOOKS[type_]


def clause_text(value: Any) -> str:
    """A value of a clause as an ordinance writes it."""
    if isinstance(value, list) and value and isinstance(value[0], tuple):
        return value_text({str(low): gives for low, gives in value})
    return value_text(value)


def _by_name(book: Rulebook) -> Iterator[tuple[str, tuple[AnyMeasure, Text]]]:
    """Every name that a measure goes by: what phases have from each other has a day, and another side, too."""
    for measure in book.measures:
        yield measure.id, (measure, measure.title)
        if isinstance(measure, Carry):
            day, given = _GIVES
            yield measure.day_id, (measure, Text(measure.title.zh + day.zh, measure.title.en + day.en))
            if measure.given_id != measure.id:
                yield measure.given_id, (measure, Text(measure.title.zh + given.zh, measure.title.en + given.en))


def _examples(book: Rulebook) -> dict[tuple[str, str], str]:
    """Subject and name -> the first value that a worked case gives or expects for it: always the same, by the order of the rules."""
    found: dict[tuple[str, str], str] = {}

    def told(subject: str, values: Mapping[str, Any]) -> None:
        for name, item in values.items():
            if item.value is not None:
                found.setdefault((subject, name), value_text(item.plain()))

    for rule in book.rules:
        for case in read_cases(rule):
            told(rule.subject, case.given)
            told(rule.subject, case.expect)
            for other in {"project", "law"} & case.given.keys():
                told(other, case.given[other].mapping())
    return found
