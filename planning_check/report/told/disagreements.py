"""What several sources tell differently of one record and field, side by side, as people read it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from planning_check.errors import Place, Text
from planning_check.precedence import settled_by
from planning_check.record.correction import DisagreementRow
from planning_check.schema import BY_NAME
from planning_check.words import bureau_of

#: What the check goes by, and why.
WHY = {
    "unknown": Text("各处不一致，按未知处理", "they differ, so it is unknown"),
    "both": Text("各处的写法都列出", "every one is shown"),
    "lost": Text("必填项不一致，整行没有采用", "a needed value differs: the row is set aside"),
}


@dataclass(frozen=True)
class Told:
    """What one source tells: its cell, the text there, the value that it is read as, the bureau whose file it is ('': not known)."""

    where: Place
    raw: str
    value: str
    bureau: str


@dataclass(frozen=True)
class Disagreement:
    """One record and field; ``owner``: the bureau that keeps the field, which settles it. ``used``: none where it is unknown."""

    table: str
    key: str
    field: str
    owner: str
    told: tuple[Told, ...]
    used: str | None
    why: Text
    difference: str | None
    is_settled: bool

    @property
    def table_label(self) -> Text:
        """Its table in words."""
        return BY_NAME[self.table].label

    @property
    def field_label(self) -> Text:
        """Its field in words."""
        return BY_NAME[self.table].field(self.field).label

    def apart(self, lang: str) -> str:
        """The difference with its unit."""
        if self.difference is None:
            return ""
        spec = BY_NAME[self.table].field(self.field)
        unit = Text("天", "days") if spec.type == "date" else Text(spec.unit, spec.unit)
        return f"{self.difference} {unit.get(lang)}".strip()


def disagreements(rows: Iterable[DisagreementRow]) -> tuple[Disagreement, ...]:
    """The records of a run, in order."""
    return tuple(_disagreement(row) for row in rows)


def _disagreement(row: DisagreementRow) -> Disagreement:
    told = tuple(
        Told(Place(one["file"], one["sheet"] or None, one["row"], one["letter"]), one["raw"] or "", one["value"], bureau_of(one["file"]))
        for one in json.loads(row.told)
    )
    owner = BY_NAME[row.table_name].field(row.field).owner
    return Disagreement(
        row.table_name,
        row.record_key or "",
        row.field,
        owner,
        told,
        row.used,
        _why(row.why),
        row.difference,
        settled_by(row.why) is not None,
    )


def _why(code: str) -> Text:
    if cite := settled_by(code):
        return Text(f"按先后次序采用：{cite.zh}", f"taken by precedence: {cite.en}")
    return WHY[code]


def in_short(found: Sequence[Disagreement]) -> Text | None:
    """How many there are, on the first screen; none where there are none."""
    if not found:
        return None
    projects = len({one.key for one in found if one.table == "projects"})
    settled = sum(one.is_settled for one in found)
    zh, en = (f"，按先后次序采用 {settled} 个，其余", f"{settled} taken by precedence, the others ") if settled else ("，", "")
    return Text(
        f"各处不一致的值 {len(found)} 个（涉及项目 {projects} 个）{zh}未核定前按未知处理，见 disagreements.csv",
        f"Values told differently: {len(found)} (of {projects} projects); {en}unknown until settled; see disagreements.csv",
    )
