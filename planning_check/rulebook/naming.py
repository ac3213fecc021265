"""What a rule on a subject can name, and the words for the codes among it: built here for whoever compiles rules and whoever lists it."""

from __future__ import annotations

from typing import Any

from planning_check.clauses import CLAUSES, CODES
from planning_check.facts.dictionary import PROJECT, Subject
from planning_check.rulebook.compile_measures import Compiled
from planning_check.rulebook.scopes import day_scope, fact_scope, law_scope, of_project
from planning_check.schema import Choice

#: How a clause that is a code is told in a message.
_CLAUSE_CHOICES = {f"law.{c.name}": tuple(Choice(code, CODES[code]) for code in c.choices) for c in CLAUSES.values() if c.type == "choice"}


def scope_of(subject: Subject, measures: Compiled) -> dict[str, Any]:
    """Name -> term, and function as name() -> function: the subject's facts, the day of the check, measures, and the law with the project
    behind it where there are such. A rule adds its own parameters and steps."""
    scope: dict[str, Any] = {**fact_scope(subject.facts), **day_scope(), **measures.of_subject(subject), **measures.functions}
    if subject.law_by != "none":
        scope |= law_scope()
    if sees_project(subject):
        scope |= fact_scope(PROJECT.facts, "project.", "project__")
        scope |= {f"project.{name}": of_project(term) for name, term in measures.project.items()}
    return scope


def choices_of(subject: Subject) -> dict[str, tuple[Choice, ...]]:
    """Name -> the closed list that its codes are of."""
    choices = {fact.name: fact.choices for fact in subject.facts.values()}
    if subject.law_by != "none":
        choices |= _CLAUSE_CHOICES
    if sees_project(subject):
        choices |= {f"project.{fact.name}": fact.choices for fact in PROJECT.facts.values()}
    return choices


def sees_project(subject: Subject) -> bool:
    """Whether a rule on it also reads the project that it belongs to."""
    return subject.law_by == "project" and subject.name != "project"
