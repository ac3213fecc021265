"""Findings one a line: in the form that was asked for, of which the table is for reading."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Any

from planning_check.cases import STATES
from planning_check.record.finding import Finding, said
from planning_check.report.console.layout import Columns, wrap
from planning_check.report.tables.exports import csv_head, csv_line, json_text, json_whole
from planning_check.report.tables.spreadsheet import sheet_head, sheet_line
from planning_check.report.told.chosen import Chosen
from planning_check.report.told.cities import NO_CITIES, Cities
from planning_check.report.told.numbers import number
from planning_check.report.told.standing import waived_text
from planning_check.words import OUTCOMES, SEVERITIES, label

FORMATS = ("table", "csv", "json", "jsonl")
_HEADS = {
    "zh": ("规则", "结论", "程度", "区县", "对象", "名称", "类别", "面积 ㎡", "最低 元", "最高 元", "案件"),
    "en": ("rule", "outcome", "severity", "district", "subject", "name", "class", "area ㎡", "lowest", "highest", "case"),
}
_MEASURED_ROWS = 1_000
#: In a file or a pipe. Words that are cut ("violat..") say less than a line that breaks; a screen says itself how wide it is.
_TABLE_WIDTH = 132


def export(
    kind: str,
    header: dict[str, Any],
    rows: Iterable[Finding],
    lang: str,
    total: Chosen | None = None,
    *,
    is_wide: bool = False,
    cities: Cities = NO_CITIES,
) -> Iterator[str]:
    """The text of the file in pieces, to be written as UTF-8 with its line ends as they are.

    ``header``: as_of, digest, tool_version, title and notice ({zh, en} or none). ``lang`` is for the table and the CSV,
    ``total`` for the table alone; ``is_wide``: the CSV for programs, with every field; ``cities``: of a province's run.
    """
    if kind == "csv":
        if is_wide:
            return chain([csv_head()], map(csv_line, rows))
        return chain([sheet_head(lang, cities)], (sheet_line(row, lang, cities) for row in rows))
    if kind == "json":
        return json_whole(header, rows)
    if kind == "jsonl":
        return (json_text(row) + "\n" for row in rows)
    return chain(_table(total.counting(rows), lang, cities), _below(total, lang)) if total else _table(rows, lang, cities)


def _below(total: Chosen, lang: str) -> Iterator[str]:
    """What they come to, once they were read."""
    head, *lists = total.told()
    yield "\n"
    for told, indent in ((head, ""), *((text, "  ") for text in lists)):
        yield "".join(f"{line}\n" for line in wrap(told.get(lang), _width(), indent=indent, hanging="    "))


def _width() -> int:
    return os.get_terminal_size(sys.stdout.fileno()).columns if sys.stdout.isatty() else _TABLE_WIDTH


def _table(rows: Iterable[Finding], lang: str, cities: Cities) -> Iterator[str]:
    """Columns as wide as the first thousand rows need; what comes later and is wider is cut."""
    cells = (_table_cells(row, lang, cities) for row in rows)
    first = list(islice(cells, _MEASURED_ROWS))
    columns = Columns.fit(_HEADS[lang], first, numbers=(7, 8, 9), width=_width(), indent="")
    for line in chain([_HEADS[lang]], first, cells):
        yield columns.line(line) + "\n"


def _table_cells(row: Finding, lang: str, cities: Cities) -> tuple[str, ...]:
    return (
        row["rule_id"], label(OUTCOMES, row["outcome"], lang), label(SEVERITIES, row["severity"], lang),
        cities.place(row["district_code"], row["district_name"] or row["district_code"], lang), row["subject_key"],
        row["subject_name"] or "",
        said(row, "status", lang) or "", number(row["area_m2"]), number(row["yuan_min"]), number(row["yuan"]),
        " ".join(part for part in (label(STATES, row["case_state"], lang), waived_text(row, lang)) if part),
    )  # fmt: skip
