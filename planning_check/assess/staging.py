"""A tall stack of layers worked out in stages.

DuckDB plans one query of forty layers over hundreds of columns for seconds, most of all where windows lie in between. The same layers in
stages, each over the columns alone that it reads, give the same values in a third of the time.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise

import duckdb

from planning_check.assess.plan import RulePlan
from planning_check.sql import layered

Layers = Sequence[Sequence[str]]
_RULES_A_STAGE = 10  # five to twenty take about the same


def around_windows(layers: Layers) -> list[Layers]:
    """The layers before the first window, those up to the last one, and the rest."""
    windows = [n for n, layer in enumerate(layers) if any(" OVER (" in item for item in layer)]
    cuts = (0, windows[0], windows[-1] + 1, len(layers)) if windows else (0, len(layers))
    return [layers[a:b] for a, b in pairwise(cuts)]


def in_groups(rules: Sequence[RulePlan]) -> list[list[RulePlan]]:
    """The rules, a few together: they read no columns of one another."""
    return [list(rules[n : n + _RULES_A_STAGE]) for n in range(0, len(rules), _RULES_A_STAGE)]


@contextmanager
def worked_out(
    con: duckdb.DuckDBPyConnection, name: str, source: str, stages: Sequence[Layers], wanted: Collection[str] | None = None
) -> Iterator[str]:
    """A query of the rows of ``source`` with the items of all stages beside them, in no order; its parts are temporary tables ``<name>_0``, ...

    ``source``: what may stand after FROM. An item of a stage may name whatever stands in its own layers below, in the stages before and in the source.
    ``wanted``: the columns asked for in the end; what neither they nor a later stage need is not kept. None: all.
    """
    stages = [layers for layers in stages if any(layers)]
    needed: list[set[str] | None] = [set(wanted) if wanted is not None else None]  # after each stage, the last first
    for layers in reversed(stages):
        needed.append(None if needed[-1] is None else needed[-1] | _words(layers))
    needed.reverse()
    parts = [f"{name}_0"]
    try:
        con.execute(f"CREATE OR REPLACE TEMP TABLE {parts[0]} AS SELECT {_chosen(con, source, needed[0])} FROM {source}")
        home = dict.fromkeys(_columns(con, parts[0]), parts[0])
        for layers, later in zip(stages, needed[1:], strict=True):
            words = _words(layers)
            read = [column for column in home if column in words]
            own = "".join(f", {home[column]}.{column}" for column in read)
            joined = _joined(parts[0], [part for part in parts if part in {home[column] for column in read}])
            made = layered(f"(SELECT {parts[0]}.rowid AS row_no{own} FROM {joined})", layers)
            part = f"{name}_{len(parts)}"
            chosen = _chosen(con, f"({made})", later, but=read) if later is not None else _all_but(read)
            con.execute(f"CREATE OR REPLACE TEMP TABLE {part} AS SELECT {chosen} FROM ({made})")
            parts.append(part)
            home |= {column: part for column in _columns(con, part) if column != "row_no"}
        beside = "".join(f", {part}.* EXCLUDE (row_no)" for part in parts[1:])
        yield f"SELECT {parts[0]}.*{beside} FROM {_joined(parts[0], parts)}"
    finally:
        for part in parts:
            con.execute(f"DROP TABLE IF EXISTS {part}")


def _words(layers: Layers) -> set[str]:
    return set(re.findall(r"\w+", " ".join(item for layer in layers for item in layer)))


def _chosen(con: duckdb.DuckDBPyConnection, source: str, needed: set[str] | None, but: Sequence[str] = ()) -> str:
    """The columns of a source that are needed, or all of them."""
    if needed is None:
        return "*"
    columns = [row[0] for row in con.execute(f"SELECT column_name FROM (DESCRIBE SELECT * FROM {source})").fetchall()]
    return ", ".join(column for column in columns if column == "row_no" or (column in needed and column not in but)) or "1 AS nothing"


def _all_but(columns: Sequence[str]) -> str:
    return f"* EXCLUDE ({', '.join(columns)})" if columns else "*"


def _joined(first: str, parts: Sequence[str]) -> str:
    return first + "".join(f" JOIN {part} ON {part}.row_no = {first}.rowid" for part in parts if part != first)


def _columns(con: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    return [row[0] for row in con.execute(f"SELECT column_name FROM (DESCRIBE {table})").fetchall()]
