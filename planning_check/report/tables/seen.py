"""How a delivery was read, as rows for programs: one a heading, a file or sheet without any, and what was not delivered."""

from __future__ import annotations

import json
from collections.abc import Iterator

from planning_check.errors import Text
from planning_check.report.tables.exports import BOM, csv_row
from planning_check.report.told.seen import HOW, Heading, Looked

_COLUMNS = (
    "file", "sheet", "table_zh", "table_en", "rows_read", "rows_used", "rows_set_aside", "rows_not_taken", "header_row", "encoding", "crs",
    "is_hidden", "hidden_rows", "letter", "header", "field_zh", "field_en", "nearest_zh", "nearest_en", "unit", "how_zh",
    "how_en", "why_zh", "why_en", "fix_zh", "fix_en", "open_outcomes",
)  # fmt: skip


def seen_csv(looked: Looked) -> Iterator[str]:
    """A row a heading, a file or sheet without one, and a column or register that open outcomes would read; both languages.

    ``open_outcomes``: how many would read what is missing, or the nearest field of a column that was not used.
    """
    yield BOM + csv_row(_COLUMNS)
    for row in _records(looked):
        yield csv_row([row.get(name) for name in _COLUMNS])


def seen_json(looked: Looked) -> Iterator[str]:
    """The same as a list of objects."""
    yield json.dumps(list(_records(looked)), ensure_ascii=False, indent=1) + "\n"


def _records(looked: Looked) -> Iterator[dict[str, object]]:
    for one in looked.seen:
        own: dict[str, object] = {
            "file": one.file, "sheet": one.sheet, **_both("table", one.table), "rows_read": one.read, "rows_used": one.used,
            "rows_set_aside": one.quarantined, "rows_not_taken": one.rows, "header_row": one.header_row, "encoding": one.encoding,
            "crs": one.crs, "is_hidden": one.is_hidden, "hidden_rows": one.hidden_rows, **_both("why", one.why), **_both("fix", one.fix),
        }  # fmt: skip
        yield from (own | _of_heading(heading) for heading in one.headings)
        if not one.headings:
            yield own | {"open_outcomes": one.would_read or None}
    for lack in looked.lacking:
        yield {
            **_both("table", lack.register), **_both("field", lack.label if lack.field else None), **_both("how", lack.why),
            "open_outcomes": lack.outcomes,
        }  # fmt: skip


def _of_heading(heading: Heading) -> dict[str, object]:
    return {
        "letter": heading.letter, "header": heading.header, "unit": heading.unit, **_both("field", heading.field),
        **_both("nearest", heading.nearest), **_both("how", HOW[heading.how]), "open_outcomes": heading.outcomes or None,
    }  # fmt: skip


def _both(name: str, text: Text | None) -> dict[str, str | None]:
    return {f"{name}_zh": text.zh if text else None, f"{name}_en": text.en if text else None}
