"""JSON records: a list of objects, objects one after another, or one object that holds such a list."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from planning_check.errors import Text
from planning_check.ingest.limits import refuse_cells
from planning_check.ingest.markup import MOST_BYTES, MOST_CELLS
from planning_check.ingest.plain import without_controls
from planning_check.ingest.sheets import FileProblem, Sheet
from planning_check.ingest.texts import decoded, whole

_BETWEEN = re.compile(r"[\s,]*")
_DEEPEST = 100


def read_records(path: Path) -> Iterator[Sheet]:
    """Every list of objects as a sheet, the names of their members as its header; of several, each by the name of its list."""
    text, encoding = decoded(whole(path, MOST_BYTES))
    values = _values(text.lstrip("\ufeff"))
    found = list(_lists("", values[0] if len(values) == 1 else values))
    if not found:
        raise FileProblem("empty_file")
    for name, records in found:
        names = list(dict.fromkeys(key for record in records for key in record))
        refuse_cells(len(records), len(names), MOST_CELLS)
        rows = ([_cell(record.get(key)) for key in names] for record in records)
        yield Sheet(without_controls(name) if len(found) > 1 else "", _with_header(names, rows), encoding=encoding)


def _with_header(names: list[str], rows: Iterator[list[str]]) -> Iterator[list[str]]:
    yield [without_controls(name) for name in names]
    yield from rows


def _values(text: str) -> list[Any]:
    """All values of the text, numbers as they are written."""
    reader = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str, object_pairs_hook=_members)
    values, at = [], _BETWEEN.match(text, 0).end()  # type: ignore[union-attr]
    try:
        while at < len(text):
            value, at = reader.raw_decode(text, at)
            values.append(value)
            at = _BETWEEN.match(text, at).end()  # type: ignore[union-attr]
    except json.JSONDecodeError as error:
        raise FileProblem(
            "unreadable_file", Text(f"JSON 在第 {error.lineno} 行断了或写错了", f"the JSON breaks off or is wrong at line {error.lineno}")
        ) from error
    except RecursionError:
        raise FileProblem("unreadable_file", Text("JSON 套叠的层数太多", "the JSON is nested too deep")) from None
    return values


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise FileProblem("unreadable_file", Text(f"同一条记录里有两个“{twice}”", f"one record has two members '{twice}'"))
    return members


def _lists(name: str, value: Any, depth: int = 0) -> Iterator[tuple[str, list[dict]]]:
    """Lists of objects, by the name of the member that holds them. One object that holds none, or has members of its own
    in the reader's language, is a list of one."""
    if isinstance(value, dict):
        own = any(not key.isascii() for key, inner in value.items() if not isinstance(inner, (list, dict)))
        inside = [] if own or depth > _DEEPEST else [x for key, inner in value.items() for x in _inner(key, inner, depth)]
        yield from inside or ([(name, [value])] if value and depth == 0 else [])
    elif isinstance(value, list):
        if records := [one for one in value if isinstance(one, dict)]:
            yield name, records
        elif depth <= _DEEPEST:
            yield from (found for one in value for found in _inner(name, one, depth))


def _inner(name: str, value: Any, depth: int) -> Iterator[tuple[str, list[dict]]]:
    return _lists(name, value, depth + 1) if isinstance(value, (list, dict)) else iter(())


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return without_controls(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
