"""How a delivery was read: what each file, sheet and layer was taken for, and what became of each heading."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from planning_check.errors import Text
from planning_check.report.told.profile import table_label
from planning_check.report.told.waiting import Lacking, Waiting, held_up
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
    """One heading: the field that its column is, or the nearest one; ``outcomes``: the open ones that would read that, if none is it."""

    letter: str
    header: str
    field: Text | None
    nearest: Text | None
    unit: str | None
    how: str
    field_name: str | None = None
    nearest_name: str | None = None
    outcomes: int = 0

    @property
    def named(self) -> str:
        """The column by letter and heading (in a layer they are one)."""
        return self.header if self.letter == self.header else f"{self.letter} {self.header}"

    def told(self, lang: str) -> str:
        """The column, and the field that it is like: ``D 土地面积(公顷)（近似“用地面积”）``."""
        if self.nearest is None:
            return self.named
        like = Text("不是", "not") if self.how == "other" else Text("近似", "like")
        named = Text(f"{self.named}（{like.zh}“{self.nearest.zh}”）", f"{self.named} ({like.en} '{self.nearest.en}')").get(lang)
        return named + held_up(self.outcomes).get(lang)


@dataclass(frozen=True)
class Seen:
    """One file, sheet or layer: rows read = used + set aside; ``rows`` of what was not used, None where nobody knows.

    ``why``, ``fix``: of what was not used. ``nearest``: the tables that it is most like, and what each lacks. ``lacks``: the columns of its
    register that no sheet of the delivery has and that open outcomes would read.
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
    lacks: tuple[Lacking, ...] = ()
    would_read: int = 0

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


def alike(unread: Sequence[Seen]) -> list[list[Seen]]:
    """Of what was not used, the blank sheets of one file that have one reason together, the others one by one."""
    told: dict[object, list[Seen]] = {}
    for place, one in enumerate(unread):
        told.setdefault((one.file, one.why, one.fix) if one.rows == 0 and not one.headings else place, []).append(one)
    return list(told.values())


def seen(
    sheets: Iterable[Any], sources: Iterable[Any], headings: Iterable[Any], problems: Iterable[Any], waits: Waiting | None = None
) -> tuple[Seen, ...]:  # fmt: skip
    """From the rows of ``sheet_seen``, ``source`` (or ``run_source``), ``heading_seen`` and of the problems without a source.

    ``waits``: what open outcomes would read, where the delivery was judged.
    """
    headings = list(headings)
    by_id = {source.source_id: source for source in sources}
    there = _there(by_id.values(), headings)
    of_sheet: dict[tuple[str, str, str | None], list[Any]] = {}  # of a sheet in parts, those of its parts of one table together
    for heading in headings:
        of_sheet.setdefault((heading.file, heading.sheet, heading.table_name), []).append(heading)
    said = {(p.file, p.sheet or "", p.code): p for p in problems}
    return tuple(
        _seen(
            one,
            by_id.get(one.source_id) if one.source_id is not None else None,
            of_sheet,
            said.get((one.file, one.sheet, one.code)),
            waits or Waiting(),
            there,
        )
        for one in sheets
    )


def _there(sources: Iterable[Any], headings: Iterable[Any]) -> dict[str, set[str]]:
    """The fields of each register that some column is, or the shapes of a layer."""
    there: dict[str, set[str]] = {}
    for heading in headings:
        if heading.field:
            there.setdefault(heading.table_name, set()).add(heading.field)
    for source in sources:
        fields = there.setdefault(source.table_name, set())
        shape = BY_NAME[source.table_name].geometry
        if source.crs and shape:
            fields.add(shape.name)
    return there


@dataclass(frozen=True)
class Looked:
    """What was delivered, and the registers and columns that were not."""

    seen: tuple[Seen, ...]
    lacking: tuple[Lacking, ...]


def lacking(found: Iterable[Seen], waits: Waiting) -> tuple[Lacking, ...]:
    """The registers of which no sheet was read and the columns that the others lack, as far as open outcomes would read them: what holds
    up most first."""
    columns = {one.table_name: one.lacks for one in found if one.table_name}
    every = (*waits.registers(set(columns)), *(one for lacks in columns.values() for one in lacks))
    return tuple(sorted(every, key=lambda one: (-one.outcomes, one.table, one.field)))


def _seen(
    sheet: Any,
    source: Any,
    of_sheet: Mapping[tuple[str, str, str | None], list[Any]],
    problem: Any,
    waits: Waiting,
    there: dict[str, set[str]],
) -> Seen:
    near = json.loads(sheet.nearest or "[]")
    names = tuple(one["table"] for one in near)
    headings = of_sheet.get((sheet.file, sheet.sheet, source.table_name if source else names[0] if names else None), ())
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
        tuple(dict.fromkeys(_heading(one, waits, there) for one in headings)),
        source.table_name if source else None,
        names,
        waits.columns(source.table_name, there[source.table_name]) if source else (),
        waits.tables[names[0]] if names and names[0] not in there else 0,
    )


def _heading(row: Any, waits: Waiting, there: dict[str, set[str]]) -> Heading:
    field, nearest = (_label(row.table_name, name) if name else None for name in (row.field, row.nearest))
    wanted = bool(row.nearest) and row.nearest not in there.get(row.table_name, ())
    outcomes = waits.cells[f"{row.table_name}.{row.nearest}"] if wanted else 0
    return Heading(row.letter, row.header, field, nearest, row.unit, row.how, row.field, row.nearest, outcomes)


def _label(table: str, name: str) -> Text:
    return BY_NAME[table].field(name).label
