"""Templates as a person fills them in, with a spreadsheet program."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import openpyxl

from planning_check import template
from planning_check.report.reference.template_book import write_template
from planning_check.schema import BY_NAME

HEADS, EXAMPLE = 3, 4  # rows


def blank(path: Path, lang: str, *names: str) -> Path:
    """A template of these tables, of all where none is named."""
    write_template(path, lang, [BY_NAME[n] for n in names] or template.tables())
    return path


def fill(path: Path, lang: str, records: Mapping[str, Sequence[Mapping[str, object]]], none: Sequence[str] = ()) -> Path:
    """Type records (field -> cell) below the example, and yes where there are none."""
    book = openpyxl.load_workbook(path)
    for name, rows in records.items():
        table, sheet = BY_NAME[name], book[BY_NAME[name].label.get(lang)]
        heads = {template.heading(f).get(lang): f.name for f in template.fields(table)}
        heads |= {label.get(lang): place for place, label in template.places(table).items()}
        at = {heads[cell.value]: cell.column for cell in sheet[HEADS] if cell.value in heads}
        for number, row in enumerate(rows, EXAMPLE + 1):
            for field, value in row.items():
                sheet.cell(number, at[field], value)
    for name in none:
        book[BY_NAME[name].label.get(lang)]["B2"] = template.YES.get(lang)
    book.save(path)
    return path
