"""The workbook of a joint meeting (or a CSV) as people filled it in: decisions by the key of their row, wherever it was moved to.

Read by heads and keys alone, so that sorting, filtering, hiding and moving columns change nothing; every cell that cannot be read is named
with the reason, and takes nothing of its row with it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from planning_check.cases import BOOK_FORMAT, COVER_DIGEST, FIELDS, KEY, KEYS_SHEET
from planning_check.errors import Place, Text, UsageError
from planning_check.ingest.delivery import digest
from planning_check.ingest.headers import letters
from planning_check.ingest.kinds import Kind, kind_of
from planning_check.ingest.plain import is_blank, plain
from planning_check.ingest.problems import CATALOGUE
from planning_check.ingest.readers import read_sheets
from planning_check.ingest.sheets import FileProblem
from planning_check.schema import CONCLUSIONS
from planning_check.words import BUREAUS, PAPERS

_HEAD_ROWS = 20
_BUREAUS = tuple(code for code in BUREAUS if code != "ordinance")
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T]0?0:00(?::00)?)?")
#: A number of working days from the meeting's day; and of days of which it is not said which they are.
_WORKDAYS = re.compile(r"(?:会后)?(\d{1,3})(?:个)?(?:工作日|workingdays?|workdays?|businessdays?)(?:内|以内|之内)?")
_DAYS = re.compile(r"(?:会后)?\d{1,3}(?:个)?(?:日|天|自然日|日历日|days?|calendardays?)(?:内|以内|之内)?")
_MONEY = re.compile(r"(?:人民币|¥|￥|rmb|cny)?(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(万元|万|元|yuan)?")
_KEY = re.compile(r"[0-9a-f]{16}")
_PARTS = re.compile(r"[、，,;；/\s]+")


@dataclass(frozen=True)
class Unread:
    """One cell that cannot be read, and why."""

    where: Place
    raw: str
    why: Text


@dataclass(frozen=True)
class Row:
    """What was filled in beside one key: ``said``, by the names of ``cases.FIELDS`` (days and sums as text: 2011-08-04, 800000.00; a
    deadline told in working days after the meeting as their number), and where each of it stands."""

    key: str
    where: Place
    said: Mapping[str, Any]
    places: Mapping[str, Place]


@dataclass(frozen=True)
class Filled:
    """A filled workbook. ``keys``: what its hidden sheet, else its cover, says of the check that it is of, {} for neither;
    ``rows``: those with something filled in, once a key."""

    file: str
    sha256: str
    keys: Mapping[str, str]
    rows: Sequence[Row]
    unread: Sequence[Unread]
    has_keys: bool = field(default=True)


def read_meeting(path: Path) -> Filled:
    """Read it. Raises UsageError where the file cannot be read, or has no sheet with keys and something to fill in."""
    sheets = sheets_of(path)
    hidden = next((_pairs(rows) for name, _, rows in sheets if name == KEYS_SHEET), None)
    keys = hidden if hidden is not None else next((said for _, _, rows in sheets if (said := _of_cover(rows))), {})
    rows: list[Row] = []
    unread: list[Unread] = []
    anything = False
    for name, first, cells in sheets:
        head = _head(cells)
        if name == KEYS_SHEET or head is None:
            continue
        anything = True
        for row in _rows(Place(path.name, name or None), first, cells, *head):
            if isinstance(row, Unread):
                unread.append(row)
            else:
                rows.append(row)
    if not anything:
        meeting, annex = PAPERS["meeting"], PAPERS["annex"]
        raise UsageError(
            Text("这不是联席会议的工作簿：没有一张表既有“键”列又有会议要填的列",
                 "no workbook of a joint meeting: no sheet has a column 'key' and one to fill in"),
            where=Place(path.name),
            fix=Text(f"用 planning-check report 写出的 {meeting.zh}、{annex.zh}，或带“键”“会议结论”两列的 CSV",
                     f"take {meeting.en} or {annex.en} as planning-check report wrote them, or a CSV with the columns key and conclusion"),
        )  # fmt: skip
    return Filled(path.name, digest([path]), keys, *_once(rows, unread), bool(keys))


def sheets_of(path: Path) -> list[tuple[str, int, list[list[str]]]]:
    """Every sheet of a workbook, or the one of a CSV: its name, the number of its first row, its cells. Raises UsageError."""
    try:
        return [(sheet.name, sheet.first_row, [list(row) for row in sheet.rows]) for sheet in read_sheets(path, _kind(path), meetings=True)]
    except FileProblem as problem:
        told = CATALOGUE[problem.code]
        what = Text(told.what.zh.replace("{detail}", problem.detail.zh), told.what.en.replace("{detail}", problem.detail.en))
        raise UsageError(what, where=Place(path.name), fix=told.fix) from problem


def typed_row(key: str, said: Mapping[str, Any]) -> tuple[Row, list[Unread]]:
    """The same of one case whose decision is typed on the command line."""
    row, places, unread = {}, {}, []
    for name, text in said.items():
        if text is None:
            continue
        place = Place(FIELDS[name].label.zh)
        try:
            row[name], places[name] = _value(name, str(text).strip()), place
        except NotRead as error:
            unread.append(Unread(place, str(text), error.why))
    return Row(key.strip().lower(), Place("--case"), row, places), unread


def is_meeting(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first rows of a sheet are those of a meeting's workbook: heads of the key, and of the rule or the conclusion."""
    return any(heads & _KEYS and heads & _BESIDE_IT for row in rows[:_HEAD_ROWS] for heads in [{plain(cell) for cell in row}])


