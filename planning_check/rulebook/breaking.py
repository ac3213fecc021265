"""A rule broken in small ways, one at a time, to see whether one of its worked cases notices.

Broken are each comparison (swapped for its neighbour, and moved by the least step to either side) and each parameter (moved by its least
step). What no case notices is a threshold that the cases do not hold.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from planning_check.errors import RulebookError, Text
from planning_check.rulebook.cases import Case, check_case, judge_cases
from planning_check.rulebook.compile import RuleCompiler, make_plan
from planning_check.rulebook.compile_measures import Compiled
from planning_check.rulebook.expressions import compile_expression
from planning_check.rulebook.loading import Rulebook
from planning_check.rulebook.nodes import Item
from planning_check.rulebook.rules import Rule
from planning_check.rulebook.terms import Term

SWAPS = {">": ">=", ">=": ">", "<": "<=", "<=": "<", "=": "<>", "<>": "="}
_ORDERS = (">", ">=", "<", "<=")
_CENT = Decimal("0.01")
#: Units of which there are no parts.
_WHOLE = ("day", "days", "months", "years")
_BATCH = 40
#: What an operand ends at, outside of its own brackets and cases.
_ENDS_BEFORE = {"AND", "OR", "NOT", "WHEN", "THEN", "ELSE", "COMMA", "L_PAREN", "CASE"}
_ENDS_AFTER = {"AND", "OR", "WHEN", "THEN", "ELSE", "COMMA", "R_PAREN", "END", "GT", "GTE", "LT", "LTE", "EQ", "NEQ"}


@dataclass(frozen=True)
class Comparison:
    """One comparison as it is written: the sign, where it begins in ``text``, and its two sides."""

    text: str
    sign: str
    start: int
    left: str
    right: str

    @property
    def written(self) -> str:
        return f"{self.left} {self.sign} {self.right}"

    def swapped(self) -> str:
        """The whole text with the neighbouring sign."""
        return self.text[: self.start] + SWAPS[self.sign] + self.text[self.start + len(self.sign) :]

    def moved(self, by: str, is_day: bool) -> str:
        """The whole text with the left side moved by a number of its units."""
        begins = self.text.rindex(self.left, 0, self.start)
        left = f"add_days({self.left}, {by})" if is_day else f"{self.left} {'-' if by.startswith('-') else '+'} {by.removeprefix('-')}"
        return self.text[:begins] + left + self.text[begins + len(self.left) :]


@dataclass(frozen=True)
class Broken:
    """A rule with one thing broken. ``place``: where in it; ``how``: swapped, above, below (the threshold moved so) or parameter;
    ``of``: the comparison or parameter as written, ``step`` by how much it was moved; ``text``: what stands there instead."""

    place: str
    item: Item
    how: str
    of: str
    step: Text
    text: str
    rule: Rule

    @property
    def what(self) -> str:
        """What was broken, in one line."""
        return f"{self.place} -> {self.text}" if self.how == "parameter" else f"{self.place}: {self.text}"


def comparisons(text: str) -> list[Comparison]:
    """Every comparison in an expression, from left to right."""
    import sqlglot

    tokens = sqlglot.tokenize(text, read="duckdb")
    return [
        Comparison(text, token.text, token.start, _side(text, tokens, at, -1), _side(text, tokens, at, 1))
        for at, token in enumerate(tokens)
        if token.text in SWAPS and token.token_type.name != "STRING"
    ]


def _side(text: str, tokens: Sequence[Any], at: int, step: int) -> str:
    """What stands on one side of the sign ``at``: as far as brackets and cases balance, and nothing binds less."""
    opens, closes = (("R_PAREN", "END"), ("L_PAREN", "CASE"))[::step]
    ends, depth, place = _ENDS_BEFORE if step < 0 else _ENDS_AFTER, 0, at + step
    while 0 <= place < len(tokens):
        kind = tokens[place].token_type.name
        if depth == 0 and kind in ends:
            break
        depth += (kind in opens) - (kind in closes)
        place += step
    first, last = sorted((at + step, place - step))
    return text[tokens[first].start : tokens[last].end + 1]


def breakings(text: str) -> list[str]:
    """The expression with each comparison swapped for its neighbour, one at a time."""
    return [one.swapped() for one in comparisons(text)]


def expressions_of(rule: Rule) -> Iterator[tuple[str, Item, Any]]:
    """Every expression that a rule judges by: its place, itself, and what makes the rule with another one there."""
    for name in ("due_when", "exempt_when", "violated_when"):
        if (item := getattr(rule, name)) is not None:
            yield name, item, lambda new, name=name: replace(rule, **{name: new})
    for number, one in enumerate(rule.applies_when):

        def scoped(new: Item, number: int = number) -> Rule:
            changed = list(rule.applies_when)
            changed[number] = replace(changed[number], when=new)
            return replace(rule, applies_when=tuple(changed))

        yield "applies_when", one.when, scoped
    for name, item in rule.let.items():
        yield f"let {name}", item, lambda new, name=name: replace(rule, let={**rule.let, name: new})
    if rule.status:
        status = rule.status
        yield "status", status.of, lambda new: replace(rule, status=replace(status, of=new))
    for severity, item in rule.severity_when.items():
        yield f"severity_when {severity}", item, lambda new, name=severity: replace(rule, severity_when={**rule.severity_when, name: new})


def swapped(rule: Rule) -> Iterator[Broken]:
    """The rule with each comparison swapped for its neighbour."""
    for place, item, made in expressions_of(rule):
        for one in comparisons(item.expression()):
            text = one.swapped()
            yield Broken(place, item, "swapped", one.written, Text("", ""), text, made(Item(text, item.file, item.line)))


def nudged(rule: Rule) -> Iterator[Broken]:
    """The rule with each parameter moved by its least step."""
    for name, value in rule.parameters.items():
        entry = rule.item.need("parameters").need(name)
        if isinstance(value, dt.date):
            moved: Decimal | dt.date = value + dt.timedelta(days=1)
        else:
            moved = value + (1 if entry.need("unit").text() in _WHOLE else _CENT)
        changed = replace(rule, parameters={**rule.parameters, name: moved})
        yield Broken(f"parameter {name}", entry, "parameter", f"{name} = {value}", Text("", ""), str(moved), changed)


def shifted(rule: Rule, measures: Compiled) -> Iterator[Broken]:
    """The rule with each threshold moved by the least step, up and down: a case that lies as near above it, or below, notices.

    Left out are comparisons of products and quotients, of which the least step is not that of what is delivered.
    """
    compiler = RuleCompiler(rule, measures, (), ())
    compiler.compile()
    for place, item, made in expressions_of(rule):
        for one in comparisons(item.expression()):
            if one.sign not in _ORDERS or any(word in f"{one.left}{one.right}" for word in ("*", "divide", "step(")):
                continue
            left, right = (compile_expression(Item(side, item.file, item.line), compiler.scope) for side in (one.left, one.right))
            is_day = left.kind == "date"
            step = "1" if is_day or _is_whole(left, right) else str(_CENT)
            told = Text("一天", "a day") if is_day else Text(step, step)
            for how, by in (("above", f"-{step}"), ("below", step)):
                text = one.moved(by, is_day)
                yield Broken(place, item, how, one.written, told, text, made(Item(text, item.file, item.line)))


def _is_whole(left: Term, right: Term) -> bool:
    """Whether the two are counts: a count beside a clause that could have decimals is one, too."""
    counted = [side.scale == 0 for side in (left, right) if side.literal is None]
    return any(counted) and (left.scale == right.scale == 0 or left.literal is None is right.literal)


def noticed(cases: Sequence[Case], broken: Sequence[Rule], book: Rulebook) -> list[bool]:
    """For every broken variant of a rule, whether one of its cases notices. Judged together: a batch a query."""
    named = [replace(variant, id=f"M{number:03d}") for number, variant in enumerate(broken)]
    runs = named if _compiles(named, book) else [variant for variant in named if _compiles([variant], book)]
    kept: set[str] = set()
    for start in range(0, len(runs), _BATCH):
        batch = runs[start : start + _BATCH]
        rows, failed = judge_cases(book, cases, batch)
        for variant in batch:
            if all(check_case(variant, case, row, failed).passed for case, row in zip(cases, rows, strict=True)):
                kept.add(variant.id)
    return [variant.id not in kept for variant in named]


def _compiles(rules: Sequence[Rule], book: Rulebook) -> bool:
    try:
        make_plan(book.ordinances, book.measures, rules)
    except RulebookError:
        return False
    return True
