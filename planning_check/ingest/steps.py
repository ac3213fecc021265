"""A table of steps about many cases (CSV or workbook), a row each: key, step, kind of proof, file, day, reason, note; read by its heads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from planning_check.cases import CONCLUSIONS, KEY, MOVES
from planning_check.errors import Place, Text, UsageError
from planning_check.ingest.headers import letters
from planning_check.ingest.meeting import NotRead, Unread, day_of, key_of, sheets_of
from planning_check.ingest.plain import is_blank, plain

#: The columns, by the words of their heads.
COLUMNS = {
    "key": Text(KEY.zh, KEY.en), "action": Text("步骤", "step"), "proof": Text("材料种类", "proof"), "file": Text("文件", "file"),
    "on": Text("日期", "day"), "reason": Text("原因", "reason"), "note": Text("备注", "note"),
}  # fmt: skip
_HEADS = {plain(word): name for name, label in COLUMNS.items() for word in (label.zh, label.en, name)}
_NOT_HERE = (*CONCLUSIONS.values(), "revisit")  # they are read by ``decide`` and ``revisit``
_STEPS = {
    plain(word): move.action for move in MOVES if move.action not in _NOT_HERE for word in (move.action, move.label.zh, move.label.en)
}  # fmt: skip
_HEAD_ROWS = 20


@dataclass(frozen=True)
class StepRow:
    """One row: the case's key, the step, and what else it says, by the names of :data:`COLUMNS` (``on`` as 2011-06-30)."""

    key: str
    action: str
    said: Mapping[str, str]
    where: Place


def read_steps(path: Path) -> tuple[list[StepRow], list[Unread]]:
    """The rows, in their order, and what cannot be read of the others. Raises UsageError where no sheet has keys and steps."""
    rows: list[StepRow] = []
    unread: list[Unread] = []
    anything = False
    for name, first, cells in sheets_of(path):
        head = _head(cells)
        if head is None:
            continue
        anything = True
        for row in _rows(Place(path.name, name or None), first, cells, *head):
            (rows if isinstance(row, StepRow) else unread).append(row)  # type: ignore[arg-type]
    if not anything:
        zh, en = ("、".join(one.zh for one in COLUMNS.values()), ", ".join(one.en for one in COLUMNS.values()))
        raise UsageError(
            Text("没有一张表既有“键”列又有“步骤”列", "no sheet has the columns 'key' and 'step'"), where=Place(path.name),
            fix=Text(f"表头写：{zh}；步骤写：{_steps().zh}", f"write these heads: {en}; steps are: {_steps().en}"),
        )  # fmt: skip
    return rows, unread


def _head(rows: Sequence[Sequence[str]]) -> tuple[int, dict[str, int]] | None:
    for number, row in enumerate(rows[:_HEAD_ROWS]):
        found = {name: at for at, cell in reversed(list(enumerate(row))) if (name := _HEADS.get(plain(cell)))}
        if {"key", "action"} <= set(found):
            return number, found
    return None


def _rows(sheet: Place, first: int, cells: Sequence[Sequence[str]], head: int, columns: Mapping[str, int]) -> Iterator[StepRow | Unread]:
    for number, row in enumerate(cells[head + 1 :], first + head + 1):
        said = {name: row[at].strip() for name, at in columns.items() if at < len(row) and not is_blank(row[at])}
        key, action = said.pop("key", ""), said.pop("action", "")
        if not action and not said:
            continue  # a row of the workbook about which nothing is done
        read: dict[str, str] = {}
        wrong: list[Unread] = []
        for name, text, how in (("key", key, key_of), ("action", action, _as_step), ("on", said.get("on"), day_of)):
            try:
                read |= {name: how(text)} if text is not None else {}
            except NotRead as error:
                wrong.append(Unread(Place(sheet.file, sheet.sheet, number, letters(columns[name])), text or "", error.why))
        if wrong:
            yield from wrong
        else:
            yield StepRow(read.pop("key"), read.pop("action"), said | read, Place(sheet.file, sheet.sheet, number))


def _as_step(text: str) -> str:
    found = _STEPS.get(plain(text))
    if found is None:
        raise NotRead(f"不认得的步骤，可填：{_steps().zh}", f"not one of the steps: {_steps().en}")
    return found


def _steps() -> Text:
    of_here = [move.label for move in MOVES if move.action not in _NOT_HERE]
    return Text("、".join(label.zh for label in of_here), ", ".join(label.en for label in of_here))
