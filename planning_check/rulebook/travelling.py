"""Worked cases under a city's law: run with what they were written for, and tried beside it with what the city says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from planning_check.errors import Place, Text
from planning_check.rulebook.cases import CaseResult, check_case, default_law, judge_cases, read_cases, run_cases
from planning_check.rulebook.loading import Rulebook
from planning_check.rulebook.ordinance_cases import beside, run_ordinance
from planning_check.rulebook.ordinances import FOREVER, Ordinance, Placed
from planning_check.rulebook.rules import Rule
from planning_check.rulebook.texts import rule_record


@dataclass(frozen=True)
class Differs:
    """A case that comes out otherwise ``under`` something that the city says: what was expected and what comes now, which is no mistake."""

    owner: str
    it: str
    under: Text
    detail: Text
    where: Place


@dataclass(frozen=True)
class _Reading:
    """One thing that a city says: the rule by it, the rulebook around it and the clause values that cases start from."""

    under: Text
    rule: Rule
    book: Rulebook
    law: Mapping[str, Any]


def run_as_written(books: Sequence[Rulebook], rules: Sequence[Rule], ordinances: Sequence[Ordinance]) -> list[CaseResult]:
    """Run each case by the rules that it was written for: those of its own folder and the folders before it, with their law and parameters.
    ``books``: of the first folder, of the first two, and so on."""
    results: list[CaseResult] = []
    for ordinance in ordinances:
        book = _home(books, ordinance)
        results += run_cases(book, [], [one for one in book.ordinances if one.id == ordinance.id])
    for rule in rules:
        book = _home(books, rule)
        results += run_cases(book, [book.rule(rule.id)])
    return results


def try_by_city(books: Sequence[Rulebook], rules: Sequence[Rule], ordinances: Sequence[Ordinance]) -> list[Differs]:
    """The cases of earlier folders that come out otherwise by the last of ``books``, one change at a time."""
    found = [one for ordinance in ordinances for one in _ordinance_differs(books, ordinance)]
    return found + [one for rule in rules for reading in _readings(books, rule) for one in _differs(reading, _home(books, rule))]


def _home(books: Sequence[Rulebook], owner: Rule | Ordinance) -> Rulebook:
    """The rulebook of the folder that something stands in, and of those before it."""
    return next(book for book in books if owner.path in {*(r.path for r in book.rules), *(o.path for o in book.ordinances)})


def _ordinance_differs(books: Sequence[Rulebook], ordinance: Ordinance) -> Iterator[Differs]:
    home, now = _home(books, ordinance), books[-1]
    if home is not now:
        known = {one.id for one in home.ordinances}
        new = [one for one in now.ordinances if one.id not in known]
        laws = [ordinance, *beside(ordinance, home.ordinances), *new]
        for result in run_ordinance(ordinance, laws, read_cases(ordinance)):
            if not result.passed:
                yield Differs(ordinance.id, result.it, Text("本市的办法", "the city's ordinances"), result.detail, result.where)


def _readings(books: Sequence[Rulebook], rule: Rule) -> Iterator[_Reading]:
    """What the city says that may bear on a rule of an earlier folder."""
    home, now = _home(books, rule), books[-1]
    if home is now:
        return
    written, law = home.rule(rule.id), default_law(home)
    plain = replace(rule, placed={})
    changed = [f"{rule.id}.{name} = {value}" for name, value in rule.parameters.items() if written.parameters[name] != value]
    if now.measures != home.measures:
        changed += [key for key in now.overridden if key.startswith("measures.")]
    if changed:
        yield _Reading(Text("、".join(changed), ", ".join(changed)), plain, now, law)
    for name, placed in rule.placed.items():
        for one in placed:
            at = replace(plain, parameters={**plain.parameters, name: one.value})
            yield _Reading(_where(f"{rule.id}.{name} = {one.value}", one), at, home, law)
    read = rule_record(written, home.measures, home.widths)["clauses"]
    tried = [_only(read, law)]
    for label, values in _laws(now):
        if (own := _only(read, values)) not in tried:
            tried.append(own)
            yield _Reading(label, written, home, values)


def _only(names: Sequence[str], values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: values.get(name) for name in names}


def _laws(book: Rulebook) -> Iterator[tuple[Text, dict[str, Any]]]:
    """Every set of clause values that the ordinances have anywhere at any time, and what it is called."""
    for ordinance in book.ordinances:
        for place in ordinance.places():
            for begins, _, values in ordinance.versions(place):
                yield (
                    Text(
                        f"{ordinance.id}（{place or '全部地方'}，{begins} 起）", f"{ordinance.id} ({place or 'everywhere'}, from {begins})"
                    ),
                    values,
                )


def _where(what: str, one: Placed) -> Text:
    until = Text(f"至 {one.ends}", f" to {one.ends}") if one.ends < FOREVER else Text("起", "")
    return Text(
        f"{what}（{one.jurisdiction or '全部地方'}，{one.begins} {until.zh}）",
        f"{what} ({one.jurisdiction or 'everywhere'}, from {one.begins}{until.en})",
    )


def _differs(reading: _Reading, home: Rulebook) -> Iterator[Differs]:
    cases = read_cases(reading.rule)
    rows, broken = judge_cases(reading.book, cases, [reading.rule], reading.law)
    for case, row in zip(cases, rows, strict=True):
        result = check_case(reading.rule, case, row, broken)
        if not result.passed:
            yield Differs(result.owner, result.it, reading.under, result.detail, result.where)