def is_cover(rows: Sequence[Sequence[str]]) -> bool:
    """Whether they are those of the cover of a meeting's workbook: every sheet behind it is the meeting's, whatever its heads."""
    return bool(_of_cover(rows))


def _kind(path: Path) -> Kind:
    kind = kind_of(path)
    if kind.by != "sheets":
        raise FileProblem("unsupported_file", kind.label)
    return kind


def _pairs(rows: Sequence[Sequence[str]]) -> dict[str, str]:
    return {row[0]: row[1] for row in rows if len(row) > 1 and row[0]}


def _of_cover(rows: Sequence[Sequence[str]]) -> dict[str, str]:
    """The same from the cover, where the hidden sheet was lost: the digest that is printed there, the day and the title."""
    told = [[cell.strip() for cell in row if not is_blank(cell)] for row in rows[:_HEAD_ROWS]]
    digests = [row[1] for row in told if len(row) > 1 and row[0] in (COVER_DIGEST.zh, COVER_DIGEST.en)]
    if not digests:
        return {}
    cells = [cell for row in told for cell in row]
    day = next((cell for cell in cells if _DAY.fullmatch(cell)), "")
    return {"format": BOOK_FORMAT, "digest": digests[0], "series": cells[0], "as_of": day}


def _named() -> dict[str, str]:
    """A head as it is compared -> the field, or ``key``."""
    heads = {plain(word): name for name, one in FIELDS.items() for word in (one.label.zh, one.label.en, name, *one.aliases)}
    return heads | {plain(word): "key" for word in (KEY.zh, KEY.en, "fingerprint", "问题编号")}


_HEADS = _named()
_KEYS = {plain(KEY.zh), plain(KEY.en)}
_BESIDE_IT = {plain(word) for label in (FIELDS["conclusion"].label, Text("规则", "rule")) for word in (label.zh, label.en)}


def _head(rows: Sequence[Sequence[str]]) -> tuple[int, dict[str, int]] | None:
    """The row of heads, and the columns of the key and of what is filled in."""
    for number, row in enumerate(rows[:_HEAD_ROWS]):
        found = {name: at for at, cell in reversed(list(enumerate(row))) if (name := _HEADS.get(plain(cell)))}
        if "key" in found and len(found) > 1:
            return number, found
    return None


def _rows(sheet: Place, first: int, cells: Sequence[Sequence[str]], head: int, columns: Mapping[str, int]) -> Iterator[Row | Unread]:
    for number, row in enumerate(cells[head + 1 :], first + head + 1):
        filled = {name: row[at].strip() for name, at in columns.items() if name != "key" and at < len(row) and not is_blank(row[at])}
        if not filled:
            continue
        key = row[columns["key"]].strip().lower() if columns["key"] < len(row) else ""
        where = Place(sheet.file, sheet.sheet, number)
        if not _KEY.fullmatch(key):
            told = "；".join(f"{FIELDS[name].label.zh}：{text}" for name, text in filled.items())
            why = Text(
                "这一行填了，但没有键（或键已损坏），不知道是哪一件",
                "filled in, but without its key, or with a damaged one: whose row is it?",
            )
            yield Unread(Place(sheet.file, sheet.sheet, number, letters(columns["key"])), told, why)
            continue
        said: dict[str, Any] = {}
        places: dict[str, Place] = {}
        for name, text in filled.items():
            place = Place(sheet.file, sheet.sheet, number, letters(columns[name]))
            try:
                said[name] = _value(name, text)
                places[name] = place
            except NotRead as error:
                yield Unread(place, text, error.why)
        if "conclusion" in said or "conclusion" not in filled:  # one that cannot be read is told, and decides nothing
            yield Row(key, where, said, places)


