"""Which rows of a sheet each part of its mapping takes: one sheet read as several tables, or as one of some of its rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from planning_check.errors import Text
from planning_check.ingest.head_rows import Groups
from planning_check.ingest.mapped import read_as_told
from planning_check.ingest.mapping import SheetMapping
from planning_check.ingest.plain import is_blank

_MOST_ROWS_TOLD = 5


@dataclass(frozen=True)
class Shared:
    """Numbers of rows in the sheet: of each part, of none (blank ones apart), and of two parts of one table, which neither takes.
    None: of a part whose headings or condition the sheet has not."""

    taken: tuple[frozenset[int] | None, ...]
    untaken: tuple[int, ...]
    claimed: tuple[int, ...]


def share_out(parts: Sequence[SheetMapping], rows: Sequence[Sequence[str]], top: int, first_row: int, groups: Groups) -> Shared:
    """``rows``: of the whole sheet, the first being row ``first_row`` and the header among the first ``top``. A row may be of several
    tables, but is one record of each at most."""
    read = [read_as_told(part, rows[:top], first_row, groups) for part in parts]
    heads = [one.header.row for one in read if one]
    taken: list[set[int]] = [set() for _ in parts]
    untaken, claimed = [], []
    for number, row in enumerate(rows[max(heads, default=-1) + 1 :], first_row + max(heads, default=-1) + 1):
        if is_blank("".join(row)):
            continue
        takers = [n for n, one in enumerate(read) if one and one.takes and one.takes(row)]
        tables = [parts[n].table for n in takers]
        if len(set(tables)) < len(tables):
            claimed.append(number)
            takers = [n for n in takers if tables.count(parts[n].table) == 1]
        elif not takers:
            untaken.append(number)
        for n in takers:
            taken[n].add(number)
    able = tuple(frozenset(rows) if one and one.takes else None for rows, one in zip(taken, read, strict=True))
    return Shared(able, tuple(untaken), tuple(claimed))


def rows_told(numbers: Sequence[int]) -> Text:
    """How many rows, and the first of them."""
    shown = [str(number) for number in numbers[:_MOST_ROWS_TOLD]]
    more = len(numbers) > _MOST_ROWS_TOLD
    return Text(
        f"{len(numbers)} 行（第 {'、'.join(shown)} 行{'等' if more else ''}）",
        f"{len(numbers)} row{'s' if len(numbers) > 1 else ''} ({', '.join(shown)}{', ...' if more else ''})",
    )
