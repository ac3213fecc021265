"""Rule expressions read for people: the tree that sqlglot parses, in the few forms that rules use, shown as it is written.

What judges is SQL (``rulebook``); this reads the same text to show it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from sqlglot.expressions import Expression

_PLAIN = re.compile(r"-?\d+(\.\d+)?|\d{4}-\d\d(-\d\d)?|true|false")
_OPERATORS = {
    "And": "and", "Or": "or", "EQ": "=", "NEQ": "<>", "LT": "<", "LTE": "<=", "GT": ">", "GTE": ">=", "Add": "+", "Sub": "-", "Mul": "*",
}  # fmt: skip
_CALLS = {"Coalesce": "coalesce", "Greatest": "greatest", "Least": "least", "Round": "round", "Abs": "abs", "AddMonths": "add_months"}
COMPARES = ("=", "<>", "<", "<=", ">", ">=")

Values = Mapping[str, str | None]


class NotRead(ValueError):
    """The text is not an expression of the forms that rules use."""


@dataclass(frozen=True)
class Node:
    """``kind`` and its parts: texts and nodes."""

    kind: str
    parts: tuple[Any, ...]


def read(text: str) -> Node:
    """The expression as nodes. Raises NotRead where sqlglot or the forms below do not take it."""
    node = _read(text)
    if node is None:
        raise NotRead(text)
    return node


@lru_cache(maxsize=4096)
def _read(text: str) -> Node | None:
    """A rule's few formulas are asked for with every finding, those that are not read as well."""
    import sqlglot
    from sqlglot.errors import SqlglotError

    try:
        return _node(cast("Expression", sqlglot.parse_one(text, dialect="duckdb")))
    except (SqlglotError, NotRead):
        return None


def _node(tree: Expression) -> Node:
    kind = type(tree).__name__
    if kind in _OPERATORS:
        return Node("op", (_OPERATORS[kind], _node(tree.this), _node(tree.expression)))
    if kind in _CALLS:
        return Node("call", (_CALLS[kind], tuple(_node(a) for a in _arguments(tree))))
    form = _FORMS.get(kind)
    if form is None:
        raise NotRead(tree.sql())
    return form(tree)


def _arguments(tree: Expression) -> list[Expression]:
    """The arguments of a function in their order, whatever sqlglot calls them."""
    given = [tree.this, tree.args.get("expression"), tree.args.get("decimals"), *(tree.args.get("expressions") or [])]
    return [argument for argument in given if argument is not None]


def _literal(tree: Expression) -> Node:
    return Node("word", (f"'{tree.this}'" if tree.is_string else tree.this,))


def _date(tree: Any) -> Node:
    if str(tree.to) != "DATE" or type(tree.this).__name__ != "Literal":
        raise NotRead(tree.sql())
    return Node("word", (f"date '{tree.this.this}'",))


def _is(tree: Expression, negated: bool = False) -> Node:
    if type(tree.expression).__name__ != "Null":
        raise NotRead(tree.sql())
    return Node("is", (_node(tree.this), negated))


def _in(tree: Expression, negated: bool = False) -> Node:
    field = tree.args.get("field")
    if field is None and not tree.expressions:
        raise NotRead(tree.sql())
    return Node("in", (_node(tree.this), _node(field) if field is not None else tuple(_node(e) for e in tree.expressions), negated))


def _between(tree: Expression, negated: bool = False) -> Node:
    return Node("between", (*(_node(tree.args[part]) for part in ("this", "low", "high")), negated))


def _not(tree: Expression) -> Node:
    inner = _NEGATED.get(type(tree.this).__name__)
    return inner(tree.this, True) if inner else Node("not", (_node(tree.this),))


def _case(tree: Expression) -> Node:
    of, other = tree.args.get("this"), tree.args.get("default")
    branches = tuple((_node(branch.this), _node(branch.args["true"])) for branch in tree.args["ifs"])
    return Node("case", (_node(of) if of is not None else None, branches, _node(other) if other is not None else None))


_NEGATED = {"In": _in, "Is": _is, "Between": _between}
_FORMS: dict[str, Callable[[Any], Node]] = {
    **_NEGATED,
    "Not": _not,
    "Case": _case,
    "Cast": _date,
    "Literal": _literal,
    "Paren": lambda tree: Node("paren", (_node(tree.this),)),
    "Neg": lambda tree: Node("minus", (_node(tree.this),)),
    "Column": lambda tree: Node("word", (".".join(part.name for part in tree.parts),)),
    "Boolean": lambda tree: Node("word", (str(bool(tree.this)).lower(),)),
    "Null": lambda tree: Node("word", ("null",)),
    "Anonymous": lambda tree: Node("call", (tree.name, tuple(_node(a) for a in tree.expressions))),
}


def show(node: Node, values: Values) -> str:
    """The formula as text; a name that ``values`` holds is shown by its value, ? if that is not known."""
    return _SHOWN[node.kind](values, *node.parts)


def _shown_in(values: Values, of: Node, listed: Node | tuple[Node, ...], negated: bool) -> str:
    items = show(listed, values) if isinstance(listed, Node) else f"({', '.join(show(n, values) for n in listed)})"
    return f"{show(of, values)} {'not ' if negated else ''}in {items}"


def _shown_case(values: Values, of: Node | None, branches: tuple[tuple[Node, Node], ...], other: Node | None) -> str:
    text = "case" + (f" {show(of, values)}" if of else "")
    text += "".join(f" when {show(when, values)} then {show(then, values)}" for when, then in branches)
    return text + (f" else {show(other, values)}" if other else "") + " end"


def _shown_word(values: Values, word: str) -> str:
    found, known = look_up(word, values)
    if not known or word.lower() == "null":
        return word
    if found is None:
        return "?"
    return found if _PLAIN.fullmatch(found) else f"'{found}'"


_SHOWN: dict[str, Callable[..., str]] = {
    "word": _shown_word,
    "call": lambda values, name, arguments: f"{name}({', '.join(show(a, values) for a in arguments)})",
    "paren": lambda values, inside: f"({show(inside, values)})",
    "minus": lambda values, of: f"-{show(of, values)}",
    "not": lambda values, of: f"not {show(of, values)}",
    "is": lambda values, of, negated: f"{show(of, values)} is {'not ' if negated else ''}null",
    "in": _shown_in,
    "between": lambda values, of, low, high, negated: (
        f"{show(of, values)} {'not ' if negated else ''}between {show(low, values)} and {show(high, values)}"
    ),
    "case": _shown_case,
    "op": lambda values, word, left, right: f"{show(left, values)} {word} {show(right, values)}",
}


def look_up(name: str, values: Values) -> tuple[str | None, bool]:
    """The value of a name, and whether there is one on record."""
    for tried in (name, name.removeprefix("project.")):
        if tried in values:
            return values[tried], True
    return None, name.lower() == "null"


def names(node: Node, values: Values) -> set[str]:
    """The names in a formula that have a value on record."""
    if node.kind == "word":
        return {node.parts[0]} if look_up(node.parts[0], values)[1] else set()
    found: set[str] = set()
    stack = list(node.parts)
    while stack:
        part = stack.pop()
        if isinstance(part, Node):
            found |= names(part, values)
        elif isinstance(part, tuple):
            stack += part
    return found