def _once(rows: Sequence[Row], unread: list[Unread]) -> tuple[list[Row], list[Unread]]:
    """A case that stands on two sheets: what either says, and what they say differently of it is unread."""
    by_key: dict[str, list[Row]] = {}
    for row in rows:
        by_key.setdefault(row.key, []).append(row)
    once = []
    for key, of_key in by_key.items():
        said: dict[str, Any] = {}
        places: dict[str, Place] = {}
        names = {name for row in of_key for name in row.said}
        apart = {name for name in names if len({str(row.said[name]) for row in of_key if name in row.said}) > 1}
        for name in sorted(apart):
            told = [row for row in of_key if name in row.said]
            where = Text("、".join(row.places[name].get("zh") for row in told), ", ".join(row.places[name].get("en") for row in told))
            unread.append(Unread(told[-1].places[name], str(told[-1].said[name]),
                                 Text(f"同一件在几处填得不一样：{where.zh}", f"one case, told differently in several places: {where.en}")))  # fmt: skip
        for row in of_key:
            said |= {name: value for name, value in row.said.items() if name not in apart}
            places |= row.places
        once.append(Row(key, of_key[0].where, {} if "conclusion" in apart else said, places))
    return [row for row in once if row.said], unread


class NotRead(ValueError):
    """A cell that cannot be read; ``why`` says so."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.why = Text(zh, en)


def _value(name: str, text: str) -> Any:
    """What a cell says, as it is kept. Raises NotRead with the reason."""
    one = FIELDS[name]
    if one.kind == "choice":
        return _chosen(name, text)
    if one.kind == "bureau":
        return _bureau(text)
    if one.kind == "bureaus":
        every = plain(text) in ("四部门", "四部门会签", "all", "allfour")
        return sorted(_BUREAUS if every else {_bureau(part) for part in _PARTS.split(text) if part})
    if one.kind == "day":
        return _deadline(text) if name == "due_on" else day_of(text)
    return _money(text) if one.kind == "money" else text


def _chosen(name: str, text: str) -> str:
    one = FIELDS[name]
    words = {plain(word): code for code, label in one.choices.items() for word in (code, label.zh, label.en)}
    if name == "conclusion":
        words |= {plain(word): choice.code for choice in CONCLUSIONS for word in choice.aliases}
    found = words.get(plain(text))
    if found is None:
        known = Text("、".join(label.zh for label in one.choices.values()), ", ".join(label.en for label in one.choices.values()))
        raise NotRead(f"不认得，可填：{known.zh}", f"not one of: {known.en}")
    return found


def _bureau(text: str) -> str:
    word = plain(text)
    for code in _BUREAUS:
        label = BUREAUS[code]
        if word in (plain(code), plain(label.en)) or word.startswith(plain(label.zh)):
            return code
    raise NotRead("不认得的部门，可填：" + "、".join(BUREAUS[code].zh for code in _BUREAUS),
                   "not one of the bureaus: " + ", ".join(BUREAUS[code].en for code in _BUREAUS))  # fmt: skip


def _deadline(text: str) -> str | int:
    """A day, or how many working days after the meeting."""
    word = plain(text).removeprefix("within")
    if found := _WORKDAYS.fullmatch(word):
        return int(found[1]) or _no_day()
    if _DAYS.fullmatch(word):
        raise NotRead("是工作日还是日历日？写成日期，或“15个工作日”", "which days are meant? Write a day, or '15 working days'")
    return day_of(text)


def key_of(text: str) -> str:
    """A case's key as it is kept. Raises NotRead."""
    key = text.strip().lower()
    if not _KEY.fullmatch(key):
        raise NotRead("没有键，或键已损坏，不知道是哪一件", "no key, or a damaged one: which case is it?")
    return key


def day_of(text: str) -> str:
    """A day as it is kept, 2011-06-30. Raises NotRead."""
    found = _DAY.fullmatch(text)
    try:
        return dt.date(*map(int, found.groups())).isoformat() if found else _no_day()
    except ValueError:
        return _no_day()


def _no_day() -> str:
    raise NotRead("不是日期，写成 2011-06-30", "no day: write it as 2011-06-30")


def _money(text: str) -> str:
    """Yuan to 0.01, exactly."""
    found = _MONEY.fullmatch(plain(text))
    if found is None:
        raise NotRead("不是金额，写成 800000 或 80万元", "no sum of yuan: write it as 800000")
    try:
        yuan = Decimal(found[1].replace(",", "") + (found[2] or "")) * (10_000 if (found[3] or "").startswith("万") else 1)
        if yuan != yuan.quantize(Decimal("0.01")) or yuan >= Decimal(10) ** 15:
            raise InvalidOperation
    except InvalidOperation:
        raise NotRead("金额应精确到分，且不大于一千万亿元", "a sum goes to the fen, and below 10^15 yuan") from None
    return f"{yuan:.2f}"
