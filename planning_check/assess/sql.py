"""SQL in layers, and texts as SQL literals."""

from __future__ import annotations

from collections.abc import Sequence


def layered(table: str, layers: Sequence[Sequence[str]]) -> str:
    """A query on ``table`` with the layers of items, each able to use the names of those below."""
    sql = f"SELECT * FROM {table}"
    for layer in layers:
        if layer:
            sql = f"SELECT *, {', '.join(layer)} FROM ({sql})"
    return sql


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
