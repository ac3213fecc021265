"""A formula of a rule for one subject: the branches that were taken, with the numbers put in.

Where a condition cannot be told for certain from the values on record, its branches all stay.
"""

from __future__ import annotations

import operator
import re
from dataclasses import replace
from decimal import Decimal
from typing import Any

from planning_check.report.formula import COMPARES, Node, NotRead, Reader, Values, look_up, names, show

_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_TRUTHS = {"true": True, "false": False}
_ORDERS = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
#: What cannot be told here, as opposed to None: what is not known.
OPEN = object()


def taken(formula: str, values: Values) -> tuple[str, str, frozenset[str]]:
    """The formula as it applied to the subject, the same with values for names, and the names left in it."""
    try:
        node = prune(Reader(formula).read(), values)
    except NotRead:
        return formula, formula, frozenset()
    return show(node, {}), show(node, values), frozenset(names(node, values))


def prune(node: Node, values: Values) -> Node:
    """Keep of every case the branch that was taken, of every coalesce the first value that is known."""
    parts = node.parts
    if node.kind == "case":
        return _taken_branch(node, values)
    if node.kind == "call":
        arguments = tuple(prune(a, values) for a in parts[1])
        if parts[0].lower() == "coalesce":
            return _first_known(arguments, values)
        return Node("call", (parts[0], arguments))
    return replace(node, parts=tuple(_pruned_part(p, values) for p in parts))


def _pruned_part(part: Any, values: Values) -> Any:
    if isinstance(part, Node):
        return prune(part, values)
    return tuple(_pruned_part(p, values) for p in part) if isinstance(part, tuple) else part


def _taken_branch(node: Node, values: Values) -> Node:
    of, branches, other = node.parts
    for when, then in branches:
        met = value_of(Node("op", ("=", of, when)) if of else when, values)
        if met is True:
            return prune(then, values)
        if met is not False:
            return node
    return prune(other, values) if other else node


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
    parts = node.parts
    if node.kind == "word":
        return _word_value(parts[0], values)
    if node.kind == "paren":
        return value_of(parts[0], values)
    if node.kind == "is":
        value = value_of(parts[0], values)
        return OPEN if value is OPEN else (value is None) != parts[1]
    if node.kind == "not":
        value = value_of(parts[0], values)
        return value if value is OPEN or value is None else not value
    if node.kind == "in":
        return _within(node, values)
    if node.kind == "op":
        return _operated(parts[0], value_of(parts[1], values), value_of(parts[2], values))
    return OPEN


def _within(node: Node, values: Values) -> Any:
    of, listed, negated = node.parts
    if isinstance(listed, Node) or not all(n.kind == "word" and n.parts[0].startswith("'") for n in listed):
        return OPEN
    value = value_of(of, values)
    return value if value is OPEN or value is None else (value in [n.parts[0][1:-1] for n in listed]) != negated


def _word_value(word: str, values: Values) -> Any:
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
    if OPEN in (left, right) or word not in COMPARES:
        return OPEN
    if left is None or right is None:
        return None
    same_kind = type(left) is type(right)
    if word in ("=", "<>", "!="):
        return (left == right) == (word == "=") if same_kind else OPEN
    comparable = same_kind and (isinstance(left, Decimal) or (isinstance(left, str) and _DAY.fullmatch(left) and _DAY.fullmatch(right)))
    return _ORDERS[word](left, right) if comparable else OPEN


def _joined(word: str, left: Any, right: Any) -> Any:
    decides = word == "or"
    if left is decides or right is decides:
        return decides
    return OPEN if OPEN in (left, right) else None if None in (left, right) else not decides
