"""What changed since the run before, as a sheet of the meeting's workbook, or as a workbook of its own."""

from __future__ import annotations

from planning_check.errors import Text
from planning_check.record.causes import KINDS
from planning_check.record.changes import Differing
from planning_check.report.told.cities import cities_of
from planning_check.report.told.differing import (
    alone_line,
    by_kind,
    cause_line,
    counts_line,
    evidence_lines,
    judged_line,
    judged_text,
    lost_lines,
    things_lines,
)
from planning_check.report.told.pack import Pack
from planning_check.report.workbook.alone import alone
from planning_check.report.workbook.book import MOST_ROWS, Book, Column
from planning_check.report.workbook.lists import finish
from planning_check.words import LISTS, label

_NAME = Text("变化", "Changes")


def write_changes(book: Book, pack: Pack) -> None:
    """The sheet; none for the first run of a series."""
    if pack.changes is not None:
        _write(book, pack.changes)


def write_alone(found: Differing, lang: str) -> bytes:
    """A workbook with that sheet alone."""
    run = found.after
    title = run.title.get(lang) if run.title else run.series
    return alone(title, run.digest, run.as_of, lang, lambda book: _write(book, found), cities_of(run.manifest))


def _write(book: Book, found: Differing) -> None:
    say, lang = book.say, book.lang
    columns = [
        Column(say("变化", "change"), 10), Column(say("名单", "list"), 12), Column(say("规则", "rule"), 7, "code"),
        Column(say("编号", "id"), 14, "code"), Column(say("名称", "name"), 18), *book.city(), Column(say("区县", "district"), 9),
        Column(say("原结论", "before"), 20), Column(say("现结论", "now"), 20), Column(say("原因", "cause"), 20),
        Column(say("依据：哪一格、哪一条", "evidence: which cell, which rule"), 44),
        Column(say("键", "key"), 18, "code", printed=False),
    ]  # fmt: skip
    sheet = book.sheet(_NAME.get(lang), columns, heading=2)
    one, other = found.before, found.after
    between = Text(f"截至 {one.as_of} 的检查 → 截至 {other.as_of} 的检查", f"The check as of {one.as_of} → the check as of {other.as_of}")
    told = [between, counts_line(found), *things_lines(found.things), *lost_lines(found), judged_line(found)]
    sheet.title(say("与上一次检查相比", "Since the run before"), Text("。", ". ").get(lang).join(text.get(lang) for text in told))
    sheet.heads()
    first = sheet.row
    changes = [change for some in by_kind(found.changes).values() for change in some]
    for change in changes[:MOST_ROWS]:
        named = change.named
        lines = [text for text in (alone_line(change), *evidence_lines(change)) if text]
        sheet.line([
            label(KINDS, change.kind, lang), label(LISTS, named.list, lang), named.rule_id, named.subject_key, named.subject_name,
            *book.city_of(named.district_code), named.district_name, judged_text(change.before).get(lang),
            judged_text(change.after).get(lang), cause_line(change).get(lang),
            "\n".join(text.get(lang) for text in lines), named.fingerprint,
        ])  # fmt: skip
    finish(
        book, sheet, first, len(changes), len(columns), rest=say("planning-check diff -o 变化.csv", "planning-check diff -o changes.csv")
    )
