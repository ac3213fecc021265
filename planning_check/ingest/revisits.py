"""What visits to a sample of cases found: the list that ``sample`` wrote, filled in by hand, read by heads and keys alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from planning_check.cases import REVISIT, REVISITS
from planning_check.errors import Place, Text, UsageError
from planning_check.ingest.delivery import digest
from planning_check.ingest.headers import letters
from planning_check.ingest.meeting import NotRead, Unread, day_of, key_of, sheets_of
from planning_check.ingest.plain import is_blank, plain

_HEAD_ROWS = 20
_HEADS = {plain(word): name for name, label in REVISIT.items() for word in (label.zh, label.en, name)}
_FILLED = ("found", "visited_by", "visited_on", "note")


@dataclass(frozen=True)
class Visited:
    """One row that was filled in: ``said``, by the names of ``cases.REVISIT`` without key and sample."""

    key: str
    sample: str
    where: Place
    said: Mapping[str, str]


def read_visits(path: Path) -> tuple[list[Visited], list[Unread], str]:
    """The rows with something filled in, once a key; what could not be read; the file's digest. Raises UsageError where it is no such
    list."""
    visited: dict[str, Visited] = {}
    unread: list[Unread] = []
    anything = False
    for name, first, cells in sheets_of(path):
        head = next((n for n, row in enumerate(cells[:_HEAD_ROWS]) if {"key", "sample", "found"} <= set(_columns(row))), None)
        if head is None:
            continue
        anything = True
        for row in _rows(Place(path.name, name or None), first + head + 1, cells[head + 1 :], _columns(cells[head])):
            before = visited.get(row.key) if isinstance(row, Visited) else None
            if isinstance(row, Unread):
                unread.append(row)
            elif before and before.said != row.said:
                unread.append(Unread(row.where, row.key, Text(f"同一件填了两次，前后不一（{before.where.get('zh')}）",
                                            f"one case filled in twice, differently ({before.where.get('en')})")))  # fmt: skip
            else:
                visited[row.key] = row
    if not anything:
        raise UsageError(
            Text("这不是抽样名单：没有一张表有“键”“复查结果”“抽样”三列", "no list of a sample: no sheet has the columns key, found and sample"),
            where=Place(path.name), fix=Text("填 planning-check sample -o 写出的名单", "fill in the list that planning-check sample -o wrote"),
        )  # fmt: skip
    twice = {one.raw for one in unread}
    return [row for key, row in visited.items() if key not in twice], unread, digest([path])


def _columns(row: Sequence[str]) -> dict[str, int]:
    return {name: at for at, cell in reversed(list(enumerate(row))) if (name := _HEADS.get(plain(cell)))}


def _rows(
    sheet: Place, first: int, cells: Sequence[Sequence[str]], columns: Mapping[str, int]
) -> Iterator[Visited | Unread]:  # fmt: skip
    for number, row in enumerate(cells, first):
        told = {name: "" if at >= len(row) or is_blank(row[at]) else row[at].strip() for name, at in columns.items()}
        filled = {name: told[name] for name in _FILLED if told.get(name)}
        if not filled:
            continue
        read: dict[str, str] = {}
        wrong: Unread | None = None
        for name, how in (("key", key_of), ("found", _found), ("visited_on", day_of)):
            try:
                read |= {name: how(told.get(name, ""))} if name == "key" or name in filled else {}
            except NotRead as error:
                place = Place(sheet.file, sheet.sheet, number, letters(columns.get(name, 0)))
                wrong = wrong or Unread(place, told.get(name, ""), error.why)
        key = read.pop("key", "")
        yield wrong or Visited(key, told["sample"], Place(sheet.file, sheet.sheet, number), filled | read)


def _found(text: str) -> str:
    """What a visit found, by its code. Raises NotRead."""
    words = {plain(word): code for code, label in REVISITS.items() for word in (code, label.zh, label.en)}
    code = words.get(plain(text))
    if code is None:
        known = Text("、".join(label.zh for label in REVISITS.values()), ", ".join(label.en for label in REVISITS.values()))
        raise NotRead(f"不认得，可填：{known.zh}", f"not one of: {known.en}")
    return code
