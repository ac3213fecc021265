"""Findings as files: CSV for Excel, JSON and JSON lines for programs.

Nothing of the run itself (its number, its clock, a path of this machine) is in them: identical input gives identical
bytes. Decimals are text in JSON, so that no reader rounds them.

JSON: ``{"as_of", "digest", "findings": [...], "notice", "root", "title", "tool_version"}``; JSON lines: one finding a line.
A finding has the keys of :data:`COLUMNS`; texts are ``_zh`` and ``_en``; ``consequence`` and ``missing_owner`` are lists of
codes, ``missing`` a list of facts, ``facts``, ``law`` and ``numbers`` name -> value as text (null if unknown), ``sources`` a
list of ``{table, file, sheet, row}`` with the file's path inside the delivery. Keys are sorted, text is UTF-8.
CSV has the same columns in the order of :data:`COLUMNS`: lists are joined with "; ", facts, law and numbers are ``name=value``,
a source is ``file > sheet > row 12``.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from planning_check.record.finding import FIELDS

COLUMNS = tuple(FIELDS)
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
BOM = "\ufeff"


def json_text(row: Mapping[str, Any]) -> str:
    """A finding as one line of JSON, keys sorted."""
    return _dump({name: _exact(row.get(name)) for name in COLUMNS})


def json_frame(header: dict[str, Any]) -> tuple[str, str]:
    """What stands before and after the findings in the JSON file, so that a large run is never held in memory;
    keys sorted at every level."""
    before = "".join(f' "{k}": {_dump(header.get(k))},\n' for k in ("as_of", "digest"))
    after = "".join(f',\n "{k}": {_dump(header.get(k))}' for k in ("notice", "root", "title", "tool_version"))
    return "{\n" + before + ' "findings": [', "]" + after + "\n}\n"


def csv_head() -> str:
    """The byte order mark by which Excel knows UTF-8, and the names of the columns."""
    return BOM + csv_row(COLUMNS)


def csv_line(row: Mapping[str, Any]) -> str:
    """A finding as one line of CSV that a spreadsheet will not run."""
    return csv_row([_cell(name, row.get(name)) for name in COLUMNS])


def _exact(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal) else value


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)


def json_whole(header: dict[str, Any], rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """The whole JSON file in pieces, the findings one by one."""
    before, after = json_frame(header)
    yield before
    comma = ""
    for row in rows:
        yield f"{comma}\n  {json_text(row)}"
        comma = ","
    yield ("\n " if comma else "") + after


def csv_row(cells: Iterable[Any]) -> str:
    """Cells as one line of CSV that a spreadsheet will not run; None is empty."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerow([safe("" if cell is None else str(cell)) for cell in cells])
    return buffer.getvalue()


def _cell(name: str, value: Any) -> str:
    if value is None or isinstance(value, bool):
        return {None: "", True: "yes", False: "no"}[value]
    if name == "sources":
        return "; ".join(" > ".join(p for p in (s["file"], s["sheet"], f"row {s['row']}") if p) for s in value)
    if name == "alternatives":
        return "; ".join(
            f"{a['clause']}={a['value']}: {a['outcome']}" + (f" ({a['margin']} {a['unit']})" if a["margin"] else "") for a in value
        )
    if isinstance(value, dict):
        return "; ".join(f"{k}={'' if v is None else v}" for k, v in sorted(value.items()))
    if isinstance(value, list):
        return "; ".join(map(str, value))
    return str(value)


def safe(cell: str) -> str:
    """A cell that a spreadsheet will not run: an apostrophe before = + - @ tab CR, unless it is a plain number."""
    return "'" + cell if cell.startswith(_FORMULA) and not _NUMBER.fullmatch(cell) else cell
