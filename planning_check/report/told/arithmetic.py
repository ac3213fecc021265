"""A formula of a rule for one subject: the branches that were taken, with the numbers put in.

Where a condition cannot be told for certain from the values on record, its branches all stay.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import Any

from planning_check.report.told.formula import COMPARES, Node, NotRead, Values, look_up, names, read, show

_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_TRUTHS = {"true": True, "false": False}
_ORDERS = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
_AMOUNTS = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": lambda one, other: one / other if other else None}
#: What cannot be told here, as opposed to None: what is not known.
OPEN = object()


def taken(formula: str, values: Values) -> tuple[str, str, frozenset[str]]:
    """The formula as it applied to the subject, the same with values for names, and the names it rests on.

    It rests on the names left in it and on those of the conditions that chose its branches.
    """
    try:
        applied, rests = _applied(formula, values)
    except NotRead:
        return formula, formula, frozenset()
    return show(applied, {}), show(applied, values), rests


def rests_on(formula: str, values: Values) -> frozenset[str]:
    """The names that the formula rests on, as ``taken`` says them."""
    try:
        return _applied(formula, values)[1]
    except NotRead:
        return frozenset()


def _applied(formula: str, values: Values) -> tuple[Node, frozenset[str]]:
    chosen_by: set[str] = set()
    applied = prune(read(formula), values, chosen_by)
    return applied, frozenset(names(applied, values) | chosen_by)


def prune(node: Node, values: Values, chosen_by: set[str]) -> Node:
    """Keep of every case the branch that was taken, of every coalesce the first value that is known.

    ``chosen_by`` collects the names of the conditions that were met.
    """
    parts = node.parts
    if node.kind == "word":
        return node
    if node.kind == "case":
        return _taken_branch(node, values, chosen_by)
    if node.kind == "call":
        arguments = tuple(prune(a, values, chosen_by) for a in parts[1])
        if parts[0].lower() == "coalesce":
            return _first_known(arguments, values)
        return Node("call", (parts[0], arguments))
    return Node(node.kind, tuple(_pruned_part(p, values, chosen_by) for p in parts))


def _pruned_part(part: Any, values: Values, chosen_by: set[str]) -> Any:
    if isinstance(part, Node):
        return prune(part, values, chosen_by)
    return tuple(_pruned_part(p, values, chosen_by) for p in part) if isinstance(part, tuple) else part


def _taken_branch(node: Node, values: Values, chosen_by: set[str]) -> Node:
    of, branches, other = node.parts
    for when, then in branches:
        condition = Node("op", ("=", of, when)) if of else when
        met = value_of(condition, values)
        if met is True:
            chosen_by |= names(condition, values)
            return prune(then, values, chosen_by)
        if met is not False:
            return node
    return prune(other, values, chosen_by) if other else node


def _first_known(arguments: tuple[Node, ...], values: Values) -> Node:
    for place, argument in enumerate(arguments):
        value = value_of(argument, values)
        if value is OPEN:
            return Node("call", ("coalesce", arguments[place:])) if place + 1 < len(arguments) else argument
        if value is not None:
            return argument
    return arguments[-1]


def value_of(node: Node, values: Values) -> Any:
    """A Decimal, text or truth; None if it is not known; OPEN if it cannot be told here."""
    return _VALUES.get(node.kind, _open)(values, *node.parts)


def _open(_values: Values, *_parts: Any) -> Any:
    return OPEN


def _is_null(values: Values, of: Node, negated: bool) -> Any:
    value = value_of(of, values)
    return OPEN if value is OPEN else (value is None) != negated


def _opposite(values: Values, of: Node) -> Any:
    value = value_of(of, values)
    return value if value is OPEN or value is None else not value


def _within(values: Values, of: Node, listed: Node | tuple[Node, ...], negated: bool) -> Any:
    if isinstance(listed, Node) or not all(n.kind == "word" and n.parts[0].startswith("'") for n in listed):
        return OPEN
    value = value_of(of, values)
    return value if value is OPEN or value is None else (value in [n.parts[0][1:-1] for n in listed]) != negated


def _word_value(values: Values, word: str) -> Any:
    if word.startswith("'"):
        return word[1:-1]
    found, known = (word, True) if _NUMBER.fullmatch(word) or word.lower() in _TRUTHS else look_up(word, values)
    if not known:
        return OPEN
    if found is None:
        return None
    return _TRUTHS[found.lower()] if found.lower() in _TRUTHS else Decimal(found) if _NUMBER.fullmatch(found) else found


def _operated(word: str, left: Any, right: Any) -> Any:
    if word in ("and", "or"):
        return _joined(word, left, right)
    if OPEN in (left, right):
        return OPEN
    if left is None or right is None:
        return None
    if word not in COMPARES:
        return _AMOUNTS[word](left, right) if word in _AMOUNTS and isinstance(left, Decimal) and isinstance(right, Decimal) else OPEN
    same_kind = type(left) is type(right)
    if word in ("=", "<>"):
        return (left == right) == (word == "=") if same_kind else OPEN
    comparable = same_kind and (isinstance(left, Decimal) or (isinstance(left, str) and _DAY.fullmatch(left) and _DAY.fullmatch(right)))
    return _ORDERS[word](left, right) if comparable else OPEN


def _joined(word: str, left: Any, right: Any) -> Any:
    decides = word == "or"
    if left is decides or right is decides:
        return decides
    return OPEN if OPEN in (left, right) else None if None in (left, right) else not decides


def _called(values: Values, name: str, arguments: tuple[Node, ...]) -> Any:
    """What coalesce, greatest, least, abs and rounding give; other functions are not computed here."""
    given = [value_of(argument, values) for argument in arguments]
    if name.lower() == "coalesce":
        return next((value for value in given if value is not None), None)
    of_amounts = _FUNCTIONS.get(name.lower())
    if of_amounts is None or any(value is not None and not isinstance(value, Decimal) for value in given):
        return OPEN
    return of_amounts(*given)


def _rounding(how: str) -> Callable[..., Decimal | None]:
    return lambda value, places=Decimal(0): None if value is None else value.quantize(Decimal(1).scaleb(-int(places)), how)


def _quotient(how: str) -> Callable[..., Decimal | None]:
    return lambda one, other, places: None if one is None or not other else _rounding(how)(one / other, places)


#: The greatest and the least are those of the amounts that are known, as in SQL.
_FUNCTIONS: dict[str, Callable[..., Decimal | None]] = {
    "greatest": lambda *amounts: max((amount for amount in amounts if amount is not None), default=None),
    "least": lambda *amounts: min((amount for amount in amounts if amount is not None), default=None),
    "abs": lambda amount: None if amount is None else abs(amount),
    "round": _rounding(ROUND_HALF_UP),
    "round_down": _rounding(ROUND_DOWN),
    "divide": _quotient(ROUND_HALF_UP),
    "divide_down": _quotient(ROUND_DOWN),
}
_VALUES: dict[str, Callable[..., Any]] = {
    "word": _word_value,
    "call": _called,
    "paren": lambda values, inside: value_of(inside, values),
    "is": _is_null,
    "not": _opposite,
    "in": _within,
    "op": lambda values, word, left, right: _operated(word, value_of(left, values), value_of(right, values)),
}
