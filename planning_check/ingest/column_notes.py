"""What is said of the columns of a sheet or layer that was just staged: unknown units, several for one field, those not used."""

from __future__ import annotations

from typing import Any

from planning_check.errors import Text
from planning_check.ingest.headers import Header, Unused
from planning_check.ingest.problems import note
from planning_check.ingest.staging import Staging
from planning_check.schema import BY_NAME


def note_columns(staging: Staging, header: Header) -> None:
    """Problems of the header just staged: unknown units and several columns for one field."""
    where: dict[str, Any] = {"source_id": staging.sources, "table": header.table}
    for column in header.columns.values():
        if column.factor is None:
            note(staging.con, "unknown_unit", field=column.field, detail=Text(column.told_unit, column.told_unit), **where)
    cut = [(column, BY_NAME[header.table].field(column.field).label) for column in header.columns.values() if column.cut]
    if cut:
        zh, en = "、".join(f"{c.header}（{w.zh}）" for c, w in cut), ", ".join(f"{c.header} ({w.en})" for c, w in cut)
        note(staging.con, "cut_names", detail=Text(zh, en), **where)
    for field, columns in header.clashes.items():
        if len(columns) == 1 and field != columns[0].field:  # told once, of the other field
            bare = BY_NAME[header.table].field(columns[0].field).label
            letter = f"{columns[0].letter} {columns[0].header}"
            note(staging.con, "bare_heading", field=field, detail=Text(f"{letter}（或“{bare.zh}”）", f"{letter} (or '{bare.en}')"), **where)
        if len(columns) == 1:
            continue
        named = [f"{c.letter} {c.header}" for c in columns]
        chosen = header.columns.get(field)
        zh = f"采用 {chosen.letter} 列" if chosen else "都没有采用"
        en = f"column {chosen.letter} is used" if chosen else "none of them is used"
        detail = Text(f"{'、'.join(named)}；{zh}", f"{', '.join(named)}; {en}")
        note(staging.con, "duplicate_column", field=field, detail=detail, **where)
    for code, zh, en in (("other_column", "不是", "not"), ("like_column", "像", "like")):
        labels = [
            (_named(c), BY_NAME[header.table].field(c.field).label)
            for c in header.unused
            if c.field and c.other is (code == "other_column")
        ]
        if labels:
            detail = Text("、".join(f"{n}（{zh}“{w.zh}”）" for n, w in labels), ", ".join(f"{n} ({en} '{w.en}')" for n, w in labels))
            note(staging.con, code, detail=detail, **where)
    plain_ones = [_named(c) for c in header.unused if not c.field]
    if plain_ones:
        detail = Text(f"{len(plain_ones)} 列：{'、'.join(plain_ones)}", f"{len(plain_ones)}: {', '.join(plain_ones)}")
        note(staging.con, "unused_columns", detail=detail, **where)


def _named(column: Unused) -> str:
    """A column by letter and header (in a layer they are one; there may be none)."""
    return column.header if column.letter == column.header else f"{column.letter} {column.header}".strip()
