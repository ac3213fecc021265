"""How a delivery was read: what each file, sheet and layer was taken for, and what became of each heading."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from planning_check.errors import Text
from planning_check.report.told.profile import table_label
from planning_check.schema import BY_NAME

#: How sure it is that a heading means its field, and why one is not used (``ingest.seen``).
HOW = {
    "name": Text("字段名", "its own name"),
    "alias": Text("通用叫法", "a usual name"),
    "worded": Text("别的说法", "other words"),
    "short": Text("省了表名", "a short form"),
    "cut": Text("DBF 截短的字段名", "a name that a DBF cut"),
    "by_name": Text("用名称代编号", "names in place of ids"),
    "longitude": Text("经度", "longitude"),
    "latitude": Text("纬度", "latitude"),
    "beside": Text("只用来认出所指", "only to tell what is meant"),
    "near": Text("没有采用，近似", "not used, like"),
    "other": Text("没有采用，标题另有所指，不是", "not used, its words make it another thing than"),
    "unknown": Text("没有采用", "not used"),
}


@dataclass(frozen=True)
class Heading:
    """One heading: the field that its column is, or the nearest one."""

    letter: str
    header: str
    field: Text | None
    nearest: Text | None
    unit: str | None
    how: str
    field_name: str | None = None
    nearest_name: str | None = None

    @property
    def named(self) -> str:
        """The column by letter and heading (in a layer they are one)."""
        return self.header if self.letter == self.header else f"{self.letter} {self.header}"

    def told(self, lang: str) -> str:
        """The column, and the field that it is like: ``D 土地面积(公顷)（近似“用地面积”）``."""
        if self.nearest is None:
            return self.named
        like = Text("不是", "not") if self.how == "other" else Text("近似", "like")
        return Text(f"{self.named}（{like.zh}“{self.nearest.zh}”）", f"{self.named} ({like.en} '{self.nearest.en}')").get(lang)


@dataclass(frozen=True)
class Seen:
    """One file, sheet or layer: rows read = used + set aside; ``rows`` of what was not used, None where nobody knows.

    ``why``, ``fix``: of what was not used. ``nearest``: the tables that it is most like, and what each lacks.
    """

    file: str
    sheet: str
    table: Text | None
    read: int | None
    used: int
    quarantined: int
    rows: int | None
    header_row: int | None
    encoding: str | None
    sample: str | None
    crs: str | None
    is_hidden: bool
    hidden_rows: int
    why: Text | None
    fix: Text | None
    nearest: tuple[tuple[Text, tuple[Text, ...]], ...]
    headings: tuple[Heading, ...]
    table_name: str | None = None
    nearest_names: tuple[str, ...] = ()

    @property
    def place(self) -> str:
        """``file > sheet``."""
        return " > ".join(part for part in (self.file, self.sheet) if part)

    @property
    def is_layer(self) -> bool:
        """Whether its columns have names and no letters."""
        return bool(self.headings) and all(heading.letter == heading.header for heading in self.headings)

    @property
    def unused(self) -> tuple[Heading, ...]:
        """The headings that no field was read from."""
        return tuple(heading for heading in self.headings if heading.field is None)


def seen(sheets: Iterable[Any], sources: Iterable[Any], headings: Iterable[Any], problems: Iterable[Any]) -> tuple[Seen, ...]:
    """From the rows of ``sheet_seen``, ``source`` (or ``run_source``), ``heading_seen`` and of the problems without a source."""
    by_id = {source.source_id: source for source in sources}
    of_sheet: dict[tuple[str, str], list[Any]] = {}
    for heading in headings:
        of_sheet.setdefault((heading.file, heading.sheet), []).append(heading)
    said = {(p.file, p.sheet or "", p.code): p for p in problems}
    return tuple(
        _seen(
            one,
            by_id.get(one.source_id) if one.source_id is not None else None,
            of_sheet.get((one.file, one.sheet), ()),
            said.get((one.file, one.sheet, one.code)),
        )
        for one in sheets
    )


def _seen(sheet: Any, source: Any, headings: Iterable[Any], problem: Any) -> Seen:
    near = json.loads(sheet.nearest or "[]")
    return Seen(
        sheet.file,
        sheet.sheet,
        table_label(source.table_name) if source else None,
        source.rows_read if source else None,
        source.rows_used if source else 0,
        source.rows_quarantined if source else 0,
        sheet.rows_seen,
        source.header_row if source else None,
        source.encoding if source else None,
        sheet.sample,
        source.crs if source else None,
        bool(sheet.is_hidden),
        sheet.hidden_rows,
        Text(problem.what_zh, problem.what_en) if problem else None,
        Text(problem.fix_zh or "", problem.fix_en or "") if problem else None,
        tuple((table_label(one["table"]), tuple(_label(one["table"], name) for name in one["lacks"])) for one in near),
        tuple(_heading(one) for one in headings),
        source.table_name if source else None,
        tuple(one["table"] for one in near),
    )


def _heading(row: Any) -> Heading:
    field, nearest = (_label(row.table_name, name) if name else None for name in (row.field, row.nearest))
    return Heading(row.letter, row.header, field, nearest, row.unit, row.how, row.field, row.nearest)


def _label(table: str, name: str) -> Text:
    return BY_NAME[table].field(name).label
