"""What falls due laid out for a console, and as rows for programs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from planning_check.errors import Text, speaking
from planning_check.report.console.layout import WIDTH, Paint, plain, table, wrap
from planning_check.report.tables.exports import BOM, csv_row
from planning_check.report.told.due import STATES, Due, Falling, days_span
from planning_check.report.told.numbers import number
from planning_check.words import BUREAUS, DUE, UNKNOWN, label

_NAMES = (
    "bureau",
    "state",
    "kind",
    "key",
    "name",
    "number",
    "yuan",
    "first",
    "last",
    "days_left",
    "workdays_left",
    "source_zh",
    "source_en",
)


def due_page(found: Falling, lang: str, *, paint: Paint = plain) -> list[str]:
    """A part a bureau: overdue first, then by day, what has no known day last; under each line where its day is told."""
    say = speaking(lang)
    lines = [paint(say(f"期限　{found.on} 起 {found.within} 天（第 {found.run_id} 次检查，{found.series}）",
                       f"What falls due within {found.within} days of {found.on} (run {found.run_id}, {found.series})"),
                   "title")]  # fmt: skip
    for note in found.notes:
        lines += [paint(line, "alarm") for line in wrap(note.get(lang), WIDTH)]
    for bureau in BUREAUS:
        if dues := found.of(bureau):
            lines += ["", paint(_head(bureau, dues, found, lang), "head"), *_rows(dues, found, lang, paint)]
    if not found.dues:
        lines += ["", say("没有到期的", "Nothing falls due")]
    lines += [""]
    if found.later:
        lines += [say(f"{found.within} 天之后的 {number(found.later)} 件没有列出（--within）",
                      f"{number(found.later)} after {found.within} days are not listed (--within)")]  # fmt: skip
    if years := ", ".join(map(str, found.unknown_years)):
        lines += wrap(say(f"工作日一栏的 ?：不知道 {years} 年的节假日（planning-check doctor）",
                          f"? among working days: the holidays of {years} are not known (planning-check doctor)"), WIDTH)  # fmt: skip
    return lines


def _head(bureau: str, dues: list[Due], found: Falling, lang: str) -> str:
    counts = [(word, sum(due.state(found.on) == state for due in dues)) for state, word in STATES.items()]
    told = Text("，", ", ").get(lang).join(f"{word.get(lang)} {n}" for word, n in counts if n)
    return f"{label(BUREAUS, bureau, lang)}{Text('：', ': ').get(lang)}{told}"


def _rows(dues: list[Due], found: Falling, lang: str, paint: Paint) -> Iterator[str]:
    heads = Text("期限|还有 天|工作日|事项|编号|名称|元", "day|days|working|what|id|name|yuan").get(lang)
    head, *rows = table(heads.split("|"), [_row(due, found, lang) for due in dues], numbers=(1, 2, 6), paint=paint)
    yield head
    for due, row in zip(dues, rows, strict=True):
        yield paint(row, "alarm") if due.state(found.on) == "overdue" else row
        told = Text("；", "; ").get(lang).join(part for part in (due.number, due.source.get(lang)) if part)
        yield from (paint(line, "dim") for line in wrap(told, WIDTH, indent=" " * 6, hanging=" " * 8))


def _row(due: Due, found: Falling, lang: str) -> list[str]:
    days, workdays = due.days(found.on), due.workdays(found.on, found.table)
    no_holidays, unknown = "?" if days is not None else "", UNKNOWN.get(lang)
    return [
        days_span(due) or unknown, "" if days is None else number(days),
        no_holidays if workdays is None else number(workdays), DUE[due.kind][0].get(lang), due.key, due.name,
        unknown if due.sum_unknown else number(due.yuan),
    ]  # fmt: skip


def _record(due: Due, found: Falling) -> dict[str, Any]:
    values = (
        due.bureau, due.state(found.on), due.kind, due.key, due.name, due.number, due.yuan, due.first, due.last, due.days(found.on),
        due.workdays(found.on, found.table), due.source.zh, due.source.en,
    )  # fmt: skip
    return dict(zip(_NAMES, values, strict=True))


def due_csv(found: Falling) -> Iterator[str]:
    """A line a thing; days left are empty where they are not known."""
    yield BOM + csv_row(_NAMES)
    for due in found.dues:
        yield csv_row(_record(due, found).values())


def due_json(found: Falling) -> Iterator[str]:
    """The same with the day, how far it looks, and what could not be looked at."""
    told = {
        "run": found.run_id, "series": found.series, "on": found.on, "within_days": found.within, "later": found.later,
        "notes": [{"zh": note.zh, "en": note.en} for note in found.notes], "due": [_record(due, found) for due in found.dues],
    }  # fmt: skip
    yield json.dumps(told, ensure_ascii=False, indent=2, default=str) + "\n"
