"""What visits to a sample of cases found: the list that ``sample`` wrote, filled in by hand, read by heads and keys alone."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from planning_check.cases import REVISIT, REVISITS
from planning_check.errors import Place, Text, UsageError
from planning_check.ingest.delivery import digest
from planning_check.ingest.headers import letters
from planning_check.ingest.kinds import kind_of
from planning_check.ingest.meeting import Unread
from planning_check.ingest.plain import is_blank, plain
from planning_check.ingest.problems import CATALOGUE
from planning_check.ingest.readers import read_sheets
from planning_check.ingest.sheets import FileProblem

_HEAD_ROWS = 20
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]0?0:00(?::00)?)?")
_KEY = re.compile(r"[0-9a-f]{16}")
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
    try:
        for sheet in read_sheets(path, kind_of(path), meetings=True):
            cells = [list(row) for row in sheet.rows]
            head = next((n for n, row in enumerate(cells[:_HEAD_ROWS]) if {"key", "sample", "found"} <= set(_columns(row))), None)
            if head is None:
                continue
            anything = True
            place = Place(path.name, sheet.name or None)
            for row in _rows(place, sheet.first_row + head + 1, cells[head + 1 :], _columns(cells[head])):
                before = visited.get(row.key) if isinstance(row, Visited) else None
                if isinstance(row, Unread):
                    unread.append(row)
                elif before and before.said != row.said:
                    unread.append(Unread(row.where, row.key, Text(f"同一件填了两次，前后不一（{before.where.get('zh')}）",
                                                f"one case filled in twice, differently ({before.where.get('en')})")))  # fmt: skip
                else:
                    visited[row.key] = row
    except FileProblem as problem:
        told = CATALOGUE[problem.code]
        what = Text(told.what.zh.replace("{detail}", problem.detail.zh), told.what.en.replace("{detail}", problem.detail.en))
        raise UsageError(what, where=Place(path.name), fix=told.fix) from problem
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
        said, wrong = _said(filled)
        if not _KEY.fullmatch(told["key"].lower()):
            wrong = ("key", Text("这一行填了，但没有键（或键已损坏）", "filled in, but without its key, or with a damaged one"))
        if wrong:
            name, why = wrong
            yield Unread(Place(sheet.file, sheet.sheet, number, letters(columns.get(name, 0))), told.get(name, ""), why)
        else:
            yield Visited(told["key"].lower(), told["sample"], Place(sheet.file, sheet.sheet, number), said)


def _said(filled: Mapping[str, str]) -> tuple[dict[str, str], tuple[str, Text] | None]:
    """What a row says, and the first of its cells that cannot be read."""
    said = dict(filled)
    if "found" in filled:
        words = {plain(word): code for code, label in REVISITS.items() for word in (code, label.zh, label.en)}
        code = words.get(plain(filled["found"]))
        if code is None:
            known = Text("、".join(label.zh for label in REVISITS.values()), ", ".join(label.en for label in REVISITS.values()))
            return said, ("found", Text(f"不认得，可填：{known.zh}", f"not one of: {known.en}"))
        said["found"] = code
    if "visited_on" in filled:
        day = _day(filled["visited_on"])
        if day is None:
            return said, ("visited_on", Text("不是日期，写成 2011-06-30", "no day: write it as 2011-06-30"))
        said["visited_on"] = day
    return said, None


def _day(text: str) -> str | None:
    found = _DAY.fullmatch(re.sub(r"\s*([-/.年月])\s*", r"\1", text))
    try:
        return dt.date(*map(int, found.groups())).isoformat() if found else None
    except ValueError:
        return None
