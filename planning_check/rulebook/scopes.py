"""The names that an expression can use: facts, clauses of the law, the day of the check; and named expressions in layers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from planning_check.clauses import CLAUSES
from planning_check.facts.dictionary import Fact
from planning_check.rulebook import terms as t
from planning_check.schema import NOT_READ

FACT_KINDS = {
    "text": ("text", 0), "code": ("text", 0), "choice": ("text", 0), "integer": ("number", 0), "number": ("number", 6),
    "area": ("number", 2), "money": ("number", 2), "bool": ("bool", 0), "choices": ("list", 0), "date": ("date", 0),
}  # fmt: skip
CLAUSE_KINDS = {"number": ("number", 6), "bool": ("bool", 0), "choice": ("text", 0), "list": ("list", 0), "steps": ("steps", 0)}


def fact_scope(facts: dict[str, Fact], prefix: str = "", column_prefix: str = "") -> dict[str, t.Term]:
    """The names that facts put in scope, as columns of the based table."""
    scope = {}
    for fact in facts.values():
        if fact.type not in FACT_KINDS:
            continue
        kind, scale = FACT_KINDS[fact.type]
        codes = tuple(c.code for c in fact.choices)
        name, column = prefix + fact.name, column_prefix + fact.name
        sql, hi = (f"{column}_lo", f"{column}_hi") if kind == "date" else (column, "")
        not_read = f"list_contains({column_prefix}{NOT_READ}, '{fact.name}')" if fact.may_be_blank else ""
        scope[name] = t.symbol(name, kind, sql, hi=hi, scale=scale, choices=codes if kind in ("text", "list") else (), not_read=not_read)
    return scope


def law_scope() -> dict[str, t.Term]:
    return {
        f"law.{c.name}": t.symbol(
            f"law.{c.name}", CLAUSE_KINDS[c.type][0], f"law_{c.name}", scale=CLAUSE_KINDS[c.type][1],
            choices=c.choices if c.type == "choice" else (),
        )
        for c in CLAUSES.values()
    }  # fmt: skip


def day_scope() -> dict[str, t.Term]:
    return {"as_of": t.Term("date", "as_of", "as_of", literal="as_of")}


class Layers:
    """Named expressions in layers: each a layer above the names that it uses, what it misses a layer above its value."""

    def __init__(self) -> None:
        self.items: list[list[str]] = []
        self.level: dict[str, int] = {}

    def above(self, terms: Iterable[t.Term]) -> int:
        """The first layer that can use all names of these terms."""
        return max((self.level[n] + 1 for term in terms for n in term.names if n in self.level), default=0)

    def add(self, level: int, item: str) -> None:
        while len(self.items) <= level:
            self.items.append([])
        self.items[level].append(item)

    def name(self, name: str, column: str, term: t.Term) -> t.Term:
        """Add a named expression; gives the term that later expressions use."""
        level = self.above([term])
        value = f"{term.sql} AS {column}" if term.kind != "date" else f"{term.sql} AS {column}_lo, {term.hi} AS {column}_hi"
        self.add(level, value)
        sql, hi = (f"{column}_lo", f"{column}_hi") if term.kind == "date" else (column, "")
        used = replace(term, sql=sql, hi=hi, literal=None, missing=t.EMPTY, names=term.names | {f"@{name}"}, not_read="")
        if term.missing != t.EMPTY:
            level += 1
            self.add(level, f"(CASE WHEN {t.is_unknown(used)} THEN {term.missing} ELSE {t.EMPTY} END) AS {column}__missing")
            used = replace(used, missing=f"{column}__missing")
        self.level[f"@{name}"] = level
        return used


def of_project(term: t.Term) -> t.Term:
    """A project measure as another subject sees it: columns and names of its project."""
    if term.literal is not None:
        return term
    names = frozenset(n if "." in n or n.startswith("@") else f"project.{n}" for n in term.names)
    missing = term.missing
    if missing != t.EMPTY:
        named = f"regexp_replace(project__{missing}, '([^,]+),', 'project.\\1,', 'g')"
        for told in ("law", "handovers.", "premises."):
            named = f"replace({named}, 'project.{told}', '{told}')"
        missing = f"coalesce({named}, {t.EMPTY})"
    return replace(term, sql=f"project__{term.sql}", hi=f"project__{term.hi}" if term.hi else "", missing=missing, names=names)
