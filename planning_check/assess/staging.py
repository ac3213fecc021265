"""A tall stack of layers worked out in stages.

DuckDB plans one query of forty layers over hundreds of columns for seconds, most of all where windows lie in between. The same layers in
stages, each over the columns alone that it reads, give the same values in a third of the time.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

import duckdb

from planning_check.assess.alone import ALONE, WINDOW, without_windows
from planning_check.assess.plan import RulePlan
from planning_check.engine import at_once
from planning_check.sql import layered, quoted

if TYPE_CHECKING:
    from planning_check.engine import Job

Layers = Sequence[Sequence[str]]
_RULES_A_STAGE = 10  # five to twenty take about the same
_FEWEST_ALONE = 100  # for fewer, planning the second query takes longer than it saves; it changes no result


def around_windows(layers: Layers) -> list[list[Layers]]:
    """Stages of one: the layers before the first window, those up to the last one, and the rest."""
    windows = [n for n, layer in enumerate(layers) if _has_window([layer])]
    cuts = (0, windows[0], windows[-1] + 1, len(layers)) if windows else (0, len(layers))
    return [[layers[a:b]] for a, b in pairwise(cuts)]


def in_groups(rules: Sequence[RulePlan]) -> list[list[RulePlan]]:
    """The rules, a few together: they read no columns of one another."""
    return [list(rules[n : n + _RULES_A_STAGE]) for n in range(0, len(rules), _RULES_A_STAGE)]


@contextmanager
def worked_out(
    con: duckdb.DuckDBPyConnection,
    name: str,
    source: str,
    stages: Sequence[Sequence[Layers]],
    wanted: Collection[str] | None = None,
    passing: Collection[str] = (),
) -> Iterator[str]:
    """A query of the rows of ``source`` with the items of all stages beside them, in no order; its parts are tables ``<name>_0``, ...

    ``source``: a table, or what else may stand after FROM. A stage is one stack of layers or several that read nothing of one another,
    which are worked out side by side; an item may name whatever stands in its own stack below, in the stages before and in the source.
    ``wanted``: the columns asked for in the end; what neither they nor a later stage need is not kept. None: all that the items make but
    those of ``passing``, which are kept as long as a later stage needs them.
    """
    stages = [[layers for layers in stage if any(layers)] for stage in stages]
    needed = [set(wanted or ())]  # after each stage, the last first
    for stage in reversed(stages):
        needed.append(needed[-1].union(*map(words_of, stage)))
    needed.reverse()
    first = source if source.isidentifier() else f"{name}_0"
    parts = [first]
    try:
        if first != source:
            con.execute(f"CREATE OR REPLACE TABLE {first} AS SELECT {'*' if wanted is None else _chosen(needed[0])} FROM {source}")
        home = dict.fromkeys(columns_of(con, first), first)
        for stage, later in zip(stages, needed[1:], strict=True):
            jobs: list[Job] = []
            made: dict[str, str] = {}
            for layers in stage:
                part = f"{name}_{len(parts)}"
                parts.append(part)
                read = {column: home[column] for column in words_of(layers) if column in home}
                kept = [c for c in dict.fromkeys(made_by(layers)) if c in later or (wanted is None and c not in passing)]
                made |= dict.fromkeys(kept, part)
                jobs.append(partial(_work_out, part=part, first=first, read=read, layers=layers, kept=kept))
            at_once(con, jobs)
            home |= made
        asked = {column: part for column, part in home.items() if part != first and (wanted is not None or column not in passing)}
        beside = "".join(f", {part}.{column}" for column, part in asked.items())
        yield f"SELECT {first}.*{beside} FROM {_joined(first, parts)}"
    finally:
        for part in parts[first == source :]:
            con.execute(f"DROP TABLE IF EXISTS {part}")


def _work_out(
    con: duckdb.DuckDBPyConnection, part: str, first: str, read: dict[str, str], layers: Layers, kept: Sequence[str]
) -> None:  # fmt: skip
    own = "".join(f", {home}.{column}" for column, home in sorted(read.items()))
    rows = f"SELECT {first}.rowid AS row_no{own} FROM {_joined(first, sorted(set(read.values())))}"
    made = [(rows, layers)]
    if _has_window(layers) and (alone := without_windows(layers)) and _are_alone(con, rows):
        made = [(f"{rows} WHERE NOT ({ALONE})", layers), (f"{rows} WHERE {ALONE}", alone)]
    queries = [f"SELECT {', '.join(['row_no', *kept])} FROM ({layered(f'({source})', stack)})" for source, stack in made]
    con.execute(f"CREATE OR REPLACE TABLE {part} AS {' UNION ALL '.join(queries)}")
    if not con.execute(f"SELECT coalesce(bool_and(row_no = rowid), true) FROM {part}").fetchall()[0][0]:
        con.execute(f"CREATE OR REPLACE TABLE {part} AS FROM {part} ORDER BY row_no")


def _has_window(layers: Layers) -> bool:
    return any(WINDOW in item for layer in layers for item in layer)


def _are_alone(con: duckdb.DuckDBPyConnection, rows: str) -> bool:
    """Whether so many rows stand alone that they are worth a query of their own."""
    return con.execute(f"SELECT count(*) FROM ({rows}) WHERE {ALONE}").fetchall()[0][0] >= _FEWEST_ALONE


def words_of(layers: Layers) -> set[str]:
    """Every word that the layers say: no column is read by another name."""
    return set(re.findall(r"\w+", " ".join(item for layer in layers for item in layer)))


def made_by(layers: Layers) -> list[str]:
    """The names of what the layers make: what stands behind the AS that no bracket closes, outside all texts."""
    return re.findall(r" AS (\w+)(?=,|$)", re.sub(r"'[^']*'", "''", "\n".join(item for layer in layers for item in layer)), re.MULTILINE)


def _chosen(needed: set[str]) -> str:
    """The columns of a source that are needed."""
    return f"COLUMNS(lambda c: c IN ({', '.join(map(quoted, sorted(needed)))}))"


def _joined(first: str, parts: Sequence[str]) -> str:
    """The rows of several tables beside one another. All of them stand in the order of their row numbers, so that no join has to hold
    hundreds of columns of every row in memory."""
    return first + "".join(f" POSITIONAL JOIN {part}" for part in parts if part != first)


def columns_of(con: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    """The columns of a table; asked of the catalogue, which costs a tenth of planning a query of it."""
    return [row[0] for row in con.execute(f"SELECT name FROM pragma_table_info('{table}')").fetchall()]
