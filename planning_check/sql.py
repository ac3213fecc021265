"""Texts and names as SQL, and SQL in layers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def quoted(text: str) -> str:
    """An SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


def name(identifier: str) -> str:
    """A quoted SQL name (fields are called ``on`` and ``use``)."""
    return '"' + identifier.replace('"', '""') + '"'


def names(identifiers: Iterable[str]) -> str:
    """Quoted SQL names, joined with commas."""
    return ", ".join(name(i) for i in identifiers)


def layered(table: str, layers: Sequence[Sequence[str]]) -> str:
    """A query on ``table`` with the layers of items, each able to use the names of those below."""
    sql = f"SELECT * FROM {table}"
    for layer in layers:
        if layer:
            sql = f"SELECT *, {', '.join(layer)} FROM ({sql})"
    return sql
