"""The small language of rule expressions, read so that it can be shown: comparison, and/or/not, in, case, functions.

What judges is SQL (``rulebook``); this reads the same text for people.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

_TOKEN = re.compile(r"\s*('(?:[^']|'')*'|\d+(?:\.\d+)?|[a-z_][a-z0-9_.]*|<=|>=|<>|!=|[-+*=<>(),])", re.IGNORECASE)
_PLAIN = re.compile(r"-?\d+(\.\d+)?|\d{4}-\d\d(-\d\d)?|true|false")
COMPARES = ("=", "<>", "!=", "<", "<=", ">", ">=")

Values = Mapping[str, str | None]


class NotRead(ValueError):
    """The text is outside the small language."""


@dataclass(frozen=True)
class Node:
    """``kind`` and its parts: texts and nodes."""

    kind: str
    parts: tuple[Any, ...]


class Reader:
    """Recursive descent over the tokens of one expression."""

    def __init__(self, text: str) -> None:
        self.tokens, at = [], 0
        while at < len(text.rstrip()):
            found = _TOKEN.match(text, at)
            if not found:
                raise NotRead(text)
            self.tokens.append(found.group(1))
            at = found.end()
        self.at = 0

    def read(self) -> Node:
        node = self.either()
        if self.at != len(self.tokens):
            raise NotRead(self.peek())
        return node

    def peek(self, ahead: int = 0) -> str:
        place = self.at + ahead
        return self.tokens[place].lower() if place < len(self.tokens) else ""

    def take(self, *wanted: str) -> bool:
        for ahead, word in enumerate(wanted):
            if self.peek(ahead) != word:
                return False
        self.at += len(wanted)
        return True

    def need(self, word: str) -> None:
        if not self.take(word):
            raise NotRead(f"{word} expected, {self.peek()} found")

    def either(self) -> Node:
        return self._chain("or", self.both)

    def both(self) -> Node:
        return self._chain("and", self.negated)

    def _chain(self, word: str, below: Callable[[], Node]) -> Node:
        node = below()
        while self.take(word):
            node = Node("op", (word, node, below()))
        return node

    def negated(self) -> Node:
        return Node("not", (self.negated(),)) if self.take("not") else self.compared()

    def compared(self) -> Node:
        node = self.added()
        if self.peek() in COMPARES:
            self.at += 1
            return Node("op", (self.tokens[self.at - 1], node, self.added()))
        if self.take("is"):
            negated = self.take("not")
            self.need("null")
            return Node("is", (node, negated))
        negated = self.take("not")
        if self.take("in"):
            return Node("in", (node, self.items() if self.peek() == "(" else self.primary(), negated))
        if self.take("between"):
            low = self.added()
            self.need("and")
            return Node("between", (node, low, self.added(), negated))
        if negated:
            raise NotRead("not")
        return node

    def added(self) -> Node:
        node = self.multiplied()
        while self.peek() in ("+", "-"):
            self.at += 1
            node = Node("op", (self.tokens[self.at - 1], node, self.multiplied()))
        return node

    def multiplied(self) -> Node:
        node = self.primary()
        while self.take("*"):
            node = Node("op", ("*", node, self.primary()))
        return node

    def items(self) -> tuple[Node, ...]:
        self.need("(")
        read: list[Node] = []
        while not self.take(")"):
            read.append(self.either())
            if not self.take(","):
                self.need(")")
                break
        return tuple(read)

    def primary(self) -> Node:
        token = self.peek()
        if token == "case":
            return self.case()
        if token == "(":
            inside = self.items()
            if len(inside) != 1:
                raise NotRead("(")
            return Node("paren", inside)
        if token == "-":
            self.at += 1
            return Node("minus", (self.primary(),))
        if not token or not re.match(r"[\w']", token):
            raise NotRead(token)
        self.at += 1
        word = self.tokens[self.at - 1]
        if token == "date" and self.peek().startswith("'"):
            self.at += 1
            return Node("word", (f"date {self.tokens[self.at - 1]}",))
        return Node("call", (word, self.items())) if self.peek() == "(" else Node("word", (word,))

    def case(self) -> Node:
        self.need("case")
        of = None if self.peek() == "when" else self.either()
        branches = []
        while self.take("when"):
            when = self.either()
            self.need("then")
            branches.append((when, self.either()))
        other = self.either() if self.take("else") else None
        self.need("end")
        return Node("case", (of, tuple(branches), other))


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
